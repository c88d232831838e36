//! Scripts: what goes wrong, at which operation, and at which of its calls.
//!
//! A script is an ordered list of rules. At every call each rule that concerns the operation counts it, and those whose
//! turn it is strike: delays add up; of several that answer instead of the operation, or that damage the answer, the first
//! one counts. What is thrown for by chance comes from the script's own dice, so that the same calls in the same order
//! are struck in the same way.

mod running;
mod storm;
#[cfg(test)]
mod tests;
mod text;

use std::collections::BTreeSet;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::config::Dialect;
use crate::server::operation::{self, Action};

pub(crate) use running::Running;
pub use text::ScriptError;

/// What goes wrong with a call.
///
/// As text: `late=250ms`, `drop-before`, `drop-after`, `broken-off`, `503` or `503,retry-after=30`, `truncated`,
/// `malformed`, `html`, `token-expires`, `not-made`, `row-added`, `row-deleted`, `orphans`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Trouble {
    /// It is carried out at once and answered so much later.
    Late(Duration),
    /// The connection ends before anything is done.
    DropBefore,
    /// It is carried out, and the connection ends without an answer.
    DropAfter,
    /// It is carried out, and the connection ends in the middle of the answer's body.
    BrokenOff,
    /// It is refused with 429, 500, 502 or 503, and nothing is done.
    Status {
        /// The status.
        status: u16,
        /// The seconds that `Retry-After` tells the caller to wait; without it the header is not sent.
        retry_after: Option<u32>,
    },
    /// It is carried out, and the answer's JSON stops in the middle, in a body that is as long as it says.
    Truncated,
    /// It is carried out, and the answer's body is no JSON.
    Malformed,
    /// It is answered 502 with a page of HTML, and nothing is done.
    Html,
    /// The caller's token stops to work just now: 401.
    TokenExpires,
    /// It is answered as if it had been carried out, and nothing is changed. Concerns only what writes.
    NotMade,
    /// In a later page of a list, as if a row had been added before it since the first page: a row comes twice.
    RowAdded,
    /// In a later page of a list, as if a row before it had been deleted since the first page: a row is never shown.
    RowDeleted,
    /// Something is deleted, and what refers to it stays. Concerns only what deletes.
    Orphans,
}

/// Which of the calls that a rule concerns are struck.
///
/// As text: `every`, `nth=3`, `first=2`, `percent=10`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum When {
    /// Every one.
    #[default]
    Every,
    /// Only the nth, counted from 1 since the script was set.
    Nth(u64),
    /// The first so many since the script was set.
    First(u64),
    /// So many of a hundred, by chance.
    Percent(u8),
}

/// What goes wrong at the calls of an operation.
///
/// As text: the trouble, the operation by its method and path or `*` for every one, and if need be when, and which fields
/// must be sent: `not-made PATCH /rest/v1.3/companies/{company_id}/users/{id} nth=2 sending=is_active`.
///
/// As JSON: that text, or an object with `fault`, `operation`, `when` and `sending`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rule {
    fault: Trouble,
    operation: &'static str,
    when: When,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sending: Vec<String>,
}

impl Rule {
    /// Every operation of Procore.
    const ANY: &'static str = "*";

    /// Makes a rule for every call of an operation, which is named by its method and path as in
    /// `GET /rest/v1.0/projects/{id}`, or of every operation with `*`.
    ///
    /// # Errors
    ///
    /// Fails if the simulator has no such operation, or if the trouble can't concern it.
    pub fn new(fault: Trouble, operation: &str) -> Result<Self, ScriptError> {
        let unknown = || ScriptError::Operation(operation.to_owned());
        let operation = find(operation).ok_or_else(unknown)?;
        if operation != Self::ANY && !fault.fits(operation) {
            return Err(ScriptError::Unfit { fault, operation });
        }
        Ok(Self::known(fault, operation))
    }

    /// Makes a rule for an operation of the table.
    pub(crate) fn known(fault: Trouble, operation: &'static str) -> Self {
        Self { fault, operation, when: When::Every, sending: Vec::new() }
    }

    /// Returns the same for some of the calls only.
    #[must_use]
    pub fn at(self, when: When) -> Self {
        Self { when, ..self }
    }

    /// Returns the same for calls only that send one of these fields, at the top of the body, one level below, or in a row of
    /// a list there.
    #[must_use]
    pub fn sending(self, fields: &[&str]) -> Self {
        Self { sending: fields.iter().map(|field| (*field).to_owned()).collect(), ..self }
    }
}

/// An ordered list of rules.
///
/// As text: rules, each on a line of its own or separated by `;`, and among them the names of [`Fault`](crate::Fault) and
/// `storm=7` for the rules of [`Script::seeded`]. As JSON: a list of rules.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Script {
    #[serde(deserialize_with = "text::rules")]
    rules: Vec<Rule>,
}

impl Script {
    /// Returns the rules in their order.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }
}

impl FromIterator<Rule> for Script {
    fn from_iter<T: IntoIterator<Item = Rule>>(rules: T) -> Self {
        Self { rules: rules.into_iter().collect() }
    }
}

impl IntoIterator for Script {
    type Item = Rule;
    type IntoIter = std::vec::IntoIter<Rule>;

    fn into_iter(self) -> Self::IntoIter {
        self.rules.into_iter()
    }
}

impl Trouble {
    /// Returns whether the trouble makes sense with an operation.
    fn fits(self, operation: &str) -> bool {
        match self {
            Self::NotMade => operation.contains(" /rest/") && !operation.starts_with("GET "),
            Self::Orphans => operation.starts_with("DELETE "),
            Self::RowAdded | Self::RowDeleted => operation.starts_with("GET /rest/"),
            Self::TokenExpires => operation.contains(" /rest/"),
            _ => true,
        }
    }
}

/// Returns every operation of either dialect that something can go wrong with.
fn operations() -> impl Iterator<Item = &'static str> {
    let served = [Dialect::Reference, Dialect::Guide].into_iter().flat_map(operation::operations);
    let procores = served.filter(|operation| !matches!(operation.action, Action::Admin(_)));
    let names: BTreeSet<&'static str> = procores.map(|operation| operation.name).collect();
    names.into_iter()
}

fn find(name: &str) -> Option<&'static str> {
    std::iter::once(Rule::ANY).chain(operations()).find(|known| *known == name)
}
