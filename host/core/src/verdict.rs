//! Verdicts: what the findings about a plan come to.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::action::Action;
use crate::guard::{Check, Finding, Severity};
use crate::id::UserId;
use crate::plan::{Plan, Step};
use crate::proposal::{Decision, StepNumber};

/// What the guard says of one plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Verdict {
    /// What was found, about this plan or about the whole case.
    pub findings: Vec<Finding>,
    /// What they come to.
    pub ruling: Ruling,
    /// Where somebody's login has to be cut without waiting: the steps that do it, and what holds for them alone.
    pub cut_off: Option<CutOff>,
}

/// What may happen with steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ruling {
    /// The grant is enough.
    Pass,
    /// A person has to approve.
    NeedsApproval,
    /// No approval is enough.
    Refused,
}

/// The steps that cut a login off, apart from the rest of the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct CutOff {
    /// Which.
    pub steps: BTreeSet<StepNumber>,
    /// What holds for them.
    pub ruling: Ruling,
}

impl Verdict {
    /// Weighs the findings about a case for one of its plans. `stopped_by` are the policies that this one is bound to come
    /// after and that failed or hold.
    ///
    /// `login` is whose login can't wait at the time of the decision ([`Event::cut_off`](crate::event::Event::cut_off)), with
    /// what the guard finds when it looks at nothing else ([`Case::only_login_of`](crate::guard::Case::only_login_of)): the
    /// grant's reach, a protected account, the last company admin, a belt. Nothing else ever stops it.
    #[must_use]
    pub fn weigh(
        plan: &Plan,
        findings: &[Finding],
        login: Option<(UserId, &[Finding])>,
        stopped_by: &[&str],
    ) -> Self {
        let concerns = |finding: &&Finding| finding.plan.is_none_or(|digest| digest == plan.digest());
        let mut all: Vec<_> = findings.iter().filter(concerns).cloned().collect();
        if let Decision::Hold(words) = &plan.content().decision {
            all.push(Finding {
                check: Check::Hold,
                severity: Severity::Ask,
                plan: Some(plan.digest()),
                steps: BTreeSet::new(),
                what: format!("the policy wishes that a person looks first: {}", words.as_str()),
                proceed: "look through the plan and approve it with `muster apply PLAN --as NAME`".to_owned(),
            });
        }
        all.extend(stopped_by.iter().map(|policy| stopped(plan, policy)));
        let cut_off = login.and_then(|(login, findings)| {
            let cuts = |step: &&Step| matches!(step.action, Action::Deactivate { user } if user == login);
            let steps: BTreeSet<_> =
                plan.content().steps.iter().filter(cuts).map(|step| step.number).collect();
            let ruling = Ruling::of(findings.iter().filter(concerns));
            (!steps.is_empty()).then_some(CutOff { steps, ruling })
        });
        Self { ruling: Ruling::of(all.iter()), findings: all, cut_off }
    }
}

impl Verdict {
    /// Returns the verdict on a plan that comes after policies which have failed or hold since it was weighed. What
    /// holds for a cut-off stays as it is.
    #[must_use]
    pub fn stopped_by(mut self, plan: &Plan, policies: &[&str]) -> Self {
        self.findings.extend(policies.iter().map(|policy| stopped(plan, policy)));
        self.ruling = Ruling::of(self.findings.iter());
        self
    }
}

/// The finding that a plan comes after a policy which has not done its part.
fn stopped(plan: &Plan, policy: &str) -> Finding {
    Finding {
        check: Check::After,
        severity: Severity::Refuse,
        plan: Some(plan.digest()),
        steps: BTreeSet::new(),
        what: format!("the policy {policy:?}, which this one comes after, has not done its part"),
        proceed: format!("settle what {policy:?} waits for or failed at, then apply this plan"),
    }
}

impl Ruling {
    fn of<'a>(findings: impl Iterator<Item = &'a Finding>) -> Self {
        findings.map(|finding| finding.severity).max().map_or(Self::Pass, |worst| match worst {
            Severity::Ask => Self::NeedsApproval,
            Severity::Refuse => Self::Refused,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Scene, project, user};
    use crate::text::Words;

    #[test]
    fn a_hold_waits_for_a_person_but_never_holds_a_cut_off() {
        let mut scene = Scene::departure(5);
        scene.deactivates(5).removes(5, 70).knows(user(5, "Ana Diaz")).on(5, &[project(70)]);
        scene.proposal.decision = Decision::Hold(Words::new("an RFI has no successor").unwrap());
        let verdict = scene.verdict();
        assert_eq!(verdict.ruling, Ruling::NeedsApproval);
        assert_eq!(verdict.cut_off, Some(CutOff { steps: [1].into(), ruling: Ruling::Pass }));
    }

    #[test]
    fn what_a_policy_comes_after_stops_it_but_never_a_cut_off() {
        let mut scene = Scene::departure(5);
        scene.deactivates(5).removes(5, 70).knows(user(5, "Ana Diaz")).on(5, &[project(70)]);
        let verdict = Verdict::weigh(&scene.plan(), &[], Some((UserId::new(5), &[])), &["notify"]);
        assert_eq!((verdict.ruling, verdict.findings.len()), (Ruling::Refused, 1));
        assert_eq!(verdict.cut_off, Some(CutOff { steps: [1].into(), ruling: Ruling::Pass }));
    }

    #[test]
    fn a_belt_that_others_strain_does_not_hold_the_login() {
        let mut scene = Scene::departure(5);
        scene.deactivates(5).knows(user(5, "Ana Diaz"));
        for id in 100..126 {
            scene.deactivates(id).knows(user(id, "Somebody"));
        }
        assert_eq!(scene.verdict().ruling, Ruling::Refused);
        assert_eq!(scene.verdict().cut_off.map(|cut| cut.ruling), Some(Ruling::Pass));
        scene.rules.belts.ask.people = 0;
        assert_eq!(scene.verdict().cut_off.map(|cut| cut.ruling), Some(Ruling::NeedsApproval));
    }

    #[test]
    fn a_refused_step_refuses_the_plan_but_a_cut_off_only_if_it_is_the_cut_off() {
        let mut scene = Scene::departure(5);
        scene.deactivates(5).removes(6, 70).knows(user(5, "Ana Diaz")).knows(user(6, "Ben Ode"));
        let verdict = scene.verdict();
        assert_eq!(verdict.ruling, Ruling::Refused);
        assert_eq!(verdict.cut_off.map(|cut| cut.ruling), Some(Ruling::Pass));

        scene.rules.protected = ["5".parse().unwrap()].into();
        assert_eq!(scene.verdict().cut_off.map(|cut| cut.ruling), Some(Ruling::Refused));
    }
}
