//! What the caller may do.

use muster_sim::{Level, NewMembership};
use serde_json::{Value, json};

use crate::site::{Crew, Site, crew, template};

fn tool<'a>(manifest: &'a Value, name: &str) -> &'a Value {
    manifest["tools"].as_array().unwrap().iter().find(|tool| tool["name"] == name).unwrap()
}

#[tokio::test]
async fn the_manifest_of_the_company_shows_the_levels_of_the_callers_template() {
    let Crew { mut company, .. } = crew();
    let own = template(&company, "Integration");
    company.set_level(own, "directory", Level::Standard).unwrap();
    let site = Site::of(company).await;
    let answer = site.get("/rest/v1.0/settings/permissions?company_id={c}").await;
    assert_eq!(answer.status, 200);
    let directory = tool(&answer.body, "directory");
    assert_eq!(directory["user_access_level"], json!({ "id": 3, "name": "Standard" }));
    assert_eq!((&directory["friendly_name"], &directory["can_create"]), (&json!("Directory"), &json!(true)));
    let hidden = tool(&answer.body, "permissions");
    assert_eq!(hidden["user_access_level"]["name"], "None");
    assert_eq!((&hidden["available_for_user"], &hidden["create_url"]), (&json!(false), &Value::Null));
    assert_eq!(site.get("/rest/v1.0/settings/permissions").await.status, 400);
}

#[tokio::test]
async fn the_manifest_of_a_project_shows_single_actions_and_an_admin_may_do_all() {
    let Crew { mut company, project, .. } = crew();
    let (own, engineer) = (template(&company, "Integration"), template(&company, "Project Engineer"));
    let service = company.service_account();
    let site = Site::of(company.clone()).await;
    let path = format!("/rest/v1.0/settings/permissions?project_id={project}");
    let all = site.get(&path).await.body;
    assert_eq!(tool(&all, "rfi")["user_access_level"]["name"], "Admin");
    assert_eq!(tool(&all, "rfi")["permitted_actions"][0]["action_name"], "act_as_rfi_manager");

    company.set_level(own, "directory", Level::ReadOnly).unwrap();
    let site = Site::of(company.clone()).await;
    assert_eq!(site.get(&path).await.status, 404, "who is no admin and not on a project does not see it");

    company.add_membership(NewMembership::new(service, project).with_template(engineer)).unwrap();
    let site = Site::of(company).await;
    let body = site.get(&path).await.body;
    assert_eq!(tool(&body, "directory")["user_access_level"]["id"], 3);
    assert_eq!(tool(&body, "directory")["permitted_actions"][0]["label"], "Create And Edit Users");
    assert_eq!(site.get("/rest/v1.0/settings/permissions?project_id=1").await.status, 404);
}

#[tokio::test]
async fn only_assignable_templates_are_listed_if_that_is_asked_for() {
    let Crew { mut company, project, .. } = crew();
    let service = company.service_account();
    let [own, engineer, owner] =
        ["Integration", "Project Engineer", "Owner"].map(|name| template(&company, name));
    let path = format!("/rest/v1.0/projects/{project}/permission_templates?filters[assignables_only]=true");
    let site = Site::of(company.clone()).await;
    assert_eq!(site.get(&path).await.body.as_array().unwrap().len(), 10, "an admin may give any");

    company.set_level(own, "directory", Level::Standard).unwrap();
    let site = Site::of(company.clone()).await;
    assert_eq!(site.get(&path).await.status, 404);

    company.add_membership(NewMembership::new(service, project).with_template(engineer)).unwrap();
    let site = Site::of(company.clone()).await;
    assert_eq!(site.get(&path).await.all("name"), ["Subcontractor", "Inspector", "Read Only"]);
    let all = site.get(&path.replace("=true", "=false")).await;
    assert_eq!(all.body.as_array().unwrap().len(), 10);

    company.set_assignable(engineer, [owner]).unwrap();
    let site = Site::of(company).await;
    assert_eq!(site.get(&path).await.all("name"), ["Owner"]);
}
