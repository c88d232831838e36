//! Identity: would somebody be another one, or none?
//!
//! An e-mail address is the login in every company that somebody is in, and a deletion can't be undone: a person decides
//! about both, always. Deleting is no way to deactivate, and Procore's own reference has no such operation.

use super::{Case, Check, Finding, Severity, called};
use crate::action::Action;

/// The only dialect that has an operation to delete a user.
const DELETES: &str = "guide";

pub(super) fn check(case: Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (plan, _, step) in case.steps() {
        let dialect = &plan.content().target.dialect;
        let approve = "look through the plan and approve it with `muster apply PLAN --as NAME`";
        let (severity, what, proceed) = match &step.action {
            Action::ChangeEmail { user, email } => (
                Severity::Ask,
                format!("{} would log in as {email}, in every company", called(plan, *user)),
                approve,
            ),
            Action::DeleteUser { user } if dialect == DELETES => {
                (Severity::Ask, format!("{} would be deleted for good", called(plan, *user)), approve)
            }
            Action::DeleteUser { user } => (
                Severity::Refuse,
                format!("{} can't be deleted: Procore has no such operation", called(plan, *user)),
                "deactivate the user instead",
            ),
            _ => continue,
        };
        findings.push(Finding {
            check: Check::Identity,
            severity,
            plan: Some(plan.digest()),
            steps: [step.number].into(),
            what,
            proceed: proceed.to_owned(),
        });
    }
    findings
}

#[cfg(test)]
mod tests {
    use crate::action::Action;
    use crate::guard::{Check, Severity};
    use crate::id::UserId;
    use crate::read::{Answer, Read};
    use crate::testing::{Scene, user};

    #[test]
    fn another_address_and_a_deletion_always_need_a_person_and_most_servers_have_no_deletion() {
        let (ana, email) = (UserId::new(5), "ana@elsewhere.example".parse().unwrap());
        let rows = [
            ("reference", Action::ChangeEmail { user: ana, email }, Some(Severity::Ask)),
            ("reference", Action::DeleteUser { user: ana }, Some(Severity::Refuse)),
            ("guide", Action::DeleteUser { user: ana }, Some(Severity::Ask)),
            ("reference", Action::Deactivate { user: ana }, None),
        ];
        for (dialect, action, expected) in rows {
            let mut scene = Scene::departure(5);
            dialect.clone_into(&mut scene.dialect);
            let read = Read::UsersByEmail { email: "ana@elsewhere.example".parse().unwrap() };
            scene.facts.add(read, Answer::Users(vec![])).unwrap();
            scene.proposes(action.clone()).knows(user(5, "Ana Diaz"));
            let severities: Vec<_> =
                scene.findings(Check::Identity).iter().map(|finding| finding.severity).collect();
            assert_eq!(severities, expected.into_iter().collect::<Vec<_>>(), "{dialect} {action:?}");
        }
    }
}
