//! Failures as people read them, and the one function that says which exit code is whose.

use std::io::Write as _;
use std::process::ExitCode;

use muster_core::text::shown;
use muster_engine::{CompileError, LoadError, NoAnswer};
use muster_procore::ErrorKind;
use serde_json::{Value, json};

use crate::app::{Broken, OpenError};
use crate::case::CaseError;
use crate::config::{Config, ConfigError};
use crate::executor::ExecutorError;
use crate::exit::{Exit, Failure, causes};
use crate::pipeline::PipelineError;
use crate::report::{BAD, BOLD};
use crate::rights::Lacking;
use crate::store::{LeaseError, StoreError};

/// Prints a failure on stderr: what, why, what to do next. Returns its exit code.
pub(super) fn say(failure: &Failure) -> ExitCode {
    print("error", failure);
    failure.exit.into()
}

/// Returns a failure for programs.
pub(super) fn json(failure: &Failure) -> Value {
    json!({ "error": {
        "causes": causes(failure.error.as_ref()),
        "hint": failure.hint,
        "exit": failure.exit as u8,
    } })
}

/// Prints on stderr what is wrong with policies that the command goes on without.
pub(super) fn warn(broken: &[Broken]) {
    for one in broken {
        let (exit, hint) = hint(&one.error);
        let error = causes(&one.error).join(": ");
        print("warning", &Failure { exit, error: error.into(), hint });
    }
}

fn print(word: &str, failure: &Failure) {
    let mut out = anstream::stderr();
    let mut lines = causes(failure.error.as_ref()).into_iter();
    let first = lines.next().unwrap_or_default();
    // Nobody is left to hear that stderr is closed.
    let _ = writeln!(out, "{BAD}{word}{BAD:#}: {}", shown(&first));
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
}

/// Says lines on stderr, each escaped.
pub(super) fn lines(text: &str) {
    let mut out = anstream::stderr();
    for line in text.lines() {
        // Nobody is left to hear that stderr is closed.
        let _ = writeln!(out, "{}", shown(line));
    }
}

/// Says something on stderr that a person should know.
pub(super) fn note(what: &str) {
    // Nobody is left to hear that stderr is closed.
    let _ = writeln!(anstream::stderr(), "{BOLD}note{BOLD:#}: {}", shown(what));
}

/// Says on stderr which granted powers Procore does not permit the service account: a plan that uses one will fail there.
/// That this can't be looked up is no reason to stop; `doctor` tells.
pub(super) fn lacking(lacking: Result<Vec<Lacking>, muster_procore::Error>) {
    match lacking {
        Ok(lacking) if lacking.is_empty() => {}
        Ok(lacking) => {
            let lacking: Vec<_> = lacking.iter().map(ToString::to_string).collect();
            note(&format!("Procore does not permit the service account {}", lacking.join(", ")));
        }
        Err(error) => tracing::info!(%error, "the rights of the service account can't be looked up"),
    }
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
                Some("`muster init` writes one; `muster demo` shows muster at work without any".to_owned())
            }
            ConfigError::Secret { .. } => None,
            _ => {
                Some("nothing was sent or changed; `muster schema config` prints what it may hold".to_owned())
            }
        };
        Self { hint, ..Self::new(Exit::Config, error) }
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        let (exit, hint) = hint(&error);
        Self { hint, ..Self::new(exit, error) }
    }
}

/// Returns why a policy does not load.
pub(super) fn of_broken(broken: &Broken) -> Failure {
    let (exit, hint) = hint(&broken.error);
    Failure { exit, hint, error: causes(&broken.error).join(": ").into() }
}

/// Returns the failure of a read, with what can be done about it. Nothing was changed.
pub(super) fn of_no_answer(config: &Config, no_answer: NoAnswer) -> Failure {
    match no_answer.source.downcast::<muster_procore::Error>() {
        Ok(error) => of_procore(config, *error),
        Err(source) => Failure::new(Exit::Procore, source),
    }
}

/// Returns a failure of Procore's, or of how it is reached, with what can be done about it. Nothing was changed.
pub(super) fn of_procore(config: &Config, error: muster_procore::Error) -> Failure {
    let target = &config.target;
    let words = causes(&error).join(": ");
    let (exit, hint) = match error.kind() {
        ErrorKind::NotAuthenticated if config.acts_as_person() => {
            (Exit::Config, "`muster login` lets somebody log in".to_owned())
        }
        ErrorKind::TokenStore => (
            Exit::Config,
            format!("{:?} has to be a file that only you can read, in a folder that you can write to", config.refresh_token()),
        ),
        ErrorKind::NotAuthenticated => (
            Exit::Config,
            "`client-id` and the secret under `[procore]` have to belong together, and to the same environment as `api` \
             and `login`"
                .to_owned(),
        ),
        ErrorKind::Forbidden | ErrorKind::NotFound => (
            Exit::Config,
            format!(
                "company {} does not let this service account in: install its app there (App Management), permit the \
                 account, and compare `company` under `[procore]`",
                target.company
            ),
        ),
        ErrorKind::Connection if words.contains("certificate") => (
            Exit::Procore,
            format!("the certificate of {} is not one that this machine trusts; nothing was sent to it", target.api_host),
        ),
        ErrorKind::Connection => (
            Exit::Procore,
            format!("can {} and the host of `login` be reached from here? nothing was changed", target.api_host),
        ),
        _ => (Exit::Procore, "nothing was changed; try again when Procore answers".to_owned()),
    };
    Failure::new(exit, error).hint(hint)
}

