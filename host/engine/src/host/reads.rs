//! Reads. What lies outside the scope of the grant is left out of lists, which say how much that is.

use muster_core::action::Subject;
use muster_core::directory::Presence;
use muster_core::function::Function;
use muster_core::id::{Email, ProjectId};
use muster_core::read::{Answer, Read};

use crate::bindings::muster::policy::types::{self, Denied};
use crate::bindings::muster::policy::{
    clock, contacts, groups, memberships, projects, templates, users, vendors,
};
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

    async fn list(&mut self, who: types::Activity) -> wasmtime::Result<Result<users::UserList, Denied>> {
        if let Err(denied) = self.allow(Function::UsersList, About::default())? {
            return Ok(Err(denied));
        }
        let who = convert::to_activity(who);
        let Answer::Users(rows) = self.ask(Read::Users { who }).await? else { return Err(unfit()) };
        let (rows, left_out) = self.reached(rows, |user| Subject::User(user.id))?;
        Ok(Ok(users::UserList { rows: rows.into_iter().map(convert::user).collect(), left_out }))
    }

    async fn is_leaving(&mut self, user: types::UserId) -> wasmtime::Result<Result<bool, Denied>> {
        let user = convert::to_user_id(user);
        if let Err(denied) = self.allow(Function::UsersIsLeaving, About::default())? {
            return Ok(Err(denied));
        }
        let Answer::Leaving(leaving) = self.ask(Read::Leaving { user }).await? else { return Err(unfit()) };
        Ok(Ok(leaving))
    }

    async fn profile(
        &mut self,
        user: types::UserId,
    ) -> wasmtime::Result<Result<Option<Vec<types::Field>>, Denied>> {
        let user = convert::to_user_id(user);
        if let Err(denied) = self.allow(Function::UsersProfile, About::person(user))? {
            return Ok(Err(denied));
        }
        let Answer::Profile(profile) = self.ask(Read::Profile { user }).await? else { return Err(unfit()) };
        Ok(Ok(profile.map(convert::fields)))
    }

    async fn invitation(
        &mut self,
        user: types::UserId,
    ) -> wasmtime::Result<Result<Option<users::Invited>, Denied>> {
        let user = convert::to_user_id(user);
        if let Err(denied) = self.allow(Function::UsersInvitation, About::person(user))? {
            return Ok(Err(denied));
        }
        let Answer::Invitation(found) = self.ask(Read::Invitation { user }).await? else {
            return Err(unfit());
        };
        Ok(Ok(found.as_ref().map(convert::invitation)))
    }
}

impl contacts::Host for State {
    async fn list(
        &mut self,
        who: types::Activity,
    ) -> wasmtime::Result<Result<contacts::ContactList, Denied>> {
        if let Err(denied) = self.allow(Function::ContactsList, About::default())? {
            return Ok(Err(denied));
        }
        let who = convert::to_activity(who);
        let Answer::Contacts(rows) = self.ask(Read::Contacts { who }).await? else { return Err(unfit()) };
        let (rows, left_out) = self.reached(rows, |contact| Subject::Contact(contact.id))?;
        let rows = rows.into_iter().map(convert::contact).collect();
        Ok(Ok(contacts::ContactList { rows, left_out }))
    }

    async fn show(
        &mut self,
        contact: types::ContactId,
    ) -> wasmtime::Result<Result<Option<contacts::Contact>, Denied>> {
        let contact = convert::to_contact_id(contact);
        if let Err(denied) = self.allow(Function::ContactsShow, About::default())? {
            return Ok(Err(denied));
        }
        let Answer::Contact(found) = self.ask(Read::Contact { contact }).await? else { return Err(unfit()) };
        Ok(Ok(found.map(convert::contact)))
    }

