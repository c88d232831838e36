//! Distribution groups: lists of users who are kept informed, of the company or of one project.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::holding::{HeldAs, Holding, Kind};
use super::ids::Space;
use super::{Company, Invalid};

/// How many idempotency tokens a group remembers.
const TOKENS: usize = 100;

/// A distribution group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DistributionGroup {
    /// The id.
    pub id: u64,
    /// The name.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// The project; none for a group of the company.
    pub project: Option<u64>,
    /// Its users, in order.
    pub users: Vec<u64>,
    /// The idempotency tokens of the last changes.
    pub tokens: Vec<String>,
    /// When the record was made.
    pub created_at: Timestamp,
    /// When the record was last changed.
    pub updated_at: Timestamp,
}

impl DistributionGroup {
    /// Remembers the token of a change.
    pub(crate) fn remember(&mut self, token: &str) {
        if self.tokens.len() == TOKENS {
            self.tokens.remove(0);
        }
        self.tokens.push(token.to_owned());
    }
}

impl Company {
    /// Adds a group of the company or of a project and returns its id.
    pub fn add_distribution_group(
        &mut self,
        name: &str,
        project: Option<u64>,
        users: &[u64],
    ) -> Result<u64, Invalid> {
        if let Some(id) = project.filter(|id| !self.projects.contains_key(id)) {
            return Err(Invalid::unknown("project_id", id));
        }
        let group = DistributionGroup {
            id: self.ids.next(Space::Group),
            name: name.to_owned(),
            description: None,
            project,
            users: users.to_vec(),
            tokens: Vec::new(),
            created_at: self.now,
            updated_at: self.now,
        };
        self.check_group(&group)?;
        let id = group.id;
        self.distribution_groups.insert(id, group);
        Ok(id)
    }

    /// Puts a changed group in the place of the one with its id.
    pub fn put_distribution_group(&mut self, mut group: DistributionGroup) -> Result<(), Invalid> {
        if !self.distribution_groups.contains_key(&group.id) {
            return Err(Invalid::unknown("id", group.id));
        }
        self.check_group(&group)?;
        group.updated_at = self.now;
        self.distribution_groups.insert(group.id, group);
        Ok(())
    }

    /// Returns a group.
    pub fn distribution_group(&self, id: u64) -> Option<&DistributionGroup> {
        self.distribution_groups.get(&id)
    }

    /// Returns all groups in the order of their ids.
    pub fn distribution_groups(&self) -> impl Iterator<Item = &DistributionGroup> {
        self.distribution_groups.values()
    }

    fn check_group(&self, group: &DistributionGroup) -> Result<(), Invalid> {
        if group.name.trim().is_empty() {
            return Err(Invalid::new("name", "can't be blank"));
        }
        match group.users.iter().find(|id| !self.users.contains_key(id)) {
            Some(id) => Err(Invalid::unknown("user_ids", *id)),
            None => Ok(()),
        }
    }
}

/// Adds who is in which group.
pub(super) fn holdings(company: &Company, all: &mut Vec<Holding>) {
    for group in company.distribution_groups() {
        let (kind, role) = (Kind::DistributionGroup, HeldAs::Member);
        let held = group.users.iter();
        all.extend(held.map(|user| Holding {
            user: *user,
            kind,
            role,
            project: group.project,
            id: group.id,
        }));
    }
}
