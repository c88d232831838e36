//! Builds the guests.

#[path = "../../host/muster/build/guest.rs"]
mod guest;

use std::path::Path;

fn main() -> Result<(), String> {
    guest::say("rerun-if-changed=build.rs");
    for (variable, folder, package) in [
        ("PUPPET", "tests/guests/puppet", "muster-puppet"),
        ("CUTOFF", "tests/guests/cutoff", "muster-cutoff"),
        ("IDLE", "tests/guests/idle", "muster-idle"),
        ("OFFBOARDING", "policies/offboarding", "muster-offboarding"),
    ] {
        let component = guest::build(Path::new("../.."), folder, package)?;
        guest::say(&format!("rustc-env={variable}={}", component.display()));
    }
    Ok(())
}
