//! Changing RFIs: giving them to others, closing them, and what is refused.

use muster_sim::{Company, Fault, NewMembership, NewProject, NewRfi, NewUser, RfiStatus};
use serde_json::{Value, json};

use crate::site::{Answer, Crew, Site, crew, template};

async fn patch(site: &Site, project: u64, rfi: u64, fields: Value) -> Answer {
    site.patch(&format!("/rest/v1.0/projects/{project}/rfis/{rfi}"), json!({ "rfi": fields })).await
}

/// Changes the assignees and returns them with whether their answer is required, which only the list tells.
async fn assign(site: &Site, project: u64, rfi: u64, fields: Value) -> Vec<(u64, bool)> {
    let answer = patch(site, project, rfi, fields).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let list = site.get(&format!("/rest/v1.0/projects/{project}/rfis?filters[id][]={rfi}")).await;
    let list = list.body[0]["assignees"].as_array().unwrap();
    list.iter()
        .map(|item| (item["id"].as_u64().unwrap(), item["response_required"].as_bool().unwrap()))
        .collect()
}

#[tokio::test]
async fn a_list_replaces_the_list_before() {
    let Crew { company, pat, ana, leo, project, rfi, .. } = crew();
    let site = Site::of(company).await;
    let answer = patch(&site, project, rfi, json!({ "assignee_ids": [leo, pat] })).await;
    assert_eq!(
        (&answer.body["assignees"][0]["id"], &answer.body["assignees"][1]["id"]),
        (&json!(leo), &json!(pat))
    );
    assert_eq!(answer.body["ball_in_court"]["id"], leo, "the ball goes with the assignees");
    let both = json!({ "assignee_ids": [ana, leo, ana], "required_assignee_ids": [leo] });
    assert_eq!(assign(&site, project, rfi, both).await, [(ana, false), (leo, true)]);
    let required = json!({ "required_assignee_ids": [] });
    assert_eq!(assign(&site, project, rfi, required).await, [(ana, false), (leo, false)]);
    let old = json!({ "assignee_id": pat });
    assert_eq!(assign(&site, project, rfi, old).await, [(pat, false)]);
    let neither = json!({ "assignee_ids": [leo], "assignee_id": ana });
    assert_eq!(assign(&site, project, rfi, neither).await, [(leo, false)], "the new field counts");
}

#[tokio::test]
async fn whoever_stays_assigned_stays_required() {
    let Crew { company, pat, ana, project, rfi, .. } = crew();
    let site = Site::of(company).await;
    let fields = json!({ "assignee_ids": [pat, ana] });
    assert_eq!(assign(&site, project, rfi, fields).await, [(pat, false), (ana, true)]);
}

#[tokio::test]
async fn items_of_inactive_people_can_be_given_to_others() {
    let Crew { mut company, pat, ana, leo, project, rfi, .. } = crew();
    company.set_active(pat, false).unwrap();
    company.set_active(leo, false).unwrap();
    let site = Site::of(company).await;
    let answer = patch(&site, project, rfi, json!({ "rfi_manager_id": ana })).await;
    assert_eq!((answer.status, &answer.body["rfi_manager"]["id"]), (200, &json!(ana)));
    let kept = patch(&site, project, rfi, json!({ "assignee_ids": [leo] })).await;
    assert_eq!(kept.status, 200, "whoever holds it already may stay");
    assert_eq!(patch(&site, project, rfi, json!({ "assignee_ids": [ana] })).await.status, 200);
    let back = patch(&site, project, rfi, json!({ "assignee_ids": [leo] })).await;
    assert_eq!(back.status, 400, "but nobody without a login is given one anew");
    assert!(back.body["errors"]["assignee_ids"][0].as_str().unwrap().contains(&leo.to_string()));
}

