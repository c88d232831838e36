//! Early: is access taken before its planned day?
//!
//! A planned departure hands the work over first. A policy that takes login or projects away all the same may have its
//! reasons, so a person decides.

use std::collections::BTreeSet;

use super::{Case, Check, Finding, Severity};
use crate::event::{Kind, Urgency};

pub(super) fn check(case: Case<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    for (plan, _, step) in case.steps().filter(|(_, _, step)| step.action.may_take_access()) {
        let Kind::Departed { user, urgency: Urgency::Planned, effective } = &plan.content().event.kind else {
            continue;
        };
        if step.action.user() != Some(*user) || effective.at <= case.now {
            continue;
        }
        match findings.iter_mut().find(|finding| finding.plan == Some(plan.digest())) {
            Some(finding) => drop(finding.steps.insert(step.number)),
            None => findings.push(Finding {
                check: Check::Early,
                severity: Severity::Ask,
                plan: Some(plan.digest()),
                steps: BTreeSet::from([step.number]),
                what: format!("access would be taken before the planned day, {}", effective.at),
                proceed: "approve it with `muster apply PLAN --as NAME`, or plan again on the day".to_owned(),
            }),
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use crate::event::{Effective, Kind, Urgency};
    use crate::guard::Check;
    use crate::id::UserId;
    use crate::testing::{Scene, project, user};

    #[test]
    fn access_that_is_taken_before_the_planned_day_needs_a_person() {
        // The case is looked at on 2026-05-01 at 08:00.
        let rows = [
            (Urgency::Immediate, "2026-05-09T00:00:00Z", 5, 0),
            (Urgency::Planned, "2026-05-09T00:00:00Z", 5, 1),
            (Urgency::Planned, "2026-05-01T08:00:00Z", 5, 0),
            (Urgency::Planned, "2026-05-09T00:00:00Z", 6, 0),
        ];
        for (urgency, at, subject, found) in rows {
            let mut scene = Scene::departure(5);
            let effective = Effective { at: at.parse().unwrap(), zone: None };
            scene.event.kind = Kind::Departed { user: UserId::new(subject), urgency, effective };
            scene.deactivates(5).removes(5, 70).knows(user(5, "Ana Diaz")).on(5, &[project(70)]);
            let findings = scene.findings(Check::Early);
            assert_eq!(findings.len(), found, "{urgency:?} {at} {subject}");
            assert!(findings.iter().all(|finding| finding.steps == [1, 2].into()));
        }
    }
}
