//! The inspections: what is looked at before it is covered.

use std::time::Duration;

use jiff::tz;

use crate::company::{Company, Inspection, InspectionStatus, NewInspection, Tool};
use crate::dice::Dice;

use super::holders::{Holders, spread};
use super::{DAY, PRESENT, Seed, days_ago};

/// What can be inspected; `{l}` is a level.
const NAMES: [&str; 12] = [
    "Concrete pre-pour, level {l}",
    "Rebar placement, level {l}",
    "Fire stopping, level {l}",
    "Above ceiling, level {l}",
    "Waterproofing membrane",
    "Scaffold tag-in",
    "Curtain wall water test",
    "Structural steel bolting, level {l}",
    "Site safety walk",
    "Electrical rough-in, level {l}",
    "Plumbing pressure test, level {l}",
    "Roof drain flood test",
];

/// Adds an inspection for every two RFIs.
pub(super) fn add(company: &mut Company, dice: &mut Dice, seed: &Seed) {
    for project in spread(company, dice, seed.rfis.div_ceil(2), Tool::Checklists) {
        let holders = Holders::of(company, project, Tool::Checklists);
        if !holders.members.is_empty() {
            inspect(company, dice, project, &holders);
        }
    }
}

fn inspect(company: &mut Company, dice: &mut Dice, project: u64, holders: &Holders) {
    let age = dice.between(1, 150);
    let made = days_ago(dice, age);
    company.set_time(made);
    let status = match dice.below(100) {
        0..45 => InspectionStatus::Open,
        45..60 => InspectionStatus::InReview,
        _ => InspectionStatus::Closed,
    };
    let name = dice.word(&NAMES).replace("{l}", &dice.between(1, 24).to_string());
    let inspectors = holders.some(dice, 2);
    let contact = holders.some(dice, 1).first().copied().filter(|_| dice.percent(75));
    let new = NewInspection {
        status,
        point_of_contact: contact,
        ..NewInspection::open(project, &name, &inspectors)
    };
    let Ok(id) = company.add_inspection(new) else { return };
    let Some(mut inspection) = company.item::<Inspection>(id).cloned() else { return };
    let contact = contact.and_then(|id| company.user(id)).filter(|user| !user.employee);
    inspection.responsible_contractor = contact.and_then(|user| user.vendor);
    inspection.inspection_date = Some(made.to_zoned(tz::TimeZone::UTC).date());
    let due = made.checked_add(Duration::from_secs(dice.between(2, 30) * DAY)).unwrap_or(PRESENT);
    inspection.due_at = Some(due).filter(|_| dice.percent(80));
    inspection.items = usize::try_from(dice.between(5, 40)).unwrap_or(5);
    // The record is the one that was just added, so that nothing in it can be refused.
    let _ = company.put_item(inspection);
}
