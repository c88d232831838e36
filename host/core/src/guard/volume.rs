//! Volume: the belts, how much may change at once.
//!
//! `ask` needs a person, `stop` lets nobody through but a change of the configuration. Both count all plans of a case
//! together.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Case, Check, Finding, Severity};
use crate::action::Action;
use crate::read::Read;

/// How much may change before somebody is asked, and before it is stopped.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Belts {
    /// Beyond these a person has to approve.
    #[serde(default)]
    pub ask: Counts,
    /// Beyond these it does not happen.
    #[serde(default)]
    pub stop: Stop,
}

/// Numbers of changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Counts {
    /// People who lose access to the company or to a project, or get another address or other rights there.
    pub people: u64,
    /// Memberships that begin, end or get other rights.
    pub memberships: u64,
    /// Items that are handed over or closed.
    pub items: u64,
    /// Users, contacts and vendors that are created, invited or changed in any other way.
    pub accounts: u64,
}

impl Default for Counts {
    fn default() -> Self {
        Self { people: 25, memberships: 500, items: 200, accounts: 100 }
    }
}

/// How many people may lose access at the most.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Stop {
    /// The share of the company's active users, in percent, where it has `company-size` of them or more.
    pub percent: u64,
    /// From how many active users on the share counts.
    pub company_size: u64,
    /// The number of people where the company is smaller.
    pub people: u64,
}

impl Default for Stop {
    fn default() -> Self {
        // What administrators know from the import safeguards of identity products: 20 % of at least 100.
        Self { percent: 20, company_size: 100, people: 25 }
    }
}

impl Stop {
    /// Returns how many people may lose access in a company of `active_users`.
    #[must_use]
    pub fn limit(&self, active_users: u64) -> u64 {
        if active_users >= self.company_size {
            active_users.saturating_mul(self.percent) / 100
        } else {
            self.people
        }
    }
}

impl Belts {
    /// Returns what has to be known of the company to judge all the actions of a case.
    pub fn missing<'a>(&self, actions: impl Iterator<Item = &'a Action>) -> Option<Read> {
        self.could_stop(people_losing_access(actions)).then_some(Read::ActiveUserCount)
    }

    /// Returns whether `people` losing access could be too many, whatever the size of the company.
    fn could_stop(&self, people: u64) -> bool {
        people > self.stop.people.min(self.stop.limit(self.stop.company_size))
    }
}

/// Returns how many people lose access to the company or to a project, or may: by another address or template.
fn people_losing_access<'a>(actions: impl Iterator<Item = &'a Action>) -> u64 {
    let people: BTreeSet<_> =
        actions.filter(|action| action.may_take_access()).filter_map(Action::user).collect();
    people.len() as u64
}

pub(super) fn check(case: Case<'_>) -> Vec<Finding> {
    let actions = || case.steps().map(|(_, _, step)| &step.action);
    let people = people_losing_access(actions());
    let is_membership = |action: &&Action| action.project().is_some() && action.item().is_none();
    let memberships = actions().filter(is_membership).count() as u64;
    let accounts = actions().filter(|action| action.project().is_none() && !action.takes_access());
    let accounts = accounts.count() as u64;
    let items = actions().filter_map(Action::item).collect::<BTreeSet<_>>().len() as u64;
    let belts = &case.rules.belts;
    let mut findings = Vec::new();
    let asks = [
        (people, belts.ask.people, "people losing access"),
        (memberships, belts.ask.memberships, "memberships changing"),
        (accounts, belts.ask.accounts, "accounts changing"),
        (items, belts.ask.items, "items changing hands"),
    ];
    for (count, limit, what) in asks.into_iter().filter(|(count, limit, _)| count > limit) {
        let what = format!("{count} {what}, where more than {limit} need a person's approval");
        let proceed = "look through the plan and approve it with `muster apply PLAN --as NAME`".to_owned();
        findings.push(finding(Severity::Ask, what, proceed));
    }
    if belts.could_stop(people) {
        // Who has lost the login already, by an earlier part of the same run, was there when the company was measured.
        let gone: BTreeSet<_> =
            actions().filter(|action| action.may_take_access()).filter_map(Action::user).collect();
        let gone = gone.iter().filter(|user| case.facts.user(**user).is_some_and(|user| !user.active)).count()
            as u64;
        let what = match case.facts.active_user_count().map(|active| active + gone) {
            Some(active) if people <= belts.stop.limit(active) => return findings,
            Some(active) => {
                let limit = belts.stop.limit(active);
                format!("{people} people losing access of {active}, where {limit} are the most")
            }
            None => format!("{people} people losing access of an unknown number"),
        };
        let proceed = "no approval lifts this; raise `stop` under `[guard.belts]` in the configuration, if that is meant";
        findings.push(finding(Severity::Refuse, what, proceed.to_owned()));
    }
    findings
}

fn finding(severity: Severity, what: String, proceed: String) -> Finding {
    Finding { check: Check::Volume, severity, plan: None, steps: BTreeSet::new(), what, proceed }
}

#[cfg(test)]
mod tests {
    use crate::guard::{Check, Severity};
    use crate::read::{Answer, Read};
    use crate::testing::{Scene, user};

    #[test]
    fn many_need_a_person_and_too_many_are_stopped() {
        use Severity::{Ask, Refuse};
        // People, active users of the company (None: not known), severities found.
        let rows: [(u64, Option<u64>, &[Severity]); 9] = [
            (1, None, &[]),
            (20, None, &[]),
            (21, None, &[Refuse]),
            (21, Some(100), &[Refuse]),
            (21, Some(105), &[]),
            (25, Some(99), &[]),
            (26, Some(99), &[Ask, Refuse]),
            (26, Some(130), &[Ask]),
            (27, Some(130), &[Ask, Refuse]),
        ];
        for (people, active, severities) in rows {
            let mut scene = Scene::departure(100);
            for id in 100..100 + people {
                scene.deactivates(id).knows(user(id, "Somebody"));
            }
            if let Some(active) = active {
                scene.facts.add(Read::ActiveUserCount, Answer::Count(active)).unwrap();
            }
            let found: Vec<_> =
                scene.findings(Check::Volume).iter().map(|finding| finding.severity).collect();
            assert_eq!(found, severities, "{people} of {active:?}");
        }
    }

    #[test]
    fn a_run_that_is_half_done_is_measured_by_the_company_as_it_was() {
        let mut scene = Scene::departure(100);
        for id in 100..129 {
            let gone = crate::directory::User { active: id >= 120, ..user(id, "Somebody") };
            scene.deactivates(id).knows(gone);
        }
        let refused = |scene: &Scene| {
            scene.findings(Check::Volume).iter().any(|finding| finding.severity == Severity::Refuse)
        };
        scene.facts.add(Read::ActiveUserCount, Answer::Count(145 - 20)).unwrap();
        assert!(!refused(&scene));
        scene.facts.add(Read::ActiveUserCount, Answer::Count(144 - 20)).unwrap();
        assert!(refused(&scene));
    }
}
