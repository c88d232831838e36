//! What troubles make of a call: the answer that is given instead, the damage to the answer, and how it is sent.

use std::io;
use std::time::Duration;

use axum::body::Body;
use axum::http::Response;
use futures_util::stream::{self, StreamExt};

use super::State;
use super::answer::{Answer, Reply};
use super::operation::Operation;
use super::request::{Request, Shift};
use crate::script::Trouble;

/// What becomes of a call.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// The answer, or what would have been it.
    pub(crate) answer: Answer,
    /// How much of it is sent.
    pub(crate) sent: Sent,
    /// How much later it is sent.
    pub(crate) late: Duration,
    /// What went wrong on the way.
    pub(crate) troubles: Vec<Trouble>,
}

/// How much of an answer is sent before the connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sent {
    /// All of it, and the connection stays.
    Whole,
    /// Half of the body.
    Half,
    /// Nothing.
    Nothing,
}

impl From<Answer> for Outcome {
    fn from(answer: Answer) -> Self {
        Self { answer, sent: Sent::Whole, late: Duration::ZERO, troubles: Vec::new() }
    }
}

/// Carries an operation out with the troubles that strike it.
pub(crate) fn under(
    state: &mut State,
    operation: &Operation,
    request: &Request,
    run: impl FnOnce(&mut State, &Request, &[Trouble]) -> Reply,
) -> Outcome {
    let troubles = state.script.strike(operation.name, request);
    let shift = troubles.iter().find_map(|trouble| match trouble {
        Trouble::RowAdded => Some(Shift::Added),
        Trouble::RowDeleted => Some(Shift::Deleted),
        _ => None,
    });
    if let Some(token) = request.token().filter(|_| troubles.contains(&Trouble::TokenExpires)) {
        state.tokens.expire(token);
    }
    let (mut answer, mut sent) = match troubles.iter().find_map(|trouble| instead(*trouble)) {
        Some(instead) => instead,
        None => {
            let reply = match shift {
                Some(shift) => run(state, &request.clone().shifted(shift), &troubles),
                None => run(state, request, &troubles),
            };
            (reply.unwrap_or_else(Answer::from), Sent::Whole)
        }
    };
    let damage = troubles.iter().find(|trouble| {
        matches!(trouble, Trouble::DropAfter | Trouble::BrokenOff | Trouble::Truncated | Trouble::Malformed)
    });
    match damage.filter(|_| sent == Sent::Whole) {
        Some(Trouble::DropAfter) => sent = Sent::Nothing,
        Some(Trouble::BrokenOff) => sent = Sent::Half,
        Some(Trouble::Truncated) => answer.truncate(),
        Some(_) => answer.garble(),
        None => {}
    }
    let late =
        troubles.iter().map(|trouble| if let Trouble::Late(by) = trouble { *by } else { Duration::ZERO });
    Outcome { answer, sent, late: late.sum(), troubles }
}

/// Returns what is answered instead of carrying the operation out.
fn instead(trouble: Trouble) -> Option<(Answer, Sent)> {
    const PAGE: &str = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n\
                        <center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n";
    let (mut answer, retry_after) = match trouble {
        Trouble::DropBefore => return Some((Answer::no_content(), Sent::Nothing)),
        Trouble::Html => (Answer::html(502, PAGE.to_owned()), None),
        Trouble::Status { status, retry_after } => (Answer::in_difficulties(status), retry_after),
        _ => return None,
    };
    if let Some(seconds) = retry_after {
        answer.header("Retry-After", seconds);
    }
    Some((answer, Sent::Whole))
}

impl Outcome {
    /// Returns the answer as HTTP, for as much of it as is sent. Of an answer that has no body, none of it is left.
    pub(crate) async fn into_response(self) -> (Response<Body>, Sent) {
        if !self.late.is_zero() {
            tokio::time::sleep(self.late).await;
        }
        if self.sent != Sent::Half {
            return (self.answer.into_response(), self.sent);
        }
        let (mut parts, body) = self.answer.into_response().into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
        if body.is_empty() {
            return (Response::from_parts(parts, Body::empty()), Sent::Nothing);
        }
        parts.headers.insert("content-length", body.len().into());
        let half = stream::iter([Ok(body.slice(..body.len() / 2))]);
        // Not at once: what is written with the end would never be sent.
        let broken = stream::once(async {
            tokio::task::yield_now().await;
            Err(io::Error::from(io::ErrorKind::ConnectionReset))
        });
        let half = half.chain(broken);
        (Response::from_parts(parts, Body::from_stream(half)), Sent::Half)
    }
}
