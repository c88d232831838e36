//! Artifacts: the bytes of a policy, and the proof that they may be loaded.
//!
//! [`Verified`] can be made only by [`verify`], and the engine loads nothing else. Where an artifact comes from decides
//! what has to be proven: what is built into the binary must be what was built in, a file must have the digest that the
//! operator pinned, if one is pinned.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::event::KindName;

/// The section of a component that holds its description, as JSON.
pub const SECTION: &str = "muster:policy";

/// The bytes of a policy that may be loaded.
#[derive(Clone)]
pub struct Verified {
    bytes: Arc<[u8]>,
    digest: Digest,
    origin: Origin,
}

/// Where an artifact comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Part of the binary.
    Builtin {
        /// The name behind `builtin:`.
        name: String,
    },
    /// A file that the operator's configuration names.
    File {
        /// Its path.
        path: String,
    },
}

/// Why an artifact may not be loaded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unverified {
    /// It is not the one that was pinned.
    #[error("{origin} has the digest {found}, where {expected} is pinned")]
    OtherDigest {
        /// Where it comes from.
        origin: Origin,
        /// What it is.
        found: Digest,
        /// What it should be.
        expected: Digest,
    },
    /// It is larger than the host loads.
    #[error("{origin} has {size} bytes, where {most} are the most")]
    TooLarge {
        /// Where it comes from.
        origin: Origin,
        /// Its size in bytes.
        size: usize,
        /// The largest size in bytes.
        most: usize,
    },
}

/// Verifies an artifact. `expected` is the digest that it must have, `most` the number of bytes that it may have.
///
/// # Errors
///
/// If it is something else, or too large.
pub fn verify(
    bytes: impl Into<Arc<[u8]>>,
    origin: Origin,
    expected: Option<Digest>,
    most: usize,
) -> Result<Verified, Unverified> {
    let bytes = bytes.into();
    if bytes.len() > most {
        return Err(Unverified::TooLarge { origin, size: bytes.len(), most });
    }
    let digest = Digest::of_bytes(&bytes);
    match expected {
        Some(expected) if expected != digest => {
            Err(Unverified::OtherDigest { origin, found: digest, expected })
        }
        _ => Ok(Verified { bytes, digest, origin }),
    }
}

impl Verified {
    /// Returns the bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns what names them.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// Returns where they come from.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.origin
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Builtin { name } => write!(formatter, "builtin:{name}"),
            Self::File { path } => write!(formatter, "{path:?}"),
        }
    }
}

/// What a policy says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Description {
    /// The name: lower-case letters, digits and `-`.
    pub name: String,
    /// The version, as Semantic Versioning writes it.
    pub version: String,
    /// What it does, in one sentence.
    pub summary: String,
    /// The kinds of events that it handles.
    pub kinds: Vec<KindName>,
    /// A JSON Schema for its settings, as a JSON document.
    pub settings_schema: String,
}

/// Why a description is none.
#[derive(Debug, thiserror::Error)]
pub enum BadDescription {
    /// It is not the JSON that is expected.
    #[error("the description is not what it should be")]
    NotJson(#[source] serde_json::Error),
    /// A field breaks its rule.
    #[error("the field {field:?} of the description {rule}")]
    Field {
        /// Which field.
        field: &'static str,
        /// What it has to be.
        rule: &'static str,
    },
}

impl Description {
    /// Reads the content of the section [`SECTION`].
    ///
    /// # Errors
    ///
    /// If it is no description, or one that breaks a rule.
    pub fn from_json(bytes: &[u8]) -> Result<Self, BadDescription> {
        let description: Self = serde_json::from_slice(bytes).map_err(BadDescription::NotJson)?;
        description.check()?;
        Ok(description)
    }

    /// Makes sure that every field keeps its rule. They bound what strangers can put into a listing.
    ///
    /// # Errors
    ///
    /// If one does not.
    pub fn check(&self) -> Result<(), BadDescription> {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let name = (1..=64).contains(&self.name.len()) && self.name.bytes().all(plain);
        let version = (1..=64).contains(&self.version.len())
            && self.version.bytes().all(|byte| byte.is_ascii_graphic());
        let schema = serde_json::from_str::<serde_json::Map<_, _>>(&self.settings_schema).is_ok();
        let rules = [
            (name, "name", "must be 1 to 64 lower-case letters, digits and dashes"),
            (version, "version", "must be 1 to 64 printable ASCII characters without spaces"),
            (self.summary.chars().count() <= 300, "summary", "must have at most 300 characters"),
            (!self.kinds.is_empty(), "kinds", "must name a kind"),
            (
                self.settings_schema.len() <= 64 * 1024 && schema,
                "settings-schema",
                "must be a JSON object of at most 64 KiB",
            ),
        ];
        match rules.into_iter().find(|(kept, ..)| !kept) {
            Some((_, field, rule)) => Err(BadDescription::Field { field, rule }),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_pinned_and_is_small_enough_is_verified() {
        let origin = || Origin::File { path: "p.wasm".to_owned() };
        let digest = Digest::of_bytes(b"policy");
        assert_eq!(verify(*b"policy", origin(), Some(digest), 6).unwrap().digest(), digest);
        assert!(matches!(verify(*b"police", origin(), Some(digest), 6), Err(Unverified::OtherDigest { .. })));
        assert!(matches!(verify(*b"policy", origin(), None, 5), Err(Unverified::TooLarge { size: 6, .. })));
    }

    #[test]
    fn a_description_keeps_its_rules() {
        let good = serde_json::json!({
            "name": "offboarding", "version": "0.1.0", "summary": "s", "kinds": ["departed"], "settings-schema": "{}"
        });
        let read = |field: &str, value: serde_json::Value| {
            let mut json = good.clone();
            json[field] = value;
            Description::from_json(json.to_string().as_bytes())
        };
        assert!(read("name", "offboarding".into()).is_ok());
        let bad = [
            ("name", "Off boarding".into()),
            ("name", "".into()),
            ("version", "1 0".into()),
            ("summary", "x".repeat(301).into()),
            ("kinds", serde_json::json!([])),
            ("kinds", serde_json::json!(["retired"])),
            ("settings-schema", "[]".into()),
            ("colour", "red".into()),
        ];
        for (field, value) in bad {
            assert!(read(field, value.clone()).is_err(), "{field} {value}");
        }
    }
}
