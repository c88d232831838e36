//! Protected accounts: who keeps access whatever a policy proposes.
//!
//! muster's own account is always protected: a run that cut off its own feet could not be undone by it.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Case, Check, Finding, Severity, called};
use crate::id::{Email, UserId};

/// Somebody on the list of protected accounts, by id or by address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Protected {
    /// The user with this id.
    User(UserId),
    /// The user with this address.
    Email(Email),
}

/// Text that names nobody.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} names nobody: the id of a user or an e-mail address is expected")]
pub struct BadProtected(String);

impl FromStr for Protected {
    type Err = BadProtected;

    fn from_str(text: &str) -> Result<Self, BadProtected> {
        let user = || text.parse().map(Self::User);
        let email = || text.parse().map(Self::Email);
        user().or_else(|_| email()).map_err(|_| BadProtected(text.chars().take(80).collect()))
    }
}

impl TryFrom<String> for Protected {
    type Error = BadProtected;

    fn try_from(text: String) -> Result<Self, BadProtected> {
        text.parse()
    }
}

impl From<Protected> for String {
    fn from(protected: Protected) -> Self {
        match protected {
            Protected::User(user) => user.to_string(),
            Protected::Email(email) => email.to_string(),
        }
    }
}

pub(super) fn check(case: Case<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let by_email = case.rules.protected.iter().any(|protected| matches!(protected, Protected::Email(_)));
    for (plan, _, step) in case.steps().filter(|(_, _, step)| step.action.may_take_access()) {
        let Some(user) = step.action.user() else { continue };
        let email = case.facts.user(user).and_then(|user| user.email.as_ref());
        let listed = case.rules.protected.iter().any(|protected| match protected {
            Protected::User(protected) => *protected == user,
            Protected::Email(protected) => email == Some(protected),
        });
        // Where it can't be told, nobody's access is taken.
        let why = match case.facts.me() {
            Some(me) if me == user => "is the account that muster itself uses",
            None => "may be the account that muster itself uses, which Procore does not show",
            Some(_) if listed => "is on the list of protected accounts",
            Some(_) if by_email && email.is_none() => {
                "has no address that could be compared with the list of protected accounts"
            }
            Some(_) => continue,
        };
        findings.push(Finding {
            check: Check::Protected,
            severity: Severity::Refuse,
            plan: Some(plan.digest()),
            steps: [step.number].into(),
            what: format!("{} {why}", called(plan, user)),
            proceed: "take the address or id out of `protected` under `[guard]` in the configuration, if that is meant"
                .to_owned(),
        });
    }
    findings
}

#[cfg(test)]
mod tests {
    use crate::guard::Check;
    use crate::id::UserId;
    use crate::read::{Answer, Read};
    use crate::testing::{Scene, project, user};

    #[test]
    fn who_has_no_address_is_protected_where_addresses_are_listed() {
        for (protected, found) in [("6", 0), ("ben@example.com", 1)] {
            let mut scene = Scene::departure(5);
            scene.rules.protected = [protected.parse().unwrap()].into();
            scene.deactivates(5).knows(crate::directory::User { email: None, ..user(5, "Ana Diaz") });
            assert_eq!(scene.findings(Check::Protected).len(), found, "{protected}");
        }
    }

    #[test]
    fn whoever_is_listed_or_is_muster_itself_keeps_access() {
        let rows: [(&[&str], Option<u64>, usize); 6] = [
            (&[], Some(1), 0),
            (&["5"], Some(1), 2),
            (&["ANA.DIAZ@example.com"], Some(1), 2),
            (&["6", "ben@example.com"], Some(1), 0),
            (&[], Some(5), 2),
            (&[], None, 2),
        ];
        for (protected, me, found) in rows {
            let mut scene = Scene::departure(5);
            scene.rules.protected = protected.iter().map(|text| text.parse().unwrap()).collect();
            scene.deactivates(5).removes(5, 70).knows(user(5, "Ana Diaz")).on(5, &[project(70)]);
            scene.facts = scene.facts.iter().filter(|(read, _)| **read != Read::Me).fold(
                crate::facts::Facts::default(),
                |mut facts, (read, answer)| {
                    facts.add(read.clone(), answer.clone()).unwrap();
                    facts
                },
            );
            if let Some(me) = me {
                scene.facts.add(Read::Me, Answer::Me(UserId::new(me))).unwrap();
            }
            assert_eq!(scene.findings(Check::Protected).len(), found, "{protected:?} {me:?}");
        }
    }
}
