//! `muster run`

use clap::Args;
use serde_json::json;

use super::departure::Departure;
use super::{Global, case, failure, plan, resume, runs};
use crate::exit::{Exit, Failure};
use crate::pipeline::{self, Judged};
use crate::report;
use crate::rights;

/// Ask the policies about an event and carry out what the guard lets through
///
/// The same as `muster plan` and then `muster apply` on each plan that needs nobody's approval.
#[derive(Debug, Args)]
pub(super) struct Run {
    #[command(flatten)]
    departure: Departure,
}

impl Run {
    pub(super) async fn run(self, global: &Global) -> Result<Exit, Failure> {
        let app = global.app().await?;
        let event = self.departure.event(&app).await?;
        let concluded = pipeline::plan(&app, &event).await?;
        if concluded.is_empty() {
            return Err(plan::no_policy(event.kind.name().as_str()));
        }
        // A reader who goes away must not keep a login alive: what can't be printed is heard of at the end.
        let printed = match global.is_json() {
            true => Ok(()),
            false => case::print(&mut report::stdout(), &concluded, false),
        };
        let ran = pipeline::carry_out(&app, &event, Judged::of(&app, &concluded)).await?;
        // Only now: a login must not wait for it, and a step that failed may be explained by it.
        failure::lacking(rights::lacking(&app, None).await);
        failure::heard(printed)?;
        failure::heard(if global.is_json() {
            let runs: Vec<_> = ran.iter().map(runs::json_of_run).collect();
            report::json(&json!({ "case": event.id, "policies": case::json(&concluded), "runs": runs }))
        } else {
            case::print_runs(&mut report::stdout(), &ran)
        })?;
        resume::remind(&app).await?;
        Ok(case::exit(&concluded, false).worse(case::exit_of_runs(&ran)))
    }
}
