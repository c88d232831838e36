//! What the guide's users lack.
//!
//! The guide gives fewer fields of a user than the reference: no template for the company's own tools, no employee id, of
//! the vendor only the id. But it leaves the flat list of the reference alone, so what is missing is read there. That way
//! the same comes out in both dialects.

use std::collections::BTreeMap;

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::references_list;
use crate::client::Client;
use crate::endpoint::number;
use crate::error::{Error, ErrorKind};
use crate::page;

/// A user with all fields that came.
pub(super) struct FullRow {
    pub(super) id: u64,
    fields: Map<String, Value>,
}

impl<'de> Deserialize<'de> for FullRow {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let fields = Map::deserialize(deserializer)?;
        let id = fields.get("id").and_then(number).ok_or_else(|| D::Error::missing_field("id"))?;
        Ok(Self { id, fields })
    }
}

impl FullRow {
    /// Returns the address, which is the login.
    pub(super) fn login(&self) -> Option<&str> {
        self.fields.get("login").and_then(Value::as_str)
    }

    /// Reads the fields that matter.
    pub(super) fn read<T: DeserializeOwned>(self, operation: &'static str) -> Result<T, Error> {
        let id = self.id;
        T::deserialize(Value::Object(self.fields))
            .map_err(|error| malformed(operation, &format!("user {id}: {error}")))
    }
}

/// Adds to each row what only the list of the reference has. `search` narrows that list to those whom it may be about.
pub(super) async fn completed(
    client: &Client,
    operation: &'static str,
    rows: Vec<FullRow>,
    search: Option<&str>,
) -> Result<Vec<FullRow>, Error> {
    if rows.is_empty() {
        return Ok(rows);
    }
    let list = references_list(client, operation, search.map(|search| ("filters[search]", search)));
    let others = page::all(client, &list, |row: &FullRow| row.id).await?;
    let mut others: BTreeMap<u64, FullRow> = others.into_iter().map(|row| (row.id, row)).collect();
    let complete = |mut row: FullRow| {
        let id = row.id;
        let other = others.remove(&id).ok_or_else(|| {
            malformed(operation, &format!("user {id} is not in the list that has what the guide leaves out"))
        })?;
        for (field, value) in other.fields {
            row.fields.entry(field).or_insert(value);
        }
        Ok(row)
    };
    rows.into_iter().map(complete).collect()
}

fn malformed(operation: &'static str, why: &str) -> Error {
    Error::new(operation, ErrorKind::Malformed).saying(why)
}
