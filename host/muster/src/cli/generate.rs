//! `muster schema`, `muster completions` and `muster man`: what is made from the program itself.

use std::io::Write as _;
use std::path::PathBuf;

use clap::{Args, CommandFactory as _, ValueEnum};
use clap_complete::Shell;

use super::{Cli, Global};
use crate::config::Config;
use crate::exit::{Exit, Failure};
use crate::report;

/// Print the JSON Schema of a file that muster reads
#[derive(Debug, Args)]
pub(super) struct Schema {
    /// Of which file
    #[arg(value_enum)]
    of: Of,
}

/// The files that have a schema.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Of {
    /// `muster.toml`
    Config,
}

/// Print what completes the commands of muster in a shell
///
/// For bash: muster completions bash > ~/.local/share/bash-completion/completions/muster
#[derive(Debug, Args)]
pub(super) struct Completions {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Write the manual pages into a folder
#[derive(Debug, Args)]
pub(super) struct Man {
    /// The folder, which is made if it is not there
    dir: PathBuf,
}

impl Schema {
    pub(super) fn run(self) -> Result<Exit, Failure> {
        let Of::Config = self.of;
        report::json(&Config::schema())?;
        Ok(Exit::Done)
    }
}

impl Completions {
    pub(super) fn run(self) -> Result<Exit, Failure> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "muster", &mut script);
        std::io::stdout().write_all(&script)?;
        Ok(Exit::Done)
    }
}

impl Man {
    pub(super) fn run(self, global: &Global) -> Result<Exit, Failure> {
        let failed =
            |error| Failure::new(Exit::Config, format!("{:?} can't be written to: {error}", self.dir));
        std::fs::create_dir_all(&self.dir).map_err(failed)?;
        clap_mangen::generate_to(Cli::command(), &self.dir).map_err(failed)?;
        if !global.is_json() {
            writeln!(report::stdout(), "written: {}", self.dir.join("muster.1").display())?;
        }
        Ok(Exit::Done)
    }
}
