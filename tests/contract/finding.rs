//! What a check finds, and what it was based on.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Deserialize;

use crate::catalog::Basis;

/// Something that the contract does not allow.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    /// The operation, by method and path.
    pub(crate) operation: String,
    /// Where in it, such as `query filters[id]`, `body.user.last_name` or `200[].vendor.id`.
    pub(crate) place: String,
    /// What is wrong.
    pub(crate) problem: Problem,
    /// What was seen, for people.
    pub(crate) seen: String,
}

/// What can be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Problem {
    /// No operation has this method and path.
    NoOperation,
    /// The contract does not know this parameter, header, field or body.
    Unknown,
    /// It is required and missing.
    Missing,
    /// It is of another type.
    Type,
    /// It is null where that can't be.
    Null,
    /// It is none of what may be chosen.
    Choice,
    /// The body is of another media type.
    Media,
    /// The status is not documented.
    Status,
    /// The body of an error has none of the known shapes.
    Shape,
}

/// What the checks of many exchanges found.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// Each once.
    pub(crate) findings: BTreeSet<Finding>,
    /// By operation.
    pub(crate) seen: BTreeMap<String, Seen>,
}

/// What was seen of an operation, and on what basis it was checked.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// The requests: the places that are not checked by the operation itself.
    pub(crate) request: Grounds,
    /// The answers, by status.
    pub(crate) answers: BTreeMap<u16, Grounds>,
}

/// On what basis something was checked, and where it starts to be that one.
pub(crate) type Grounds = BTreeSet<(Basis, String)>;

impl Report {
    /// Adds a finding.
    pub(crate) fn add(&mut self, operation: &str, place: &str, problem: Problem, seen: impl fmt::Display) {
        let (operation, place, mut seen) = (operation.to_owned(), place.to_owned(), seen.to_string());
        seen.truncate(seen.char_indices().nth(120).map_or(seen.len(), |(at, _)| at));
        // Whatever was seen first says enough.
        let same =
            |one: &&Finding| (&one.operation, &one.place, one.problem) == (&operation, &place, problem);
        if !self.findings.iter().any(|one| same(&one)) {
            self.findings.insert(Finding { operation, place, problem, seen });
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {:?}: {}", self.operation, self.place, self.problem, self.seen)
    }
}
