//! `muster.toml`, with what flags override: the file goes to the first NUL, every flag to the next.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut parts = text.split('\0');
    muster_host::fuzzing::config(parts.next().unwrap_or_default(), parts);
});
