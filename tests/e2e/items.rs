//! What people hold, of every kind and in every role: listed, handed over or named, and nothing lost on the way.

use std::collections::{BTreeMap, BTreeSet};

use muster_core::directory::ItemKind;
use muster_sim::{
    Company, Config, Holding, NewActionPlan, NewCoordinationIssue, NewCorrespondence, NewInspection,
    NewMeeting, NewMeetingTopic, NewMembership, NewObservation, NewPlanAssignee, NewPreset, NewPunchItem,
    NewRfi, NewTask, NewUser, NewWorkflow, Preset, StatusType, Tool, Workflow,
};
use serde_json::Value;

use crate::site::{ANA, Site, Small, offboarding};

/// A small company in which Ana holds one of every kind in every role on the project that she shares with Ben.
struct Full {
    small: Small,
    /// A signature that she can't be relieved of.
    locked: u64,
    workflow: u64,
}

impl Full {
    fn new() -> Self {
        let mut small = Small::new();
        let (ana, ben, site) = (small.ana, small.ben, small.shared);
        let company = &mut small.company;
        let mut required = NewRfi::open(site, "Anchor bolts", ana, &[ana]);
        required.required.insert(ana);
        company.add_rfi(required).unwrap();
        //company.add_submittal(NewSubmittal::open(site, "Curtain wall", ana, &[&[ana]])).unwrap();
        let punch = NewPunchItem::open(site, "Paint scratch", ana, &[ana]);
        company.add_punch_item(NewPunchItem { final_approver: Some(ana), ..punch }).unwrap();
        company.add_observation(NewObservation::open(site, "Loose guard rail", ana)).unwrap();
        company.add_task(NewTask::open(site, "Order anchor bolts", &[ana, ben])).unwrap();
        company.add_coordination_issue(NewCoordinationIssue::open(site, "Duct meets beam", ana)).unwrap();
        let meeting = company.add_meeting(NewMeeting::named(site, "Weekly")).unwrap();
        company.add_meeting_topic(NewMeetingTopic::open(meeting, "Crane days", &[ana])).unwrap();
        let inspection = NewInspection::open(site, "Fire stops", &[ana]);
        company.add_inspection(NewInspection { point_of_contact: Some(ana), ..inspection }).unwrap();
        let letters = company.add_correspondence_type(
            "Notices",
            "NOT",
            &[("Open", StatusType::Open), ("Closed", StatusType::Closed)],
        );
        company.add_correspondence(NewCorrespondence::open(site, letters, "Delay notice", &[ana])).unwrap();
        let party = company.user(ana).unwrap().party_id;
        let plan = company.add_action_plan(NewActionPlan::in_progress(site, "Roof warranty", party)).unwrap();
        company.add_plan_assignee(NewPlanAssignee::open(plan, "Flood test", party)).unwrap();
        let locked = NewPlanAssignee { locked: true, ..NewPlanAssignee::open(plan, "Membrane", party) };
        let locked = company.add_plan_assignee(locked).unwrap();
        let workflow = company.add_workflow(NewWorkflow::active(site, ana, &[ana])).unwrap();
        company.add_preset(NewPreset::new(site, "Commitment review", ana, &[ana])).unwrap();
        company.add_distribution_group("Site mail", Some(site), &[ana, ben]).unwrap();
        Self { small, locked, workflow }
    }

    fn site(&self) -> Site {
        self.small.site()
    }
}

/// What somebody holds on a project, as the simulated company has it: kind, role, id.
fn held(company: &Company, user: u64, project: u64) -> BTreeSet<(String, String, u64)> {
    let here = |held: &Holding| held.project == Some(project);
    let name = |held: &Holding| (held.kind.name().to_owned(), held.role.name().to_owned(), held.id);
    company.held_by(user).iter().filter(|held| here(held)).map(name).collect()
}

/// What a row of JSON is about.
fn row(row: &Value) -> (String, String, u64) {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    (text(&row["item"]["kind"]), text(&row["held-as"]), row["item"]["id"].as_str().unwrap().parse().unwrap())
}

