//! Where Procore is and who we are there.
//!
//! Settings are checked once, in [`connect`](crate::connect). The client secret is never shown: `Debug` redacts it.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use muster_core::id::CompanyId;
use reqwest::Url;
use secrecy::SecretString;

use crate::auth::RefreshTokens;
use crate::dialect::Dialect;
use crate::environment::Environment;
use crate::error::{Error, ErrorKind};

const OPERATION: &str = "connect";

/// What a connection needs to know.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The base of the REST API, for example `https://api.procore.com`. Plain `http` is allowed to loopback hosts only.
    pub api: Url,
    /// The base of the login service, for example `https://login.procore.com`. The same rule holds for `http`.
    pub auth: Url,
    /// The company whose directory is read and changed; sent with every request.
    pub company: CompanyId,
    /// How this server spells its operations.
    pub dialect: Dialect,
    /// The id of the app.
    pub client_id: String,
    /// Its secret.
    pub client_secret: SecretString,
    /// As whom the app acts.
    pub grant: GrantKind,
    /// How many requests an hour may be sent, if the operator knows. Otherwise it is learned from Procore's answers.
    pub hourly_limit: Option<u32>,
    /// How long to wait.
    pub timeouts: Timeouts,
    /// How many bytes one answer may have, after decompression.
    pub max_body: usize,
}

/// As whom an app acts, which is how it gets its tokens (OAuth 2).
#[derive(Debug, Clone)]
pub enum GrantKind {
    /// As itself: the service account that was made with its client id.
    ClientCredentials,
    /// As somebody who logged in ([`Login`](crate::Login)) and whose refresh token is kept here.
    AuthorizationCode {
        /// Where it is kept, for example in a [`TokenFile`](crate::TokenFile).
        refresh: Arc<dyn RefreshTokens>,
    },
}

/// How long one request may take, phase by phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// For opening a connection, the TLS handshake included.
    pub connect: Duration,
    /// From the start until the head of an answer is there, opening a connection included.
    pub head: Duration,
    /// From one piece of an answer's body to the next.
    pub chunk: Duration,
    /// For the whole request, from opening a connection to the last byte of the answer.
    pub request: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            head: Duration::from_secs(40),
            chunk: Duration::from_secs(15),
            request: Duration::from_secs(60),
        }
    }
}

impl Settings {
    /// Returns settings for a service account in the dialect `reference`, with default timeouts, answers of up to 32 MiB and an
    /// hourly limit to be learned.
    #[must_use]
    pub fn new(
        api: Url,
        auth: Url,
        company: CompanyId,
        client_id: impl Into<String>,
        client_secret: SecretString,
    ) -> Self {
        Self {
            api,
            auth,
            company,
            dialect: Dialect::default(),
            client_id: client_id.into(),
            client_secret,
            grant: GrantKind::ClientCredentials,
            hourly_limit: None,
            timeouts: Timeouts::default(),
            max_body: 32 << 20,
        }
    }

    /// Checks what can be checked without asking Procore.
    pub(crate) fn check(&self) -> Result<(), Error> {
        check_base("api", &self.api)?;
        check_base("auth", &self.auth)?;
        if self.hourly_limit == Some(0) {
            return Err(unusable("hourly_limit is 0: nothing could ever be sent".to_owned()));
        }
        match (Environment::of_api(&self.api), Environment::of_auth(&self.auth)) {
            (Some(api), Some(auth)) if api != auth => Err(unusable(format!(
                "api is {api} and auth is {auth}: a token of one environment is unknown in another"
            ))),
            _ => Ok(()),
        }
    }
}

/// Returns the URL of `path` (which starts with `/`) below a base that may have a path of its own.
pub(crate) fn below(base: &Url, path: &str) -> Url {
    let mut url = base.clone();
    url.set_path(&format!("{}{path}", base.path().trim_end_matches('/')));
    url
}

