//! Submittals: their list, their managers, closing them, and what is refused. Workflows stand in `approvers`.

use muster_sim::{
    Config, HeldAs, Kind, NewSubmittal, Submittal, SubmittalResponse, SubmittalStatus, Switches,
};
use serde_json::{Value, json};

use crate::site::{Answer, Crew, Site, config, crew, keys};

/// A submittal that Pat manages, that Leo has submitted and that waits for Ana; a draft; and one that is distributed.
pub(crate) struct Submittals {
    pub(crate) site: Site,
    pub(crate) crew: Crew,
    pub(crate) open: u64,
    pub(crate) draft: u64,
    pub(crate) closed: u64,
}

impl Submittals {
    pub(crate) async fn new() -> Self {
        Self::with(Switches::default()).await
    }

    pub(crate) async fn with(switches: Switches) -> Self {
        let mut crew = crew();
        let (project, pat, ana, leo) = (crew.project, crew.pat, crew.ana, crew.leo);
        let steel = NewSubmittal::open(project, "Steel shop drawings", pat, &[&[leo], &[ana], &[pat]]);
        let (status, steps) = (SubmittalStatus::Draft, vec![vec![leo]]);
        let tile =
            NewSubmittal { status, steps, ..NewSubmittal::open(project, "Floor tile sample", ana, &[]) };
        let status = SubmittalStatus::Distributed;
        let glass = NewSubmittal { status, ..NewSubmittal::open(project, "Glass data", pat, &[&[ana]]) };
        let [open, draft, closed] = [steel, tile, glass].map(|new| crew.company.add_submittal(new).unwrap());
        crew.company.respond_to_submittal(open, leo, SubmittalResponse::Submitted).unwrap();
        let site = Site::with(Config { switches, ..config() }, crew.company.clone()).await;
        Self { site, crew, open, draft, closed }
    }

    pub(crate) fn path(&self, id: u64) -> String {
        format!("/rest/v1.1/projects/{}/submittals/{id}", self.crew.project)
    }

    pub(crate) async fn list(&self, query: &str) -> Answer {
        self.site.get(&format!("/rest/v1.1/projects/{}/submittals?{query}", self.crew.project)).await
    }

    async fn change(&self, id: u64, mut fields: Value) -> Answer {
        fields["number"] = json!("1");
        self.site.patch(&self.path(id), json!({ "submittal": fields })).await
    }

    pub(crate) fn submittal(&self, id: u64) -> Submittal {
        self.site.simulator.with_company(|company| company.item::<Submittal>(id).unwrap().clone())
    }
}

#[tokio::test]
async fn submittals_are_filtered_by_people_status_and_revision() {
    let submittals = Submittals::new().await;
    let Crew { pat, ana, leo, .. } = submittals.crew;
    let (open, draft, closed) = (submittals.open, submittals.draft, submittals.closed);
    submittals.site.simulator.with_company(|company| {
        let mut old = company.item::<Submittal>(closed).unwrap().clone();
        old.current_revision = false;
        company.put_item(old).unwrap();
    });
    let listed = async |query: String| submittals.list(&query).await.ids();
    assert_eq!(listed(String::new()).await, [open, draft, closed]);
    assert_eq!(listed("filters[current_revision]=true".to_owned()).await, [open, draft]);
    assert_eq!(listed(format!("filters[submittal_manager_id][]={pat}")).await, [open, closed]);
    assert_eq!(
        listed(format!("filters[approver_id]={leo}")).await,
        [open, draft],
        "whoever has responded too"
    );
    assert_eq!(
        listed(format!("filters[approver_id][]={leo}&filters[approver_id][]={pat}")).await,
        [open, draft]
    );
    assert_eq!(listed(format!("filters[ball_in_court_id]={ana}")).await, [open, draft]);
    assert_eq!(listed(format!("filters[id][]={closed}")).await, [closed]);
    assert_eq!(listed("filters[query]=tile".to_owned()).await, [draft]);
    assert_eq!(listed("sort=-title".to_owned()).await, [open, closed, draft]);
    assert_eq!(listed("per_page=2&page=2".to_owned()).await, [closed]);
    let status = submittals.list("").await.body[2]["status"].clone();
    assert_eq!(status, json!({ "id": status["id"], "name": "Distributed", "status": "Closed" }));
    assert_eq!(listed(format!("filters[status_id]={}", status["id"])).await, [closed]);
    assert_eq!(submittals.list("filters[approver_id]=ana").await.status, 400);
}

#[tokio::test]
async fn the_statuses_of_the_company_say_what_they_mean() {
    let submittals = Submittals::new().await;
    let statuses = submittals.site.get("/rest/v1.0/companies/{c}/submittal_statuses?per_page=4").await;
    assert_eq!((statuses.status, statuses.number("total")), (200, 6));
    let names = json!(["Draft", "Open", "In Review", "Closed"]);
    assert_eq!((json!(statuses.all("name")), statuses.body[2]["status"].clone()), (names, json!("Open")));
    let closed = statuses.body[3].clone();
    assert_eq!(closed, json!({ "id": closed["id"], "name": "Closed", "status": "Closed" }));
    let changed = submittals.change(submittals.open, json!({ "status_id": closed["id"] })).await;
    assert_eq!((changed.status, &changed.body["status"]), (200, &closed));
}

