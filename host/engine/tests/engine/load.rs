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
        Function::ItemStepsAdd,
        Function::GroupStepsLeave,
        Function::ProjectsRoles,
        Function::ProjectsShow,
        Function::UsersIsLeaving,
        Function::VendorsShow,
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

/// Loads a policy with an engine whose compiled code is kept in `folder`, and decides with it.
async fn decides(folder: &std::path::Path) {
    let settings = Settings { cache: Some(folder.to_owned()), ..Settings::default() };
    let engine = Engine::new(&settings).unwrap();
    let policy = engine.load(&artifact(CUTOFF), "p", &everything()).await.unwrap();
    let company = std::sync::Arc::new(crate::support::Company::small());
    let decided =
        crate::support::ask(&policy, crate::support::immediate(), "{}", everything(), &company).await;
    assert_eq!(crate::support::proposal(decided).steps.len(), 1);
}

fn code(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.extension().is_some_and(|extension| extension == "code")).collect()
}

#[tokio::test]
async fn compiled_code_is_kept_and_what_was_changed_is_not_run() {
    let folder = tempfile::tempdir().unwrap();
    decides(folder.path()).await;
    let kept = code(folder.path());
    let [path] = kept.as_slice() else { panic!("{kept:?}") };
    let whole = std::fs::read(path).unwrap();
    decides(folder.path()).await;
    assert_eq!(std::fs::read(path).unwrap(), whole, "it was loaded, not compiled again");
    // Changed, cut, empty, or signed by somebody else: it is compiled anew, and kept anew.
    let mut changed = whole.clone();
    changed[4096] ^= 1;
    let other = whole[..whole.len() - 32].iter().copied().chain([0; 32]).collect();
    for bytes in [changed, whole[..whole.len() / 2].to_vec(), Vec::new(), other] {
        std::fs::write(path, bytes).unwrap();
        decides(folder.path()).await;
        assert_eq!(std::fs::read(path).unwrap().len(), whole.len());
    }
    // Another artifact's code under this one's name is another's code all the same.
    let mut renamed = path.clone();
    renamed.set_file_name(path.file_name().unwrap().to_str().unwrap().replacen(|_: char| true, "0", 1));
    std::fs::rename(path, renamed).unwrap();
    decides(folder.path()).await;
    assert_eq!(code(folder.path()).len(), 2);
}

#[cfg(unix)]
#[tokio::test]
async fn a_folder_that_others_can_write_to_holds_no_code() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    decides(folder.path()).await;
    let mode = |name: &std::path::Path| std::fs::metadata(name).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder.path().join("key")), 0o600);
    assert_eq!(mode(&code(folder.path())[0]), 0o600);
    std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o777)).unwrap();
    let settings = Settings { cache: Some(folder.path().to_owned()), ..Settings::default() };
    let error = Engine::new(&settings).err().unwrap();
    assert!(matches!(error, muster_engine::EngineError::Cache { .. }), "{error:?}");
}
