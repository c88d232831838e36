//! The login service: how a token is asked for, and how one is given back.
//!
//! Requests and answers are those of the crate `oauth2`; they travel over our own exchange, with its bounds, and refusals
//! become our own errors. Id and secret of the client go in the body (developers.procore.com, OAuth client credentials).

use std::borrow::Cow;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use oauth2::basic::{BasicClient, BasicTokenResponse};
use oauth2::{
    AuthType, AuthorizationCode, ClientId, ClientSecret, HttpRequest, HttpResponse, RedirectUrl,
    RefreshToken, RequestTokenError, TokenResponse, TokenUrl,
};
use reqwest::{Request, Url};
use secrecy::{ExposeSecret, SecretString};
use tokio::time::Instant;

use crate::environment::Environment;
use crate::error::{Error, ErrorKind};
use crate::exchange::Exchange;
use crate::pace::asked_pause;
use crate::retry::{Attempts, Effect};
use crate::settings::{Settings, below};

/// One app at its login service.
pub(super) struct Service {
    exchange: Arc<Exchange>,
    base: Url,
    client_id: ClientId,
    client_secret: SecretString,
}

/// What entitles us to a token.
pub(super) enum Proof {
    /// Who we are.
    Client,
    /// A code that somebody who logged in was given, for this address.
    Code(SecretString, RedirectUrl),
    /// A refresh token.
    Refresh(SecretString),
}

/// What the login service gave.
pub(super) struct Granted {
    pub(super) access: SecretString,
    /// The next refresh token.
    pub(super) refresh: Option<SecretString>,
    pub(super) lifetime: Option<Duration>,
    pub(super) asked: Instant,
}

/// A failed try, with the pause that Procore asked for.
type Refusal = (Error, Option<Duration>);

impl Service {
    /// Returns the login service that `settings` name.
    pub(super) fn new(settings: &Settings, exchange: Arc<Exchange>) -> Self {
        Self {
            exchange,
            base: settings.auth.clone(),
            client_id: ClientId::new(settings.client_id.clone()),
            client_secret: settings.client_secret.clone(),
        }
    }

    pub(super) fn client_secret(&self) -> &SecretString {
        &self.client_secret
    }

    /// Asks for a token until there is one or another try can't help.
    pub(super) async fn grant(&self, operation: &'static str, proof: &Proof) -> Result<Granted, Error> {
        let mut tries = Tries::new(operation, proof.effect());
        loop {
            match self.grant_once(operation, proof).await {
                Ok(granted) => return Ok(granted),
                Err(refusal) => tries.again(refusal).await?,
            }
        }
    }

    /// Takes the power from a refresh token, and from the access tokens that came with it. Procore says 200 of a token that is
    /// none any more, too (developers.procore.com, OAuth endpoints).
    pub(super) async fn revoke(&self, operation: &'static str, token: &SecretString) -> Result<(), Error> {
        let mut tries = Tries::new(operation, Effect::Read);
        loop {
            match self.revoke_once(operation, token).await {
                Ok(()) => return Ok(()),
                Err(refusal) => tries.again(refusal).await?,
            }
        }
    }

