//! OAuth 2: how a client gets tokens, renews them and gives them back (developers.procore.com, OAuth; RFC 6749, RFC 7009).
//!
//! Nobody is asked for a password: whoever [`Simulator::sign_in_as`](crate::Simulator::sign_in_as) names is signed in at
//! once and agrees.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use form_urlencoded::Serializer;
use serde_json::{Value, json};

use super::answer::{Answer, Refusal, Reply};
use super::gate::{check_token, ends_tokens};
use super::request::Request;
use super::token::Holder;
use super::{App, State};

/// Where a code is shown instead of being sent anywhere, for apps that can't listen.
const OUT_OF_BAND: &str = "urn:ietf:wg:oauth:2.0:oob";

/// Serves `GET /oauth/authorize`. What can't be sent back to the client is shown to the person; the rest is sent back.
pub(crate) fn authorize(app: &App, state: &mut State, request: &Request) -> Reply {
    let value = |name: &str| request.query.value(name);
    let client = value("client_id").and_then(|id| state.accounts.of_client(id));
    let Some(client) = client.map(|account| account.credentials.client_id.clone()) else {
        return Err(bad_client());
    };
    let Some(uri) = value("redirect_uri").filter(|uri| leads_somewhere(uri)) else {
        return Err(bad_request("invalid_redirect_uri", "The redirect uri included is not valid."));
    };
    let signed_in = state.signs_in.and_then(|id| state.company.user(id)).filter(|user| user.active);
    let user = match (value("response_type"), signed_in.map(|user| user.id)) {
        (Some("code"), Some(user)) => user,
        (Some("code"), None) => {
            return Ok(back(
                uri,
                value("state"),
                &refused("access_denied", "The resource owner denied the request."),
            ));
        }
        (Some(_), _) => {
            let error = refused(
                "unsupported_response_type",
                "The authorization server does not support this response type.",
            );
            return Ok(back(uri, value("state"), &error));
        }
        (None, _) => {
            let error = refused("invalid_request", "Missing required parameter: response_type.");
            return Ok(back(uri, value("state"), &error));
        }
    };
    let holder = state.tokens.holder(&client, Some(user));
    let code = state.tokens.issue_code(&mut state.dice, holder, uri, app.clock.now());
    if uri == OUT_OF_BAND {
        let page = format!(
            "<!doctype html>\n<title>Authorization code</title>\n<p>Authorization code: <code>{code}</code>\n"
        );
        return Ok(Answer::html(200, page));
    }
    Ok(back(uri, value("state"), &[("code", code.as_str())]))
}

/// Serves `POST /oauth/token`.
pub(crate) fn token(app: &App, state: &mut State, request: &Request) -> Reply {
    let fields = fields(request)?;
    let field = |name: &str| fields.get(name).map(String::as_str);
    let grant_type = field("grant_type")
        .ok_or_else(|| bad_request("invalid_request", "Missing required parameter: grant_type."))?;
    if !["client_credentials", "authorization_code", "refresh_token"].contains(&grant_type) {
        let description = "The authorization grant type is not supported.";
        return Err(bad_request("unsupported_grant_type", description));
    }
    let client = client(state, &fields)?;
    let needed = |name: &'static str| {
        let missing = format!("Missing required parameter: {name}.");
        field(name).ok_or_else(|| bad_request("invalid_request", &missing))
    };
    let now = app.clock.now();
    let holder = match grant_type {
        "client_credentials" => state.tokens.holder(&client, None),
        "authorization_code" => {
            let (code, uri) = (needed("code")?, needed("redirect_uri")?);
            let description = "The provided authorization grant is invalid, expired, revoked, does not match the \
                               redirection URI used in the authorization request, or was issued to another client.";
            let holder = state.tokens.take_code(code, &client, uri, now);
            holder.ok_or_else(|| bad_request("invalid_grant", description))?
        }
        _ => {
            let holder = state.tokens.take_refresh(needed("refresh_token")?, &client);
            holder.ok_or_else(|| bad_request("invalid_grant", "The refresh token is invalid"))?
        }
    };
    if holder.user.is_some_and(|user| ends_tokens(app, state, user)) {
        return Err(bad_request("invalid_grant", "The resource owner has no login any more."));
    }
    Ok(issued(app, state, holder))
}