    async fn details(
        &mut self,
        contact: types::ContactId,
    ) -> wasmtime::Result<Result<Option<contacts::ContactDetails>, Denied>> {
        let contact = convert::to_contact_id(contact);
        let about = About::whom(Subject::Contact(contact));
        if let Err(denied) = self.allow(Function::ContactsDetails, about)? {
            return Ok(Err(denied));
        }
        let Answer::ContactDetails(found) = self.ask(Read::ContactDetails { contact }).await? else {
            return Err(unfit());
        };
        Ok(Ok(found.map(convert::contact_details)))
    }

    async fn of_project(
        &mut self,
        project: types::ProjectId,
    ) -> wasmtime::Result<Result<Option<contacts::ContactList>, Denied>> {
        let project = convert::to_project_id(project);
        if let Err(denied) = self.allow(Function::ContactsOfProject, About::project(project))? {
            return Ok(Err(denied));
        }
        let Answer::ContactsOfProject(rows) = self.ask(Read::ContactsOfProject { project }).await? else {
            return Err(unfit());
        };
        let Some(rows) = rows else { return Ok(Ok(None)) };
        let (rows, left_out) = self.reached(rows, |contact| Subject::Contact(contact.id))?;
        let rows = rows.into_iter().map(convert::contact).collect();
        Ok(Ok(Some(contacts::ContactList { rows, left_out })))
    }
}

impl vendors::Host for State {
    async fn list(
        &mut self,
        which: types::Activity,
    ) -> wasmtime::Result<Result<Vec<vendors::Vendor>, Denied>> {
        if let Err(denied) = self.allow(Function::VendorsList, About::default())? {
            return Ok(Err(denied));
        }
        let which = convert::to_activity(which);
        let Answer::Vendors(rows) = self.ask(Read::Vendors { which }).await? else { return Err(unfit()) };
        Ok(Ok(rows.into_iter().map(convert::vendor).collect()))
    }

    async fn show(
        &mut self,
        vendor: types::VendorId,
    ) -> wasmtime::Result<Result<Option<vendors::Vendor>, Denied>> {
        let vendor = convert::to_vendor_id(vendor);
        if let Err(denied) = self.allow(Function::VendorsShow, About::default())? {
            return Ok(Err(denied));
        }
        let Answer::Vendor(found) = self.ask(Read::Vendor { vendor }).await? else { return Err(unfit()) };
        Ok(Ok(found.map(convert::vendor)))
    }
}

impl groups::Host for State {
    async fn of_project(
        &mut self,
        project: types::ProjectId,
    ) -> wasmtime::Result<Result<groups::GroupList, Denied>> {
        let project = convert::to_project_id(project);
        let about = About::project(project);
        self.groups(Function::GroupsOfProject, about, Read::GroupsOfProject { project }).await
    }

