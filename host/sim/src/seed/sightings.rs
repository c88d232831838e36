//! The observations: what was seen on site, and who has to see to it.

use crate::company::{
    Company, NewObservation, OBSERVATION_PRIORITIES, OBSERVATION_TYPES, Observation, ObservationStatus, Tool,
};
use crate::dice::Dice;

use super::Seed;
use super::pool::{Age, Pool, spread, title};

const TITLES: &[&str] = &[
    "Guardrail missing at level {l}",
    "Extension cord damaged, room {r}",
    "Debris in corridor, level {l}",
    "Ladder not tied off at grid {g}",
    "Concrete honeycombed at grid {g}",
    "Anchor bolts out of place at grid {g}",
    "Weld needs inspection at grid {g}",
    "Water in shaft at grid {g}",
    "Fire extinguisher out of date, level {l}",
    "Housekeeping of {t} crew",
    "Excavation not shored near grid {g}",
    "Pump start-up incomplete, room {r}",
];

/// Adds an observation for two RFIs.
pub(super) fn add(company: &mut Company, dice: &mut Dice, seed: &Seed) {
    spread(company, dice, Tool::Observations, seed.rfis.div_ceil(2), make);
}

fn make(company: &mut Company, dice: &mut Dice, pool: &Pool, age: Age) {
    let status = match dice.below(100) {
        0..45 => ObservationStatus::Initiated,
        45..55 => ObservationStatus::ReadyForReview,
        55..62 => ObservationStatus::NotAccepted,
        _ => ObservationStatus::Closed,
    };
    let assignee = pool.one(dice).filter(|_| dice.percent(95));
    let new = NewObservation { project: pool.project, name: title(dice, TITLES), status, assignee };
    let Ok(id) = company.add_observation(new) else { return };
    let Some(mut item) = company.item::<Observation>(id).cloned() else { return };
    let kinds = OBSERVATION_TYPES.map(|(name, _)| name);
    item.kind = dice.word(&kinds).to_owned();
    item.priority = dice.word(&OBSERVATION_PRIORITIES).to_owned();
    item.due_date = Some(age.due(dice, 1, 21)).filter(|_| dice.percent(90));
    item.distribution = pool.some(dice, 3);
    item.personal = dice.percent(6);
    item.created_by = pool.one(dice).unwrap_or(item.created_by);
    let changed = age.later(dice);
    item.closed_at = item.closed_at.map(|_| changed);
    company.set_time(changed);
    // The record is the one that was just added, so that nothing in it can be refused.
    let _ = company.put_item(item);
}
