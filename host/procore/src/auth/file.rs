//! A refresh token in a file of its own.

use std::ffi::OsString;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};
use tempfile::NamedTempFile;

use super::refresh::{HeldToken, RefreshTokens};

/// The most bytes that a token may have.
const MOST: u64 = 16 << 10;

/// A file with a refresh token in it and nothing else, which only its owner can read.
///
/// Beside it are a file with `.lock` after its name, by which processes wait for each other, and for a moment the next token
/// before it takes the place of the one before. So its folder has to be one that we may write to, on a disk of this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenFile {
    path: PathBuf,
}

impl TokenFile {
    /// Returns the file at `path`; it need not be there yet.
    #[must_use]
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    fn folder(&self) -> &Path {
        match self.path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        }
    }

    fn said(&self, what: &str, error: &io::Error) -> io::Error {
        io::Error::new(error.kind(), format!("the file {:?} can't be {what}: {error}", self.path))
    }
}

impl RefreshTokens for TokenFile {
    fn try_hold(&self) -> io::Result<Option<Box<dyn HeldToken>>> {
        let mut name = OsString::from(&self.path);
        name.push(".lock");
        let locked = |error| self.said("locked", &error);
        let lock = private().create(true).truncate(false).open(name).map_err(locked)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(locked(error)),
        }
        self.is_there()?;
        // Made now, so that a folder that can't be written to costs no token. It is private from the first moment.
        let next = NamedTempFile::new_in(self.folder()).map_err(|error| self.said("written", &error))?;
        Ok(Some(Box::new(Held { file: self.clone(), next, _lock: lock })))
    }
}

impl TokenFile {
    /// Returns whether there is a file. What is no file is refused before it is opened: opening a pipe waits for somebody to
    /// write into it.
    fn is_there(&self) -> io::Result<bool> {
        match std::fs::metadata(&self.path) {
            Ok(about) if about.is_file() => Ok(true),
            Ok(_) => Err(self.said("read", &io::Error::other("it is no file"))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(self.said("read", &error)),
        }
    }
}

/// A file that nobody else has hold of.
struct Held {
    file: TokenFile,
    next: NamedTempFile,
    _lock: File,
}

impl HeldToken for Held {
    fn token(&self) -> io::Result<Option<SecretString>> {
        let unreadable = |error| self.file.said("read", &error);
        if !self.file.is_there()? {
            return Ok(None);
        }
        let file = File::open(&self.file.path).map_err(unreadable)?;
        check_private(&file, &self.file.path)?;
        let mut text = String::new();
        file.take(MOST + 1).read_to_string(&mut text).map_err(unreadable)?;
        let token = SecretString::from(text.trim_end());
        let plain = token.expose_secret().bytes().all(|byte| byte.is_ascii_graphic());
        if token.expose_secret().is_empty() || !plain || text.len() as u64 > MOST {
            let why = format!("there is no refresh token in {:?}: log in again", self.file.path);
            return Err(io::Error::new(io::ErrorKind::InvalidData, why));
        }
        Ok(Some(token))
    }

    fn replace(self: Box<Self>, token: &SecretString) -> io::Result<()> {
        let Self { file, mut next, _lock } = *self;
        let mut write = || {
            next.write_all(token.expose_secret().as_bytes())?;
            next.write_all(b"\n")?;
            next.as_file().sync_all()
        };
        let written = write().and_then(|()| {
            next.persist(&file.path).map_err(|error| error.error)?;
            sync_folder(file.folder())
        });
        written.map_err(|error| file.said("written", &error))
    }

    fn remove(self: Box<Self>) -> io::Result<()> {
        let removed = std::fs::remove_file(&self.file.path).and_then(|()| sync_folder(self.file.folder()));
        removed.map_err(|error| self.file.said("removed", &error))
    }
}

/// Returns how a file is opened that only its owner may read.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Refuses a file that others could have read or written. Where a system has no such modes, its folder has to be private.
fn check_private(file: &File, path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        if file.metadata()?.permissions().mode() & 0o077 != 0 {
            let why = format!(
                "others than its owner can read {path:?}: log in again, then chmod 600 {path:?}, and let nobody else have copies"
            );
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, why));
        }
    }
    #[cfg(not(unix))]
    let _ = (file, path);
    Ok(())
}

/// Makes what was renamed in a folder survive the loss of power.
fn sync_folder(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

#[cfg(test)]
mod tests;
