//! Users onto projects and off them, many at once.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use muster_core::id::{ContactId, ProjectId, TemplateId, UserId};
use serde::{Deserialize, Deserializer, Serialize};

use super::Writes;
use crate::endpoint::{batches, bulk, contacts};
use crate::error::Error;

/// A membership that is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct NewMembership {
    /// Who.
    pub user: UserId,
    /// Where.
    pub project: ProjectId,
    /// The permission template; `None`: the user's own for new memberships.
    pub template: Option<TemplateId>,
}

/// What became of one user and project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PairAnswer {
    /// Procore did it, or it was so already: a user who was on the project keeps the template that was there.
    Done,
    /// A group manages the membership, so it stays (developers.procore.com, bulk remove company users from projects).
    SkippedManaged,
    /// Procore did not do it, in its own words, which may be none.
    Refused(String),
}

/// What became of many users and projects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BatchAnswer {
    /// It is done. A pair that Procore does not mention is missing: only reading tells.
    Now(BTreeMap<(UserId, ProjectId), PairAnswer>),
    /// Procore goes on with it: ask [`Reads::batch`](crate::Reads::batch), also after a restart.
    Later(BatchHandle),
}

/// What names something that Procore works on after its answer. It is a plain text, so that it can be written down.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct BatchHandle(String);

/// Text that can't name a batch.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} names no batch")]
pub struct BadHandle(String);

impl FromStr for BatchHandle {
    type Err = BadHandle;

    /// Accepts up to 100 letters, digits, `-` and `_`: it becomes a part of a path.
    fn from_str(text: &str) -> Result<Self, BadHandle> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        let good = (1..=100).contains(&text.len()) && text.bytes().all(plain);
        if good { Ok(Self(text.to_owned())) } else { Err(BadHandle(text.chars().take(40).collect())) }
    }
}

impl fmt::Display for BatchHandle {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for BatchHandle {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl Writes {
    /// Puts users on projects, at most 1,000 pairs. A pair that Procore does not mention is missing from the answer: only
    /// reading tells. Whoever is on the project already counts as done and keeps the template.
    ///
    /// # Errors
    ///
    /// See [`Writes`]; [`Invalid`](crate::ErrorKind::Invalid), with nothing sent, for more pairs.
    pub async fn add_to_projects(
        &self,
        memberships: &[NewMembership],
    ) -> Result<BTreeMap<(UserId, ProjectId), PairAnswer>, Error> {
        bulk::add(&self.client, memberships).await
    }

    /// Takes users off projects, at most 1,000 pairs. A pair that Procore does not mention is missing from the answer.
    ///
    /// # Errors
    ///
    /// As of [`add_to_projects`](Self::add_to_projects).
    pub async fn remove_from_projects(
        &self,
        pairs: &[(UserId, ProjectId)],
    ) -> Result<BTreeMap<(UserId, ProjectId), PairAnswer>, Error> {
        bulk::remove(&self.client, pairs).await
    }

    /// Puts users on projects with the second generation of Procore's API (beta), which answers up to 50 pairs at once and
    /// goes on with more after its answer. At most 1,000 pairs.
    ///
    /// # Errors
    ///
    /// As of [`add_to_projects`](Self::add_to_projects).
    pub async fn add_to_projects_v2(&self, memberships: &[NewMembership]) -> Result<BatchAnswer, Error> {
        batches::add(&self.client, memberships).await
    }

    /// Takes users off projects with the second generation of Procore's API (beta), which alone says which memberships are
    /// managed by a group. At most 1,000 pairs.
    ///
    /// # Errors
    ///
    /// As of [`add_to_projects`](Self::add_to_projects).
    pub async fn remove_from_projects_v2(&self, pairs: &[(UserId, ProjectId)]) -> Result<BatchAnswer, Error> {
        batches::remove(&self.client, pairs).await
    }

    /// Activates or deactivates people, with a login or without, at most 1,000, and returns who changed: who was so already
    /// is not among them. See [`Reads::person_ids`](crate::Reads::person_ids) for the numbers of users.
    ///
    /// # Errors
    ///
    /// See [`Writes`]; [`Invalid`](crate::ErrorKind::Invalid), with nothing sent, for more people.
    pub async fn set_people_active(
        &self,
        people: &[ContactId],
        active: bool,
    ) -> Result<BTreeSet<ContactId>, Error> {
        contacts::set_all_active(&self.client, people, active).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_is_a_plain_part_of_a_path() {
        for good in ["b-1", "Nk1_x", "17"] {
            let handle: BatchHandle = good.parse().unwrap();
            assert_eq!(serde_json::to_string(&handle).unwrap(), format!("\"{good}\""));
        }
        for bad in ["", ".", "..", "a/b", "a?b", "a b", "%2e", &"x".repeat(101)] {
            assert!(bad.parse::<BatchHandle>().is_err(), "{bad}");
            assert!(serde_json::from_value::<BatchHandle>(bad.into()).is_err(), "{bad}");
        }
    }
}
