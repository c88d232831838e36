//! The people of the company and of a project, with a login or without.

use muster_sim::{Company, NewProject};
use serde_json::{Value, json};

use crate::site::{Crew, Site, crew, keys, template};

const PEOPLE: &str = "/rest/v1.0/companies/{c}/people";

fn with_contacts() -> (Crew, u64, u64) {
    let mut crew = crew();
    let vendor = crew.company.user(crew.leo).unwrap().vendor;
    let ray = crew.company.add_contact("Ray", "Holt");
    let joy = crew.company.add_contact("Joy", "Abreu");
    let mut changed = crew.company.contact(ray).unwrap().clone();
    changed.vendor = vendor;
    changed.email = Some("ray@halvorsen.example".into());
    changed.job_title = Some("Foreman".into());
    crew.company.put_contact(changed).unwrap();
    crew.company.add_contact_membership(ray, crew.project).unwrap();
    (crew, ray, joy)
}

fn party(company: &Company, user: u64) -> u64 {
    company.user(user).unwrap().party_id
}

#[tokio::test]
async fn people_are_users_and_contacts_and_only_users_have_a_user_id() {
    let (mut crew, ray, joy) = with_contacts();
    crew.company.set_active(crew.ana, false).unwrap();
    crew.company.set_person_active(joy, false).unwrap();
    let (pat, ana) = (party(&crew.company, crew.pat), party(&crew.company, crew.ana));
    let site = Site::of(crew.company).await;
    let answer = site.get(PEOPLE).await;
    assert_eq!(answer.number("total"), 5);
    let of = |id: u64| answer.body.as_array().unwrap().iter().find(|person| person["id"] == id).unwrap();
    assert_eq!(of(pat)["user_id"], crew.pat);
    let expected = json!({
        "id": ray, "first_name": "Ray", "last_name": "Holt", "is_employee": false, "employee_id": null,
        "origin_id": null, "user_id": null, "user_uuid": null, "work_classification_id": null,
        "contact": { "is_active": true, "email": "ray@halvorsen.example" },
    });
    assert_eq!(of(ray), &expected);
    assert_eq!(site.get(&format!("{PEOPLE}/inactive")).await.ids(), [ana, joy]);
    let extended = site.get(&format!("{PEOPLE}?view=extended&filters[search]=foreman")).await;
    assert_eq!(extended.ids(), [ray]);
    assert_eq!(extended.body[0]["vendor"]["name"], "Halvorsen Steel Erectors");
    assert_eq!(
        (&extended.body[0]["reference_user"], &extended.body[0]["initials"]),
        (&json!(true), &json!("RH"))
    );
}

#[tokio::test]
async fn people_are_narrowed_as_asked() {
    let (crew, ray, joy) = with_contacts();
    let vendor = crew.company.user(crew.leo).unwrap().vendor.unwrap();
    let leo = party(&crew.company, crew.leo);
    let site = Site::of(crew.company).await;
    let narrowed = async |query: &str| site.get(&format!("{PEOPLE}?{query}")).await.ids();
    assert_eq!(narrowed("filters[reference_users_only]=true").await, [ray, joy]);
    assert_eq!(narrowed("filters[without_reference_users]=true").await.len(), 5);
    assert_eq!(narrowed(&format!("filters[vendor_id][]={vendor}")).await, [leo, ray]);
    assert_eq!(narrowed("filters[job_title]=Foreman").await, [ray]);
    assert_eq!(narrowed("filters[search]=ray@halvorsen").await, [ray]);
    assert_eq!(narrowed("filters[is_employee]=true").await.len(), 3);
    assert_eq!(narrowed("filters[connected]=true").await, [] as [u64; 0]);
    assert_eq!(narrowed("filters[state_code]=ID").await, [] as [u64; 0]);
}

#[tokio::test]
async fn a_contact_is_made_and_changed_and_always_needs_a_last_name() {
    let (crew, ..) = with_contacts();
    let site = Site::of(crew.company).await;
    let person = json!({ "person": { "first_name": "Lou", "last_name": "Adeyemi", "job_title": "Clerk", "active": false } });
    let made = site.post(PEOPLE, person).await;
    assert_eq!((made.status, &made.body["contact"]["is_active"]), (201, &json!(false)), "{}", made.text);
    let path = format!("{PEOPLE}/{}", made.body["id"]);
    let before = site.simulator.export();
    for person in
        [json!({ "active": true }), json!({ "last_name": "" }), json!({ "last_name": "A", "active": 1 })]
    {
        assert_eq!(site.patch(&path, json!({ "person": person })).await.status, 400);
    }
    assert_eq!(site.post(PEOPLE, json!({ "person": { "first_name": "Lou" } })).await.status, 400);
    assert_eq!(site.simulator.export(), before);
    let person = json!({ "person": { "last_name": "Adeyemi", "first_name": null, "active": true } });
    let changed = site.patch(&format!("{path}?view=extended"), person).await;
    assert_eq!((changed.status, &changed.body["contact"]["is_active"]), (200, &json!(true)));
    assert_eq!(
        (&changed.body["last_name"], &changed.body["job_title"]),
        (&json!("Adeyemi"), &json!("Clerk"))
    );
    assert_eq!(
        site.patch(&format!("{PEOPLE}/1"), json!({ "person": { "last_name": "A" } })).await.status,
        404
    );
    assert_eq!(site.delete(&path).await.status, 404, "nobody can be deleted");
}

