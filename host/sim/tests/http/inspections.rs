//! Inspections, and who may take part in them.

use muster_sim::{
    Config, HeldAs, Inspection, InspectionStatus, Kind, NewInspection, NewUser, Switches, Tool,
};
use serde_json::{Value, json};

use crate::site::{Answer, Crew, Site, config, crew, keys};

struct Inspections {
    site: Site,
    crew: Crew,
    /// One that Ana and Leo inspect and Kim is asked about, one in review of Leo alone, and a closed one of Ana.
    ids: [u64; 3],
}

fn built() -> (Crew, [u64; 3]) {
    let mut crew = crew();
    let (project, ana, leo, kim) = (crew.project, crew.ana, crew.leo, crew.kim);
    let open = NewInspection {
        point_of_contact: Some(kim),
        ..NewInspection::open(project, "Rebar before pour", &[ana, leo])
    };
    let review = NewInspection {
        status: InspectionStatus::InReview,
        ..NewInspection::open(project, "Fire stopping", &[leo])
    };
    let closed = NewInspection {
        status: InspectionStatus::Closed,
        ..NewInspection::open(project, "Scaffold", &[ana])
    };
    let ids = [open, review, closed].map(|new| crew.company.add_inspection(new).unwrap());
    (crew, ids)
}

async fn inspections() -> Inspections {
    let (crew, ids) = built();
    let site = Site::of(crew.company.clone()).await;
    Inspections { site, crew, ids }
}

impl Inspections {
    async fn list(&self, query: &str) -> Answer {
        self.site.get(&format!("/rest/v1.0/projects/{}/checklist/lists?{query}", self.crew.project)).await
    }

    async fn patch(&self, id: u64, fields: Value) -> Answer {
        let path = format!("/rest/v1.0/projects/{}/checklist/lists/{id}", self.crew.project);
        self.site.patch(&path, json!({ "list": fields })).await
    }

    fn get(&self, id: u64) -> Inspection {
        self.site.simulator.with_company(|company| company.item::<Inspection>(id).unwrap().clone())
    }

    fn held(&self, user: u64) -> Vec<(HeldAs, u64)> {
        let held = self.site.simulator.with_company(|company| company.held_by(user));
        let held = held.into_iter().filter(|held| held.kind == Kind::Inspection);
        held.map(|held| (held.role, held.id)).collect()
    }
}

#[tokio::test]
async fn inspections_are_filtered_by_their_people() {
    let inspections = inspections().await;
    let ([open, review, closed], Crew { pat, ana, leo, kim, .. }) = (inspections.ids, &inspections.crew);
    let filtered = async |filter: String| inspections.list(&filter).await.ids();
    assert_eq!(filtered(String::new()).await, [open, review, closed]);
    assert_eq!(filtered(format!("filters[inspector_id][]={leo}")).await, [open, review]);
    assert_eq!(filtered(format!("filters[inspector_id][]={ana}")).await, [open, closed], "closed too");
    assert_eq!(
        filtered(format!("filters[inspector_id][]={pat}&filters[inspector_id][]={leo}")).await.len(),
        2
    );
    assert_eq!(filtered(format!("filters[point_of_contact_id][]={kim}")).await, [open]);
    assert_eq!(filtered(format!("filters[point_of_contact_id][]={leo}")).await, [] as [u64; 0]);
    assert_eq!(filtered(format!("filters[id][]={closed}")).await, [closed]);
    assert_eq!(filtered("per_page=2&page=2".to_owned()).await, [closed]);
    assert_eq!(inspections.list("filters[inspector_id][]=leo").await.status, 400);
    assert_eq!(inspections.site.get("/rest/v1.0/projects/1/checklist/lists").await.status, 404);
}

