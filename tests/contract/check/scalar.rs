//! Single values: their type, what their text must be, and what they may be chosen from.

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;

use crate::finding::Problem;
use crate::schema::Schema;

/// Returns what is wrong with a value that is not null.
pub(crate) fn value(schema: &Schema, value: &Value) -> Option<Problem> {
    let fits = match schema.kind() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.as_str().is_some_and(|text| is_formatted(schema, text)),
        Some("integer") => value.is_i64() || value.is_u64(),
        Some("number") => value.is_number(),
        Some("boolean") => value.is_boolean(),
        Some(_) => false,
        None => true,
    };
    let chosen = || schema.choices.as_ref().is_none_or(|choices| choices.contains(value));
    problem(fits, chosen)
}

/// Returns what is wrong with a value that stands in a path or a query.
pub(crate) fn text(schema: &Schema, text: &str) -> Option<Problem> {
    let fits = match schema.kind() {
        Some("string") => true,
        Some("integer") => text.parse::<i64>().is_ok(),
        Some("number") => text.parse::<f64>().is_ok(),
        Some("boolean") => matches!(text, "true" | "false"),
        _ => false,
    };
    let chosen =
        || schema.choices.as_ref().is_none_or(|choices| choices.iter().any(|choice| spelled(choice) == text));
    problem(fits, chosen)
}

/// Returns a value that may be chosen as it stands in a path or a query.
pub(crate) fn spelled(choice: &Value) -> String {
    choice.as_str().map_or_else(|| choice.to_string(), str::to_owned)
}

/// Returns what is wrong with an order: several attributes with commas between them, a minus before what goes down
/// (developers.procore.com, filtering on list actions).
pub(crate) fn sort(schema: &Schema, order: &str) -> Option<Problem> {
    order.split(',').find_map(|one| text(schema, one.strip_prefix('-').unwrap_or(one)))
}

fn is_formatted(schema: &Schema, text: &str) -> bool {
    match schema.format.as_deref() {
        Some("date-time") => text.parse::<Timestamp>().is_ok(),
        Some("date") => text.parse::<Date>().is_ok() && text.len() == "2026-01-01".len(),
        Some("email") => text.contains('@'),
        Some("float" | "decimal") => text.parse::<f64>().is_ok(),
        _ => true,
    }
}

fn problem(fits: bool, chosen: impl Fn() -> bool) -> Option<Problem> {
    match fits {
        false => Some(Problem::Type),
        true => (!chosen()).then_some(Problem::Choice),
    }
}
