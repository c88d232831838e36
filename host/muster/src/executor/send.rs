//! Sending: one call, one request, one answer. The only place that holds the writing half of the client.

use std::collections::{BTreeMap, BTreeSet};

use muster_core::action::Action;
use muster_core::facts::Facts;
use muster_core::lower::Operation;
use muster_core::proposal::StepNumber;
use muster_core::run::StepAnswer;
use muster_procore::{Error, ErrorKind, Settled, Writes};

use crate::exit::causes;

/// What sends.
pub(super) struct Sender {
    writes: Writes,
}

impl Sender {
    pub(super) fn new(writes: Writes) -> Self {
        Self { writes }
    }

    /// Sends a call for these of its steps, and returns what was answered for each. `live` holds a fresh answer to what
    /// proves them.
    pub(super) async fn send(
        &self,
        operation: &Operation,
        steps: &BTreeSet<StepNumber>,
        live: &Facts,
    ) -> BTreeMap<StepNumber, StepAnswer> {
        let result = match operation {
            Operation::Act { action } => match self.act(action, live).await {
                Some(result) => result,
                None => return each(steps, &not_sent()),
            },
            Operation::ChangeHolders { item, moves } => {
                let moves = moves.iter().filter(|one| steps.contains(&one.step));
                let changes: Vec<_> = moves.map(|one| one.handover).collect();
                match live.item(*item) {
                    Some(before) => self.writes.hand_over(before, &changes).await,
                    None => return each(steps, &not_sent()),
                }
            }
        };
        each(steps, &answer(result))
    }

    /// Does what one step wants. Returns nothing, and sends nothing, where something that has to be known is not.
    async fn act(&self, action: &Action, live: &Facts) -> Option<Result<(), Error>> {
        let writes = &self.writes;
        Some(match action {
            Action::CreateUser { user } => writes.create_user(user).await.map(drop),
            Action::UpdateProfile { user, fields } => writes.update_profile(*user, fields).await,
            Action::ChangeEmail { user, email } => writes.change_email(*user, email).await,
            Action::Deactivate { user } => writes.deactivate_user(*user).await,
            Action::Reactivate { user } => writes.reactivate_user(*user).await,
            Action::DeleteUser { user } => writes.delete_user(*user).await,
            Action::Invite { user } => writes.invite_user(user.known()?).await,
            Action::SetCompanyTemplate { user, template } => {
                writes.set_company_template(user.known()?, *template).await
            }
            Action::SetDefaultTemplate { user, template } => {
                writes.set_default_template(user.known()?, *template).await
            }
            Action::AddMembership { user, project, template } => {
                writes.add_to_project(user.known()?, *project, *template).await
            }
            Action::RemoveMembership { user, project } => writes.remove_from_project(*user, *project).await,
            Action::SetMembershipTemplate { user, project, template } => {
                writes.set_project_template(*user, *project, *template).await
            }
            Action::AddContact { contact, project } => {
                writes.add_contact_to_project(*contact, *project).await
            }
            Action::RemoveContact { contact, project } => {
                writes.remove_contact_from_project(*contact, *project).await
            }
            Action::DeactivateContact { contact } => {
                writes.set_contact_active(live.contact(*contact)?, false).await
            }
            Action::ReactivateContact { contact } => {
                writes.set_contact_active(live.contact(*contact)?, true).await
            }
            Action::ReactivateVendor { vendor } => writes.reactivate_vendor(*vendor).await,
            Action::LeaveGroup { user, project, group } => {
                // Procore replaces the list as a whole.
                let members = live.group(*project, *group)?.members.iter().map(|member| member.id);
                let stay: Vec<_> = members.filter(|member| member != user).collect();
                writes.set_group_members(*project, *group, &stay).await
            }
            Action::CloseItem { item } => writes.close_item(*item).await,
            // Lowered to a call that changes all roles of an item at once.
            Action::Reassign { .. } | Action::AddHolder { .. } => return None,
        })
    }
}

fn not_sent() -> StepAnswer {
    StepAnswer::Refused { why: "not sent: what it would overwrite is not known".to_owned() }
}

/// One answer for all steps of a call.
fn each(steps: &BTreeSet<StepNumber>, answer: &StepAnswer) -> BTreeMap<StepNumber, StepAnswer> {
    steps.iter().map(|step| (*step, answer.clone())).collect()
}

/// Returns what an answer means. Only Procore's final word on the change itself refuses it: a request that never left, a
/// token that could not be had or a limit say nothing about the change, and it may be sent again once it is certain that
/// nothing happened.
fn answer(result: Result<(), Error>) -> StepAnswer {
    let Err(error) = result else { return StepAnswer::Done {} };
    let why = causes(&error).join(": ");
    let final_word = matches!(
        error.kind(),
        ErrorKind::Forbidden
            | ErrorKind::NotFound
            | ErrorKind::Conflict
            | ErrorKind::Invalid
            | ErrorKind::NotOffered
    );
    if final_word && error.settled() == Settled::Refused {
        StepAnswer::Refused { why }
    } else {
        StepAnswer::Lost { why }
    }
}
