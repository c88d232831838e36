//! `muster replay`

use std::io::Write as _;
use std::sync::Arc;

use clap::Args;
use muster_core::digest::Digest;
use muster_core::journal::Decided;
use muster_core::tape::Tape;
use serde_json::json;

use super::{Global, case};
use crate::app::App;
use crate::case::{Asked, Case};
use crate::directory::Recorded;
use crate::exit::{Exit, Failure};
use crate::pipeline::{Concluded, Conclusion, Decision, conclude, decided};
use crate::report::{self, BAD, BOLD, GOOD, WARN};

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
        let (mut decisions, mut not_asked) = (Vec::new(), Vec::new());
        for asked in &case.policies {
            match asked.tape {
                Some(tape) => {
                    let bytes = app.store.body(tape).await?;
                    let tape =
                        serde_json::from_slice(&bytes).map_err(|error| Failure::new(Exit::Refused, error))?;
                    decisions.push(decide(&app, tape).await?);
                }
                None => not_asked.push(Concluded::not_loaded(&asked.policy, why(asked))),
            }
        }
        let concluded = conclude(decisions, not_asked).map_err(|error| Failure::new(Exit::Refused, error))?;
        let mut differ = Vec::new();
        for asked in &case.policies {
            let again = concluded.iter().find(|one| one.policy == asked.policy);
            if !again.is_some_and(|again| same(again, asked)) {
                differ.push(asked);
            }
        }
        // What time ended can't be told to end so again.
        let excused = differ.iter().all(|asked| !asked.reproducible);
        if global.is_json() {
            let replayed = match (differ.is_empty(), excused) {
                (true, _) => "same",
                (false, true) => "not-reproducible",
                (false, false) => "different",
            };
            let policies = case::json(&concluded);
            report::json(&json!({ "case": case.event.id, "replayed": replayed, "policies": policies }))?;
        } else {
            let mut out = report::stdout();
            case::print(&mut out, &concluded, false)?;
            let (style, words) = match (differ.as_slice(), excused) {
                ([], _) => (GOOD, "the same".to_owned()),
                (_, true) => (WARN, "not reproducible: time ended it when it was recorded".to_owned()),
                (differ, false) => {
                    let names: Vec<_> = differ.iter().map(|asked| asked.policy.as_str()).collect();
                    (BAD, format!("different: {}", names.join(", ")))
                }
            };
            writeln!(out, "{BOLD}replayed{BOLD:#}: {style}{words}{style:#}")?;
        }
        Ok(if excused { Exit::Done } else { Exit::RunFailed })
    }
}

/// Returns whether a policy came to the same again, to the last byte: proposal, plan, verdict, and what it said instead.
fn same(again: &Concluded, then: &Asked) -> bool {
    let proposal = again.proposal.as_ref().map(Digest::of).transpose().ok().flatten();
    let plan = match (&again.conclusion, &then.plan) {
        (Conclusion::Plan(again), Some(then)) => {
            again.0 == then.plan && Some(&again.1) == then.verdicts.first()
        }
        (again, then) => !matches!(again, Conclusion::Plan(_)) && then.is_none(),
    };
    plan && proposal == then.proposal && decided(&again.conclusion) == then.decided
}

fn why(asked: &Asked) -> String {
    match &asked.decided {
        Decided::NotLoaded(why) => why.clone(),
        _ => String::new(),
    }
}

/// Asks the policy that the tape names again. It has to be the very same one, on the very same engine.
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
    let engine = app.engine.identity();
    if tape.inputs.engine != engine {
        let error = format!("the tape was recorded with {:?}, and this is {engine:?}", tape.inputs.engine);
        return Err(Failure::new(Exit::Refused, error)
            .hint("replay it with the version of muster and the limits that it was recorded with"));
    }
    let directory = Arc::new(Recorded::new(&tape));
    let decided = bound.policy.decide(Arc::new(tape.inputs.clone()), directory).await;
    let tape = Tape { exchanges: decided.exchanges, ..tape };
    let (outcome, dropped, reproducible) = (decided.outcome, decided.dropped, decided.reproducible);
    Ok(Decision { tape, outcome, dropped, reproducible })
}
