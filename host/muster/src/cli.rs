//! The command line: one file a verb, each with its arguments, whose documentation is the help text.

mod apply;
mod case;
mod demo;
mod departure;
mod failure;
mod plan;
mod policy;
mod replay;
mod run;
mod runs;
mod sim;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{ArgAction, Args, Parser, Subcommand};

use crate::app::App;
use crate::config::{self, Config};
use crate::exit::{Exit, Failure};
use crate::report::Output;

/// Lifecycle policies for Procore: decided in a sandbox, checked, carried out, read back
///
/// A policy proposes steps for an event, for example a departure. muster makes a plan of them, checks it, carries it out
/// call by call, reads every change back and keeps a journal. stdout is data, stderr is talk.
#[derive(Debug, Parser)]
#[command(version, about, max_term_width = 110, subcommand_required = true, arg_required_else_help = true)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    verb: Verb,
}

/// What every verb takes.
#[derive(Debug, Args)]
struct Global {
    /// The configuration file
    #[arg(long, global = true, value_name = "FILE", default_value = config::FILE)]
    config: PathBuf,
    /// How data is printed
    #[arg(long, global = true, value_enum, default_value_t)]
    output: Output,
    /// Talk more: -v for what happens, -vv for every request
    #[arg(short, long, global = true, action = ArgAction::Count)]
    verbose: u8,
    /// Where compiled policies are kept, a folder of your own; empty for nowhere [default: the user's cache folder]
    #[arg(long, global = true, value_name = "DIR", hide = true)]
    cache_dir: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Demo(demo::Demo),
    Sim(sim::Sim),
    Plan(plan::Plan),
    Apply(apply::Apply),
    Run(run::Run),
    Runs(runs::Runs),
    Replay(replay::Replay),
    Policy(policy::Policy),
}

/// Parses the command line, does what it says, and says how that ended.
pub(crate) fn main() -> ExitCode {
    let cli = Cli::parse();
    talk(cli.global.verbose);
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return failure::say(&Failure::new(Exit::Bug, error)),
    };
    // Nothing here panics; should something below us do so all the same, it has an exit code of its own.
    match catch_unwind(AssertUnwindSafe(|| runtime.block_on(run(cli)))) {
        Ok(Ok(exit)) => exit.into(),
        Ok(Err(failure)) => failure::say(&failure),
        Err(_) => Exit::Bug.into(),
    }
}

async fn run(cli: Cli) -> Result<Exit, Failure> {
    let global = &cli.global;
    match cli.verb {
        Verb::Demo(demo) => demo.run(global).await,
        Verb::Sim(sim) => sim.run(global).await,
        Verb::Plan(plan) => plan.run(global).await,
        Verb::Apply(apply) => apply.run(global).await,
        Verb::Run(run) => run.run(global).await,
        Verb::Runs(runs) => runs.run(global).await,
        Verb::Replay(replay) => replay.run(global).await,
        Verb::Policy(policy) => policy.run(global).await,
    }
}

impl Global {
    async fn app(&self) -> Result<App, Failure> {
        let config = Config::read(&self.config)?;
        let app = App::open(config, self.cache()).await?;
        failure::warn(&app.broken);
        Ok(app)
    }

    /// Returns where compiled policies are kept, if anywhere.
    fn cache(&self) -> Option<PathBuf> {
        match &self.cache_dir {
            Some(folder) if folder.as_os_str().is_empty() => None,
            Some(folder) => std::path::absolute(folder).ok(),
            None => config::cache_folder(),
        }
    }

    fn is_json(&self) -> bool {
        self.output == Output::Json
    }
}

/// Sends tracing to stderr.
fn talk(verbose: u8) {
    let level = match verbose {
        0 => "warn",
        1 => "warn,muster_host=info,muster_engine=info,muster_procore=info",
        _ => "info,muster_host=debug,muster_engine=debug,muster_procore=debug",
    };
    let filter = tracing_subscriber::EnvFilter::new(level);
    let talk = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).without_time();
    // Only a second subscriber fails here, and there is none.
    drop(talk.with_target(verbose > 1).try_init());
}
