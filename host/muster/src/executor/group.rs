//! Groups: calls that are proven together, and what a call writes as a whole.

use std::collections::BTreeSet;

use muster_core::action::Action;
use muster_core::directory::ItemKind;
use muster_core::lower::Call;
use muster_core::plan::Plan;
use muster_core::proposal::StepNumber;
use muster_core::read::Read;

/// Calls that follow each other and are proven by one read, with the steps of each that are approved.
pub(super) struct Group {
    pub(super) calls: Vec<(Call, BTreeSet<StepNumber>)>,
}

impl Group {
    pub(super) fn steps(&self) -> impl Iterator<Item = StepNumber> {
        self.calls.iter().flat_map(|(_, steps)| steps.iter().copied())
    }
}

/// Returns what names a thing that Procore writes as a whole, if the action writes one.
pub(super) fn whole(action: &Action) -> Option<String> {
    match action {
        Action::LeaveGroup { project, group, .. } => Some(format!("group {group} of project {project}")),
        action => action.item().map(|item| match item.kind {
            ItemKind::DistributionGroup => format!("group {} of project {}", item.id, item.project),
            _ => format!("{item:?}"),
        }),
    }
}

/// Groups calls by the read that proves them, keeping their order, with the steps of each that are among `steps`.
pub(super) fn groups(calls: &[Call], plan: &Plan, steps: &BTreeSet<StepNumber>) -> Vec<Group> {
    let mut groups: Vec<(Option<Read>, Group)> = Vec::new();
    for call in calls {
        let steps: BTreeSet<_> = call.steps.intersection(steps).copied().collect();
        let Some(step) = steps.first().and_then(|step| plan.step(*step)) else { continue };
        let (proof, call) = (step.action.proof(), (call.clone(), steps));
        match groups.last_mut() {
            Some((last, group)) if *last == proof && proof.is_some() => group.calls.push(call),
            _ => groups.push((proof, Group { calls: vec![call] })),
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}
