//! Candidates: who could take an item over, best first, and why.

use serde::{Deserialize, Serialize};

use super::{HeldAs, Item, Person};

/// Who could hold items, as Procore tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Candidates {
    /// The people, sorted by id.
    pub people: Vec<Person>,
    /// Whether the tool itself offers them, so that they may hold it. Otherwise they are those on the project who have a
    /// login, and whether one may hold it shows only when it is tried.
    pub offered: bool,
}

/// Somebody who could take an item over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Candidate {
    /// Who.
    pub person: Person,
    /// What speaks for them.
    pub fit: Fit,
}

/// What speaks for a candidate, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fit {
    /// They manage the item.
    Manages,
    /// They hold the item in another role.
    Knows,
    /// The tool offers them.
    Offered,
    /// They are on the project and have a login; the tool does not say whom it permits.
    OnProject,
    /// They hold the item in this very role: whoever gives way leaves it to them.
    Holds,
}

impl Fit {
    /// Returns the reason in words, for example `manages it`.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Manages => "manages it, and the project offers them for it",
            Self::Knows => "holds it in another role, and the project offers them for it",
            Self::Offered => "the project offers them for it",
            Self::OnProject => "on the project with a login; Procore does not say who may hold it",
            Self::Holds => "holds it in this role already",
        }
    }
}

impl Candidates {
    /// Returns the candidates for an item, best first; those who fit equally well sorted by id. Without the item, which may
    /// not be known, all of them are what the tool says.
    #[must_use]
    pub fn rank(&self, item: Option<&Item>, held_as: HeldAs) -> Vec<Candidate> {
        let fit = |person: &Person| {
            let holds = |role| item.is_some_and(|item| item.held_by(person.id).any(|held| held == role));
            if item.is_some_and(|item| item.holds(person.id, held_as)) {
                Fit::Holds
            } else if !self.offered {
                Fit::OnProject
            } else if holds(HeldAs::Manager) {
                Fit::Manages
            } else if item.is_some_and(|item| item.held_by(person.id).next().is_some()) {
                Fit::Knows
            } else {
                Fit::Offered
            }
        };
        let mut ranked: Vec<_> =
            self.people.iter().map(|person| Candidate { fit: fit(person), person: person.clone() }).collect();
        ranked.sort_by_key(|candidate| (candidate.fit, candidate.person.id));
        ranked
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::UserId;
    use crate::testing::{holder, item};

    #[test]
    fn whoever_knows_an_item_comes_first_and_whoever_holds_it_last() {
        use HeldAs::{Assignee, Manager, RequiredAssignee};
        let rfi = item(70, 1, vec![holder(4, RequiredAssignee), holder(9, Manager), holder(8, Assignee)]);
        let people = [4, 6, 7, 8, 9].map(|id| Person { id: UserId::new(id), name: String::new() }).to_vec();
        let ranked = |offered, item, held_as| {
            let candidates = Candidates { people: people.clone(), offered };
            let ranked = candidates.rank(item, held_as);
            ranked.into_iter().map(|one| (one.person.id.get(), one.fit)).collect::<Vec<_>>()
        };
        use Fit::{Holds, Knows, Manages, Offered, OnProject};
        let expected = [(9, Manages), (6, Offered), (7, Offered), (4, Holds), (8, Holds)];
        assert_eq!(ranked(true, Some(&rfi), Assignee), expected);
        let expected = [(4, Knows), (8, Knows), (6, Offered), (7, Offered), (9, Holds)];
        assert_eq!(ranked(true, Some(&rfi), Manager), expected);
        let expected = [(6, OnProject), (7, OnProject), (8, OnProject), (9, OnProject), (4, Holds)];
        assert_eq!(ranked(false, Some(&rfi), RequiredAssignee), expected);
        assert!(ranked(true, None, Assignee).iter().all(|(_, fit)| *fit == Offered));
    }
}