#[tokio::test]
async fn an_inspection_names_people_with_their_companies() {
    let inspections = inspections().await;
    let Crew { leo, kim, .. } = inspections.crew;
    let listed = inspections.list("").await;
    let row = &listed.body[0];
    let leo = json!({
        "id": leo, "name": "Leo Cruz", "login": "leo.cruz@halvorsen-steel-erectors.example",
        "company_name": "Halvorsen Steel Erectors",
    });
    assert_eq!((&row["inspectors"][1], &row["point_of_contact"]["id"]), (&leo, &json!(kim)));
    assert_eq!((&row["status"], &row["number"]), (&json!("Open"), &json!(1)));
    assert_eq!(listed.all("status"), ["Open", "In Review", "Closed"]);
    assert_eq!((&row["closed_by"], listed.body[2]["closed_at"].is_string()), (&Value::Null, true));
}

#[tokio::test]
async fn inspectors_are_replaced_as_a_whole_and_a_point_of_contact_can_be_taken_away() {
    let inspections = inspections().await;
    let (id, Crew { pat, ana, leo, kim, .. }) = (inspections.ids[0], &inspections.crew);
    assert_eq!(inspections.held(*kim), [(HeldAs::PointOfContact, id)]);
    let answer = inspections.patch(id, json!({ "inspector_ids": [pat, leo] })).await;
    assert_eq!((answer.status, &answer.body["inspectors"][0]["id"]), (200, &json!(pat)));
    assert_eq!(inspections.get(id).inspectors, [*pat, *leo]);
    assert_eq!(inspections.get(id).point_of_contact, Some(*kim), "what is not sent stays");
    inspections.patch(id, json!({ "point_of_contact_id": leo, "inspector_ids": [] })).await;
    let found = inspections.get(id);
    assert_eq!((found.inspectors.as_slice(), found.point_of_contact), (&[] as &[u64], Some(*leo)));
    assert_eq!(
        inspections.held(*leo),
        [(HeldAs::Inspector, inspections.ids[1]), (HeldAs::PointOfContact, id)]
    );
    inspections.patch(id, json!({ "point_of_contact_id": null })).await;
    assert_eq!(inspections.get(id).point_of_contact, None);
    assert_eq!(inspections.held(*ana), [], "the other one of Ana is closed");
}

#[tokio::test]
async fn a_status_is_written_otherwise_than_it_is_shown() {
    let inspections = inspections().await;
    let id = inspections.ids[0];
    let closed = inspections.patch(id, json!({ "status": "closed" })).await;
    assert_eq!((closed.status, &closed.body["status"]), (200, &json!("Closed")));
    let service = inspections.site.simulator.with_company(|company| company.service_account());
    assert_eq!(
        (closed.body["closed_at"].is_string(), &closed.body["closed_by"]["id"]),
        (true, &json!(service))
    );
    let review = inspections.patch(id, json!({ "status": "in_review" })).await;
    assert_eq!((&review.body["status"], &review.body["closed_at"]), (&json!("In Review"), &Value::Null));
    assert_eq!(inspections.patch(id, json!({ "status": "In Review" })).await.status, 400);
}

#[tokio::test]
async fn candidates_are_active_members_and_more_may_be_asked_than_may_inspect() {
    let inspections = inspections().await;
    let Crew { project, pat, ana, leo, kim, .. } = inspections.crew;
    let inspectors = async || {
        let path = format!("/rest/v1.0/checklist/possible_inspectors?project_id={project}");
        inspections.site.get(&path).await
    };
    let contacts = async |query: &str| {
        let path = format!("/rest/v1.0/checklist/potential_points_of_contact?project_id={project}{query}");
        inspections.site.get(&path).await
    };
    let sorted = |mut ids: Vec<u64>| {
        ids.sort_unstable();
        ids
    };
    let ids = |answer: &Answer| {
        sorted(
            answer.body["people"].as_array().unwrap().iter().map(|row| row["id"].as_u64().unwrap()).collect(),
        )
    };
    let listed = inspectors().await;
    assert_eq!(ids(&listed), sorted(vec![pat, ana, leo]));
    assert_eq!(keys(&listed.body["people"][0]), ["company", "id", "login", "name"]);
    assert_eq!(sorted(contacts("").await.ids()), sorted(vec![pat, ana, leo, kim]));
    let vendor = inspections.crew.company.user(leo).unwrap().vendor.unwrap();
    let of_vendor = contacts(&format!("&vendor_id={vendor}")).await;
    assert_eq!(of_vendor.body[0]["name_with_vendor"], "Leo Cruz (Halvorsen Steel Erectors)");
    assert_eq!(of_vendor.ids(), [leo]);
    inspections.site.simulator.with_company(|company| company.set_active(leo, false)).unwrap();
    assert_eq!(ids(&inspectors().await), sorted(vec![pat, ana]));
    assert_eq!(contacts("").await.ids().len(), 3);
    assert_eq!(inspections.site.get("/rest/v1.0/checklist/possible_inspectors").await.status, 400);
}

