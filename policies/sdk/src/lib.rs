//! What a muster policy in Rust is written with.
//!
//! A policy is asked about an event and proposes steps; it changes nothing by itself. It implements [`Policy`], names
//! itself in `policy.toml`, and is built with `cargo build --target wasm32-wasip2`:
//!
//! ```
//! use muster_policy::{Decision, Event, Kind, Policy, Refusal, Urgency, user_steps, users};
//!
//! struct CutOff;
//!
//! impl Policy for CutOff {
//!     type Settings = muster_policy::NoSettings;
//!
//!     fn decide(event: Event, _: Self::Settings) -> Result<Decision, Refusal> {
//!         let Kind::Departed(departed) = event.kind else {
//!             return Err(Refusal::Event("only departures".to_owned()));
//!         };
//!         match users::show(departed.user)? {
//!             Some(_) if departed.urgency == Urgency::Planned => Ok(Decision::Nothing("it has time".to_owned())),
//!             Some(user) if user.active => {
//!                 user_steps::deactivate(user.id, "leaves the company")?;
//!                 Ok(Decision::Proposed(format!("{} leaves", user.name)))
//!             }
//!             _ => Ok(Decision::Nothing("no login to take away".to_owned())),
//!         }
//!     }
//! }
//! # fn main() {}
//! ```
//!
//! followed by `muster_policy::export!(CutOff);`. The functions that it calls become the component's imports, and they
//! are all that it can be granted.

pub mod successor;

use serde::de::DeserializeOwned;

/// The bindings that `wit/` generates. The names that policies use stand beside this module.
#[expect(missing_docs, reason = "wit-bindgen writes this module; its documentation is that of `wit/`")]
pub mod bindings {
    wit_bindgen::generate!({
        path: "../../wit",
        world: "policy",
        pub_export_macro: true,
        export_macro_name: "export_guest",
        default_bindings_module: "muster_policy::bindings",
        additional_derives: [PartialEq],
    });
}

pub use self::bindings::exports::muster::policy::guest::{Decision, Description, Refusal};
pub use self::bindings::muster::policy::events::{self, Event, Kind, KindName, Urgency};
pub use self::bindings::muster::policy::items::{self, HeldAs, Item, ItemKind, ItemRef, ItemStatus};
pub use self::bindings::muster::policy::types::{
    self, Activity, ContactId, Date, Denial, Denied, Field, GroupId, Person, ProfileField, ProjectId, Step,
    TemplateId, TemplateRef, Timestamp, UserId, UserRef, VendorId,
};
pub use self::bindings::muster::policy::user_steps::NewUser;
pub use self::bindings::muster::policy::users::User;
pub use self::bindings::muster::policy::{
    clock, contact_steps, contacts, erasure, group_steps, groups, identity_steps, item_steps,
    membership_steps, memberships, projects, templates, user_steps, users, vendor_steps, vendors,
};
pub use muster_policy_macros::export;

/// How many characters the words of a decision may have.
const WORDS: usize = 2_000;

/// Something that, asked about an event, proposes steps.
pub trait Policy {
    /// The settings that the operator gives. The host has checked them against the schema in `policy.toml`.
    type Settings: DeserializeOwned;

    /// Decides about one event.
    ///
    /// # Errors
    ///
    /// A typed refusal where it can't decide. `?` on a denied call makes one.
    fn decide(event: Event, settings: Self::Settings) -> Result<Decision, Refusal>;
}

/// The settings of a policy that has none: an empty object.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoSettings {}

/// Reads the settings and asks the policy. What [`export!`] calls.
///
/// Words that are longer than the host takes are clipped.
///
/// # Errors
///
/// If the settings are not what the policy expects, or as the policy itself.
pub fn decide<P: Policy>(event: Event, settings: &str) -> Result<Decision, Refusal> {
    let settings =
        serde_json::from_str(settings).map_err(|error| Refusal::Settings(clipped(error.to_string())))?;
    match P::decide(event, settings) {
        Ok(Decision::Proposed(words)) => Ok(Decision::Proposed(clipped(words))),
        Ok(Decision::Nothing(words)) => Ok(Decision::Nothing(clipped(words))),
        Ok(Decision::Hold(words)) => Ok(Decision::Hold(clipped(words))),
        Err(Refusal::Settings(words)) => Err(Refusal::Settings(clipped(words))),
        Err(Refusal::Event(words)) => Err(Refusal::Event(clipped(words))),
        Err(Refusal::Directory(words)) => Err(Refusal::Directory(clipped(words))),
        Err(denied @ Refusal::Denied(_)) => Err(denied),
    }
}

/// Clips words to what the host takes: a name as long as a novel must not make a decision fail.
fn clipped(words: String) -> String {
    match words.char_indices().nth(WORDS - 1) {
        Some((at, _)) if words.chars().count() > WORDS => {
            words.get(..at).unwrap_or_default().to_owned() + "…"
        }
        _ => words,
    }
}

impl From<Denied> for Refusal {
    fn from(denied: Denied) -> Self {
        Self::Denied(denied)
    }
}

#[cfg(test)]
mod tests {
    use super::{WORDS, clipped};

    #[test]
    fn words_are_clipped_by_characters() {
        assert_eq!(clipped("é".repeat(WORDS)), "é".repeat(WORDS));
        let long = clipped("é".repeat(WORDS + 1));
        assert!(long.chars().count() == WORDS && long.ends_with('…'));
    }
}
