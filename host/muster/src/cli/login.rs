//! `muster login`

use std::io::Write as _;
use std::time::Duration;

use clap::Args;
use muster_procore::{ErrorKind, SecretString, Settings, Url};
use serde_json::json;

use super::{Global, failure};
use crate::config::Config;
use crate::exit::{Exit, Failure};
use crate::report::{self, shown};

/// How long somebody has to log in. The code that comes of it works for ten minutes, too.
const PATIENCE: Duration = Duration::from_secs(600);

/// Log in to Procore as a person, in a browser of this machine
///
/// For a configuration with `acts-as = "person"`. Prints the address to open and waits until the browser comes back. muster then
/// acts with the rights of that person until `muster logout`; the refresh token for it is in a file that only you can read.
#[derive(Debug, Args)]
pub(super) struct Login {}

impl Login {
    pub(super) async fn run(self, global: &Global) -> Result<Exit, Failure> {
        let config = global.config()?;
        let settings = config.procore()?;
        let redirect = config.redirect()?.ok_or_else(no_person)?;
        let failed = |error| of_login(&config, error);
        if redirect.scheme() == "http" {
            let login = muster_procore::Login::start(&settings, &redirect).await.map_err(failed)?;
            show(global, login.url())?;
            failure::note("open this address in a browser of this machine, within ten minutes");
            login.finish(PATIENCE).await.map_err(failed)?;
        } else {
            let url = muster_procore::authorize_url(&settings, &redirect, &state()?).map_err(failed)?;
            show(global, &url)?;
            failure::note("open this address in any browser, then paste the code that it shows here");
            muster_procore::exchange_code(&settings, pasted()?, &redirect).await.map_err(failed)?;
        }
        failure::note(&format!("the refresh token is kept in {:?}", config.refresh_token()));
        let me = whoami(settings).await.map_err(|error| failure::of_procore(&config, error))?;
        failure::note(&format!("logged in as {}", shown(&me)));
        failure::next(&format!("muster {} doctor", global.told()));
        Ok(Exit::Done)
    }
}

/// Prints where to log in, on a line of its own: it may be opened by a program.
fn show(global: &Global, url: &Url) -> Result<(), Failure> {
    if global.is_json() {
        report::json(&json!({ "url": url.as_str() }))?;
    } else {
        writeln!(report::stdout(), "{url}")?;
    }
    Ok(std::io::stdout().flush()?)
}

/// Returns what nobody can guess. Where a code is copied by hand nothing comes back with it, but Procore wants it.
fn state() -> Result<SecretString, Failure> {
    let mut random = [0; 16];
    getrandom::fill(&mut random).map_err(|error| Failure::new(Exit::Bug, error.to_string()))?;
    Ok(SecretString::from(format!("{:032x}", u128::from_ne_bytes(random))))
}

/// Reads the code that somebody copied.
fn pasted() -> Result<SecretString, Failure> {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    match line.trim() {
        "" => {
            Err(Failure::new(Exit::Usage, "there is no code on stdin")
                .hint("log in again, and paste it then"))
        }
        code => Ok(SecretString::from(code)),
    }
}

/// Returns who logged in: the name, or what there is of it.
async fn whoami(settings: Settings) -> Result<String, muster_procore::Error> {
    let reads = muster_procore::connect(settings)?.reads();
    let me = reads.me().await?;
    let user = reads.user(me).await;
    Ok(match user {
        Ok(Some(user)) if !user.name.is_empty() => format!("{} (user {me})", user.name),
        _ => format!("user {me}"),
    })
}

/// Returns the failure of a login or its end.
pub(super) fn of_login(config: &Config, error: muster_procore::Error) -> Failure {
    match error.kind() {
        ErrorKind::Settings => {
            Failure::new(Exit::Config, error).hint("`redirect` under `[procore]` says where the browser comes back to")
        }
        ErrorKind::Timeout => Failure::new(Exit::Procore, error).hint("nothing was changed; log in again"),
        ErrorKind::NotAuthenticated => Failure::new(Exit::Config, error).hint(
            "nothing was changed; `client-id`, its secret and `redirect` under `[procore]` have to be those of the app, letter \
             by letter",
        ),
        _ => failure::of_procore(config, error),
    }
}

/// Returns the failure where nobody can log in or out.
pub(super) fn no_person() -> Failure {
    Failure::new(Exit::Config, "muster acts as a service account here, which has no login")
        .hint("`acts-as = \"person\"` under `[procore]` lets a person log in")
}
