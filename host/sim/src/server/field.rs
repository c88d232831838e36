//! The fields of a body: their values must be of the type that Procore's reference names.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::Value;

use crate::company::Invalid;

/// Returns a text; `null` clears it.
pub(crate) fn text(field: &'static str, value: &Value) -> Result<Option<String>, Invalid> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text.clone())),
        _ => Err(Invalid::new(field, "must be a string")),
    }
}

/// Returns a text that can't be cleared; `null` stands for an empty one.
pub(crate) fn required_text(field: &'static str, value: &Value) -> Result<String, Invalid> {
    text(field, value).map(Option::unwrap_or_default)
}

/// Returns true or false.
pub(crate) fn flag(field: &'static str, value: &Value) -> Result<bool, Invalid> {
    value.as_bool().ok_or_else(|| Invalid::new(field, "must be a boolean"))
}

/// Returns a number; `null` clears it.
pub(crate) fn number(field: &'static str, value: &Value) -> Result<Option<u64>, Invalid> {
    match value {
        Value::Null => Ok(None),
        _ => value.as_u64().map(Some).ok_or_else(|| Invalid::new(field, "must be an integer")),
    }
}

/// Returns ids without repetitions, in their order; `null` stands for none.
pub(crate) fn ids(field: &'static str, value: &Value) -> Result<Vec<u64>, Invalid> {
    let unfit = || Invalid::new(field, "must be an array of integers");
    let values = match value {
        Value::Null => return Ok(Vec::new()),
        _ => value.as_array().ok_or_else(unfit)?,
    };
    let mut ids = Vec::new();
    for value in values {
        let id = value.as_u64().ok_or_else(unfit)?;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(ids)
}

/// Returns ids in the form of version 2, where they are texts, without repetitions and in their order.
pub(crate) fn text_ids(field: &'static str, value: &Value) -> Result<Vec<u64>, Invalid> {
    let unfit = || Invalid::new(field, "must be an array of ids, which are strings");
    let mut ids = Vec::new();
    for value in value.as_array().ok_or_else(unfit)? {
        let id = value.as_str().and_then(|text| text.parse().ok()).ok_or_else(unfit)?;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(ids)
}

/// Returns a time, or the first moment of a day in UTC; `null` clears it.
pub(crate) fn time(field: &'static str, value: &Value) -> Result<Option<Timestamp>, Invalid> {
    let Some(text) = text(field, value)? else { return Ok(None) };
    let day = |text: &str| Ok(text.parse::<Date>()?.to_zoned(TimeZone::UTC)?.timestamp());
    let time = text.parse::<Timestamp>().or_else(|_| day(&text));
    time.map(Some).map_err(|_: jiff::Error| Invalid::new(field, "must be a date or a time"))
}

/// Returns a day; `null` clears it.
pub(crate) fn date(field: &'static str, value: &Value) -> Result<Option<Date>, Invalid> {
    match text(field, value)? {
        None => Ok(None),
        Some(text) => text.parse().map(Some).map_err(|_| Invalid::new(field, "must be a date")),
    }
}
