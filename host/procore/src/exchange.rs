//! One HTTP exchange: a request goes out, an answer of bounded size comes in.
//!
//! Connections are kept and used again, over HTTP/2 where the other end offers it in the TLS handshake; never by assuming it,
//! which would fail at a server that speaks HTTP/1.1 only. Answers may come packed (gzip). Each phase has its own patience:
//! opening a connection, the head of an answer, each piece of its body, and the whole.
//!
//! Nothing here is repeated, redirected or sent through a proxy: reqwest's own retries, redirects and proxy variables are
//! off, so that one call is one request and a token goes nowhere but to the host in the settings.

use std::ops::Deref;

use reqwest::header::{ACCEPT, HeaderMap, HeaderValue};
use reqwest::multipart::Form;
use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder, Method, Request, Response, StatusCode, Url};
use serde::de::DeserializeOwned;

use crate::error::{Error, ErrorKind};
use crate::settings::{Settings, Timeouts, unusable};

/// How much of a refusal is read: enough for its words.
const LONGEST_REFUSAL: usize = 64 << 10;

/// How long an idle connection is kept. Shorter than what gateways usually allow, so that a write seldom meets a
/// connection that is being closed at the other end.
const IDLE: std::time::Duration = std::time::Duration::from_secs(30);

/// The way to the network.
pub(crate) struct Exchange {
    http: Client,
    timeouts: Timeouts,
    max_body: usize,
}

/// A complete answer with a status of 2xx.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Exchange {
    /// Returns the way that `settings` describe.
    pub(crate) fn new(settings: &Settings) -> Result<Self, Error> {
        let http = builder(settings.timeouts).build();
        let http = http.map_err(|error| unusable(format!("no HTTP client: {error}")))?;
        Ok(Self { http, timeouts: settings.timeouts, max_body: settings.max_body })
    }

    /// Returns a `POST` of a form.
    pub(crate) fn form(
        &self,
        operation: &'static str,
        url: Url,
        form: &[(&str, &str)],
    ) -> Result<Request, Error> {
        self.http.post(url).form(form).build().map_err(|error| Error::unanswered(operation, error))
    }

    /// Returns a request with a form of several parts.
    pub(crate) fn parts(
        &self,
        operation: &'static str,
        method: Method,
        url: Url,
        fields: &[(String, String)],
    ) -> Result<Request, Error> {
        // Names have brackets, which stay as they are.
        let form = fields.iter().fold(Form::new().percent_encode_noop(), |form, (name, text)| {
            form.text(name.clone(), text.clone())
        });
        let request = self.http.request(method, url).multipart(form).build();
        request.map_err(|error| Error::unanswered(operation, error))
    }

    /// Sends `request` and returns the answer's head, whatever its status; the body is still to be read.
    pub(crate) async fn send(&self, operation: &'static str, request: Request) -> Result<Response, Error> {
        let head = tokio::time::timeout(self.timeouts.head, self.http.execute(request)).await;
        let Ok(head) = head else {
            return Err(Error::late(operation, "no answer began", self.timeouts.head));
        };
        head.map_err(|error| Error::unanswered(operation, error))
    }

    /// Reads the rest of an answer, of which no more than the settings allow is ever held.
    pub(crate) async fn read(
        &self,
        operation: &'static str,
        mut response: Response,
    ) -> Result<Answer, Error> {
        let (status, headers) = (response.status(), response.headers().clone());
        let mut body = Vec::new();
        loop {
            // The chunks are already decompressed, so a small answer can't unpack to a large one unnoticed.
            match self.chunk(operation, &mut response).await {
                Ok(Some(chunk)) if body.len() + chunk.len() <= self.max_body => {
                    body.extend_from_slice(&chunk)
                }
                Ok(Some(_)) => return Err(Error::new(operation, ErrorKind::TooLarge).about(status, &headers)),
                Ok(None) => return Ok(Answer { status, headers, body }),
                Err(error) => return Err(error.about(status, &headers)),
            }
        }
    }

    /// Reads what a refusal says and returns it as an error. The status is what counts, so words that are too long, too
    /// late or broken off do not matter. Whatever `hide` holds is taken out.
    pub(crate) async fn refusal(
        &self,
        operation: &'static str,
        mut response: Response,
        hide: &[&str],
    ) -> Error {
        let (status, headers) = (response.status(), response.headers().clone());
        let mut body = Vec::new();
        while let Ok(Some(chunk)) = self.chunk(operation, &mut response).await {
            body.extend(chunk.iter().take(LONGEST_REFUSAL - body.len()));
            if body.len() >= LONGEST_REFUSAL {
                break;
            }
        }
        Error::answered(operation, status, &headers, &body, hide)
    }

    /// Returns the next piece of a body, or `None` at its end.
    async fn chunk(
        &self,
        operation: &'static str,
        response: &mut Response,
    ) -> Result<Option<impl Deref<Target = [u8]> + use<>>, Error> {
        match tokio::time::timeout(self.timeouts.chunk, response.chunk()).await {
            Ok(chunk) => chunk.map_err(|error| Error::unanswered(operation, error)),
            Err(_) => Err(Error::late(operation, "the answer stopped", self.timeouts.chunk)),
        }
    }
}

/// Returns an HTTP client that only has to be built.
fn builder(timeouts: Timeouts) -> ClientBuilder {
    Client::builder()
        .redirect(Policy::none())
        .referer(false)
        .retry(reqwest::retry::never())
        .no_proxy()
        .gzip(true)
        .connect_timeout(timeouts.connect)
        .timeout(timeouts.request)
        .pool_idle_timeout(IDLE)
        .user_agent(concat!("muster/", env!("CARGO_PKG_VERSION")))
        .default_headers(HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("application/json"))]))
}

impl Answer {
    /// Parses the body. What does not fit is an error naming the place, never a default.
    pub(crate) fn json<T: DeserializeOwned>(&self, operation: &'static str) -> Result<T, Error> {
        let mut json = serde_json::Deserializer::from_slice(&self.body);
        let parsed = serde_path_to_error::deserialize(&mut json);
        let place = |error: serde_path_to_error::Error<serde_json::Error>| match error.path().to_string() {
            path if path == "." => error.into_inner().to_string(),
            path => format!("at {path}: {}", error.into_inner()),
        };
        let parsed = parsed.map_err(place).and_then(|parsed| {
            json.end().map_err(|error| error.to_string())?;
            Ok(parsed)
        });
        parsed.map_err(|why| self.malformed(operation, &why))
    }

    /// Returns the error for an answer that is not what the operation documents.
    pub(crate) fn malformed(&self, operation: &'static str, why: &str) -> Error {
        Error::new(operation, ErrorKind::Malformed).about(self.status, &self.headers).saying(why)
    }
}

#[cfg(test)]
mod tests;
