//! Punch items: their list, giving them to others as a whole or one assignment of them, closing them, and what is refused.

use muster_sim::{Config, HeldAs, Kind, NewPunchItem, PunchItem, PunchResponse, PunchStatus, Switches};
use serde_json::{Value, json};

use crate::site::{Answer, Crew, Site, config, crew, keys};

/// An item of Ana and Leo that Pat manages and accepts, a draft, and a closed one of Leo's.
struct Punch {
    site: Site,
    crew: Crew,
    open: u64,
    draft: u64,
    closed: u64,
}

impl Punch {
    async fn new() -> Self {
        Self::with(Switches::default()).await
    }

    async fn with(switches: Switches) -> Self {
        let mut crew = crew();
        let (project, pat, ana, leo) = (crew.project, crew.pat, crew.ana, crew.leo);
        let new = |status, name: &str, assignees: &[u64]| NewPunchItem {
            status,
            ..NewPunchItem::open(project, name, pat, assignees)
        };
        let [open, draft, closed] = [
            new(PunchStatus::WorkRequired, "Touch up paint, room 204", &[ana, leo]),
            new(PunchStatus::Draft, "Missing cover plate, room 207", &[leo]),
            new(PunchStatus::Closed, "Door does not latch, room 101", &[leo]),
        ]
        .map(|new| crew.company.add_punch_item(new).unwrap());
        let site = Site::with(Config { switches, ..config() }, crew.company.clone()).await;
        Self { site, crew, open, draft, closed }
    }

    async fn list(&self, query: &str) -> Answer {
        self.site.get(&format!("/rest/v1.1/punch_items?project_id={}&{query}", self.crew.project)).await
    }

    async fn change(&self, id: u64, mut fields: Value) -> Answer {
        fields["name"] = json!("Touch up paint, room 204");
        let body = json!({ "project_id": self.crew.project, "punch_item": fields });
        self.site.patch(&format!("/rest/v1.1/punch_items/{id}"), body).await
    }

    async fn reassign(&self, id: u64, fields: Value) -> Answer {
        let path = format!("/rest/v1.0/projects/{}/punch_item_assignments/{id}", self.crew.project);
        self.site.patch(&path, json!({ "punch_item_assignment": fields })).await
    }

    fn item(&self, id: u64) -> PunchItem {
        self.site.simulator.with_company(|company| company.item::<PunchItem>(id).unwrap().clone())
    }

    /// Returns the assignments of the open item, each with its user.
    fn parts(&self) -> Vec<(u64, u64)> {
        self.item(self.open).assignments.iter().map(|part| (part.id, part.user)).collect()
    }

    async fn people(&self, path: &str) -> Vec<u64> {
        let mut ids = self.site.get(&format!("/rest/v1.0/projects/{}/{path}", self.crew.project)).await.ids();
        ids.sort_unstable();
        ids
    }
}

#[tokio::test]
async fn punch_items_are_filtered_by_one_status_at_a_time() {
    let punch = Punch::new().await;
    let Crew { pat, leo, .. } = punch.crew;
    let (open, draft, closed) = (punch.open, punch.draft, punch.closed);
    let listed = async |query: String| punch.list(&query).await.ids();
    assert_eq!(listed(String::new()).await, [open, draft, closed]);
    for (status, expected) in [("open", open), ("pending", draft), ("closed", closed)] {
        assert_eq!(listed(format!("filters[status]={status}")).await, [expected]);
    }
    assert_eq!(listed("filters[status]=open&filters[status]=pending".to_owned()).await, [draft]);
    assert_eq!(listed(format!("filters[id][]={closed}&filters[id][]={open}")).await, [open, closed]);
    assert_eq!(listed(format!("filters[approver_login_information_id]={pat}")).await.len(), 3);
    assert_eq!(listed(format!("filters[login_information_id]={pat}")).await.len(), 3, "not a filter");
    assert_eq!(listed("filters[query]=latch".to_owned()).await, [closed]);
    assert_eq!(listed("per_page=2&page=2".to_owned()).await, [closed]);
    assert_eq!(punch.list("filters[status]=overdue").await.status, 400);
    let held = punch.site.simulator.with_company(|company| company.held_by(pat));
    let held: Vec<_> = held.iter().filter(|held| held.kind == Kind::PunchItem).collect();
    let held: Vec<_> = held.iter().map(|held| (held.role, held.id)).collect();
    let (manager, approver) = (HeldAs::Manager, HeldAs::FinalApprover);
    assert_eq!(held, [(manager, open), (manager, draft), (approver, open), (approver, draft)]);
    let assigned = punch.site.simulator.with_company(|company| company.held_by(leo));
    assert!(assigned.iter().any(|held| held.id == open && held.role == HeldAs::Assignee));
}