#[tokio::test]
async fn people_who_are_no_candidates_are_refused() {
    let Crew { mut company, leo, kim, project, rfi, .. } = crew();
    let stranger = company.add_user(NewUser::named("Uma", "Rao")).unwrap();
    let site = Site::of(company).await;
    let before = site.simulator.export();
    let unfit = [
        ("assignee_ids", json!([stranger]), "assignee_ids"),
        ("assignee_ids", json!([leo, kim]), "assignee_ids"),
        ("assignee_ids", json!([1]), "assignee_ids"),
        ("assignee_ids", json!([]), "assignees"),
        ("assignee_ids", json!(["x"]), "assignee_ids"),
        ("assignee_ids", json!(leo), "assignee_ids"),
        ("required_assignee_ids", json!([kim]), "required_assignee_ids"),
        ("rfi_manager_id", json!(leo), "rfi_manager_id"),
        ("rfi_manager_id", json!(stranger), "rfi_manager_id"),
        ("rfi_manager_id", json!(null), "rfi_manager"),
        ("distribution_ids", json!([1]), "distribution_ids"),
        ("accepted", json!("yes"), "accepted"),
        ("draft", json!(true), "draft"),
        ("due_date", json!("soon"), "due_date"),
        ("subject", json!(" "), "subject"),
    ];
    for (field, value, named) in unfit {
        let answer = patch(&site, project, rfi, json!({ "reference": "X", field: value })).await;
        assert_eq!(answer.status, 400, "{field}: {value}");
        assert!(answer.body["errors"][named][0].is_string(), "{}", answer.text);
    }
    assert_eq!(site.simulator.export(), before, "a refused change changes nothing");
}

#[tokio::test]
async fn accepting_closes_and_taking_it_back_opens() {
    let Crew { company, ana, project, rfi, .. } = crew();
    let site = Site::of(company).await;
    let closed = patch(&site, project, rfi, json!({ "accepted": true })).await.body;
    assert_eq!((&closed["status"], &closed["accepted"]), (&json!("closed"), &json!(true)));
    assert_eq!(closed["time_resolved"], "2026-07-02T08:00:00Z");
    assert_eq!((&closed["ball_in_court"], &closed["ball_in_court_role"]), (&Value::Null, &Value::Null));
    assert_eq!(closed["assignees"][0]["id"], ana, "it is still known who was asked");
    let opened = patch(&site, project, rfi, json!({ "accepted": false })).await.body;
    assert_eq!((&opened["status"], &opened["time_resolved"]), (&json!("open"), &Value::Null));
    assert_eq!(opened["ball_in_court"]["id"], ana);
}

#[tokio::test]
async fn a_draft_can_be_asked_or_closed() {
    let Crew { mut company, pat, leo, project, .. } = crew();
    let new =
        NewRfi { status: RfiStatus::Draft, ..NewRfi::open(project, "Roof drain location", pat, &[leo]) };
    let [first, second] = [(); 2].map(|()| company.add_rfi(new.clone()).unwrap());
    let site = Site::of(company).await;
    let asked = patch(&site, project, first, json!({ "draft": false })).await.body;
    assert_eq!((&asked["status"], &asked["initiated_at"]), (&json!("open"), &json!("2026-07-02T08:00:00Z")));
    let closed = patch(&site, project, second, json!({ "accepted": true })).await.body;
    assert_eq!(closed["status"], "closed_draft");
    assert_eq!(patch(&site, project, second, json!({ "accepted": false })).await.body["status"], "draft");
}

#[tokio::test]
async fn the_ball_can_not_be_written() {
    let Crew { company, pat, ana, project, rfi, .. } = crew();
    let site = Site::of(company).await;
    let answer = patch(&site, project, rfi, json!({ "ball_in_court_id": pat })).await;
    assert_eq!((answer.status, &answer.body["ball_in_court"]["id"]), (200, &json!(ana)));
}

