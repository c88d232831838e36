//! `muster replay`

use std::io::Write as _;
use std::sync::Arc;

use clap::Args;
use muster_core::tape::Tape;

use super::{Global, case};
use crate::app::App;
use crate::case::Case;
use crate::directory::Recorded;
use crate::exit::{Exit, Failure};
use crate::pipeline::{Conclusion, Decision, conclude};
use crate::report::{self, BAD, BOLD, GOOD};

/// Decide a case again from its tapes, without Procore, and compare
///
/// Proposal, plan and verdict depend on nothing but the tapes, so they must come out the same to the last byte.
#[derive(Debug, Args)]
pub(super) struct Replay {
    /// A plan of the case: the first digits of its digest
    plan: String,
}

impl Replay {
    pub(super) async fn run(self, global: &Global) -> Result<Exit, Failure> {
        let app = global.app().await?;
        let (case, _) = Case::of_plan(&app.store, &self.plan).await?;
        let mut decisions = Vec::new();
        for asked in &case.policies {
            let bytes = app.store.body(asked.tape).await?;
            let tape: Tape =
                serde_json::from_slice(&bytes).map_err(|error| Failure::new(Exit::Refused, error))?;
            decisions.push(decide(&app, tape).await?);
        }
        let concluded = conclude(decisions).map_err(|error| Failure::new(Exit::Refused, error))?;
        let same =
            concluded.iter().zip(&case.policies).all(|(again, then)| match (&again.conclusion, &then.plan) {
                (Conclusion::Plan(again), Some(then)) => {
                    again.0 == then.plan && Some(&again.1) == then.verdicts.first()
                }
                (again, then) => !matches!(again, Conclusion::Plan(_)) && then.is_none(),
            });
        if global.is_json() {
            report::json(&case::json(&concluded))?;
        } else {
            let mut out = report::stdout();
            case::print(&mut out, &concluded, false)?;
            let (style, words) = if same { (GOOD, "the same") } else { (BAD, "different") };
            writeln!(out, "{BOLD}replayed{BOLD:#}: {style}{words}{style:#}")?;
        }
        Ok(if same { Exit::Done } else { Exit::RunFailed })
    }
}

/// Asks the policy that the tape names again. It has to be the very same one.
async fn decide(app: &App, tape: Tape) -> Result<Decision, Failure> {
    let pins = &tape.inputs.policy;
    let bound =
        app.policy(&pins.name).filter(|bound| bound.pins.artifact == pins.artifact).ok_or_else(|| {
            let error = format!(
                "the policy {:?} of the tape, {}, is not in the configuration",
                pins.name, pins.artifact
            );
            Failure::new(Exit::Refused, error)
                .hint("a tape is replayed with the artifact that it was recorded with")
        })?;
    let directory = Arc::new(Recorded::new(&tape));
    let decided = bound.policy.decide(Arc::new(tape.inputs.clone()), directory).await;
    let tape = Tape { exchanges: decided.exchanges, ..tape };
    Ok(Decision { tape, outcome: decided.outcome, dropped: decided.dropped })
}
