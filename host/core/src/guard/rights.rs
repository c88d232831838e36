//! Rights: would somebody become a company admin?
//!
//! Where it can't be told what a template allows, it may: a person decides.

use super::{Case, Check, Finding, Severity};
use crate::action::Action;

pub(super) fn check(case: Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (plan, _, step) in case.steps() {
        let Action::SetCompanyTemplate { template, .. } = &step.action else { continue };
        let templates = case.facts.company_templates().unwrap_or_default();
        let known = templates.iter().find(|row| row.id == *template).and_then(|row| row.directory_admin);
        let may = match known {
            Some(false) => continue,
            Some(true) => "makes",
            None => "may make",
        };
        findings.push(Finding {
            check: Check::Rights,
            severity: Severity::Ask,
            plan: Some(plan.digest()),
            steps: [step.number].into(),
            what: format!("the company template {template} {may} somebody a company admin"),
            proceed: "look through the plan and approve it with `muster apply PLAN --as NAME`".to_owned(),
        });
    }
    findings
}

#[cfg(test)]
mod tests {
    use crate::action::{Action, UserRef};
    use crate::directory::{Template, TemplateKind};
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
            let user_ref = UserRef::Known(UserId::new(5));
            scene
                .proposes(Action::SetCompanyTemplate { user: user_ref, template })
                .knows(user(5, "Ana Diaz"));
            assert_eq!(scene.findings(Check::Rights).len(), found, "{directory_admin:?}");
        }
    }
}
