//! The rules by which policies find successors, asked of the policy that ships with all of them: whom each chooses, and
//! whom none ever does.

use std::sync::Arc;

use muster_core::action::Action;
use muster_core::directory::{
    Candidates, Fixed, HeldAs, Holder, Item, ItemKind, ItemRef, Project, ProjectRole, User, Vendor, VendorRef,
};
use muster_core::event::Urgency;
use muster_core::id::{ProjectId, UserId, VendorId};
use muster_core::proposal::Proposal;
use muster_core::read::{Answer, HeldItems, Read};
use muster_engine::{Limits, Policy};
use muster_test_guests::OFFBOARDING;

use crate::support::{Company, ask, departed, everything, immediate, load, person, proposal, rfi, user};

const ANA: UserId = UserId::new(5);
const SITE: ProjectId = ProjectId::new(70);

/// Ana (5) of the vendor 8 holds `item` in project 70, for which the project offers Ben (6), Cy (7), Dee (8) and her.
/// Cy has no login, Dee leaves as well; Eli (9) is fine and not offered.
fn company(item: Item) -> Company {
    let mut company = Company::default();
    let vendor = VendorRef { id: VendorId::new(8), name: "Gable Roofing".to_owned() };
    company.knows(User { vendor: Some(vendor), ..user(5, "Ana Diaz") });
    company.knows(user(6, "Ben Ode"));
    company.knows(User { active: false, ..user(7, "Cy Lund") });
    company.knows(user(8, "Dee Roy"));
    company.add(Read::Leaving { user: UserId::new(8) }, Answer::Leaving(true));
    company.knows(user(9, "Eli Fox"));
    let email = "nobody@example.com".parse().unwrap();
    company.add(Read::UsersByEmail { email }, Answer::Users(vec![]));
    company.add(Read::Memberships { user: ANA }, Answer::Memberships(vec![]));
    let pool = item.item.pool();
    for held_as in item.item.kind.roles() {
        let people = [5, 6, 7, 8].map(person).to_vec();
        let read = Read::Candidates { project: SITE, kind: item.item.kind, pool, held_as: *held_as };
        company.add(read, Answer::Candidates(Some(Candidates { people, offered: true })));
    }
    let role = |role: &str, id| ProjectRole { role: role.to_owned(), person: person(id) };
    let roles = vec![role("Project Manager", 8), role("Project Manager", 6), role("Superintendent", 9)];
    company.add(Read::RolesOfProject { project: SITE }, Answer::Roles(Some(roles)));
    let named = |primary_contact: &str| Vendor {
        id: VendorId::new(8),
        name: "Gable Roofing".to_owned(),
        active: true,
        primary_contact: primary_contact.parse().ok(),
    };
    company.add(Read::Vendor { vendor: VendorId::new(8) }, Answer::Vendor(Some(named("u6@example.com"))));
    let project = Project {
        id: SITE,
        name: "North Pier".to_owned(),
        number: Some("A-17".to_owned()),
        active: true,
        stage: None,
    };
    company.add(Read::Project { project: SITE }, Answer::Project(Some(project)));
    let held = HeldItems { rows: vec![item], ..HeldItems::default() };
    company.add(Read::held_by(ANA), Answer::Items(held));
    company
}

async fn decided(policy: &Policy, company: Company, settings: &str) -> Proposal {
    proposal(ask(policy, immediate(), settings, everything(), &Arc::new(company)).await)
}

/// Who takes the one item over, if somebody does.
fn chosen(proposal: &Proposal) -> Option<u64> {
    proposal.steps.iter().find_map(|step| match &step.action {
        Action::Reassign { to, .. } => Some(to.get()),
        _ => None,
    })
}

