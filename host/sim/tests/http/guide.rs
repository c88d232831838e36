//! The dialect of the guide, and what becomes of a client of it against Procore's own reference.

use muster_sim::{Config, DeleteWithItems, Dialect, SecondAdd, Switches};
use serde_json::{Value, json};

use crate::site::{Crew, Site, config, crew, keys, template};

const USERS: &str = "/rest/v1.0/companies/{c}/users";

async fn guide(crew: &Crew) -> Site {
    switched(crew, Switches::default()).await
}

async fn switched(crew: &Crew, switches: Switches) -> Site {
    let config = Config { dialect: Dialect::Guide, switches, ..config() };
    Site::with(config, crew.company.clone()).await
}

fn members(crew: &Crew) -> String {
    format!("/rest/v1.0/projects/{}/users", crew.project)
}

#[tokio::test]
async fn provision_a_new_employee() {
    let crew = crew();
    let reader = template(&crew.company, "Read Only");
    let site = guide(&crew).await;
    let user =
        json!({ "login": "nia@x.example", "first_name": "Nia", "last_name": "Okafor", "is_employee": true });
    let made = site.post(USERS, json!({ "user": user })).await;
    assert_eq!((made.status, &made.body["login"]), (201, &json!("nia@x.example")), "{}", made.text);
    assert_eq!((&made.body["is_active"], &made.body["is_employee"]), (&json!(true), &json!(true)));
    let id = made.body["id"].as_u64().unwrap();
    assert!(
        !site.get(&members(&crew)).await.ids().contains(&id),
        "being in the company is not being on a project"
    );
    let add = json!({ "user": { "id": id, "permission_template_id": reader } });
    let added = site.post(&members(&crew), add).await;
    assert_eq!((added.status, &added.body["permission_template_id"]), (201, &json!(reader)));
    let verified = site.get(&format!("{}/{id}", members(&crew))).await;
    assert_eq!((verified.status, &verified.body["name"]), (200, &json!("Nia Okafor")));
}

#[tokio::test]
async fn deactivate_a_departed_employee() {
    let crew = crew();
    let site = guide(&crew).await;
    let found = site.get(&format!("{USERS}?search=ana.diaz@northgate")).await;
    assert_eq!(found.ids(), [crew.ana]);
    let path = format!("{USERS}/{}", crew.ana);
    let change = site.patch(&path, json!({ "user": { "job_title": "Left", "is_active": false } })).await;
    assert_eq!((change.status, &change.body["is_active"]), (200, &json!(false)));
    assert!(
        site.get(&members(&crew)).await.ids().contains(&crew.ana),
        "memberships have to be ended one by one"
    );
    assert_eq!(site.delete(&format!("{}/{}", members(&crew), crew.ana)).await.status, 204);
    assert!(!site.get(&members(&crew)).await.ids().contains(&crew.ana));
    let shown = site.get(&path).await;
    assert_eq!((&shown.body["is_active"], &shown.body["job_title"]), (&json!(false), &json!("Left")));
    let back = site.patch(&path, json!({ "user": { "is_active": true } })).await;
    assert_eq!((back.status, &back.body["is_active"]), (200, &json!(true)));
}

#[tokio::test]
async fn sync_all_users_to_another_directory() {
    let mut crew = crew();
    crew.company.set_active(crew.ana, false).unwrap();
    let site = guide(&crew).await;
    let all = site.get(&format!("{USERS}?page=1&per_page=10000")).await;
    assert_eq!((all.number("x-total"), all.number("per-page")), (5, 10_000));
    assert!(all.header("total").is_none());
    assert!(all.ids().contains(&crew.ana), "inactive people are in the list");
    let user = all.body.as_array().unwrap().iter().find(|user| user["id"] == crew.leo).unwrap();
    assert_eq!(user["login"], "leo.cruz@halvorsen-steel-erectors.example");
    assert!(user["vendor_id"].is_u64() && user["permission_template_id"].is_u64());
    for field in
        ["name", "first_name", "last_name", "email_address", "created_at", "updated_at", "company_id"]
    {
        assert!(keys(user).contains(&field), "{field}");
    }
    assert_eq!(site.get(&format!("{USERS}?per_page=20000")).await.number("per-page"), 10_000);
    let second = site.get(&format!("{USERS}?per_page=2&page=2")).await;
    assert_eq!((second.ids().len(), second.link("next").is_some()), (2, true));
    assert_eq!(site.get(&format!("{USERS}?updated_after=2026-07-01")).await.number("x-total"), 0);
    site.patch(&format!("{USERS}/{}", crew.kim), json!({ "user": { "city": "Boise" } })).await;
    assert_eq!(site.get(&format!("{USERS}?updated_after=2026-07-01T00:00:00Z")).await.ids(), [crew.kim]);
    assert_eq!(site.get(&format!("{USERS}?updated_after=yesterday")).await.status, 400);
}

