//! Action plans: their people are named by the ids of persons.

use muster_sim::{
    ActionPlan, Config, HeldAs, Kind, NewActionPlan, NewPlanAssignee, NewUser, PlanAssignee, PlanStatus,
    Switches, Tool,
};
use serde_json::{Value, json};

use crate::site::{Answer, Crew, Site, config, crew};

struct Plans {
    site: Site,
    crew: Crew,
    /// One of Pat that is in progress and one of Ana that is complete.
    plans: [u64; 2],
    /// Of the first plan, two of Leo, then one of Leo that is signed, one that is locked, and one of Ana.
    assignees: [u64; 5],
    /// Somebody without a login.
    contact: u64,
}

fn built() -> (Crew, [u64; 2], [u64; 5], u64) {
    let mut crew = crew();
    let project = crew.project;
    let company = &mut crew.company;
    let [pat, ana, leo] = [crew.pat, crew.ana, crew.leo].map(|user| company.user(user).unwrap().party_id);
    let contact = company.add_contact("Sam", "Poe");
    company.add_contact_membership(contact, project).unwrap();
    let open = NewActionPlan::in_progress(project, "Curtain wall mock-up", pat);
    let done =
        NewActionPlan { status: PlanStatus::Completed, ..NewActionPlan::in_progress(project, "Piles", ana) };
    let plans = [open, done].map(|new| company.add_action_plan(new).unwrap());
    let new = |item: &str, party| NewPlanAssignee::open(plans[0], item, party);
    let assignees = [
        new("Water test", leo),
        new("Anchor check", leo),
        NewPlanAssignee { signed: true, ..new("Shop drawings", leo) },
        NewPlanAssignee { locked: true, ..new("Glass delivery", leo) },
        new("Water test", ana),
    ]
    .map(|new| company.add_plan_assignee(new).unwrap());
    (crew, plans, assignees, contact)
}

async fn plans() -> Plans {
    let (crew, plans, assignees, contact) = built();
    let site = Site::of(crew.company.clone()).await;
    Plans { site, crew, plans, assignees, contact }
}

impl Plans {
    fn path(&self, rest: &str) -> String {
        format!("/rest/v1.0/projects/{}/action_plans/{rest}", self.crew.project)
    }

    fn party(&self, user: u64) -> u64 {
        self.crew.company.user(user).unwrap().party_id
    }

    async fn get(&self, rest: &str) -> Answer {
        self.site.get(&self.path(rest)).await
    }

    async fn manage(&self, plan: u64, fields: Value) -> Answer {
        self.site.patch(&self.path(&format!("plans/{plan}")), json!({ "plan": fields })).await
    }

    /// Gives assignments to others and returns what became of each row.
    async fn give(&self, query: &str, rows: &[(u64, u64)]) -> Vec<(u64, String)> {
        let rows = rows.iter().map(|(id, party)| json!({ "id": id, "party_id": party })).collect::<Vec<_>>();
        let path = self.path(&format!("plan_item_assignees/bulk_update{query}"));
        let answer = self.site.patch(&path, json!({ "plan_item_assignees": rows })).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let rows = answer.body[0].as_array().unwrap().iter();
        rows.map(|row| (row["id"].as_u64().unwrap(), row["status"].as_str().unwrap().to_owned())).collect()
    }

    fn signer(&self, assignee: u64) -> u64 {
        self.site.simulator.with_company(|company| company.item::<PlanAssignee>(assignee).unwrap().party.id)
    }

    fn manager(&self) -> Option<u64> {
        let plan = self.plans[0];
        let party =
            self.site.simulator.with_company(|company| company.item::<ActionPlan>(plan).unwrap().manager);
        party.map(|party| party.id)
    }
}

#[tokio::test]
async fn plans_are_listed_with_managers_under_both_ids() {
    let plans = plans().await;
    let Crew { pat, ana, .. } = plans.crew;
    let listed = plans.get("plans").await;
    assert_eq!((listed.ids().as_slice(), listed.number("total")), (&plans.plans[..], 2));
    let row = &listed.body[0];
    assert_eq!((&row["manager"]["id"], &row["manager"]["user_id"]), (&json!(plans.party(pat)), &json!(pat)));
    assert_ne!(plans.party(pat), pat);
    assert_eq!((&row["status"], &row["status_type"]), (&json!("in_progress"), &json!("in_progress")));
    assert_eq!((&row["total_item_count"], &row["closed_item_count"]), (&json!(4), &json!(1)));
    let managed = async |id: u64| plans.get(&format!("plans?filters[manager_id][]={id}")).await.ids();
    assert_eq!(managed(plans.party(ana)).await, [plans.plans[1]]);
    assert_eq!(managed(ana).await, [] as [u64; 0], "a user is no person");
    assert_eq!(plans.get(&format!("plans?filters[id][]={}", plans.plans[1])).await.ids(), [plans.plans[1]]);
}

