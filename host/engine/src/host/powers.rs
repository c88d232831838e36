//! Powers. Each adds a step to the proposal and changes nothing.

use muster_core::action::Action;
use muster_core::function::Function;
use muster_core::proposal::{Left, ProposedStep};

use crate::bindings::muster::policy::types::{self, Denied, Step};
use crate::bindings::muster::policy::{item_steps, items, membership_steps, user_steps};
use crate::convert;
use crate::fault::Raised;
use crate::state::{About, State};

impl user_steps::Host for State {
    fn deactivate(&mut self, user: types::UserId, reason: String) -> wasmtime::Result<Result<Step, Denied>> {
        let user = convert::to_user_id(user);
        self.propose(Function::UserStepsDeactivate, About::person(user), Action::Deactivate { user }, reason)
    }
}

impl membership_steps::Host for State {
    fn remove(
        &mut self,
        user: types::UserId,
        project: types::ProjectId,
        reason: String,
    ) -> wasmtime::Result<Result<Step, Denied>> {
        let (user, project) = (convert::to_user_id(user), convert::to_project_id(project));
        let action = Action::RemoveMembership { user, project };
        self.propose(Function::MembershipStepsRemove, About::both(user, project), action, reason)
    }
}

impl item_steps::Host for State {
    fn reassign(
        &mut self,
        item: items::ItemRef,
        held_as: items::HeldAs,
        holder: types::UserId,
        to: types::UserId,
        reason: String,
    ) -> wasmtime::Result<Result<Step, Denied>> {
        let (item, held_as) = (convert::to_item_ref(item), convert::to_held_as(held_as));
        let (holder, to) = (convert::to_user_id(holder), convert::to_user_id(to));
        let about = About::both(holder, item.project);
        self.propose(
            Function::ItemStepsReassign,
            about,
            Action::Reassign { item, held_as, holder, to },
            reason,
        )
    }

    fn close(&mut self, item: items::ItemRef, reason: String) -> wasmtime::Result<Result<Step, Denied>> {
        let item = convert::to_item_ref(item);
        // Whose item it is the guard knows: it has the item before it.
        self.propose(
            Function::ItemStepsClose,
            About::project(item.project),
            Action::CloseItem { item },
            reason,
        )
    }

    fn leave(
        &mut self,
        item: items::ItemRef,
        held_as: items::HeldAs,
        holder: types::UserId,
        reason: String,
    ) -> wasmtime::Result<Result<(), Denied>> {
        let (item, held_as) = (convert::to_item_ref(item), convert::to_held_as(held_as));
        let holder = convert::to_user_id(holder);
        if let Err(denied) = self.allow(Function::ItemStepsLeave, About::both(holder, item.project))? {
            return Ok(Err(denied));
        }
        let reason = convert::to_text(reason, "the reason why an item stays").map_err(Raised)?;
        self.leave(Left { item, held_as, holder, reason })?;
        Ok(Ok(()))
    }
}

impl State {
    fn propose(
        &mut self,
        function: Function,
        about: About,
        action: Action,
        reason: String,
    ) -> wasmtime::Result<Result<Step, Denied>> {
        if let Err(denied) = self.allow(function, about)? {
            return Ok(Err(denied));
        }
        let reason = convert::to_text(reason, "the reason of a step").map_err(Raised)?;
        let number = self.add(ProposedStep { action, reason })?;
        Ok(Ok(Step { number }))
    }
}
