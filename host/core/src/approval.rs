//! Approval: what lets a plan be carried out. Only [`approve`] makes an [`Approved`], and the executor takes nothing else.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::plan::Plan;
use crate::proposal::StepNumber;
use crate::verdict::{Ruling, Verdict};

/// A recorded yes to one digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Approval {
    /// The plan that it is for.
    pub plan: Digest,
    /// The name that was given. Nothing proves it: it is shown as unauthenticated.
    pub name: String,
    /// The user of the operating system who gave it.
    pub os_user: String,
    /// When.
    pub at: Timestamp,
    /// Until when it holds.
    pub expires: Timestamp,
}

/// A plan, or the part of it that cuts a login off, which may be carried out.
#[derive(Debug, Clone)]
pub struct Approved {
    plan: Plan,
    steps: BTreeSet<StepNumber>,
}

/// Why a plan may not be carried out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotApproved {
    /// The guard refuses it.
    #[error("the guard refuses the plan {}", .0.short())]
    Refused(Digest),
    /// It waits for a person.
    #[error("the plan {} waits for a person's approval", .0.short())]
    Waits(Digest),
}

/// Approves what verdict and approvals allow: all steps, or at least those that cut a login off without waiting.
///
/// # Errors
///
/// If they allow nothing.
pub fn approve(
    plan: &Plan,
    verdict: &Verdict,
    approvals: &[Approval],
    now: Timestamp,
) -> Result<Approved, NotApproved> {
    let approved = approvals.iter().any(|approval| approval.plan == plan.digest() && now < approval.expires);
    let all = || Approved { plan: plan.clone(), steps: plan.step_numbers() };
    match verdict.ruling {
        Ruling::Pass => return Ok(all()),
        Ruling::NeedsApproval if approved => return Ok(all()),
        Ruling::NeedsApproval | Ruling::Refused => {}
    }
    match &verdict.cut_off {
        Some(cut) if cut.ruling == Ruling::Pass || cut.ruling == Ruling::NeedsApproval && approved => {
            Ok(Approved { plan: plan.clone(), steps: cut.steps.clone() })
        }
        _ if verdict.ruling == Ruling::Refused => Err(NotApproved::Refused(plan.digest())),
        _ => Err(NotApproved::Waits(plan.digest())),
    }
}

impl Approved {
    /// Returns the plan.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Returns the steps that may be carried out.
    #[must_use]
    pub fn steps(&self) -> &BTreeSet<StepNumber> {
        &self.steps
    }

    /// Returns whether that is all of them.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.steps.len() == self.plan.content().steps.len()
    }

    /// Returns this approval narrowed to the steps that cut a login off, if it has any: what a case carries out first.
    #[must_use]
    pub fn cut_off(&self, verdict: &Verdict) -> Option<Self> {
        let steps: BTreeSet<_> = verdict.cut_off.as_ref()?.steps.intersection(&self.steps).copied().collect();
        (!steps.is_empty()).then(|| Self { plan: self.plan.clone(), steps })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Scene, user};

    fn approval(plan: Digest) -> Approval {
        let name = "Pat".to_owned();
        let at = "2026-05-01T08:00:00Z".parse().unwrap();
        Approval {
            plan,
            name,
            os_user: "pat".to_owned(),
            at,
            expires: "2026-05-01T09:00:00Z".parse().unwrap(),
        }
    }

    #[test]
    fn an_approval_holds_for_its_digest_until_it_expires() {
        let mut scene = Scene::departure(5);
        scene.deactivates(6).knows(user(6, "Ben Ode"));
        let plan = scene.plan();
        let verdict = Verdict { findings: vec![], ruling: Ruling::NeedsApproval, cut_off: None };
        let at = |time: &str| time.parse().unwrap();
        let given = [approval(plan.digest())];
        let other = [approval(Digest::of_bytes(b"another plan"))];
        assert!(approve(&plan, &verdict, &given, at("2026-05-01T08:59:59Z")).is_ok());
        for (approvals, now) in [(&given, "2026-05-01T09:00:00Z"), (&other, "2026-05-01T08:30:00Z")] {
            let refused = approve(&plan, &verdict, approvals, at(now)).unwrap_err();
            assert_eq!(refused, NotApproved::Waits(plan.digest()));
        }
        let verdict = Verdict { ruling: Ruling::Refused, ..verdict };
        let refused = approve(&plan, &verdict, &given, at("2026-05-01T08:30:00Z")).unwrap_err();
        assert_eq!(refused, NotApproved::Refused(plan.digest()));
    }

    #[test]
    fn what_waits_or_is_refused_still_lets_the_cut_off_through() {
        let mut scene = Scene::departure(5);
        scene.deactivates(5).removes(6, 70).knows(user(5, "Ana Diaz")).knows(user(6, "Ben Ode"));
        let plan = scene.plan();
        let approved =
            approve(&plan, &scene.verdict(), &[], "2026-05-01T08:00:00Z".parse().unwrap()).unwrap();
        assert_eq!(approved.steps(), &[1].into());
        assert!(!approved.is_whole());
    }
}
