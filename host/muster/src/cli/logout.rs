//! `muster logout`

use std::io::Write as _;

use clap::Args;
use serde_json::json;

use super::Global;
use super::login::{no_person, of_login};
use crate::exit::{Exit, Failure};
use crate::report;

/// Give the login of a person back to Procore, and remove it here
///
/// Tokens that came of it stop working. Where Procore does not answer, nothing is removed: try again.
#[derive(Debug, Args)]
pub(super) struct Logout {}

impl Logout {
    pub(super) async fn run(self, global: &Global) -> Result<Exit, Failure> {
        let config = global.config()?;
        let settings = config.procore()?;
        if !config.acts_as_person() {
            return Err(no_person());
        }
        let ended = muster_procore::revoke(&settings).await.map_err(|error| of_login(&config, error))?;
        if global.is_json() {
            report::json(&json!({ "logged-out": ended }))?;
        } else {
            let words = if ended { "logged out" } else { "nobody was logged in" };
            writeln!(report::stdout(), "{words}")?;
        }
        Ok(Exit::Done)
    }
}