#[tokio::test]
async fn only_open_submittals_and_those_who_have_not_responded_count_as_held() {
    let submittals = Submittals::new().await;
    let Crew { pat, ana, leo, .. } = submittals.crew;
    let held = |user: u64| -> Vec<(HeldAs, u64)> {
        let held = submittals.site.simulator.with_company(|company| company.held_by(user));
        let held = held.iter().filter(|held| held.kind == Kind::Submittal);
        held.map(|held| (held.role, held.id)).collect()
    };
    let (open, draft) = (submittals.open, submittals.draft);
    assert_eq!(held(pat), [(HeldAs::Manager, open), (HeldAs::Approver, open)]);
    assert_eq!(held(ana), [(HeldAs::Manager, draft), (HeldAs::Approver, open)]);
    assert_eq!(held(leo), [(HeldAs::Approver, draft)]);
}

#[tokio::test]
async fn a_listed_submittal_shows_what_everybody_has_said() {
    let submittals = Submittals::new().await;
    let Crew { pat, ana, leo, .. } = submittals.crew;
    let item = submittals.list(&format!("filters[id]={}", submittals.open)).await.body[0].clone();
    assert_eq!(item["submittal_manager"], json!({ "id": pat, "name": "Pat Moore" }));
    assert_eq!(keys(&item["ball_in_court"][0]), ["id", "initials", "name", "vendor"]);
    assert_eq!(
        (&item["ball_in_court"][0]["id"], item["ball_in_court"].as_array().unwrap().len()),
        (&json!(ana), 1)
    );
    let approver = |index: usize| &item["approvers"][index];
    assert_eq!(
        (&approver(0)["user"]["id"], &approver(0)["response"]["considered"]),
        (&json!(leo), &json!("submitted"))
    );
    assert_eq!(
        (&approver(1)["response"]["name"], &approver(1)["returned_date"]),
        (&json!("Pending"), &Value::Null)
    );
    assert_eq!(approver(1)["sent_date"], "2026-01-05");
    assert_eq!((&approver(2)["response"], &approver(2)["sent_date"]), (&Value::Null, &Value::Null));
    assert_eq!(
        (&approver(2)["workflow_group_number"], &approver(2)["response_required"]),
        (&json!(3), &json!(true))
    );
}

#[tokio::test]
async fn the_manager_is_replaced_in_json() {
    let submittals = Submittals::new().await;
    let Crew { ana, .. } = submittals.crew;
    let changed = submittals.change(submittals.open, json!({ "submittal_manager_id": ana })).await;
    assert_eq!(
        (changed.status, &changed.body["submittal_manager"]["id"]),
        (200, &json!(ana)),
        "{}",
        changed.text
    );
    assert_eq!(submittals.submittal(submittals.open).manager, Some(ana));
    let informed = json!({ "distribution_member_ids": [ana], "title": "Steel", "private": true });
    let changed = submittals.change(submittals.open, informed).await.body;
    assert_eq!((&changed["distribution_members"][0]["id"], &changed["private"]), (&json!(ana), &json!(true)));
    assert_eq!(submittals.submittal(submittals.open).manager, Some(ana), "what is not sent stays");
    let none = submittals.change(submittals.open, json!({ "submittal_manager_id": null })).await;
    assert_eq!((none.status, &none.body["submittal_manager"]), (200, &Value::Null));
}

#[tokio::test]
async fn who_may_not_manage_is_refused_with_422_and_nothing_changes() {
    let submittals = Submittals::new().await;
    let Crew { kim, leo, .. } = submittals.crew;
    submittals.site.simulator.with_company(|company| company.set_active(leo, false)).unwrap();
    let before = submittals.site.simulator.export();
    for (field, value) in [
        ("submittal_manager_id", json!(kim)),
        ("submittal_manager_id", json!(leo)),
        ("submittal_manager_id", json!(1)),
        ("submittal_manager_id", json!("x")),
        ("responsible_contractor_id", json!(1)),
        ("status_id", json!(1)),
        ("type", json!("Riddle")),
        ("due_date", json!("soon")),
    ] {
        let refused = submittals.change(submittals.open, json!({ field: value })).await;
        assert_eq!(refused.status, 422, "{field}");
        assert!(refused.body["errors"][field][0].is_string(), "{}", refused.text);
    }
    let refused = submittals
        .site
        .patch(&submittals.path(submittals.open), json!({ "submittal": { "title": "S" } }))
        .await;
    assert_eq!((refused.status, refused.body["errors"]["number"][0].is_string()), (422, true));
    assert_eq!(submittals.change(1, json!({})).await.status, 404);
    assert_eq!(submittals.site.simulator.export(), before);
}

#[tokio::test]
async fn a_submittal_is_closed_and_opened_again() {
    let submittals = Submittals::new().await;
    let statuses = submittals.list("").await.body;
    let [open, closed] = [0, 2].map(|index| statuses[index]["status"]["id"].clone());
    let changed = submittals.change(submittals.open, json!({ "status_id": closed })).await.body;
    assert_eq!(
        (&changed["status"]["status"], &changed["closed_at"]),
        (&json!("Closed"), &json!("2026-07-02T08:00:00Z"))
    );
    assert_eq!(changed["ball_in_court"], json!([]));
    let changed = submittals.change(submittals.open, json!({ "status_id": open })).await.body;
    assert_eq!((&changed["status"]["status"], &changed["closed_at"]), (&json!("Open"), &Value::Null));
}

#[tokio::test]
async fn what_somebody_inactive_manages_may_be_stuck() {
    for (inactive_items_move, status) in [(true, 200), (false, 422)] {
        let submittals = Submittals::with(Switches { inactive_items_move, ..Switches::default() }).await;
        let Crew { pat, ana, .. } = submittals.crew;
        submittals.site.simulator.with_company(|company| company.set_active(pat, false)).unwrap();
        assert_eq!(
            submittals.change(submittals.open, json!({ "submittal_manager_id": pat })).await.status,
            200
        );
        let away = json!({ "submittal_manager_id": ana });
        assert_eq!(submittals.change(submittals.open, away).await.status, status);
    }
}
