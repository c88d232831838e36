//! The punch items: who has to do them, who manages them and who accepts them at last.

use crate::company::{Company, NewPunchItem, PunchItem, PunchResponse, PunchStatus, Tool};
use crate::dice::Dice;

use super::Seed;
use super::pool::{Age, Pool, spread, title};

const TITLES: &[&str] = &[
    "Touch up paint in room {r}",
    "Door does not latch, room {r}",
    "Missing cover plate, room {r}",
    "Ceiling tile stained, room {r}",
    "Caulk window at grid {g}",
    "Scratched glass at level {l}",
    "Handrail loose, stair at grid {g}",
    "Base trim open at corner, room {r}",
    "Access panel missing at level {l}",
    "Floor drain clogged, room {r}",
    "Diffuser not balanced, room {r}",
    "Fire stopping incomplete at grid {g}",
    "Label missing on panel, room {r}",
    "Clean up after {t}, level {l}",
    "Thermostat not responding, room {r}",
];

/// Adds as many punch items as there are RFIs.
pub(super) fn add(company: &mut Company, dice: &mut Dice, seed: &Seed) {
    spread(company, dice, Tool::PunchList, seed.rfis, make);
}

fn make(company: &mut Company, dice: &mut Dice, pool: &Pool, age: Age) {
    let status = match dice.below(100) {
        0..8 => PunchStatus::Draft,
        8..14 => PunchStatus::Initiated,
        14..17 => PunchStatus::InDispute,
        17..45 => PunchStatus::WorkRequired,
        45..55 => PunchStatus::ReadyForReview,
        55..60 => PunchStatus::WorkNotAccepted,
        60..66 => PunchStatus::ReadyToClose,
        66..68 => PunchStatus::NotAcceptedByCreator,
        _ => PunchStatus::Closed,
    };
    let (assignees, manager) = (pool.some(dice, 3), pool.manager(dice));
    let final_approver = if dice.percent(50) { manager } else { pool.one(dice) };
    let (project, name) = (pool.project, title(dice, TITLES));
    let new = NewPunchItem { project, name, status, assignees, manager, final_approver };
    let Ok(id) = company.add_punch_item(new) else { return };
    let Some(mut item) = company.item::<PunchItem>(id).cloned() else { return };
    let changed = age.later(dice);
    for part in &mut item.assignments {
        let done = dice.percent(25);
        part.status = match status {
            PunchStatus::ReadyToClose | PunchStatus::Closed => PunchResponse::Resolved,
            PunchStatus::ReadyForReview => PunchResponse::ReadyForReview,
            PunchStatus::WorkNotAccepted if done => PunchResponse::WorkNotAccepted,
            PunchStatus::WorkRequired if done => PunchResponse::Resolved,
            _ => PunchResponse::Unresolved,
        };
        part.responded_at = Some(changed).filter(|_| part.status != PunchResponse::Unresolved);
        part.updated_at = changed;
    }
    item.priority = Some(dice.word(&["low", "medium", "high"]).to_owned()).filter(|_| dice.percent(60));
    item.due_date = Some(age.due(dice, 3, 30));
    item.distribution = pool.some(dice, 2);
    item.private = dice.percent(5);
    item.closed_at = item.closed_at.map(|_| changed);
    company.set_time(changed);
    // The record is the one that was just added, so that nothing in it can be refused.
    let _ = company.put_item(item);
}