#[tokio::test]
async fn a_search_finds_parts_and_nobody_for_a_word_that_nobody_has() {
    let crew = crew();
    let site = guide(&crew).await;
    assert_eq!(site.get(&format!("{USERS}?search=DIA")).await.ids(), [crew.ana]);
    let nobody = site.get(&format!("{USERS}?search=xq7vkzw0jqnobody")).await;
    assert_eq!((nobody.body, nobody.headers["x-total"].to_str().unwrap()), (json!([]), "0"));
}

#[tokio::test]
async fn what_does_not_fit_is_refused() {
    let crew = crew();
    let site = guide(&crew).await;
    let before = site.simulator.export();
    let missing = site.post(USERS, json!({ "user": { "email_address": "nia@x.example" } })).await;
    let expected = json!({ "login": ["can't be blank"], "last_name": ["can't be blank"] });
    assert_eq!((missing.status, &missing.body["errors"]), (400, &expected));
    let taken = json!({ "user": { "login": "ANA.diaz@northgate-construction.example", "last_name": "D" } });
    assert_eq!(site.post(USERS, taken).await.status, 409);
    assert_eq!(site.post(USERS, json!({ "login": "nia@x.example", "last_name": "O" })).await.status, 400);
    assert_eq!(
        site.post(&members(&crew), json!({ "user": { "permission_template_id": 1 } })).await.status,
        400
    );
    assert_eq!(site.post(&members(&crew), json!({ "user": { "id": 1 } })).await.status, 404);
    assert_eq!(site.delete(&format!("{}/1", members(&crew))).await.status, 404);
    assert_eq!(site.get(&format!("{}/1", members(&crew))).await.status, 404);
    assert_eq!(site.get(&format!("{USERS}/1")).await.status, 404);
    assert_eq!(site.simulator.export(), before);
}

#[tokio::test]
async fn a_second_addition_follows_the_same_switch() {
    let crew = crew();
    let site = switched(&crew, Switches { second_add: SecondAdd::Refused, ..Switches::default() }).await;
    assert_eq!(site.post(&members(&crew), json!({ "user": { "id": crew.ana } })).await.status, 400);
    assert_eq!(
        guide(&crew).await.post(&members(&crew), json!({ "user": { "id": crew.ana } })).await.status,
        201
    );
}

#[tokio::test]
async fn a_user_without_items_is_deleted_with_all_memberships() {
    let crew = crew();
    let site = guide(&crew).await;
    let path = format!("{USERS}/{}", crew.kim);
    assert_eq!(site.delete(&path).await.status, 204);
    assert_eq!(site.get(&path).await.status, 404);
    assert_eq!(site.delete(&path).await.status, 404);
    let again = json!({ "user": { "login": "kim.ito@northgate-construction.example", "last_name": "Ito" } });
    assert_eq!(site.post(USERS, again).await.status, 201, "the address is free again");
    site.simulator.with_company(|company| {
        assert_eq!(company.members(crew.project).count(), 3);
        assert_eq!(company.projects_of(crew.kim).count(), 0);
    });
}

