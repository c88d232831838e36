//! What benchmarks need of the host, and nobody else.

use std::path::Path;

use muster_core::digest::Digest;
use muster_core::event::EventId;
use muster_core::id::CompanyId;
use muster_core::journal::Entry;
use muster_core::run::{RunEntry, StepAnswer};

use crate::clock;
use crate::store::Store;

/// A journal, to be written as a run writes it.
pub struct Journal {
    store: Store,
}

impl Journal {
    /// Opens a store in a file that is not there yet.
    ///
    /// # Errors
    ///
    /// If it can't be made.
    pub fn open(path: &Path) -> Result<Self, Box<dyn std::error::Error>> {
        Ok(Self { store: Store::open(path, CompanyId::new(4))? })
    }

    /// Writes what one call to Procore leaves in the journal: the intent, durable before anything is sent, and the answer.
    ///
    /// # Errors
    ///
    /// If it can't be written.
    pub async fn call(&self) -> Result<(), Box<dyn std::error::Error>> {
        let (case, plan) = (EventId::new(clock::now(), [3; 10]), Digest::of_bytes(b"a plan"));
        let intended = RunEntry::Intended { call: 1, attempt: 1, steps: [1].into() };
        let answered = RunEntry::Answered { call: 1, attempt: 1, answers: [(1, StepAnswer::Done {})].into() };
        for entry in [intended, answered] {
            self.store.append(clock::now(), vec![Entry::Run { case, plan, entry }], vec![]).await?;
        }
        Ok(())
    }
}
