//! The token: fetched once, shared by all, renewed before it expires.
//!
//! It comes from client credentials, or from the refresh token of somebody who logged in. Concurrent callers share one
//! renewal and its failure. Neither a secret nor a token is ever part of an error, a log or a `Debug` text.

mod file;
mod login;
mod loopback;
mod refresh;
mod service;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::error::Error;
use crate::exchange::Exchange;
use crate::settings::{GrantKind, Settings};

pub use file::TokenFile;
pub use login::{authorize_url, exchange_code, revoke};
pub use loopback::Login;
pub use refresh::{HeldToken, RefreshTokens};

use service::{Granted, Proof, Service, malformed};

const OPERATION: &str = "fetch token";

/// How long before its end a token is renewed, so that no request carries one that ends on the way.
const MARGIN: Duration = Duration::from_secs(60);

/// The lifetime taken for a token that does not say its own. Procore's is 90 minutes (developers.procore.com, OAuth); less
/// only costs a renewal.
const LIFETIME: Duration = Duration::from_secs(15 * 60);

/// The longest lifetime that is believed.
const LONGEST_LIFETIME: Duration = Duration::from_secs(24 * 3600);

/// Who we are, and the token that says so.
pub(crate) struct Auth {
    service: Arc<Service>,
    grant: GrantKind,
    /// How many renewals have ended, well or not. Read before waiting for `state`, it tells a waiter whether one ended
    /// meanwhile.
    renewals: AtomicU64,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    token: Option<Token>,
    failure: Option<Error>,
}

/// A token. Cloned, it is the same token.
#[derive(Clone)]
pub(crate) struct Token {
    /// Which renewal it came from.
    number: u64,
    secret: SecretString,
    renew_at: Instant,
}

impl Token {
    fn new(number: u64, granted: &Granted) -> Self {
        let renew_at = granted.asked + use_for(granted.lifetime);
        Self { number, secret: granted.access.clone(), renew_at }
    }

    /// Returns the value of the `Authorization` header, marked so that nothing prints it.
    pub(crate) fn header(&self) -> Result<HeaderValue, Error> {
        let mut value = HeaderValue::from_str(&format!("Bearer {}", self.secret()))
            .map_err(|_| malformed(OPERATION, "a token that can't stand in a header"))?;
        value.set_sensitive(true);
        Ok(value)
    }

    /// Returns the token itself, to be taken out of what is shown.
    pub(crate) fn secret(&self) -> &str {
        self.secret.expose_secret()
    }
}

impl Auth {
    /// Returns who `settings` say that we are. Nothing is fetched yet.
    pub(crate) fn new(settings: &Settings, exchange: Arc<Exchange>) -> Self {
        Self {
            service: Arc::new(Service::new(settings, exchange)),
            grant: settings.grant.clone(),
            renewals: AtomicU64::new(0),
            state: Mutex::default(),
        }
    }

    /// Returns the client's secret, to be taken out of whatever an answer repeats.
    pub(crate) fn secret(&self) -> &str {
        self.service.client_secret().expose_secret()
    }

    /// Returns a token that is not about to expire and is not `refused`, the one that Procore has just answered 401 to.
    pub(crate) async fn token(&self, refused: Option<&Token>) -> Result<Token, Error> {
        let seen = self.renewals.load(Ordering::Acquire);
        let mut state = self.state.lock().await;
        let refused = refused.map(|token| token.number);
        if let Some(token) = &state.token
            && Some(token.number) != refused
            && Instant::now() < token.renew_at
        {
            return Ok(token.clone());
        }
        let ended = self.renewals.load(Ordering::Acquire);
        if let (true, Some(failure)) = (ended > seen, &state.failure) {
            return Err(failure.clone());
        }
        let renewed = self.renew().await.map(|granted| Token::new(ended + 1, &granted));
        self.renewals.store(ended + 1, Ordering::Release);
        match renewed {
            Ok(token) => {
                tracing::debug!(operation = OPERATION, number = token.number, "token renewed");
                *state = State { token: Some(token.clone()), failure: None };
                Ok(token)
            }
            Err(error) => {
                *state = State { token: None, failure: Some(error.clone()) };
                Err(error)
            }
        }
    }

    /// Fetches a token. Whatever was to be sent with it was not sent.
    async fn renew(&self) -> Result<Granted, Error> {
        let granted = match &self.grant {
            GrantKind::ClientCredentials => {
                let granted = self.service.grant(OPERATION, &Proof::Client).await;
                granted.map_err(|error| self.service.with_hint(error))
            }
            GrantKind::AuthorizationCode { refresh } => {
                refresh::rotate(OPERATION, Arc::clone(&self.service), Arc::clone(refresh)).await
            }
        };
        granted.map_err(Error::without_effect)
    }
}

/// Returns how long a token is used.
fn use_for(lifetime: Option<Duration>) -> Duration {
    let lifetime = lifetime.unwrap_or(LIFETIME).min(LONGEST_LIFETIME);
    // A token may live a few seconds only; then a tenth of that is margin enough.
    lifetime - MARGIN.min(lifetime / 10)
}
