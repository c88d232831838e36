//! Which tools the projects do without.

use crate::company::{Company, Tool};
use crate::dice::Dice;

use super::Seed;

/// What not every project needs.
const SPARED: [Tool; 4] =
    [Tool::CoordinationIssues, Tool::ActionPlans, Tool::Correspondence, Tool::Observations];

/// Switches off a tool or two in a few projects.
pub(super) fn add(company: &mut Company, dice: &mut Dice, _seed: &Seed) {
    let projects: Vec<u64> = company.projects().map(|project| project.id).collect();
    for project in projects {
        if dice.percent(20) {
            let count = dice.index(2) + 1;
            for tool in dice.some(&SPARED, count) {
                // The project is there, and none of these is required.
                let _ = company.set_tool(project, tool, false);
            }
        }
    }
}
