//! Workflow: would one stop? Procore stops a running workflow whose step names nobody but people who lose access, and offers a
//! template that names them to nobody any more, until somebody replaces them by hand.
//!
//! Read off the plan alone: what stays with people who lose access is its remainder.

use std::collections::{BTreeMap, BTreeSet};

use super::{Case, Check, Finding, Severity, called};
use crate::action::Action;
use crate::directory::{HeldAs, ItemKind};
use crate::id::UserId;
use crate::plan::{Plan, Remains};

/// How many are named one by one.
const NAMED: usize = 10;

pub(super) fn check(case: Case<'_>) -> Vec<Finding> {
    let plans: BTreeMap<_, _> = case.steps().map(|(plan, ..)| (plan.digest(), plan)).collect();
    let looks_at = |plan: &Plan| case.only.is_none() && !plan.content().remainder.is_empty();
    plans.into_values().filter(|plan| looks_at(plan)).flat_map(of_plan).collect()
}

fn of_plan(plan: &Plan) -> Vec<Finding> {
    let mut stopped: BTreeMap<UserId, Vec<&Remains>> = BTreeMap::new();
    for row in &plan.content().remainder {
        if stops(row) && !joined(plan, row) && !taking(plan, row).is_empty() {
            stopped.entry(row.holder).or_default().push(row);
        }
    }
    let finding = |(holder, rows): (UserId, Vec<&Remains>)| {
        Finding {
        check: Check::Workflow,
        severity: Severity::Ask,
        plan: Some(plan.digest()),
        steps: rows.iter().flat_map(|row| taking(plan, row)).collect(),
        what: format!("{} loses access, and Procore then stops {}", called(plan, holder), list(plan, &rows)),
        proceed: "put somebody else in their place or beside them, by a setting of the policy or by hand, and plan again; \
                  or approve"
            .to_owned(),
    }
    };
    stopped.into_iter().map(finding).collect()
}

/// Returns whether what is held so stops without its holder. A running workflow does not need its manager.
fn stops(row: &Remains) -> bool {
    let kind = row.item.kind;
    kind.stops_with_its_holder() && (kind != ItemKind::Workflow || row.held_as == HeldAs::StepAssignee)
}

/// Returns whether the plan puts somebody beside the holder who can go on.
fn joined(plan: &Plan, row: &Remains) -> bool {
    let joins = |action: &Action| matches!(action, Action::AddHolder { item, to, .. } if *item == row.item && *to != row.holder);
    plan.content().steps.iter().any(|step| joins(&step.action))
}

/// Returns the steps that take from whoever holds the item the access that they need for it.
fn taking(plan: &Plan, row: &Remains) -> BTreeSet<u32> {
    let takes = |step: &&crate::plan::Step| {
        step.action.takes_access()
            && step.action.user() == Some(row.holder)
            && step.action.project().is_none_or(|project| project == row.item.project)
    };
    plan.content().steps.iter().filter(takes).map(|step| step.number).collect()
}

fn list(plan: &Plan, rows: &[&Remains]) -> String {
    let mut named: Vec<_> = rows
        .iter()
        .take(NAMED)
        .map(|row| {
            let what = match row.item.kind {
                ItemKind::WorkflowTemplate => "every new workflow by the template",
                _ => "the workflow",
            };
            let project = plan.content().names.projects.get(&row.item.project);
            let place = project.map_or_else(|| format!("project {}", row.item.project), Clone::clone);
            format!("{what} {:?} in {place}", row.title)
        })
        .collect();
    if rows.len() > NAMED {
        named.push(format!("{} more", rows.len() - NAMED));
    }
    named.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::{Item, ItemRef};
    use crate::testing::{Scene, holder, item, project, user};

    fn held(kind: ItemKind, id: u64, held_as: HeldAs) -> Item {
        let rfi = item(70, id, vec![holder(5, held_as)]);
        Item { item: ItemRef { kind, ..rfi.item }, ..rfi }
    }

    #[test]
    fn what_stops_when_somebody_leaves_is_named_unless_they_are_replaced() {
        let template = held(ItemKind::WorkflowTemplate, 8, HeldAs::StepAssignee);
        let mut scene = Scene::departure(5);
        scene.knows(user(5, "Ana Diaz")).knows(user(6, "Ben Ode")).on(5, &[project(70), project(71)]);
        scene.holds(
            5,
            vec![
                held(ItemKind::Workflow, 7, HeldAs::StepAssignee),
                template.clone(),
                held(ItemKind::Task, 9, HeldAs::Assignee),
            ],
        );
        scene.removes(5, 71);
        assert_eq!(scene.findings(Check::Workflow), [], "nothing there stops in project 70");
        scene.removes(5, 70).deactivates(5);
        let found = scene.findings(Check::Workflow);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].severity, found[0].steps.clone()), (Severity::Ask, [2, 3].into()));
        for words in ["Ana Diaz", "the workflow \"Slab edge\" in Project 70", "new workflow by the template"]
        {
            assert!(found[0].what.contains(words), "{}", found[0].what);
        }
        assert!(!found[0].what.contains("task"));
        let (holder, to) = (UserId::new(5), UserId::new(6));
        let (item, held_as) = (template.item, HeldAs::StepAssignee);
        scene.proposes(Action::Reassign { item, held_as, holder, to });
        let found = scene.findings(Check::Workflow);
        assert!(!found[0].what.contains("template"), "{}", found[0].what);
        let item = held(ItemKind::Workflow, 7, held_as).item;
        scene.proposes(Action::AddHolder { item, held_as, to });
        assert_eq!(scene.findings(Check::Workflow), [], "somebody is beside her");
        assert_eq!(scene.verdict().cut_off.map(|cut| cut.ruling), Some(crate::verdict::Ruling::Pass));
    }
}
