//! Reads about items.

use muster_core::function::Function;
use muster_core::id::UserId;
use muster_core::read::{Answer, HeldItems, Read};

use super::reads::unfit;
use crate::bindings::muster::policy::items;
use crate::bindings::muster::policy::types::{self, Denied};
use crate::convert;
use crate::state::{About, State};

impl items::Host for State {
    async fn held_by(
        &mut self,
        user: types::UserId,
        project: Option<types::ProjectId>,
        kinds: Vec<items::ItemKind>,
    ) -> wasmtime::Result<Result<items::ItemList, Denied>> {
        let (user, project) = (convert::to_user_id(user), project.map(convert::to_project_id));
        let about = project.map_or_else(|| About::person(user), |project| About::both(user, project));
        if let Err(denied) = self.allow(Function::ItemsHeldBy, about)? {
            return Ok(Err(denied));
        }
        let kinds = kinds.into_iter().map(convert::to_item_kind).collect();
        let Answer::Items(held) = self.ask(Read::ItemsHeldBy { user, project, kinds }).await? else {
            return Err(unfit());
        };
        Ok(Ok(self.list(held, 0)?))
    }

    async fn of_project(
        &mut self,
        project: types::ProjectId,
    ) -> wasmtime::Result<Result<items::ItemList, Denied>> {
        let project = convert::to_project_id(project);
        if let Err(denied) = self.allow(Function::ItemsOfProject, About::project(project))? {
            return Ok(Err(denied));
        }
        let Answer::Items(mut found) = self.ask(Read::ItemsOfProject { project }).await? else {
            return Err(unfit());
        };
        // What nobody whom the grant reaches holds is nobody's business.
        let inputs = self.inputs()?;
        let reaches = |user: UserId| {
            inputs.grant.scope.reaches(muster_core::action::Subject::User(user), inputs.event.concerns())
        };
        let all = found.rows.len();
        found.rows.retain(|item| item.holders.iter().any(|holder| reaches(holder.person.id)));
        let left_out = all - found.rows.len();
        Ok(Ok(self.list(found, left_out)?))
    }

    async fn show(&mut self, item: items::ItemRef) -> wasmtime::Result<Result<Option<items::Item>, Denied>> {
        let item = convert::to_item_ref(item);
        if let Err(denied) = self.allow(Function::ItemsShow, About::project(item.project))? {
            return Ok(Err(denied));
        }
        let Answer::Item(item) = self.ask(Read::Item { item }).await? else { return Err(unfit()) };
        Ok(Ok(item.map(convert::item)))
    }

    async fn candidates(
        &mut self,
        item: items::ItemRef,
        held_as: items::HeldAs,
    ) -> wasmtime::Result<Result<Vec<items::Candidate>, Denied>> {
        let item = convert::to_item_ref(item);
        if let Err(denied) = self.allow(Function::ItemsCandidates, About::project(item.project))? {
            return Ok(Err(denied));
        }
        let held_as = convert::to_held_as(held_as);
        let read = Read::Candidates { project: item.project, kind: item.kind, pool: item.pool(), held_as };
        let Answer::Candidates(found) = self.ask(read).await? else { return Err(unfit()) };
        // Who knows the item comes first, as far as the policy has seen it.
        let ranked = found.map(|found| found.rank(self.seen(item), held_as)).unwrap_or_default();
        Ok(Ok(ranked.into_iter().map(convert::candidate).collect()))
    }
}

impl State {
    fn list(&self, found: HeldItems, unreached: usize) -> wasmtime::Result<items::ItemList> {
        let (rows, left_out) = self.in_scope(found.rows, |item| item.item.project)?;
        let (unseen, _) = self.in_scope(found.unseen.into_iter().collect(), |tool| tool.project)?;
        Ok(items::ItemList {
            rows: rows.into_iter().map(convert::item).collect(),
            left_out: left_out.saturating_add(u32::try_from(unreached).unwrap_or(u32::MAX)),
            unseen: unseen.into_iter().map(convert::unseen).collect(),
        })
    }
}
