//! How a command ends: documented exit codes, and failures that say what to do next.

use std::error::Error;
use std::process::ExitCode;

/// What a command's exit code means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// Everything is as it should be, a remainder that was named included.
    Done = 0,
    /// A run failed, or ended with something unknown.
    RunFailed = 1,
    /// The command line makes no sense.
    Usage = 2,
    /// The configuration, or something that it names, can't be used.
    Config = 3,
    /// The guard, a grant or a check of the artifact refuses.
    Refused = 4,
    /// Something waits for a person's approval.
    Waiting = 5,
    /// A policy is at fault.
    Policy = 6,
    /// Procore did not do its part.
    Procore = 7,
    /// A bug in muster.
    Bug = 70,
}

impl Exit {
    /// Returns the worse of two ways to end: what needs somebody's attention more.
    pub(crate) fn worse(self, other: Self) -> Self {
        self.max(other)
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// A command that could not do what it was asked.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    pub(crate) error: Box<dyn Error + Send + Sync>,
    pub(crate) hint: Option<String>,
}

impl Failure {
    pub(crate) fn new(exit: Exit, error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { exit, error: error.into(), hint: None }
    }

    /// Returns whether nothing failed but telling it to a reader who went away.
    pub(crate) fn is_closed_pipe(&self) -> bool {
        let io = self.error.downcast_ref::<std::io::Error>();
        io.is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
    }

    /// Adds what to do next.
    pub(crate) fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }
}

/// Returns an error with all its causes, each once, in order.
pub(crate) fn causes(error: &(dyn Error + 'static)) -> Vec<String> {
    let mut causes = vec![error.to_string()];
    let mut next = error.source();
    while let Some(cause) = next {
        let words = cause.to_string();
        if causes.last() != Some(&words) {
            causes.push(words);
        }
        next = cause.source();
    }
    causes
}
