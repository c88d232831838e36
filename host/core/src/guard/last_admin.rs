//! Last company admin: somebody has to be left who can let people in again.
//!
//! All plans of a case count together, and muster's own account does not count as somebody: nobody logs in with it.

use std::collections::BTreeSet;

use super::{Case, Check, Finding, Severity, called};
use crate::action::Action;
use crate::id::UserId;

pub(super) fn check(case: Case<'_>) -> Vec<Finding> {
    let lost: BTreeSet<UserId> = case.steps().filter_map(|(_, _, step)| costs(case, &step.action)).collect();
    let remaining = case.facts.company_admins().map(|admins| {
        let stays = |user: &&UserId| !lost.contains(user) && case.facts.me() != Some(**user);
        admins.iter().filter(|admin| admin.active).map(|admin| &admin.id).filter(stays).count()
    });
    let mut findings = Vec::new();
    for (plan, _, step) in case.steps() {
        let Some(user) = costs(case, &step.action) else { continue };
        let what = match (is_admin(case, user), remaining) {
            (Some(false), _) | (Some(true), Some(1..)) => continue,
            (Some(true), _) => format!("{} is the last company admin", called(plan, user)),
            (None, _) => format!("whether {} is the last company admin can't be told", called(plan, user)),
        };
        findings.push(Finding {
            check: Check::LastAdmin,
            severity: Severity::Refuse,
            plan: Some(plan.digest()),
            steps: [step.number].into(),
            what,
            proceed: "make somebody else a company admin in Procore and plan again".to_owned(),
        });
    }
    findings
}

/// Returns who would be no company admin any more: who loses the login, or gets a template that may not make an admin.
fn costs(case: Case<'_>, action: &Action) -> Option<UserId> {
    let user = action.may_cost_an_admin()?;
    let template = action.template().and_then(|template| {
        case.facts.company_templates()?.iter().find(|row| row.id == template)?.directory_admin
    });
    (template != Some(true)).then_some(user)
}

/// Returns whether a user is a company admin; `None` if that can't be told.
fn is_admin(case: Case<'_>, user: UserId) -> Option<bool> {
    if let Some(admins) = case.facts.company_admins() {
        return Some(admins.iter().any(|admin| admin.id == user));
    }
    let user = case.facts.user(user)?;
    let Some(template) = user.company_template.filter(|_| user.active) else { return Some(false) };
    let templates = case.facts.company_templates()?;
    templates.iter().find(|row| row.id == template)?.directory_admin
}

#[cfg(test)]
mod tests {
    use crate::directory::{Template, TemplateKind, User};
    use crate::guard::Check;
    use crate::id::{TemplateId, UserId};
    use crate::read::{Answer, Read};
    use crate::testing::{Scene, user};

    fn admin(id: u64) -> User {
        User { company_template: Some(TemplateId::new(30)), ..user(id, "Ana Diaz") }
    }

    fn templates(directory_admin: Option<bool>) -> Answer {
        let (id, name) = (TemplateId::new(30), "Company Admin".to_owned());
        Answer::Templates(vec![Template { id, name, kind: TemplateKind::Company, directory_admin }])
    }

    #[test]
    fn the_last_admin_can_not_be_deactivated_however_the_case_is_cut() {
        // Admins of the company, who is deactivated, how many findings. User 1 is muster's own account.
        let rows: [(&[u64], &[u64], usize); 6] = [
            (&[5, 6], &[5], 0),
            (&[5, 6], &[5, 6], 2),
            (&[5], &[5], 1),
            (&[1, 5], &[5], 1),
            (&[6], &[5], 0),
            (&[6, 7], &[5, 6], 0),
        ];
        for (admins, deactivated, found) in rows {
            let mut scene = Scene::departure(5);
            scene
                .facts
                .add(Read::CompanyAdmins, Answer::Users(admins.iter().copied().map(admin).collect()))
                .unwrap();
            for user in deactivated {
                scene.deactivates(*user).knows(admin(*user));
            }
            assert_eq!(scene.findings(Check::LastAdmin).len(), found, "{admins:?} {deactivated:?}");
        }
    }

    #[test]
    fn an_admin_is_told_by_the_template_and_doubt_refuses() {
        let rows = [
            (Some(templates(Some(false))), 0),
            (Some(templates(Some(true))), 1),
            (Some(templates(None)), 1),
            (Some(Answer::Templates(vec![])), 1),
            (None, 1),
        ];
        for (answer, found) in rows {
            let mut scene = Scene::departure(5);
            scene.deactivates(5).knows(admin(5));
            if let Some(answer) = answer.clone() {
                scene.facts.add(Read::CompanyTemplates, answer).unwrap();
            }
            assert_eq!(scene.findings(Check::LastAdmin).len(), found, "{answer:?}");
        }
        let mut scene = Scene::departure(5);
        scene.deactivates(5).knows(User { company_template: None, ..admin(5) });
        assert_eq!(scene.findings(Check::LastAdmin), vec![]);
        assert_eq!(scene.facts.user(UserId::new(5)).map(|user| user.active), Some(true));
    }
}
