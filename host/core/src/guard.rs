//! The guard: what may go wrong with the plans of a case, asked before anything is approved and again before it happens.
//!
//! Every check is pure: plans, grants, facts and rules in, findings out. A check never decides by itself; the findings
//! together make the [`Verdict`](crate::verdict::Verdict). One file, one check.

mod last_admin;
mod protected;
mod scope;
mod volume;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use self::protected::{BadProtected, Protected};
pub use self::volume::{Belts, Counts, Stop};
use crate::digest::Digest;
use crate::facts::Facts;
use crate::grant::Grant;
use crate::plan::Plan;
use crate::proposal::StepNumber;

/// What the operator lays down for every policy and every cause. No grant and no policy can widen it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Rules {
    /// How much may change.
    #[serde(default)]
    pub belts: Belts,
    /// Who keeps access whatever a policy proposes.
    #[serde(default)]
    pub protected: BTreeSet<Protected>,
}

/// What the guard looks at: all plans of a case together.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// The plans in the order in which they will run, each with the grant of its policy.
    pub plans: &'a [(&'a Plan, &'a Grant)],
    /// What [`Facts::missing`] asks for, as it is now.
    pub facts: &'a Facts,
    /// What the operator lays down.
    pub rules: &'a Rules,
}

/// One remark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Finding {
    /// Which check makes it.
    pub check: Check,
    /// How bad it is.
    pub severity: Severity,
    /// The plan that it is about; `None` if it is about all of the case.
    pub plan: Option<Digest>,
    /// The steps that it is about; empty if it is about all of the plan.
    pub steps: BTreeSet<StepNumber>,
    /// What is the matter.
    pub what: String,
    /// What can be done about it.
    pub proceed: String,
}

/// What makes a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Check {
    /// Does the grant reach whom and what the plan changes?
    Scope,
    /// Is somebody protected?
    Protected,
    /// Would the company be without an admin?
    LastAdmin,
    /// Is it too much?
    Volume,
    /// Did the policy ask for a person to look first? Not a check of the guard, but weighed with its findings.
    Hold,
    /// Did a policy fail or hold that this one is bound to come after? Not a check of the guard either.
    After,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// A person has to approve.
    Ask,
    /// It must not happen, whoever approves.
    Refuse,
}

/// Returns everything that the checks find, in the order of the checks and plans.
#[must_use]
pub fn check(case: Case<'_>) -> Vec<Finding> {
    [scope::check, protected::check, last_admin::check, volume::check]
        .iter()
        .flat_map(|check| check(case))
        .collect()
}

/// Every step of every plan that `wanted` picks, as finding and message need it.
fn steps<'a>(case: Case<'a>) -> impl Iterator<Item = (&'a Plan, &'a crate::plan::Step)> {
    case.plans.iter().flat_map(|(plan, _)| plan.content().steps.iter().map(move |step| (*plan, step)))
}

/// Returns how messages speak of a user: by name where the plan knows it, else by id.
fn called(plan: &Plan, user: crate::id::UserId) -> String {
    match plan.content().names.users.get(&user) {
        Some(name) => format!("{name} (user {user})"),
        None => format!("user {user}"),
    }
}