/// Gives out an access token, and with it a refresh token if somebody signed in.
fn issued(app: &App, state: &mut State, holder: Holder) -> Answer {
    let now = app.clock.now();
    let signed_in = holder.user.is_some();
    let token = state.tokens.issue(&mut state.dice, holder.clone(), now, app.token_lifetime);
    let mut body = json!({
        "access_token": token,
        "token_type": "bearer",
        "expires_in": app.token_lifetime.as_secs(),
        "created_at": now.as_second(),
    });
    if let Some(fields) = body.as_object_mut().filter(|_| signed_in) {
        let refresh = state.tokens.issue_refresh(&mut state.dice, holder);
        fields.insert("refresh_token".to_owned(), refresh.into());
    }
    let mut answer = Answer::ok(body);
    answer.header("Cache-Control", "no-store");
    answer
}

/// Serves `POST /oauth/revoke`: 200 for whatever token, and what belongs to it is revoked with it.
pub(crate) fn revoke(_app: &App, state: &mut State, request: &Request) -> Reply {
    let fields = fields(request)?;
    let client = client(state, &fields)?;
    if let Some(token) = fields.get("token") {
        state.tokens.revoke(token, &client);
    }
    Ok(Answer::ok(json!({})))
}

/// Serves `GET /oauth/token/info`.
pub(crate) fn info(app: &App, state: &mut State, request: &Request) -> Reply {
    let now = app.clock.now();
    let refused = |message| Refusal::oauth(StatusCode::UNAUTHORIZED, "invalid_token", message);
    let caller = check_token(app, state, request, now).map_err(refused)?;
    let grant = request.token().and_then(|token| state.tokens.find(token));
    let grant = grant.ok_or_else(Refusal::not_found)?;
    Ok(Answer::ok(json!({
        "resource_owner_id": caller.user,
        "scopes": [],
        "expires_in_seconds": grant.expires.as_second() - now.as_second(),
        "application": { "uid": grant.holder.client },
        "created_at": grant.created.as_second(),
    })))
}

/// Returns the client that a body proves to come from.
fn client(state: &State, fields: &BTreeMap<String, String>) -> Result<String, Refusal> {
    let account = fields.get("client_id").and_then(|id| state.accounts.of_client(id));
    let proved = |secret: &String| fields.get("client_secret") == Some(secret);
    let account = account.filter(|account| proved(&account.credentials.client_secret));
    account.map(|account| account.credentials.client_id.clone()).ok_or_else(bad_client)
}

/// Returns the answer that sends the person's browser back to the client.
fn back(uri: &str, state: Option<&str>, values: &[(&str, &str)]) -> Answer {
    let mut query = Serializer::new(String::new());
    query.extend_pairs(values);
    query.extend_pairs(state.map(|state| ("state", state)));
    let separator = if uri.contains('?') { '&' } else { '?' };
    Answer::found(&format!("{uri}{separator}{}", query.finish()))
}

/// Returns whether a code may be sent to an address: to this machine, or to anywhere in secret.
fn leads_somewhere(uri: &str) -> bool {
    let loopback = ["http://127.0.0.1", "http://localhost", "http://[::1]"].iter().any(|origin| {
        uri.strip_prefix(origin).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/', '?']))
    });
    let secret = uri.strip_prefix("https://").is_some_and(|rest| !rest.is_empty());
    (loopback || secret || uri == OUT_OF_BAND) && !uri.contains('#')
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
        _ => Err(bad_request("invalid_request", "The request body is neither a form nor JSON.")),
    }
}

fn refused<'a>(error: &'a str, description: &'a str) -> [(&'a str, &'a str); 2] {
    [("error", error), ("error_description", description)]
}

fn bad_request(error: &str, description: &str) -> Refusal {
    Refusal::oauth(StatusCode::BAD_REQUEST, error, description)
}

fn bad_client() -> Refusal {
    let description = "Client authentication failed due to unknown client, no client authentication included, \
                       or unsupported authentication method.";
    Refusal::oauth(StatusCode::UNAUTHORIZED, "invalid_client", description)
}
