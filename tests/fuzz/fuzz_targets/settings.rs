//! The settings of a policy against the schema that it carries: the schema goes to the first NUL.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Some((schema, settings)) = text.split_once('\0') {
        muster_host::fuzzing::settings(schema, settings);
    }
});
