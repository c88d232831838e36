//! Gathering the facts: what plans and guard have to know beyond what the policies asked, through the same port.
//!
//! A fact that can't be had leaves a hole, which is recorded: whether a plan can be made without it is not decided here.

use std::collections::BTreeSet;

use jiff::Timestamp;
use muster_core::action::Action;
use muster_core::event::Event;
use muster_core::facts::Facts;
use muster_core::guard::Rules;
use muster_core::plan::Plan;
use muster_core::proposal::Proposal;
use muster_core::read::{Read, WrongAnswer};
use muster_core::tape::{Asked, Hole};
use muster_engine::{NoAnswer, Outcome};

use super::Decision;
use crate::directory::Shared;
use crate::exit::causes;

/// Adds the facts, and the holes, to the tapes of a case.
pub(super) async fn facts(
    decisions: &mut [Decision],
    rules: &Rules,
    directory: &Shared,
) -> Result<(), WrongAnswer> {
    let case: Vec<Proposal> = decisions.iter().filter_map(|decision| decision.proposal().cloned()).collect();
    for decision in decisions {
        if let Outcome::NoAnswer(no_answer) = &decision.outcome {
            let why = causes(no_answer.source.as_ref()).join(": ");
            decision.tape.holes.push(Hole { read: *no_answer.read.clone(), why });
        }
        let whole = decision.proposal().cloned();
        // What a login alone needs is part of what the whole needs; asked for by itself where the rest falls short.
        let login = decision.only_login("");
        let mut known = decision.tape.known()?;
        let (mut facts, mut holes) = (Vec::new(), Vec::new());
        loop {
            let unanswered: BTreeSet<Read> = holes.iter().map(|hole: &Hole| hole.read.clone()).collect();
            let mut wanted =
                login.iter().flat_map(|login| known.missing(login, &[], rules)).collect::<BTreeSet<_>>();
            if let Some(whole) = &whole {
                wanted.extend(known.missing(whole, &case, rules));
                wanted.extend(known.wished(whole));
            }
            let Some(read) = wanted.into_iter().find(|read| !unanswered.contains(read)) else { break };
            match directory.answer(read.clone()).await {
                Ok(answer) => {
                    known.add(read.clone(), answer.clone())?;
                    facts.push(Asked { read, answer });
                }
                Err(no_answer) => {
                    holes.push(Hole { read, why: causes(no_answer.source.as_ref()).join(": ") })
                }
            }
        }
        facts.sort_by(|one, other| one.read.cmp(&other.read));
        decision.tape.facts = facts;
        decision.tape.holes.extend(holes);
    }
    Ok(())
}

/// Returns what the guard has to know of the plans of a case, as it is now. What can't be had stays unknown, which no check
/// of the guard takes for good news; and it must not stand in the way of a login's end, which needs less. Returns the first
/// of what could not be had as well.
pub(super) async fn for_guard(
    plans: &[&Plan],
    rules: &Rules,
    directory: &Shared,
) -> (Facts, Option<NoAnswer>) {
    let actions: Vec<_> =
        plans.iter().flat_map(|plan| &plan.content().steps).map(|step| &step.action).collect();
    let mut known = Facts::default();
    let (mut unanswered, mut first) = (BTreeSet::new(), None);
    loop {
        let belts = rules.belts.missing(actions.iter().copied()).filter(|read| known.get(read).is_none());
        let wanted = known.missing_for_guard(actions.iter().copied()).into_iter().chain(belts);
        let Some(read) = wanted.into_iter().find(|read| !unanswered.contains(read)) else {
            return (known, first);
        };
        let added = directory.answer(read.clone()).await.and_then(|answer| {
            let wrong = |wrong: WrongAnswer| NoAnswer { read: Box::new(read.clone()), source: wrong.into() };
            known.add(read.clone(), answer).map_err(wrong)
        });
        if let Err(no_answer) = added {
            unanswered.insert(read);
            first.get_or_insert(no_answer);
        }
    }
}

/// Asks what the guard has to know for a login that can't wait, before anything else is asked. Returns whether there is
/// one: a user whom the event leaves no time, and who can still log in.
pub(super) async fn login(event: &Event, now: Timestamp, directory: &Shared) -> bool {
    let Some(user) = event.cut_off(now) else { return false };
    let cut = Action::Deactivate { user };
    let mut known = Facts::default();
    // Whoever needs one of these asks again, and hears why it was not answered.
    while let Some(read) = known.missing_for_guard([&cut].into_iter()).into_iter().next() {
        let Ok(answer) = directory.answer(read.clone()).await else { break };
        if known.add(read, answer).is_err() {
            break;
        }
    }
    known.user(user).is_none_or(|user| user.active)
}
