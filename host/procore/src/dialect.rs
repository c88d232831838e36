//! How a server spells its operations.
//!
//! Two documents describe Procore, and they disagree. A dialect says which one is meant; what it changes stands as a table
//! per operation in the files of `endpoint`, and nowhere else. What comes out of an operation is the same in both.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// One way of spelling Procore's operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Dialect {
    /// Procore's own published reference (developers.procore.com).
    #[default]
    Reference,
    /// The user management guide (stitchflow.com, Procore user management API guide), which spells nine operations in
    /// another way: list, search, show, create, change and delete a user of the company; list, add and remove the users of a
    /// project. Everything else is as in the reference.
    ///
    /// Against Procore's own reference its way of adding somebody to a project would create users, and its search would
    /// find everybody: ask [`Reads::speaks`](crate::Reads::speaks) first.
    Guide,
}

/// Text that names no dialect.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no dialect: `reference` or `guide` is expected")]
pub struct BadDialect(String);

impl Dialect {
    /// Every dialect.
    pub const ALL: [Self; 2] = [Self::Reference, Self::Guide];

    /// Returns the name, as it stands in a configuration.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reference => "reference",
            Self::Guide => "guide",
        }
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for Dialect {
    type Err = BadDialect;

    fn from_str(text: &str) -> Result<Self, BadDialect> {
        let named = Self::ALL.into_iter().find(|dialect| dialect.name() == text);
        named.ok_or_else(|| BadDialect(text.chars().take(40).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dialect_has_one_spelling_everywhere() {
        for dialect in Dialect::ALL {
            assert_eq!(dialect.to_string().parse(), Ok(dialect));
            assert_eq!(serde_json::to_string(&dialect).unwrap(), format!("\"{dialect}\""));
        }
        assert!("Guide".parse::<Dialect>().is_err());
    }
}
