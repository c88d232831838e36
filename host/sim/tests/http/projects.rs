//! The projects of the company.

use muster_sim::{Company, NewProject};
use serde_json::json;

use crate::site::{Answer, Site};

async fn site() -> (Site, u64, u64) {
    let mut company = Company::new("Northgate Construction");
    let tower = company.add_project(NewProject {
        number: Some("26-1001".into()),
        ..NewProject::named("Harbor Point Tower B")
    });
    let over = company.add_project(NewProject {
        inactive: true,
        number: Some("24-0007".into()),
        stage: Some("Closed Out".into()),
        ..NewProject::named("Ashford Library")
    });
    (Site::of(company).await, tower, over)
}

async fn list(site: &Site, query: &str) -> Answer {
    site.get(&format!("/rest/v1.1/projects?company_id={{c}}{query}")).await
}

#[tokio::test]
async fn only_active_projects_are_listed_unless_others_are_asked_for() {
    let (site, tower, over) = site().await;
    assert_eq!(list(&site, "").await.ids(), [tower]);
    assert_eq!(list(&site, "&filters[by_status]=Active").await.ids(), [tower]);
    assert_eq!(list(&site, "&filters[by_status]=Inactive").await.ids(), [over]);
    assert_eq!(list(&site, "&filters[by_status]=All&sort=name").await.ids(), [over, tower]);
    assert_eq!(list(&site, "&filters[by_status]=active").await.status, 400);
}

#[tokio::test]
async fn projects_are_filtered_by_id_name_and_number() {
    let (site, tower, over) = site().await;
    let both = format!("&filters[by_status]=All&filters[id][]={tower}&filters[id][]={over}");
    assert_eq!(list(&site, &both).await.number("total"), 2);
    assert_eq!(list(&site, &format!("&filters[id]={over}")).await.number("total"), 0, "it is not active");
    assert_eq!(list(&site, "&filters[name]=harbor").await.ids(), [tower]);
    assert_eq!(list(&site, "&filters[project_number]=26-1001").await.ids(), [tower]);
    assert_eq!(list(&site, "&filters[project_number]=26").await.number("total"), 0);
    assert_eq!(list(&site, "&filters[created_at]=2026-01-05...2026-01-05").await.ids(), [tower]);
}

#[tokio::test]
async fn views_differ_in_what_they_show() {
    let (site, tower, _) = site().await;
    assert_eq!(list(&site, "&view=ids").await.body, json!([tower]));
    assert_eq!(
        list(&site, "&view=compact").await.body,
        json!([{ "id": tower, "name": "Harbor Point Tower B" }])
    );
    let normal = list(&site, "").await.body[0].clone();
    assert_eq!(normal["display_name"], "26-1001 - Harbor Point Tower B");
    assert_eq!(normal["project_number"], "26-1001");
    assert_eq!(normal["active"], true);
    assert_eq!(normal["project_stage"]["name"], "Course of Construction");
    assert_eq!(normal["company"], json!({ "id": site.id, "name": "Northgate Construction" }));
    assert!(normal.get("tz_name").is_none());
    assert_eq!(list(&site, "&view=extended").await.body[0]["tz_name"], "America/Denver");
}

#[tokio::test]
async fn one_project_is_shown_active_or_not() {
    let (site, tower, over) = site().await;
    for (id, active) in [(tower, true), (over, false)] {
        let answer = site.get(&format!("/rest/v1.0/projects/{id}?company_id={{c}}")).await;
        assert_eq!((answer.status, &answer.body["id"]), (200, &json!(id)));
        assert_eq!(answer.body["active"], active);
        assert_eq!(answer.body["created_by"]["name"], "Muster Service Account");
        assert!(answer.body["project_stage_id"].is_u64());
    }
    assert_eq!(site.get("/rest/v1.0/projects/1?company_id={c}").await.status, 404);
    assert_eq!(site.get(&format!("/rest/v1.0/projects/{tower}")).await.status, 400);
    let minimal = site.get(&format!("/rest/v1.0/projects/{tower}?company_id={{c}}&view=minimal")).await;
    assert!(minimal.body.get("created_by").is_none());
}

#[tokio::test]
async fn the_value_of_a_project_is_a_number_in_lists_and_a_text_alone() {
    let site = Site::seeded().await;
    let listed = list(&site, "").await.body[0].clone();
    assert!(listed["total_value"].is_f64());
    let shown = site.get(&format!("/rest/v1.0/projects/{}?company_id={{c}}", listed["id"])).await;
    assert!(shown.body["total_value"].is_string());
}
