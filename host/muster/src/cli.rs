//! The command line: one file a verb, each with its arguments, whose documentation is the help text.

mod apply;
mod case;
mod compile;
mod demo;
mod departure;
mod directory;
mod doctor;
mod failure;
mod generate;
mod init;
mod login;
mod logout;
mod plan;
mod policy;
mod replay;
mod resume;
mod run;
mod runs;
mod sim;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{ArgAction, Args, Parser, Subcommand};
use muster_core::text::is_obeyed;

use crate::app::{App, Machine};
use crate::config::{self, Config, ConfigError, Override};
use crate::exit::{Exit, Failure};
use crate::report::{self, Output};

/// Lifecycle policies for Procore: decided in a sandbox, checked, carried out, read back
///
/// A policy proposes steps for an event, for example a departure. muster makes a plan of them, checks it, carries it out
/// call by call, reads every change back and keeps a journal. stdout is data, stderr is talk.
#[derive(Debug, Parser)]
#[command(
    name = "muster",
    version,
    about,
    max_term_width = 110,
    subcommand_required = true,
    arg_required_else_help = true
)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    verb: Verb,
}

const GLOBAL: &str = "Global options";

/// What every verb takes.
#[derive(Debug, Args)]
struct Global {
    /// The configuration file
    #[arg(long, global = true, value_name = "FILE", default_value = config::FILE, env = "MUSTER_CONFIG", help_heading = GLOBAL)]
    config: PathBuf,
    /// Put a value in the place of what the configuration says, such as procore.company=4021
    ///
    /// An environment variable does the same: MUSTER__PROCORE__COMPANY. A flag wins over the environment, and both over the
    /// file. A policy is named after its key: policy.offboarding.settings.successor=pat@example.com
    #[arg(long, global = true, value_name = "KEY=VALUE", value_parser = Override::of_flag, help_heading = GLOBAL)]
    set: Vec<Override>,
    /// How data is printed
    #[arg(long, global = true, value_enum, default_value_t, env = "MUSTER_OUTPUT", help_heading = GLOBAL)]
    output: Output,
    /// Talk more: -v for what happens, -vv for every request
    #[arg(short, long, global = true, action = ArgAction::Count, help_heading = GLOBAL)]
    verbose: u8,
    /// Where compiled policies are kept, a folder of your own; empty for nowhere [default: the user's cache folder]
    #[arg(long, global = true, value_name = "DIR", env = "MUSTER_CACHE_DIR", hide = true, value_parser = clap::builder::OsStringValueParser::new())]
    cache_dir: Option<std::ffi::OsString>,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Demo(demo::Demo),
    Init(init::Init),
    Doctor(doctor::Doctor),
    Login(login::Login),
    Logout(logout::Logout),
    Sim(sim::Sim),
    Plan(plan::Plan),
    Apply(apply::Apply),
    Run(run::Run),
    Runs(runs::Runs),
    Replay(replay::Replay),
    Directory(directory::Directory),
    Policy(policy::Policy),
    Schema(generate::Schema),
    Completions(generate::Completions),
    Man(generate::Man),
    #[command(hide = true)]
    Compile(compile::Compile),
}

/// Parses the command line, does what it says, and says how that ended.
pub(crate) fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return misused(&error),
    };
    // A compiler is nothing else: it gets no threads, no log and no environment from here.
    if let Verb::Compile(compile) = &cli.verb {
        return compile.run();
    }
    talk(cli.global.verbose);
    let json = cli.global.is_json();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return failure::say(&Failure::new(Exit::Bug, error)),
    };
    // Nothing here panics; should something below us do so all the same, it has an exit code of its own.
    match catch_unwind(AssertUnwindSafe(|| runtime.block_on(run(cli)))) {
        Ok(Ok(exit)) => exit.into(),
        // Nobody reads on, as with `| head`: there is nothing more to say.
        Ok(Err(failure)) if failure.is_closed_pipe() => Exit::Done.into(),
        Ok(Err(failure)) => {
            if json {
                // What is said on stderr says it as well, should stdout be closed.
                let _ = report::json(&failure::json(&failure));
            }
            failure::say(&failure)
        }
        Err(_) => Exit::Bug.into(),
    }
}

