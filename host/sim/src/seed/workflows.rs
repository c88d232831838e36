//! The workflows that run, and what projects have prepared for the next ones.

use crate::company::{Company, NewPreset, NewWorkflow, Tool, WorkflowTool};
use crate::dice::Dice;

use super::holders::Holders;
use super::{Seed, days_ago};

const STEPS: [&str; 5] = ["Review", "Cost Check", "Project Approval", "Executive Approval", "Signature"];
const GROUPS: [&str; 4] = ["Reviewers", "Accounting", "Approvers", "Signatories"];
/// How many types of items have workflows: a company begins with what costs most.
const TYPES: usize = 3;

/// Adds templates for a few types of items, presets for one project of four, and a workflow in one of these for every six RFIs.
/// The last type has workflows only: its template was archived.
pub(super) fn add(company: &mut Company, dice: &mut Dice, seed: &Seed) {
    let tools: Vec<WorkflowTool> =
        company.workflow_tools().into_iter().filter(|tool| !tool.of_company).collect();
    let tools = dice.some(&tools, TYPES);
    let Some((_, prepared)) = tools.split_last() else { return };
    company.set_time(days_ago(dice, 400));
    // All of these types have workflows of projects, so that nothing can be refused.
    let templates =
        tools.iter().map(|tool| company.add_workflow_template(tool.kind, tool.subtype, &name(tool)));
    let last = templates.last().and_then(Result::ok);
    let active =
        company.projects().filter(|project| project.active && company.has_tool(project.id, Tool::Directory));
    let active: Vec<u64> = active.map(|project| project.id).collect();
    let projects = dice.some(&active, active.len().div_ceil(4).min(seed.rfis));
    for project in &projects {
        let several = dice.index(prepared.len()) + 1;
        for tool in dice.some(prepared, several) {
            prepare(company, dice, *project, &tool);
        }
    }
    for _ in 0..seed.rfis / 6 {
        if let (Some(project), Some(tool)) = (dice.pick(&projects), dice.pick(&tools)) {
            start(company, dice, *project, tool);
        }
    }
    company.set_time(days_ago(dice, 0));
    if let Some(last) = last {
        // The template is there.
        let _ = company.archive_workflow_template(last);
    }
}

/// Returns what the template for a type of items is called.
fn name(tool: &WorkflowTool) -> String {
    format!("{} Approval", tool.name)
}

fn prepare(company: &mut Company, dice: &mut Dice, project: u64, tool: &WorkflowTool) {
    let holders = holders(company, project);
    let Some(manager) = manager(company, dice, project) else { return };
    let age = dice.between(30, 300);
    company.set_time(days_ago(dice, age));
    let several = dice.index(3) + 1;
    let groups = GROUPS.iter().take(several).map(|name| ((*name).to_owned(), holders.some(dice, 2)));
    let new = NewPreset {
        tool: tool.kind.to_owned(),
        subtype: tool.subtype,
        groups: groups.collect(),
        ..NewPreset::new(project, &name(tool), manager, &[])
    };
    // The project and the people are there, so that nothing can be refused.
    let _ = company.add_preset(new);
}

fn start(company: &mut Company, dice: &mut Dice, project: u64, tool: &WorkflowTool) {
    let holders = holders(company, project);
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