    async fn grant_once(&self, operation: &'static str, proof: &Proof) -> Result<Granted, Refusal> {
        let secret = self.client_secret.expose_secret().to_owned();
        let client = BasicClient::new(self.client_id.clone())
            .set_client_secret(ClientSecret::new(secret))
            .set_auth_type(AuthType::RequestBody)
            .set_token_uri(TokenUrl::from_url(below(&self.base, "/oauth/token")));
        let hide = [Some(&self.client_secret), proof.secret()].map(Option::<&SecretString>::cloned);
        let send = |request| -> Sending<'_, HttpResponse, Undelivered> {
            Box::pin(deliver(operation, Arc::clone(&self.exchange), request, hide.clone()))
        };
        let asked = Instant::now();
        let refresh =
            RefreshToken::new(proof.secret().map(ExposeSecret::expose_secret).unwrap_or_default().to_owned());
        let answer: Sending<'_, BasicTokenResponse, _> = match proof {
            Proof::Client => Box::pin(client.exchange_client_credentials().request_async(&send)),
            Proof::Refresh(_) => Box::pin(client.exchange_refresh_token(&refresh).request_async(&send)),
            Proof::Code(code, redirect) => {
                let code = AuthorizationCode::new(code.expose_secret().to_owned());
                let request = client.exchange_code(code).set_redirect_uri(Cow::Borrowed(redirect));
                Box::pin(request.request_async(&send))
            }
        };
        match answer.await {
            Ok(answer) => Ok(Granted {
                access: SecretString::from(answer.access_token().secret().as_str()),
                refresh: answer.refresh_token().map(|token| SecretString::from(token.secret().as_str())),
                lifetime: answer.expires_in(),
                asked,
            }),
            Err(RequestTokenError::Request(Undelivered { error, pause })) => Err((error, pause)),
            // The parser's own error holds the body, and with it perhaps a token.
            Err(RequestTokenError::Parse(error, _)) => {
                Err((malformed(operation, &format!("at {}", error.path())), None))
            }
            Err(_) => Err((malformed(operation, "no token in it"), None)),
        }
    }

    /// By hand, because `oauth2` revokes over `https` only and the simulator has none.
    async fn revoke_once(&self, operation: &'static str, token: &SecretString) -> Result<(), Refusal> {
        let (token, secret) = (token.expose_secret(), self.client_secret.expose_secret());
        let form = [("token", token), ("client_id", self.client_id.as_str()), ("client_secret", secret)];
        let failed = |error| (error, None);
        let request =
            self.exchange.form(operation, below(&self.base, "/oauth/revoke"), &form).map_err(failed)?;
        let response = self.exchange.send(operation, request).await.map_err(failed)?;
        if response.status().is_success() {
            return Ok(());
        }
        let pause = asked_pause(response.status(), response.headers());
        Err((self.exchange.refusal(operation, response, &[token, secret]).await, pause))
    }

    /// Adds to a refusal of who we are what is behind it most often.
    pub(super) fn with_hint(&self, error: Error) -> Error {
        if error.kind() != ErrorKind::NotAuthenticated {
            return error;
        }
        let place = Environment::of_auth(&self.base).map(|environment| format!(" ({environment})"));
        let place = place.unwrap_or_default();
        error.hinting(&format!(
            "do client id and secret belong to the environment of this login service{place}?"
        ))
    }
}

impl Proof {
    fn secret(&self) -> Option<&SecretString> {
        match self {
            Self::Client => None,
            Self::Code(secret, _) | Self::Refresh(secret) => Some(secret),
        }
    }

    /// A refresh token dies with the first try that arrives, and sending a dead one again does no harm. A code is for one try
    /// (developers.procore.com, OAuth authorization code).
    fn effect(&self) -> Effect {
        match self {
            Self::Client | Self::Refresh(_) => Effect::Read,
            Self::Code(..) => Effect::Write,
        }
    }
}

/// The tries of one request to the login service.
struct Tries {
    operation: &'static str,
    attempts: Attempts,
}

impl Tries {
    fn new(operation: &'static str, effect: Effect) -> Self {
        Self { operation, attempts: Attempts::new(effect) }
    }

    /// Waits until the request may be sent again, or returns the error if another try can't help.
    async fn again(&mut self, (error, pause): Refusal) -> Result<(), Error> {
        let (kind, status) = (error.kind(), error.status());
        tracing::debug!(operation = self.operation, %kind, status, "refused by the login service");
        let delay = self.attempts.after(&error).ok_or(error)?;
        tokio::time::sleep(delay.max(pause.unwrap_or_default())).await;
        Ok(())
    }
}

/// A request to the login service under way. It is spelled out, and what `deliver` gets is owned, because the compiler
/// can't see through `oauth2`'s lifetimes that it may move between threads.
type Sending<'a, T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send + 'a>>;

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
    operation: &'static str,
    exchange: Arc<Exchange>,
    request: HttpRequest,
    hide: [Option<SecretString>; 2],
) -> Result<HttpResponse, Undelivered> {
    let failed = |error| Undelivered { error, pause: None };
    let request = Request::try_from(request).map_err(|error| failed(Error::unanswered(operation, error)))?;
    let response = exchange.send(operation, request).await.map_err(failed)?;
    let status = response.status();
    if !status.is_success() {
        let pause = asked_pause(status, response.headers());
        let hide = hide.each_ref().map(|secret| secret.as_ref().map_or("", ExposeSecret::expose_secret));
        let error = exchange.refusal(operation, response, &hide).await;
        // OAuth says `invalid_client` and `invalid_grant` with 400 or 401 (RFC 6749, 5.2): both are about who we are.
        let error = if status.as_u16() == 400 { error.of_kind(ErrorKind::NotAuthenticated) } else { error };
        return Err(Undelivered { error, pause });
    }
    let answer = exchange.read(operation, response).await.map_err(failed)?;
    let mut response = HttpResponse::new(answer.body);
    *response.headers_mut() = answer.headers;
    Ok(response)
}

/// Returns the error for an answer of the login service that can't be used.
pub(super) fn malformed(operation: &'static str, why: &str) -> Error {
    Error::new(operation, ErrorKind::Malformed).saying(why)
}
