//! Secrets: a reference in the configuration, a value only in memory.

use std::path::{Path, PathBuf};

use muster_procore::SecretString;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

/// Where a secret is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Secret {
    /// In an environment variable of this name.
    Env(String),
    /// In a file, which only its owner may read; relative to the configuration's folder.
    File(PathBuf),
}

/// Why a secret can't be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SecretError {
    #[error("the environment variable {name} is not set")]
    NoVariable { name: String },
    #[error("the file {path:?} can't be read")]
    Unreadable {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("others than its owner can read the file {path:?}: chmod 600 {path:?}")]
    Exposed { path: PathBuf },
    #[error("{place} is empty")]
    Empty { place: String },
}

impl<'de> Deserialize<'de> for Secret {
    /// By hand, since a derived one repeats what it did not expect: the secret itself, where somebody wrote it down.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let expected =
            || D::Error::custom("a secret is a reference: { env = \"NAME\" } or { file = \"PATH\" }");
        let toml::Value::Table(table) = toml::Value::deserialize(deserializer).map_err(|_| expected())?
        else {
            return Err(expected());
        };
        let mut entries = table.into_iter();
        match (entries.next(), entries.next()) {
            (Some((key, toml::Value::String(name))), None) if key == "env" => Ok(Self::Env(name)),
            (Some((key, toml::Value::String(path))), None) if key == "file" => Ok(Self::File(path.into())),
            _ => Err(expected()),
        }
    }
}

impl Secret {
    pub(super) fn resolve(&self, folder: &Path) -> Result<SecretString, SecretError> {
        let (place, value) = match self {
            Self::Env(name) => {
                #[expect(clippy::disallowed_methods, reason = "this is the home of the environment")]
                let value =
                    std::env::var(name).map_err(|_| SecretError::NoVariable { name: name.clone() })?;
                (format!("the environment variable {name}"), value)
            }
            Self::File(path) => {
                let path = folder.join(path);
                let unreadable = |source| SecretError::Unreadable { path: path.clone(), source };
                let file = std::fs::File::open(&path).map_err(unreadable)?;
                #[cfg(unix)]
                {
                    use std::os::unix::fs::PermissionsExt as _;
                    if file.metadata().map_err(unreadable)?.permissions().mode() & 0o077 != 0 {
                        return Err(SecretError::Exposed { path });
                    }
                }
                let value = std::io::read_to_string(file).map_err(unreadable)?;
                (format!("the file {path:?}"), value)
            }
        };
        match value.trim_end_matches(['\n', '\r']) {
            "" => Err(SecretError::Empty { place }),
            value => Ok(SecretString::from(value)),
        }
    }
}
