//! What can go wrong with one operation, told apart by what a caller may do about it.
//!
//! An error keeps Procore's own words, bounded and cleaned, and never a secret, a header or a URL. It keeps invariant 7
//! (unknown is not failed): for a write it says whether the change may have happened.

mod words;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, HeaderMap};

pub(crate) use words::clean;

/// Procore's header that names one request, for its support and for our logs.
const REQUEST_ID: &str = "x-request-id";

/// A failed operation.
#[derive(Debug, Clone)]
pub struct Error {
    operation: &'static str,
    kind: ErrorKind,
    settled: Settled,
    status: Option<u16>,
    words: Option<Box<str>>,
    request_id: Option<Box<str>>,
    source: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

/// What went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum ErrorKind {
    /// The settings can't be used; nothing was sent.
    #[error("unusable settings")]
    Settings,
    /// Procore does not accept our credentials, or refused a token that it had just given (401).
    #[error("not authenticated")]
    NotAuthenticated,
    /// We may not do this here: tool level, disabled tool, app not installed, project not permitted (403).
    #[error("forbidden")]
    Forbidden,
    /// The thing is absent, or we can't see it; Procore does not say which (404).
    #[error("absent or invisible")]
    NotFound,
    /// The thing is in a state that the change contradicts (409).
    #[error("conflict")]
    Conflict,
    /// The thing has changed since the caller saw it; nothing was sent.
    #[error("changed by somebody else in between")]
    Stale,
    /// Procore refused the request itself (400, 406, 422 and the other final answers from 400 to 499).
    #[error("refused as invalid")]
    Invalid,
    /// Too many requests, still after waiting as told (429).
    #[error("rate limited")]
    RateLimited,
    /// Procore, or something before it, failed (5xx).
    #[error("unavailable")]
    Unavailable,
    /// The answer is not what the operation documents. A redirect is such an answer: none is followed.
    #[error("malformed answer")]
    Malformed,
    /// The answer is larger than the settings allow.
    #[error("answer too large")]
    TooLarge,
    /// No connection came about: name, network or TLS.
    #[error("no connection")]
    Connection,
    /// No complete answer in time, or Procore's own 408.
    #[error("timed out")]
    Timeout,
    /// The connection ended before a complete answer.
    #[error("no answer")]
    NoAnswer,
    /// A list changed each time while its pages were read, so rows may be missing.
    #[error("the list kept changing while it was read")]
    Unsteady,
    /// The refresh token of somebody who logged in can't be read or kept.
    #[error("no place for the refresh token")]
    TokenStore,
    /// Procore has no such operation in the dialect that is spoken; nothing was sent.
    #[error("not offered by Procore")]
    NotOffered,
    /// The server does not speak the dialect that it was asked about.
    #[error("another dialect")]
    OtherDialect,
    /// Procore's answers do not say who the company admins are.
    #[error("can't tell who the company admins are")]
    AdminsUnknown,
}

/// Whether a change may have happened although its request failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Settled {
    /// Nothing was changed: Procore refused, or the request never left. Always so for reads.
    Refused,
    /// The change may have been made; only reading Procore tells.
    Unknown,
}

impl Error {
    /// Returns the kind.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Returns whether the change may have happened. What is [`Settled::Unknown`] must be settled by reading.
    #[must_use]
    pub fn settled(&self) -> Settled {
        self.settled
    }

    /// Returns whether Procore won't show us the thing or the tool: forbidden, absent or invisible.
    #[must_use]
    pub fn is_not_visible(&self) -> bool {
        matches!(self.kind, ErrorKind::Forbidden | ErrorKind::NotFound)
    }

