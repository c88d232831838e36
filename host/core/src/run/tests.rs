//! Runs as a fold: every legal history recovers from any of its prefixes, and nothing else is let in.

use proptest::prelude::*;

use super::*;
use crate::action::Action;
use crate::id::{ProjectId, UserId};
use crate::lower::Operation;

fn plan() -> Digest {
    Digest::of_bytes(b"a plan")
}

fn calls(sizes: &[u32]) -> Vec<Call> {
    let mut next = 0;
    let operation = Operation::Act {
        action: Action::RemoveMembership { user: UserId::new(5), project: ProjectId::new(70) },
    };
    let call = |(number, size): (u32, &u32)| {
        let steps = (next + 1..=next + size).collect();
        next += size;
        Call { number, operation: operation.clone(), steps }
    };
    (1..).zip(sizes).map(call).collect()
}

fn begun(sizes: &[u32]) -> RunState {
    let mut run = RunState::new(plan(), false);
    run.apply(&RunEntry::Started { calls: calls(sizes) }).unwrap();
    run
}

fn lost() -> StepAnswer {
    StepAnswer::Lost { why: "the connection was dropped".to_owned() }
}

fn refused() -> StepAnswer {
    StepAnswer::Refused { why: "user is managed by a group".to_owned() }
}

fn intended(call: u32, attempt: u32, steps: &[u32]) -> RunEntry {
    RunEntry::Intended { call, attempt, steps: steps.iter().copied().collect() }
}

fn answers(call: u32, attempt: u32, answers: &[(u32, StepAnswer)]) -> RunEntry {
    RunEntry::Answered { call, attempt, answers: answers.iter().cloned().collect() }
}

fn read_back(steps: &[(u32, Standing)]) -> RunEntry {
    RunEntry::ReadBack { steps: steps.iter().cloned().collect() }
}

fn outcome(run: &RunState, step: u32) -> Option<Outcome> {
    match run.steps().get(&step)? {
        StepState::Ended(ended) => Some(ended.outcome),
        _ => None,
    }
}

/// What answer and read-back come to: the table of invariant 7.
#[test]
fn an_answer_is_believed_once_it_was_read_back_and_its_lack_is_settled_by_reading() {
    use Outcome::{Already, Done, Failed, Unknown};
    let otherwise = || Standing::Otherwise("is held by neither".to_owned());
    let rows = [
        (StepAnswer::Done {}, Standing::AsWanted, Some(Done)),
        (StepAnswer::Done {}, Standing::AsBefore, Some(Failed)),
        (StepAnswer::Done {}, otherwise(), Some(Failed)),
        (StepAnswer::Done {}, Standing::Unseen, Some(Unknown)),
        (lost(), Standing::AsWanted, Some(Done)),
        (lost(), Standing::AsBefore, None),
        (lost(), otherwise(), Some(Failed)),
        (lost(), Standing::Unseen, Some(Unknown)),
        (refused(), Standing::AsWanted, Some(Already)),
        (refused(), Standing::AsBefore, Some(Failed)),
        (refused(), otherwise(), Some(Failed)),
        (refused(), Standing::Unseen, Some(Failed)),
    ];
    for (answer, standing, expected) in rows {
        let mut run = begun(&[1]);
        run.apply(&intended(1, 1, &[1])).unwrap();
        run.apply(&answers(1, 1, &[(1, answer.clone())])).unwrap();
        run.apply(&read_back(&[(1, standing.clone())])).unwrap();
        assert_eq!(outcome(&run, 1), expected, "{answer:?} {standing:?}");
    }
}

#[test]
fn what_provably_changed_nothing_may_be_tried_again_with_a_later_number() {
    let mut run = begun(&[2]);
    run.apply(&intended(1, 1, &[1])).unwrap();
    run.apply(&answers(1, 1, &[(1, lost())])).unwrap();
    run.apply(&read_back(&[(1, Standing::AsBefore)])).unwrap();
    assert_eq!(run.steps()[&1], StepState::Waiting { attempts: 1 });
    assert!(
        run.apply(&intended(1, 1, &[1])).is_err(),
        "an answer to the first try could be taken for one to the second"
    );
    // One step of the call has been tried, the other not: they go on together.
    run.apply(&intended(1, 2, &[1, 2])).unwrap();
    assert_eq!(run.end_so_far(), None);
}

#[test]
fn a_plan_without_steps_begins_and_ends() {
    let mut run = RunState::new(plan(), true);
    run.apply(&RunEntry::Started { calls: vec![] }).unwrap();
    assert!(run.apply(&RunEntry::Started { calls: vec![] }).is_err());
    run.apply(&RunEntry::Finished { end: End::DoneWithRemainder }).unwrap();
}

#[test]
fn a_call_answers_for_each_step_apart_later_or_not_at_all() {
    let mut run = begun(&[3]);
    run.apply(&intended(1, 1, &[1, 2, 3])).unwrap();
    let later = StepAnswer::Later { handle: "batch 9".to_owned() };
    run.apply(&answers(1, 1, &[(1, StepAnswer::Done {}), (2, later.clone())])).unwrap();
    assert!(matches!(run.steps()[&3], StepState::Intended { .. }), "step 3 has no answer yet");
    run.apply(&answers(1, 1, &[(2, later), (3, refused())])).unwrap();
    run.apply(&answers(1, 1, &[(2, StepAnswer::Done {})])).unwrap();
    run.apply(&read_back(&[(1, Standing::AsWanted), (2, Standing::AsWanted), (3, Standing::AsBefore)]))
        .unwrap();
    assert_eq!(
        [1, 2, 3].map(|step| outcome(&run, step)),
        [Some(Outcome::Done), Some(Outcome::Done), Some(Outcome::Failed)]
    );
    run.apply(&RunEntry::Finished { end: End::Failed }).unwrap();
}

