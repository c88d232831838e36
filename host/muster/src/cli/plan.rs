//! `muster plan`

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use muster_core::plan::Plan as CorePlan;
use muster_core::verdict::{Ruling, Verdict};
use serde_json::json;

use super::departure::Departure;
use super::{Global, case, failure, resume};
use crate::app::App;
use crate::config::Approvals;
use crate::exit::{Exit, Failure};
use crate::pipeline::{self, Concluded, Conclusion};
use crate::report;
use crate::rights;

/// Ask the policies about an event and show what they would change
///
/// Nothing is changed. The plans are kept; `muster apply` carries out exactly what was shown.
#[derive(Debug, Args)]
pub(super) struct Plan {
    #[command(flatten)]
    departure: Departure,
    /// List the calls to Procore as well, what can't be undone, and how many requests it took to find out
    #[arg(long)]
    explain: bool,
    /// Write the plan to a file, to be looked through elsewhere; `apply` takes it as well
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl Plan {
    pub(super) async fn run(self, global: &Global) -> Result<Exit, Failure> {
        let app = global.app().await?;
        let event = self.departure.event(&app).await?;
        let (concluded, lacking) = tokio::join!(pipeline::look(&app, &event), rights::lacking(&app, None));
        let concluded = concluded?;
        failure::lacking(lacking);
        if concluded.is_empty() {
            return Err(no_policy(event.kind.name().as_str()));
        }
        failure::heard(match global.is_json() {
            true => report::json(&json!({
                "case": event.id,
                "policies": case::json(&concluded),
                "requests": app.connection.reads().requests(),
            })),
            false => self.print(&app, &concluded),
        })?;
        let plans: Vec<_> = concluded
            .iter()
            .filter_map(|one| match &one.conclusion {
                Conclusion::Plan(plan) => Some(plan.as_ref()),
                _ => None,
            })
            .collect();
        match (&self.out, plans.as_slice()) {
            (Some(path), [(plan, _)]) => {
                let json = plan.to_json().map_err(|error| Failure::new(Exit::Bug, error))?;
                write(path, &json)?;
            }
            (Some(_), plans) => {
                let error = format!("--out writes one plan, and there are {}", plans.len());
                return Err(Failure::new(Exit::Usage, error)
                    .hint("the plans are kept; `muster runs list` shows them"));
            }
            (None, _) => {}
        }
        for (plan, verdict) in plans {
            next(global, &app, plan, verdict);
        }
        resume::remind(&app).await?;
        Ok(case::exit(&concluded, true))
    }
}

impl Plan {
    fn print(&self, app: &App, concluded: &[Concluded]) -> std::io::Result<()> {
        let mut out = report::stdout();
        case::print(&mut out, concluded, self.explain)?;
        if self.explain {
            // Everything up to here, the search for the person and the look at the account's rights included.
            writeln!(out, "{} requests to Procore were made for this", app.connection.reads().requests())?;
        }
        Ok(())
    }
}

/// Says how a plan can be carried out, if it can.
fn next(global: &Global, app: &App, plan: &CorePlan, verdict: &Verdict) {
    let apply = format!("muster {} apply {}", global.told(), plan.digest().short());
    let urgent = verdict.cut_off.as_ref().is_some_and(|cut| cut.ruling == Ruling::Pass);
    match (verdict.ruling, app.config.approvals) {
        (Ruling::Pass, _) => failure::next(&apply),
        (Ruling::NeedsApproval, Approvals::Local) => failure::next(&format!("{apply} --as NAME")),
        _ if urgent => failure::next(&format!("{apply}   (cuts the login, and nothing else)")),
        (Ruling::NeedsApproval | Ruling::Refused, _) => {}
    }
}

/// Writes a file that only its owner can read: names and addresses of people are in it.
fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(bytes)
}

/// The failure of an event that no policy handles.
pub(super) fn no_policy(kind: &str) -> Failure {
    let error = format!("no policy of the configuration handles the kind {kind:?}; nothing was changed");
    Failure::new(Exit::Config, error).hint("add an entry [[policy]] with source = \"builtin:offboarding\"")
}
