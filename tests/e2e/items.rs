//! What people hold, of every kind and in every role: listed, handed over or named, and nothing lost on the way.

use std::collections::BTreeSet;

use muster_core::directory::ItemKind;
use muster_sim::{
    Company, Holding, Inspection, MeetingTopic, NewActionPlan, NewCoordinationIssue, NewCorrespondence,
    NewInspection, NewMeeting, NewMeetingTopic, NewMembership, NewObservation, NewPlanAssignee, NewPreset,
    NewPunchItem, NewRfi, NewSubmittal, NewTask, NewUser, NewWorkflow, Preset, Rule, StatusType, Task, Tool,
    Trouble, Workflow,
};
use serde_json::Value;

use crate::site::{ANA, Entry, Site, Small, offboarding, puppet};

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
        company.add_submittal(NewSubmittal::open(site, "Curtain wall", ana, &[&[ana]])).unwrap();
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
        let site = self.small.site();
        let more = "settings.successor = \"ben.ode@brightline.example\"".to_owned();
        site.configure("", &[Entry { more, ..offboarding() }]);
        site
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

    let planned_json = site.json(&["plan", "--departed", ANA], 0);
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
    let ran = site.json(&["apply", digest], 0);
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
    // With nobody to come beside her, a person is asked; the login does not wait for it.
    let alone = full.site();
    alone.configure("", &[Entry { more: "settings.successors = []".to_owned(), ..offboarding() }]);
    let said = alone.muster(&["run", "--departed", ANA]).expect(5);
    assert!(said.contains("loses access, and Procore then stops the workflow"), "{said}");
    assert_eq!(stopped(&alone), (true, 1));

    let site = full.site();
    let planned = ["--departed", ANA, "--planned", "--effective", "2999-01-01T00:00:00Z"];
    let plan = site.json(&[&["plan"], planned.as_slice()].concat(), 5);
    let digest = plan["policies"][0]["plan"]["digest"].as_str().unwrap().to_owned();
    site.muster(&["apply", &digest, "--as", "Cleo"]).expect(0);
    let said = site.muster(&["run", "--departed", ANA]).expect(0);
    assert!(!said.contains("Procore then stops"), "{said}");
    assert_eq!(stopped(&site), (false, 0));
    assert!(!site.simulator.with_company(|company| company.user(full.small.ana).unwrap().active));
}

#[test]
fn the_list_of_what_somebody_holds_is_a_table_a_sheet_and_json_and_says_what_can_not_be_seen() {
    let full = Full::new();
    let site = full.site();
    let (ana, project) = (full.small.ana, full.small.shared);
    let expected = site.simulator.with_company(|company| {
        let mut all = held(company, ana, project);
        all.extend(held(company, ana, full.small.alone));
        all
    });
    let json = site.json(&["directory", "items", ANA], 0);
    let listed: BTreeSet<_> = json["items"].as_array().unwrap().iter().map(row).collect();
    assert_eq!((listed, &json["unseen"]), (expected.clone(), &serde_json::json!([])));

    let table = site.muster(&["directory", "items", ANA]).expect(0);
    assert!(
        table.contains("Harbor Point\n") && table.contains(&format!("{} items held", expected.len())),
        "{table}"
    );
    assert!(table.contains("cannot move, because an action plan keeps whoever was named"), "{table}");
    let by_kind = site.muster(&["directory", "items", ANA, "--by", "kind", "--kind", "task,rfi"]).expect(0);
    assert!(
        by_kind.starts_with("RFI\n") && by_kind.contains("task\n") && !by_kind.contains("inspection"),
        "{by_kind}"
    );
    let csv = site.muster(&["directory", "items", ANA, "--csv"]).expect(0);
    assert_eq!(csv.lines().count(), expected.len() + 1, "{csv}");
    assert!(csv.starts_with("project,project id,kind,number,title,status,due,overdue,held as,"), "{csv}");

    assert!(
        site.muster(&["directory", "items", "nobody@example.com"])
            .refused(2)
            .contains("nobody in the directory")
    );
    assert!(
        site.muster(&["directory", "items", ANA, "--kind", "rifle"])
            .refused(2)
            .contains("the kinds are rfi, ")
    );
    assert!(
        site.muster(&["--output", "json", "directory", "items", ANA, "--csv"]).refused(2).contains("--csv")
    );
    assert_eq!(site.writes(), Vec::<String>::new());
}

