//! Mishaps: single requests that go wrong in the way networks and services do, whatever operation they call.

use std::time::Duration;

/// Something that happens to every request whose method and path contain a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mishap {
    /// Part of `METHOD /path?query`.
    pub to: String,
    /// What happens.
    pub happens: Happens,
}

/// What happens to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happens {
    /// It is answered so, and nothing is done. It is not counted.
    Answered {
        /// The status.
        status: u16,
        /// The body, in which `{authorization}` stands for what the request proved itself with: some services repeat it.
        body: String,
    },
    /// It is carried out at once and answered so much later.
    Late(Duration),
}

impl Mishap {
    /// Returns the mishap of requests that are answered with an error.
    pub fn answered(to: &str, status: u16, body: &str) -> Self {
        Self { to: to.to_owned(), happens: Happens::Answered { status, body: body.to_owned() } }
    }

    /// Returns the mishap of requests whose answers take their time.
    pub fn late(to: &str, by: Duration) -> Self {
        Self { to: to.to_owned(), happens: Happens::Late(by) }
    }

    /// Returns what happens to a request, if something does.
    pub(crate) fn of(mishaps: &[Self], method: &str, target: &str) -> Option<Happens> {
        let request = format!("{method} {target}");
        mishaps.iter().find(|mishap| request.contains(&mishap.to)).map(|mishap| mishap.happens.clone())
    }
}
