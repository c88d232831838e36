//! What a policy gets to see, and what becomes of what it proposes.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use muster_core::action::Action;
use muster_core::directory::{Activity, Contact, Presence, ProfileField};
use muster_core::event::{Change, Effective, Kind, Urgency};
use muster_core::function::{Class, Function, FunctionSet};
use muster_core::grant::{Grant, People, Projects, Scope};
use muster_core::id::{ContactId, ProjectId, UserId, VendorId};
use muster_core::proposal::Decision;
use muster_core::read::{Answer, Groups, HeldItems, Read};
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
    assert_eq!(decided.log.matches("Denial::Withheld").count(), reads().len(), "{}", decided.log);
    assert_eq!((decided.exchanges.len(), company.asked.load(Ordering::Relaxed)), (reads().len(), 0));

    // Each power by itself: withheld, then about somebody who is not the subject, then in another project.
    let propose = |only: &str| {
        format!(
            r#"{{"do":"propose","only":["{only}"],"user":6,"project":70,"item":1,"to":5,"contact":12,"vendor":8}}"#
        )
    };
    let powers = FunctionSet::all().iter().filter(|function| !reads().contains(&function.name()));
    for function in powers {
        let power = function.name();
        let denied = async |grant| {
            let decided = ask(&policy, immediate(), &propose(power), grant, &company).await;
            matches!(decided.exchanges.as_slice(), [Exchange::Denied { function: denied, .. }] if *denied == function)
        };
        let whole = || Grant { scope: company_wide(Projects::All), ..everything() };
        assert!(denied(Grant { withhold: set(&[function]), ..whole() }).await, "{power} withheld");
        assert!(!denied(whole()).await, "{power} allowed");
        let bounded = !["item-steps.add", "item-steps.close"].contains(&power);
        assert_eq!(
            denied(everything()).await,
            bounded,
            "{power} about somebody else: whose item it is the guard knows"
        );
        let interfaces = ["item-steps.", "membership-steps.", "group-steps."];
        let in_project = interfaces.iter().any(|interface| power.starts_with(interface));
        let elsewhere = Projects::Only([ProjectId::new(71)].into());
        let elsewhere = Grant { scope: company_wide(elsewhere), ..everything() };
        assert_eq!(denied(elsewhere).await, in_project, "{power} elsewhere");
    }
}

fn company_wide(projects: Projects) -> Scope {
    Scope { people: People::Company, projects }
}

/// Every read but those that leave an item: what a policy asks.
fn reads() -> Vec<&'static str> {
    let reads = FunctionSet::all();
    let reads = reads.iter().filter(|function| function.class() == Class::Read);
    reads.map(Function::name).filter(|name| !name.starts_with("item-steps.")).collect()
}

/// A company that answers every read there is: the puppet's `read-all` asks each once, and a hole would end it.
fn answering() -> Arc<Company> {
    let mut company = Company::small();
    let contact = ContactId::new(12);
    company.add(Read::Contact { contact }, Answer::Contact(None));
    company.add(Read::ContactDetails { contact }, Answer::ContactDetails(None));
    company.add(Read::Contacts { who: Activity::All }, Answer::Contacts(vec![]));
    company.add(Read::Vendors { which: Activity::All }, Answer::Vendors(vec![]));
    company.add(Read::Vendor { vendor: VendorId::new(8) }, Answer::Vendor(None));
    company.add(Read::Users { who: Activity::All }, Answer::Users(vec![]));
    company.add(Read::ActiveProjects, Answer::Projects(vec![]));
    for project in [70, 71].map(ProjectId::new) {
        company.add(Read::Project { project }, Answer::Project(None));
        company.add(Read::ContactsOfProject { project }, Answer::ContactsOfProject(None));
        company.add(Read::Members { project }, Answer::Members(None));
        company.add(Read::GroupsOfProject { project }, Answer::Groups(Groups::default()));
        company.add(Read::AssignableTemplates { project }, Answer::Templates(vec![]));
        company.add(Read::ItemsOfProject { project }, Answer::Items(HeldItems::default()));
        company.add(Read::RolesOfProject { project }, Answer::Roles(None));
        for number in [1, 3] {
            let rfi = crate::support::rfi(project.get(), number, &[]).item;
            company.add(Read::Item { item: rfi }, Answer::Item(None));
        }
        for user in [5, 6].map(UserId::new) {
            company.add(Read::Member { user, project }, Answer::Member(Presence::Off));
        }
    }
    for user in [5, 6].map(UserId::new) {
        company.add(Read::Profile { user }, Answer::Profile(None));
        company.add(Read::Invitation { user }, Answer::Invitation(None));
        company.add(Read::Leaving { user }, Answer::Leaving(false));
        company.add(Read::GroupsOfUser { user }, Answer::Groups(Groups::default()));
        if user == UserId::new(6) {
            company.add(Read::Memberships { user }, Answer::Memberships(vec![]));
            company.add(Read::held_by(user), Answer::Items(HeldItems::default()));
        }
    }
    for read in [Read::CompanyTemplates, Read::ProjectTemplates, Read::GlobalTemplates] {
        company.add(read, Answer::Templates(vec![]));
    }
    Arc::new(company)
}