/// The hand-overs and departures from groups that a plan has steps for, and what it says will stay.
fn planned(plan: &Value, project: u64) -> [BTreeSet<(String, String, u64)>; 2] {
    let mut moved = BTreeSet::new();
    for step in plan["steps"].as_array().unwrap() {
        if let Some(reassign) = step["action"].get("reassign") {
            moved.insert(row(reassign));
        }
        if let Some(leave) = step["action"].get("leave-group") {
            let id = leave["group"].as_str().unwrap().parse().unwrap();
            moved.insert(("distribution-group".to_owned(), "member".to_owned(), id));
        }
    }
    let here = |row: &&Value| row["item"]["project"].as_str() == Some(&project.to_string());
    let stays = plan["remainder"].as_array().unwrap().iter().filter(here).map(row).collect();
    [moved, stays]
}

#[test]
fn of_every_kind_in_every_role_all_is_handed_over_or_named_and_the_company_agrees() {
    let full = Full::new();
    let site = full.site();
    let (ana, ben, project) = (full.small.ana, full.small.ben, full.small.shared);
    let before = site.simulator.with_company(|company| held(company, ana, project));
    let all: BTreeSet<_> = ItemKind::ALL
        .into_iter()
        .flat_map(|kind| kind.roles().iter().map(move |role| (kind.name(), role.words().replace(' ', "-"))))
        .collect();
    let there: BTreeSet<_> = before.iter().map(|(kind, role, _)| (kind.as_str(), role.clone())).collect();
    assert_eq!(there, all, "one of every kind in every role");

    let planned_json = site.json(&["plan", "--departed", ANA], 5);
    let plan = &planned_json["policies"][0]["plan"];
    let [moved, stays] = planned(&plan["plan"], project);
    assert!(moved.is_disjoint(&stays), "{moved:?} {stays:?}");
    let listed: BTreeSet<_> = moved.union(&stays).cloned().collect();
    assert_eq!(listed, before, "the plan lists every one");
    let named = |kind: &str, role: &str, id| (kind.to_owned(), role.to_owned(), id);
    let expected = [
        named("action-plan-item", "assignee", full.locked),
        named("workflow", "manager", full.workflow),
        named("workflow", "step-assignee", full.workflow),
    ];
    assert_eq!(stays, expected.into(), "what Procore's API can't move, and nothing else");
    for left in plan["plan"]["remainder"].as_array().unwrap() {
        let why = left["reason"].as_str().unwrap_or_default();
        let fixed = left["fixed"].is_string();
        assert_eq!(why.starts_with("cannot move, because"), fixed, "{left}");
    }

    let digest = plan["digest"].as_str().unwrap();
    let ran = site.json(&["apply", digest, "--as", "Cleo"], 0);
    assert_eq!(ran["runs"][0]["run"]["end"], "done-with-remainder", "{ran}");
    site.simulator.with_company(|company| {
        assert_eq!(held(company, ana, project), stays, "what stays is what was named");
        let ben_holds = held(company, ben, project);
        for (kind, role, id) in moved.iter().filter(|(kind, ..)| kind != "distribution-group") {
            assert!(
                ben_holds.contains(&(kind.clone(), role.clone(), *id)),
                "{kind} {role} {id}: {ben_holds:?}"
            );
        }
    });
}

#[test]
fn who_is_replaced_before_the_day_stops_no_workflow() {
    let full = Full::new();
    let stopped = |site: &Site| {
        site.simulator.with_company(|company| {
            let presets = company.items::<Preset>().filter(|preset| !preset.valid).count();
            (company.item::<Workflow>(full.workflow).unwrap().stopped, presets)
        })
    };
    let at_once = full.site();
    at_once.muster(&["run", "--departed", ANA]).expect(5);
    assert_eq!(stopped(&at_once), (true, 1), "the login does not wait, all else does");

    let site = full.site();
    let planned = ["--departed", ANA, "--planned", "--effective", "2999-01-01T00:00:00Z"];
    let plan = site.json(&[&["plan"], planned.as_slice()].concat(), 5);
    let digest = plan["policies"][0]["plan"]["digest"].as_str().unwrap().to_owned();
    site.muster(&["apply", &digest, "--as", "Cleo"]).expect(0);
    let plan = site.json(&["plan", "--departed", ANA], 5);
    let said = plan["policies"][0].to_string();
    assert!(said.contains("loses access, and Procore then stops"), "{said}");
    let digest = plan["policies"][0]["plan"]["digest"].as_str().unwrap().to_owned();
    site.muster(&["apply", &digest, "--as", "Cleo"]).expect(0);
    assert_eq!(stopped(&site), (false, 0));
    assert!(!site.simulator.with_company(|company| company.user(full.small.ana).unwrap().active));
}
