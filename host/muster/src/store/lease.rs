//! Leases: one run at a time changes one subject, in however many processes.
//!
//! A lease is a lock on a file beside the store. The system releases it when its process ends, however that happens.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use muster_core::digest::Digest;
use tokio::time::Instant;

/// How long somebody waits for a lease before it is given up.
const PATIENCE: Duration = Duration::from_secs(600);
/// How long nothing is said about that.
const SILENCE: Duration = Duration::from_secs(5);

/// A lease that is held until it is dropped.
#[derive(Debug)]
pub(crate) struct Lease {
    _file: File,
}

/// Why a lease was not given.
#[derive(Debug, Clone, thiserror::Error)]
pub(crate) enum LeaseError {
    #[error("another process is at work on {subject} at this moment")]
    Held { subject: String },
    #[error("the lease for {subject} can't be taken: {path:?}")]
    Io {
        subject: String,
        path: PathBuf,
        #[source]
        source: Arc<io::Error>,
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
                Err(LeaseError::Io { subject: subject.to_owned(), path, source: Arc::new(source) })
            }
        }
    }

    /// Takes the lease on something that is held for a few calls at a time, and waits for it.
    pub(crate) async fn wait(store: &Path, subject: &str) -> Result<Self, LeaseError> {
        let begun = Instant::now();
        let mut said = false;
        loop {
            match Self::take(store, subject) {
                Err(LeaseError::Held { .. }) if begun.elapsed() < PATIENCE => {
                    if !said && begun.elapsed() > SILENCE {
                        tracing::warn!("waiting for another process that is at work on {subject}");
                        said = true;
                    }
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                taken => return taken,
            }
        }
    }
}

/// Makes sure that the folder of leases is there, and returns it.
pub(super) fn folder(store: &Path) -> io::Result<PathBuf> {
    let mut folder = store.as_os_str().to_owned();
    folder.push("-leases");
    let folder = PathBuf::from(folder);
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(&folder)?;
    // Whoever could open one of the files could hold its lease, and with it a run, for ever.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;

        if std::fs::metadata(&folder)?.permissions().mode() & 0o077 != 0 {
            std::fs::set_permissions(&folder, PermissionsExt::from_mode(0o700))?;
        }
    }
    Ok(folder)
}

fn open(store: &Path, subject: &str) -> Result<(PathBuf, File), LeaseError> {
    let failed = |source: io::Error, path: &Path| LeaseError::Io {
        subject: subject.to_owned(),
        path: path.to_owned(),
        source: Arc::new(source),
    };
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
