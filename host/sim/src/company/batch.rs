//! Changes of many memberships that Procore works off after it has answered.
//!
//! A batch goes on with the time of the simulated company and with every look at it, so that it comes to an end under a
//! clock that stands still as well. Nothing is lost when nobody looks: what time has passed is made up for before the
//! next request.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ids::Space;
use super::{Company, Invalid, NewMembership};

/// How many rows are worked off in a second, and at every look.
const ROWS: usize = 25;

/// A membership to be made or ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Row {
    /// The user.
    pub(crate) user: u64,
    /// The id that the caller named the user by.
    pub(crate) named: u64,
    /// The project.
    pub(crate) project: u64,
    /// The template of a membership that is made; the user's default one when it is missing.
    pub(crate) template: Option<u64>,
    /// Whether it is to be made.
    pub(crate) add: bool,
}

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It is so now.
    Success,
    /// It can't be so.
    Failure,
    /// The membership belongs to Procore's Groups and stays.
    Managed,
}

/// Rows that are worked off one after the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Batch {
    /// The id.
    pub(crate) id: String,
    /// All rows in their order.
    pub(crate) rows: Vec<Row>,
    /// How many of them are worked off.
    pub(crate) done: usize,
    /// How many of those could not be made so.
    pub(crate) failures: usize,
    /// When the batch was accepted.
    pub(crate) accepted_at: Timestamp,
    /// How often somebody asked how far it is.
    pub(super) looks: usize,
}

impl Company {
    /// Accepts rows to be worked off later and returns the id of the batch.
    pub(crate) fn add_batch(&mut self, rows: Vec<Row>) -> String {
        let id = format!("batch-{:012x}", self.ids.next(Space::Batch));
        let batch = Batch { id: id.clone(), rows, done: 0, failures: 0, accepted_at: self.now, looks: 0 };
        self.batches.insert(id.clone(), batch);
        id
    }

    /// Looks at a batch, which brings it on.
    pub(crate) fn look_at_batch(&mut self, id: &str) -> Option<&Batch> {
        self.batches.get_mut(id)?.looks += 1;
        self.work_batches();
        self.batches.get(id)
    }

    /// Works off what should be worked off by now.
    pub(super) fn work_batches(&mut self) {
        let mut due = Vec::new();
        for batch in self.batches.values_mut() {
            let passed = Duration::try_from(self.now.duration_since(batch.accepted_at)).unwrap_or_default();
            let steps = usize::try_from(passed.as_secs()).unwrap_or(usize::MAX).saturating_add(batch.looks);
            let upto = steps.saturating_mul(ROWS).min(batch.rows.len());
            if upto > batch.done {
                due.extend(
                    batch.rows.iter().take(upto).skip(batch.done).map(|row| (batch.id.clone(), row.clone())),
                );
                batch.done = upto;
            }
        }
        for (id, row) in due {
            let failed = self.work(&row) == Outcome::Failure;
            if let Some(batch) = self.batches.get_mut(&id).filter(|_| failed) {
                batch.failures += 1;
            }
        }
    }

    /// Works off one row. Whoever is on a project already keeps the template.
    pub(crate) fn work(&mut self, row: &Row) -> Outcome {
        let member = self.membership(row.user, row.project);
        match (row.add, member) {
            (true, Some(_)) => Outcome::Success,
            (true, None) => match self.join(row) {
                Ok(_) => Outcome::Success,
                Err(_) => Outcome::Failure,
            },
            (false, None) => Outcome::Failure,
            (false, Some(member)) if member.managed => Outcome::Managed,
            (false, Some(_)) => {
                self.remove_membership(row.user, row.project);
                Outcome::Success
            }
        }
    }

    fn join(&mut self, row: &Row) -> Result<u64, Invalid> {
        let mut new = NewMembership::new(row.user, row.project);
        new.template = row.template;
        self.add_membership(new)
    }
}
