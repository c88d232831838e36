//! Lowering: from what a plan wants to the calls that do it. Pure: the same plan gives the same calls.
//!
//! A call covers one or more steps. An urgent login goes first; otherwise calls keep the order of the steps.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::action::Action;
use crate::directory::{Handover, ItemRef};
use crate::id::UserId;
use crate::plan::{Plan, Step};
use crate::proposal::StepNumber;

/// The place of a call in its run, from 1.
pub type CallNumber = u32;

/// One changing request to Procore.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Call {
    /// Its place in the run, from 1.
    pub number: CallNumber,
    /// What is asked of Procore.
    pub operation: Operation,
    /// The steps that it carries out: at least one.
    pub steps: BTreeSet<StepNumber>,
}

/// What a call asks of Procore.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case", deny_unknown_fields)]
pub enum Operation {
    /// Does what one step wants, in one request.
    Act {
        /// What. A user who is still to be created is looked up when the call is made.
        action: Action,
    },
    /// Changes who holds an item. Where Procore takes only whole lists, it is what is read just before with these changes.
    ChangeHolders {
        /// Which.
        item: ItemRef,
        /// What changes, at least one.
        moves: Vec<Move>,
    },
}

/// What one step changes of who holds an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Move {
    /// The step that wants it.
    pub step: StepNumber,
    /// The change.
    pub handover: Handover,
}

/// Returns the calls of a plan in the order in which they are sent. `cut_off` is whose login can't wait.
#[must_use]
pub fn lower(plan: &Plan, cut_off: Option<UserId>) -> Vec<Call> {
    let urgent = |step: &&Step| matches!(step.action, Action::Deactivate { user } if cut_off == Some(user));
    let (first, rest): (Vec<_>, Vec<_>) = plan.content().steps.iter().partition(urgent);
    let mut calls: Vec<Call> = Vec::new();
    for step in first.into_iter().chain(rest) {
        match (calls.last_mut(), operation(step)) {
            // What changes of one item is one request, as far as the tool takes it so.
            (
                Some(Call { operation: Operation::ChangeHolders { item: last, moves }, steps, .. }),
                Operation::ChangeHolders { item, moves: more },
            ) if *last == item => {
                moves.extend(more);
                steps.insert(step.number);
            }
            (last, operation) => {
                let number = last.map_or(1, |last| last.number + 1);
                calls.push(Call { number, operation, steps: [step.number].into() });
            }
        }
    }
    calls
}

fn operation(step: &Step) -> Operation {
    match (step.action.item(), step.action.handover()) {
        (Some(item), Some(handover)) => {
            Operation::ChangeHolders { item, moves: vec![Move { step: step.number, handover }] }
        }
        _ => Operation::Act { action: step.action.clone() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::HeldAs;
    use crate::testing::{Scene, holder, item, project, user};

    #[test]
    fn an_urgent_login_goes_first_and_one_item_is_one_call() {
        let mut scene = Scene::departure(5);
        let rfi = item(70, 1, vec![holder(5, HeldAs::Assignee), holder(5, HeldAs::Manager)]);
        let hands_over = |held_as| Action::Reassign {
            item: rfi.item,
            held_as,
            holder: UserId::new(5),
            to: UserId::new(6),
        };
        scene.proposes(hands_over(HeldAs::Assignee)).proposes(hands_over(HeldAs::Manager));
        scene.removes(5, 70).deactivates(5);
        scene.knows(user(5, "Ana Diaz")).knows(user(6, "Ben Ode")).on(5, &[project(70)]).holds(5, vec![rfi]);
        let plan = scene.plan();

        let order = |cut_off| lower(&plan, cut_off).into_iter().map(|call| call.steps).collect::<Vec<_>>();
        assert_eq!(order(Some(UserId::new(5))), [BTreeSet::from([4]), [1, 2].into(), [3].into()]);
        assert_eq!(order(None), [BTreeSet::from([1, 2]), [3].into(), [4].into()]);
        assert!(lower(&plan, None).iter().zip(1..).all(|(call, number)| call.number == number));
    }
}
