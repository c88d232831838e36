//! Permission templates.

use muster_sim::{Category, Level, TemplateKind};
use serde_json::json;

use crate::site::{Answer, Crew, Site, crew, keys};

const TEMPLATES: &str = "/rest/v1.0/companies/{c}/permission_templates";

fn types(answer: &Answer) -> Vec<String> {
    let mut types: Vec<_> = answer.all("type").iter().map(|kind| kind.as_str().unwrap().to_owned()).collect();
    types.sort();
    types.dedup();
    types
}

async fn site() -> (Site, u64, u64) {
    let Crew { mut company, project, .. } = crew();
    let kind = TemplateKind::ProjectSpecific { project };
    let own = company.add_template("City Inspectors", kind, Category::External, &[("rfi", Level::ReadOnly)]);
    (Site::of(company).await, project, own)
}

#[tokio::test]
async fn templates_for_company_tools_are_hidden_until_they_are_asked_for() {
    let (site, ..) = site().await;
    let usual = site.get(TEMPLATES).await;
    assert_eq!(types(&usual), ["global", "project_specific"]);
    assert_eq!(types(&site.get(&format!("{TEMPLATES}?filters[type]=project_tools")).await), types(&usual));
    assert_eq!(types(&site.get(&format!("{TEMPLATES}?filters[type]=global")).await), ["global"]);
    assert_eq!(
        types(&site.get(&format!("{TEMPLATES}?filters[type]=company_tools")).await),
        ["company_tools"]
    );
    assert_eq!(site.get(&format!("{TEMPLATES}?filters[type]=mine")).await.status, 400);
}

#[tokio::test]
async fn the_list_has_no_pages() {
    let (site, ..) = site().await;
    let answer = site.get(&format!("{TEMPLATES}?per_page=1&page=2")).await;
    assert_eq!(answer.ids().len(), 11);
    assert_eq!((answer.header("total"), answer.header("link")), (None, None));
    assert_eq!(keys(&answer.body[0]), ["category", "id", "name", "project_specific", "type"]);
}

#[tokio::test]
async fn permissions_are_shown_when_they_are_asked_for() {
    let (site, ..) = site().await;
    let answer = site.get(&format!("{TEMPLATES}?view=with_permissions")).await;
    let manager =
        answer.body.as_array().unwrap().iter().find(|item| item["name"] == "Project Manager").unwrap();
    assert_eq!(manager["user_access_levels"]["rfi"], 4);
    assert_eq!(manager["permissions"]["rfi"]["act_as_rfi_manager"], true);
}

#[tokio::test]
async fn some_company_templates_make_an_admin_and_others_do_not() {
    let (site, ..) = site().await;
    let path = format!("{TEMPLATES}?filters[type]=company_tools&view=with_permissions");
    let levels = site.get(&path).await.all("user_access_levels");
    let admins = levels.iter().filter(|levels| levels["directory"] == 4).count();
    assert_eq!((admins, levels.len()), (2, 6));
    assert!(levels.iter().any(|levels| levels["directory"] == 2));
}

#[tokio::test]
async fn one_template_says_whose_it_is() {
    let (site, project, own) = site().await;
    let shown = site.get(&format!("{TEMPLATES}/{own}")).await.body;
    let expected = json!({
        "id": own,
        "company_id": site.id,
        "name": "City Inspectors",
        "provider_type": "Project",
        "provider_id": project,
        "project_id": project,
        "type": "project_specific",
        "category": "external",
        "user_access_levels": { "rfi": 2 },
        "permissions": {},
    });
    assert_eq!(shown, expected);
    let company = site.simulator.with_company(|company| crate::site::template(company, "Office Staff"));
    let shown = site.get(&format!("{TEMPLATES}/{company}")).await.body;
    assert_eq!((&shown["provider_type"], &shown["provider_id"]), (&json!("Company"), &json!(site.id)));
    assert_eq!(site.get(&format!("{TEMPLATES}/1")).await.status, 404);
}

#[tokio::test]
async fn a_project_has_the_global_templates_and_its_own() {
    let (site, project, own) = site().await;
    let other =
        site.simulator.with_company(|company| company.add_project(muster_sim::NewProject::named("Plant")));
    let here = site.get(&format!("/rest/v1.0/projects/{project}/permission_templates")).await;
    assert!(here.ids().contains(&own));
    assert_eq!(types(&here), ["global", "project_specific"]);
    let path = format!("/rest/v1.0/projects/{other}/permission_templates?filters[assignables_only]=true");
    assert_eq!(types(&site.get(&path).await), ["global"]);
    assert_eq!(site.get("/rest/v1.0/projects/1/permission_templates").await.status, 404);
}
