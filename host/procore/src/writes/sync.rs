//! Users of the company, many at once.

use std::collections::BTreeMap;

use muster_core::directory::ProfileField;
use muster_core::id::{Email, UserId};

use super::Writes;
use crate::endpoint::sync;
use crate::error::Error;

/// What is to become of one user. What is `None`, and a field that is missing, stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SyncRow {
    /// Who; `None` makes a new user, who needs an address and a last name.
    pub user: Option<UserId>,
    /// The address, which is the login.
    pub email: Option<Email>,
    /// What is written down. An empty text clears its field.
    pub fields: BTreeMap<ProfileField, String>,
    /// Whether this is an employee of the company itself.
    pub employee: Option<bool>,
    /// Whether the login works. Here, unlike elsewhere, it may be given back (developers.procore.com, update project user).
    pub active: Option<bool>,
}

/// What became of one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowAnswer {
    /// It is done, to this user.
    Done(UserId),
    /// Procore refused it, in its own words, which may be none.
    Refused(String),
    /// Procore does not mention it: only reading tells.
    Unsaid,
}

/// What became of the rows, in the order in which they were sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncAnswer {
    /// One answer a row.
    pub rows: Vec<RowAnswer>,
}

impl Writes {
    /// Makes, changes, deactivates and reactivates users, at most 1,000. Needs admin on the directory. Some rows may be
    /// refused while others are done.
    ///
    /// # Errors
    ///
    /// See [`Writes`]; [`Invalid`](crate::ErrorKind::Invalid), with nothing sent, for more rows, an empty last name, or a new
    /// user without address or last name.
    pub async fn sync_users(&self, rows: &[SyncRow]) -> Result<SyncAnswer, Error> {
        Ok(SyncAnswer { rows: sync::send(&self.client, rows).await? })
    }
}
