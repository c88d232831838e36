//! Many memberships made and ended in one call, at once or in a batch.

use muster_sim::{NewProject, NewUser};
use serde_json::{Value, json};

use crate::site::{Answer, Crew, Site, crew, template};

const ADD: &str = "/rest/v1.3/companies/{c}/users/bulk_add";
const REMOVE: &str = "/rest/v1.3/companies/{c}/users/bulk_remove";
const ADD_V2: &str = "/rest/v2.0/companies/{c}/users/bulk_add";
const REMOVE_V2: &str = "/rest/v2.0/companies/{c}/users/bulk_remove";

async fn post(site: &Site, path: &str, users: Value) -> Answer {
    site.post(path, json!({ "users": users })).await
}

#[tokio::test]
async fn bulk_add_puts_people_on_projects_and_never_changes_the_template_of_a_member() {
    let Crew { mut company, pat, ana, project, .. } = crew();
    let (engineer, reader) = (template(&company, "Project Engineer"), template(&company, "Read Only"));
    let other = company.add_project(NewProject::named("Mill Creek Plant"));
    let site = Site::of(company).await;
    let rows = json!([
        { "user_id": ana, "project_id": project, "permission_template_id": reader },
        { "user_id": ana, "project_id": other, "permission_template_id": reader },
        { "user_id": pat, "project_id": other },
    ]);
    let answer = post(&site, ADD, rows).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let entities = answer.body["entities"].as_array().unwrap();
    let of = |user: u64| entities.iter().find(|entity| entity["userId"] == json!(user.to_string())).unwrap();
    let added = |id: u64| json!({ "projectId": id.to_string(), "message": "user has been successfully added to the project" });
    let project_ids = json!([added(project), added(other)]);
    assert_eq!(of(ana)["projects"], project_ids);
    site.simulator.with_company(|company| {
        assert_eq!(company.membership(ana, project).unwrap().template, Some(engineer));
        assert_eq!(company.membership(ana, other).unwrap().template, Some(reader));
        let manager = template(company, "Project Manager");
        assert_eq!(company.membership(pat, other).unwrap().template, Some(manager), "the default one");
    });
}

#[tokio::test]
async fn what_could_not_be_added_is_told_with_207() {
    let Crew { company, pat, ana, project, .. } = crew();
    let office = template(&company, "Office Staff");
    let site = Site::of(company).await;
    let rows = json!([
        { "user_id": pat, "project_id": project },
        { "user_id": ana, "project_id": 1 },
        { "user_id": 2, "project_id": project },
        { "user_id": ana, "project_id": project, "permission_template_id": office },
    ]);
    let answer = post(&site, ADD, rows).await;
    assert_eq!(answer.status, 207);
    let error = |user: u64, project: u64| {
        let message = "Contact could not be added.";
        json!({ "userId": user.to_string(), "errors": [{ "projectId": project.to_string(), "message": message }] })
    };
    let errors = answer.body["errors"].as_array().unwrap();
    assert!(errors.contains(&error(2, project)) && errors.contains(&error(ana, 1)), "{}", answer.text);
    assert_eq!(
        answer.body["entities"].as_array().unwrap().len(),
        2,
        "a member stays whatever template is named"
    );
}

#[tokio::test]
async fn bulk_remove_tells_each_pair_and_leaves_alone_what_groups_own() {
    let Crew { mut company, pat, ana, leo, project, .. } = crew();
    company.set_managed(leo, project, true);
    let site = Site::of(company).await;
    let rows = json!([
        { "user_id": ana, "project_id": project },
        { "user_id": leo, "project_id": project },
        { "user_id": pat, "project_id": 1 },
    ]);
    let answer = post(&site, REMOVE, rows).await;
    let (p, one) = (project.to_string(), "1".to_owned());
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body[ana.to_string()], json!({ &p: "success" }));
    assert_eq!(answer.body[leo.to_string()], json!({ &p: "failure" }));
    assert_eq!(answer.body[pat.to_string()], json!({ one: "failure" }));
    site.simulator.with_company(|company| {
        assert!(company.membership(ana, project).is_none() && company.membership(leo, project).is_some());
    });
}

