//! Many users added or changed in one call.

use serde_json::{Value, json};

use crate::site::{Answer, Crew, Site, crew};

async fn sync(site: &Site, updates: Value) -> Answer {
    site.patch("/rest/v1.3/companies/{c}/users/sync", json!({ "updates": updates })).await
}

#[tokio::test]
async fn rows_are_found_by_id_or_origin_and_else_added() {
    let Crew { company, pat, ana, .. } = crew();
    let site = Site::of(company).await;
    let rows = json!([
        { "id": ana, "origin_id": "HR-1", "job_title": "Lead" },
        { "origin_id": "HR-1", "city": "Boise" },
        { "origin_id": "HR-2", "email_address": "nia@x.example", "last_name": "Okafor" },
        { "email_address": "ray@x.example", "last_name": "Holt" },
        { "id": pat, "is_active": false },
    ]);
    let answer = sync(&site, rows).await;
    assert_eq!((answer.status, &answer.body["errors"]), (200, &json!([])), "{}", answer.text);
    let entities = answer.body["entities"].as_array().unwrap();
    assert_eq!(entities.len(), 5);
    assert_eq!((&entities[1]["id"], &entities[1]["city"]), (&json!(ana), &json!("Boise")));
    assert_eq!(entities[1]["job_title"], "Lead");
    assert_eq!((&entities[2]["origin_id"], &entities[2]["is_active"]), (&json!("HR-2"), &json!(true)));
    assert_eq!(entities[4]["is_active"], false);
    assert_eq!(entities[0]["locale"], "en");
    assert_eq!(site.get("/rest/v1.0/companies/{c}/users/inactive").await.ids(), [pat]);
}

#[tokio::test]
async fn a_row_that_does_not_fit_is_told_with_what_was_sent_and_stops_no_other() {
    let Crew { company, ana, .. } = crew();
    let site = Site::of(company).await;
    let rows = json!([
        { "id": 5, "is_active": false },
        { "id": ana, "email_address": "pat.moore@northgate-construction.example" },
        { "first_name": "Nobody" },
        { "id": "7" },
        "a row",
        { "id": ana, "job_title": "Lead" },
    ]);
    let answer = sync(&site, rows).await;
    assert_eq!(answer.status, 200);
    let expected = json!([
        { "id": 5, "is_active": false, "errors": { "id": ["Entity with this ID not found"] } },
        {
            "id": ana,
            "email_address": "pat.moore@northgate-construction.example",
            "errors": { "email_address": ["has already been taken"] },
        },
        {
            "first_name": "Nobody",
            "errors": { "email_address": ["can't be blank"], "last_name": ["can't be blank"] },
        },
        { "id": "7", "errors": { "id": ["must be an integer"] } },
        { "errors": { "base": ["must be an object"] } },
    ]);
    assert_eq!(answer.body["errors"], expected);
    assert_eq!(answer.body["entities"].as_array().unwrap().len(), 1);
    assert_eq!(answer.body["entities"][0]["job_title"], "Lead");
}

#[tokio::test]
async fn a_sync_gives_logins_back_unless_the_vendor_is_inactive() {
    let Crew { mut company, ana, leo, project, .. } = crew();
    let vendor = company.user(leo).unwrap().vendor.unwrap();
    company.set_active(ana, false).unwrap();
    company.set_active(leo, false).unwrap();
    company.set_vendor_active(vendor, false).unwrap();
    let site = Site::of(company).await;
    let rows =
        json!([{ "id": ana, "is_active": true }, { "id": leo, "is_active": true, "job_title": "Lead" }]);
    let answer = sync(&site, rows).await;
    assert_eq!(answer.body["entities"][0]["is_active"], true);
    assert!(answer.body["errors"][0]["errors"]["vendor"].is_array(), "{}", answer.text);
    site.simulator.with_company(|company| {
        assert!(company.user(ana).unwrap().active && company.membership(ana, project).is_some());
        assert_eq!(company.user(ana).unwrap().last_activated_at, Some(crate::site::start()));
        let leo = company.user(leo).unwrap();
        assert_eq!(
            (leo.active, leo.job_title.as_deref()),
            (false, Some("Detailer")),
            "all of a row or nothing"
        );
    });
}

#[tokio::test]
async fn a_sync_of_more_than_a_thousand_rows_is_refused_whole() {
    let Crew { company, ana, .. } = crew();
    let site = Site::of(company).await;
    let before = site.simulator.export();
    let rows: Vec<_> =
        (0..1001).map(|index| json!({ "id": ana, "job_title": format!("Job {index}") })).collect();
    assert_eq!(sync(&site, json!(rows)).await.status, 400);
    assert_eq!(site.patch("/rest/v1.3/companies/{c}/users/sync", json!({ "users": [] })).await.status, 400);
    assert_eq!(site.simulator.export(), before);
    let thousand = sync(&site, json!(rows[..1000])).await;
    assert_eq!(thousand.body["entities"].as_array().unwrap().len(), 1000);
}
