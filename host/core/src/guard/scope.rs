//! Scope: does the grant reach whom and what the plan changes?
//!
//! The sandbox has denied such calls already. The guard asks again because a plan may be older than the grant, and
//! because what decides about access is worth two locks.

use std::collections::{BTreeMap, BTreeSet};

use super::{Case, Check, Finding, Severity};
use crate::action::{Action, Subject};
use crate::digest::Digest;
use crate::grant::People;
use crate::plan::{Before, Plan, Step};
use crate::proposal::StepNumber;

pub(super) fn check(case: Case<'_>) -> Vec<Finding> {
    let mut outside: BTreeMap<Digest, (&Plan, BTreeSet<StepNumber>)> = BTreeMap::new();
    for (plan, grant, step) in case.steps() {
        let event = &plan.content().event;
        let reached = grant.scope.people == People::Company
            || people(plan, step).into_iter().any(|whom| grant.scope.reaches(whom, event.concerns()))
            || match &step.action {
                Action::CreateUser { user } => event.brings(&user.email),
                // Whoever the plan creates was let through, or not, with the step that does it.
                action => action.created().is_some(),
            };
        if !reached || step.action.project().is_some_and(|project| !grant.scope.includes(project)) {
            outside.entry(plan.digest()).or_insert((plan, BTreeSet::new())).1.insert(step.number);
        }
    }
    let finding = |(digest, (plan, steps)): (Digest, (&Plan, BTreeSet<StepNumber>))| Finding {
        check: Check::Scope,
        severity: Severity::Refuse,
        plan: Some(digest),
        what: format!(
            "{} of {} steps lie outside the scope of the grant of the policy {:?}",
            steps.len(),
            plan.content().steps.len(),
            plan.content().policy.name
        ),
        steps,
        proceed: "widen `scope` in the policy's entry of the configuration and plan again".to_owned(),
    };
    outside.into_iter().map(finding).collect()
}

/// Whom a step changes: one person, or everybody who holds the item that it closes or adds somebody to, those included whom the same plan
/// takes it from before.
fn people(plan: &Plan, step: &Step) -> BTreeSet<Subject> {
    let mut people: BTreeSet<Subject> = step.action.subject().into_iter().collect();
    if let (Action::CloseItem { item } | Action::AddHolder { item, .. }, Before::Item { holders, .. }) =
        (&step.action, &step.before)
    {
        people.extend(holders.iter().map(|holder| Subject::User(holder.person.id)));
        people.extend(plan.content().steps.iter().filter_map(|step| match &step.action {
            Action::Reassign { item: of, holder, .. } if of == item => Some(Subject::User(*holder)),
            _ => None,
        }));
    }
    people
}

#[cfg(test)]
mod tests {
    use crate::action::Action;
    use crate::directory::HeldAs;
    use crate::grant::{People, Projects, Scope};
    use crate::guard::Check;
    use crate::id::ProjectId;
    use crate::testing::{Scene, holder, item, project, user};

    #[test]
    fn an_item_is_closed_only_if_somebody_in_scope_holds_it() {
        for (holder_id, refused) in [(5, 0), (6, 1)] {
            let mut scene = Scene::departure(5);
            let rfi = item(70, 1, vec![holder(holder_id, HeldAs::Assignee)]);
            scene.proposes(Action::CloseItem { item: rfi.item }).holds(holder_id, vec![rfi]);
            assert_eq!(scene.findings(Check::Scope).len(), refused, "held by {holder_id}");
        }
    }

    #[test]
    fn steps_outside_the_scope_are_refused() {
        let only = |id| Projects::Only([ProjectId::new(id)].into());
        let rows: [(Scope, &[u32]); 4] = [
            (Scope::default(), &[3]),
            (Scope { people: People::Company, projects: Projects::All }, &[]),
            (Scope { people: People::Company, projects: only(70) }, &[2]),
            (Scope { people: People::Subject, projects: only(70) }, &[2, 3]),
        ];
        for (scope, refused) in rows {
            let mut scene = Scene::departure(5);
            scene.grant.scope = scope.clone();
            scene.removes(5, 70).removes(5, 71).deactivates(6);
            scene.knows(user(5, "Ana Diaz")).knows(user(6, "Ben Ode"));
            scene.on(5, &[project(70), project(71)]);
            let found: Vec<u32> =
                scene.findings(Check::Scope).iter().flat_map(|finding| finding.steps.clone()).collect();
            assert_eq!(found, refused, "{scope:?}");
        }
    }
}