#[tokio::test]
async fn other_fields_are_written() {
    let Crew { company, pat, leo, kim, project, rfi, .. } = crew();
    let vendor = company.user(leo).unwrap().vendor;
    let site = Site::of(company).await;
    let fields = json!({
        "subject": "Slab edge at grid C-5",
        "reference": "Sheet S2.01",
        "drawing_number": "S2.01",
        "due_date": "2026-07-20",
        "private": true,
        "number": "12",
        "distribution_ids": [kim, pat],
        "received_from_login_information_id": kim,
        "responsible_contractor_id": vendor,
    });
    let rfi = patch(&site, project, rfi, fields).await.body;
    assert_eq!((&rfi["subject"], &rfi["number"]), (&json!("Slab edge at grid C-5"), &json!("12")));
    assert_eq!((&rfi["due_date"], &rfi["private"]), (&json!("2026-07-20"), &json!(true)));
    assert_eq!((&rfi["reference"], &rfi["drawing_number"]), (&json!("Sheet S2.01"), &json!("S2.01")));
    assert_eq!((&rfi["distribution_list"][1]["id"], &rfi["received_from"]["id"]), (&json!(pat), &json!(kim)));
    assert_eq!(rfi["responsible_contractor"]["name"], "Halvorsen Steel Erectors");
}

#[tokio::test]
async fn fields_must_be_nested_under_rfi() {
    let Crew { company, ana, project, rfi, .. } = crew();
    let site = Site::of(company).await;
    let path = format!("/rest/v1.0/projects/{project}/rfis/{rfi}");
    let answer = site.patch(&path, json!({ "assignee_ids": [ana] })).await;
    assert_eq!(
        (answer.status, answer.body["errors"][0].as_str()),
        (400, Some("param is missing or the value is empty: rfi"))
    );
    assert_eq!(patch(&site, project, 1, json!({})).await.status, 404);
}

#[tokio::test]
async fn a_reassignment_can_be_dropped_silently() {
    let Crew { company, leo, project, rfi, .. } = crew();
    let site = Site::of(company).await;
    site.simulator.set_faults([Fault::IgnoreReassignment]);
    let before = site.simulator.export();
    let answer = patch(&site, project, rfi, json!({ "assignee_ids": [leo] })).await;
    assert_eq!((answer.status, &answer.body["assignees"][0]["id"]), (200, &json!(leo)));
    assert_eq!(site.simulator.export(), before);
    assert_eq!(patch(&site, project, rfi, json!({ "accepted": true })).await.status, 200);
    let status = site.simulator.with_company(|company| company.rfi(rfi).unwrap().status);
    assert_eq!(status, RfiStatus::Closed, "other changes are not dropped");
}

#[tokio::test]
async fn a_closing_can_be_dropped_silently() {
    let Crew { company, leo, project, rfi, .. } = crew();
    let site = Site::of(company).await;
    site.simulator.set_faults([Fault::IgnoreClosing]);
    let before = site.simulator.export();
    let answer = patch(&site, project, rfi, json!({ "accepted": true })).await;
    assert_eq!((answer.status, answer.body["status"].as_str()), (200, Some("closed")));
    assert_eq!(site.simulator.export(), before);
    patch(&site, project, rfi, json!({ "assignee_ids": [leo] })).await;
    let assignees = site.simulator.with_company(|company| company.rfi(rfi).unwrap().assignees.clone());
    assert_eq!(assignees, [leo], "other changes are not dropped");
}

#[tokio::test]
async fn an_item_that_nobody_else_could_take_can_be_built() {
    let mut company = Company::new("Northgate Construction");
    let manager = template(&company, "Project Manager");
    let leaver = company.add_user(NewUser::named("Ana", "Diaz")).unwrap();
    let project = company.add_project(NewProject::named("Mill Creek Plant"));
    company.add_membership(NewMembership::new(leaver, project).with_template(manager)).unwrap();
    let rfi = company.add_rfi(NewRfi::open(project, "Elevator pit depth", leaver, &[leaver])).unwrap();
    let site = Site::of(company).await;
    let held = site.get(&format!("/rest/v1.0/projects/{project}/rfis?filters[assigned_id]={leaver}")).await;
    assert_eq!(held.ids(), [rfi]);
    let candidates = site.get(&format!("/rest/v1.0/projects/{project}/rfis/potential_assignees")).await;
    assert_eq!(candidates.ids(), [leaver]);
}
