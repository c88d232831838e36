//! What loads, and what is refused by which name.

use muster_core::function::{Function, FunctionSet};
use muster_core::grant::Grant;
use muster_engine::{Engine, LoadError, NotAPolicy, Settings, inspect};
use muster_test_guests::forge::with_text;
use muster_test_guests::{CUTOFF, OFFBOARDING, PUPPET};

use crate::support::{artifact, everything, set};

#[test]
fn the_declared_list_is_exactly_what_the_policy_calls() {
    assert_eq!(inspect(CUTOFF).unwrap().declared, set(&[Function::UsersShow, Function::UserStepsDeactivate]));
    let uses = [
        Function::ClockNow,
        Function::UsersShow,
        Function::UsersFindByEmail,
        Function::MembershipsOfUser,
        Function::ItemsHeldBy,
        Function::ItemsCandidates,
        Function::UserStepsDeactivate,
        Function::MembershipStepsRemove,
        Function::ItemStepsReassign,
        Function::ItemStepsLeave,
    ];
    assert_eq!(inspect(OFFBOARDING).unwrap().declared, set(&uses));
    assert_eq!(inspect(PUPPET).unwrap().declared, FunctionSet::all());
}

#[test]
fn a_description_is_read_without_running_anything() {
    let description = inspect(CUTOFF).unwrap().description;
    assert_eq!((description.name.as_str(), description.version.as_str()), ("cutoff", "0.1.0"));
    assert_eq!(description.summary, "Takes a leaver's login away, and nothing else.");
    assert!(description.settings_schema.contains("additionalProperties"));
}

#[test]
fn what_is_no_policy_is_refused_by_name() {
    assert!(matches!(inspect(b"#!/bin/sh\n"), Err(NotAPolicy::NotWasm)));
    assert!(matches!(inspect(b""), Err(NotAPolicy::NotWasm)));
    assert!(matches!(inspect(b"\0asm\x01\0\0\0"), Err(NotAPolicy::CoreModule)));
    assert!(matches!(inspect(b"\0asm\x0d\0\x01\0"), Err(NotAPolicy::NoDescription)));
    assert!(matches!(inspect(&CUTOFF[..CUTOFF.len() / 2]), Err(NotAPolicy::Invalid(_))));
}

#[test]
fn imports_that_a_policy_is_not_offered_are_refused_by_name() {
    let import = |from, to| inspect(&with_text(CUTOFF, from, to));
    let newer = import("muster:policy/users@0.1.0", "muster:policy/users@0.2.0");
    assert!(
        matches!(newer, Err(NotAPolicy::OtherVersion { ref import }) if import.ends_with("@0.2.0")),
        "{newer:?}"
    );
    let http = import("wasi:cli/stderr", "wasi:http/types");
    assert!(
        matches!(http, Err(NotAPolicy::Http { ref import }) if import.starts_with("wasi:http/")),
        "{http:?}"
    );
    let unknown = import("wasi:cli/stderr", "wasi:sql/tables");
    assert!(matches!(unknown, Err(NotAPolicy::UnknownImport { .. })), "{unknown:?}");
    let world = import("muster:policy/guest@0.1.0", "muster:policy/guess@0.1.0");
    assert!(matches!(world, Err(NotAPolicy::OtherWorld)), "{world:?}");
}

#[tokio::test]
async fn a_policy_that_describes_itself_otherwise_than_its_section_does_not_load() {
    let engine = Engine::new(&Settings::default()).unwrap();
    // The section is JSON; what `describe` returns is made of the bare words elsewhere in the component.
    let liar = with_text(CUTOFF, r#""version":"0.1.0""#, r#""version":"9.9.9""#);
    let error = engine.load(&artifact(&liar), "p", &everything()).await.err().unwrap();
    assert!(matches!(error, LoadError::Contradicts { field: "version", .. }), "{error:?}");
}

#[tokio::test]
async fn what_is_declared_and_not_granted_does_not_load() {
    let engine = Engine::new(&Settings::default()).unwrap();
    let grant = Grant { allow: set(&[Function::UsersShow]), ..Grant::default() };
    let Err(LoadError::NotGranted(error)) = engine.load(&artifact(CUTOFF), "leavers", &grant).await else {
        panic!("it loaded");
    };
    assert_eq!(error.missing, set(&[Function::UserStepsDeactivate]));
    assert_eq!(error.line, r#"allow = ["user-steps.deactivate", "users.show"]"#);
    let grant =
        Grant { allow: set(&[Function::UsersShow, Function::UserStepsDeactivate]), ..Grant::default() };
    assert!(engine.load(&artifact(CUTOFF), "leavers", &grant).await.is_ok());
}
