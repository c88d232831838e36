//! Changing a user of the company.

use muster_sim::Fault;
use serde_json::{Value, json};

use crate::site::{Crew, Site, crew, template};

fn path(id: u64) -> String {
    format!("/rest/v1.3/companies/{{c}}/users/{id}")
}

#[tokio::test]
async fn a_change_touches_only_what_is_sent() {
    let Crew { company, ana, .. } = crew();
    let before = company.user(ana).unwrap().clone();
    let site = Site::of(company).await;
    let change = json!({ "user": { "job_title": "Senior Engineer", "mobile_phone": null, "shoe_size": 44 } });
    let answer = site.patch(&path(ana), change).await;
    assert_eq!((answer.status, &answer.body["job_title"]), (200, &json!("Senior Engineer")));
    assert_eq!(answer.body["updated_at"], "2026-07-02T08:00:00Z");
    assert_eq!(answer.body["add_to_new_projects"], false);
    assert!(answer.body.get("locale").is_none());
    let after = site.simulator.with_company(|company| company.user(ana).unwrap().clone());
    let expected = muster_sim::User {
        job_title: Some("Senior Engineer".into()),
        updated_at: crate::site::start(),
        ..before
    };
    assert_eq!(after, expected);
}

#[tokio::test]
async fn fields_must_be_nested_under_user() {
    let Crew { company, ana, .. } = crew();
    let site = Site::of(company).await;
    for body in [json!({ "is_active": false }), json!({ "user": false }), json!([])] {
        let answer = site.patch(&path(ana), body).await;
        assert_eq!(answer.status, 400);
        assert_eq!(answer.body["errors"][0], "param is missing or the value is empty: user");
    }
    assert_eq!(site.get(&path(ana)).await.body["is_active"], true);
}

#[tokio::test]
async fn a_deactivated_user_moves_to_the_inactive_and_keeps_memberships_and_items() {
    let Crew { company, ana, project, rfi, .. } = crew();
    let site = Site::of(company).await;
    let answer = site.patch(&path(ana), json!({ "user": { "is_active": false } })).await;
    assert_eq!((answer.status, &answer.body["is_active"]), (200, &json!(false)));
    assert!(!site.get("/rest/v1.3/companies/{c}/users").await.ids().contains(&ana));
    assert_eq!(site.get("/rest/v1.0/companies/{c}/users/inactive").await.ids(), [ana]);
    site.simulator.with_company(|company| {
        assert!(company.membership(ana, project).is_some());
        assert!(company.rfi(rfi).unwrap().assignees.contains(&ana));
    });
    let again = site.patch(&path(ana), json!({ "user": { "is_active": false } })).await;
    assert_eq!(again.status, 200, "it was so before");
}

#[tokio::test]
async fn an_inactive_user_can_not_be_activated_by_a_change() {
    let Crew { mut company, ana, .. } = crew();
    company.set_active(ana, false).unwrap();
    let site = Site::of(company).await;
    let answer = site.patch(&path(ana), json!({ "user": { "is_active": true, "job_title": "Clerk" } })).await;
    assert_eq!(answer.status, 400);
    assert!(answer.body["errors"]["is_active"][0].as_str().unwrap().contains("reactivate"));
    let user = site.get(&path(ana)).await.body;
    assert_eq!((&user["is_active"], &user["job_title"]), (&json!(false), &json!("Project Engineer")));
    let other = site.patch(&path(ana), json!({ "user": { "job_title": "Clerk" } })).await;
    assert_eq!(other.status, 200, "other fields of inactive people can be changed");
}

#[tokio::test]
async fn an_admin_may_change_addresses_and_templates() {
    let Crew { company, ana, .. } = crew();
    let (office, reader) = (template(&company, "Office Staff"), template(&company, "Read Only"));
    let site = Site::of(company).await;
    let change = json!({ "user": {
        "email_address": "ana@elsewhere.example",
        "company_permission_template_id": office,
        "default_permission_template_id": reader,
    } });
    let answer = site.patch(&path(ana), change).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body["email_address"], "ana@elsewhere.example");
    assert_eq!(answer.body["company_permission_template_id"], office);
    assert_eq!(answer.body["default_permission_template_id"], reader);
    let cleared = site.patch(&path(ana), json!({ "user": { "company_permission_template_id": null } })).await;
    assert_eq!(cleared.body["company_permission_template_id"], Value::Null);
}

#[tokio::test]
async fn what_does_not_fit_is_refused_and_named() {
    let Crew { company, ana, .. } = crew();
    let (office, reader) = (template(&company, "Office Staff"), template(&company, "Read Only"));
    let site = Site::of(company).await;
    let before = site.simulator.export();
    let unfit = [
        ("email_address", json!("PAT.moore@northgate-construction.example")),
        ("email_address", json!("nowhere")),
        ("email_address", json!(null)),
        ("last_name", json!("")),
        ("is_active", json!("false")),
        ("is_active", json!(null)),
        ("job_title", json!(7)),
        ("vendor_id", json!(1)),
        ("vendor_id", json!("161072")),
        ("company_permission_template_id", json!(reader)),
        ("default_permission_template_id", json!(office)),
    ];
    for (field, value) in unfit {
        let answer = site.patch(&path(ana), json!({ "user": { "first_name": "A", field: value } })).await;
        assert_eq!(answer.status, 400, "{field}: {value}");
        assert!(answer.body["errors"][field][0].is_string(), "{}", answer.text);
    }
    assert_eq!(site.simulator.export(), before, "a refused change changes nothing");
    assert_eq!(site.patch(&path(1), json!({ "user": { "first_name": "A" } })).await.status, 404);
}

#[tokio::test]
async fn a_deactivation_can_be_dropped_silently() {
    let Crew { company, ana, .. } = crew();
    let site = Site::of(company).await;
    site.simulator.set_faults([Fault::IgnoreDeactivation]);
    let before = site.simulator.export();
    let answer = site.patch(&path(ana), json!({ "user": { "is_active": false } })).await;
    assert_eq!((answer.status, &answer.body["is_active"]), (200, &json!(false)));
    assert_eq!(site.simulator.export(), before);
    let other = site.patch(&path(ana), json!({ "user": { "job_title": "Clerk" } })).await;
    assert_eq!(other.status, 200);
    assert_eq!(site.get(&path(ana)).await.body["job_title"], "Clerk", "other changes are not dropped");
    site.simulator.set_faults([]);
    site.patch(&path(ana), json!({ "user": { "is_active": false } })).await;
    assert_eq!(site.get(&path(ana)).await.body["is_active"], false);
}
