//! Rights: would somebody become a company admin, or somebody who leaves get access?
//!
//! Where it can't be told what a template allows, it may make an admin: a person decides.

use super::{Case, Check, Finding, Severity};
use crate::action::{Access, Action};
use crate::event::Kind;
use crate::id::TemplateId;

pub(super) fn check(case: Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (plan, _, step) in case.steps() {
        let leaves = matches!(plan.content().event.kind, Kind::Departed { user, .. } if step.action.user() == Some(user));
        let template = match &step.action {
            Action::SetCompanyTemplate { template, .. } => Some(*template),
            Action::Reactivate { user } => case.facts.user(*user).and_then(|user| user.company_template),
            _ => None,
        };
        let what = match template.map(|template| (template, makes_admin(case, template))) {
            Some((template, Some(true))) => {
                format!("the company template {template} makes somebody a company admin")
            }
            Some((template, None)) => {
                format!("the company template {template} may make somebody a company admin")
            }
            _ if leaves && step.action.access() == Access::Gives => {
                "somebody who leaves would get access".to_owned()
            }
            _ => continue,
        };
        findings.push(Finding {
            check: Check::Rights,
            severity: Severity::Ask,
            plan: Some(plan.digest()),
            steps: [step.number].into(),
            what,
            proceed: "look through the plan and approve it with `muster apply PLAN --as NAME`".to_owned(),
        });
    }
    findings
}

/// Returns whether a company template makes an admin; `None` if that can't be told.
fn makes_admin(case: Case<'_>, template: TemplateId) -> Option<bool> {
    case.facts.company_templates()?.iter().find(|row| row.id == template)?.directory_admin
}

#[cfg(test)]
mod tests {
    use crate::action::{Action, UserRef};
    use crate::directory::{Template, TemplateKind, User};
    use crate::guard::Check;
    use crate::id::{TemplateId, UserId};
    use crate::read::{Answer, Read};
    use crate::testing::{Scene, user};

    #[test]
    fn a_company_template_that_may_make_an_admin_needs_a_person() {
        for (directory_admin, found) in [(Some(false), 0), (Some(true), 1), (None, 1)] {
            let (template, name) = (TemplateId::new(30), "Office".to_owned());
            let mut scene = Scene::departure(5);
            let row = Template { id: template, name, kind: TemplateKind::Company, directory_admin };
            scene.facts.add(Read::CompanyTemplates, Answer::Templates(vec![row])).unwrap();
            let user_ref = UserRef::Known(UserId::new(6));
            scene.proposes(Action::SetCompanyTemplate { user: user_ref, template }).knows(user(6, "Ben Ode"));
            scene.proposes(Action::Reactivate { user: UserId::new(7) });
            let admin = User { company_template: Some(template), active: false, ..user(7, "Cy Lund") };
            scene.knows(admin);
            assert_eq!(scene.findings(Check::Rights).len(), 2 * found, "{directory_admin:?}");
        }
    }

    #[test]
    fn who_leaves_gets_no_access_without_a_person() {
        for (id, found) in [(5, 1), (6, 0)] {
            let mut scene = Scene::departure(5);
            scene.proposes(Action::Reactivate { user: UserId::new(id) });
            scene.knows(User { active: false, ..user(id, "Somebody") });
            assert_eq!(scene.findings(Check::Rights).len(), found, "{id}");
        }
    }
}
