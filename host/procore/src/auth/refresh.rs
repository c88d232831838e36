//! Refresh tokens: each works once, and what it gives is kept before it is used.
//!
//! The old token dies with the first try that reaches Procore, even if its answer is lost (developers.procore.com, OAuth
//! refresh token). So the new one is durable before anybody gets the access token that came with it, and from reading the
//! old one until then nobody else has hold of it. Where a crash, a full disk or a lost answer comes in between, somebody has
//! to log in again, and the error says so.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use tokio::time::Instant;

use super::service::{Granted, Proof, Service};
use crate::error::{Error, ErrorKind};

/// How often it is tried whether another process has let go.
const POLL: Duration = Duration::from_millis(100);

/// How long another process is waited for: a little longer than its own tries can last.
const PATIENCE: Duration = Duration::from_secs(600);

/// Where a refresh token outlives the process. Its methods may block for as long as a disk takes.
pub trait RefreshTokens: std::fmt::Debug + Send + Sync {
    /// Takes hold of the place, or returns `None` while another process has hold of it. A place that a token could not be
    /// written to is an error here already, before one is spent.
    ///
    /// # Errors
    ///
    /// Where the place can't be used, with a text that says what to do.
    fn try_hold(&self) -> io::Result<Option<Box<dyn HeldToken>>>;
}

/// Sole hold of a place of [`RefreshTokens`]; given up when dropped, or by the system with the process.
pub trait HeldToken: Send {
    /// Returns the token, if there is one.
    ///
    /// # Errors
    ///
    /// Where it can't be read or others could have read it.
    fn token(&self) -> io::Result<Option<SecretString>>;

    /// Puts `token` in the place of the one before. Once this returns, it survives the loss of power.
    ///
    /// # Errors
    ///
    /// Where it can't be written; the one before is still there then.
    fn replace(self: Box<Self>, token: &SecretString) -> io::Result<()>;

    /// Removes the token.
    ///
    /// # Errors
    ///
    /// Where it can't be removed.
    fn remove(self: Box<Self>) -> io::Result<()>;
}

/// Spends the refresh token, keeps the next one and returns what came with it.
///
/// It goes on when the caller stops waiting: otherwise the new token would be lost with the answer.
pub(super) async fn rotate(
    operation: &'static str,
    service: Arc<Service>,
    tokens: Arc<dyn RefreshTokens>,
) -> Result<Granted, Error> {
    let rotating = tokio::spawn(async move {
        let held = hold(operation, &tokens).await?;
        let (held, token) = token(operation, held).await?;
        let Some(token) = token else {
            return Err(Error::new(operation, ErrorKind::NotAuthenticated)
                .saying("nobody is logged in: log in first"));
        };
        let granted = service.grant(operation, &Proof::Refresh(token)).await.map_err(with_hint)?;
        if let Some(next) = granted.refresh.clone() {
            keep(operation, held, next).await?;
        }
        Ok(granted)
    });
    rotating.await.unwrap_or_else(|ended| Err(stopped(operation, &ended)))
}

/// Takes hold of a place, waiting for other processes.
pub(super) async fn hold(
    operation: &'static str,
    tokens: &Arc<dyn RefreshTokens>,
) -> Result<Box<dyn HeldToken>, Error> {
    let until = Instant::now() + PATIENCE;
    loop {
        let tokens = Arc::clone(tokens);
        if let Some(held) = blocking(operation, move || tokens.try_hold()).await? {
            return Ok(held);
        }
        if Instant::now() >= until {
            let minutes = PATIENCE.as_secs() / 60;
            let why = format!("another process has had hold of the refresh token for {minutes} minutes");
            return Err(Error::new(operation, ErrorKind::TokenStore).saying(why));
        }
        tokio::time::sleep(POLL).await;
    }
}

/// Reads the token of a place.
pub(super) async fn token(
    operation: &'static str,
    held: Box<dyn HeldToken>,
) -> Result<(Box<dyn HeldToken>, Option<SecretString>), Error> {
    blocking(operation, move || held.token().map(|token| (held, token))).await
}

/// Keeps a token that was just given.
pub(super) async fn keep(
    operation: &'static str,
    held: Box<dyn HeldToken>,
    token: SecretString,
) -> Result<(), Error> {
    let kept = blocking(operation, move || held.replace(&token)).await;
    kept.map_err(|error| {
        error.hinting("the new refresh token is lost and the old one is used up: log in again")
    })
}

/// Runs what may block where it holds nothing else up.
pub(super) async fn blocking<T: Send + 'static>(
    operation: &'static str,
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, Error> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => {
            done.map_err(|error| Error::new(operation, ErrorKind::TokenStore).saying(error.to_string()))
        }
        Err(ended) => Err(stopped(operation, &ended)),
    }
}

fn stopped(operation: &'static str, ended: &tokio::task::JoinError) -> Error {
    let how = if ended.is_panic() { "it failed inside" } else { "the program is ending" };
    Error::new(operation, ErrorKind::TokenStore).saying(how)
}

/// Says what to do about a refresh token that is refused.
fn with_hint(error: Error) -> Error {
    match error.kind() {
        ErrorKind::NotAuthenticated => error.hinting(
            "log in again: the refresh token was revoked, is of another environment, or was used up by a renewal whose answer was \
             lost",
        ),
        ErrorKind::NoAnswer | ErrorKind::Timeout => {
            error.hinting("the refresh token may be used up: if the next try is refused, log in again")
        }
        _ => error,
    }
}
