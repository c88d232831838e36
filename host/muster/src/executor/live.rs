//! Live facts: what the executor knows of the directory, and for how long it may believe it.

use std::collections::BTreeMap;
use std::time::Duration;

use muster_core::action::Action;
use muster_core::facts::Facts;
use muster_core::id::UserId;
use muster_core::plan::{Plan, Step};
use muster_core::read::{Read, WrongAnswer};
use muster_engine::{Directory as _, NoAnswer};
use muster_procore::Reads;
use tokio::time::Instant;

use crate::directory::Live;
use crate::store::Store;

/// How old an answer may be by which a call is let through: as long as Procore's own spike window.
const OLD: Duration = Duration::from_secs(10);

/// Answers with their age.
pub(super) struct LiveFacts {
    reads: Reads,
    store: Store,
    facts: Facts,
    since: BTreeMap<Read, Instant>,
}

impl LiveFacts {
    pub(super) fn new(reads: Reads, store: Store) -> Self {
        Self { reads, store, facts: Facts::default(), since: BTreeMap::new() }
    }

    pub(super) fn facts(&self) -> &Facts {
        &self.facts
    }

    pub(super) fn forget(&mut self, read: &Read) {
        self.since.remove(read);
        self.facts.forget(read);
    }

    pub(super) fn forget_what_is_old(&mut self) {
        let now = Instant::now();
        let old: Vec<_> = self
            .since
            .iter()
            .filter(|(_, since)| now - **since > OLD)
            .map(|(read, _)| read.clone())
            .collect();
        for read in old {
            self.forget(&read);
        }
    }

    /// Asks what is not known. What Procore does not show us is no failure: it stays unknown, and whoever looks at it sees
    /// that it can't be seen.
    pub(super) async fn know(&mut self, reads: Vec<Read>) -> Result<(), NoAnswer> {
        for read in reads {
            if self.since.contains_key(&read) {
                continue;
            }
            // A fresh directory: one that remembers would answer with what was before the call.
            match Live::new(self.reads.clone(), self.store.clone()).answer(read.clone()).await {
                Ok(answer) => {
                    let wrong =
                        |wrong: WrongAnswer| NoAnswer { read: Box::new(read.clone()), source: wrong.into() };
                    self.facts.add(read.clone(), answer).map_err(wrong)?;
                }
                Err(no_answer) if is_not_visible(&no_answer) => {}
                Err(no_answer) => return Err(no_answer),
            }
            self.since.insert(read, Instant::now());
        }
        Ok(())
    }

    /// Returns the user whom an earlier step of the plan has created, for a step about one: who has the address now.
    pub(super) async fn created(&mut self, plan: &Plan, step: &Step) -> Result<Option<UserId>, NoAnswer> {
        let creating = step.action.created().and_then(|created| plan.step(created));
        let Some(Action::CreateUser { user }) = creating.map(|step| &step.action) else { return Ok(None) };
        self.know(vec![Read::UsersByEmail { email: user.email.clone() }]).await?;
        let found = self.facts.users_by_email(&user.email).unwrap_or_default();
        Ok(if let [user] = found { Some(user.id) } else { None })
    }

    /// Asks what the guard has to know about one action.
    pub(super) async fn know_for_guard(&mut self, action: &Action) -> Result<(), NoAnswer> {
        loop {
            let mut missing = self.facts.missing_for_guard(std::iter::once(action));
            missing.retain(|read| !self.since.contains_key(read));
            if missing.is_empty() {
                return Ok(());
            }
            self.know(missing).await?;
        }
    }
}

fn is_not_visible(no_answer: &NoAnswer) -> bool {
    no_answer
        .source
        .downcast_ref::<muster_procore::Error>()
        .is_some_and(muster_procore::Error::is_not_visible)
}
