//! The store: the journal and the bodies that lie beside it, in one SQLite file.
//!
//! *Durable* means that it survives power loss: write-ahead log with `synchronous=FULL`. One thread owns the file, because
//! SQLite has one writer anyway; whatever waits when it comes round is committed together. Every entry carries a hash over
//! itself and the one before it, so that a changed entry is noticed when it is read.

mod journal;
mod lease;
mod schema;
mod thread;

use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use muster_core::digest::Digest;

pub(crate) use self::journal::{Body, Store};
pub(crate) use self::lease::{Lease, LeaseError};

/// Why the store can't do what it was asked. Nothing was sent to Procore on the strength of it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    #[error("the store can't be opened: {path:?}")]
    Open {
        path: PathBuf,
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    #[error("{path:?} is no store of muster")]
    Foreign { path: PathBuf },
    #[error(
        "the store {path:?} was written by a newer version of muster (format {found}, this version knows {known})"
    )]
    Newer { path: PathBuf, found: u32, known: u32 },
    #[error("the store could not be {what}; nothing that depended on it was done")]
    Sqlite {
        what: &'static str,
        #[source]
        source: Arc<rusqlite::Error>,
    },
    #[error("entry {seq} of the journal was changed, or the one before it: its hash does not fit")]
    Altered { seq: i64 },
    #[error("entry {seq} of the journal can't be read")]
    Unreadable {
        seq: i64,
        #[source]
        source: serde_json::Error,
    },
    #[error(
        "entry {seq} of the journal has the version {version}, which this version of muster does not know"
    )]
    NewerEntry { seq: i64, version: u32 },
    #[error(
        "the clock of this machine was set back: it shows {now}, and the newest entry of the journal is of {newest}; \
         nothing more was written, and nothing is sent that was not written down"
    )]
    ClockBack { now: Timestamp, newest: Timestamp },
    #[error("the file of the store is damaged: {0}")]
    Damaged(String),
    #[error("the body {0} is missing from the store, or was changed")]
    NoBody(Digest),
    #[error("what was to be written can't be encoded")]
    Encode(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("the store's thread has ended")]
    Gone,
}

#[cfg(test)]
mod tests;