#[tokio::test]
async fn every_read_is_bounded_by_the_scope_as_far_as_it_concerns_a_person_or_a_project() {
    // What is denied about somebody who is not the subject, and what in a project that the grant does not reach. Looking
    // somebody up is not bounded: a successor has to be found. Lists leave out rows instead.
    let by_person = [
        "contacts.details",
        "groups.of-user",
        "items.held-by",
        "memberships.of-user",
        "memberships.show",
        "users.invitation",
        "users.profile",
    ];
    let by_project = [
        "contacts.of-project",
        "groups.of-project",
        "items.candidates",
        "items.of-project",
        "items.show",
        "memberships.of-project",
        "memberships.show",
        "projects.roles",
        "projects.show",
        "templates.assignable",
    ];
    let policy = load(PUPPET, Limits::default()).await;
    let denied = async |user: u64, scope: Scope| {
        let read_all = format!(
            r#"{{"do":"read-all","user":{user},"project":70,"item":1,"contact":12,"vendor":8,"email":"u6@example.com"}}"#
        );
        let decided =
            ask(&policy, immediate(), &read_all, Grant { scope, ..everything() }, &answering()).await;
        let denials = decided.exchanges.iter().filter_map(|exchange| match exchange {
            Exchange::Denied { function, .. } => Some(function.name()),
            Exchange::Asked(_) => None,
        });
        let denials: Vec<_> = denials.collect();
        let words = proposal(decided).decision.words().as_str().to_owned();
        assert_eq!(
            words.split(' ').collect::<Vec<_>>(),
            reads(),
            "every read is asked, in the order of its name"
        );
        denials
    };
    assert_eq!(denied(6, company_wide(Projects::All)).await, Vec::<&str>::new());
    assert_eq!(denied(5, Scope::default()).await, ["contacts.details"], "a contact is not the subject");
    assert_eq!(denied(6, Scope::default()).await, by_person);
    let elsewhere = company_wide(Projects::Only([ProjectId::new(71)].into()));
    assert_eq!(denied(6, elsewhere).await, by_project);
}

#[tokio::test]
async fn lists_of_people_leave_out_whom_the_grant_does_not_reach_and_say_how_many() {
    let policy = load(PUPPET, Limits::default()).await;
    let mut company = Arc::into_inner(answering()).unwrap();
    let users = [(5, "Ana Diaz"), (6, "Ben Ode"), (7, "Cy Lund")];
    let users = users.map(|(id, name)| crate::support::user(id, name)).to_vec();
    company.add(Read::Users { who: Activity::All }, Answer::Users(users));
    let contact = Contact {
        id: ContactId::new(12),
        name: "Leo Cruz".to_owned(),
        last_name: "Cruz".to_owned(),
        active: true,
        employee: false,
        employee_id: None,
    };
    company.add(Read::Contacts { who: Activity::All }, Answer::Contacts(vec![contact]));
    let company = Arc::new(company);
    let read_all = r#"{"do":"read-all","user":5,"project":70,"item":1,"contact":12,"vendor":8,"email":"u6@example.com"}"#;
    let decided = ask(&policy, immediate(), read_all, everything(), &company).await;
    let line = |name: &str| decided.log.lines().find(|line| line.starts_with(name)).unwrap_or_default();
    assert!(line("users.list ").contains("left-out: 2") && line("users.list ").contains("Ana Diaz"));
    assert!(!line("users.list ").contains("Ben Ode"), "{}", decided.log);
    assert!(line("contacts.list ").contains("rows: [], left-out: 1"), "{}", decided.log);
    let scope = company_wide(Projects::All);
    let decided = ask(&policy, immediate(), read_all, Grant { scope, ..everything() }, &company).await;
    assert_eq!(decided.log.matches("left-out: 0").count(), 8, "{}", decided.log);
}

