//! The memberships of a project by the ids of persons: everybody's are shown, and contacts' are made and ended.

use reqwest::Method;
use serde_json::json;

use crate::site::{Crew, Site, crew, send};

#[tokio::test]
async fn memberships_are_listed_by_party_for_inactive_people_too() {
    let Crew { mut company, ana, project, .. } = crew();
    company.set_active(ana, false).unwrap();
    let party = company.user(ana).unwrap().party_id;
    let membership = company.membership(ana, project).unwrap().id;
    let site = Site::of(company).await;
    let path = format!("/rest/v1.0/projects/{project}/project_memberships");
    let answer = site.get(&path).await;
    assert_eq!(answer.number("total"), 4);
    let expected = json!({ "id": membership, "party_id": party, "project_id": project });
    assert!(answer.body.as_array().unwrap().contains(&expected));
    assert_ne!(party, ana, "parties have ids of their own");
    assert_eq!(site.get("/rest/v1.0/projects/1/project_memberships").await.status, 404);
}

#[tokio::test]
async fn contacts_are_put_on_a_project_and_users_are_not() {
    let Crew { mut company, ana, project, .. } = crew();
    let [ray, joy, lou] = ["Ray", "Joy", "Lou"].map(|name| company.add_contact(name, "Holt"));
    let party = company.user(ana).unwrap().party_id;
    let site = Site::of(company).await;
    let path = format!("/rest/v1.0/projects/{project}/project_memberships");
    let made = site.post(&path, json!({ "project_membership": { "party_id": ray } })).await;
    assert_eq!(made.status, 201);
    let id = site.simulator.with_company(|company| company.contact_membership(ray, project).unwrap().id);
    assert_eq!(made.body, json!([id]));
    assert_eq!(site.get(&path).await.number("total"), 5);
    let before = site.simulator.export();
    for unfit in [party, ray, 1] {
        let answer = site.post(&path, json!({ "project_membership": { "party_id": unfit } })).await;
        assert_eq!((answer.status, answer.body["errors"]["party_id"].is_array()), (400, true), "{unfit}");
        let all = json!({ "party_ids": [joy, unfit] });
        assert_eq!(site.post(&format!("{path}/bulk_add"), all).await.status, 400, "all of them or none");
    }
    assert_eq!(site.simulator.export(), before);
    let many = site.post(&format!("{path}/bulk_add"), json!({ "party_ids": [joy, lou] })).await;
    assert_eq!((many.status, many.body.as_array().unwrap().len()), (201, 2));
}

#[tokio::test]
async fn contacts_are_taken_off_a_project_and_users_are_not() {
    let Crew { mut company, ana, project, .. } = crew();
    let [ray, joy] = ["Ray", "Joy"].map(|name| company.add_contact(name, "Holt"));
    let [of_ray, _] = [ray, joy].map(|id| company.add_contact_membership(id, project).unwrap());
    let of_ana = company.membership(ana, project).unwrap().id;
    let party = company.user(ana).unwrap().party_id;
    let site = Site::of(company).await;
    let path = |id: u64, party: u64| {
        format!("/rest/v1.0/projects/{project}/project_memberships/{id}?party_id={party}")
    };
    assert_eq!(site.delete(&path(of_ana, party)).await.status, 400);
    assert_eq!(site.delete(&path(of_ray, joy)).await.status, 404, "the two must belong together");
    let missing = format!("/rest/v1.0/projects/{project}/project_memberships/{of_ray}");
    assert_eq!(site.delete(&missing).await.status, 400);
    assert_eq!(site.delete(&path(of_ray, ray)).await.status, 204);
    assert_eq!(site.delete(&path(of_ray, ray)).await.status, 404);
    let bulk = format!("/rest/v2.0/companies/{{c}}/projects/{project}/project_memberships/bulk_remove");
    let body = json!({ "party_ids": [joy, party, ray] });
    let answer = send(site.request(Method::DELETE, &bulk).json(&body)).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body, json!({ "data": { "processed_ids": [joy], "skipped_ids": [party, ray] } }));
    site.simulator.with_company(|company| {
        assert!(company.membership(ana, project).is_some());
        assert!(company.contact(ray).is_some(), "a contact stays in the company's directory");
    });
}
