//! The sandbox with real components: what loads, what is denied, what a guest gets to see, and how runaways end.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail by panicking, as tests do")]

mod support;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use muster_core::action::Action;
use muster_core::event::{Change, Effective, Kind, Urgency};
use muster_core::function::{Function, FunctionSet};
use muster_core::grant::{Grant, Projects, Scope};
use muster_core::id::{ContactId, ProjectId, UserId, VendorId};
use muster_core::proposal::{Decision, Proposal};
use muster_core::tape::Exchange;
use muster_engine::{Decided, Engine, Fault, Limits, LoadError, NotAPolicy, Outcome, Settings, inspect};
use muster_test_guests::{CUTOFF, OFFBOARDING, PUPPET};

use self::support::{Company, NOW, artifact, ask, departed, everything, limits, load};

fn immediate() -> Kind {
    departed(Urgency::Immediate, NOW)
}

fn proposal(decided: Decided) -> Proposal {
    match decided.outcome {
        Outcome::Proposal(proposal) => proposal,
        other => panic!("{other:?}\n{}", decided.log),
    }
}

fn fault(decided: Decided) -> Fault {
    match decided.outcome {
        Outcome::Fault(fault) => fault,
        other => panic!("{other:?}\n{}", decided.log),
    }
}

fn set(functions: &[Function]) -> FunctionSet {
    functions.iter().copied().collect()
}

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

/// A component with every occurrence of some bytes replaced by as many others.
fn forged(component: &[u8], from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut forged = component.to_vec();
    let windows = component.windows(from.len()).enumerate();
    let found: Vec<usize> =
        windows.filter(|(_, window)| *window == from.as_bytes()).map(|(at, _)| at).collect();
    assert!(!found.is_empty(), "{from} does not occur");
    for at in found {
        forged.splice(at..at + to.len(), to.bytes());
    }
    forged
}

