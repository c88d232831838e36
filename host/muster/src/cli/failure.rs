//! Failures as people read them, and the one function that says which exit code is whose.

use std::io::Write as _;
use std::process::ExitCode;

use muster_core::text::shown;
use muster_engine::LoadError;

use crate::app::OpenError;
use crate::case::CaseError;
use crate::config::ConfigError;
use crate::executor::ExecutorError;
use crate::exit::{Exit, Failure, causes};
use crate::pipeline::PipelineError;
use crate::report::{BAD, BOLD};
use crate::store::StoreError;

/// Prints a failure on stderr: what, why, what to do next. Returns its exit code.
pub(super) fn say(failure: &Failure) -> ExitCode {
    let mut out = anstream::stderr();
    let mut lines = causes(failure.error.as_ref()).into_iter();
    let first = lines.next().unwrap_or_default();
    // Nobody is left to hear that stderr is closed.
    let _ = writeln!(out, "{BAD}error{BAD:#}: {}", shown(&first));
    for cause in lines {
        for line in cause.lines() {
            let _ = writeln!(out, "  {}", shown(line));
        }
    }
    if let Some(hint) = &failure.hint {
        for line in hint.lines() {
            let _ = writeln!(out, "{BOLD}hint{BOLD:#}: {}", shown(line));
        }
    }
    failure.exit.into()
}

/// Says on stderr what can be done next.
pub(super) fn next(command: &str) {
    // Nobody is left to hear that stderr is closed.
    let _ = writeln!(anstream::stderr(), "{BOLD}next{BOLD:#}: {}", shown(command));
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        let hint = match &error {
            ConfigError::Missing { .. } => {
                Some("name one with --config FILE, or see it work first with `muster demo`".to_owned())
            }
            _ => None,
        };
        Self { hint, ..Self::new(Exit::Config, error) }
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        let (exit, hint) = match &error {
            OpenError::Engine(_) => (Exit::Config, None),
            OpenError::Store(_) => (Exit::Config, None),
            OpenError::Connection(_) => (Exit::Config, None),
            OpenError::Registry { .. } => (Exit::Refused, None),
            OpenError::Settings { .. } => (Exit::Config, None),
            OpenError::Digest { .. } => (Exit::Bug, None),
            OpenError::Load { policy, source } => match source.as_ref() {
                LoadError::NotGranted(error) => (
                    Exit::Refused,
                    Some(format!("to allow it, change the entry of {policy:?} to: {}", error.line)),
                ),
                LoadError::Describe { .. } | LoadError::Contradicts { .. } => (Exit::Policy, None),
                LoadError::NotAPolicy { .. } | LoadError::Compile { .. } => (Exit::Refused, None),
            },
        };
        Self { hint, ..Self::new(exit, error) }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::new(Exit::Config, error)
    }
}

impl From<CaseError> for Failure {
    fn from(error: CaseError) -> Self {
        let exit = match &error {
            CaseError::Store(_) => Exit::Config,
            CaseError::Unknown(_) | CaseError::NoPlan(_) | CaseError::Ambiguous { .. } => Exit::Usage,
            CaseError::Plan(_) => Exit::Refused,
            CaseError::Journal(_) => Exit::Bug,
        };
        let failure = Self::new(exit, error);
        match exit {
            Exit::Usage => failure.hint("`muster runs list` shows the plans that there are"),
            _ => failure,
        }
    }
}

impl From<PipelineError> for Failure {
    fn from(error: PipelineError) -> Self {
        let (exit, hint) = match &error {
            PipelineError::Store(_) => (Exit::Config, None),
            PipelineError::Lease(_) => {
                (Exit::Refused, Some("wait until it has ended, then do the same again"))
            }
            PipelineError::NoAnswer(_) => (Exit::Procore, None),
            PipelineError::WrongAnswer(_) => (Exit::Bug, None),
            PipelineError::Executor(error) => match error {
                ExecutorError::Ended { .. } => {
                    (Exit::Refused, Some("`muster runs show PLAN` shows how it ended"))
                }
                ExecutorError::OtherTarget { .. } => {
                    (Exit::Refused, Some("use the configuration that it was made with"))
                }
                ExecutorError::Store(_) => {
                    (Exit::Config, Some("then `muster apply PLAN` goes on where it stopped"))
                }
                ExecutorError::NoAnswer(_) => {
                    (Exit::Procore, Some("`muster apply PLAN` goes on where it stopped"))
                }
                ExecutorError::Journal(_) => (Exit::Bug, None),
            },
        };
        Self { hint: hint.map(str::to_owned), ..Self::new(exit, error) }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::new(Exit::RunFailed, error)
    }
}
