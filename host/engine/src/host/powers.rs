//! Powers. Each adds a step to the proposal and changes nothing.

use muster_core::action::{Action, Subject, UserRef};
use muster_core::function::Function;
use muster_core::proposal::{Left, ProposedStep};

use crate::bindings::muster::policy::types::{self, Denied, Step};
use crate::bindings::muster::policy::{
    contact_steps, erasure, group_steps, identity_steps, item_steps, items, membership_steps, user_steps,
    vendor_steps,
};
use crate::convert;
use crate::fault::Raised;
use crate::state::{About, State, Whom};

/// The step that was added, or why it was not.
type Proposed = wasmtime::Result<Result<Step, Denied>>;

/// Whoever an earlier step creates was let through, or not, with that step.
fn about(user: UserRef) -> About {
    user.known().map_or_else(About::default, About::person)
}

impl user_steps::Host for State {
    fn create(&mut self, user: user_steps::NewUser, reason: String) -> Proposed {
        let user = convert::to_new_user(user).map_err(Raised)?;
        // Who starts by the event is its subject, also before there is a user.
        let whom = if self.inputs()?.event.brings(&user.email) { Whom::Nobody } else { Whom::Anybody };
        let about = About { whom, project: None };
        self.propose(Function::UserStepsCreate, about, Action::CreateUser { user }, reason)
    }

    fn update_profile(
        &mut self,
        user: types::UserId,
        changes: Vec<types::Field>,
        reason: String,
    ) -> Proposed {
        let user = convert::to_user_id(user);
        let fields = convert::to_fields(changes).map_err(Raised)?;
        let action = Action::UpdateProfile { user, fields };
        self.propose(Function::UserStepsUpdateProfile, About::person(user), action, reason)
    }

    fn deactivate(&mut self, user: types::UserId, reason: String) -> Proposed {
        let user = convert::to_user_id(user);
        self.propose(Function::UserStepsDeactivate, About::person(user), Action::Deactivate { user }, reason)
    }

    fn reactivate(&mut self, user: types::UserId, reason: String) -> Proposed {
        let user = convert::to_user_id(user);
        self.propose(Function::UserStepsReactivate, About::person(user), Action::Reactivate { user }, reason)
    }

    fn invite(&mut self, user: types::UserRef, reason: String) -> Proposed {
        let user = convert::to_user_ref(user);
        self.propose(Function::UserStepsInvite, about(user), Action::Invite { user }, reason)
    }

    fn set_company_template(
        &mut self,
        user: types::UserRef,
        template: types::TemplateId,
        reason: String,
    ) -> Proposed {
        let (user, template) = (convert::to_user_ref(user), convert::to_template_id(template));
        let action = Action::SetCompanyTemplate { user, template };
        self.propose(Function::UserStepsSetCompanyTemplate, about(user), action, reason)
    }

    fn set_default_template(
        &mut self,
        user: types::UserRef,
        template: types::TemplateId,
        reason: String,
    ) -> Proposed {
        let (user, template) = (convert::to_user_ref(user), convert::to_template_id(template));
        let action = Action::SetDefaultTemplate { user, template };
        self.propose(Function::UserStepsSetDefaultTemplate, about(user), action, reason)
    }
}

impl membership_steps::Host for State {
    fn add(
        &mut self,
        user: types::UserRef,
        project: types::ProjectId,
        template: Option<types::TemplateId>,
        reason: String,
    ) -> Proposed {
        let (user, project) = (convert::to_user_ref(user), convert::to_project_id(project));
        let template = template.map(convert::to_template_id);
        let about = About { project: Some(project), ..about(user) };
        let action = Action::AddMembership { user, project, template };
        self.propose(Function::MembershipStepsAdd, about, action, reason)
    }

    fn remove(&mut self, user: types::UserId, project: types::ProjectId, reason: String) -> Proposed {
        let (user, project) = (convert::to_user_id(user), convert::to_project_id(project));
        let action = Action::RemoveMembership { user, project };
        self.propose(Function::MembershipStepsRemove, About::both(user, project), action, reason)
    }

    fn set_template(
        &mut self,
        user: types::UserId,
        project: types::ProjectId,
        template: types::TemplateId,
        reason: String,
    ) -> Proposed {
        let (user, project) = (convert::to_user_id(user), convert::to_project_id(project));
        let template = convert::to_template_id(template);
        let action = Action::SetMembershipTemplate { user, project, template };
        self.propose(Function::MembershipStepsSetTemplate, About::both(user, project), action, reason)
    }