#[test]
fn what_is_held_by_people_who_can_not_act_on_it_is_found_in_every_project() {
    let full = Full::new();
    let site = full.site();
    let (ana, ben, project) = (full.small.ana, full.small.ben, full.small.shared);
    let none = site.json(&["directory", "items", "--all"], 0);
    assert_eq!(none["items"], serde_json::json!([]));
    let bens = site.simulator.with_company(|company| {
        company.set_active(ana, false).unwrap();
        company.remove_membership(ben, project);
        held(company, ben, project)
    });
    let all = site.json(&["directory", "items", "--all"], 0);
    let of = |user: u64, why: &str| -> BTreeSet<_> {
        let user = user.to_string();
        let rows = all["items"].as_array().unwrap().iter();
        let fits = |row: &&Value| row["holder"] == user.as_str() && row["gone"] == why;
        rows.filter(fits).map(row).collect()
    };
    assert_eq!(of(ben, "off-project"), bens);
    let anas = site.simulator.with_company(|company| held(company, ana, project));
    assert!(of(ana, "inactive").is_superset(&anas), "{all}");
    let table = site.muster(&["directory", "items", "--all", "--kind", "task"]).expect(0);
    assert!(
        table.contains("Ana Diaz (no login)") && table.contains("Ben Ode (not on the project)"),
        "{table}"
    );
}

#[test]
fn a_tool_that_is_off_is_not_asked_and_one_that_is_closed_to_us_is_named() {
    let full = Full::new();
    let site = full.site();
    site.simulator.with_company(|company| {
        company.set_tool(full.small.shared, Tool::TaskItems, false).unwrap();
        company.set_tool(full.small.alone, Tool::TaskItems, false).unwrap();
    });
    let closed =
        Rule::new(Trouble::Status { status: 403, retry_after: None }, "GET /rest/v1.0/observations/items")
            .unwrap();
    site.simulator.set_script([closed].into_iter().collect());
    site.simulator.reset_calls();
    let said = site.muster(&["plan", "--departed", ANA]).expect(0);
    assert!(said.contains("what Ana Diaz holds in Harbor Point (observation) can't be seen"), "{said}");
    assert_eq!(site.simulator.calls().of("GET /rest/v1.0/task_items"), 0);
    let listed = site.json(&["directory", "items", ANA], 0);
    let sheet = site.muster(&["directory", "items", ANA, "--csv"]);
    assert!(
        sheet.stderr.contains("observation: the service account can't see them in Harbor Point"),
        "{}",
        sheet.stderr
    );
    let mut kinds = listed["unseen"].as_array().unwrap().iter().map(|tool| &tool["kind"]);
    assert!(kinds.all(|kind| kind == "observation"), "{listed}");
}

#[test]
fn the_number_of_calls_is_printed_and_grows_with_the_projects_alone() {
    let count = |projects: u64| {
        let mut small = Small::new();
        let ana = small.ana;
        let manager = small.company.template_by_name("Project Manager").unwrap().id;
        for number in 0..projects {
            let project = small.company.add_project(muster_sim::NewProject::named(&format!("Site {number}")));
            small.company.add_membership(NewMembership::new(ana, project).with_template(manager)).unwrap();
        }
        let site = small.site();
        site.simulator.reset_calls();
        let said = site.muster(&["plan", "--departed", ANA, "--explain"]).expect(0);
        let line = said.lines().find(|line| line.ends_with("requests to Procore were made for this"));
        let printed: u64 = line.unwrap().split(' ').next().unwrap().parse().unwrap();
        let rest = site.simulator.calls().total() - site.simulator.calls().of("POST /oauth/token");
        assert_eq!(printed, rest, "{said}");
        printed
    };
    let (two, twelve) = (count(0), count(10));
    // One for which tools are on, one for each list of a tool; the lists of both kinds of action plans, and three of tools
    // that are held in two roles or asked by status twice. Workflows cost nothing where the company has none.
    assert_eq!(twelve - two, 10 * 17, "{two} {twelve}");
}

