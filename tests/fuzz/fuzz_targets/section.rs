//! The section in which a component describes itself.

#![no_main]

use libfuzzer_sys::fuzz_target;
use muster_core::artifact::Description;

fuzz_target!(|bytes: &[u8]| {
    let Ok(description) = Description::from_json(bytes) else { return };
    assert!(description.summary.chars().count() <= 300 && description.name.is_ascii());
    let written = serde_json::to_vec(&description).expect("a description can be written");
    assert_eq!(Description::from_json(&written).expect("what was written can be read"), description);
});
