//! The registry: from the source that a configuration names to bytes that may be loaded.

use std::io::Read as _;
use std::path::PathBuf;

use muster_core::artifact::{Origin, Unverified, Verified, verify};
use muster_core::digest::Digest;

use crate::config::Source;

/// The policy `builtin:offboarding`.
pub(crate) const OFFBOARDING: &[u8] = include_bytes!(env!("OFFBOARDING"));

/// The policies that are part of the binary.
const BUILTINS: [(&str, &[u8]); 1] = [("offboarding", OFFBOARDING)];

/// Why there is no artifact.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RegistryError {
    #[error("there is no builtin policy {name:?}; there are {}", names())]
    NoBuiltin { name: String },
    #[error("the policy can't be read: {path:?}")]
    Unreadable {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error(transparent)]
    Unverified(#[from] Unverified),
}

/// Returns the artifact behind a source, verified: not larger than `most` bytes, and with the digest that is pinned.
pub(crate) fn resolve(
    source: &Source,
    pinned: Option<Digest>,
    most: usize,
) -> Result<Verified, RegistryError> {
    match source {
        Source::Builtin(name) => {
            let found = BUILTINS.iter().find(|(known, _)| known == name);
            let (_, bytes) = found.ok_or_else(|| RegistryError::NoBuiltin { name: name.clone() })?;
            Ok(verify(*bytes, Origin::Builtin { name: name.clone() }, pinned, most)?)
        }
        Source::File(path) => {
            let unreadable = |source| RegistryError::Unreadable { path: path.clone(), source };
            let origin = Origin::File { path: path.display().to_string() };
            // Looked at before it is opened: opening a pipe waits for somebody to write into it.
            let about = std::fs::metadata(path).map_err(unreadable)?;
            if !about.is_file() {
                return Err(unreadable(std::io::Error::other("it is no file")));
            }
            // Refused by its size before it is read; a file that grows meanwhile is not read on.
            if let Some(size) = usize::try_from(about.len()).ok().filter(|size| *size > most) {
                return Err(Unverified::TooLarge { origin, size, most }.into());
            }
            let mut bytes = Vec::new();
            let file = std::fs::File::open(path).map_err(unreadable)?;
            file.take(most as u64 + 1).read_to_end(&mut bytes).map_err(unreadable)?;
            Ok(verify(bytes, origin, pinned, most)?)
        }
    }
}

fn names() -> String {
    BUILTINS.map(|(name, _)| format!("`{name}`")).join(", ")
}
