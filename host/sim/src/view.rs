//! How records look on the wire: the fields of Procore's reference, by name and type.
//!
//! Where the reference leaves a form open, the form is the one that other documents of Procore give. What the simulator
//! does not know is `null`, but in project directories, where the key is left out.

pub(crate) mod action_plan;
pub(crate) mod coordination;
pub(crate) mod correspondence;
pub(crate) mod distribution;
pub(crate) mod guide;
pub(crate) mod inspection;
pub(crate) mod meeting;
pub(crate) mod observation;
pub(crate) mod person;
pub(crate) mod project;
pub(crate) mod punch;
pub(crate) mod rfi;
pub(crate) mod submittal;
pub(crate) mod task;
pub(crate) mod template;
pub(crate) mod user;
pub(crate) mod vendor;
pub(crate) mod workflow;

use jiff::Timestamp;
use serde_json::Value;

/// Returns the day of a time, in UTC, where Procore tells no more of it.
fn day(time: Option<Timestamp>) -> Option<String> {
    time.map(|time| time.strftime("%F").to_string())
}

/// Returns an object with the fields of another one added.
fn with(mut base: Value, more: Value) -> Value {
    if let (Value::Object(fields), Value::Object(more)) = (&mut base, more) {
        fields.extend(more);
    }
    base
}
