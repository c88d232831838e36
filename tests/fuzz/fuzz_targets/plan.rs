//! Plans as files, and what is made of one that was accepted.
//!
//! No fuzzer finds the digest of what it wrote, so a plan that only its digest speaks against gets the right one.

#![no_main]

use libfuzzer_sys::fuzz_target;
use muster_core::facts::Facts;
use muster_core::lower::lower;
use muster_core::plan::{Plan, ReadPlanError};
use muster_core::run::{RunEntry, RunState};
use serde_json::Value;

fuzz_target!(|bytes: &[u8]| {
    let Some(plan) = read(bytes) else { return };
    let written = plan.to_json().expect("a plan can be written");
    assert_eq!(Plan::from_json(&written).expect("what was written can be read"), plan);
    let subject = plan.content().event.subject();
    for cut_off in [None, subject] {
        let calls = lower(&plan, cut_off);
        let covered: usize = calls.iter().map(|call| call.steps.len()).sum();
        assert!(covered <= plan.content().steps.len());
        // Refused where step numbers repeat, which the digest of a stranger's plan can't rule out.
        let _ = RunState::new(plan.digest(), plan.leaves_something()).apply(&RunEntry::Started { calls });
    }
    for step in &plan.content().steps {
        let _ = step.standing(&Facts::default());
    }
});

fn read(bytes: &[u8]) -> Option<Plan> {
    match Plan::from_json(bytes) {
        Ok(plan) => Some(plan),
        Err(ReadPlanError::Changed { found, .. }) => {
            let mut json: Value = serde_json::from_slice(bytes).ok()?;
            *json.get_mut("digest")? = Value::String(found.to_string());
            Some(Plan::from_json(json.to_string().as_bytes()).expect("it has its digest"))
        }
        Err(_) => None,
    }
}
