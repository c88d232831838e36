//! What can be changed: one request each, sent at most once unless it certainly had no effect.
//!
//! [`Writes`] itself and items stand here; `writes/` goes on with users one at a time, with memberships, with many at once,
//! and with contacts and what else is in a directory.

mod bulk;
mod directory;
mod people;
mod sync;

use std::fmt;
use std::sync::Arc;

use muster_core::id::{ItemId, ProjectId, UserId};

use crate::client::Client;
use crate::endpoint::rfis;
use crate::error::Error;

pub use bulk::{BadHandle, BatchAnswer, BatchHandle, NewMembership, PairAnswer};
pub use sync::{RowAnswer, SyncAnswer, SyncRow};

/// The half of a connection that changes Procore. Clones are cheap and share everything.
///
/// `Ok` means that Procore accepted the change, not yet that it shows: who needs to know reads it back. An error says in
/// [`Error::settled`] whether the change may have happened nevertheless; then it must not be repeated blindly. Requests
/// wait for the rate as those of [`Reads`](crate::Reads) do.
#[derive(Clone)]
pub struct Writes {
    client: Arc<Client>,
}

/// Who is to hold an RFI. What is `None` stays as it is; lists replace what was there (our reading of their names in
/// Procore's reference).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RfiPeople {
    /// Everybody who is asked, those with a required answer included.
    pub assignees: Option<Vec<UserId>>,
    /// Those of them whose answer is required (developers.procore.com, update RFI: they must be assignees too).
    pub required_assignees: Option<Vec<UserId>>,
    /// The RFI manager.
    pub manager: Option<UserId>,
}

impl Writes {
    pub(crate) fn new(client: Arc<Client>) -> Self {
        Self { client }
    }

    /// Sets who holds an RFI. With nothing to set, nothing is sent.
    ///
    /// # Errors
    ///
    /// See [`Writes`].
    pub async fn set_rfi_people(
        &self,
        project: ProjectId,
        rfi: ItemId,
        people: RfiPeople,
    ) -> Result<(), Error> {
        if people == RfiPeople::default() {
            return Ok(());
        }
        rfis::set_people(&self.client, project, rfi, &people).await
    }

    /// Closes an RFI.
    ///
    /// # Errors
    ///
    /// See [`Writes`].
    pub async fn close_rfi(&self, project: ProjectId, rfi: ItemId) -> Result<(), Error> {
        rfis::close(&self.client, project, rfi).await
    }
}

impl fmt::Debug for Writes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Writes").field("company", &self.client.company()).finish_non_exhaustive()
    }
}
