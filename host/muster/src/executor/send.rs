//! Sending: one call, one request, one answer. The only place that holds the writing half of the client.

use std::collections::{BTreeMap, BTreeSet};

use muster_core::directory::{HeldAs, ItemRef};
use muster_core::facts::Facts;
use muster_core::lower::{Move, Operation, People};
use muster_core::proposal::StepNumber;
use muster_core::run::StepAnswer;
use muster_procore::{Error, ErrorKind, RfiPeople, Settled, Writes};

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
            Operation::DeactivateUser { user } => self.writes.deactivate_user(*user).await,
            Operation::RemoveFromProject { user, project } => {
                self.writes.remove_from_project(*user, *project).await
            }
            Operation::ChangeRfiPeople { item, moves } => {
                let moves: Vec<_> = moves.iter().copied().filter(|one| steps.contains(&one.step)).collect();
                match people(*item, &moves, live) {
                    Some(people) => self.writes.set_rfi_people(item.project, item.id, people).await,
                    None => {
                        let why = "not sent: who holds the item is not known".to_owned();
                        return each(steps, &StepAnswer::Refused { why });
                    }
                }
            }
            Operation::CloseRfi { item } => self.writes.close_rfi(item.project, item.id).await,
        };
        each(steps, &answer(result))
    }
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
        ErrorKind::Forbidden | ErrorKind::NotFound | ErrorKind::Conflict | ErrorKind::Invalid
    );
    if final_word && error.settled() == Settled::Refused {
        StepAnswer::Refused { why }
    } else {
        StepAnswer::Lost { why }
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
