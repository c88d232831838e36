//! Successor: would somebody take an item over who has no login, loses it or the project by the same case, or leaves as well?

use std::collections::{BTreeMap, BTreeSet};

use super::{Case, Check, Finding, Severity, called};
use crate::action::Action;
use crate::digest::Digest;
use crate::event::Kind;
use crate::id::{ProjectId, UserId};
use crate::plan::Plan;
use crate::proposal::StepNumber;

/// What is the matter with a successor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Unfit {
    Inactive,
    /// By a step of the case, or because the case is about their departure.
    Losing,
    Leaving,
    /// Nobody could say.
    Unknown,
}

pub(super) fn check(case: Case<'_>) -> Vec<Finding> {
    let mut unfit: BTreeMap<(Digest, UserId, Unfit), (&Plan, BTreeSet<StepNumber>)> = BTreeMap::new();
    for (plan, _, step) in case.steps() {
        let Some(change) = step.action.handover() else { continue };
        let user = case.facts.user(change.to);
        let place = step.action.project();
        let why = match (user.map(|user| user.active), case.facts.leaving(change.to)) {
            (Some(false), _) => Unfit::Inactive,
            _ if loses_access(case, change.to, place) => Unfit::Losing,
            (_, Some(true)) => Unfit::Leaving,
            (None, _) | (_, None) => Unfit::Unknown,
            (Some(true), Some(false)) => continue,
        };
        let key = (plan.digest(), change.to, why);
        unfit.entry(key).or_insert((plan, BTreeSet::new())).1.insert(step.number);
    }
    unfit
        .into_iter()
        .map(|((digest, user, why), (plan, steps))| finding(digest, user, why, plan, steps))
        .collect()
}

/// Returns whether somebody is what the case takes access from: all of it, or that to `place`.
fn loses_access(case: Case<'_>, user: UserId, place: Option<ProjectId>) -> bool {
    let taken = |action: &Action| {
        action.takes_access()
            && action.user() == Some(user)
            && action.project().is_none_or(|project| Some(project) == place)
    };
    case.steps().any(|(plan, _, step)| {
        let leaves = matches!(plan.content().event.kind, Kind::Departed { user: of, .. } if of == user);
        leaves || taken(&step.action)
    })
}

fn finding(digest: Digest, user: UserId, why: Unfit, plan: &Plan, steps: BTreeSet<StepNumber>) -> Finding {
    let who = called(plan, user);
    let (severity, what, proceed) = match why {
        Unfit::Inactive => (
            Severity::Refuse,
            format!("{who} has no active login and would take over what others wait for"),
            "name somebody else in the policy's settings and plan again",
        ),
        Unfit::Losing => (
            Severity::Refuse,
            format!("{who} would take over what others wait for, and loses access by the same case"),
            "name somebody else in the policy's settings and plan again",
        ),
        Unfit::Leaving => (
            Severity::Ask,
            format!("{who} is about to leave as well and would take items over"),
            "name somebody else in the policy's settings and plan again, or approve if it is meant so",
        ),
        Unfit::Unknown => (
            Severity::Ask,
            format!("whether {who} can log in and stays is not known"),
            "plan again once Procore answers, or approve if it is known otherwise",
        ),
    };
    Finding {
        check: Check::Successor,
        severity,
        plan: Some(digest),
        steps,
        what,
        proceed: proceed.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::{HeldAs, User};
    use crate::read::{Answer, Read};
    use crate::testing::{Scene, holder, item, project, user};

    #[test]
    fn nobody_takes_over_who_has_no_login_or_leaves_too() {
        let rows = [
            (true, Some(false), None),
            (false, Some(false), Some(Severity::Refuse)),
            (false, Some(true), Some(Severity::Refuse)),
            (true, Some(true), Some(Severity::Ask)),
            (true, None, Some(Severity::Ask)),
        ];
        for (active, leaving, expected) in rows {
            let mut scene = Scene::departure(5);
            let rfi = item(70, 1, vec![holder(5, HeldAs::Assignee)]);
            let (holder, to) = (UserId::new(5), UserId::new(6));
            let (item, held_as) = (rfi.item, HeldAs::Assignee);
            scene.proposes(Action::Reassign { item, held_as, holder, to });
            scene.knows(user(5, "Ana Diaz")).on(5, &[project(70)]).holds(5, vec![rfi]);
            scene.knows(User { active, ..user(6, "Ben Ode") });
            let read = Read::Leaving { user: to };
            match leaving {
                Some(leaving) => scene.facts.add(read, Answer::Leaving(leaving)).unwrap(),
                None => scene.facts.forget(&read),
            }
            let found = scene.findings(Check::Successor);
            assert_eq!(found.first().map(|found| found.severity), expected, "{active:?} {leaving:?}");
            assert!(found.iter().all(|found| found.steps == [1].into() && found.what.contains("Ben Ode")));
        }
    }

    #[test]
    fn nobody_takes_over_whom_the_case_takes_access_from() {
        type Change = fn(&mut Scene);
        let rows: [(Change, u64, usize); 4] = [
            (|_| (), 6, 0),
            (|_| (), 5, 1),
            (|scene| _ = scene.removes(6, 70), 6, 1),
            (|scene| _ = scene.removes(6, 71), 6, 0),
        ];
        for (change, to, refused) in rows {
            let mut scene = Scene::departure(5);
            let rfi = item(70, 1, vec![holder(7, HeldAs::Assignee)]);
            let (holder, to) = (UserId::new(7), UserId::new(to));
            let (item, held_as) = (rfi.item, HeldAs::Assignee);
            scene.proposes(Action::Reassign { item, held_as, holder, to });
            for id in [5, 6, 7] {
                scene.knows(user(id, "Somebody")).on(id, &[project(70), project(71)]);
            }
            scene.holds(7, vec![rfi]);
            change(&mut scene);
            let found = scene.findings(Check::Successor);
            let refusals = found.iter().filter(|found| found.severity == Severity::Refuse);
            assert_eq!(refusals.count(), refused, "{found:?}");
        }
    }
}
