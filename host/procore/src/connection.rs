//! One company's Procore, as seen with one service account.

use std::fmt;
use std::sync::Arc;

use crate::client::Client;
use crate::error::Error;
use crate::pace::Budget;
use crate::reads::Reads;
use crate::settings::Settings;
use crate::writes::Writes;

/// A connection to Procore. Clones share token, rate windows and sockets.
#[derive(Clone)]
pub struct Connection {
    client: Arc<Client>,
}

/// Returns a connection, without sending anything yet: the first operation finds out whether the credentials hold.
///
/// # Errors
///
/// [`ErrorKind::Settings`](crate::ErrorKind::Settings) if the settings can't be used, for example plain `http` to a host
/// that is not this machine.
pub fn connect(settings: Settings) -> Result<Connection, Error> {
    Ok(Connection { client: Arc::new(Client::new(&settings)?) })
}

impl Connection {
    /// Returns the half that can't change anything.
    #[must_use]
    pub fn reads(&self) -> Reads {
        Reads::new(Arc::clone(&self.client))
    }

    /// Returns the half that changes Procore. Only what executes approved plans should hold it.
    #[must_use]
    pub fn writes(&self) -> Writes {
        Writes::new(Arc::clone(&self.client))
    }

    /// Returns what Procore's clock shows, in seconds since 1970, as its answers have said; `None` before the first one.
    #[must_use]
    pub fn procore_clock(&self) -> Option<i64> {
        self.client.pace.clock()
    }

    /// Returns what is left of the rate, as far as it is known.
    #[must_use]
    pub fn budget(&self) -> Budget {
        self.client.pace.budget()
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Connection").field("company", &self.client.company()).finish_non_exhaustive()
    }
}
