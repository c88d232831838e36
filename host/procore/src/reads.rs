//! What can be read. Nothing here changes anything.
//!
//! [`Reads`] itself and projects stand here; `reads/` goes on with people, with items, with contacts and what else is in a
//! directory, and with templates and rights.

mod directory;
mod items;
mod people;
mod rights;

use std::fmt;
use std::sync::Arc;

use muster_core::directory::Project;
use muster_core::id::{ProjectId, UserId};

use crate::client::Client;
use crate::dialect::Dialect;
use crate::endpoint::{batches, me, probe, projects};
use crate::error::Error;
use crate::writes::BatchHandle;

pub use rights::Rights;

/// How far Procore is with what it went on to do after its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BatchStatus {
    /// It works on it.
    Running,
    /// It is done.
    Ended {
        /// What Procore says of failures; empty if there were none. It counts them and does not name them
        /// (developers.procore.com, bulk users status), so only reading the memberships tells.
        failures: Vec<String>,
    },
}

/// The half of a connection that can't change anything. Clones are cheap and share everything.
///
/// Every operation may fail with any [`ErrorKind`](crate::ErrorKind) that its request can meet; failures that another
/// try may cure have then been repeated already. Before it is sent, a request waits until the rate permits it, which may
/// take as long as the hour that is spent lasts. Lists are complete or an error, and sorted by id.
#[derive(Clone)]
pub struct Reads {
    client: Arc<Client>,
}

impl Reads {
    pub(crate) fn new(client: Arc<Client>) -> Self {
        Self { client }
    }

    /// Returns how many requests this connection has sent so far, repetitions and changes included; those to the login
    /// service are not counted in the rate, and not here.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.client.requests()
    }

    /// Returns the id of the user that the credentials belong to.
    ///
    /// # Errors
    ///
    /// See [`Reads`].
    pub async fn me(&self) -> Result<UserId, Error> {
        me::show(&self.client).await
    }

    /// Makes sure that the server speaks a dialect, whichever one the settings name. The guide must not be spoken to a
    /// server that was not asked: see [`Dialect::Guide`].
    ///
    /// # Errors
    ///
    /// See [`Reads`]; also [`OtherDialect`](crate::ErrorKind::OtherDialect), saying what was seen.
    pub async fn speaks(&self, dialect: Dialect) -> Result<(), Error> {
        probe::speaks(&self.client, dialect).await
    }

    /// Returns how far Procore is with what it accepted earlier, whoever sent it.
    ///
    /// # Errors
    ///
    /// See [`Reads`]; [`NotFound`](crate::ErrorKind::NotFound) if Procore knows of no such batch, or no longer.
    pub async fn batch(&self, batch: &BatchHandle) -> Result<BatchStatus, Error> {
        batches::show(&self.client, batch).await
    }

    /// Returns one project, active or not, or `None` if there is none or we can't see it.
    ///
    /// # Errors
    ///
    /// See [`Reads`].
    pub async fn project(&self, project: ProjectId) -> Result<Option<Project>, Error> {
        projects::show(&self.client, project).await
    }

    /// Returns the active projects that we can see.
    ///
    /// # Errors
    ///
    /// See [`Reads`].
    pub async fn projects(&self) -> Result<Vec<Project>, Error> {
        projects::active(&self.client).await
    }
}

impl fmt::Debug for Reads {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Reads").field("company", &self.client.company()).finish_non_exhaustive()
    }
}
