//! How Procore spells things: paths, parameters and bodies, one file per resource.
//!
//! Each file opens with the paths of its operations. They are those of Procore's own published reference; where the dialect
//! `guide` spells an operation in another way, the function that names it takes the dialect, and both stand side by side.
//! A dialect is looked at here and nowhere else. Wire types are private to their file and become core types before they
//! leave it. A field that a decision rests on is required: an answer without it is an error, never a default.

pub(crate) mod accounts;
pub(crate) mod admins;
pub(crate) mod batches;
pub(crate) mod bulk;
pub(crate) mod contacts;
pub(crate) mod coordination_issues;
pub(crate) mod correspondence;
pub(crate) mod groups;
mod held;
pub(crate) mod inspections;
pub(crate) mod invitations;
pub(crate) mod items;
pub(crate) mod me;
pub(crate) mod meetings;
pub(crate) mod members;
pub(crate) mod memberships;
pub(crate) mod observations;
pub(crate) mod parties;
pub(crate) mod plans;
pub(crate) mod presets;
pub(crate) mod probe;
pub(crate) mod profiles;
pub(crate) mod projects;
pub(crate) mod punch_items;
pub(crate) mod rfis;
pub(crate) mod rights;
pub(crate) mod roles;
pub(crate) mod submittals;
pub(crate) mod sync;
pub(crate) mod tasks;
pub(crate) mod templates;
pub(crate) mod tools;
pub(crate) mod users;
pub(crate) mod vendors;
pub(crate) mod workflow_tools;
pub(crate) mod workflows;

use muster_core::directory::Person;
use muster_core::id::Id;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::error::{Error, ErrorKind};
use crate::exchange::Answer;

/// Somebody named inside something else: `{id, login, name}` (developers.procore.com, RFI).
#[derive(Deserialize)]
struct PersonRow {
    #[serde(deserialize_with = "id")]
    id: u64,
    name: Option<String>,
}

impl From<&PersonRow> for Person {
    fn from(row: &PersonRow) -> Self {
        Self { id: Id::new(row.id), name: row.name.clone().unwrap_or_default() }
    }
}

impl From<PersonRow> for Person {
    fn from(row: PersonRow) -> Self {
        Self { id: Id::new(row.id), name: row.name.unwrap_or_default() }
    }
}

/// Reads a field of which it matters whether it was sent as `null` (`Some(None)`) or not at all (`None`, by default).
fn sent<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// A number that names something. The second generation of Procore's API writes numbers as strings
/// (developers.procore.com, new REST v2 version), and not everywhere, so both are read.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Number(u64);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        number(&value).map(Self).ok_or_else(|| {
            let came: String = value.to_string().chars().take(40).collect();
            D::Error::custom(format!("expected a number, or a string of digits, not {came}"))
        })
    }
}

/// Reads the number of something where either spelling may come.
fn id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    Number::deserialize(deserializer).map(|Number(id)| id)
}

fn number(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64(),
        Value::String(digits) => digits.parse::<muster_core::id::UserId>().ok().map(Id::get),
        _ => None,
    }
}

/// Returns the full name, made of its parts where Procore gives none.
fn full_name(name: Option<String>, first: Option<String>, last: Option<String>) -> String {
    let parts = [first, last].into_iter().filter_map(filled);
    filled(name).unwrap_or_else(|| parts.collect::<Vec<_>>().join(" "))
}

/// Makes sure that an answer is about what was asked for.
fn about(answer: &Answer, operation: &'static str, what: &str, asked: u64, came: u64) -> Result<(), Error> {
    if came == asked {
        return Ok(());
    }
    Err(answer.malformed(operation, &format!("{what} {asked} was asked for, {came} came")))
}

/// Returns the error for a request that would be refused, so that it is not sent.
fn not_sent(operation: &'static str, why: &str) -> Error {
    Error::new(operation, ErrorKind::Invalid).saying(format!("nothing was sent: {why}"))
}

/// Returns the text, unless there is nothing in it.
fn filled(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}