#[tokio::test]
async fn a_listed_item_shows_its_people_and_whether_it_is_late() {
    let punch = Punch::new().await;
    let Crew { pat, ana, leo, .. } = punch.crew;
    punch.change(punch.open, json!({ "due": "2026-07-01" })).await;
    let item = punch.list("filters[status]=open").await.body[0].clone();
    assert_eq!((&item["status"], &item["workflow_status"]), (&json!("Overdue"), &json!("work_required")));
    assert_eq!(keys(&item["punch_item_manager"]), ["company_name", "id", "locale", "name"]);
    assert_eq!((&item["final_approver"]["id"], &item["ball_in_court"][0]["id"]), (&json!(pat), &json!(ana)));
    assert_eq!(keys(&item["assignees"][0]), ["id", "login", "name"]);
    let part = &item["assignments"][1];
    assert_eq!((&part["login_information_id"], &part["status"]), (&json!(leo), &json!("unresolved")));
    assert_eq!(part["vendor"]["name"], "Halvorsen Steel Erectors");
    assert_eq!(
        (&item["has_resolved_responses"], &item["has_unresolved_responses"]),
        (&json!(false), &json!(true))
    );
    assert_eq!(punch.list("filters[status]=pending").await.body[0]["status"], "Pending");
    assert_eq!(punch.list("filters[status]=closed").await.body[0]["status"], "Closed");
}

#[tokio::test]
async fn whoever_stays_keeps_the_assignment_and_others_get_a_new_one() {
    let punch = Punch::new().await;
    let Crew { pat, ana, leo, project, .. } = punch.crew;
    let [first, second] = [0, 1].map(|index| punch.parts()[index]);
    let changed = punch.change(punch.open, json!({ "login_information_ids": [pat, ana] })).await;
    assert_eq!(changed.status, 200, "{}", changed.text);
    let parts = punch.parts();
    assert_eq!((parts[0].1, parts[1]), (pat, first));
    assert!(parts[0].0 != second.0, "nobody inherits an assignment");
    assert_eq!(changed.body["assignments"][0]["login_information"]["active"], true);
    assert_eq!(changed.body["assignments"][0]["formatted_status"], "Unresolved");
    let parts = [
        ("project_id", project.to_string()),
        ("punch_item[name]", "Touch up paint".to_owned()),
        ("punch_item[login_information_ids][]", leo.to_string()),
        ("punch_item[punch_item_manager_id]", ana.to_string()),
    ];
    let changed = punch.site.patch_form(&format!("/rest/v1.1/punch_items/{}", punch.open), &parts).await;
    assert_eq!(
        (changed.status, &changed.body["punch_item_manager"]["id"]),
        (200, &json!(ana)),
        "{}",
        changed.text
    );
    assert_eq!(keys(&changed.body["punch_item_manager"]), ["company_name", "id", "login", "name"]);
    assert_eq!(punch.parts()[0].1, leo);
    let approver = punch.change(punch.open, json!({ "final_approver_id": leo })).await;
    assert_eq!((approver.status, &approver.body["final_approver"]["id"]), (200, &json!(leo)));
}

#[tokio::test]
async fn one_assignment_goes_to_somebody_else_and_stays_the_same() {
    let punch = Punch::new().await;
    let Crew { pat, ana, leo, kim, .. } = punch.crew;
    let [ana_part, leo_part] = [0, 1].map(|index| punch.parts()[index].0);
    let given = punch.reassign(leo_part, json!({ "login_information_id": pat })).await;
    assert_eq!((given.status, &given.body["login_information"]["id"]), (200, &json!(pat)), "{}", given.text);
    assert_eq!(punch.parts(), [(ana_part, ana), (leo_part, pat)]);
    let before = punch.site.simulator.export();
    punch.site.simulator.with_company(|company| company.set_active(leo, false)).unwrap();
    for nobody in [kim, leo, 1, ana] {
        let refused = punch.reassign(leo_part, json!({ "login_information_id": nobody })).await;
        assert_eq!(refused.status, 422);
        assert!(refused.body["errors"]["login_information_id"][0].is_string(), "{}", refused.text);
    }
    punch.site.simulator.with_company(|company| company.set_active(leo, true)).unwrap();
    let mut after = punch.site.simulator.export();
    after["times"] = before["times"].clone();
    assert_eq!(after, before);
    let done = punch.reassign(leo_part, json!({ "approved": true, "comment": "Looks good." })).await;
    assert_eq!((&done.body["approved"], &done.body["status"]), (&json!(true), &json!("resolved")));
    assert_eq!(punch.item(punch.open).assignments[1].status, PunchResponse::Resolved);
    let held = punch.site.simulator.with_company(|company| company.held_by(pat));
    let assigned = |kind, role| held.iter().any(|held| (held.kind, held.role) == (kind, role));
    assert!(!assigned(Kind::PunchItem, HeldAs::Assignee), "what is accepted is not held any more");
    assert_eq!(punch.reassign(1, json!({ "approved": true })).await.status, 404);
}