#[tokio::test]
async fn each_rule_finds_whom_it_names_and_never_somebody_who_can_not() {
    let policy = load(OFFBOARDING, Limits::default()).await;
    let rows: [(&str, Option<u64>, &str); 15] = [
        (r#""successor": "u6@example.com""#, Some(6), ""),
        (r#""successor": "u7@example.com""#, None, "u7@example.com has no active login"),
        (r#""successor": "u8@example.com""#, None, "u8@example.com is about to leave as well"),
        (r#""successor": "u9@example.com""#, None, ""),
        (r#""successor": "u5@example.com""#, None, ""),
        (r#""successor": "nobody@example.com""#, None, "is not in the directory"),
        (r#""successor": "u7@example.com", "fallback": "u6@example.com""#, Some(6), "u7@example.com"),
        (r#""successors": ["item-manager"]"#, Some(6), ""),
        (r#""successors": ["project-manager"]"#, Some(6), ""),
        (r#""successors": [{"project-role": "superintendent"}]"#, None, ""),
        (r#""successors": ["vendor-lead"]"#, Some(6), ""),
        (r#""successors": [{"named": "u9@example.com"}, {"named": "u6@example.com"}]"#, Some(6), ""),
        (
            r#""successors": [{"table": [{"project": "A-17", "kind": "rfi", "to": "u6@example.com"}]}]"#,
            Some(6),
            "",
        ),
        (
            r#""successors": [{"table": [{"project": "B-2", "to": "u6@example.com"}, {"kind": "task", "to": "u6@example.com"}]}]"#,
            None,
            "",
        ),
        (r#""successors": ["anybody"]"#, Some(6), ""),
    ];
    for (settings, expected, note) in rows {
        let item = rfi(70, 1, &[(5, HeldAs::Assignee), (6, HeldAs::Manager)]);
        let settings = match settings.contains("successors") {
            true => format!("{{{settings}}}"),
            false => format!(r#"{{{settings}, "successors": []}}"#),
        };
        let proposal = decided(&policy, company(item), &settings).await;
        assert_eq!(chosen(&proposal), expected, "{settings}");
        assert!(proposal.decision.words().as_str().contains(note), "{settings}: {:?}", proposal.decision);
        assert_eq!(proposal.left.len(), usize::from(expected.is_none()), "{settings}");
    }
}

fn held(kind: ItemKind, held_as: HeldAs, fixed: Option<Fixed>) -> Item {
    let plain = rfi(70, 3, &[]);
    let holder = Holder { fixed, ..Holder::new(person(5), held_as) };
    Item { item: ItemRef { kind, ..plain.item }, holders: vec![holder], ..plain }
}

#[tokio::test]
async fn every_kind_in_every_role_is_handed_over_or_left_with_the_reason() {
    let policy = load(OFFBOARDING, Limits::default()).await;
    let settings = r#"{"successor": "u6@example.com"}"#;
    for kind in ItemKind::ALL.into_iter().filter(|kind| *kind != ItemKind::DistributionGroup) {
        for held_as in kind.roles() {
            let item = held(kind, *held_as, None);
            let proposal = decided(&policy, company(item.clone()), settings).await;
            assert_eq!((chosen(&proposal), proposal.left.len()), (Some(6), 0), "{kind:?} {held_as:?}");

            let item = held(kind, *held_as, Some(Fixed::Running));
            let proposal = decided(&policy, company(item.clone()), settings).await;
            let why = proposal.left[0].reason.as_str();
            assert!(why.starts_with("cannot move, because Procore takes nobody off"), "{why}");
            assert_eq!(chosen(&proposal), None, "{kind:?} {held_as:?}");
            let beside = proposal.steps.iter().any(|step| {
                matches!(&step.action, Action::AddHolder { item: of, to, .. } if *of == item.item && to.get() == 6)
            });
            assert_eq!(beside, *held_as == HeldAs::StepAssignee, "{kind:?} {held_as:?}");
        }
    }
}

#[tokio::test]
async fn nobody_is_guessed_where_procore_does_not_say_who_may_hold_an_item() {
    let policy = load(OFFBOARDING, Limits::default()).await;
    let item = held(ItemKind::MeetingTopic, HeldAs::Assignee, None);
    for (settings, expected) in
        [(r#"{"anybody": true}"#, None), (r#"{"successor": "u6@example.com"}"#, Some(6))]
    {
        let mut company = company(item.clone());
        let (kind, held_as) = (ItemKind::MeetingTopic, HeldAs::Assignee);
        let people = [5, 6].map(person).to_vec();
        let read = Read::Candidates { project: SITE, kind, pool: None, held_as };
        company.add(read, Answer::Candidates(Some(Candidates { people, offered: false })));
        let proposal = decided(&policy, company, settings).await;
        assert_eq!(chosen(&proposal), expected, "{settings}");
        let guess =
            proposal.left.iter().any(|left| left.reason.as_str().contains("does not say who else may"));
        assert_eq!(guess, expected.is_none(), "{settings}");
    }
}

#[tokio::test]
async fn groups_are_left_on_the_day_and_nobody_waits_for_it() {
    let policy = load(OFFBOARDING, Limits::default()).await;
    let group = || held(ItemKind::DistributionGroup, HeldAs::Member, None);
    let leaves = |proposal: &Proposal| {
        proposal.steps.iter().any(|step| matches!(step.action, Action::LeaveGroup { .. }))
    };
    assert!(leaves(&decided(&policy, company(group()), "{}").await));
    let kind = departed(Urgency::Planned, "2026-05-02T00:00:00Z");
    let early = ask(&policy, kind, "{}", everything(), &Arc::new(company(group()))).await;
    let early = proposal(early);
    assert!(early.steps.is_empty() && early.left.is_empty(), "{early:?}");
}

#[tokio::test]
async fn what_stops_with_its_holder_is_replaced_before_anything_else() {
    let policy = load(OFFBOARDING, Limits::default()).await;
    let task = held(ItemKind::Task, HeldAs::Assignee, None);
    let template = held(ItemKind::WorkflowTemplate, HeldAs::StepAssignee, None);
    let mut company = company(task.clone());
    let people = [5, 6].map(person).to_vec();
    let (kind, pool) = (ItemKind::WorkflowTemplate, template.item.pool());
    let read = Read::Candidates { project: SITE, kind, pool, held_as: HeldAs::StepAssignee };
    company.add(read, Answer::Candidates(Some(Candidates { people, offered: true })));
    let rows = vec![task, template.clone()];
    company.add(Read::held_by(ANA), Answer::Items(HeldItems { rows, ..HeldItems::default() }));
    let proposal = decided(&policy, company, r#"{"successor": "u6@example.com"}"#).await;
    let order: Vec<_> = proposal.steps.iter().filter_map(|step| step.action.item()).collect();
    assert_eq!((order.len(), order[0]), (2, template.item));
}
