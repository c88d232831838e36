//! Access tokens: the credentials of the one app, and the tokens that it was given for them.
//!
//! There are no refresh tokens with client credentials. A token that is too old is remembered, so that calls with it
//! still count for the app that they came from.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use axum::http::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::answer::{Answer, Refusal, Reply};
use super::request::Request;
use super::{App, State};
use crate::dice::Dice;

/// What the app proves itself with.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The public half.
    pub client_id: String,
    /// The secret half.
    pub client_secret: String,
}

impl Credentials {
    /// Draws new ones.
    pub(crate) fn draw(dice: &mut Dice) -> Self {
        Self { client_id: dice.hex(64), client_secret: dice.hex(64) }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("client_id", &self.client_id)
            .field("client_secret", &"[redacted]")
            .finish()
    }
}

/// To whom a token was given, and for how long.
#[derive(Debug, Clone)]
pub(crate) struct Grant {
    /// The client.
    pub(crate) client: String,
    /// When the token stops to work.
    pub(crate) expires: Timestamp,
}

/// The tokens that were given out.
#[derive(Debug, Default)]
pub(crate) struct Tokens(BTreeMap<String, Grant>);

impl Tokens {
    /// Returns to whom a token was given, even when it has stopped to work.
    pub(crate) fn find(&self, token: &str) -> Option<&Grant> {
        self.0.get(token)
    }

    /// Lets a token stop to work.
    pub(crate) fn expire(&mut self, token: &str) {
        if let Some(grant) = self.0.get_mut(token) {
            grant.expires = Timestamp::MIN;
        }
    }

    /// Returns every token that was given.
    pub(crate) fn all(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }

    fn issue(&mut self, dice: &mut Dice, client: &str, now: Timestamp, lifetime: Duration) -> String {
        let token = dice.hex(64);
        let expires = now.checked_add(lifetime).unwrap_or(Timestamp::MAX);
        self.0.insert(token.clone(), Grant { client: client.to_owned(), expires });
        token
    }
}

/// Serves `POST /oauth/token`.
pub(crate) fn issue(app: &App, state: &mut State, request: &Request) -> Reply {
    let fields = fields(request)?;
    let field = |name: &str| fields.get(name).map(String::as_str);
    match field("grant_type") {
        Some("client_credentials") => {}
        Some(_) => {
            return Err(refused("unsupported_grant_type", "The authorization grant type is not supported."));
        }
        None => return Err(refused("invalid_request", "Missing required parameter: grant_type.")),
    }
    let account = field("client_id").and_then(|id| state.accounts.of_client(id));
    let account =
        account.filter(|account| field("client_secret") == Some(&account.credentials.client_secret));
    let Some(Credentials { client_id, .. }) = account.map(|account| &account.credentials) else {
        let description = "Client authentication failed due to unknown client, no client authentication included, \
                           or unsupported authentication method.";
        return Err(Refusal::oauth(StatusCode::UNAUTHORIZED, "invalid_client", description));
    };
    let now = app.clock.now();
    let token = state.tokens.issue(&mut state.dice, client_id, now, app.token_lifetime);
    let mut answer = Answer::ok(json!({
        "access_token": token,
        "token_type": "bearer",
        "expires_in": app.token_lifetime.as_secs(),
        "created_at": now.as_second(),
    }));
    answer.header("Cache-Control", "no-store");
    Ok(answer)
}

fn fields(request: &Request) -> Result<BTreeMap<String, String>, Refusal> {
    let body = request.body()?;
    if request.is("application/x-www-form-urlencoded") {
        return Ok(form_urlencoded::parse(body).into_owned().collect());
    }
    match serde_json::from_slice(body) {
        Ok(Value::Object(fields)) if request.is("application/json") => {
            let text = |(name, value): (String, Value)| Some((name, value.as_str()?.to_owned()));
            Ok(fields.into_iter().filter_map(text).collect())
        }
        _ => Err(refused("invalid_request", "The request body is neither a form nor JSON.")),
    }
}

fn refused(error: &str, description: &str) -> Refusal {
    Refusal::oauth(StatusCode::BAD_REQUEST, error, description)
}
