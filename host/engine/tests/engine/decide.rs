//! What a policy gets to see, and what becomes of what it proposes.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use muster_core::action::Action;
use muster_core::event::{Change, Effective, Kind, Urgency};
use muster_core::function::{Class, Function, FunctionSet};
use muster_core::grant::{Grant, Projects, Scope};
use muster_core::id::{ContactId, ProjectId, UserId, VendorId};
use muster_core::proposal::Decision;
use muster_core::read::{Answer, Read};
use muster_core::tape::Exchange;
use muster_engine::{Fault, Limits, Outcome};
use muster_test_guests::{OFFBOARDING, PUPPET};

use crate::support::{
    Company, NOW, ask, departed, everything, fault, immediate, limits, load, proposal, set,
};

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

/// A company that answers every read there is: the puppet's `read-all` asks each once, and a hole would end it.
fn answering() -> Arc<Company> {
    let mut company = Company::small();
    for project in [70, 71].map(ProjectId::new) {
        company.add(Read::Project { project }, Answer::Project(None));
    }
    company.add(Read::ActiveProjects, Answer::Projects(vec![]));
    for read in [Read::CompanyTemplates, Read::ProjectTemplates] {
        company.add(read, Answer::Templates(vec![]));
    }
    Arc::new(company)
}

#[tokio::test]
async fn every_read_is_bounded_by_the_scope_as_far_as_it_concerns_a_person_or_a_project() {
    // What is denied about somebody who is not the subject, and what in a project that the grant does not reach. Looking
    // somebody up is not bounded: a successor has to be found. Lists leave out rows instead.
    let reads = [
        ("clock.now", false, false),
        ("items.candidates", false, true),
        ("items.held-by", true, false),
        ("memberships.of-user", true, false),
        ("projects.active", false, false),
        ("projects.show", false, true),
        ("templates.for-company", false, false),
        ("templates.for-projects", false, false),
        ("users.find-by-email", false, false),
        ("users.show", false, false),
    ];
    let every: Vec<_> = FunctionSet::all()
        .iter()
        .filter(|function| function.class() == Class::Read && !function.name().starts_with("item-steps."))
        .map(|function| function.name())
        .collect();
    assert_eq!(reads.map(|(name, ..)| name).as_slice(), every, "every read has its row");
    let policy = load(PUPPET, Limits::default()).await;
    let denied = async |user: u64, scope: Scope| {
        let read_all =
            format!(r#"{{"do":"read-all","user":{user},"project":70,"item":1,"email":"u6@example.com"}}"#);
        let decided =
            ask(&policy, immediate(), &read_all, Grant { scope, ..everything() }, &answering()).await;
        let denials = decided.exchanges.iter().filter_map(|exchange| match exchange {
            Exchange::Denied { function, .. } => Some(function.name()),
            Exchange::Asked(_) => None,
        });
        let denials: BTreeSet<_> = denials.collect();
        assert_eq!(proposal(decided).decision.words().as_str().split(' ').count(), reads.len());
        denials
    };
    let expected = |which: fn(&(&'static str, bool, bool)) -> bool| {
        reads.iter().filter(|row| which(row)).map(|row| row.0).collect::<BTreeSet<_>>()
    };
    assert_eq!(denied(5, Scope::default()).await, BTreeSet::new());
    assert_eq!(denied(6, Scope::default()).await, expected(|row| row.1));
    let elsewhere = Scope { projects: Projects::Only([ProjectId::new(71)].into()), ..Scope::default() };
    assert_eq!(denied(5, elsewhere).await, expected(|row| row.2));
}

#[tokio::test]
async fn a_list_leaves_out_what_lies_outside_the_scope_and_says_so() {
    let policy = load(PUPPET, Limits::default()).await;
    let scope = Scope { projects: Projects::Only([ProjectId::new(71)].into()), ..Scope::default() };
    let read_all = r#"{"do":"read-all","user":5,"project":71,"item":3,"email":"u6@example.com"}"#;
    let decided = ask(&policy, immediate(), read_all, Grant { scope, ..everything() }, &answering()).await;
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
    // The decision's time, an hour's sleep that took none, no environment.
    assert!(words.starts_with("1777622400s 3600s 0 ["), "{words}");
    assert!(words.ends_with("]"), "{words}");
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
