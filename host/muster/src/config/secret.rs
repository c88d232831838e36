//! Secrets: a reference in the configuration, a value only in memory.

use std::borrow::Cow;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use muster_procore::SecretString;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

/// The most bytes that a secret may have.
const MOST: u64 = 64 << 10;

/// Where a secret is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Secret {
    /// In an environment variable of this name.
    Env(String),
    /// A systemd credential of this name (`LoadCredential=`), in the folder that `CREDENTIALS_DIRECTORY` names.
    Credential(String),
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
    #[error("no folder of credentials is given to this process, so there is no credential {name:?}")]
    NoCredentials { name: String },
    #[error("{name:?} is no name of a credential: it is a name alone, without a folder")]
    NoName { name: String },
    #[error("{path:?} has more than {MOST} bytes")]
    TooLarge { path: PathBuf },
    #[error("{place} is empty")]
    Empty { place: String },
}

impl<'de> Deserialize<'de> for Secret {
    /// By hand, since a derived one repeats what it did not expect: the secret itself, where somebody wrote it down.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let expected = || {
            D::Error::custom(
                "a secret is a reference: { env = \"NAME\" }, { file = \"PATH\" }, or { credential = \"NAME\" }, one of them: \
                 an override gives the whole, as in --set 'procore.client-secret={ env = \"NAME\" }'",
            )
        };
        let toml::Value::Table(table) = toml::Value::deserialize(deserializer).map_err(|_| expected())?
        else {
            return Err(expected());
        };
        let mut entries = table.into_iter();
        match (entries.next(), entries.next()) {
            (Some((key, toml::Value::String(name))), None) if key == "env" => Ok(Self::Env(name)),
            (Some((key, toml::Value::String(path))), None) if key == "file" => Ok(Self::File(path.into())),
            (Some((key, toml::Value::String(name))), None) if key == "credential" => {
                Ok(Self::Credential(name))
            }
            _ => Err(expected()),
        }
    }
}

impl JsonSchema for Secret {
    fn schema_name() -> Cow<'static, str> {
        "Secret".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let reference = |key: &str, words: &str| {
            let properties = serde_json::json!({ key: { "type": "string", "description": words } });
            json_schema!({ "type": "object", "properties": properties, "required": [key], "additionalProperties": false })
        };
        let any = [
            reference("env", "The name of an environment variable."),
            reference("file", "A file that only its owner may read."),
            reference("credential", "The name of a systemd credential."),
        ];
        json_schema!({ "description": "A secret, never written down here: where it is.", "oneOf": any })
    }
}

impl Secret {
    pub(super) fn resolve(&self, folder: &Path) -> Result<SecretString, SecretError> {
        let (place, value) = match self {
            Self::Env(name) => {
                let value = variable(name).ok_or_else(|| SecretError::NoVariable { name: name.clone() })?;
                (format!("the environment variable {name}"), value)
            }
            Self::File(path) => in_file(folder.join(path), 0o077)?,
            Self::Credential(name) => {
                let none = || SecretError::NoCredentials { name: name.clone() };
                // A name is no path: it can't lead out of the folder.
                if name.is_empty() || name.contains(['/', '\\']) || name.starts_with('.') {
                    return Err(SecretError::NoName { name: name.clone() });
                }
                let folder = variable("CREDENTIALS_DIRECTORY").ok_or_else(none)?;
                // systemd lets the service's user in by an access list, which shows as a mode for the group.
                in_file(Path::new(&folder).join(name), 0o007)?
            }
        };
        match value.trim_end_matches(['\n', '\r']) {
            "" => Err(SecretError::Empty { place }),
            value => Ok(SecretString::from(value)),
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the home of the environment")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Reads a secret from a file whose mode has none of the bits of `closed`.
fn in_file(path: PathBuf, closed: u32) -> Result<(String, String), SecretError> {
    let unreadable = |source| SecretError::Unreadable { path: path.clone(), source };
    let file = std::fs::File::open(&path).map_err(unreadable)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        if file.metadata().map_err(unreadable)?.permissions().mode() & closed != 0 {
            return Err(SecretError::Exposed { path });
        }
    }
    let value = std::io::read_to_string(file.take(MOST + 1)).map_err(unreadable)?;
    if value.len() as u64 > MOST {
        return Err(SecretError::TooLarge { path });
    }
    Ok((format!("the file {path:?}"), value))
}
