//! The projects that a user is on, and could be on.

use muster_sim::{NewMembership, NewProject};
use serde_json::json;

use crate::site::{Answer, Crew, Site, crew};

/// Pat is on Harbor Point Tower B and on a project that is over, and could be on Mill Creek Plant.
async fn site() -> (Site, u64) {
    let Crew { mut company, pat, .. } = crew();
    company
        .add_project(NewProject { stage: Some("Bidding".into()), ..NewProject::named("Mill Creek Plant") });
    let over = company.add_project(NewProject { inactive: true, ..NewProject::named("Ashford Library") });
    company.add_membership(NewMembership::new(pat, over)).unwrap();
    (Site::of(company).await, pat)
}

async fn list(site: &Site, user: u64, query: &str) -> Answer {
    site.get(&format!("/rest/v1.0/companies/{{c}}/users/{user}/project_assignments?{query}")).await
}

fn names(answer: &Answer) -> Vec<String> {
    let mut names: Vec<_> = answer.all("name").iter().map(|name| name.as_str().unwrap().to_owned()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn the_list_shows_current_and_potential_projects() {
    let (site, pat) = site().await;
    let answer = list(&site, pat, "").await;
    assert_eq!(names(&answer), ["Ashford Library", "Harbor Point Tower B", "Mill Creek Plant"]);
    assert_eq!(answer.number("total"), 3);
    let items = answer.body.as_array().unwrap();
    let tower = items.iter().find(|item| item["name"] == "Harbor Point Tower B").unwrap();
    assert_eq!(tower["is_assigned"], true);
    assert_eq!(tower["permission_template_name"], "Project Manager", "the template comes as a name");
    assert_eq!(tower["roles"], json!(["Project Manager"]));
    assert_eq!(tower["stage"], "Course of Construction");
    assert!(tower["project_id"].is_u64() && tower.get("id").is_none());
    let plant = items.iter().find(|item| item["name"] == "Mill Creek Plant").unwrap();
    assert_eq!((&plant["is_assigned"], &plant["roles"]), (&json!(false), &json!([])));
    assert_eq!(plant["permission_template_name"], json!(null));
}

#[tokio::test]
async fn the_list_can_be_narrowed() {
    let (site, pat) = site().await;
    let narrowed = async |query: &str| names(&list(&site, pat, query).await);
    assert_eq!(
        narrowed("filters[assignment_status]=assigned").await,
        ["Ashford Library", "Harbor Point Tower B"]
    );
    assert_eq!(narrowed("filters[assignment_status]=unassigned").await, ["Mill Creek Plant"]);
    assert_eq!(narrowed("filters[assignment_status]=all").await.len(), 3);
    assert_eq!(narrowed("filters[active]=true").await, ["Harbor Point Tower B", "Mill Creek Plant"]);
    assert_eq!(narrowed("filters[by_status]=Inactive").await, ["Ashford Library"]);
    assert_eq!(narrowed("filters[by_status]=All").await.len(), 3);
    assert_eq!(narrowed("filters[name]=creek").await, ["Mill Creek Plant"]);
    assert_eq!(narrowed("filters[name][]=creek&filters[name][]=library").await.len(), 2);
    for query in ["filters[assignment_status]=some", "filters[by_status]=Open"] {
        assert_eq!(list(&site, pat, query).await.status, 400);
    }
}

#[tokio::test]
async fn the_list_is_sorted_and_paged() {
    let (site, pat) = site().await;
    let sorted = list(&site, pat, "sort=name&direction=desc&per_page=2").await;
    assert_eq!(sorted.all("name"), ["Mill Creek Plant", "Harbor Point Tower B"]);
    assert!(sorted.link("next").is_some());
    let by_template = list(&site, pat, "sort=permission_template_name").await;
    assert_eq!(by_template.all("is_assigned")[0], false, "what is missing comes first");
}

#[tokio::test]
async fn a_deactivated_user_still_has_memberships_here() {
    let (site, pat) = site().await;
    let path = format!("/rest/v1.3/companies/{{c}}/users/{pat}");
    site.patch(&path, json!({ "user": { "is_active": false } })).await;
    let answer = list(&site, pat, "filters[assignment_status]=assigned").await;
    assert_eq!(answer.number("total"), 2);
    assert_eq!(list(&site, 1, "").await.status, 404);
}