    /// Returns the operation that failed, for example `deactivate user`.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// Returns the HTTP status, if there was an answer.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.status
    }

    /// Returns Procore's own words, or what was wrong with its answer: at most 300 characters, none of them control
    /// characters. They are untrusted text and still have to be escaped for where they are shown.
    #[must_use]
    pub fn words(&self) -> Option<&str> {
        self.words.as_deref()
    }

    /// Returns Procore's `x-request-id`, which its support asks for.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// Returns an error that changed nothing.
    pub(crate) fn new(operation: &'static str, kind: ErrorKind) -> Self {
        Self {
            operation,
            kind,
            settled: Settled::Refused,
            status: None,
            words: None,
            request_id: None,
            source: None,
        }
    }

    /// Returns the error for an answer with a status other than 2xx. Whatever `hide` holds is taken out of its words.
    pub(crate) fn answered(
        operation: &'static str,
        status: StatusCode,
        headers: &HeaderMap,
        body: &[u8],
        hide: &[&str],
    ) -> Self {
        let kind = match status.as_u16() {
            401 => ErrorKind::NotAuthenticated,
            403 => ErrorKind::Forbidden,
            404 => ErrorKind::NotFound,
            408 => ErrorKind::Timeout,
            409 => ErrorKind::Conflict,
            429 => ErrorKind::RateLimited,
            400..=499 => ErrorKind::Invalid,
            500..=599 => ErrorKind::Unavailable,
            _ => ErrorKind::Malformed,
        };
        let content_type =
            headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        // 408 is Procore's word for "took too long" (developers.procore.com, error reference), which is no refusal.
        let settled = match kind {
            ErrorKind::Timeout | ErrorKind::Unavailable | ErrorKind::Malformed => Settled::Unknown,
            _ => Settled::Refused,
        };
        Self {
            settled,
            status: Some(status.as_u16()),
            words: words::of_body(content_type, body, hide).map(String::into_boxed_str),
            request_id: request_id(headers),
            ..Self::new(operation, kind)
        }
    }

    /// Returns the error for a request that ended without a complete answer.
    pub(crate) fn unanswered(operation: &'static str, error: reqwest::Error) -> Self {
        let never_left = error.is_connect() || error.is_builder();
        let kind = match () {
            () if error.is_builder() => ErrorKind::Settings,
            () if error.is_timeout() => ErrorKind::Timeout,
            () if error.is_connect() => ErrorKind::Connection,
            () if error.is_decode() && !broke_off(&error) => ErrorKind::Malformed,
            () => ErrorKind::NoAnswer,
        };
        Self {
            settled: if never_left { Settled::Refused } else { Settled::Unknown },
            // A URL may hold somebody's address.
            source: Some(Arc::new(error.without_url())),
            ..Self::new(operation, kind)
        }
    }

    /// Returns the error for a request of which one phase took longer than `limit`. It may have been received all the same.
    pub(crate) fn late(operation: &'static str, what: &str, limit: Duration) -> Self {
        let error = Self::new(operation, ErrorKind::Timeout).with_unknown_effect();
        error.saying(format!("{what} for {} s", limit.as_secs_f64()))
    }

    /// Replaces the kind, where an operation knows better than the status.
    pub(crate) fn of_kind(self, kind: ErrorKind) -> Self {
        Self { kind, ..self }
    }

    /// Adds what was wrong in our own words, which may quote the answer.
    pub(crate) fn saying(self, words: impl AsRef<str>) -> Self {
        Self { words: clean(words.as_ref()).map(String::into_boxed_str), ..self }
    }

    /// Adds what may be done about it, behind words that give way where there is no room for both.
    pub(crate) fn hinting(self, hint: &str) -> Self {
        let room = words::LONGEST.saturating_sub(hint.chars().count() + 3);
        let said = self.words.as_deref().and_then(|said| words::cut(said, room));
        let words = said.map_or_else(|| hint.to_owned(), |said| format!("{said} ({hint})"));
        self.saying(words)
    }

    /// Adds the request id and status of the answer that this error is about.
    pub(crate) fn about(self, status: StatusCode, headers: &HeaderMap) -> Self {
        Self { status: Some(status.as_u16()), request_id: request_id(headers), ..self }
    }

    /// Says that the change may have been made: by an earlier try, or since only the answer to it is of no use.
    pub(crate) fn with_unknown_effect(self) -> Self {
        Self { settled: Settled::Unknown, ..self }
    }

    /// Says that nothing was changed, because the request was a read or was not sent.
    pub(crate) fn without_effect(self) -> Self {
        Self { settled: Settled::Refused, ..self }
    }
}

/// Returns whether a body ended early. reqwest tells that of a packed body as it tells of one that can't be unpacked, but
/// for the cause.
fn broke_off(error: &reqwest::Error) -> bool {
    let mut causes = std::iter::successors(std::error::Error::source(error), |cause| cause.source());
    causes.any(|cause| cause.downcast_ref().is_some_and(reqwest::Error::is_body))
}

/// Turns "absent or invisible" into `None`.
pub(crate) fn optional<T>(result: Result<T, Error>) -> Result<Option<T>, Error> {
    match result {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Returns the request id of an answer, if it is one that can be shown.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<Box<str>> {
    let id = headers.get(REQUEST_ID)?.to_str().ok()?;
    let plain = id.len() <= 100 && id.bytes().all(|byte| byte.is_ascii_graphic());
    (plain && !id.is_empty()).then(|| id.into())
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.operation, self.kind)?;
        match (self.status, &self.request_id) {
            (Some(status), Some(id)) => write!(formatter, " ({status}, request {id})")?,
            (Some(status), None) => write!(formatter, " ({status})")?,
            (None, _) => {}
        }
        self.words.as_ref().map_or(Ok(()), |words| write!(formatter, ": {words}"))
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(status: u16) -> Error {
        let status = StatusCode::from_u16(status).unwrap();
        Error::answered("close RFI", status, &HeaderMap::new(), b"{\"errors\":[\"no\"]}", &[])
    }

    #[test]
    fn each_status_has_its_kind_and_says_whether_a_change_may_have_happened() {
        use ErrorKind::*;
        use Settled::*;
        for (status, kind, settled) in [
            (302, Malformed, Unknown),
            (400, Invalid, Refused),
            (401, NotAuthenticated, Refused),
            (403, Forbidden, Refused),
            (404, NotFound, Refused),
            (405, Invalid, Refused),
            (406, Invalid, Refused),
            (408, Timeout, Unknown),
            (409, Conflict, Refused),
            (422, Invalid, Refused),
            (429, RateLimited, Refused),
            (500, Unavailable, Unknown),
            (502, Unavailable, Unknown),
            (503, Unavailable, Unknown),
            (504, Unavailable, Unknown),
        ] {
            let error = answered(status);
            assert_eq!((error.kind(), error.settled()), (kind, settled), "{status}");
        }
    }

    #[test]
    fn the_text_names_operation_kind_status_and_words() {
        assert_eq!(answered(403).to_string(), "close RFI: forbidden (403): no");
        assert_eq!(Error::new("show user", ErrorKind::Timeout).to_string(), "show user: timed out");
    }

    #[test]
    fn a_request_id_is_shown_only_if_it_is_plain() {
        let id = |text: &[u8]| {
            let mut headers = HeaderMap::new();
            headers.insert(REQUEST_ID, reqwest::header::HeaderValue::from_bytes(text).unwrap());
            request_id(&headers)
        };
        assert_eq!(id(b"7f3-a").as_deref(), Some("7f3-a"));
        assert_eq!(id(b""), None);
        assert_eq!(id(b"a b"), None);
        assert_eq!(id(&[b'x'; 101]), None);
    }
}
