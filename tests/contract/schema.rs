//! What is known of the form of a value: names, types, what is required, what may be chosen, and no more.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

/// The form of a value, in the words of JSON Schema. An empty one says nothing at all: it is no match for anything.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Schema {
    /// `object`, `array`, `string`, `integer`, `number`, `boolean`, or `nothing` for an answer without a body.
    #[serde(rename = "type")]
    pub(crate) kind: Option<String>,
    /// What a text is, such as `date-time`.
    pub(crate) format: Option<String>,
    /// What may be chosen from.
    #[serde(rename = "enum")]
    pub(crate) choices: Option<Vec<Value>>,
    /// The fields of an object. A name with a placeholder, such as `{user_id}`, stands for many numbers, as does one that is
    /// itself written like a placeholder without braces, such as `userId`; `*` stands for any name.
    pub(crate) properties: BTreeMap<String, Schema>,
    /// The fields that must be there.
    pub(crate) required: BTreeSet<String>,
    /// The elements of an array.
    pub(crate) items: Option<Box<Schema>>,
}

impl Schema {
    /// Returns whether anything is said at all.
    pub(crate) fn is_known(&self) -> bool {
        self.kind.is_some() || !self.properties.is_empty() || self.items.is_some()
    }

    /// Returns what kind of value this is, also where only the content says so.
    pub(crate) fn kind(&self) -> Option<&str> {
        let content = if self.items.is_some() { Some("array") } else { None };
        let content = if self.properties.is_empty() { content } else { Some("object") };
        self.kind.as_deref().or(content)
    }

    /// Returns what is said of a field, with the name by which the schema calls it.
    pub(crate) fn property(&self, name: &str) -> Option<(&str, &Schema)> {
        let exact = self.properties.get_key_value(name);
        let found = exact.or_else(|| self.properties.iter().find(|(known, _)| stands_for(known, name)));
        found.map(|(name, schema)| (name.as_str(), schema))
    }

    /// Puts a schema at a place such as `.data[].entities[]` and says nothing of what is around it.
    pub(crate) fn at(place: &str, schema: Schema) -> Schema {
        if place.is_empty() {
            return schema;
        }
        if let Some(rest) = place.strip_prefix("[]") {
            return Schema { items: Some(Box::new(Self::at(rest, schema))), ..Schema::default() };
        }
        let rest = place.strip_prefix('.').expect("a place is made of .name and []");
        let end = rest.find(['.', '[']).unwrap_or(rest.len());
        let (name, rest) = rest.split_at(end);
        let properties = BTreeMap::from([(name.to_owned(), Self::at(rest, schema))]);
        Schema { properties, ..Schema::default() }
    }
}

/// Returns whether a name with a placeholder, such as `custom_field_%{definition}`, stands for this one.
fn stands_for(pattern: &str, name: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if pattern == "*" || pattern.ends_with("Id") && is_number(name) {
        return true;
    }
    let Some((before, rest)) = pattern.split_once('{') else { return false };
    let Some((_, after)) = rest.split_once('}') else { return false };
    let before = before.trim_end_matches('%');
    let middle = name.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
    middle.is_some_and(is_number)
}
