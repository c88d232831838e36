//! Journal entries, a JSON document a line, and the fold of those that belong to a run.
//!
//! A line may also be the entry of a run alone, so that histories are short enough to be found.

#![no_main]

use libfuzzer_sys::fuzz_target;
use muster_core::digest::Digest;
use muster_core::journal::Entry;
use muster_core::run::{RunEntry, RunState};
use serde::Serialize;
use serde::de::DeserializeOwned;

fuzz_target!(|bytes: &[u8]| {
    let entries: Vec<_> = bytes.split(|byte| *byte == b'\n').filter_map(run_entry).collect();
    let plan = Digest::of_bytes(b"a plan");
    for remainder in [false, true] {
        let mut run = RunState::new(plan, remainder);
        let mut accepted = Vec::new();
        for entry in &entries {
            let before = run.clone();
            match run.apply(entry) {
                Ok(()) => accepted.push(entry),
                Err(error) => assert_eq!(run, before, "{error}: it changed the run"),
            }
            if let Some(end) = run.end() {
                assert_eq!(run.end_so_far(), Some(end));
            }
        }
        let mut again = RunState::new(plan, remainder);
        accepted.iter().for_each(|entry| again.apply(entry).expect("what was accepted is accepted again"));
        assert_eq!(again, run);
    }
});

fn run_entry(line: &[u8]) -> Option<RunEntry> {
    match read::<Entry>(line) {
        Some(entry) => {
            let _ = (entry.case(), entry.plan());
            match entry {
                Entry::Run { entry, .. } => Some(entry),
                _ => None,
            }
        }
        None => read(line),
    }
}

/// Reads a value, and makes sure that it reads back as it is written.
fn read<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(line: &[u8]) -> Option<T> {
    let value: T = serde_json::from_slice(line).ok()?;
    let written = serde_json::to_vec(&value).expect("an entry can be written");
    let again: T = serde_json::from_slice(&written).expect("what was written can be read");
    assert_eq!(again, value);
    assert_eq!(serde_json::to_vec(&again).expect("an entry can be written"), written);
    Digest::of(&value).expect("an entry has a digest");
    Some(value)
}
