//! Logging in and out as a person: the address where somebody agrees, the code that comes of it, and the end of it all.
//!
//! Procore documents no PKCE (developers.procore.com, OAuth authorization code), so none is sent: a server that does not know it
//! would ignore it at best. Our client has a secret, without which a code that somebody else got hold of is worth nothing,
//! and `state` keeps the code of another login out.

use std::sync::Arc;

use oauth2::basic::BasicClient;
use oauth2::{AuthUrl, ClientId, CsrfToken, RedirectUrl};
use reqwest::Url;
use secrecy::SecretString;

use super::refresh::{self, RefreshTokens};
use super::service::{Proof, Service, malformed};
use crate::error::Error;
use crate::exchange::Exchange;
use crate::settings::{GrantKind, Settings, below, unusable};

/// Returns the address at which somebody logs in and agrees; the browser is sent on to `redirect_uri`, with `state` and a code.
/// Procore knows the addresses that may be named here: they stand with the app. `urn:ietf:wg:oauth:2.0:oob` is one that
/// shows the code, for whoever then copies it (developers.procore.com, OAuth authorization code).
///
/// # Errors
///
/// [`ErrorKind::Settings`](crate::ErrorKind::Settings) if the settings can't be used.
pub fn authorize_url(settings: &Settings, redirect_uri: &Url, state: &SecretString) -> Result<Url, Error> {
    settings.check()?;
    let client = BasicClient::new(ClientId::new(settings.client_id.clone()))
        .set_auth_uri(AuthUrl::from_url(below(&settings.auth, "/oauth/authorize")))
        .set_redirect_uri(RedirectUrl::from_url(redirect_uri.clone()));
    let state = CsrfToken::new(secrecy::ExposeSecret::expose_secret(state).to_owned());
    Ok(client.authorize_url(|| state).url().0)
}

/// Exchanges the code for tokens and keeps the refresh token in the place that `settings` name. A code works once, for ten
/// minutes, with the `redirect_uri` that it was given for.
///
/// # Errors
///
/// As with any token; also [`ErrorKind::Settings`](crate::ErrorKind::Settings) if the settings name no place for it, and
/// [`ErrorKind::TokenStore`](crate::ErrorKind::TokenStore) if the place can't be written to. That is found before the code is
/// spent, as far as it can be.
pub async fn exchange_code(settings: &Settings, code: SecretString, redirect_uri: &Url) -> Result<(), Error> {
    let operation = "log in";
    let (service, tokens) = parts(settings)?;
    let held = refresh::hold(operation, &tokens).await?;
    let proof = Proof::Code(code, RedirectUrl::from_url(redirect_uri.clone()));
    let granted = service.grant(operation, &proof).await;
    let granted = granted.map_err(|error| service.with_hint(error).without_effect())?;
    let token = granted.refresh.ok_or_else(|| malformed(operation, "no refresh token in it"))?;
    refresh::keep(operation, held, token).await
}

/// Gives the refresh token back to Procore, with the access tokens that came of it, and removes it. Returns whether there was
/// one. What failed has removed nothing and may be tried again.
///
/// # Errors
///
/// As for [`exchange_code`].
pub async fn revoke(settings: &Settings) -> Result<bool, Error> {
    let operation = "log out";
    let (service, tokens) = parts(settings)?;
    let held = refresh::hold(operation, &tokens).await?;
    let (held, token) = refresh::token(operation, held).await?;
    let Some(token) = token else { return Ok(false) };
    service.revoke(operation, &token).await?;
    refresh::blocking(operation, move || held.remove()).await?;
    Ok(true)
}

fn parts(settings: &Settings) -> Result<(Service, Arc<dyn RefreshTokens>), Error> {
    settings.check()?;
    let GrantKind::AuthorizationCode { refresh } = &settings.grant else {
        return Err(unusable("client credentials need no login, and have none to end".to_owned()));
    };
    let exchange = Arc::new(Exchange::new(settings)?);
    Ok((Service::new(settings, exchange), Arc::clone(refresh)))
}
