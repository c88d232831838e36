//! What was asked of the simulator: exact counters and the last requests.
//!
//! Only Procore's own paths and the token endpoint are counted, never the simulator's admin side. Nothing here holds a
//! token or a body.

use std::collections::{BTreeMap, VecDeque};

use jiff::Timestamp;
use serde::Serialize;

use crate::script::Trouble;

const KEPT: usize = 200;

/// How often each operation was called.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Calls {
    /// Calls by operation, keyed like `DELETE /rest/v1.0/projects/{project_id}/users/{id}/actions/remove`. A call that was
    /// refused counts too, unless with 429.
    pub operations: BTreeMap<String, u64>,
    /// Calls of paths that Procore does not have.
    pub unknown: u64,
    /// Calls that were refused with 429; these are in no other number.
    pub throttled: u64,
    /// Calls of operations under `/rest` that write.
    pub writes: u64,
}

impl Calls {
    /// Returns how often an operation was called.
    pub fn of(&self, operation: &str) -> u64 {
        self.operations.get(operation).copied().unwrap_or(0)
    }

    /// Returns how many calls there were in all, those refused with 429 included.
    pub fn total(&self) -> u64 {
        self.operations.values().sum::<u64>() + self.unknown + self.throttled
    }

    /// Counts a call, of no known operation if there is none.
    pub(crate) fn count(&mut self, operation: Option<&str>) {
        match operation {
            Some(name) => *self.operations.entry(name.to_owned()).or_default() += 1,
            None => self.unknown += 1,
        }
        if operation.is_some_and(|name| name.contains(" /rest/") && !name.starts_with("GET ")) {
            self.writes += 1;
        }
    }
}

/// One request as it is remembered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Entry {
    /// When it came.
    pub(crate) time: Timestamp,
    /// Its method.
    pub(crate) method: String,
    /// Its path with the query.
    pub(crate) path: String,
    /// The status of the answer, if one was sent.
    pub(crate) status: Option<u16>,
    /// What went wrong on the way.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) faults: Vec<Trouble>,
}

/// The last requests, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Log(VecDeque<Entry>);

impl Log {
    /// Remembers a request and forgets the oldest when there are too many.
    pub(crate) fn add(&mut self, entry: Entry) {
        if self.0.len() == KEPT {
            self.0.pop_front();
        }
        self.0.push_back(entry);
    }

    /// Returns the remembered requests.
    pub(crate) fn entries(&self) -> &VecDeque<Entry> {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_writing_operations_of_procore_count_as_writes() {
        let mut calls = Calls::default();
        calls.count(Some("POST /oauth/token"));
        calls.count(Some("GET /rest/v1.0/me"));
        calls.count(Some("PATCH /rest/v1.3/companies/{company_id}/users/{id}"));
        calls.count(None);
        assert_eq!((calls.writes, calls.unknown, calls.total()), (1, 1, 4));
        assert_eq!(calls.of("GET /rest/v1.0/me"), 1);
    }

    #[test]
    fn the_log_forgets_the_oldest() {
        let mut log = Log::default();
        for status in 0..=200 {
            let (time, method, path) = (Timestamp::UNIX_EPOCH, "GET".into(), "/".into());
            log.add(Entry { time, method, path, status: Some(status), faults: Vec::new() });
        }
        assert_eq!(log.entries().len(), KEPT);
        assert_eq!(log.entries()[0].status, Some(1));
    }
}
