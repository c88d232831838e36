//! The token: fetched once, shared by all, renewed before it expires.
//!
//! OAuth 2 client credentials, with id and secret in the request's body (developers.procore.com, OAuth client
//! credentials); there is no refresh token. Concurrent callers share one renewal and its failure. Neither the secret nor a
//! token is ever part of an error, a log or a `Debug` text.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use oauth2::basic::BasicClient;
use oauth2::{AuthType, ClientId, ClientSecret, HttpRequest, HttpResponse, RequestTokenError, TokenResponse};
use reqwest::Request;
use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::error::{Error, ErrorKind};
use crate::exchange::Exchange;
use crate::pace::asked_pause;
use crate::retry::{Attempts, Effect};
use crate::settings::{Settings, below};

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
    exchange: Arc<Exchange>,
    endpoint: oauth2::TokenUrl,
    client_id: ClientId,
    client_secret: SecretString,
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
    /// Returns the value of the `Authorization` header, marked so that nothing prints it.
    pub(crate) fn header(&self) -> Result<HeaderValue, Error> {
        let mut value = HeaderValue::from_str(&format!("Bearer {}", self.secret()))
            .map_err(|_| malformed("a token that can't stand in a header"))?;
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
            exchange,
            endpoint: oauth2::TokenUrl::from_url(below(&settings.auth, "/oauth/token")),
            client_id: ClientId::new(settings.client_id.clone()),
            client_secret: settings.client_secret.clone(),
            renewals: AtomicU64::new(0),
            state: Mutex::default(),
        }
    }

    /// Returns the client's secret, to be taken out of whatever an answer repeats.
    pub(crate) fn secret(&self) -> &str {
        self.client_secret.expose_secret()
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
        let renewed = self.renew(ended + 1).await;
        self.renewals.store(ended + 1, Ordering::Release);
        match renewed {
            Ok(token) => {
                *state = State { token: Some(token.clone()), failure: None };
                Ok(token)
            }
            Err(error) => {
                *state = State { token: None, failure: Some(error.clone()) };
                Err(error)
            }
        }
    }

    /// Fetches a token, repeating what may be repeated: asking for one changes nothing.
    async fn renew(&self, number: u64) -> Result<Token, Error> {
        let mut attempts = Attempts::new(Effect::Read);
        loop {
            let (error, pause) = match self.fetch(number).await {
                Ok(token) => {
                    tracing::debug!(operation = OPERATION, number, "token renewed");
                    return Ok(token);
                }
                Err(refusal) => refusal,
            };
            tracing::debug!(operation = OPERATION, kind = %error.kind(), status = error.status(), "token refused");
            match attempts.after(&error) {
                Some(delay) => tokio::time::sleep(delay.max(pause.unwrap_or_default())).await,
                None => return Err(error.without_effect()),
            }
        }
    }

    /// Asks for a token once. The error comes with the pause that Procore asked for.
    async fn fetch(&self, number: u64) -> Result<Token, (Error, Option<Duration>)> {
        let secret = self.client_secret.expose_secret().to_owned();
        let client = BasicClient::new(self.client_id.clone())
            .set_client_secret(ClientSecret::new(secret))
            .set_auth_type(AuthType::RequestBody)
            .set_token_uri(self.endpoint.clone());
        let asked = Instant::now();
        let send = |request| -> Sending<'_, HttpResponse, Undelivered> {
            Box::pin(deliver(Arc::clone(&self.exchange), request, self.client_secret.clone()))
        };
        let answer: Sending<'_, _, _> = Box::pin(client.exchange_client_credentials().request_async(&send));
        match answer.await {
            Ok(answer) => {
                let secret = SecretString::from(answer.access_token().secret().as_str());
                Ok(Token { number, secret, renew_at: asked + use_for(answer.expires_in()) })
            }
            Err(RequestTokenError::Request(Undelivered { error, pause })) => Err((error, pause)),
            // The parser's own error holds the body, and with it perhaps a token.
            Err(RequestTokenError::Parse(error, _)) => {
                Err((malformed(&format!("at {}", error.path())), None))
            }
            Err(_) => Err((malformed("no token in it"), None)),
        }
    }
}

/// A request to the login service under way. It is spelled out, and what `deliver` gets is owned, because the compiler
/// can't see through `oauth2`'s lifetimes that it may move between threads.
type Sending<'a, T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send + 'a>>;

/// Returns how long a token is used.
fn use_for(lifetime: Option<Duration>) -> Duration {
    let lifetime = lifetime.unwrap_or(LIFETIME).min(LONGEST_LIFETIME);
    // A token may live a few seconds only; then a tenth of that is margin enough.
    lifetime - MARGIN.min(lifetime / 10)
}

/// Why the login service gave no answer that `oauth2` could read.
#[derive(Debug, thiserror::Error)]
#[error("{error}")]
struct Undelivered {
    error: Error,
    pause: Option<Duration>,
}

/// Carries one request of `oauth2` over our own exchange. Refusals become errors here, since `oauth2` would forget their
/// status and knows only one of their shapes.
async fn deliver(
    exchange: Arc<Exchange>,
    request: HttpRequest,
    secret: SecretString,
) -> Result<HttpResponse, Undelivered> {
    let failed = |error| Undelivered { error, pause: None };
    let request = Request::try_from(request).map_err(|error| failed(Error::unanswered(OPERATION, error)))?;
    let response = exchange.send(OPERATION, request).await.map_err(failed)?;
    let status = response.status();
    if !status.is_success() {
        let pause = asked_pause(status, response.headers());
        let error = exchange.refusal(OPERATION, response, &[secret.expose_secret()]).await;
        // OAuth says `invalid_client` and `invalid_grant` with 400 or 401 (RFC 6749, 5.2): both are about who we are.
        let error = if status.as_u16() == 400 { error.of_kind(ErrorKind::NotAuthenticated) } else { error };
        return Err(Undelivered { error, pause });
    }
    let answer = exchange.read(OPERATION, response).await.map_err(failed)?;
    let mut response = HttpResponse::new(answer.body);
    *response.headers_mut() = answer.headers;
    Ok(response)
}

fn malformed(why: &str) -> Error {
    Error::new(OPERATION, ErrorKind::Malformed).saying(why)
}
