//! Digests: SHA-256 over a canonical encoding, so that a name stands for exactly one content.
//!
//! The encoding is canonical JSON (RFC 8785), which any other tool can produce again. Ids are strings in it, since the
//! RFC treats numbers as doubles, and nothing that is digested holds a wall-clock time of its own making.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};

/// A SHA-256 digest, written `sha256:` and 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

/// A value that has no canonical encoding. Types of this crate always have one.
#[derive(Debug, thiserror::Error)]
#[error("a value has no canonical encoding")]
pub struct NotCanonical(#[source] serde_json::Error);

/// Text that is no digest.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no digest: `sha256:` and 64 lower-case hexadecimal digits are expected")]
pub struct BadDigest(String);

/// Returns the canonical JSON of a value.
///
/// # Errors
///
/// If a map has keys that are no strings, or a number is not finite.
pub fn canonical(value: &impl Serialize) -> Result<Vec<u8>, NotCanonical> {
    serde_json_canonicalizer::to_vec(value).map_err(NotCanonical)
}

impl Digest {
    /// Returns the digest of these bytes.
    #[must_use]
    pub fn of_bytes(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Returns the digest of the canonical JSON of a value.
    ///
    /// # Errors
    ///
    /// As [`canonical`].
    pub fn of(value: &impl Serialize) -> Result<Self, NotCanonical> {
        canonical(value).map(|bytes| Self::of_bytes(&bytes))
    }

    /// Returns the 32 bytes.
    #[must_use]
    pub const fn to_bytes(&self) -> [u8; 32] {
        self.0
    }

    /// Returns the first twelve hexadecimal digits: what people read and type.
    #[must_use]
    pub fn short(&self) -> String {
        self.to_string().chars().skip("sha256:".len()).take(12).collect()
    }

    /// Returns whether `text` abbreviates this digest: its first hexadecimal digits (at least eight), with or without
    /// `sha256:`.
    #[must_use]
    pub fn is_abbreviated_by(&self, text: &str) -> bool {
        let digits = text.strip_prefix("sha256:").unwrap_or(text);
        digits.len() >= 8
            && self.to_string().strip_prefix("sha256:").is_some_and(|full| full.starts_with(digits))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("sha256:")?;
        self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl FromStr for Digest {
    type Err = BadDigest;

    fn from_str(text: &str) -> Result<Self, BadDigest> {
        let bad = || BadDigest(text.chars().take(80).collect());
        let digits = text.strip_prefix("sha256:").ok_or_else(bad)?.as_bytes();
        let mut bytes = [0; 32];
        let nibble = |digit: u8| match digit {
            b'0'..=b'9' => Some(digit - b'0'),
            b'a'..=b'f' => Some(digit - b'a' + 10),
            _ => None,
        };
        let (pairs, rest) = digits.as_chunks::<2>();
        if pairs.len() != bytes.len() || !rest.is_empty() {
            return Err(bad());
        }
        for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
            *byte = nibble(*high).zip(nibble(*low)).map(|(high, low)| high << 4 | low).ok_or_else(bad)?;
        }
        Ok(Self(bytes))
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_order_of_keys_does_not_matter_and_the_encoding_is_the_standard_one() {
        let one = json!({"b": 1, "a": ["é", null]});
        assert_eq!(String::from_utf8(canonical(&one).unwrap()).unwrap(), r#"{"a":["é",null],"b":1}"#);
        assert_eq!(Digest::of(&one).unwrap(), Digest::of(&json!({"a": ["é", null], "b": 1})).unwrap());
    }

    #[test]
    fn a_digest_reads_back_and_can_be_abbreviated() {
        let digest = Digest::of_bytes(b"");
        let text = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(digest.to_string(), text);
        assert_eq!(text.parse::<Digest>().unwrap(), digest);
        assert!(digest.is_abbreviated_by("e3b0c44298fc") && digest.is_abbreviated_by(text));
        assert!(!digest.is_abbreviated_by("e3b0c4") && !digest.is_abbreviated_by("f3b0c44298fc"));
        for bad in ["", "sha256:", "sha256:E3", &text[..70], &text.replace("e3", "g3"), "md5:00"] {
            assert!(bad.parse::<Digest>().is_err(), "{bad}");
        }
    }
}
