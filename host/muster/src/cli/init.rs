//! `muster init`

use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::{Global, failure};
use crate::config::{Config, EXAMPLE};
use crate::exit::{Exit, Failure};
use crate::report::{self, BOLD};

/// Write a configuration, each line explained
///
/// What no flag says is asked for, where somebody sits at a terminal. The secret is never asked for and never written: the
/// configuration says where it is.
#[derive(Debug, Args)]
pub(super) struct Init {
    /// The id of the company
    #[arg(long, value_name = "ID")]
    company: Option<u64>,
    /// The client id of the service account
    #[arg(long, value_name = "ID")]
    client_id: Option<String>,
    /// The file that holds its secret [default: client-secret]
    #[arg(long, value_name = "PATH", conflicts_with_all = ["secret_env", "secret_credential"])]
    secret_file: Option<PathBuf>,
    /// The environment variable that holds its secret
    #[arg(long, value_name = "NAME", conflicts_with = "secret_credential")]
    secret_env: Option<String>,
    /// The systemd credential that holds its secret
    #[arg(long, value_name = "NAME")]
    secret_credential: Option<String>,
    /// Which Procore
    #[arg(long, value_enum, default_value_t)]
    environment: Environment,
}

/// The places where Procore is.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum Environment {
    /// The one that companies work with
    #[default]
    Production,
    /// The developer sandbox
    Sandbox,
    /// The monthly sandbox
    MonthlySandbox,
}

impl Environment {
    fn of_procore(self) -> muster_procore::Environment {
        match self {
            Self::Production => muster_procore::Environment::Production,
            Self::Sandbox => muster_procore::Environment::DeveloperSandbox,
            Self::MonthlySandbox => muster_procore::Environment::MonthlySandbox,
        }
    }
}

impl Init {
    pub(super) fn run(self, global: &Global) -> Result<Exit, Failure> {
        let path = &global.config;
        if path.exists() {
            return Err(there(path));
        }
        let company = match self.company {
            Some(company) => company,
            None => ask("the id of the company", "--company")?
                .parse()
                .map_err(|_| Failure::new(Exit::Usage, "the id of a company is a number"))?,
        };
        let client = match &self.client_id {
            Some(client) => client.clone(),
            None => ask("the client id of the service account", "--client-id")?,
        };
        let (kind, place) = match (&self.secret_file, &self.secret_env, &self.secret_credential) {
            (_, Some(name), _) => ("env", name.clone()),
            (_, _, Some(name)) => ("credential", name.clone()),
            (file, ..) => {
                let file = file.clone().unwrap_or_else(|| PathBuf::from("client-secret"));
                ("file", file.display().to_string())
            }
        };
        let environment = self.environment.of_procore();
        let (api, login) = (environment.api(), environment.auth());
        let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
        let secret = format!("client-secret = {{ {kind} = {} }}", quoted(&place));
        let lines = [
            ("company = ", format!("company = {company}")),
            ("api = ", format!("api = {}", quoted(api))),
            ("login = ", format!("login = {}", quoted(login))),
            ("client-id = ", format!("client-id = {}", quoted(&client))),
            ("client-secret = ", secret),
        ];
        let answered = |line: &str| {
            let found = lines.iter().find(|(key, _)| line.starts_with(key));
            found.map_or_else(|| line.to_owned(), |(_, answered)| answered.clone())
        };
        let text: String = EXAMPLE.lines().map(|line| answered(line) + "\n").collect();
        // What is written has to be understood; so it is read first.
        Config::parse(&text, path, &[])?;
        write(path, &text)?;
        if global.is_json() {
            report::json(&serde_json::json!({ "config": path }))?;
        } else {
            writeln!(report::stdout(), "{BOLD}written{BOLD:#}: {}", path.display())?;
        }
        if kind == "file" {
            let place = path.parent().unwrap_or(Path::new("")).join(&place);
            failure::next(&format!(
                "install -m 600 /dev/stdin {}   (paste the secret, then Ctrl-D)",
                place.display()
            ));
        }
        failure::next(&format!("muster --config {} doctor", path.display()));
        Ok(Exit::Done)
    }
}

fn there(path: &Path) -> Failure {
    Failure::new(Exit::Usage, format!("{path:?} is there already; it was not touched"))
        .hint("name another file with --config FILE")
}

/// Writes a file that must not be there yet.
fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let failed =
        |error: std::io::Error| Failure::new(Exit::Config, format!("{path:?} can't be written: {error}"));
    let file = std::fs::OpenOptions::new().write(true).create_new(true).open(path);
    let mut file = match file {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => return Err(there(path)),
        other => other.map_err(failed)?,
    };
    file.write_all(text.as_bytes()).map_err(failed)
}

/// Asks whoever sits at the terminal.
fn ask(what: &str, flag: &str) -> Result<String, Failure> {
    let mut input = std::io::stdin().lock();
    if !input.is_terminal() {
        return Err(Failure::new(Exit::Usage, format!("{what} is missing; nothing was written"))
            .hint(format!("give it with {flag}")));
    }
    let mut out = anstream::stderr();
    write!(out, "{BOLD}{what}{BOLD:#}: ")?;
    out.flush()?;
    let mut line = String::new();
    input.read_line(&mut line)?;
    match line.trim() {
        "" => Err(Failure::new(Exit::Usage, format!("{what} is missing; nothing was written"))),
        answer => Ok(answer.to_owned()),
    }
}