#[tokio::test]
async fn a_list_leaves_out_what_lies_outside_the_scope_and_says_so() {
    let policy = load(PUPPET, Limits::default()).await;
    let scope = Scope { projects: Projects::Only([ProjectId::new(71)].into()), ..Scope::default() };
    let read_all = r#"{"do":"read-all","user":5,"project":71,"item":3,"contact":12,"vendor":8,"email":"u6@example.com"}"#;
    let decided = ask(&policy, immediate(), read_all, Grant { scope, ..everything() }, &answering()).await;
    for line in decided
        .log
        .lines()
        .filter(|line| line.starts_with("memberships.of-user") || line.starts_with("items.held-by"))
    {
        assert!(line.contains("value: 71") && !line.contains("value: 70"), "{line}");
    }
    assert!(decided.log.contains("left-out: 1") && decided.log.contains("left-out: 2"), "{}", decided.log);
}

#[tokio::test]
async fn every_power_adds_its_step() {
    let policy = load(PUPPET, Limits::default()).await;
    let settings = r#"{"do":"propose-all","user":5,"project":70,"item":1,"to":6,"contact":12,"vendor":8,"group":3,"template":4,"email":"noa@example.com"}"#;
    let grant = Grant { scope: company_wide(Projects::All), ..everything() };
    let proposal = proposal(ask(&policy, immediate(), settings, grant, &Arc::new(Company::small())).await);
    let reasons: Vec<_> = proposal.steps.iter().map(|step| step.reason.as_str()).collect();
    let powers: Vec<_> = FunctionSet::all()
        .iter()
        .filter(|function| function.class() == Class::Power)
        .map(Function::name)
        .collect();
    assert_eq!(reasons, powers);
    assert_eq!(proposal.left[0].reason.as_str(), "item-steps.leave");
    // What a later step does to the user that an earlier one creates.
    let created = reasons.iter().position(|reason| *reason == "user-steps.create").unwrap() as u32 + 1;
    let invited = proposal.steps.iter().find(|step| matches!(step.action, Action::Invite { .. })).unwrap();
    assert_eq!(invited.action.created(), Some(created));
    let fields: Vec<_> = proposal
        .steps
        .iter()
        .filter_map(|step| match &step.action {
            Action::UpdateProfile { fields, .. } => Some(fields.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(fields[0][&ProfileField::MobilePhone], "555-0100");
}

#[tokio::test]
async fn a_policy_creates_within_its_scope_only_whom_the_event_brings() {
    let policy = load(PUPPET, Limits::default()).await;
    let settings = r#"{"do":"propose","only":["user-steps.create"],"email":"noa@example.com"}"#;
    let joined = |user: Option<u64>, email: &str| Kind::Joined {
        user: user.map(UserId::new),
        email: email.parse().ok(),
        employee_id: None,
        first_name: None,
        last_name: "Berg".to_owned(),
        job_title: None,
        effective: Effective { at: NOW.parse().unwrap(), zone: None },
    };
    let rows = [
        (joined(None, "NOA@example.com"), true),
        (joined(None, "other@example.com"), false),
        (joined(None, ""), false),
        (joined(Some(9), "noa@example.com"), false),
        (immediate(), false),
    ];
    for (kind, allowed) in rows {
        let decided = ask(&policy, kind.clone(), settings, everything(), &Arc::default()).await;
        assert_eq!(matches!(decided.outcome, Outcome::Proposal(_)), allowed, "{kind:?}");
    }
}

#[tokio::test]
async fn what_can_be_no_user_is_the_policys_fault() {
    let policy = load(PUPPET, Limits::default()).await;
    let rows =
        ["nobody", "", "a@b@c.example", "a@x.example,b@x.example", "ana\\u202e@x.example", "a b@x.example"];
    for (power, email) in ["user-steps.create", "identity-steps.change-email"]
        .iter()
        .flat_map(|power| rows.map(|row| (power, row)))
    {
        let settings = format!(r#"{{"do":"propose","only":["{power}"],"user":5,"email":"{email}"}}"#);
        let fault = fault(ask(&policy, immediate(), &settings, everything(), &Arc::default()).await);
        assert!(matches!(&fault, Fault::Text { what } if what.contains("address")), "{email}: {fault:?}");
    }
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
