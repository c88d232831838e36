//! Adding users to the company.

use serde_json::{Value, json};

use crate::site::{Crew, Site, crew, template};

const USERS: &str = "/rest/v1.3/companies/{c}/users";

#[tokio::test]
async fn a_new_user_needs_an_address_and_a_last_name_and_is_invited_to_nothing() {
    let Crew { company, .. } = crew();
    let (vendor, global) = (company.own_vendor(), template(&company, "Project Engineer"));
    let site = Site::of(company).await;
    let user = json!({ "user": {
        "first_name": "Nia", "last_name": "Okafor", "email_address": "nia@northgate.example", "is_employee": true,
        "employee_id": "E-9", "vendor_id": vendor, "default_permission_template_id": global, "origin_id": "HR-9",
        "add_to_new_projects": true, "shoe_size": 38,
    } });
    let answer = site.post(USERS, user).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    let body = &answer.body;
    assert_eq!((&body["name"], &body["initials"]), (&json!("Nia Okafor"), &json!("NO")));
    assert_eq!((&body["is_active"], &body["employee_id"]), (&json!(true), &json!("E-9")));
    assert_eq!(body["default_permission_template_id"], global);
    assert_eq!(body["add_to_new_projects"], false, "only an update takes it");
    assert_eq!(body["vendor"]["name"], "Northgate Construction");
    let id = body["id"].as_u64().unwrap();
    site.simulator.with_company(|company| {
        assert_eq!(company.projects_of(id).count(), 0);
        assert!(company.mails(id).is_empty());
        assert_eq!(company.user(id).unwrap().welcome_email_sent_at, None);
    });
    assert!(site.get(USERS).await.ids().contains(&id));
}

#[tokio::test]
async fn what_a_new_user_lacks_is_named_at_once() {
    let site = Site::of(crew().company).await;
    let before = site.simulator.export();
    let answer = site.post(USERS, json!({ "user": { "first_name": "Nia", "last_name": " " } })).await;
    assert_eq!(answer.status, 400);
    let expected = json!({ "email_address": ["can't be blank"], "last_name": ["can't be blank"] });
    assert_eq!(answer.body["errors"], expected);
    let flat = site.post(USERS, json!({ "email_address": "nia@x.example", "last_name": "Okafor" })).await;
    assert_eq!(flat.status, 400, "fields must be nested");
    for (field, value) in
        [("email_address", json!("nia")), ("vendor_id", json!(1)), ("is_active", json!("no"))]
    {
        let mut user = json!({ "email_address": "nia@x.example", "last_name": "Okafor" });
        user[field] = value;
        let answer = site.post(USERS, json!({ "user": user })).await;
        assert_eq!((answer.status, answer.body["errors"][field].is_array()), (400, true), "{field}");
    }
    assert_eq!(site.simulator.export(), before);
}

#[tokio::test]
async fn an_address_that_somebody_has_is_a_conflict_even_if_that_user_is_inactive() {
    let Crew { mut company, ana, .. } = crew();
    company.set_active(ana, false).unwrap();
    let email = company.user(ana).unwrap().email.to_uppercase();
    let site = Site::of(company).await;
    let before = site.simulator.export();
    let user = json!({ "user": { "email_address": email, "last_name": "Diaz" } });
    let answer = site.post(USERS, user).await;
    assert_eq!(
        (answer.status, &answer.body["errors"]["email_address"][0]),
        (409, &json!("has already been taken"))
    );
    assert_eq!(site.simulator.export(), before);
}

#[tokio::test]
async fn a_user_can_be_added_without_a_login() {
    let site = Site::of(crew().company).await;
    let user = json!({ "email_address": "nia@x.example", "last_name": "Okafor", "is_active": false });
    let answer = site.post(USERS, json!({ "user": user })).await;
    assert_eq!((answer.status, &answer.body["is_active"]), (201, &json!(false)));
    assert_eq!(answer.body["vendor"], Value::Null);
    assert_eq!(
        site.get("/rest/v1.0/companies/{c}/users/inactive").await.ids(),
        [answer.body["id"].as_u64().unwrap()]
    );
}

#[tokio::test]
async fn an_id_of_another_system_belongs_to_one_user() {
    let site = Site::of(crew().company).await;
    let user =
        |email: &str| json!({ "user": { "email_address": email, "last_name": "O", "origin_id": "HR-9" } });
    assert_eq!(site.post(USERS, user("a@x.example")).await.status, 201);
    let second = site.post(USERS, user("b@x.example")).await;
    assert_eq!((second.status, second.body["errors"]["origin_id"].is_array()), (400, true));
}

#[tokio::test]
async fn a_bid_contact_needs_a_vendor() {
    let site = Site::of(crew().company).await;
    let user = json!({ "email_address": "a@x.example", "last_name": "O", "bid_contact": true });
    assert_eq!(site.post(USERS, json!({ "user": user })).await.status, 400);
}