#[test]
fn two_who_reassign_the_same_items_at_the_same_time_lose_nothing() {
    let mut small = Small::new();
    let (ana, ben, site) = (small.ana, small.ben, small.shared);
    let company = &mut small.company;
    let manager = company.template_by_name("Project Manager").unwrap().id;
    let [cy, dee] = [("Cy", "Lund"), ("Dee", "Roy")].map(|(first, last)| {
        let email = Some(format!("{}@brightline.example", first.to_lowercase()));
        let user = company.add_user(NewUser { email, ..NewUser::named(first, last) }).unwrap();
        company.add_membership(NewMembership::new(user, site).with_template(manager)).unwrap();
        user
    });
    // Each of these is a list that Procore writes as a whole; the RFI is the one that it does not.
    let both = [ana, cy];
    let rfi = company.add_rfi(NewRfi::open(site, "Anchor bolts", ben, &both)).unwrap();
    let task = company.add_task(NewTask::open(site, "Order anchor bolts", &both)).unwrap();
    let meeting = company.add_meeting(NewMeeting::named(site, "Weekly")).unwrap();
    let topic = company.add_meeting_topic(NewMeetingTopic::open(meeting, "Crane days", &both)).unwrap();
    let inspection = company.add_inspection(NewInspection::open(site, "Fire stops", &both)).unwrap();
    let site = small.site();
    let mut runs = Vec::new();
    for (name, leaver, successor) in [
        ("ana", ANA, "ben.ode@brightline.example"),
        ("cy", "cy@brightline.example", "dee@brightline.example"),
    ] {
        site.configure("", &[offboarding()]);
        let text = std::fs::read_to_string(site.path("muster.toml")).unwrap();
        let text = text.replace("settings.anybody = true", &format!("settings.successor = {successor:?}"));
        std::fs::write(site.path(&format!("{name}.toml")), text).unwrap();
        let mut command = crate::site::command(site.folder.path());
        command.args(["--config", &format!("{name}.toml"), "run", "--departed", leaver]);
        runs.push(command.stdout(std::process::Stdio::piped()).spawn().unwrap());
    }
    for run in runs {
        let output = run.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
    }
    let after: BTreeSet<_> = [ben, dee].into();
    site.simulator.with_company(|company| {
        let people = |people: &[u64]| people.iter().copied().collect::<BTreeSet<_>>();
        assert_eq!(people(&company.rfi(rfi).unwrap().assignees), after, "RFI");
        assert_eq!(people(&company.item::<Task>(task).unwrap().assignees), after, "task");
        assert_eq!(people(&company.item::<MeetingTopic>(topic).unwrap().assignees), after, "topic");
        assert_eq!(people(&company.item::<Inspection>(inspection).unwrap().inspectors), after, "inspection");
    });
}

#[test]
fn whoever_leaves_as_well_takes_nothing_over() {
    let small = Small::new();
    let site = small.site();
    let ben = "ben.ode@brightline.example";
    let later = ["--planned", "--effective", "2999-01-01T00:00:00Z"];
    site.configure(
        "",
        &[puppet(site.folder.path(), "nothing", "settings = { do = \"propose\", only = [] }")],
    );
    site.muster(&[["run", "--departed", ben].as_slice(), later.as_slice()].concat()).expect(0);
    let mut policy = offboarding();
    policy.more = format!("settings = {{ successor = {ben:?} }}");
    site.configure("", &[policy]);
    let said = site.muster(&["plan", "--departed", ANA]).expect(0);
    assert!(said.contains(&format!("{ben} is about to leave as well and takes nothing over")), "{said}");
    assert!(!said.contains("→ Ben Ode"), "{said}");
}
