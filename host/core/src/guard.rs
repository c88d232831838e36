//! The guard: what may go wrong with the plans of a case, asked before anything is approved and again before it happens.
//!
//! Every check is pure: plans, grants, facts and rules in, findings out. A check never decides by itself; the findings
//! together make the [`Verdict`](crate::verdict::Verdict). One file, one check.

mod early;
mod identity;
mod last_admin;
mod protected;
mod rights;
mod scope;
mod successor;
mod volume;
mod workflow;

use std::collections::BTreeSet;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use self::protected::{BadProtected, Protected};
pub use self::volume::{Belts, Counts, Stop};
use crate::action::Action;
use crate::digest::Digest;
use crate::facts::Facts;
use crate::grant::Grant;
use crate::id::UserId;
use crate::plan::{Plan, Step};
use crate::proposal::StepNumber;

/// What the operator lays down for every policy and every cause. No grant and no policy can widen it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Rules {
    /// How much may change.
    #[serde(default)]
    pub belts: Belts,
    /// Who keeps access whatever a policy proposes.
    #[serde(default)]
    #[schemars(with = "BTreeSet<String>")]
    pub protected: BTreeSet<Protected>,
}

/// What the guard looks at: all plans of a case together, or only the login in them that can't wait.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    plans: &'a [(&'a Plan, &'a Grant)],
    facts: &'a Facts,
    rules: &'a Rules,
    now: Timestamp,
    only: Option<UserId>,
}

impl<'a> Case<'a> {
    /// Returns what the guard looks at: plans in the order in which they run, each with the grant of its policy; what
    /// [`Facts::missing`] asks for, as it is now; what the operator lays down; and the time.
    #[must_use]
    pub fn new(
        plans: &'a [(&'a Plan, &'a Grant)],
        facts: &'a Facts,
        rules: &'a Rules,
        now: Timestamp,
    ) -> Self {
        Self { plans, facts, rules, now, only: None }
    }

    /// Returns the same case seen as if its plans did nothing but take the login of `user` away.
    #[must_use]
    pub fn only_login_of(self, user: UserId) -> Self {
        Self { only: Some(user), ..self }
    }

    /// Returns every step that is looked at, with its plan and the grant of its policy.
    fn steps(self) -> impl Iterator<Item = (&'a Plan, &'a Grant, &'a Step)> {
        let all = self
            .plans
            .iter()
            .flat_map(|(plan, grant)| plan.content().steps.iter().map(move |step| (*plan, *grant, step)));
        let is_login =
            move |step: &Step, user| matches!(step.action, Action::Deactivate { user: of } if of == user);
        all.filter(move |(_, _, step)| self.only.is_none_or(|user| is_login(step, user)))
    }
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
    /// Is access taken before its planned day?
    Early,
    /// Would somebody be another one, or none?
    Identity,
    /// Would somebody become a company admin?
    Rights,
    /// Would somebody take an item over who has no login, or leaves as well?
    Successor,
    /// Would a workflow stop?
    Workflow,
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
    let checks = [
        scope::check,
        protected::check,
        last_admin::check,
        early::check,
        identity::check,
        rights::check,
        successor::check,
        workflow::check,
        volume::check,
    ];
    checks.iter().flat_map(|check| check(case)).collect()
}

/// Returns how messages speak of a user: by name where the plan knows it, else by id.
fn called(plan: &Plan, user: UserId) -> String {
    match plan.content().names.users.get(&user) {
        Some(name) => format!("{name} (user {user})"),
        None => format!("user {user}"),
    }
}
