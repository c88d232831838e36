//! Leases: one run at a time changes one subject, in however many processes.
//!
//! A lease is a lock on a file beside the store. The system releases it when its process ends, however that happens.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use muster_core::digest::Digest;

/// A lease that is held until it is dropped.
#[derive(Debug)]
pub(crate) struct Lease {
    _file: File,
}

/// Why a lease was not given.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LeaseError {
    #[error("another process is at work on {subject} at this moment; nothing was sent")]
    Held { subject: String },
    #[error("the lease for {subject} can't be taken: {path:?}")]
    Io {
        subject: String,
        path: PathBuf,
        #[source]
        source: io::Error,
    },
}

impl Lease {
    /// Takes the lease on a subject, without waiting.
    pub(crate) fn take(store: &Path, subject: &str) -> Result<Self, LeaseError> {
        let (path, file) = open(store, subject)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(LeaseError::Held { subject: subject.to_owned() }),
            Err(TryLockError::Error(source)) => {
                Err(LeaseError::Io { subject: subject.to_owned(), path, source })
            }
        }
    }

    /// Takes the lease on something that is held for one call at a time, and waits for it.
    pub(crate) async fn wait(store: &Path, subject: &str) -> Result<Self, LeaseError> {
        let (path, file) = open(store, subject)?;
        let failed = |source| LeaseError::Io { subject: subject.to_owned(), path, source };
        let locked = tokio::task::spawn_blocking(move || file.lock().map(|()| file)).await;
        let file = locked.map_err(io::Error::other).and_then(|file| file).map_err(failed)?;
        Ok(Self { _file: file })
    }
}

/// Makes sure that the folder of leases is there, and returns it.
pub(super) fn folder(store: &Path) -> io::Result<PathBuf> {
    let mut folder = store.as_os_str().to_owned();
    folder.push("-leases");
    std::fs::create_dir_all(&folder)?;
    Ok(PathBuf::from(folder))
}

fn open(store: &Path, subject: &str) -> Result<(PathBuf, File), LeaseError> {
    let failed = |source, path: &Path| LeaseError::Io { subject: subject.to_owned(), path: path.to_owned(), source };
    let folder = folder(store).map_err(|source| failed(source, store))?;
    let path = folder.join(Digest::of_bytes(subject.as_bytes()).short());
    let failed = |source| failed(source, &path);
    let file = OpenOptions::new().create(true).append(true).open(&path).map_err(failed)?;
    Ok((path, file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_subject_is_leased_once_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("muster.db");
        let lease = Lease::take(&store, "user 5 of company 4").unwrap();
        let again = Lease::take(&store, "user 5 of company 4");
        assert!(matches!(again, Err(LeaseError::Held { .. })));
        Lease::take(&store, "user 6 of company 4").unwrap();
        drop(lease);
        Lease::take(&store, "user 5 of company 4").unwrap();
    }
}