/// Returns the error for settings that no connection can be made with.
pub(crate) fn unusable(why: String) -> Error {
    Error::new(OPERATION, ErrorKind::Settings).saying(why)
}

/// A secret goes to both bases, so neither may be reached in the clear, except where the wire never leaves the machine.
fn check_base(name: &str, base: &Url) -> Result<(), Error> {
    let why = match base.scheme() {
        "https" => None,
        "http" if loopback(base).is_some() => None,
        "http" => Some("plain http is allowed to loopback hosts only"),
        _ => Some("https is expected"),
    };
    let why = why.or_else(|| {
        let plain = base.query().is_none() && base.fragment().is_none();
        let anonymous = base.username().is_empty() && base.password().is_none();
        (!plain || !anonymous).then_some("a base has no user, password, query or fragment")
    });
    // The URL itself is not repeated: it may hold a password.
    why.map_or(Ok(()), |why| Err(unusable(format!("{name}: {why}"))))
}

/// Returns the address of this machine that a URL leads to, if it stays here.
pub(crate) fn loopback(base: &Url) -> Option<IpAddr> {
    let host = base.host_str()?;
    if host == "localhost" {
        return Some(Ipv4Addr::LOCALHOST.into());
    }
    let address: IpAddr = host.trim_start_matches('[').trim_end_matches(']').parse().ok()?;
    address.is_loopback().then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(api: &str) -> Settings {
        let auth = "https://login.procore.com".parse().unwrap();
        let secret = SecretString::from("canary-secret");
        Settings::new(api.parse().unwrap(), auth, CompanyId::new(1), "id", secret)
    }

    #[test]
    fn plain_http_is_for_loopback_hosts_only() {
        let good =
            ["https://api.procore.com", "http://127.0.0.1:8080", "http://[::1]/x", "http://localhost:1"];
        for good in good {
            assert!(settings(good).check().is_ok(), "{good}");
        }
        let bad = [
            "http://api.procore.com",
            "http://127.0.0.1.example.com",
            "http://10.0.0.1",
            "ftp://127.0.0.1",
            "https://user:canary-secret@api.procore.com",
            "https://api.procore.com?x=1",
            "https://api.procore.com#x",
        ];
        for bad in bad {
            let error = settings(bad).check().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Settings, "{bad}");
            assert!(!error.to_string().contains("canary"), "{error}");
        }
    }

    #[test]
    fn tokens_of_one_environment_are_not_taken_to_another() {
        for api in Environment::ALL {
            for auth in Environment::ALL {
                let mut settings = settings(api.api());
                settings.auth = auth.auth().parse().unwrap();
                match settings.check() {
                    Ok(()) => assert_eq!(api, auth),
                    Err(error) => {
                        let words = error.words().unwrap();
                        assert!(
                            api != auth && words.contains(api.name()) && words.contains(auth.name()),
                            "{error}"
                        );
                    }
                }
            }
        }
        let mut elsewhere = settings("http://127.0.0.1:1");
        assert!(elsewhere.check().is_ok());
        elsewhere.auth = "http://127.0.0.1:2".parse().unwrap();
        assert!(elsewhere.check().is_ok());
    }

    #[test]
    fn an_hourly_limit_of_nothing_is_refused() {
        let mut settings = settings("https://api.procore.com");
        settings.hourly_limit = Some(0);
        assert_eq!(settings.check().unwrap_err().kind(), ErrorKind::Settings);
    }

    #[test]
    fn the_secret_is_not_shown() {
        assert!(!format!("{:?}", settings("https://api.procore.com")).contains("canary"));
    }

    #[test]
    fn a_base_keeps_its_own_path() {
        let base: Url = "http://127.0.0.1:1/procore/".parse().unwrap();
        assert_eq!(below(&base, "/rest/v1.0/me").as_str(), "http://127.0.0.1:1/procore/rest/v1.0/me");
    }
}