    fn add_contact(
        &mut self,
        contact: types::ContactId,
        project: types::ProjectId,
        reason: String,
    ) -> Proposed {
        let (contact, project) = (convert::to_contact_id(contact), convert::to_project_id(project));
        let about = About { project: Some(project), ..About::whom(Subject::Contact(contact)) };
        let action = Action::AddContact { contact, project };
        self.propose(Function::MembershipStepsAddContact, about, action, reason)
    }

    fn remove_contact(
        &mut self,
        contact: types::ContactId,
        project: types::ProjectId,
        reason: String,
    ) -> Proposed {
        let (contact, project) = (convert::to_contact_id(contact), convert::to_project_id(project));
        let about = About { project: Some(project), ..About::whom(Subject::Contact(contact)) };
        let action = Action::RemoveContact { contact, project };
        self.propose(Function::MembershipStepsRemoveContact, about, action, reason)
    }
}

impl contact_steps::Host for State {
    fn deactivate(&mut self, contact: types::ContactId, reason: String) -> Proposed {
        let contact = convert::to_contact_id(contact);
        let (about, action) = (About::whom(Subject::Contact(contact)), Action::DeactivateContact { contact });
        self.propose(Function::ContactStepsDeactivate, about, action, reason)
    }

    fn reactivate(&mut self, contact: types::ContactId, reason: String) -> Proposed {
        let contact = convert::to_contact_id(contact);
        let (about, action) = (About::whom(Subject::Contact(contact)), Action::ReactivateContact { contact });
        self.propose(Function::ContactStepsReactivate, about, action, reason)
    }
}

impl vendor_steps::Host for State {
    fn reactivate(&mut self, vendor: types::VendorId, reason: String) -> Proposed {
        let vendor = convert::to_vendor_id(vendor);
        let (about, action) = (About::whom(Subject::Vendor(vendor)), Action::ReactivateVendor { vendor });
        self.propose(Function::VendorStepsReactivate, about, action, reason)
    }
}

impl group_steps::Host for State {
    fn leave(
        &mut self,
        user: types::UserId,
        project: types::ProjectId,
        group: types::GroupId,
        reason: String,
    ) -> Proposed {
        let (user, project) = (convert::to_user_id(user), convert::to_project_id(project));
        let action = Action::LeaveGroup { user, project, group: convert::to_group_id(group) };
        self.propose(Function::GroupStepsLeave, About::both(user, project), action, reason)
    }
}

impl identity_steps::Host for State {
    fn change_email(&mut self, user: types::UserId, email: String, reason: String) -> Proposed {
        let user = convert::to_user_id(user);
        let email = convert::to_email(&email).map_err(Raised)?;
        let action = Action::ChangeEmail { user, email };
        self.propose(Function::IdentityStepsChangeEmail, About::person(user), action, reason)
    }
}

impl erasure::Host for State {
    fn delete_user(&mut self, user: types::UserId, reason: String) -> Proposed {
        let user = convert::to_user_id(user);
        self.propose(Function::ErasureDeleteUser, About::person(user), Action::DeleteUser { user }, reason)
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
    ) -> Proposed {
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

    fn add(
        &mut self,
        item: items::ItemRef,
        held_as: items::HeldAs,
        to: types::UserId,
        reason: String,
    ) -> Proposed {
        let (item, held_as) = (convert::to_item_ref(item), convert::to_held_as(held_as));
        let action = Action::AddHolder { item, held_as, to: convert::to_user_id(to) };
        // Whose item it is the guard knows: it has the item before it.
        self.propose(Function::ItemStepsAdd, About::project(item.project), action, reason)
    }

    fn close(&mut self, item: items::ItemRef, reason: String) -> Proposed {
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
    fn propose(&mut self, function: Function, about: About, action: Action, reason: String) -> Proposed {
        if let Err(denied) = self.allow(function, about)? {
            return Ok(Err(denied));
        }
        let reason = convert::to_text(reason, "the reason of a step").map_err(Raised)?;
        let number = self.add(ProposedStep { action, reason })?;
        Ok(Ok(Step { number }))
    }
}
