//! What each fault comes to, by the kind of operation.

use muster_procore::{ErrorKind, Settled};

use super::rows::Class;

/// How an operation ends, and after how many requests for the one that met the fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct End {
    /// What it fails with; `None`: it is done, or what was asked for is read.
    pub(crate) error: Option<(ErrorKind, Settled)>,
    pub(crate) requests: u64,
    /// Whether a change is made in the end, and no more than once.
    pub(crate) made: bool,
}

/// One fault: how it ends that befalls every request, and how it ends that befalls the first one only.
pub(crate) struct Line {
    /// As the simulator's scripts spell it.
    pub(crate) fault: &'static str,
    /// As the README spells it.
    pub(crate) words: &'static str,
    pub(crate) read: [End; 2],
    pub(crate) write: [End; 2],
    pub(crate) told: [End; 2],
    pub(crate) once: [End; 2],
}

const MADE: bool = true;
const NOT_MADE: bool = false;

const fn good(requests: u64) -> End {
    End { error: None, requests, made: true }
}

const fn refused(kind: ErrorKind, requests: u64) -> End {
    End { error: Some((kind, Settled::Refused)), requests, made: false }
}

const fn unknown(kind: ErrorKind, requests: u64, made: bool) -> End {
    End { error: Some((kind, Settled::Unknown)), requests, made }
}

/// A fault of the way or of the service, after which the change is made or not.
const fn lost(fault: &'static str, words: &'static str, kind: ErrorKind, made: bool) -> Line {
    Line {
        fault,
        words,
        read: [refused(kind, 6), good(2)],
        write: [unknown(kind, 1, made); 2],
        told: [unknown(kind, 1, made); 2],
        once: [unknown(kind, 6, made), good(2)],
    }
}

/// A refusal that is certainly one.
const fn denied(fault: &'static str, words: &'static str, kind: ErrorKind, requests: u64) -> Line {
    let ends = [refused(kind, requests), good(2)];
    Line { fault, words, read: ends, write: ends, told: ends, once: ends }
}

/// An answer that can't be read.
const fn garbled(fault: &'static str, words: &'static str) -> Line {
    let kind = ErrorKind::Malformed;
    Line {
        fault,
        words,
        read: [refused(kind, 1); 2],
        write: [good(1); 2],
        told: [unknown(kind, 1, MADE); 2],
        once: [good(1); 2],
    }
}

use ErrorKind::{NoAnswer, NotAuthenticated, RateLimited, Timeout, Unavailable};

/// The faults that may befall every operation.
pub(crate) const TABLE: [Line; 14] = [
    lost("late=60s", "no answer in time", Timeout, MADE),
    lost("drop-before", "the connection ends before anything is done", NoAnswer, NOT_MADE),
    lost("drop-after", "the connection ends without an answer", NoAnswer, MADE),
    Line {
        write: [good(1); 2],
        once: [good(1); 2],
        ..lost("broken-off", "the connection ends in the answer's body", NoAnswer, MADE)
    },
    lost("500", "500", Unavailable, NOT_MADE),
    lost("502", "502", Unavailable, NOT_MADE),
    lost("503", "503", Unavailable, NOT_MADE),
    lost("503,retry-after=30", "503 with `Retry-After`", Unavailable, NOT_MADE),
    lost("html", "502 with a page of HTML", Unavailable, NOT_MADE),
    denied("429", "429", RateLimited, 6),
    denied("429,retry-after=30", "429 with `Retry-After`", RateLimited, 6),
    garbled("truncated", "JSON that stops in the middle"),
    garbled("malformed", "a body that is no JSON"),
    denied("token-expires", "the token stops to work", NotAuthenticated, 2),
];

impl Line {
    /// Returns how an operation ends, if the fault befalls every request and if it befalls the first one only.
    pub(crate) fn ends(&self, class: Class) -> [End; 2] {
        match class {
            Class::Read | Class::Stream => self.read,
            Class::Write => self.write,
            // Of an answer without a body, none of it is left.
            Class::Bare if self.fault == "broken-off" => self.told,
            Class::Bare => self.write,
            Class::Told => self.told,
            Class::Once => self.once,
        }
    }

    /// Returns the line of the README.
    pub(crate) fn written(&self) -> String {
        let writes =
            [self.write, self.told, self.once].map(|ends| cell(ends, |settled| format!("`{settled:?}`")));
        format!("| {} | {} | {} |", self.words, cell(self.read, |_| "fails".to_owned()), writes.join(" | "))
    }
}

/// Returns what becomes of an operation, in words.
fn cell([every, first]: [End; 2], failed: impl Fn(Settled) -> String) -> String {
    let Some((kind, settled)) = every.error else { return "done".to_owned() };
    let repeats = every.requests - 1;
    assert_eq!(first.error.is_none(), repeats > 0, "what is sent again gets through");
    let again = match repeats {
        0 => String::new(),
        1 => "sent again once, then ".to_owned(),
        _ => format!("sent again up to {repeats} times, then "),
    };
    format!("{again}{}: {kind}", failed(settled))
}
