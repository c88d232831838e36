//! A named suite: tests that need a tool which is not on every machine.
//!
//! Where the tool is missing the suite is skipped and says so, with the line that helps. `MUSTER_REQUIRE=all` makes
//! that a failure, for where everything has to be tested.

use std::io::Write;

/// Why a suite can't be run here.
#[derive(Debug)]
pub(crate) struct Missing {
    /// What is missing, in words.
    pub(crate) what: String,
    /// The line that helps.
    pub(crate) remedy: &'static str,
}

/// Skips a suite, or fails where all suites are required.
pub(crate) fn skip(suite: &str, missing: &Missing) {
    let Missing { what, remedy } = missing;
    #[expect(clippy::disallowed_methods, reason = "how the test command is told that nothing may be skipped")]
    let required = std::env::var_os("MUSTER_REQUIRE").map(|value| value.to_string_lossy().into_owned());
    if let Err(why) = may_skip(required.as_deref()) {
        panic!("the suite `{suite}` can't be run, and {why}: {what}\n  what helps: {remedy}");
    }
    // Not by a macro: the test runner would keep what those print of a test that passes.
    let line = format!("the suite `{suite}` is skipped: {what}\n  what helps: {remedy}");
    writeln!(std::io::stderr(), "{line}").unwrap();
}

/// Returns whether a suite may be skipped under a value of `MUSTER_REQUIRE`.
fn may_skip(required: Option<&str>) -> Result<(), String> {
    match required {
        None | Some("") => Ok(()),
        Some("all") => Err("MUSTER_REQUIRE=all lets none be skipped".to_owned()),
        Some(other) => Err(format!("MUSTER_REQUIRE is {other:?}; it is either `all` or not set")),
    }
}

#[test]
fn a_suite_is_skipped_only_where_nothing_is_required() {
    assert_eq!([may_skip(None), may_skip(Some(""))], [Ok(()), Ok(())]);
    assert!(may_skip(Some("all")).unwrap_err().contains("lets none be skipped"));
    assert!(may_skip(Some("ALL")).unwrap_err().contains("is either `all` or not set"));
}