#[tokio::test]
async fn who_may_not_hold_a_punch_item_is_refused_and_nothing_changes() {
    let punch = Punch::new().await;
    let Crew { ana, leo, kim, .. } = punch.crew;
    let before = punch.site.simulator.export();
    for (field, value) in [
        ("login_information_ids", json!([ana, kim])),
        ("login_information_ids", json!(ana)),
        ("punch_item_manager_id", json!(leo)),
        ("final_approver_id", json!(kim)),
        ("distribution_member_ids", json!([1])),
        ("workflow_status", json!("done")),
        ("status", json!("pending")),
        ("priority", json!("urgent")),
    ] {
        let refused = punch.change(punch.open, json!({ field: value })).await;
        assert_eq!(refused.status, 400, "{field}: {}", refused.text);
        assert!(refused.body["errors"][field][0].is_string(), "{}", refused.text);
    }
    let path = format!("/rest/v1.1/punch_items/{}", punch.open);
    let nameless = json!({ "project_id": punch.crew.project, "punch_item": { "priority": "low" } });
    let refused = punch.site.patch(&path, nameless).await;
    assert_eq!((refused.status, refused.body["errors"]["name"][0].is_string()), (400, true));
    assert_eq!(punch.site.patch(&path, json!({ "punch_item": { "name": "N" } })).await.status, 400);
    assert_eq!(punch.site.simulator.export(), before);
}

#[tokio::test]
async fn a_punch_item_is_closed_and_opened_again() {
    let punch = Punch::new().await;
    let closed = punch.change(punch.open, json!({ "status": "closed" })).await.body;
    assert_eq!((&closed["status"], &closed["workflow_status"]), (&json!("Closed"), &json!("closed")));
    assert_eq!(closed["closed_at"], "2026-07-02T08:00:00Z");
    assert!(closed["closed_by"]["id"].is_number());
    assert_eq!(closed["ball_in_court"], json!([]));
    let open = punch.change(punch.open, json!({ "status": "open" })).await.body;
    assert_eq!((&open["workflow_status"], &open["closed_by"]), (&json!("work_required"), &Value::Null));
    let ready = punch.change(punch.open, json!({ "workflow_status": "ready_to_close" })).await.body;
    assert_eq!(ready["ball_in_court"][0]["id"], punch.crew.pat);
}

#[tokio::test]
async fn managers_are_fewer_than_assignees_and_final_approvers() {
    let punch = Punch::new().await;
    let Crew { pat, ana, leo, .. } = punch.crew;
    let sorted = |mut ids: Vec<u64>| {
        ids.sort_unstable();
        ids
    };
    assert_eq!(punch.people("punch_list_assignee_options").await, sorted(vec![pat, ana, leo]));
    assert_eq!(punch.people("punch_list/available_final_approvers").await, sorted(vec![pat, ana, leo]));
    assert_eq!(punch.people("available_punch_item_managers").await, sorted(vec![pat, ana]));
    assert_eq!(punch.people("punch_list_assignee_options?query=halvorsen").await, [leo]);
    punch.site.simulator.with_company(|company| company.set_active(ana, false)).unwrap();
    assert_eq!(punch.people("available_punch_item_managers").await, [pat]);
}

#[tokio::test]
async fn what_somebody_inactive_holds_may_be_stuck() {
    for (inactive_items_move, changed, reassigned) in [(true, 200, 200), (false, 400, 422)] {
        let punch = Punch::with(Switches { inactive_items_move, ..Switches::default() }).await;
        let Crew { pat, ana, leo, .. } = punch.crew;
        punch.site.simulator.with_company(|company| company.set_active(leo, false)).unwrap();
        let part = punch.parts()[1].0;
        let keep = json!({ "login_information_ids": [leo] });
        assert_eq!(punch.change(punch.open, keep).await.status, 200, "who holds it may stay");
        assert_eq!(punch.reassign(part, json!({ "login_information_id": pat })).await.status, reassigned);
        let away = json!({ "login_information_ids": [ana] });
        assert_eq!(punch.change(punch.draft, away).await.status, changed);
    }
}