#[tokio::test]
async fn who_may_not_take_part_is_refused() {
    let (mut crew, [id, ..]) = built();
    let stranger = crew.company.add_user(NewUser::named("Uma", "Rao")).unwrap();
    let Crew { project, pat, leo, kim, .. } = crew;
    crew.company.set_active(pat, false).unwrap();
    crew.company.set_active(leo, false).unwrap();
    let site = Site::of(crew.company).await;
    let patch = async |fields: Value| {
        let path = format!("/rest/v1.0/projects/{project}/checklist/lists/{id}");
        site.patch(&path, json!({ "list": fields })).await
    };
    let before = site.simulator.export();
    for (field, value, status) in [
        ("inspector_ids", json!([stranger]), 422),
        ("inspector_ids", json!([kim]), 422),
        ("inspector_ids", json!([leo, pat]), 422),
        ("inspector_ids", json!([1]), 422),
        ("point_of_contact_id", json!(stranger), 422),
        ("point_of_contact_id", json!(pat), 422),
        ("responsible_contractor_id", json!(1), 422),
        ("name", json!(" "), 422),
        ("inspector_ids", json!(leo), 400),
        ("status", json!("done"), 400),
    ] {
        let refused = patch(json!({ "description": "X", field: value })).await;
        assert_eq!(refused.status, status, "{field}: {value}");
        assert!(refused.body["errors"][field][0].is_string(), "{}", refused.text);
    }
    assert_eq!(site.simulator.export(), before);
    assert_eq!(patch(json!({ "inspector_ids": [leo] })).await.status, 200, "whoever holds it may stay");
    let other = format!("/rest/v1.0/projects/{project}/checklist/lists/1");
    assert_eq!(site.patch(&other, json!({ "list": {} })).await.status, 404);
}

#[tokio::test]
async fn items_of_inactive_people_may_have_to_stay_and_the_tool_may_be_off() {
    let (mut crew, [id, ..]) = built();
    let Crew { project, ana, pat, leo, kim, .. } = crew;
    crew.company.set_active(kim, false).unwrap();
    crew.company.set_active(leo, false).unwrap();
    let switches = Switches { inactive_items_move: false, ..Switches::default() };
    let site = Site::with(Config { switches, ..config() }, crew.company).await;
    let path = format!("/rest/v1.0/projects/{project}/checklist/lists/{id}");
    let patch = async |fields: Value| site.patch(&path, json!({ "list": fields })).await.status;
    assert_eq!(patch(json!({ "inspector_ids": [ana] })).await, 422);
    assert_eq!(patch(json!({ "point_of_contact_id": ana })).await, 422);
    assert_eq!(patch(json!({ "inspector_ids": [leo, pat] })).await, 200);
    site.simulator.with_company(|company| company.set_tool(project, Tool::Checklists, false)).unwrap();
    assert_eq!(patch(json!({ "status": "closed" })).await, 404);
    let candidates = format!("/rest/v1.0/checklist/possible_inspectors?project_id={project}");
    assert_eq!(site.get(&candidates).await.status, 404);
}
