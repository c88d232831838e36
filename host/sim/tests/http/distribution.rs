//! Distribution groups.

use reqwest::Method;
use serde_json::{Value, json};

use crate::site::{Answer, Crew, Site, crew, send};

struct Groups {
    site: Site,
    crew: [u64; 3],
    project: u64,
    field: u64,
    office: u64,
}

async fn groups() -> Groups {
    let Crew { mut company, pat, ana, leo, project, .. } = crew();
    let field = company.add_distribution_group("Field", Some(project), &[ana, leo]).unwrap();
    let office = company.add_distribution_group("Office", None, &[pat]).unwrap();
    Groups { site: Site::of(company).await, crew: [pat, ana, leo], project, field, office }
}

impl Groups {
    fn path(&self, id: u64) -> String {
        format!("/rest/v1.0/projects/{}/distribution_groups/{id}", self.project)
    }

    async fn change(&self, group: Value) -> Answer {
        self.site.patch(&self.path(self.field), json!({ "distribution_group": group })).await
    }

    fn users(&self) -> Vec<u64> {
        self.site
            .simulator
            .with_company(|company| company.distribution_group(self.field).unwrap().users.clone())
    }
}

#[tokio::test]
async fn groups_of_the_company_and_of_a_project_stand_in_two_lists() {
    let groups = groups().await;
    let (site, project, [pat, ana, leo]) = (&groups.site, groups.project, groups.crew);
    let company = site.get("/rest/v1.0/companies/{c}/distribution_groups").await;
    assert_eq!(company.body, json!([{ "id": groups.office, "name": "Office", "description": null }]));
    let path = format!("/rest/v1.0/projects/{project}/distribution_groups");
    assert_eq!(site.get(&path).await.ids(), [groups.field]);
    let all = site.get(&format!("{path}?include_ancestors=true&sort=-name&view=extended")).await;
    assert_eq!(all.ids(), [groups.office, groups.field]);
    assert_eq!(all.body[0]["users"][0]["id"], pat);
    let expected = json!({
        "id": leo, "name": "Leo Cruz", "company_name": "Halvorsen Steel Erectors", "initials": "LC",
        "login": "leo.cruz@halvorsen-steel-erectors.example", "imageUrl": null, "job_title": "Detailer",
    });
    assert_eq!(all.body[1]["users"][1], expected);
    assert_eq!(site.get(&format!("{path}?filters[search]=office")).await.ids(), [] as [u64; 0]);
    let shown = site.get(&format!("{}?view=extended", groups.path(groups.field))).await;
    assert_eq!((shown.status, &shown.body["users"][0]["id"]), (200, &json!(ana)));
    assert!(site.get(&groups.path(groups.field)).await.body.get("users").is_none());
    assert_eq!(site.get(&groups.path(groups.office)).await.status, 404, "not one of this project");
}

#[tokio::test]
async fn the_users_that_are_sent_are_all_that_stay() {
    let groups = groups().await;
    let [pat, ana, leo] = groups.crew;
    let answer = groups.change(json!({ "user_ids": [ana] })).await;
    assert_eq!((answer.status, answer.body["users"].as_array().unwrap().len()), (200, 1));
    assert_eq!(groups.users(), [ana]);
    groups.change(json!({ "description": "Whoever is on site" })).await;
    assert_eq!(groups.users(), [ana], "what is not sent stays");
    groups.change(json!({ "user_ids": [pat, leo, pat] })).await;
    assert_eq!(groups.users(), [pat, leo]);
    groups.change(json!({ "user_ids": [] })).await;
    assert!(groups.users().is_empty());
}

#[tokio::test]
async fn an_inactive_member_may_stay_and_none_may_come() {
    let groups = groups().await;
    let [pat, ana, leo] = groups.crew;
    groups.site.simulator.with_company(|company| {
        company.set_active(leo, false).unwrap();
        company.set_active(pat, false).unwrap();
    });
    assert_eq!(groups.change(json!({ "user_ids": [leo] })).await.status, 200);
    for users in [json!([leo, pat]), json!([1])] {
        assert_eq!(groups.change(json!({ "user_ids": users })).await.status, 422);
    }
    assert_eq!(groups.change(json!({ "name": "" })).await.status, 422);
    assert_eq!(groups.change(json!({ "user_ids": "all" })).await.status, 400);
    assert_eq!(groups.users(), [leo]);
    assert_eq!(groups.change(json!({ "user_ids": [leo, ana] })).await.status, 200);
}

#[tokio::test]
async fn a_token_that_was_there_before_changes_nothing() {
    let groups = groups().await;
    let [pat, ana, _] = groups.crew;
    let change = async |users: Value, token: &str| {
        let body = json!({ "distribution_group": { "user_ids": users } });
        let request = groups.site.request(Method::PATCH, &groups.path(groups.field));
        send(request.header("Idempotency-Token", token).json(&body)).await
    };
    assert_eq!(change(json!([ana]), "one").await.status, 200);
    let again = change(json!([pat]), "one").await;
    assert_eq!((again.status, &again.body["users"][0]["id"]), (200, &json!(ana)));
    assert_eq!(groups.users(), [ana]);
    change(json!([pat]), "two").await;
    assert_eq!(groups.users(), [pat]);
}
