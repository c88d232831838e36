//! The bytes of a component, as far as they are looked at before anything is compiled.

#![no_main]

use libfuzzer_sys::fuzz_target;
use muster_core::artifact::Description;

fuzz_target!(|bytes: &[u8]| {
    let Ok(inspected) = muster_engine::inspect(bytes) else { return };
    let written = serde_json::to_vec(&inspected.description).expect("a description can be written");
    let again = Description::from_json(&written).expect("what was written can be read");
    assert_eq!(again, inspected.description);
});
