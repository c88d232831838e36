//! How Procore spells things: paths, parameters and bodies, one file per resource.
//!
//! Each file opens with the paths of its operations in the dialect `reference`, Procore's own published reference; another
//! dialect would differ there and nowhere else. Wire types are private to their file and become core types before they
//! leave it. A field that a decision rests on is required: an answer without it is an error, never a default.

pub(crate) mod admins;
pub(crate) mod me;
pub(crate) mod memberships;
pub(crate) mod projects;
pub(crate) mod rfis;
pub(crate) mod templates;
pub(crate) mod users;

use muster_core::directory::Person;
use muster_core::id::Id;
use serde::{Deserialize, Deserializer};

/// Somebody named inside something else: `{id, login, name}` (developers.procore.com, RFI).
#[derive(Deserialize)]
struct PersonRow {
    id: u64,
    name: Option<String>,
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

/// Returns the text, unless there is nothing in it.
fn filled(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}
