//! A login in the browser of this machine, which is sent back to an address that only this machine has (RFC 8252, 7.3).

use std::time::Duration;

use oauth2::CsrfToken;
use reqwest::Url;
use secrecy::SecretString;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout, timeout_at};

use super::login::{authorize_url, exchange_code};
use crate::error::{Error, ErrorKind};
use crate::settings::{Settings, loopback, unusable};

const OPERATION: &str = "log in";

/// How much of a request is read, and how long it may take. A browser opens connections that it may never use.
const LONGEST: usize = 16 << 10;
const PATIENCE: Duration = Duration::from_secs(10);

/// How many connections are listened to at once.
const MOST: usize = 16;

/// A login under way: somebody opens [`Login::url`], and [`Login::finish`] waits for them.
pub struct Login {
    settings: Settings,
    listener: TcpListener,
    redirect_uri: Url,
    state: CsrfToken,
    url: Url,
}

/// What a request said.
enum Said {
    /// The code.
    Code(SecretString),
    /// That there will be none, in these words.
    Refused(String),
    /// Nothing about this login.
    Nothing(&'static str, &'static str),
}

impl Login {
    /// Listens at `redirect_uri`, an address of this machine such as `http://127.0.0.1:8734/login`. Procore sends the browser
    /// back only to addresses that stand with the app, so it has to be one of those, letter by letter. The port 0 is any free
    /// one, where the login service allows that.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Settings`] if the address is not of this machine, nothing can listen there, or the settings can't be used.
    pub async fn start(settings: &Settings, redirect_uri: &Url) -> Result<Self, Error> {
        let here = loopback(redirect_uri).filter(|_| redirect_uri.scheme() == "http");
        let Some(address) = here else {
            let why =
                "a login comes back to http and a loopback host, for example http://127.0.0.1:8734/login";
            return Err(unusable(why.to_owned()));
        };
        let port = redirect_uri.port_or_known_default().unwrap_or_default();
        let busy = |error| unusable(format!("nothing can listen on {address}, port {port}: {error}"));
        let listener = TcpListener::bind((address, port)).await.map_err(busy)?;
        let mut redirect_uri = redirect_uri.clone();
        if port == 0 {
            let port = listener.local_addr().map_err(busy)?.port();
            redirect_uri
                .set_port(Some(port))
                .map_err(|()| unusable("an address without ports".to_owned()))?;
        }
        let state = CsrfToken::new_random();
        let url = authorize_url(settings, &redirect_uri, &SecretString::from(state.secret().as_str()))?;
        Ok(Self { settings: settings.clone(), listener, redirect_uri, state, url })
    }

    /// Returns the address that somebody has to open in a browser of this machine.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Returns the address that the browser is sent back to.
    #[must_use]
    pub fn redirect_uri(&self) -> &Url {
        &self.redirect_uri
    }

    /// Waits until the browser comes back, exchanges its code and keeps the refresh token; the browser is told how it went.
    /// Requests that do not know `state` are turned away and change nothing.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Timeout`] if nobody comes in time, [`ErrorKind::NotAuthenticated`] if Procore or the person refused, and
    /// those of [`exchange_code`].
    pub async fn finish(self, patience: Duration) -> Result<(), Error> {
        let late = || Error::late(OPERATION, "nobody came back from the browser", patience).without_effect();
        let (stream, said) =
            timeout_at(Instant::now() + patience, self.redirected()).await.map_err(|_| late())?;
        let done = match said {
            Ok(code) => exchange_code(&self.settings, code, &self.redirect_uri).await,
            Err(error) => Err(error),
        };
        let (status, words) = match &done {
            Ok(()) => ("200 OK", "You are logged in. This page can be closed."),
            Err(_) => {
                ("400 Bad Request", "The login failed. The terminal that it was started from says why.")
            }
        };
        answer(stream, status, words).await;
        done
    }

    /// Waits for the one request that belongs to this login.
    async fn redirected(&self) -> (TcpStream, Result<SecretString, Error>) {
        let mut requests = JoinSet::new();
        loop {
            tokio::select! {
                accepted = self.listener.accept(), if requests.len() < MOST => match accepted {
                    Ok((stream, _)) => {
                        requests.spawn(async { timeout(PATIENCE, head(stream)).await.ok().flatten() });
                    }
                    // No descriptor is left, for example.
                    Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
                },
                Some(request) = requests.join_next() => {
                    let Ok(Some((stream, target))) = request else { continue };
                    match self.hear(&target) {
                        Said::Code(code) => return (stream, Ok(code)),
                        Said::Refused(why) => {
                            let error = Error::new(OPERATION, ErrorKind::NotAuthenticated);
                            return (stream, Err(error.saying(why)));
                        }
                        Said::Nothing(status, words) => {
                            requests.spawn(async move {
                                answer(stream, status, words).await;
                                None
                            });
                        }
                    }
                }
            }
        }
    }

    /// Returns what a request to `target` says.
    fn hear(&self, target: &str) -> Said {
        let Some(url) =
            self.redirect_uri.join(target).ok().filter(|url| url.path() == self.redirect_uri.path())
        else {
            return Said::Nothing("404 Not Found", "There is nothing here.");
        };
        let value =
            |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
        // Compared by their hashes, so how long it takes says nothing about the one that is expected.
        if value("state").map(CsrfToken::new).as_ref() != Some(&self.state) {
            return Said::Nothing(
                "400 Bad Request",
                "This page does not belong to the login that is under way.",
            );
        }
        match (value("code"), value("error")) {
            (Some(code), None) if !code.is_empty() => Said::Code(SecretString::from(code)),
            (_, Some(error)) => Said::Refused(match value("error_description") {
                Some(words) => format!("{error}; {words}"),
                None => error,
            }),
            _ => Said::Refused("the browser came back without a code".to_owned()),
        }
    }
}

impl std::fmt::Debug for Login {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Login")
            .field("redirect_uri", &self.redirect_uri.as_str())
            .finish_non_exhaustive()
    }
}

/// Reads the head of a request and returns its target, if it is a `GET`.
async fn head(mut stream: TcpStream) -> Option<(TcpStream, String)> {
    let mut received = Vec::new();
    while !received.windows(4).any(|bytes| bytes == b"\r\n\r\n") {
        if received.len() > LONGEST || stream.read_buf(&mut received).await.ok()? == 0 {
            return None;
        }
    }
    let head = String::from_utf8(received).ok()?;
    let target = head.strip_prefix("GET ")?.split_once(' ')?.0;
    target.starts_with('/').then(|| target.to_owned()).map(|target| (stream, target))
}

/// Answers with a page that loads nothing, leads nowhere and is kept nowhere, since its address has the code in it.
async fn answer(mut stream: TcpStream, status: &str, words: &str) {
    let page = format!("<!doctype html><meta charset=utf-8><title>muster</title><p>{words}</p>\n");
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: text/html; charset=utf-8\r\ncontent-length: {}\r\nconnection: close\r\n\
         cache-control: no-store\r\nreferrer-policy: no-referrer\r\ncontent-security-policy: default-src 'none'\r\n\r\n",
        page.len()
    );
    let sent = timeout(PATIENCE, async {
        stream.write_all(format!("{head}{page}").as_bytes()).await?;
        stream.shutdown().await
    });
    // The browser may be gone; what counts is what it said.
    let _ = sent.await;
}
