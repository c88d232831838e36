//! Plans: what the digest covers, what is refused, and what stays behind.

use super::*;
use crate::directory::HeldAs::{Assignee, Manager};
use crate::proposal::Left;
use crate::testing::{Scene, holder, item, project, user};
use crate::text::Words;

fn scene() -> Scene {
    let mut scene = Scene::departure(5);
    scene.knows(user(5, "Ana Diaz")).knows(user(6, "Ben Ode")).on(5, &[project(70), project(71)]);
    scene.deactivates(5).removes(5, 70);
    scene
}

#[test]
fn a_plan_reads_back_and_a_changed_one_does_not() {
    let plan = scene().plan();
    let json = String::from_utf8(plan.to_json().unwrap()).unwrap();
    assert_eq!(Plan::from_json(json.as_bytes()).unwrap(), plan);

    let changed = json.replace("Engineer", "Executive");
    assert!(matches!(Plan::from_json(changed.as_bytes()), Err(ReadPlanError::Changed { .. })));
    let newer = json.replace("muster.plan/1", "muster.plan/2");
    assert!(matches!(Plan::from_json(newer.as_bytes()), Err(ReadPlanError::OtherFormat(_))));
    let extended = json.replace("\"steps\"", "\"stops\": 1, \"steps\"");
    assert!(matches!(Plan::from_json(extended.as_bytes()), Err(ReadPlanError::NoPlan(_))));
    assert!(matches!(Plan::from_json(b"{}"), Err(ReadPlanError::NoPlan(_))));
}

/// Every value that can be reached in the plan's JSON is changed in turn, and each time the digest has to be another one.
#[test]
fn the_digest_covers_everything_that_the_plan_says() {
    fn leaves(value: &serde_json::Value, path: &str, found: &mut Vec<String>) {
        match value {
            serde_json::Value::Object(map) => {
                map.iter().for_each(|(key, value)| leaves(value, &format!("{path}/{key}"), found));
            }
            serde_json::Value::Array(list) => {
                list.iter().enumerate().for_each(|(at, value)| leaves(value, &format!("{path}/{at}"), found));
            }
            _ => found.push(path.to_owned()),
        }
    }
    let plan = scene().plan();
    let content = serde_json::to_value(plan.content()).unwrap();
    assert_eq!(Digest::of(&content).unwrap(), plan.digest());
    let mut paths = Vec::new();
    leaves(&content, "", &mut paths);
    assert!(
        paths.len() >= 25 && paths.contains(&"/steps/1/before/membership/template-name".to_owned()),
        "{paths:?}"
    );
    for part in
        ["/target/company", "/target/api-host", "/target/dialect", "/policy/artifact", "/policy/settings"]
    {
        assert!(paths.iter().any(|path| path == part), "{part}");
    }
    for path in paths {
        let mut other = content.clone();
        *other.pointer_mut(&path).unwrap() = serde_json::Value::String("something else".to_owned());
        assert_ne!(Digest::of(&other).unwrap(), plan.digest(), "{path}");
    }
}

#[test]
fn what_contradicts_itself_or_the_directory_is_no_plan() {
    type Change = fn(&mut Scene);
    let rows: [(Change, &str); 6] = [
        (
            |scene| scene.proposal.decision = Decision::Nothing(Words::new("done").unwrap()),
            "but added 2 steps",
        ),
        (|scene| _ = scene.deactivates(5), "steps 1 and 3 do the same"),
        (|scene| _ = scene.deactivates(9), "step 3 names user 9, whom the directory does not show"),
        (
            |scene| _ = scene.proposes(Action::CloseItem { item: item(70, 9, vec![]).item }),
            "step 3 names an item that project 70 does not show: 9",
        ),
        (
            |scene| {
                let rfi = item(70, 1, vec![holder(5, Manager)]);
                let (item, held_as) = (rfi.item, Assignee);
                let (holder, to) = (UserId::new(5), UserId::new(6));
                scene.proposes(Action::Reassign { item, held_as, holder, to }).holds(5, vec![rfi]);
            },
            "step 3 takes an item from user 5, who does not hold it in that role",
        ),
        (
            |scene| {
                let rfi = item(70, 1, vec![holder(5, Assignee)]);
                let (item, held_as) = (rfi.item, Assignee);
                let (holder, to) = (UserId::new(5), UserId::new(9));
                scene.proposes(Action::Reassign { item, held_as, holder, to }).holds(5, vec![rfi]);
            },
            "step 3 names user 9, whom the directory does not show",
        ),
    ];
    for (change, expected) in rows {
        let mut scene = scene();
        change(&mut scene);
        let error = scene.make().unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn what_is_not_moved_stays_and_is_named_whether_the_policy_says_so_or_not() {
    let mut scene = scene();
    let moved = item(70, 1, vec![holder(5, Assignee)]);
    let half = item(70, 2, vec![holder(5, Assignee), holder(5, Manager)]);
    let elsewhere = item(71, 3, vec![holder(5, Manager), holder(6, Assignee)]);
    for item in [moved.item, half.item] {
        let (holder, to) = (UserId::new(5), UserId::new(6));
        scene.proposes(Action::Reassign { item, held_as: Assignee, holder, to });
    }
    let reason = Reason::new("nobody can manage it").unwrap();
    let left = Left { item: half.item, held_as: Manager, holder: UserId::new(5), reason: reason.clone() };
    scene.proposal.left.push(left);
    scene.holds(5, vec![moved, half.clone(), elsewhere.clone()]);

    let plan = scene.plan();
    let rows: Vec<_> =
        plan.content().remainder.iter().map(|row| (row.item, row.held_as, row.reason.clone())).collect();
    assert_eq!(rows, [(half.item, Manager, Some(reason)), (elsewhere.item, Manager, None)]);
    assert_eq!(plan.content().names.projects[&ProjectId::new(71)], "Project 71");
}

#[test]
fn taking_somebody_off_one_project_leaves_the_items_of_others_out_of_account() {
    let mut scene = Scene::departure(5);
    scene.knows(user(5, "Ana Diaz")).on(5, &[project(70), project(71)]).removes(5, 70);
    let here = item(70, 1, vec![holder(5, Assignee)]);
    scene.holds(5, vec![here.clone(), item(71, 2, vec![holder(5, Assignee)])]);
    let items: Vec<_> = scene.plan().content().remainder.iter().map(|row| row.item).collect();
    assert_eq!(items, [here.item]);
}
