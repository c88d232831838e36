//! Builds the policies that are part of the binary.

#[path = "build/guest.rs"]
mod guest;

use std::path::Path;

fn main() -> Result<(), String> {
    guest::say("rerun-if-changed=build.rs");
    let component = guest::build(Path::new("../.."), "policies/offboarding", "muster-offboarding")?;
    guest::say(&format!("rustc-env=OFFBOARDING={}", component.display()));
    Ok(())
}