#[tokio::test]
async fn assignments_are_listed_without_a_filter_for_people() {
    let plans = plans().await;
    let Crew { leo, .. } = plans.crew;
    let listed = plans.get("plan_item_assignees").await;
    assert_eq!(listed.ids(), plans.assignees);
    let row = &listed.body[0];
    assert_eq!((&row["party"]["id"], &row["party"]["user_id"]), (&json!(plans.party(leo)), &json!(leo)));
    assert_eq!((&row["plan_id"], &row["signature"]), (&json!(plans.plans[0]), &Value::Null));
    assert_eq!(listed.all("is_locked"), [false, false, false, true, false]);
    assert_eq!(listed.body[2]["signature"]["captured_by"]["user_id"], leo);
    assert_eq!(row["plan_item_id"], listed.body[4]["plan_item_id"], "two sign the same item");
    let item = &row["plan_item_id"];
    let of_item = plans.get(&format!("plan_item_assignees?filters[plan_item_id][]={item}")).await;
    assert_eq!(of_item.ids(), [plans.assignees[0], plans.assignees[4]]);
    let of_plan = plans.get(&format!("plan_item_assignees?filters[plan_id][]={}", plans.plans[1])).await;
    assert_eq!(of_plan.body, json!([]));
    let ignored = plans.get(&format!("plan_item_assignees?filters[party_id][]={}", plans.party(leo))).await;
    assert_eq!(ignored.ids().len(), 5);
    assert_eq!(plans.get("plan_item_assignees?per_page=2&page=3").await.ids(), plans.assignees[4..]);
}

#[tokio::test]
async fn what_is_not_signed_is_held_even_if_it_is_locked() {
    let plans = plans().await;
    let Crew { pat, ana, leo, .. } = plans.crew;
    let held = |user| -> Vec<(Kind, HeldAs, u64)> {
        let held = plans.site.simulator.with_company(|company| company.held_by(user));
        let held = held.into_iter().filter(|held| held.kind != Kind::Rfi);
        held.map(|held| (held.kind, held.role, held.id)).collect()
    };
    let signs = |id| (Kind::ActionPlanItem, HeldAs::Assignee, id);
    let [one, two, _, locked, last] = plans.assignees;
    assert_eq!(held(leo), [signs(one), signs(two), signs(locked)]);
    assert_eq!(held(ana), [signs(last)], "the plan of Ana is complete");
    assert_eq!(held(pat), [(Kind::ActionPlan, HeldAs::Manager, plans.plans[0])]);
}

#[tokio::test]
async fn a_plan_is_given_to_another_manager() {
    let plans = plans().await;
    let Crew { pat, ana, leo, .. } = plans.crew;
    let plan = plans.plans[0];
    let given = plans.manage(plan, json!({ "manager_id": plans.party(ana) })).await;
    assert_eq!((given.status, &given.body["manager"]["user_id"]), (200, &json!(ana)));
    assert_eq!(plans.manager(), Some(plans.party(ana)));
    let before = plans.site.simulator.export();
    for id in [plans.party(leo), pat, plans.contact, 1] {
        let refused = plans.manage(plan, json!({ "manager_id": id, "title": "X" })).await;
        assert_eq!(refused.status, 422, "{id}");
        assert!(refused.body["errors"]["manager_id"][0].is_string(), "{}", refused.text);
    }
    assert_eq!(plans.manage(plan, json!({ "title": "" })).await.status, 422);
    assert_eq!(plans.manage(plan, json!({ "manager_id": "7" })).await.status, 400);
    assert_eq!(plans.manage(1, json!({})).await.status, 404);
    assert_eq!(plans.site.simulator.export(), before);
    plans.manage(plan, json!({ "title": "Mock-up", "private": true })).await;
    assert_eq!(plans.manager(), Some(plans.party(ana)), "what is not sent stays");
    plans.manage(plan, json!({ "manager_id": null })).await;
    assert_eq!(plans.manager(), None);
}