#[tokio::test]
async fn version_2_names_ids_as_text_and_says_what_it_skipped() {
    let Crew { mut company, ana, leo, kim, project, .. } = crew();
    company.set_managed(leo, project, true);
    let site = Site::of(company).await;
    let row = |user: u64| json!({ "user_id": user.to_string(), "project_id": project.to_string() });
    let answer = post(&site, REMOVE_V2, json!([row(ana), row(leo), row(1)])).await;
    let p = project.to_string();
    let expected = json!({ "data": [{
        ana.to_string(): { &p: "success" }, leo.to_string(): { &p: "skipped_managed" }, "1": { &p: "failure" },
    }] });
    assert_eq!((answer.status, &answer.body), (200, &expected));
    let added = post(&site, ADD_V2, json!([row(ana), row(kim)])).await;
    assert_eq!((added.status, added.body["data"][0]["entities"].as_array().unwrap().len()), (200, 2));
    let partly = post(&site, ADD_V2, json!([row(ana), row(1)])).await;
    assert_eq!(partly.status, 207);
    assert_eq!(partly.body["data"][0]["entities"][0]["userId"], ana.to_string());
    assert_eq!(partly.body["errors"][0]["userId"], "1");
    let numbers = json!([{ "user_id": ana, "project_id": project }]);
    assert_eq!(post(&site, ADD_V2, numbers.clone()).await.status, 400, "version 2 has text");
    assert_eq!(post(&site, ADD, json!([row(ana)])).await.status, 400, "version 1 has numbers");
}

#[tokio::test]
async fn rows_beyond_the_largest_number_or_without_a_form_are_refused_whole() {
    let Crew { company, ana, project, .. } = crew();
    let site = Site::of(company).await;
    let before = site.simulator.export();
    let row = json!({ "user_id": ana, "project_id": project });
    assert_eq!(post(&site, REMOVE, json!(vec![row; 1001])).await.status, 400);
    let row = json!({ "user_id": ana.to_string(), "project_id": project.to_string() });
    assert_eq!(post(&site, REMOVE_V2, json!(vec![row; 1001])).await.status, 400);
    assert_eq!(post(&site, REMOVE, json!([{ "user_id": ana }])).await.status, 400);
    assert_eq!(post(&site, REMOVE, json!({})).await.status, 400);
    assert_eq!(site.simulator.export(), before);
}

/// Returns 120 rows of 60 people on two projects, the first person a member of the first project already.
async fn many() -> (Site, Value, u64) {
    let Crew { mut company, project, .. } = crew();
    let other = company.add_project(NewProject::named("Mill Creek Plant"));
    let mut rows = Vec::new();
    for _ in 0..60 {
        let user = company.add_user(NewUser::named("Nia", "Okafor")).unwrap();
        for project in [project, other] {
            rows.push(json!({ "user_id": user.to_string(), "project_id": project.to_string() }));
        }
    }
    (Site::of(company).await, json!(rows), project)
}

#[tokio::test]
async fn more_than_fifty_rows_are_worked_off_later() {
    let (site, rows, project) = many().await;
    let members = |site: &Site| site.simulator.with_company(|company| company.members(project).count());
    let answer = post(&site, ADD_V2, rows).await;
    assert_eq!(answer.status, 202);
    assert_eq!(answer.body["data"][0]["status"], "accepted");
    assert_eq!(members(&site), 4, "nothing has happened yet");
    let id = answer.body["data"][0]["batch_id"].as_str().unwrap();
    let status = format!("/rest/v2.0/companies/{{c}}/users/bulk/status/{id}");
    let first = site.get(&status).await.body["data"].clone();
    let expected = json!({
        "is_complete": false, "bid": id, "total": 120, "pending": 95, "failures": 0,
        "description": "Bulk add users to projects",
    });
    assert_eq!(first, expected);
    assert!((5..64).contains(&members(&site)));
    let mut looks = 1;
    while site.get(&status).await.body["data"]["is_complete"] == false {
        looks += 1;
        assert!(looks < 10, "a batch ends even if the clock stands still");
    }
    assert_eq!(members(&site), 64);
    assert_eq!(site.get(&status).await.body["data"]["pending"], 0, "the end can be asked for again");
    assert_eq!(site.get("/rest/v2.0/companies/{c}/users/bulk/status/batch-0").await.status, 404);
}

#[tokio::test]
async fn a_batch_goes_on_while_nobody_looks_and_counts_what_failed() {
    let (site, mut rows, project) = many().await;
    rows[3]["user_id"] = json!("1");
    let answer = post(&site, ADD_V2, rows.clone()).await;
    let id = answer.body["data"][0]["batch_id"].as_str().unwrap().to_owned();
    site.advance(60);
    site.get("/rest/v1.0/me").await;
    assert_eq!(site.simulator.with_company(|company| company.members(project).count()), 64);
    let status =
        site.get(&format!("/rest/v2.0/companies/{{c}}/users/bulk/status/{id}")).await.body["data"].clone();
    assert_eq!((&status["is_complete"], &status["failures"]), (&json!(true), &json!(1)));
    let removed = post(&site, REMOVE_V2, rows).await;
    assert_eq!(removed.status, 202);
    site.advance(60);
    assert_eq!(site.simulator.with_company(|company| company.members(project).count()), 4);
    assert_eq!(site.simulator.export()["batches"].as_array().unwrap().len(), 2);
}
