//! Gathering the facts: what plans and guard have to know beyond what the policies asked, through the same port.

use muster_core::facts::Facts;
use muster_core::guard::Rules;
use muster_core::plan::Plan;
use muster_core::proposal::Proposal;
use muster_core::read::{Read, WrongAnswer};
use muster_core::tape::Asked;
use muster_engine::{NoAnswer, Outcome};

use super::Decision;
use crate::directory::Shared;

/// Adds the facts to the tapes of a case. A decision whose facts can't be had ends without an answer.
pub(super) async fn facts(
    decisions: &mut [Decision],
    rules: &Rules,
    directory: &Shared,
) -> Result<(), WrongAnswer> {
    let case: Vec<Proposal> = decisions.iter().filter_map(|decision| decision.proposal().cloned()).collect();
    for decision in decisions {
        let Some(proposal) = decision.proposal() else { continue };
        let mut known = decision.tape.known()?;
        let missing = |known: &Facts| known.missing(proposal, &case, rules);
        match until_known(&mut known, directory, missing).await {
            Ok(mut facts) => {
                facts.sort_by(|one, other| one.read.cmp(&other.read));
                decision.tape.facts = facts;
            }
            Err(no_answer) => decision.outcome = Outcome::NoAnswer(no_answer),
        }
    }
    Ok(())
}

/// Returns what the guard has to know of one plan, as it is now.
pub(super) async fn for_guard(plan: &Plan, rules: &Rules, directory: &Shared) -> Result<Facts, NoAnswer> {
    let mut known = Facts::default();
    let actions = || plan.content().steps.iter().map(|step| &step.action);
    let missing = |known: &Facts| {
        let belts = rules.belts.missing(actions()).filter(|read| known.get(read).is_none());
        known.missing_for_guard(actions()).into_iter().chain(belts).collect()
    };
    until_known(&mut known, directory, missing).await?;
    Ok(known)
}

/// Asks until nothing is missing, and returns what was asked.
async fn until_known(
    known: &mut Facts,
    directory: &Shared,
    missing: impl Fn(&Facts) -> Vec<Read>,
) -> Result<Vec<Asked>, NoAnswer> {
    let mut facts = Vec::new();
    loop {
        let missing = missing(known);
        if missing.is_empty() {
            return Ok(facts);
        }
        for read in missing {
            let answer = directory.answer(read.clone()).await?;
            known
                .add(read.clone(), answer.clone())
                .map_err(|wrong| NoAnswer { read: Box::new(read.clone()), source: wrong.into() })?;
            facts.push(Asked { read, answer });
        }
    }
}