#[tokio::test]
async fn assignments_are_given_to_others_all_or_none_unless_told_otherwise() {
    let plans = plans().await;
    let Crew { ana, leo, .. } = plans.crew;
    let (to, [one, two, signed, locked, _]) = (plans.party(ana), plans.assignees);
    let row = |id, status: &str| (id, status.to_owned());
    for stuck in [signed, locked, 1] {
        let failed = [row(one, "failure"), row(stuck, "failure")];
        assert_eq!(plans.give("", &[(one, to), (stuck, to)]).await, failed);
        assert_eq!(plans.signer(one), plans.party(leo), "nothing is changed where one row can't be");
    }
    let mode = "?completion_mode=atomic";
    let some = [row(one, "success"), row(locked, "failure")];
    assert_eq!(plans.give(mode, &[(one, to), (locked, to)]).await, some);
    assert_eq!((plans.signer(one), plans.signer(locked)), (to, plans.party(leo)));
    let all = [row(one, "success"), row(two, "success")];
    assert_eq!(plans.give("?completion_mode=all_or_nothing", &[(one, to), (two, to)]).await, all);
    assert_eq!(plans.signer(two), to);
    let path = plans.path("plan_item_assignees/bulk_update");
    let unknown = format!("{path}?completion_mode=some");
    assert_eq!(plans.site.patch(&unknown, json!({ "plan_item_assignees": [] })).await.status, 400);
    for body in [json!({}), json!({ "plan_item_assignees": [{ "party_id": to }] })] {
        assert_eq!(plans.site.patch(&path, body).await.status, 400);
    }
}

#[tokio::test]
async fn a_row_says_why_somebody_can_not_sign() {
    let plans = plans().await;
    let Crew { pat, ana, kim, .. } = plans.crew;
    let id = plans.assignees[0];
    plans.site.simulator.with_company(|company| company.set_active(ana, false)).unwrap();
    let path = plans.path("plan_item_assignees/bulk_update");
    for party in [plans.party(kim), plans.party(ana), pat, plans.contact] {
        let body = json!({ "plan_item_assignees": [{ "id": id, "party_id": party }] });
        let row = plans.site.patch(&path, body).await.body[0][0].clone();
        assert_eq!(row["status"], "failure", "{party}");
        assert!(row["errors"]["party_id"][0].as_str().unwrap().contains(&party.to_string()), "{row}");
    }
}

#[tokio::test]
async fn parties_are_everybody_active_and_say_what_they_may_be() {
    let plans = plans().await;
    let Crew { pat, ana, leo, kim, .. } = plans.crew;
    let listed = plans.get("parties").await;
    let row = |party: u64| {
        let rows = listed.body.as_array().unwrap();
        rows.iter().find(|row| row["id"] == party).unwrap().clone()
    };
    for (user, signs, manages) in [(pat, true, true), (leo, true, false), (kim, false, false)] {
        let row = row(plans.party(user));
        assert_eq!(row["user_id"], user);
        assert_eq!((&row["potential_assignee"], &row["potential_manager"]), (&json!(signs), &json!(manages)));
    }
    let contact = row(plans.contact);
    assert_eq!((&contact["user_id"], &contact["potential_assignee"]), (&Value::Null, &json!(false)));
    plans.site.simulator.with_company(|company| company.set_active(ana, false)).unwrap();
    assert!(!plans.get("parties").await.ids().contains(&plans.party(ana)));
    let one = plans.get(&format!("parties?filters[id][]={}", plans.party(leo))).await;
    assert_eq!(one.all("name"), ["Leo Cruz"]);
    assert_eq!(plans.get("parties?sort=name").await.all("first_name"), ["Kim", "Leo", "Pat", "Sam"]);
}

#[tokio::test]
async fn items_of_inactive_people_may_have_to_stay_and_the_tool_may_be_off() {
    let (mut crew, [plan, _], [one, ..], _) = built();
    crew.company.set_active(crew.pat, false).unwrap();
    crew.company.set_active(crew.leo, false).unwrap();
    let stranger = crew.company.add_user(NewUser::named("Uma", "Rao")).unwrap();
    let switches = Switches { inactive_items_move: false, ..Switches::default() };
    let site = Site::with(Config { switches, ..config() }, crew.company.clone()).await;
    let [ana, stranger] = [crew.ana, stranger].map(|user| crew.company.user(user).unwrap().party_id);
    let path = format!("/rest/v1.0/projects/{}/action_plans", crew.project);
    let manage = async |party: u64| {
        site.patch(&format!("{path}/plans/{plan}"), json!({ "plan": { "manager_id": party } })).await.status
    };
    assert_eq!((manage(ana).await, manage(stranger).await), (422, 422));
    let body = json!({ "plan_item_assignees": [{ "id": one, "party_id": ana }] });
    let bulk = format!("{path}/plan_item_assignees/bulk_update");
    assert_eq!(site.patch(&bulk, body.clone()).await.body[0][0]["status"], "failure");
    site.simulator.with_company(|company| company.set_tool(crew.project, Tool::ActionPlans, false)).unwrap();
    assert_eq!(site.patch(&bulk, body).await.status, 404);
    assert_eq!(site.get(&format!("{path}/plans")).await.status, 404);
}