    async fn of_user(&mut self, user: types::UserId) -> wasmtime::Result<Result<groups::GroupList, Denied>> {
        let user = convert::to_user_id(user);
        self.groups(Function::GroupsOfUser, About::person(user), Read::GroupsOfUser { user }).await
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

    async fn of_project(
        &mut self,
        project: types::ProjectId,
    ) -> wasmtime::Result<Result<Option<memberships::MemberList>, Denied>> {
        let project = convert::to_project_id(project);
        if let Err(denied) = self.allow(Function::MembershipsOfProject, About::project(project))? {
            return Ok(Err(denied));
        }
        let Answer::Members(rows) = self.ask(Read::Members { project }).await? else { return Err(unfit()) };
        let Some(rows) = rows else { return Ok(Ok(None)) };
        let (rows, left_out) = self.reached(rows, |member| Subject::User(member.person.id))?;
        let rows = rows.into_iter().map(convert::member).collect();
        Ok(Ok(Some(memberships::MemberList { rows, left_out })))
    }

    async fn show(
        &mut self,
        user: types::UserId,
        project: types::ProjectId,
    ) -> wasmtime::Result<Result<Option<memberships::Member>, Denied>> {
        let (user, project) = (convert::to_user_id(user), convert::to_project_id(project));
        if let Err(denied) = self.allow(Function::MembershipsShow, About::both(user, project))? {
            return Ok(Err(denied));
        }
        let Answer::Member(found) = self.ask(Read::Member { user, project }).await? else {
            return Err(unfit());
        };
        Ok(Ok(if let Presence::On(member) = found { Some(convert::member(member)) } else { None }))
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

    async fn roles(
        &mut self,
        project: types::ProjectId,
    ) -> wasmtime::Result<Result<Option<Vec<projects::ProjectRole>>, Denied>> {
        let project = convert::to_project_id(project);
        if let Err(denied) = self.allow(Function::ProjectsRoles, About::project(project))? {
            return Ok(Err(denied));
        }
        let Answer::Roles(roles) = self.ask(Read::RolesOfProject { project }).await? else {
            return Err(unfit());
        };
        Ok(Ok(roles.map(|roles| roles.into_iter().map(convert::project_role).collect())))
    }
}

impl templates::Host for State {
    async fn for_company(&mut self) -> wasmtime::Result<Result<Vec<templates::Template>, Denied>> {
        let about = About::default();
        self.templates(Function::TemplatesForCompany, about, Read::CompanyTemplates).await
    }

    async fn for_projects(&mut self) -> wasmtime::Result<Result<Vec<templates::Template>, Denied>> {
        let about = About::default();
        self.templates(Function::TemplatesForProjects, about, Read::ProjectTemplates).await
    }

    async fn for_any_project(&mut self) -> wasmtime::Result<Result<Vec<templates::Template>, Denied>> {
        let about = About::default();
        self.templates(Function::TemplatesForAnyProject, about, Read::GlobalTemplates).await
    }

    async fn assignable(
        &mut self,
        project: types::ProjectId,
    ) -> wasmtime::Result<Result<Vec<templates::Template>, Denied>> {
        let project = convert::to_project_id(project);
        let about = About::project(project);
        self.templates(Function::TemplatesAssignable, about, Read::AssignableTemplates { project }).await
    }
}

impl State {
    async fn templates(
        &mut self,
        function: Function,
        about: About,
        read: Read,
    ) -> wasmtime::Result<Result<Vec<templates::Template>, Denied>> {
        if let Err(denied) = self.allow(function, about)? {
            return Ok(Err(denied));
        }
        let Answer::Templates(templates) = self.ask(read).await? else { return Err(unfit()) };
        Ok(Ok(templates.into_iter().map(convert::template).collect()))
    }

    async fn groups(
        &mut self,
        function: Function,
        about: About,
        read: Read,
    ) -> wasmtime::Result<Result<groups::GroupList, Denied>> {
        if let Err(denied) = self.allow(function, about)? {
            return Ok(Err(denied));
        }
        let Answer::Groups(found) = self.ask(read).await? else { return Err(unfit()) };
        let (rows, left_out) = self.in_scope(found.rows, |group| group.project)?;
        let (unseen, _) = self.in_scope(found.unseen.into_iter().collect(), |project| *project)?;
        Ok(Ok(groups::GroupList {
            rows: rows.into_iter().map(convert::group).collect(),
            left_out,
            unseen: unseen.into_iter().map(convert::project_id).collect(),
        }))
    }

    /// Splits off whom the grant does not reach, and counts them.
    fn reached<T>(&self, mut rows: Vec<T>, whom: impl Fn(&T) -> Subject) -> wasmtime::Result<(Vec<T>, u32)> {
        let inputs = self.inputs()?;
        let all = rows.len();
        rows.retain(|row| inputs.grant.scope.reaches(whom(row), inputs.event.concerns()));
        let left_out = u32::try_from(all - rows.len()).unwrap_or(u32::MAX);
        Ok((rows, left_out))
    }

    /// Splits off what lies outside the scope of the grant, and counts it.
    pub(super) fn in_scope<T>(
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
pub(super) fn unfit() -> wasmtime::Error {
    wasmtime::Error::msg("an answer does not fit its read")
}
