//! A client for the part of Procore's REST API that muster uses. It knows nothing of plans.
//!
//! ```no_run
//! use muster_procore::{SecretString, Settings, connect};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let settings = Settings::new(
//!     "https://api.procore.com".parse()?,
//!     "https://login.procore.com".parse()?,
//!     "4711".parse()?,
//!     "client id",
//!     SecretString::from("client secret"),
//! );
//! let connection = connect(settings)?;
//! let me = connection.reads().me().await?;
//! # Ok(())
//! # }
//! ```
//!
//! [`Reads`] and [`Writes`] are two types, so that whoever holds the first can't change anything. Answers are core's
//! directory types, checked here at the edge; how Procore spells them never leaves `endpoint`. An [`Error`] says what a
//! caller may do about it and, for a write, whether the change may have happened ([`Settled`]): unknown is not failed.
//!
//! The crate must never decide whether a change ought to be made, never repeat a write that may have taken effect,
//! and never put a secret into an error, a log or a `Debug` text.

mod auth;
mod client;
mod connection;
mod dialect;
mod endpoint;
mod environment;
mod error;
mod exchange;
#[cfg(fuzzing)]
pub mod fuzzing;
mod idempotency;
mod memo;
mod pace;
mod page;
mod reads;
mod retry;
mod settings;
mod writes;

pub use auth::{HeldToken, Login, RefreshTokens, TokenFile, authorize_url, exchange_code, revoke};
pub use connection::{Connection, connect};
pub use dialect::{BadDialect, Dialect};
pub use environment::{Environment, NoEnvironment};
pub use error::{Error, ErrorKind, Settled};
pub use pace::{Budget, WindowBudget};
pub use reads::{BatchStatus, Reads, Rights};
pub use reqwest::Url;
pub use secrecy::SecretString;
pub use settings::{GrantKind, Settings, Timeouts};
pub use writes::{
    BadHandle, BatchAnswer, BatchHandle, NewMembership, PairAnswer, RowAnswer, SyncAnswer, SyncRow, Writes,
};

#[cfg(test)]
mod tests {
    use super::*;

    fn sendable<T: Send>(_: T) {}

    #[test]
    fn operations_can_run_on_any_thread() {
        let url: Url = "http://127.0.0.1:1".parse().unwrap();
        let company = muster_core::id::CompanyId::new(1);
        let settings = Settings::new(url.clone(), url, company, "id", SecretString::from("secret"));
        let connection = connect(settings).unwrap();
        let (reads, writes) = (connection.reads(), connection.writes());
        sendable(async move { (reads.me().await, reads.company_admins().await) });
        sendable(async move { writes.deactivate_user(muster_core::id::UserId::new(1)).await });
    }
}