#[tokio::test]
async fn a_reactivated_contact_is_back_on_its_projects() {
    let (mut crew, ray, _) = with_contacts();
    let other = crew.company.add_project(NewProject::named("Mill Creek Plant"));
    crew.company.add_contact_membership(ray, other).unwrap();
    let site = Site::of(crew.company).await;
    let on = async |site: &Site, list: &str| {
        let mut on = Vec::new();
        for project in [crew.project, other] {
            let path =
                format!("/rest/v1.0/projects/{project}/people{list}?filters[reference_users_only]=true");
            on.push(site.get(&path).await.ids());
        }
        on
    };
    let active = |active: bool| json!({ "person": { "last_name": "Holt", "active": active } });
    site.patch(&format!("{PEOPLE}/{ray}"), active(false)).await;
    assert_eq!(on(&site, "").await, [[0; 0], [0; 0]]);
    assert_eq!(on(&site, "/inactive").await, [[ray], [ray]]);
    site.patch(&format!("{PEOPLE}/{ray}"), active(true)).await;
    assert_eq!(on(&site, "").await, [[ray], [ray]]);
}

#[tokio::test]
async fn nobody_of_an_inactive_vendor_is_activated() {
    let (mut crew, ray, _) = with_contacts();
    let vendor = crew.company.contact(ray).unwrap().vendor.unwrap();
    crew.company.set_person_active(ray, false).unwrap();
    crew.company.set_vendor_active(vendor, false).unwrap();
    let site = Site::of(crew.company).await;
    let before = site.simulator.export();
    let person = json!({ "person": { "last_name": "Holt", "first_name": "Raymond", "active": true } });
    let answer = site.patch(&format!("{PEOPLE}/{ray}"), person).await;
    assert_eq!((answer.status, answer.body["errors"]["vendor"].is_array()), (400, true));
    assert_eq!(site.simulator.export(), before, "all of it or nothing");
}

#[tokio::test]
async fn a_user_can_be_changed_as_a_person_too() {
    let (crew, ..) = with_contacts();
    let ana = party(&crew.company, crew.ana);
    let site = Site::of(crew.company).await;
    let person = json!({ "person": { "last_name": "Diaz-Ruiz", "active": false } });
    assert_eq!(site.patch(&format!("{PEOPLE}/{ana}"), person).await.status, 200);
    assert_eq!(site.get("/rest/v1.0/companies/{c}/users/inactive").await.ids(), [crew.ana]);
    let by_user_id = format!("{PEOPLE}/{}", crew.ana);
    assert_eq!(site.patch(&by_user_id, json!({ "person": { "last_name": "D" } })).await.status, 404);
}

#[tokio::test]
async fn the_people_of_a_project_are_shown_with_their_templates() {
    let (crew, ray, joy) = with_contacts();
    let reader = template(&crew.company, "Read Only");
    let kim = party(&crew.company, crew.kim);
    let site = Site::of(crew.company).await;
    let path = format!("/rest/v1.0/projects/{}/people", crew.project);
    let all = site.get(&path).await;
    assert_eq!((all.number("total"), all.ids().contains(&joy)), (5, false));
    let whole = site.get(&format!("{path}?filters[include_company_people]=true")).await;
    assert_eq!((whole.number("total"), whole.ids().contains(&joy)), (7, true));
    let readers = site.get(&format!("{path}?view=web&filters[permission_template_id][]={reader}")).await;
    assert_eq!(readers.ids(), [kim]);
    assert_eq!(readers.body[0]["permission_template"]["id"], reader);
    let sorted = site.get(&format!("{path}?sort=name&per_page=2")).await;
    assert_eq!(sorted.all("last_name"), ["Cruz", "Diaz"]);
    assert!(all.ids().contains(&ray));
    assert_eq!(site.get("/rest/v1.0/projects/1/people").await.status, 404);
}

#[tokio::test]
async fn a_person_of_a_project_is_made_there_without_a_login() {
    let (crew, ray, joy) = with_contacts();
    let site = Site::of(crew.company).await;
    let path = format!("/rest/v1.0/projects/{}/people", crew.project);
    let made = site.post(&path, json!({ "person": { "last_name": "Adeyemi", "active": false } })).await;
    assert_eq!((made.status, &made.body["user_id"]), (201, &Value::Null));
    assert_eq!(made.body["contact"]["is_active"], true, "the operation does not take it");
    let id = made.body["id"].as_u64().unwrap();
    assert!(site.simulator.with_company(|company| company.contact_membership(id, crew.project).is_some()));
    let change = json!({ "person": { "last_name": "Holt", "job_title": "Lead", "active": false } });
    let changed = site.patch(&format!("{path}/{ray}?view=web"), change.clone()).await;
    assert_eq!((changed.status, &changed.body["job_title"]), (200, &json!("Lead")));
    assert_eq!(changed.body["contact"]["is_active"], true);
    assert!(keys(&changed.body).contains(&"permission_template"));
    assert_eq!(site.patch(&format!("{path}/{joy}"), change).await.status, 404, "she is not on the project");
}
