//! The tasks: what is to be done beside the work itself.

use jiff::tz::TimeZone;

use crate::company::{Company, NewTask, TASK_CATEGORIES, Task, TaskStatus, Tool};
use crate::dice::Dice;

use super::Seed;
use super::pool::{Age, Pool, spread, title};

const TITLES: &[&str] = &[
    "Close out permits",
    "Collect insurance certificate of {t}",
    "Send monthly report to the owner",
    "Order signage for level {l}",
    "Book crane inspection",
    "Update phasing plan of level {l}",
    "Confirm delivery of {t} material",
    "Prepare turnover of room {r}",
    "Photograph conditions at grid {g}",
    "Collect warranties of {t}",
    "Schedule training for the owner's staff",
    "Review schedule of {t}",
];

/// Adds a task for two RFIs.
pub(super) fn add(company: &mut Company, dice: &mut Dice, seed: &Seed) {
    spread(company, dice, Tool::TaskItems, seed.rfis.div_ceil(2), make);
}

fn make(company: &mut Company, dice: &mut Dice, pool: &Pool, age: Age) {
    let status = match dice.below(100) {
        0..30 => TaskStatus::Initiated,
        30..55 => TaskStatus::InProgress,
        55..65 => TaskStatus::ReadyForReview,
        65..95 => TaskStatus::Closed,
        _ => TaskStatus::Void,
    };
    let assignees = pool.some(dice, 2);
    let new = NewTask { project: pool.project, title: title(dice, TITLES), status, assignees };
    let Ok(id) = company.add_task(new) else { return };
    let Some(mut task) = company.item::<Task>(id).cloned() else { return };
    task.category = Some(dice.word(&TASK_CATEGORIES).to_owned()).filter(|_| dice.percent(70));
    let due = age.due(dice, 3, 40).to_zoned(TimeZone::UTC).map(|due| due.timestamp());
    task.due_at = due.ok().filter(|_| dice.percent(85));
    task.distribution = pool.some(dice, 2);
    task.private = dice.percent(8);
    task.created_by = pool.one(dice).unwrap_or(task.created_by);
    company.set_time(age.later(dice));
    // The record is the one that was just added, so that nothing in it can be refused.
    let _ = company.put_item(task);
}
