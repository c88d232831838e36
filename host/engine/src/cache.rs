//! The cache: the code of compiled policies, kept on disk.
//!
//! What lies there is run as native code. So the folder is the user's own and nobody else can write to it, and every file ends with
//! a keyed hash over its name and its code: a file that was cut, mixed up, or put there by somebody who can write into
//! the folder but not read the key is not run. The key lies in the folder itself, readable for the user alone; against
//! somebody who can do everything that the user can, nothing in this process helps.
//!
//! wasmtime's own cache has no such hash, decompresses what it reads, and compiles in this process what it misses.

use std::fs::{self, File};
use std::hash::{Hash as _, Hasher};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use muster_core::digest::Digest;
use tempfile::NamedTempFile;

use crate::engine::EngineError;

/// How many bytes of code are kept. The files that were not used for longest go first.
const MOST: u64 = 1 << 30;
const HASH: usize = blake3::OUT_LEN;

/// The code of compiled policies, on disk.
pub(crate) struct Cache {
    folder: PathBuf,
    key: [u8; blake3::KEY_LEN],
    /// What names the compiler and everything that its code depends on.
    compiler: String,
}

impl Cache {
    /// Opens a cache for an engine, and makes the folder if there is none.
    pub(crate) fn open(folder: &Path, engine: &wasmtime::Engine) -> Result<Self, EngineError> {
        let failed =
            |source: io::Error| EngineError::Cache { path: folder.to_owned(), source: source.into() };
        check_cache(folder)?;
        let key = key(&folder.join("key")).map_err(failed)?;
        let mut hasher = Through(blake3::Hasher::new());
        engine.precompile_compatibility_hash().hash(&mut hasher);
        let compiler = hasher.0.finalize().to_hex().as_str().chars().take(16).collect();
        Ok(Self { folder: folder.to_owned(), key, compiler })
    }

    /// Returns the code of an artifact, if it is there and whole.
    pub(crate) fn load(&self, artifact: Digest) -> Option<Vec<u8>> {
        let (name, path) = self.place(artifact);
        let mut bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
            Err(error) => {
                tracing::warn!("{path:?} can't be read, so the policy is compiled anew: {error}");
                return None;
            }
        };
        let at = bytes.len().checked_sub(HASH)?;
        let found = bytes.split_off(at);
        // blake3 compares hashes in constant time.
        let whole = <[u8; HASH]>::try_from(found).is_ok_and(|found| self.hash(&name, &bytes) == found);
        if !whole {
            tracing::warn!("{path:?} was changed or cut, so the policy is compiled anew");
            return None;
        }
        // Says that it was used; if that can't be written, it goes a little earlier.
        let _ = File::open(&path).and_then(|file| file.set_modified(now()));
        Some(bytes)
    }

    /// Keeps the code of an artifact: whole or not at all, whoever reads or writes at the same time.
    pub(crate) fn keep(&self, artifact: Digest, code: &[u8]) -> io::Result<()> {
        let (name, path) = self.place(artifact);
        let mut file = NamedTempFile::new_in(&self.folder)?;
        file.write_all(code)?;
        file.write_all(self.hash(&name, code).as_bytes())?;
        file.persist(path)?;
        self.prune()
    }

    fn place(&self, artifact: Digest) -> (String, PathBuf) {
        let artifact = artifact.to_string();
        let name = format!("{}-{}.code", artifact.trim_start_matches("sha256:"), self.compiler);
        let path = self.folder.join(&name);
        (name, path)
    }

    fn hash(&self, name: &str, code: &[u8]) -> blake3::Hash {
        blake3::Hasher::new_keyed(&self.key).update(name.as_bytes()).update(b"\0").update(code).finalize()
    }

    /// Takes away what was not used for longest, where there is too much.
    fn prune(&self) -> io::Result<()> {
        let mut files = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            if entry.path().extension().is_some_and(|extension| extension == "code") {
                let about = entry.metadata()?;
                files.push((about.modified()?, about.len(), entry.path()));
            }
        }
        files.sort();
        let mut all: u64 = files.iter().map(|(_, size, _)| size).sum();
        for (_, size, path) in files {
            if all <= MOST {
                break;
            }
            // Another process may have been faster.
            match fs::remove_file(path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => all -= size,
            }
        }
        Ok(())
    }
}

#[expect(clippy::disallowed_methods, reason = "says only which file was used last; nothing is decided by it")]
fn now() -> SystemTime {
    SystemTime::now()
}

/// Makes sure that compiled policies can be kept in a folder, which is made if it is not there.
///
/// # Errors
///
/// If it can't be made, belongs to somebody else, or others can write to it.
pub fn check_cache(folder: &Path) -> Result<(), EngineError> {
    own(folder).map_err(|source| EngineError::Cache { path: folder.to_owned(), source: source.into() })
}

/// Makes sure that a folder is there, the user's own, and closed to others.
fn own(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

        let about = fs::metadata(folder)?;
        if about.uid() != rustix::process::geteuid().as_raw() {
            return Err(io::Error::other("it belongs to somebody else"));
        }
        if about.permissions().mode() & 0o022 != 0 {
            return Err(io::Error::other("others can write to it"));
        }
    }
    Ok(())
}

/// Returns the key in a file, and makes one if there is none.
fn key(path: &Path) -> io::Result<[u8; blake3::KEY_LEN]> {
    let mut key = [0; blake3::KEY_LEN];
    // One that was cut, by a power failure say, is none.
    if fs::metadata(path).is_ok_and(|about| about.len() != key.len() as u64) {
        fs::remove_file(path)?;
    }
    if !path.exists() {
        getrandom::fill(&mut key).map_err(io::Error::other)?;
        let mut file = NamedTempFile::new_in(path.parent().unwrap_or(Path::new(".")))?;
        file.write_all(&key)?;
        match file.persist_noclobber(path) {
            // Where two processes start at once, the first one's key stands.
            Err(error) if error.error.kind() != io::ErrorKind::AlreadyExists => return Err(error.error),
            _ => {}
        }
    }
    File::open(path)?.read_exact(&mut key)?;
    Ok(key)
}

/// Lets something be hashed that only knows the standard library's trait.
struct Through(blake3::Hasher);

impl Hasher for Through {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(&self) -> u64 {
        let hash = self.0.finalize();
        hash.as_bytes().iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
    }
}
