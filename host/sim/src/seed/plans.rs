//! The action plans: who manages them, and who has to sign their items.

use crate::company::{Company, NewActionPlan, NewPlanAssignee, PlanStatus, Tool};
use crate::dice::Dice;

use super::holders::{Holders, spread};
use super::{Seed, days_ago};

const TITLES: [&str; 8] = [
    "Curtain Wall Installation",
    "Concrete Placement",
    "Roofing Quality Plan",
    "Elevator Commissioning",
    "Below-Grade Waterproofing",
    "Fire Alarm Commissioning",
    "Air Barrier",
    "Turnover of Floors",
];
const ITEMS: [&str; 8] = [
    "Preparatory meeting",
    "Approved submittals on site",
    "Mock-up accepted",
    "First installation inspected",
    "Water test",
    "Follow-up inspection",
    "Deficiencies corrected",
    "Documents handed over",
];

/// Adds a plan for every five RFIs.
pub(super) fn add(company: &mut Company, dice: &mut Dice, seed: &Seed) {
    for project in spread(company, dice, seed.rfis.div_ceil(5), Tool::ActionPlans) {
        let holders = Holders::of(company, project, Tool::ActionPlans);
        if let Some(manager) = holders.admin(dice) {
            plan(company, dice, project, manager, &holders);
        }
    }
}

fn plan(company: &mut Company, dice: &mut Dice, project: u64, manager: u64, holders: &Holders) {
    let age = dice.between(5, 200);
    company.set_time(days_ago(dice, age));
    let status = match dice.below(100) {
        0..15 => PlanStatus::Draft,
        15..70 => PlanStatus::InProgress,
        70..80 => PlanStatus::InRevision,
        _ => PlanStatus::Completed,
    };
    let Some(manager) = party(company, manager) else { return };
    let new = NewActionPlan { status, ..NewActionPlan::in_progress(project, dice.word(&TITLES), manager) };
    let Ok(plan) = company.add_action_plan(new) else { return };
    let several = dice.index(5) + 2;
    for item in dice.some(&ITEMS, several) {
        for user in holders.some(dice, 2) {
            let Some(party) = party(company, user) else { continue };
            let signed = status == PlanStatus::Completed || (status != PlanStatus::Draft && dice.percent(40));
            let locked = status == PlanStatus::InProgress && dice.percent(30);
            // The plan and the person are there, so that nothing can be refused.
            let _ = company.add_plan_assignee(NewPlanAssignee {
                signed,
                locked,
                ..NewPlanAssignee::open(plan, item, party)
            });
        }
    }
}

/// Returns the id of a user as a person.
fn party(company: &Company, user: u64) -> Option<u64> {
    company.user(user).map(|user| user.party_id)
}
