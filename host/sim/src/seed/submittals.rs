//! The submittals: who manages them, who has to approve them, and how far they have come.

use crate::company::{
    Company, NewSubmittal, SUBMITTAL_TYPES, Submittal, SubmittalResponse, SubmittalStatus, Tool,
};
use crate::dice::Dice;

use super::Seed;
use super::pool::{Age, Pool, spread, title};

const TITLES: &[&str] = &[
    "Structural steel shop drawings, level {l}",
    "Rebar shop drawings, footings at grid {g}",
    "Concrete mix designs",
    "Curtain wall samples",
    "Door hardware schedule",
    "Roofing warranty",
    "Air handler product data, unit {r}",
    "Fire alarm shop drawings, level {l}",
    "Elevator cab finishes",
    "Floor tile samples, room {r}",
    "Light fixture cut sheets",
    "Sprinkler hydraulic calculations",
    "Waterproofing product data",
    "Switchgear shop drawings",
    "Millwork shop drawings, room {r}",
    "Glazing performance mock-up report",
    "Paint colors and finishes",
    "Mechanical piping coordination drawings, level {l}",
];

/// Adds two submittals for three RFIs.
pub(super) fn add(company: &mut Company, dice: &mut Dice, seed: &Seed) {
    spread(company, dice, Tool::Submittals, (seed.rfis * 2).div_ceil(3), make);
}

fn make(company: &mut Company, dice: &mut Dice, pool: &Pool, age: Age) {
    let status = match dice.below(100) {
        0..35 => SubmittalStatus::Open,
        35..55 => SubmittalStatus::InReview,
        55..65 => SubmittalStatus::Draft,
        65..80 => SubmittalStatus::Closed,
        80..97 => SubmittalStatus::Distributed,
        _ => SubmittalStatus::Void,
    };
    let steps: Vec<Vec<u64>> = (0..dice.between(1, 3)).map(|_| pool.some(dice, 2)).collect();
    let (project, manager) = (pool.project, pool.manager(dice));
    let title = title(dice, TITLES);
    let new = NewSubmittal { project, title, status, manager, steps };
    let Ok(id) = company.add_submittal(new) else { return };
    // Those of the first steps have responded, in one that is over everybody.
    let done = if status.is_closed() { 99 } else { dice.between(0, 2) };
    let asked: Vec<(u64, u64)> = company
        .item::<Submittal>(id)
        .map(|found| found.approvers.iter().map(|approver| (approver.step, approver.user)).collect())
        .unwrap_or_default();
    company.set_time(age.later(dice));
    for (step, user) in asked.into_iter().filter(|_| status != SubmittalStatus::Draft) {
        let said = dice.below(10);
        if step <= done {
            let response = match said {
                0..7 => SubmittalResponse::Approved,
                7..9 => SubmittalResponse::ApprovedAsNoted,
                _ => SubmittalResponse::ReviseAndResubmit,
            };
            // Whoever stands in it twice responds once for each.
            let _ = company.respond_to_submittal(id, user, response);
        }
    }
    let Some(mut submittal) = company.item::<Submittal>(id).cloned() else { return };
    submittal.kind = Some(dice.word(&SUBMITTAL_TYPES).to_owned());
    submittal.due_date = Some(age.due(dice, 14, 60));
    submittal.received_from = pool.one(dice);
    let from = submittal.received_from.and_then(|id| company.user(id));
    submittal.responsible_contractor = from.and_then(|user| user.vendor);
    submittal.distribution = pool.some(dice, 3);
    submittal.private = dice.percent(4);
    submittal.current_revision = !status.is_closed() || dice.percent(85);
    // The record is the one that was just added, so that nothing in it can be refused.
    let _ = company.put_item(submittal);
}