/// Returns the exit code of what keeps the app from starting, and what can be done about it.
fn hint(error: &OpenError) -> (Exit, Option<String>) {
    match error {
        OpenError::Settings { .. } => {
            (Exit::Config, Some("`muster policy inspect` shows what it expects".to_owned()))
        }
        OpenError::Store(error) => (Exit::Config, of_store(error).map(str::to_owned)),
        OpenError::Config(_) | OpenError::Engine(_) | OpenError::Connection(_) => (Exit::Config, None),
        OpenError::Dialect(error) => match error.kind() {
            ErrorKind::OtherDialect => {
                let hint = "write `dialect = \"reference\"` under `[procore]`: it is what Procore documents";
                (Exit::Config, Some(hint.to_owned()))
            }
            ErrorKind::NotAuthenticated => (Exit::Config, None),
            _ => (Exit::Procore, None),
        },
        OpenError::Registry { .. } => (Exit::Refused, None),
        OpenError::Digest { .. } => (Exit::Bug, None),
        OpenError::Load { policy, source } => match source.as_ref() {
            LoadError::NotGranted(error) => (
                Exit::Refused,
                Some(format!("to allow it, change the entry of {policy:?} to: {}", error.line)),
            ),
            LoadError::Describe { .. } | LoadError::Contradicts { .. } => (Exit::Policy, None),
            LoadError::Compile { source: CompileError::NoCompiler(_), .. } => (Exit::Config, None),
            LoadError::NotAPolicy { .. }
            | LoadError::Compile { source: CompileError::Refused(_), .. }
            | LoadError::Link { .. } => (Exit::Refused, None),
            LoadError::Compile { .. } => (Exit::Policy, None),
        },
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let hint = of_store(&error).map(str::to_owned);
        Self { hint, ..Self::new(Exit::Config, error) }
    }
}

/// Returns what can be done about a store that can't be used.
fn of_store(error: &StoreError) -> Option<&'static str> {
    use rusqlite::ErrorCode::{
        DatabaseBusy, DatabaseCorrupt, DatabaseLocked, DiskFull, NotADatabase, SystemIoFailure,
    };

    Some(match error {
        StoreError::Newer { .. } => {
            "install that version; meanwhile `muster runs list` and `runs show` can look at it"
        }
        StoreError::ClockBack { .. } => {
            "set the clock of this machine right; if it is right now and was wrong before: muster doctor --accept-clock"
        }
        StoreError::Altered { .. }
        | StoreError::Damaged(_)
        | StoreError::NoBody(_)
        | StoreError::Unreadable { .. } => "put a copy of the store in its place that was made before",
        StoreError::Sqlite { source, .. } => match source.sqlite_error_code()? {
            DatabaseBusy | DatabaseLocked => "another program holds the store: end it, or try again later",
            DiskFull | SystemIoFailure => {
                "make room on the disk, see that it is well, and then: muster runs resume"
            }
            DatabaseCorrupt | NotADatabase => "put a copy of the store in its place that was made before",
            _ => return None,
        },
        StoreError::Open { .. } => {
            "the folder and the file that `path` under `[store]` names have to be writable"
        }
        _ => return None,
    })
}

impl From<CaseError> for Failure {
    fn from(error: CaseError) -> Self {
        let error = match error {
            CaseError::Store(error) => return error.into(),
            error => error,
        };
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
            PipelineError::Store(error) => (Exit::Config, of_store(error)),
            PipelineError::Lease(LeaseError::Held { .. }) => {
                (Exit::Refused, Some("wait until it has ended, then do the same again"))
            }
            PipelineError::Lease(LeaseError::Io { .. }) => {
                (Exit::Config, Some("the folder beside the store has to be writable"))
            }
            PipelineError::NoAnswer(_) => (Exit::Procore, None),
            PipelineError::WrongAnswer(_) => (Exit::Bug, None),
        };
        Self { hint: hint.map(str::to_owned), ..Self::new(exit, error) }
    }
}

impl From<ExecutorError> for Failure {
    fn from(error: ExecutorError) -> Self {
        let hint = match &error {
            ExecutorError::Ended { .. } => Some("`muster runs show PLAN` shows how it ended"),
            ExecutorError::OtherTarget { .. } => Some("use the configuration that it was made with"),
            ExecutorError::Store(error) => of_store(error),
            ExecutorError::Lease(_) | ExecutorError::NoAnswer(_) | ExecutorError::Promise(_) => {
                Some("`muster runs resume` goes on where it stopped")
            }
            ExecutorError::Journal(_) => None,
        };
        Self { hint: hint.map(str::to_owned), ..Self::new(exit_of(&error), error) }
    }
}

/// Returns the exit code of a run that stopped.
pub(super) fn exit_of(error: &ExecutorError) -> Exit {
    match error {
        ExecutorError::Ended { .. }
        | ExecutorError::OtherTarget { .. }
        | ExecutorError::Lease(LeaseError::Held { .. }) => Exit::Refused,
        ExecutorError::Store(_) | ExecutorError::Lease(LeaseError::Io { .. }) => Exit::Config,
        ExecutorError::NoAnswer(_) | ExecutorError::Promise(_) => Exit::Procore,
        ExecutorError::Journal(_) => Exit::Bug,
    }
}

/// Takes what printing came to. That nobody listens any more is no failure: what was to be done was done.
pub(super) fn heard(printed: std::io::Result<()>) -> Result<(), Failure> {
    match printed {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => Ok(other?),
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::new(Exit::RunFailed, error)
    }
}
