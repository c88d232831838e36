//! Ids and e-mail addresses: what names a thing, as types that can't be mixed up.
//!
//! Procore's numbers exceed 32 bits (developers.procore.com, multiple zones) and the second generation of its API writes
//! them as strings, so an id is a `u64` here and a decimal string wherever it is written down: canonical JSON treats
//! numbers as doubles and would lose the last digits.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The number of one thing of kind `K` in Procore.
pub struct Id<K> {
    value: u64,
    kind: PhantomData<fn() -> K>,
}

/// A kind of thing that has ids of its own.
pub trait Kind {
    /// What the thing is called in messages, for example `user`.
    const NAME: &'static str;
}

/// The client account, the only thing that glossary and code call *company*.
pub enum Company {}
/// Somebody with a login. The id is global: the same in every company and project.
pub enum User {}
/// Somebody in the directory without a login. Procore numbers all people of the directory apart from users: this is the
/// number of the person, which users have too, beside their own.
pub enum Contact {}
/// A construction project.
pub enum Project {}
/// A permission template.
pub enum Template {}
/// A company in the directory.
pub enum Vendor {}
/// A distribution group of a project.
pub enum Group {}
/// Something open that a person holds. Unique only together with its kind and project.
pub enum Item {}

/// The id of a [`Company`].
pub type CompanyId = Id<Company>;
/// The id of a [`User`].
pub type UserId = Id<User>;
/// The id of a [`Contact`].
pub type ContactId = Id<Contact>;
/// The id of a [`Project`].
pub type ProjectId = Id<Project>;
/// The id of a [`Template`].
pub type TemplateId = Id<Template>;
/// The id of a [`Vendor`].
pub type VendorId = Id<Vendor>;
/// The id of a [`Group`].
pub type GroupId = Id<Group>;
/// The id of an [`Item`].
pub type ItemId = Id<Item>;

impl Kind for Company {
    const NAME: &'static str = "company";
}
impl Kind for User {
    const NAME: &'static str = "user";
}
impl Kind for Contact {
    const NAME: &'static str = "contact";
}
impl Kind for Project {
    const NAME: &'static str = "project";
}
impl Kind for Template {
    const NAME: &'static str = "permission template";
}
impl Kind for Vendor {
    const NAME: &'static str = "vendor";
}
impl Kind for Group {
    const NAME: &'static str = "distribution group";
}
impl Kind for Item {
    const NAME: &'static str = "item";
}

impl<K> Id<K> {
    /// Returns the id with this number.
    #[must_use]
    pub const fn new(value: u64) -> Self {
        Self { value, kind: PhantomData }
    }

    /// Returns the number.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.value
    }
}

/// Text that should have been an id but is no decimal number of at most 64 bits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no {kind} id: a decimal number is expected")]
pub struct BadId {
    text: String,
    kind: &'static str,
}

impl<K: Kind> FromStr for Id<K> {
    type Err = BadId;

    fn from_str(text: &str) -> Result<Self, BadId> {
        // `u64::from_str` also takes a leading `+`, which would give one id two spellings.
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        digits
            .then(|| text.parse().ok())
            .flatten()
            .map(Self::new)
            .ok_or_else(|| BadId { text: text.chars().take(40).collect(), kind: K::NAME })
    }
}

impl<K> Copy for Id<K> {}
impl<K> Clone for Id<K> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}
impl<K> Eq for Id<K> {}
impl<K> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<K> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.value.cmp(&other.value)
    }
}
impl<K> Hash for Id<K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.value.hash(state);
    }
}
impl<K> fmt::Display for Id<K> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(formatter)
    }
}
impl<K: Kind> fmt::Debug for Id<K> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", K::NAME, self.value)
    }
}
impl<K> Serialize for Id<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.value)
    }
}
impl<'de, K: Kind> Deserialize<'de> for Id<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// An e-mail address as it was written; compared without regard to ASCII case, since it is a login.
#[derive(Clone, Serialize)]
#[serde(transparent)]
pub struct Email(String);

/// Text that can't be an e-mail address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no e-mail address")]
pub struct BadEmail(String);

impl Email {
    /// Returns the address as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Email {
    type Err = BadEmail;

    /// Accepts `local@domain` of at most 254 bytes (RFC 5321) without spaces or control characters. Whether the address
    /// exists is for the directory to say.
    fn from_str(text: &str) -> Result<Self, BadEmail> {
        let plausible = text.len() <= 254
            && !text.chars().any(|c| c.is_whitespace() || c.is_control())
            && text.rsplit_once('@').is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty());
        if plausible { Ok(Self(text.to_owned())) } else { Err(BadEmail(text.chars().take(80).collect())) }
    }
}

impl PartialEq for Email {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}
impl Eq for Email {}
impl PartialOrd for Email {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Email {
    fn cmp(&self, other: &Self) -> Ordering {
        let lower = |text: &str| text.to_ascii_lowercase();
        lower(&self.0).cmp(&lower(&other.0))
    }
}
impl fmt::Display for Email {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
impl fmt::Debug for Email {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
impl<'de> Deserialize<'de> for Email {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_decimal_string_wherever_it_is_written() {
        let id: UserId = "9007199254740993".parse().unwrap();
        assert_eq!(serde_json::to_string(&id).unwrap(), "\"9007199254740993\"");
        assert_eq!(serde_json::from_str::<UserId>("\"9007199254740993\"").unwrap(), id);
        for bad in ["", "+1", "-1", "1.0", "18446744073709551616", "0x10", " 1"] {
            assert!(bad.parse::<UserId>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn addresses_are_equal_without_regard_to_case() {
        let one: Email = "Ana.Diaz@Example.com".parse().unwrap();
        assert_eq!(one, "ana.diaz@example.COM".parse().unwrap());
        assert_eq!(one.to_string(), "Ana.Diaz@Example.com");
        for bad in ["", "ana", "@example.com", "ana@", "a b@example.com", "a\n@example.com"] {
            assert!(bad.parse::<Email>().is_err(), "{bad:?}");
        }
    }
}
