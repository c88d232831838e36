//! The workflows that run, and what projects have prepared for the next ones.

use crate::company::{Company, NewPreset, NewWorkflow, Tool, WorkflowTool};
use crate::dice::Dice;

use super::holders::{Holders, spread};
use super::{Seed, days_ago};

const STEPS: [&str; 5] = ["Review", "Cost Check", "Project Approval", "Executive Approval", "Signature"];
const GROUPS: [&str; 4] = ["Reviewers", "Accounting", "Approvers", "Signatories"];

/// Adds two presets for every project that some RFIs are for, and a workflow for every four RFIs.
pub(super) fn add(company: &mut Company, dice: &mut Dice, seed: &Seed) {
    let all = company.workflow_tools();
    let tools: Vec<WorkflowTool> = all.into_iter().filter(|tool| !tool.of_company).collect();
    for project in spread(company, dice, seed.rfis / 6, Tool::Directory) {
        prepare(company, dice, project, &tools);
    }
    for project in spread(company, dice, seed.rfis / 4, Tool::Directory) {
        start(company, dice, project, &tools);
    }
}

fn prepare(company: &mut Company, dice: &mut Dice, project: u64, tools: &[WorkflowTool]) {
    let (Some(tool), holders) = (dice.pick(tools), holders(company, project)) else { return };
    let Some(manager) = manager(company, dice, project) else { return };
    let age = dice.between(30, 300);
    company.set_time(days_ago(dice, age));
    let several = dice.index(3) + 1;
    let groups = GROUPS.iter().take(several).map(|name| ((*name).to_owned(), holders.some(dice, 2)));
    let new = NewPreset {
        tool: tool.kind.to_owned(),
        subtype: tool.subtype,
        groups: groups.collect(),
        ..NewPreset::new(project, &format!("{} Approval", tool.name), manager, &[])
    };
    // The project and the people are there, so that nothing can be refused.
    let _ = company.add_preset(new);
}

fn start(company: &mut Company, dice: &mut Dice, project: u64, tools: &[WorkflowTool]) {
    let (Some(tool), holders) = (dice.pick(tools), holders(company, project)) else { return };
    let Some(manager) = manager(company, dice, project) else { return };
    let age = dice.between(1, 60);
    company.set_time(days_ago(dice, age));
    let several = dice.index(3) + 1;
    let steps: Vec<(String, Vec<u64>)> =
        STEPS.iter().take(several).map(|name| ((*name).to_owned(), holders.some(dice, 2))).collect();
    let new = NewWorkflow {
        tool: tool.kind.to_owned(),
        subtype: tool.subtype,
        current: dice.index(steps.len()),
        steps,
        ended: dice.percent(30),
        ..NewWorkflow::active(project, manager, &[])
    };
    // The project and the people are there, so that nothing can be refused.
    let _ = company.add_workflow(new);
}

/// Those who may answer correspondence may have to answer in every workflow.
fn holders(company: &Company, project: u64) -> Holders {
    Holders::of(company, project, Tool::Correspondence)
}

fn manager(company: &Company, dice: &mut Dice, project: u64) -> Option<u64> {
    let managers: Vec<u64> = company.workflow_managers(project).map(|user| user.id).collect();
    dice.pick(&managers).copied()
}
