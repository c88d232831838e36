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

use muster_core::directory::{Handover, Item, ItemRef};
use muster_core::id::{ItemId, ProjectId};

use crate::client::Client;
use crate::endpoint::{items, rfis};
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

impl Writes {
    pub(crate) fn new(client: Arc<Client>) -> Self {
        Self { client }
    }

    /// Changes who holds an item. With nothing to change, nothing is sent.
    ///
    /// `before` is the item as the caller saw it. Where Procore takes only whole lists of people, they are read once more
    /// just before; if somebody else has changed them since, nothing is sent.
    ///
    /// # Errors
    ///
    /// See [`Writes`]; [`Stale`](crate::ErrorKind::Stale) where the item has changed;
    /// [`Invalid`](crate::ErrorKind::Invalid), with nothing sent, for a role that such an item does not have.
    pub async fn hand_over(&self, before: &Item, changes: &[Handover]) -> Result<(), Error> {
        if changes.is_empty() {
            return Ok(());
        }
        items::hand_over(&self.client, before, changes).await
    }

    /// Changes who holds RFIs of a project, all of them in the same way, in one request. Without RFIs or changes nothing is
    /// sent.
    ///
    /// Whoever gives way does so in both roles of an assignee; who holds an RFI already stays, and so does whatever others
    /// change meanwhile. Procore answers without saying which RFIs it has changed: each is to be read back.
    ///
    /// # Errors
    ///
    /// See [`Writes`]; [`Invalid`](crate::ErrorKind::Invalid), with nothing sent, where somebody would come and give way at
    /// once, or where there would be two managers.
    pub async fn hand_over_rfis(
        &self,
        project: ProjectId,
        rfis: &[ItemId],
        changes: &[Handover],
    ) -> Result<(), Error> {
        rfis::hand_over_many(&self.client, project, rfis, changes).await
    }

    /// Closes an item.
    ///
    /// # Errors
    ///
    /// See [`Writes`].
    pub async fn close_item(&self, item: ItemRef) -> Result<(), Error> {
        items::close(&self.client, item).await
    }
}

impl fmt::Debug for Writes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Writes").field("company", &self.client.company()).finish_non_exhaustive()
    }
}