#[tokio::test]
async fn a_user_with_items_is_kept_or_leaves_orphans() {
    let crew = crew();
    let rfi = format!("/rest/v1.0/projects/{}/rfis/{}", crew.project, crew.rfi);
    for (delete_with_items, deletion, shown) in [
        (DeleteWithItems::Refused, 400, 200),
        (DeleteWithItems::Ignored, 204, 200),
        (DeleteWithItems::Orphaned, 204, 404),
    ] {
        let site = switched(&crew, Switches { delete_with_items, ..Switches::default() }).await;
        let path = format!("{USERS}/{}", crew.leo);
        assert_eq!(site.delete(&path).await.status, deletion);
        assert_eq!(site.get(&path).await.status, shown);
        let item = site.get(&rfi).await;
        assert_eq!(item.status, 200);
        let changed = site.patch(&rfi, json!({ "rfi": { "subject": "Slab edge" } })).await;
        assert_eq!(changed.status, 200, "an item with an orphan can still be changed");
        let moved = site.patch(&rfi, json!({ "rfi": { "assignee_ids": [crew.ana] } })).await;
        assert_eq!(moved.body["assignees"].as_array().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn what_the_guide_spells_otherwise_is_not_served_beside_it() {
    let crew = crew();
    let site = guide(&crew).await;
    let before = site.simulator.export();
    assert_eq!(site.get("/rest/v1.3/companies/{c}/users").await.status, 404);
    assert_eq!(site.get(&format!("/rest/v1.3/companies/{{c}}/users/{}", crew.ana)).await.status, 404);
    assert_eq!(site.delete(&format!("{}/{}/actions/remove", members(&crew), crew.ana)).await.status, 404);
    assert_eq!(
        site.post(&format!("{}/{}/actions/add", members(&crew), crew.ana), json!({})).await.status,
        404
    );
    assert_eq!(site.simulator.export(), before);
    let invite = format!("/rest/v1.3/companies/{{c}}/users/{}/invite", crew.ana);
    assert_eq!(site.patch(&invite, Value::Null).await.status, 202);
    let invited = site.get(&format!("{USERS}?search=ana.diaz")).await;
    assert_eq!(invited.body[0]["welcome_email_sent_at"], crate::site::start().to_string());
    let inactive = site.get("/rest/v1.0/companies/{c}/users/inactive").await;
    assert_eq!(inactive.status, 200, "everything else is as in the reference");
    assert_eq!(site.get("/rest/v1.3/users?company_id={c}").await.number("total"), 5);
}

#[tokio::test]
async fn a_client_of_the_guide_fails_loudly_against_the_reference_but_for_its_search() {
    let crew = crew();
    let site = Site::of(crew.company.clone()).await;
    let before = site.simulator.export();
    let list = site.get(&format!("{USERS}?search=xq7vkzw0jqnobody")).await;
    assert_eq!((list.number("total"), list.header("x-total")), (5, None), "the search returns everybody");
    assert_eq!((&list.body[0]["login"], list.body[0]["email_address"].is_string()), (&Value::Null, true));
    assert!(list.body[0].get("party_id").is_none() && list.body[0].get("permission_template").is_some());
    let user = json!({ "user": { "login": "nia@x.example", "last_name": "Okafor" } });
    let made = site.post(USERS, user).await;
    assert_eq!((made.status, made.body["errors"]["email_address"].is_array()), (400, true));
    let added = site.post(&members(&crew), json!({ "user": { "id": crew.kim } })).await;
    assert_eq!((added.status, keys(&added.body["errors"])), (400, vec!["email_address", "last_name"]));
    assert_eq!(site.delete(&format!("{}/{}", members(&crew), crew.ana)).await.status, 404);
    assert_eq!(site.delete(&format!("{USERS}/{}", crew.ana)).await.status, 404);
    assert_eq!(site.simulator.export(), before);
}

#[tokio::test]
async fn the_first_version_of_company_users_is_served_too() {
    let crew = crew();
    let site = Site::of(crew.company.clone()).await;
    let made =
        site.post(USERS, json!({ "user": { "email_address": "nia@x.example", "last_name": "O" } })).await;
    assert_eq!(made.status, 201);
    let path = format!("{USERS}/{}", made.body["id"]);
    assert_eq!(site.get(&path).await.body["locale"], "en");
    let change = site.patch(&path, json!({ "user": { "is_active": false } })).await;
    assert_eq!((change.status, &change.body["is_active"]), (200, &json!(false)));
    assert_eq!(site.patch(&path, json!({ "user": { "is_active": true } })).await.status, 400);
}
