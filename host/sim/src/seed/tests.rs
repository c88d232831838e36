//! Tests of what a made-up company looks like.

use std::collections::BTreeSet;

use super::*;
use crate::company::{
    ActionPlan, CoordinationIssue, Correspondence, HeldAs, Inspection, Item, Kind, MeetingTopic, Observation,
    PlanAssignee, Preset, PunchItem, RfiStatus, Submittal, Task, Vendor, Workflow, WorkflowTemplate,
};

fn share(part: usize, whole: usize) -> usize {
    part * 100 / whole
}

#[test]
fn equal_seeds_give_equal_companies() {
    let seed = Seed { users: 80, projects: 9, rfis: 30, ..Seed::default() };
    assert_eq!(Company::seeded(&seed).export(), Company::seeded(&seed).export());
    let other = Seed { seed: 8, ..seed };
    assert_ne!(Company::seeded(&seed).export(), Company::seeded(&other).export());
}

#[test]
fn a_seeded_company_has_the_size_that_was_asked_for() {
    let seed = Seed::default();
    let company = Company::seeded(&seed);
    assert_eq!(company.users().count(), seed.users + 1);
    assert_eq!(company.projects().count(), seed.projects);
    assert_eq!(company.rfis().count(), seed.rfis);
    assert_eq!(company.vendors().count(), 1 + 42);
}

#[test]
fn its_people_are_as_in_a_real_directory() {
    let company = Company::seeded(&Seed::default());
    let active = company.users().filter(|user| user.active).count();
    assert!((80..=90).contains(&share(active, 500)), "{active} are active");
    let admins = company.users().filter(|user| company.is_company_admin(user.id)).count();
    assert!((4..=13).contains(&admins), "{admins} admins");
    assert!(company.users().any(|user| user.id > u64::from(u32::MAX)));
    assert!(company.users().all(|user| user.email.ends_with(".example")));
    let names: BTreeSet<_> = company.users().map(crate::company::User::name).collect();
    assert!(names.len() > 480, "{} names", names.len());
}

#[test]
fn everybody_is_on_a_project_and_a_few_are_on_many() {
    let company = Company::seeded(&Seed::default());
    let service = company.service_account();
    let mut counts: Vec<usize> = company
        .users()
        .filter(|user| user.id != service)
        .map(|user| company.projects_of(user.id).count())
        .collect();
    counts.sort_unstable();
    assert!(counts[0] >= 1);
    assert!(counts[250] <= 3, "half of them are on {} or fewer", counts[250]);
    assert!(counts[499] >= 12, "one is on {}", counts[499]);
    for project in company.projects() {
        assert!(company.members(project.id).count() >= 4, "{}", project.name);
        assert!(company.potential_managers(project.id).count() >= 1, "{}", project.name);
        assert!(
            company.potential_assignees(project.id).count() > company.potential_managers(project.id).count()
        );
    }
}

#[test]
fn its_rfis_are_mostly_open_and_asked_of_one_to_three() {
    let company = Company::seeded(&Seed::default());
    let open = company.rfis().filter(|rfi| rfi.status == RfiStatus::Open).count();
    assert!((50..=70).contains(&share(open, 240)), "{open} are open");
    assert!(company.rfis().any(|rfi| rfi.status == RfiStatus::Draft));
    assert!(company.rfis().all(|rfi| (1..=3).contains(&rfi.assignees.len())));
    let held_by_gone = company.rfis().filter(|rfi| {
        rfi.status == RfiStatus::Open
            && rfi.assignees.iter().any(|id| company.user(*id).is_some_and(|user| !user.active))
    });
    assert!(held_by_gone.count() >= 1, "some items of inactive people are still open");
}

#[test]
fn nothing_lies_in_the_future() {
    let company = Company::seeded(&Seed::default());
    assert!(company.users().all(|user| user.created_at <= user.updated_at && user.updated_at <= PRESENT));
    assert!(company.rfis().all(|rfi| rfi.created_at <= rfi.updated_at && rfi.updated_at <= PRESENT));
}

