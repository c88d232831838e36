//! Sending: one call, one request, one answer. The only place that holds the writing half of the client.

use std::collections::BTreeSet;

use muster_core::directory::{HeldAs, ItemRef};
use muster_core::facts::Facts;
use muster_core::lower::{Move, Operation, People};
use muster_core::proposal::StepNumber;
use muster_core::run::StepAnswer;
use muster_procore::{RfiPeople, Writes};

use crate::exit::causes;

/// What sends.
pub(super) struct Sender {
    writes: Writes,
}

impl Sender {
    pub(super) fn new(writes: Writes) -> Self {
        Self { writes }
    }

    /// Sends a call for these of its steps. `live` holds a fresh answer to what proves them.
    pub(super) async fn send(
        &self,
        operation: &Operation,
        steps: &BTreeSet<StepNumber>,
        live: &Facts,
    ) -> StepAnswer {
        let result = match operation {
            Operation::DeactivateUser { user } => self.writes.deactivate_user(*user).await,
            Operation::RemoveFromProject { user, project } => {
                self.writes.remove_from_project(*user, *project).await
            }
            Operation::ChangeRfiPeople { item, moves } => {
                let moves: Vec<_> = moves.iter().copied().filter(|one| steps.contains(&one.step)).collect();
                let Some(people) = people(*item, &moves, live) else {
                    return StepAnswer::Refused {
                        why: "not sent: who holds the item is not known".to_owned(),
                    };
                };
                self.writes.set_rfi_people(item.project, item.id, people).await
            }
            Operation::CloseRfi { item } => self.writes.close_rfi(item.project, item.id).await,
        };
        match result {
            Ok(()) => StepAnswer::Done,
            // A final answer. Everything else is settled by reading: what never left may be tried again.
            Err(error)
                if error.status().is_some_and(|status| (400..500).contains(&status) && status != 429) =>
            {
                StepAnswer::Refused { why: causes(&error).join(": ") }
            }
            Err(error) => StepAnswer::Lost { why: causes(&error).join(": ") },
        }
    }
}

/// Returns who holds the item afterwards. Procore replaces lists as a whole, so a list that does not change is not sent.
fn people(item: ItemRef, moves: &[Move], live: &Facts) -> Option<RfiPeople> {
    let after = People::after(live.item(item)?, moves);
    let lists = moves.iter().any(|one| one.held_as != HeldAs::Manager);
    let manages = moves.iter().any(|one| one.held_as == HeldAs::Manager);
    Some(RfiPeople {
        assignees: lists.then(|| after.assignees.into_iter().collect()),
        required_assignees: lists.then(|| after.required.into_iter().collect()),
        manager: after.manager.filter(|_| manages),
    })
}
