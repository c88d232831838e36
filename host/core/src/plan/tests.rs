//! Plans: what the digest covers, what is refused, and what stays behind.

mod items;

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

/// The digest is taken over the content as it is written, so it covers what is written: this list says what that is. A
/// field that is left out of the encoding is missing here.
#[test]
fn the_digest_covers_everything_that_the_plan_says() {
    fn leaves(value: &serde_json::Value, path: &str, found: &mut BTreeSet<String>) {
        match value {
            serde_json::Value::Object(map) => {
                map.iter().for_each(|(key, value)| leaves(value, &format!("{path}/{key}"), found));
            }
            serde_json::Value::Array(list) => {
                list.iter().for_each(|value| leaves(value, &format!("{path}/*"), found))
            }
            _ => drop(found.insert(path.to_owned())),
        }
    }
    let mut scene = scene();
    let rfi = item(71, 3, vec![holder(5, Manager)]);
    scene.holds(5, vec![rfi, item(70, 4, vec![holder(5, Assignee)])]);
    let (item, holder, to) = (item(70, 4, vec![]).item, UserId::new(5), UserId::new(6));
    scene.proposes(Action::Reassign { item, held_as: Assignee, holder, to });
    let plan = scene.plan();
    let content = serde_json::to_value(plan.content()).unwrap();
    assert_eq!(Digest::of(&content).unwrap(), plan.digest());
    let mut found = BTreeSet::new();
    leaves(&content, "", &mut found);
    let expected = "
        /decision/proposed /format /names/projects/70 /names/projects/71 /names/users/5 /names/users/6
        /event/cause /event/id /event/occurred-at /event/kind/departed/effective/at /event/kind/departed/effective/zone
        /event/kind/departed/urgency /event/kind/departed/user
        /policy/artifact /policy/grant /policy/name /policy/runner /policy/settings
        /remainder/*/held-as /remainder/*/holder /remainder/*/item/id /remainder/*/item/kind /remainder/*/item/project
        /remainder/*/number /remainder/*/reason /remainder/*/title
        /steps/*/action/deactivate/user /steps/*/action/remove-membership/project /steps/*/action/remove-membership/user
        /steps/*/action/reassign/held-as /steps/*/action/reassign/holder /steps/*/action/reassign/to
        /steps/*/action/reassign/item/id /steps/*/action/reassign/item/kind /steps/*/action/reassign/item/project
        /steps/*/before/item/holders/*/held-as /steps/*/before/item/holders/*/person/id
        /steps/*/before/item/holders/*/person/name /steps/*/before/item/number /steps/*/before/item/status
        /steps/*/before/item/title /steps/*/before/membership/template-name /steps/*/before/user/active
        /steps/*/before/user/email /steps/*/number /steps/*/reason
        /still-on/*/project /still-on/*/user /target/api-host /target/company /target/dialect";
    assert_eq!(found, expected.split_whitespace().map(str::to_owned).collect());
}

#[test]
fn an_item_is_closed_by_whoever_holds_it_once_earlier_steps_are_made() {
    let mut scene = scene();
    let rfi = item(70, 1, vec![holder(5, Assignee), holder(7, Assignee)]);
    let (item, from, to) = (rfi.item, UserId::new(5), UserId::new(6));
    scene
        .proposes(Action::Reassign { item, held_as: Assignee, holder: from, to })
        .proposes(Action::CloseItem { item });
    scene.holds(5, vec![rfi]);
    let plan = scene.plan();
    let holders = |step: StepNumber| match &plan.step(step).unwrap().before {
        Before::Item { holders, .. } => {
            holders.iter().map(|holder| holder.person.id.get()).collect::<Vec<_>>()
        }
        other => panic!("{other:?}"),
    };
    assert_eq!((holders(3), holders(4)), (vec![5, 7], vec![6, 7]));
}

#[test]
fn where_it_can_not_be_seen_what_stays_the_plan_says_so() {
    let mut scene = scene();
    let unseen = |scene: &Scene| scene.plan().content().unseen.clone();
    assert_eq!(unseen(&scene), [Unseen { holder: UserId::new(5), tools: None }]);
    scene.holds(5, vec![]);
    assert_eq!(unseen(&scene), []);
    let tool =
        crate::read::UnseenTool { project: ProjectId::new(71), kind: crate::directory::ItemKind::Task };
    let items = crate::read::HeldItems { rows: vec![], unseen: [tool].into() };
    let read = crate::read::Read::held_by(UserId::new(5));
    scene.facts.add(read, crate::read::Answer::Items(items)).unwrap();
    assert_eq!(unseen(&scene), [Unseen { holder: UserId::new(5), tools: Some([tool].into()) }]);
}

#[test]
fn what_contradicts_itself_or_the_directory_is_no_plan() {
    type Change = fn(&mut Scene);
    let rows: [(Change, &str); 8] = [
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
                let rfi = item(70, 1, vec![holder(6, Assignee)]);
                let (item, holder, to) = (rfi.item, UserId::new(6), UserId::new(6));
                scene.proposes(Action::Reassign { item, held_as: Assignee, holder, to }).holds(6, vec![rfi]);
            },
            "step 3 hands an item from user 6 to themselves",
        ),
        (
            |scene| {
                let rfi = item(70, 1, vec![holder(6, Assignee)]);
                let (item, holder, to) = (rfi.item, UserId::new(6), UserId::new(5));
                scene.proposes(Action::Reassign { item, held_as: Assignee, holder, to }).holds(6, vec![rfi]);
            },
            "step 3 hands an item to user 5, whose login the same plan takes away",
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

#[test]
fn who_has_no_login_any_more_and_stays_on_a_project_is_named() {
    let mut scene = Scene::departure(5);
    scene.knows(user(5, "Ana Diaz")).on(5, &[project(70), project(71)]).removes(5, 70);
    let still_on = |scene: &Scene| {
        scene.plan().content().still_on.iter().map(|row| row.project.get()).collect::<Vec<_>>()
    };
    assert_eq!(still_on(&scene), [0; 0], "she can log in, and is taken off one project only");
    scene.knows(crate::directory::User { active: false, ..user(5, "Ana Diaz") });
    assert_eq!(still_on(&scene), [71]);
    scene.knows(user(5, "Ana Diaz")).deactivates(5);
    assert_eq!(still_on(&scene), [71]);
    assert!(scene.plan().leaves_something());
    assert_eq!(scene.plan().content().names.projects[&ProjectId::new(71)], "Project 71");
    scene.removes(5, 71);
    assert_eq!(still_on(&scene), [0; 0]);
}

#[test]
fn two_steps_do_not_change_the_same_thing() {
    use crate::action::UserRef;
    use crate::read::{Answer, Read};
    let (user, project) = (UserId::new(5), ProjectId::new(70));
    let email = || "noa@example.com".parse().unwrap();
    let new = |last_name: &str| crate::directory::NewUser {
        email: email(),
        first_name: None,
        last_name: last_name.to_owned(),
        job_title: None,
        employee: false,
        employee_id: None,
        vendor: None,
    };
    let pairs = [
        [Action::Deactivate { user }, Action::Reactivate { user }],
        [Action::CreateUser { user: new("Berg") }, Action::CreateUser { user: new("Borg") }],
        [Action::ChangeEmail { user, email: email() }, Action::CreateUser { user: new("Berg") }],
        [
            Action::RemoveMembership { user, project },
            Action::AddMembership { user: UserRef::Known(user), project, template: None },
        ],
    ];
    for [first, second] in pairs {
        let mut scene = Scene::departure(5);
        scene.proposes(first.clone()).proposes(second.clone());
        scene.knows(crate::testing::user(5, "Ana Diaz")).on(5, &[crate::testing::project(70)]);
        scene.facts.add(Read::UsersByEmail { email: email() }, Answer::Users(vec![])).unwrap();
        let made = scene.make();
        assert!(
            matches!(made, Err(PlanError::SameThing { first: 1, second: 2 })),
            "{first:?} {second:?}: {made:?}"
        );
    }
}