#[test]
fn what_can_not_follow_is_refused_and_changes_nothing() {
    let settled = |step, outcome| RunEntry::Settled { steps: [(step, Ended { outcome, why: None })].into() };
    let mut fresh = RunState::new(plan(), false);
    assert!(fresh.apply(&intended(1, 1, &[1])).is_err());
    let twice = calls(&[1]).into_iter().chain(calls(&[1])).collect();
    assert!(fresh.apply(&RunEntry::Started { calls: twice }).is_err());

    let mut run = begun(&[2, 1]);
    let illegal = [
        RunEntry::Started { calls: calls(&[1]) },
        RunEntry::Finished { end: End::Done },
        intended(1, 0, &[1]),
        intended(1, 1, &[3]),
        intended(9, 1, &[1]),
        intended(1, 1, &[]),
        answers(1, 1, &[(1, StepAnswer::Done {})]),
        read_back(&[(1, Standing::AsWanted)]),
        settled(1, Outcome::Done),
        settled(9, Outcome::Skipped),
    ];
    for entry in &illegal {
        let before = run.clone();
        assert!(run.apply(entry).is_err(), "{entry:?}");
        assert_eq!(run, before);
    }
    run.apply(&settled(3, Outcome::Already)).unwrap();
    run.apply(&intended(1, 1, &[1])).unwrap();
    for entry in [answers(1, 2, &[(1, StepAnswer::Done {})]), answers(2, 1, &[(1, StepAnswer::Done {})])] {
        assert!(run.apply(&entry).is_err(), "an answer to another try or call: {entry:?}");
    }
    assert!(run.apply(&settled(1, Outcome::Skipped)).is_err(), "a step on its way can't be skipped");
}

#[test]
fn a_run_is_called_off_only_where_nothing_is_under_way_and_what_was_done_stays_done() {
    let cancelled = RunEntry::Cancelled { by: "Pat".to_owned() };
    let mut run = begun(&[1, 1]);
    run.apply(&intended(1, 1, &[1])).unwrap();
    assert!(run.apply(&cancelled).is_err(), "nobody knows yet what became of step 1");
    run.apply(&answers(1, 1, &[(1, StepAnswer::Done {})])).unwrap();
    assert!(run.apply(&cancelled).is_err());
    run.apply(&read_back(&[(1, Standing::AsWanted)])).unwrap();
    run.apply(&cancelled).unwrap();
    assert_eq!((outcome(&run, 1), outcome(&run, 2)), (Some(Outcome::Done), Some(Outcome::Skipped)));
    assert_eq!(run.end_so_far(), Some(End::Cancelled));
    assert!(run.apply(&intended(2, 1, &[2])).is_err() && run.apply(&cancelled).is_err());
    run.apply(&RunEntry::Finished { end: End::Cancelled }).unwrap();
}

fn any_entry() -> impl Strategy<Value = RunEntry> {
    let steps = || prop::collection::btree_set(1u32..5, 1..4);
    let standing = prop_oneof![
        Just(Standing::AsBefore),
        Just(Standing::AsWanted),
        Just(Standing::Unseen),
        Just(Standing::Otherwise("x".to_owned()))
    ];
    let answer = prop_oneof![
        Just(StepAnswer::Done {}),
        Just(lost()),
        Just(StepAnswer::Later { handle: "b".to_owned() }),
        Just(refused())
    ];
    let ended = prop_oneof![Just(Outcome::Already), Just(Outcome::Skipped)]
        .prop_map(|outcome| Ended { outcome, why: None });
    prop_oneof![
        (1u32..4, 1u32..4, steps()).prop_map(|(call, attempt, steps)| RunEntry::Intended {
            call,
            attempt,
            steps
        }),
        (1u32..4, 1u32..4, prop::collection::btree_map(1u32..5, answer, 1..4))
            .prop_map(|(call, attempt, answers)| RunEntry::Answered { call, attempt, answers }),
        prop::collection::btree_map(1u32..5, standing, 1..4).prop_map(|steps| RunEntry::ReadBack { steps }),
        prop::collection::btree_map(1u32..5, ended, 1..3).prop_map(|steps| RunEntry::Settled { steps }),
        prop_oneof![Just(End::Done), Just(End::Failed), Just(End::Unknown), Just(End::Cancelled)]
            .prop_map(|end| RunEntry::Finished { end }),
        Just(RunEntry::Cancelled { by: "Pat".to_owned() }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is thrown at it: an ended step never changes again, an entry is applied whole or not at all, and what
    /// was accepted folds to the same state from its written form, whole and from every prefix.
    #[test]
    fn accepted_entries_fold_to_the_same_state_again(entries in prop::collection::vec(any_entry(), 0..60)) {
        let mut run = begun(&[2, 1, 1]);
        let mut journal = vec![serde_json::to_string(&RunEntry::Started { calls: calls(&[2, 1, 1]) }).unwrap()];
        let mut states = vec![run.clone()];
        for entry in entries {
            let before = run.clone();
            if run.apply(&entry).is_err() {
                prop_assert_eq!(&run, &before);
                continue;
            }
            for (step, state) in before.steps() {
                prop_assert!(!matches!(state, StepState::Ended(_)) || run.steps()[step] == *state);
            }
            journal.push(serde_json::to_string(&entry).unwrap());
            states.push(run.clone());
        }
        let mut again = RunState::new(plan(), false);
        for (written, state) in journal.iter().zip(&states) {
            again.apply(&serde_json::from_str(written).unwrap()).unwrap();
            prop_assert_eq!(&again, state);
        }
    }
}
