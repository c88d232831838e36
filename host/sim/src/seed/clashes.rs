//! The coordination issues: what collides in the models, and whom it went through.

use crate::company::{
    Company, CoordinationIssue, ISSUE_PRIORITIES, ISSUE_TYPES, IssueStatus, NewCoordinationIssue, Tool,
};
use crate::dice::Dice;

use super::Seed;
use super::pool::{Age, Pool, spread, title};

const TITLES: &[&str] = &[
    "Duct against beam at grid {g}, level {l}",
    "Pipe against cable tray at level {l}",
    "Sprinkler main through opening at grid {g}",
    "No clearance above ceiling, room {r}",
    "Conduit through shear wall at grid {g}",
    "Storm line against footing at grid {g}",
    "Equipment does not fit, room {r}",
    "Access to valve blocked, room {r}",
    "Column moved at grid {g}, level {l}",
];

/// Adds a coordination issue for four RFIs.
pub(super) fn add(company: &mut Company, dice: &mut Dice, seed: &Seed) {
    spread(company, dice, Tool::CoordinationIssues, seed.rfis.div_ceil(4), make);
}

fn make(company: &mut Company, dice: &mut Dice, pool: &Pool, age: Age) {
    let status = match dice.below(100) {
        0..40 => IssueStatus::Open,
        40..50 => IssueStatus::InProgress,
        50..54 => IssueStatus::Blocked,
        54..57 => IssueStatus::Unblocked,
        57..65 => IssueStatus::ReadyForReview,
        65..96 => IssueStatus::Closed,
        _ => IssueStatus::MovedToObservation,
    };
    let new = NewCoordinationIssue {
        project: pool.project,
        title: title(dice, TITLES),
        status,
        assignee: pool.one(dice).filter(|_| dice.percent(95)),
    };
    let Ok(id) = company.add_coordination_issue(new) else { return };
    let Some(mut issue) = company.item::<CoordinationIssue>(id).cloned() else { return };
    issue.kind = Some(dice.word(&ISSUE_TYPES).to_owned());
    issue.priority = Some(dice.word(&ISSUE_PRIORITIES).to_owned()).filter(|_| dice.percent(75));
    issue.due_date = Some(age.due(dice, 5, 40)).filter(|_| dice.percent(80));
    issue.created_by = pool.manager(dice).unwrap_or(issue.created_by);
    let (by, moves) = (issue.created_by, dice.percent(30));
    company.set_time(age.later(dice));
    // The record is the one that was just added, so that nothing in it can be refused.
    let _ = company.put_item(issue);
    if moves && let Some(next) = pool.one(dice) {
        let _ = company.reassign_issue(id, Some(next), by);
    }
}
