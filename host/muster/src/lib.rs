//! muster's host: wires core, sandbox and client together, and owns all side effects.
//!
//! The flow is one sentence, in `pipeline`: *an event arrives; a policy proposes steps; the host adds the facts and makes
//! a plan; the guard checks it; a grant or a person approves it; the executor carries it out call by call; the journal
//! remembers.*

mod app;
#[doc(hidden)]
pub mod bench;
mod case;
mod cli;
mod clock;
mod config;
mod directory;
mod executor;
mod exit;
#[cfg(fuzzing)]
pub mod fuzzing;
mod pipeline;
mod registry;
mod report;
mod rights;
mod settings;
mod simulation;
mod store;

/// Runs the command line of this process and returns its exit code.
#[must_use]
pub fn main() -> std::process::ExitCode {
    cli::main()
}