#[test]
fn imports_that_a_policy_is_not_offered_are_refused_by_name() {
    let import = |from, to| inspect(&forged(CUTOFF, from, to));
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
    let liar = forged(CUTOFF, r#""version":"0.1.0""#, r#""version":"9.9.9""#);
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

#[tokio::test]
async fn an_immediate_departure_cuts_the_login_first_and_names_what_stays() {
    let policy = load(OFFBOARDING, Limits::default()).await;
    let company = Arc::new(Company::small());
    let proposal = proposal(ask(&policy, immediate(), "{}", everything(), &company).await);
    let actions: Vec<_> = proposal.steps.iter().map(|step| &step.action).collect();
    let (ana, ben) = (UserId::new(5), UserId::new(6));
    assert!(matches!(actions[0], Action::Deactivate { user } if *user == ana));
    assert!(matches!(actions[1], Action::Reassign { holder, to, .. } if (*holder, *to) == (ana, ben)));
    assert!(matches!(actions[2], Action::Reassign { holder, to, .. } if (*holder, *to) == (ana, ben)));
    assert!(matches!(actions[3], Action::RemoveMembership { project, .. } if *project == ProjectId::new(70)));
    assert!(matches!(actions[4], Action::RemoveMembership { project, .. } if *project == ProjectId::new(71)));
    assert_eq!((actions.len(), proposal.left.len()), (5, 1));
    assert_eq!(proposal.left[0].reason.as_str(), "nobody in this project can hold it");
}

#[tokio::test]
async fn a_planned_departure_hands_over_first_and_acts_as_immediate_on_its_day() {
    let policy = load(OFFBOARDING, Limits::default()).await;
    let company = Arc::new(Company::small());
    let kind = departed(Urgency::Planned, "2026-05-02T00:00:00Z");
    let early = proposal(ask(&policy, kind, "{}", everything(), &company).await);
    assert!(matches!(early.decision, Decision::Hold(_)), "{early:?}");
    assert!(early.steps.iter().all(|step| matches!(step.action, Action::Reassign { .. })), "{early:?}");

    let due = proposal(ask(&policy, departed(Urgency::Planned, NOW), "{}", everything(), &company).await);
    assert!(matches!(due.steps[0].action, Action::Deactivate { .. }));
    assert!(due.decision.words().as_str().contains("on the planned day, now as for an immediate departure"));
    assert!(matches!(due.decision, Decision::Proposed(_)));
}

#[tokio::test]
async fn a_withheld_function_answers_denied_and_the_login_is_cut_all_the_same() {
    let policy = load(OFFBOARDING, Limits::default()).await;
    let company = Arc::new(Company::small());
    let grant = Grant { withhold: set(&[Function::MembershipsOfUser]), ..everything() };
    let decided = ask(&policy, immediate(), "{}", grant, &company).await;
    let denied = |exchange: &Exchange| {
        matches!(exchange, Exchange::Denied { function: Function::MembershipsOfUser, .. })
    };
    assert!(decided.exchanges.iter().any(denied), "a denial is on the tape");
    let proposal = proposal(decided);
    assert!(matches!(proposal.steps[0].action, Action::Deactivate { .. }));
    assert!(proposal.decision.words().as_str().contains("memberships.of-user is withheld by the operator"));
}

#[tokio::test]
async fn every_function_can_be_withheld_and_is_bounded_by_the_scope() {
    let policy = load(PUPPET, Limits::default()).await;
    let company = Arc::new(Company::small());
    let read_all = r#"{"do":"read-all","user":5,"project":70,"item":1,"email":"u6@example.com"}"#;
    let grant = Grant { withhold: FunctionSet::all(), ..everything() };
    let decided = ask(&policy, immediate(), read_all, grant, &company).await;
    assert_eq!(decided.log.matches("Denial::Withheld").count(), 10, "{}", decided.log);
    assert_eq!((decided.exchanges.len(), company.asked.load(Ordering::Relaxed)), (10, 0));

    // Each power by itself: withheld, then about somebody else, then in another project.
    let propose = |only: &str, user| {
        format!(r#"{{"do":"propose","only":"{only}","user":{user},"project":70,"item":1,"to":6}}"#)
    };
    let elsewhere = Scope { projects: Projects::Only([ProjectId::new(71)].into()), ..Scope::default() };
    let powers = [
        "item-steps.reassign",
        "item-steps.close",
        "item-steps.leave",
        "membership-steps.remove",
        "user-steps.deactivate",
    ];
    for power in powers {
        let function: Function = power.parse().unwrap();
        let withheld = Grant { withhold: set(&[function]), ..everything() };
        let denied = async |user, grant| {
            let decided = ask(&policy, immediate(), &propose(power, user), grant, &company).await;
            matches!(decided.exchanges.as_slice(), [Exchange::Denied { function: denied, .. }] if *denied == function)
        };
        assert!(denied(5, withheld).await, "{power} withheld");
        assert!(!denied(5, everything()).await, "{power} allowed");
        let whole_company = power == "item-steps.close";
        assert_eq!(
            denied(6, everything()).await,
            !whole_company,
            "{power} about somebody else: whose item it is the guard knows"
        );
        let in_project = power != "user-steps.deactivate";
        assert_eq!(
            denied(5, Grant { scope: elsewhere.clone(), ..everything() }).await,
            in_project,
            "{power} elsewhere"
        );
    }
}

#[tokio::test]
async fn a_list_leaves_out_what_lies_outside_the_scope_and_says_so() {
    let mut company = Company::small();
    let (project, none) = (ProjectId::new(71), muster_core::read::Answer::Project(None));
    company.add(muster_core::read::Read::Project { project }, none);
    company.add(muster_core::read::Read::ActiveProjects, muster_core::read::Answer::Projects(vec![]));
    for read in [muster_core::read::Read::CompanyTemplates, muster_core::read::Read::ProjectTemplates] {
        company.add(read, muster_core::read::Answer::Templates(vec![]));
    }
    let policy = load(PUPPET, Limits::default()).await;
    let scope = Scope { projects: Projects::Only([project].into()), ..Scope::default() };
    let read_all = r#"{"do":"read-all","user":5,"project":71,"item":3,"email":"u6@example.com"}"#;
    let decided =
        ask(&policy, immediate(), read_all, Grant { scope, ..everything() }, &Arc::new(company)).await;
    for line in decided.log.lines().filter(|line| line.starts_with("of-user") || line.starts_with("held-by"))
    {
        assert!(line.contains("value: 71") && !line.contains("value: 70"), "{line}");
    }
    assert!(decided.log.contains("left-out: 1") && decided.log.contains("left-out: 2"), "{}", decided.log);
}

#[tokio::test]
async fn every_power_adds_its_step() {
    let policy = load(PUPPET, Limits::default()).await;
    let settings = r#"{"do":"propose-all","user":5,"project":70,"item":1,"to":6}"#;
    let proposal =
        proposal(ask(&policy, immediate(), settings, everything(), &Arc::new(Company::small())).await);
    let reasons: Vec<_> = proposal.steps.iter().map(|step| step.reason.as_str()).collect();
    assert_eq!(
        (reasons.as_slice(), proposal.left[0].reason.as_str()),
        (["one", "two", "three", "four"].as_slice(), "five")
    );
}

#[tokio::test]
async fn every_kind_of_event_reaches_the_guest_whole() {
    let policy = load(PUPPET, Limits::default()).await;
    let effective = || Effective { at: NOW.parse().unwrap(), zone: Some("America/New_York".to_owned()) };
    let user = UserId::new(9_007_199_254_740_993);
    let text = |text: &str| Some(text.to_owned());
    let kinds = [
        Kind::Joined {
            user: Some(user),
            email: "new@example.com".parse().ok(),
            employee_id: text("E-17"),
            first_name: text("Noa"),
            last_name: "Berg".to_owned(),
            job_title: text("PM"),
            effective: effective(),
        },
        Kind::Changed {
            user,
            changes: vec![Change { field: "job_title".to_owned(), old: None, new: text("PM") }],
            effective: effective(),
        },
        Kind::Departed { user, urgency: Urgency::Planned, effective: effective() },
        Kind::Returned { user, effective: effective() },
        Kind::InvitedLate { user, invited_at: NOW.parse().unwrap(), days: 21 },
        Kind::VendorEnded { vendor: VendorId::new(8), effective: effective() },
        Kind::ProjectClosed { project: ProjectId::new(70), effective: effective() },
        Kind::ContactDeparted { contact: ContactId::new(12), effective: effective() },
        Kind::ContactReturned { contact: ContactId::new(12), effective: effective() },
        Kind::Scheduled { schedule: "nightly".to_owned(), planned_for: effective(), user: Some(user) },
        Kind::Due { timer: "t+30".to_owned(), planned_for: effective(), user: None, note: "tidy".to_owned() },
        Kind::Custom { name: "badge-lost".to_owned(), user: Some(user), data: "{\"n\":1}".to_owned() },
    ];
    let mut names = BTreeSet::new();
    for kind in kinds {
        names.insert(kind.name());
        let proposal =
            proposal(ask(&policy, kind.clone(), r#"{"do":"echo"}"#, everything(), &Arc::default()).await);
        let words = proposal.decision.words().as_str().to_owned();
        let expected = match kind {
            Kind::Joined { .. } => {
                vec!["9007199254740993", "new@example.com", "E-17", "Noa", "Berg", "\"PM\""]
            }
            Kind::Changed { .. } => vec!["9007199254740993", "job_title", "old: None", "\"PM\""],
            Kind::Departed { .. } => vec!["9007199254740993", "Planned", "1777622400000", "America/New_York"],
            Kind::InvitedLate { .. } => vec!["invited-at", "1777622400000", "days: 21"],
            Kind::Due { .. } => vec!["t+30", "user: None", "tidy", "1777622400000"],
            Kind::Custom { .. } => vec!["badge-lost", r#"{\"n\":1}"#],
            Kind::VendorEnded { .. } => vec!["value: 8", "America/New_York"],
            Kind::ProjectClosed { .. } => vec!["value: 70", "1777622400000"],
            Kind::ContactDeparted { .. } => vec!["ContactDeparted", "value: 12"],
            Kind::ContactReturned { .. } => vec!["ContactReturned", "value: 12"],
            Kind::Returned { .. } => vec!["Returned", "9007199254740993"],
            Kind::Scheduled { .. } => vec!["nightly", "9007199254740993"],
        };
        for part in expected {
            assert!(words.contains(part), "{part} in {words}");
        }
    }
    assert_eq!(names.len(), 12);
}

#[tokio::test]
async fn equal_inputs_see_equal_clocks_and_randomness_and_nothing_of_the_machine() {
    let policy = load(PUPPET, Limits::default()).await;
    let mut seen = BTreeSet::new();
    for _ in 0..3 {
        let decided = ask(&policy, immediate(), r#"{"do":"look"}"#, everything(), &Arc::default()).await;
        seen.insert(proposal(decided).decision.words().as_str().to_owned());
    }
    let words = seen.pop_first().unwrap();
    assert!(seen.is_empty(), "{words} and {seen:?}");
    // The decision's time, an hour's sleep that took none, no environment, no files, no sockets.
    assert!(words.starts_with("1777622400s 3600s 0 ["), "{words}");
    assert!(words.ends_with("] false false"), "{words}");
}

#[tokio::test]
async fn a_question_asked_twice_is_asked_once_and_a_hole_ends_the_decision() {
    let policy = load(PUPPET, limits()).await;
    let company = Arc::new(Company::small());
    let decided = ask(&policy, immediate(), r#"{"do":"ask","user":5}"#, everything(), &company).await;
    assert_eq!((company.asked.load(Ordering::Relaxed), decided.exchanges.len()), (1, 1));
    assert_eq!(fault(decided), Fault::Calls { limit: limits().reads + limits().steps });

    let decided = ask(&policy, immediate(), r#"{"do":"ask","user":99}"#, everything(), &company).await;
    let Outcome::NoAnswer(no_answer) = decided.outcome else { panic!("{:?}", decided.outcome) };
    assert_eq!(no_answer.source.to_string(), "503 Service Unavailable");
}

#[tokio::test]
async fn whatever_a_guest_does_ends_by_name_and_the_next_decision_is_unaffected() {
    let policy = load(PUPPET, limits()).await;
    let company = Arc::new(Company::small());
    let long = format!(r#"{{"do":"long-reason","user":5,"characters":{}}}"#, 501);
    let rows = [
        (r#"{"do":"spin"}"#, Fault::OutOfFuel { limit: 20_000_000 }),
        (r#"{"do":"recurse"}"#, Fault::Stack),
        (r#"{"do":"eat"}"#, Fault::Memory { limit: 8 << 20 }),
        (r#"{"do":"exit","status":0}"#, Fault::Exit { status: 0 }),
        (r#"{"do":"exit","status":1}"#, Fault::Exit { status: 1 }),
        (r#"{"do":"flood","user":5}"#, Fault::Steps { limit: 50 }),
        (
            long.as_str(),
            Fault::Text {
                what: "the reason of a step: a text of 501 characters, where at most 500 are allowed"
                    .to_owned(),
            },
        ),
    ];
    for (settings, expected) in rows {
        assert_eq!(
            fault(ask(&policy, immediate(), settings, everything(), &company).await),
            expected,
            "{settings}"
        );
        let next =
            ask(&policy, immediate(), r#"{"do":"deactivate","users":[5]}"#, everything(), &company).await;
        assert_eq!(proposal(next).steps.len(), 1);
    }
    let huge = r#"{"do":"long-reason","user":5,"characters":2000000}"#;
    let decided = ask(&policy, immediate(), huge, everything(), &company).await;
    assert_eq!(fault(decided), Fault::CallBytes { limit: 1 << 20 });

    let trapped = ask(&policy, immediate(), r#"{"do":"trap","user":5}"#, everything(), &company).await;
    assert_eq!(trapped.dropped.len(), 1, "the step that it had added is counted");
    let trapped = fault(trapped);
    assert!(matches!(trapped, Fault::Trap { .. }), "{trapped:?}");
    let panicked = r#"{"do":"panic","message":"the puppet's strings are cut"}"#;
    let panicked = fault(ask(&policy, immediate(), panicked, everything(), &company).await);
    assert!(panicked.to_string().contains("the puppet's strings are cut"), "{panicked}");
}

#[tokio::test]
async fn a_flood_of_output_is_cut_and_does_not_stop_the_guest() {
    let policy = load(PUPPET, limits()).await;
    let decided =
        ask(&policy, immediate(), r#"{"do":"print","bytes":100000}"#, everything(), &Arc::default()).await;
    assert!(
        decided.log.len() < 4200 && decided.log.ends_with("more bytes were dropped]\n"),
        "{}",
        decided.log.len()
    );
    assert_eq!(proposal(decided).decision.words().as_str(), "printed");
}

#[tokio::test]
async fn waiting_for_the_directory_is_not_the_guests_own_time() {
    // Twice as much waiting as the guest may compute; it hardly computes, on however busy a machine.
    let policy = load(PUPPET, Limits { guest_time: Duration::from_secs(1), ..limits() }).await;
    let mut company = Company::small();
    for id in 100..120 {
        company.knows(support::user(id, "Somebody"));
    }
    let slow = Arc::new(Slow { company, delay: Duration::from_millis(100) });
    let settings = r#"{"do":"show-all","from":100,"to":120}"#;
    let decided = policy.decide(Arc::new(support::inputs(immediate(), settings, everything())), slow).await;
    assert_eq!(proposal(decided).decision.words().as_str(), "20 users");

    // Where all of it takes too long, it is the directory that has not answered.
    let policy = load(PUPPET, Limits { total_time: Duration::from_secs(1), ..limits() }).await;
    let silent = Arc::new(Slow { company: Company::small(), delay: Duration::from_secs(3600) });
    let decided = policy.decide(Arc::new(support::inputs(immediate(), settings, everything())), silent).await;
    assert!(!decided.reproducible);
    let Outcome::NoAnswer(no_answer) = decided.outcome else { panic!("{:?}", decided.outcome) };
    assert_eq!(no_answer.source.to_string(), "the decision took more than 1s");
}

/// A directory that takes its time. Real time: it is the guest's clock that is tested.
struct Slow {
    company: Company,
    delay: Duration,
}

impl muster_engine::Directory for Slow {
    fn answer(&self, read: muster_core::read::Read) -> muster_engine::Answering<'_> {
        Box::pin(async move {
            tokio::time::sleep(self.delay).await;
            self.company.answer(read).await
        })
    }
}

#[tokio::test]
async fn time_ends_what_fuel_does_not() {
    let slow = Limits { fuel: u64::MAX, guest_time: Duration::from_millis(50), ..limits() };
    let policy = load(PUPPET, slow).await;
    let spin = ask(&policy, immediate(), r#"{"do":"spin"}"#, everything(), &Arc::default()).await;
    assert_eq!(spin.usage.fuel, None, "wasmtime can't tell after an interruption");
    assert_eq!(fault(spin), Fault::GuestTime { limit: Duration::from_millis(50) });

    let impatient = Limits { fuel: u64::MAX, total_time: Duration::from_millis(50), ..limits() };
    let policy = load(PUPPET, impatient).await;
    let spin = ask(&policy, immediate(), r#"{"do":"spin"}"#, everything(), &Arc::default()).await;
    assert_eq!(fault(spin), Fault::TotalTime { limit: Duration::from_millis(50) });
}
