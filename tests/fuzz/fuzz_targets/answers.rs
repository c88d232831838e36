//! Procore's answers: bodies, refusals, and what their heads say of the next page and of the rate.
//!
//! The first byte says which. A refusal goes on with its status as two bytes and its content type to the end of the line,
//! a head with its status and the sizes of eight pages.

#![no_main]

use libfuzzer_sys::fuzz_target;
use muster_procore::fuzzing;

fuzz_target!(|bytes: &[u8]| match bytes.split_first() {
    Some((b'B', body)) => fuzzing::body(body),
    Some((b'R', rest)) => refusal(rest),
    Some((b'H', rest)) => head(rest),
    _ => {}
});

fn refusal(bytes: &[u8]) {
    let Some((status, rest)) = bytes.split_first_chunk() else { return };
    let mut parts = rest.splitn(2, |byte| *byte == b'\n');
    let content_type = String::from_utf8_lossy(parts.next().unwrap_or_default());
    fuzzing::refusal(u16::from_be_bytes(*status), &content_type, parts.next().unwrap_or_default());
}

fn head(bytes: &[u8]) {
    let Some((status, rest)) = bytes.split_first_chunk() else { return };
    let Some((pages, rest)) = rest.split_first_chunk::<8>() else { return };
    fuzzing::head(u16::from_be_bytes(*status), &String::from_utf8_lossy(rest), pages);
}