#[test]
fn a_company_of_nobody_can_be_made() {
    let company = Company::seeded(&Seed { seed: 1, users: 0, projects: 3, rfis: 5 });
    assert_eq!((company.users().count(), company.projects().count(), company.rfis().count()), (1, 3, 0));
    let company = Company::seeded(&Seed { seed: 1, users: 5, projects: 0, rfis: 5 });
    assert_eq!((company.users().count(), company.rfis().count()), (6, 0));
}

#[test]
fn every_trap_of_a_directory_is_there() {
    for seed in [Seed::default(), Seed { seed: 7, users: 60, projects: 8, rfis: 60 }] {
        let company = Company::seeded(&seed);
        let inactive_vendor =
            |id: Option<u64>| id.and_then(|id| company.vendor(id)).is_some_and(|found| !found.active);
        assert!(company.users().any(|user| !user.active && inactive_vendor(user.vendor)));
        assert!(company.contacts().any(|contact| !contact.active));
        assert!(company.contacts().any(|contact| contact.active));
        let back = |id: u64| {
            company.projects().filter(|project| company.contact_membership(id, project.id).is_some()).count()
        };
        assert!(company.contacts().any(|contact| !contact.active && back(contact.id) > 1));
        let active = |id: &u64| company.user(*id).is_some_and(|user| user.active);
        let first = |vendor: &Vendor| vendor.primary_contact.and_then(|id| company.user(id));
        let of_it = |vendor: &Vendor| first(vendor).is_none_or(|user| user.vendor == Some(vendor.id));
        assert!(company.vendors().all(of_it) && company.vendors().any(|vendor| first(vendor).is_some()));
        assert!(company.distribution_groups().any(|group| group.project.is_none()));
        assert!(company.distribution_groups().any(|group| group.project.is_some()));
        assert!(company.distribution_groups().any(|group| !group.users.iter().all(active)));
        let managed = company.memberships().filter(|membership| membership.managed).count();
        assert!(managed > 0 && managed < company.memberships().count() / 10, "{managed} are managed");
        assert!(company.users().any(|user| user.active && user.welcome_email_sent_at.is_none()));
        let reminded = |user: &crate::company::User| company.mails(user.id).iter().any(|mail| mail.day == 14);
        assert!(company.users().any(|user| user.active && user.last_login_at.is_none() && reminded(user)));
    }
}

#[test]
fn meetings_inspections_correspondence_plans_and_workflows_are_open_and_done_in_part() {
    for seed in [Seed::default(), Seed { seed: 7, users: 60, projects: 8, rfis: 60 }] {
        let company = Company::seeded(&seed);
        let count = |open: &mut dyn Iterator<Item = bool>| {
            let (open, done): (Vec<bool>, Vec<bool>) = open.partition(|open| *open);
            assert!(!open.is_empty() && !done.is_empty(), "{} are open, {} done", open.len(), done.len());
        };
        count(&mut company.items::<MeetingTopic>().map(Item::is_open));
        count(&mut company.items::<Inspection>().map(Item::is_open));
        count(&mut company.items::<Correspondence>().map(Item::is_open));
        count(&mut company.items::<ActionPlan>().map(Item::is_open));
        count(&mut company.items::<PlanAssignee>().map(Item::is_open));
        count(&mut company.items::<Workflow>().map(Item::is_open));
        assert!(company.items::<PlanAssignee>().any(|assignee| assignee.settled() == Some("locked")));
        // There are few in a small company, and most are in order.
        if seed == Seed::default() {
            count(&mut company.items::<Preset>().map(|preset| preset.valid));
            let running = company.items::<Workflow>().filter(|workflow| workflow.is_open());
            count(&mut running.map(|workflow| !workflow.stopped));
        }
        let kinds: BTreeSet<Kind> = company.holdings().into_iter().map(|held| held.kind).collect();
        assert!(kinds.contains(&Kind::ActionPlanItem) && kinds.contains(&Kind::WorkflowTemplate));
    }
}

/// Returns how many items of a kind there are, how many are open, and how many of those somebody without a login holds.
fn counts<T: Item>(company: &Company) -> [usize; 3] {
    let open = || company.items::<T>().filter(|item| item.is_open());
    let gone = |id: u64| company.user(id).is_some_and(|user| !user.active);
    let of_gone = open().filter(|item| item.holders().iter().any(|(_, id)| gone(*id)));
    [company.items::<T>().count(), open().count(), of_gone.count()]
}

