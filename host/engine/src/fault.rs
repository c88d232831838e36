//! Faults: the ways in which a policy fails, each by name.

use std::fmt;

use wasmtime::Trap;
use wasmtime::component::ResourceTableError;

use crate::directory::NoAnswer;
use crate::limits::Limits;

/// What a policy did wrong. Steps that it had added are dropped.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It used up its fuel.
    #[error("the policy used up its {limit} units of fuel")]
    OutOfFuel {
        /// The limit.
        limit: u64,
    },
    /// It computed for too long.
    #[error("the policy computed for more than {limit:?}")]
    GuestTime {
        /// The limit.
        limit: std::time::Duration,
    },
    /// It took too long, waiting included.
    #[error("the decision took more than {limit:?}")]
    TotalTime {
        /// The limit.
        limit: std::time::Duration,
    },
    /// It wanted more memory.
    #[error("the policy wanted more than {limit} bytes of memory")]
    Memory {
        /// The limit.
        limit: usize,
    },
    /// It wanted a larger table.
    #[error("the policy wanted a table of more than {limit} elements")]
    Table {
        /// The limit.
        limit: usize,
    },
    /// It called itself too deeply.
    #[error("the policy used up its stack")]
    Stack,
    /// It called the host too often: every function counts, however it was answered.
    #[error("the policy called the host more than {limit} times")]
    Calls {
        /// The limit: that of reads and that of steps together.
        limit: usize,
    },
    /// It asked for too much that it had not been told before.
    #[error("the policy asked more than {limit} questions")]
    Reads {
        /// The limit.
        limit: usize,
    },
    /// It was told too much.
    #[error("the policy asked for more than {limit} bytes of answers")]
    ReadBytes {
        /// The limit.
        limit: usize,
    },
    /// It added too much.
    #[error("the policy added more than {limit} steps")]
    Steps {
        /// The limit.
        limit: usize,
    },
    /// A text that it handed over is too long.
    #[error("the policy handed over a text that can't be taken: {what}")]
    Text {
        /// Which one, and by how much.
        what: String,
    },
    /// It kept too many handles open.
    #[error("the policy kept more than {limit} handles open")]
    Handles {
        /// The limit.
        limit: usize,
    },
    /// It handed over too much in one call.
    #[error("the policy handed over more than {limit} bytes in one call")]
    CallBytes {
        /// The limit.
        limit: usize,
    },
    /// It ended its own process.
    #[error("the policy ended itself with the status {status}")]
    Exit {
        /// The status that it gave.
        status: i32,
    },
    /// It called an import while it described itself.
    #[error("the policy calls an import while it describes itself")]
    ImportInDescribe,
    /// It panicked, or hit an instruction that can't be carried out.
    #[error("the policy stopped: {what}")]
    Trap {
        /// What happened, with the last words of the policy's log.
        what: String,
    },
}

/// How a call into a guest ended without an answer.
#[derive(Debug)]
pub(crate) enum Stopped {
    /// By the policy's fault.
    Fault(Fault),
    /// Because the directory did not answer.
    NoAnswer(NoAnswer),
}

/// An error that host functions raise to end the decision. It travels through the guest as a trap.
#[derive(Debug)]
pub(crate) struct Raised(pub(crate) Fault);

impl fmt::Display for Raised {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl std::error::Error for Raised {}

impl Stopped {
    /// Tells from wasmtime's error how the call ended. `last_words` is the end of what the guest printed.
    pub(crate) fn from_error(error: wasmtime::Error, limits: &Limits, last_words: &str) -> Self {
        let error = match error.downcast::<NoAnswer>() {
            Ok(no_answer) => return Self::NoAnswer(no_answer),
            Err(error) => error,
        };
        if let Some(Raised(fault)) = error.downcast_ref() {
            return Self::Fault(fault.clone());
        }
        if let Some(wasmtime_wasi::I32Exit(status)) = error.downcast_ref() {
            return Self::Fault(Fault::Exit { status: *status });
        }
        Self::Fault(match error.downcast_ref::<Trap>() {
            Some(Trap::OutOfFuel) => Fault::OutOfFuel { limit: limits.fuel },
            Some(Trap::Interrupt) => Fault::GuestTime { limit: limits.guest_time },
            Some(Trap::StackOverflow) => Fault::Stack,
            Some(trap) => Fault::Trap { what: with_last_words(&trap.to_string(), last_words) },
            None if error.is::<ResourceTableError>() => Fault::Handles { limit: limits.handles },
            // These errors of wasmtime's are private; their text is all there is to tell them by.
            None if format!("{error:#}").contains("too much data is being copied") => {
                Fault::CallBytes { limit: limits.call_bytes }
            }
            None if format!("{error:#}").contains("store handle limit exceeded") => {
                Fault::Handles { limit: limits.handles }
            }
            None => Fault::Trap { what: with_last_words(&error.root_cause().to_string(), last_words) },
        })
    }
}

fn with_last_words(what: &str, last_words: &str) -> String {
    let lines: Vec<_> = last_words.lines().rev().filter(|line| !line.trim().is_empty()).take(3).collect();
    if lines.is_empty() {
        return what.to_owned();
    }
    let last_words: Vec<_> = lines.into_iter().rev().collect();
    format!("{what}; its last words: {}", last_words.join(" / "))
}