/// Says what is wrong with the command line, or prints the help that was asked for.
fn misused(error: &clap::Error) -> ExitCode {
    let said = error.render().to_string();
    if error.use_stderr() && said.chars().any(|letter| letter != '\n' && is_obeyed(letter)) {
        // What was typed, or pasted, is repeated: it must not be obeyed. In colour otherwise.
        failure::lines(&said);
        return Exit::Usage.into();
    }
    if error.use_stderr() && wants_json() {
        let what = said.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned();
        // What is said on stderr says it as well, should stdout be closed.
        let _ = report::json(&failure::json(&Failure::new(Exit::Usage, what)));
    }
    error.exit()
}

/// Returns whether JSON was asked for on a command line that could not be understood.
fn wants_json() -> bool {
    let words: Vec<_> = std::env::args().collect();
    let asked = |pair: &[String]| matches!(pair, [flag, value] if flag == "--output" && value == "json");
    words.windows(2).any(asked) || words.iter().any(|word| word == "--output=json")
}

async fn run(cli: Cli) -> Result<Exit, Failure> {
    let global = &cli.global;
    match cli.verb {
        Verb::Demo(demo) => demo.run(global).await,
        Verb::Init(init) => init.run(global),
        Verb::Doctor(doctor) => doctor.run(global).await,
        Verb::Login(login) => login.run(global).await,
        Verb::Logout(logout) => logout.run(global).await,
        Verb::Sim(sim) => sim.run(global).await,
        Verb::Plan(plan) => plan.run(global).await,
        Verb::Apply(apply) => apply.run(global).await,
        Verb::Run(run) => run.run(global).await,
        Verb::Runs(runs) => runs.run(global).await,
        Verb::Replay(replay) => replay.run(global).await,
        Verb::Directory(directory) => directory.run(global).await,
        Verb::Policy(policy) => policy.run(global).await,
        Verb::Schema(schema) => schema.run(),
        Verb::Completions(completions) => completions.run(),
        Verb::Man(man) => man.run(global),
        Verb::Compile(compile) => Err(Failure::new(Exit::Bug, format!("{compile:?} was not run by itself"))),
    }
}

impl Global {
    /// Reads the configuration, with what flags and environment override.
    fn config(&self) -> Result<Config, ConfigError> {
        let mut overrides = config::environment()?;
        overrides.extend(self.set.iter().cloned());
        Config::read(&self.config, &overrides)
    }

    async fn app(&self) -> Result<App, Failure> {
        let config = self.config()?;
        let app = App::open(config, self.machine()).await?;
        failure::warn(&app.broken);
        Ok(app)
    }

    /// Returns where policies are compiled, a child of this very binary, and where their code is kept.
    fn machine(&self) -> Machine {
        Machine { compiler: compile::child(), cache: self.cache() }
    }

    fn cache(&self) -> Option<PathBuf> {
        match &self.cache_dir {
            Some(folder) if folder.is_empty() => None,
            Some(folder) => std::path::absolute(folder).ok(),
            None => config::cache_folder(),
        }
    }

    /// Returns how this command was told which configuration to use, for the next one to be told the same.
    fn told(&self) -> String {
        let set: String = self.set.iter().map(|one| format!(" --set '{one}'")).collect();
        format!("--config {}{set}", self.config.display())
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
    // As for all other talk: no colour where it is no terminal, or `NO_COLOR` is set.
    let coloured = anstream::AutoStream::choice(&std::io::stderr()) != anstream::ColorChoice::Never;
    // Only a second subscriber fails here, and there is none.
    drop(talk.with_target(verbose > 1).with_ansi(coloured).try_init());
}