#[test]
fn items_of_every_kind_are_there_open_and_closed_and_some_of_people_who_are_gone() {
    let company = Company::seeded(&Seed::default());
    let kinds = [
        (counts::<Submittal>(&company), 160),
        (counts::<PunchItem>(&company), 240),
        (counts::<Observation>(&company), 120),
        (counts::<Task>(&company), 120),
        (counts::<CoordinationIssue>(&company), 60),
    ];
    for ([all, open, of_gone], expected) in kinds {
        assert_eq!(all, expected);
        assert!((50..=80).contains(&share(open, all)), "{open} of {all} are open");
        assert!(of_gone >= 1, "nobody who is gone holds one of {all}");
    }
    for project in company.projects().map(|project| project.id) {
        let off = !company.has_tool(project, crate::company::Tool::CoordinationIssues);
        assert!(!off || company.items_of::<CoordinationIssue>(project).next().is_none());
    }
}

#[test]
fn few_types_of_items_have_workflows_and_most_projects_have_none() {
    let company = Company::seeded(&Seed::default());
    let templates: Vec<&WorkflowTemplate> = company.workflow_templates().collect();
    assert_eq!(templates.len(), 3);
    let (archived, used): (Vec<_>, Vec<_>) =
        templates.into_iter().partition(|template| template.archived_at.is_some());
    assert_eq!((archived.len(), used.len()), (1, 2));
    assert!(used.iter().all(|template| company.projects_with(template) > 1));
    assert_eq!(company.projects_with(archived[0]), 0);
    let of_archived = |workflow: &&Workflow| workflow.version == archived[0].version;
    assert!(company.items::<Workflow>().filter(of_archived).any(Item::is_open));
    let presets = company.items::<Preset>().map(|preset| preset.project);
    let projects: BTreeSet<u64> =
        presets.chain(company.items::<Workflow>().map(|workflow| workflow.project)).collect();
    let active = company.projects().filter(|project| project.active).count();
    assert!(projects.len() * 3 < active, "{} of {active}", projects.len());
}

#[test]
fn no_items_are_made_where_nobody_has_rfis() {
    let company = Company::seeded(&Seed { seed: 7, users: 60, projects: 8, rfis: 0 });
    assert_eq!((company.meetings().count(), company.items::<Workflow>().count()), (0, 0));
    assert!(company.holdings().iter().all(|held| held.kind == Kind::DistributionGroup));
}

#[test]
fn people_hold_several_kinds_and_some_items_are_private_or_late() {
    let company = Company::seeded(&Seed::default());
    let mut kinds = std::collections::BTreeMap::<u64, BTreeSet<Kind>>::new();
    for held in company.holdings().into_iter().filter(|held| held.role != HeldAs::Member) {
        kinds.entry(held.user).or_default().insert(held.kind);
    }
    assert!(kinds.values().filter(|kinds| kinds.len() >= 3).count() > 40);
    assert!(kinds.values().any(|kinds| kinds.len() >= 6), "one holds something of every kind");
    assert!(company.items::<PunchItem>().any(|item| item.private));
    assert!(company.items::<Task>().any(|task| task.private));
    assert!(company.items::<Observation>().any(|item| item.personal));
    let late = company.items::<PunchItem>().filter(|item| item.is_overdue(PRESENT)).count();
    assert!((10..140).contains(&late), "{late} are late");
    assert!(company.items::<Submittal>().any(|item| item.approvers.iter().any(|one| one.response.is_some())));
    assert!(company.items::<Submittal>().any(|item| !item.current_revision));
    assert!(company.items::<CoordinationIssue>().any(|issue| !issue.history.is_empty()));
}

#[test]
fn no_item_lies_in_the_future() {
    let company = Company::seeded(&Seed::default());
    assert!(
        company
            .items::<Submittal>()
            .all(|item| item.created_at <= item.updated_at && item.updated_at <= PRESENT)
    );
    assert!(
        company
            .items::<PunchItem>()
            .all(|item| item.created_at <= item.updated_at && item.updated_at <= PRESENT)
    );
    assert!(
        company.items::<Task>().all(|item| item.created_at <= item.updated_at && item.updated_at <= PRESENT)
    );
}
