//! Reads. What lies outside the scope of the grant is left out of lists, which say how much that is.

use muster_core::function::Function;
use muster_core::id::{Email, ProjectId};
use muster_core::read::{Answer, Read};

use crate::bindings::muster::policy::types::{self, Denied};
use crate::bindings::muster::policy::{clock, items, memberships, projects, templates, users};
use crate::convert;
use crate::state::{About, State};

impl clock::Host for State {
    fn now(&mut self) -> wasmtime::Result<Result<types::Timestamp, Denied>> {
        if let Err(denied) = self.allow(Function::ClockNow, About::default())? {
            return Ok(Err(denied));
        }
        Ok(Ok(convert::timestamp(self.inputs()?.now)))
    }
}

impl users::Host for State {
    async fn show(&mut self, user: types::UserId) -> wasmtime::Result<Result<Option<users::User>, Denied>> {
        let user = convert::to_user_id(user);
        if let Err(denied) = self.allow(Function::UsersShow, About::default())? {
            return Ok(Err(denied));
        }
        let Answer::User(user) = self.ask(Read::User { user }).await? else { return Err(unfit()) };
        Ok(Ok(user.map(convert::user)))
    }

    async fn find_by_email(&mut self, email: String) -> wasmtime::Result<Result<Vec<users::User>, Denied>> {
        if let Err(denied) = self.allow(Function::UsersFindByEmail, About::default())? {
            return Ok(Err(denied));
        }
        // Nobody has an address that can't be one; Procore's search would answer with somebody else.
        let Ok(email) = email.parse::<Email>() else { return Ok(Ok(Vec::new())) };
        let Answer::Users(users) = self.ask(Read::UsersByEmail { email }).await? else { return Err(unfit()) };
        Ok(Ok(users.into_iter().map(convert::user).collect()))
    }
}

impl memberships::Host for State {
    async fn of_user(
        &mut self,
        user: types::UserId,
    ) -> wasmtime::Result<Result<memberships::MembershipList, Denied>> {
        let user = convert::to_user_id(user);
        if let Err(denied) = self.allow(Function::MembershipsOfUser, About::person(user))? {
            return Ok(Err(denied));
        }
        let Answer::Memberships(rows) = self.ask(Read::Memberships { user }).await? else {
            return Err(unfit());
        };
        let (rows, left_out) = self.in_scope(rows, |membership| membership.project)?;
        let rows = rows.into_iter().map(convert::membership).collect();
        Ok(Ok(memberships::MembershipList { rows, left_out }))
    }
}

impl projects::Host for State {
    async fn show(
        &mut self,
        project: types::ProjectId,
    ) -> wasmtime::Result<Result<Option<projects::Project>, Denied>> {
        let project = convert::to_project_id(project);
        if let Err(denied) = self.allow(Function::ProjectsShow, About::project(project))? {
            return Ok(Err(denied));
        }
        let Answer::Project(project) = self.ask(Read::Project { project }).await? else {
            return Err(unfit());
        };
        Ok(Ok(project.map(convert::project)))
    }

    async fn active(&mut self) -> wasmtime::Result<Result<projects::ProjectList, Denied>> {
        if let Err(denied) = self.allow(Function::ProjectsActive, About::default())? {
            return Ok(Err(denied));
        }
        let Answer::Projects(rows) = self.ask(Read::ActiveProjects).await? else { return Err(unfit()) };
        let (rows, left_out) = self.in_scope(rows, |project| project.id)?;
        Ok(Ok(projects::ProjectList { rows: rows.into_iter().map(convert::project).collect(), left_out }))
    }
}

impl templates::Host for State {
    async fn for_company(&mut self) -> wasmtime::Result<Result<Vec<templates::Template>, Denied>> {
        self.templates(Function::TemplatesForCompany, Read::CompanyTemplates).await
    }

    async fn for_projects(&mut self) -> wasmtime::Result<Result<Vec<templates::Template>, Denied>> {
        self.templates(Function::TemplatesForProjects, Read::ProjectTemplates).await
    }
}

impl items::Host for State {
    async fn held_by(&mut self, user: types::UserId) -> wasmtime::Result<Result<items::ItemList, Denied>> {
        let user = convert::to_user_id(user);
        if let Err(denied) = self.allow(Function::ItemsHeldBy, About::person(user))? {
            return Ok(Err(denied));
        }
        let Answer::Items(held) = self.ask(Read::ItemsHeldBy { user }).await? else { return Err(unfit()) };
        let (rows, left_out) = self.in_scope(held.rows, |item| item.item.project)?;
        let (unseen, _) = self.in_scope(held.unseen.into_iter().collect(), |project| *project)?;
        Ok(Ok(items::ItemList {
            rows: rows.into_iter().map(convert::item).collect(),
            left_out,
            unseen: unseen.into_iter().map(|project| types::ProjectId { value: project.get() }).collect(),
        }))
    }

    async fn candidates(
        &mut self,
        item: items::ItemRef,
        held_as: items::HeldAs,
    ) -> wasmtime::Result<Result<Vec<types::Person>, Denied>> {
        let item = convert::to_item_ref(item);
        if let Err(denied) = self.allow(Function::ItemsCandidates, About::project(item.project))? {
            return Ok(Err(denied));
        }
        let held_as = convert::to_held_as(held_as);
        let read = Read::Candidates { project: item.project, kind: item.kind, held_as };
        let Answer::Candidates(people) = self.ask(read).await? else { return Err(unfit()) };
        Ok(Ok(people.unwrap_or_default().into_iter().map(convert::person).collect()))
    }
}

impl State {
    async fn templates(
        &mut self,
        function: Function,
        read: Read,
    ) -> wasmtime::Result<Result<Vec<templates::Template>, Denied>> {
        if let Err(denied) = self.allow(function, About::default())? {
            return Ok(Err(denied));
        }
        let Answer::Templates(templates) = self.ask(read).await? else { return Err(unfit()) };
        Ok(Ok(templates.into_iter().map(convert::template).collect()))
    }

    /// Splits off what lies outside the scope of the grant, and counts it.
    fn in_scope<T>(
        &self,
        mut rows: Vec<T>,
        project: impl Fn(&T) -> ProjectId,
    ) -> wasmtime::Result<(Vec<T>, u32)> {
        let scope = &self.inputs()?.grant.scope;
        let all = rows.len();
        rows.retain(|row| scope.includes(project(row)));
        let left_out = u32::try_from(all - rows.len()).unwrap_or(u32::MAX);
        Ok((rows, left_out))
    }
}

/// [`State::ask`] has made sure that answers fit; this keeps the compiler's peace without a panic.
fn unfit() -> wasmtime::Error {
    wasmtime::Error::msg("an answer does not fit its read")
}
