//! What is sent to change one user, in both dialects, and what is not sent at all.

use std::collections::BTreeMap;

use muster_core::directory::{NewUser, ProfileField};
use muster_core::id::{TemplateId, UserId, VendorId};
use muster_procore::{Dialect, ErrorKind, Settled};
use serde_json::{Value, json};

use super::USER;
use crate::clock::quickly;
use crate::routes::{sent, serve};

fn new_user() -> NewUser {
    NewUser {
        email: "ana@example.com".parse().unwrap(),
        first_name: Some("Ana".to_owned()),
        last_name: "Diaz".to_owned(),
        job_title: None,
        employee: true,
        employee_id: Some("E-1".to_owned()),
        vendor: Some(VendorId::new(4)),
    }
}

/// Changes a user in every way, with a server that agrees with all of it.
async fn changed(dialect: Dialect) -> Vec<String> {
    let agreed = ["PATCH", "DELETE"].map(|method| (method, 200, json!({})));
    let (server, connection) = serve(dialect, agreed).await;
    let writes = connection.writes();
    quickly(async {
        let fields = [(ProfileField::City, "Rome"), (ProfileField::JobTitle, "")];
        let fields = fields.map(|(field, text)| (field, text.to_owned())).into();
        writes.update_profile(USER, &fields).await.unwrap();
        writes.change_email(USER, &"new@example.com".parse().unwrap()).await.unwrap();
        writes.set_company_template(USER, TemplateId::new(1)).await.unwrap();
        writes.set_default_template(USER, TemplateId::new(2)).await.unwrap();
        writes.deactivate_user(USER).await.unwrap();
        writes.reactivate_user(USER).await.unwrap();
        writes.invite_user(USER).await.unwrap();
    })
    .await;
    sent(&server)
}

#[tokio::test]
async fn a_user_is_changed_as_the_reference_says() {
    let user = "PATCH /rest/v1.3/companies/1/users/7";
    assert_eq!(
        changed(Dialect::Reference).await,
        [
            format!(r#"{user} {{"user":{{"city":"Rome","job_title":""}}}}"#),
            format!(r#"{user} {{"user":{{"email_address":"new@example.com"}}}}"#),
            format!(r#"{user} {{"user":{{"company_permission_template_id":1}}}}"#),
            format!(r#"{user} {{"user":{{"default_permission_template_id":2}}}}"#),
            format!(r#"{user} {{"user":{{"is_active":false}}}}"#),
            "PATCH /rest/v1.0/companies/1/users/inactive/7".to_owned(),
            format!("{user}/invite"),
        ]
    );
}

#[tokio::test]
async fn a_user_is_changed_as_the_guide_says() {
    let user = "PATCH /rest/v1.0/companies/1/users/7";
    assert_eq!(
        changed(Dialect::Guide).await,
        [
            format!(r#"{user} {{"user":{{"city":"Rome","job_title":""}}}}"#),
            format!(r#"{user} {{"user":{{"email_address":"new@example.com","login":"new@example.com"}}}}"#),
            format!(r#"{user} {{"user":{{"company_permission_template_id":1}}}}"#),
            format!(r#"{user} {{"user":{{"permission_template_id":2}}}}"#),
            format!(r#"{user} {{"user":{{"is_active":false}}}}"#),
            "PATCH /rest/v1.0/companies/1/users/inactive/7".to_owned(),
            "PATCH /rest/v1.3/companies/1/users/7/invite".to_owned(),
        ]
    );
}

#[tokio::test]
async fn a_user_is_made_in_either_dialect() {
    let shared = json!({
        "first_name": "Ana", "last_name": "Diaz", "is_employee": true, "employee_id": "E-1", "vendor_id": 4,
        "email_address": "ana@example.com",
    });
    let mut guides = shared.clone();
    guides["login"] = json!("ana@example.com");
    for (dialect, path, user) in [
        (Dialect::Reference, "POST /rest/v1.3/companies/1/users", shared),
        (Dialect::Guide, "POST /rest/v1.0/companies/1/users", guides),
    ] {
        let made = json!({"id": u64::from(u32::MAX) + 7, "is_active": true});
        let (server, connection) = serve(dialect, [(path, 201, made)]).await;
        let id = quickly(connection.writes().create_user(&new_user())).await.unwrap();
        assert_eq!(id.get(), u64::from(u32::MAX) + 7);
        let request = &server.requests()[0];
        assert_eq!(serde_json::from_str::<Value>(&request.body).unwrap(), json!({"user": user}), "{dialect}");
    }
}

#[tokio::test]
async fn an_address_that_somebody_has_is_a_conflict() {
    let refused = json!({"errors": {"email_address": ["has already been taken"]}});
    let (_server, connection) = serve(Dialect::Reference, [("POST", 409, refused)]).await;
    let error = quickly(connection.writes().create_user(&new_user())).await.unwrap_err();
    assert_eq!((error.kind(), error.settled()), (ErrorKind::Conflict, Settled::Refused));
}

#[tokio::test]
async fn a_user_that_was_made_without_saying_who_may_be_there() {
    for body in [json!({}), json!({"id": "seven"}), json!([]), json!({"id": -1})] {
        let (server, connection) = serve(Dialect::Reference, [("POST", 201, body)]).await;
        let error = quickly(connection.writes().create_user(&new_user())).await.unwrap_err();
        assert_eq!((error.kind(), error.settled()), (ErrorKind::Malformed, Settled::Unknown), "{error}");
        assert_eq!(server.requests().len(), 1, "never repeated");
    }
}

#[tokio::test]
async fn nothing_is_sent_for_nothing_or_for_what_procore_would_refuse() {
    let (server, connection) = serve(Dialect::Reference, []).await;
    let writes = connection.writes();
    quickly(async {
        writes.update_profile(USER, &BTreeMap::new()).await.unwrap();
        let nameless = [(ProfileField::LastName, " ".to_owned())].into();
        let error = writes.update_profile(USER, &nameless).await.unwrap_err();
        assert_eq!((error.kind(), error.settled()), (ErrorKind::Invalid, Settled::Refused));
        let error = writes.delete_user(USER).await.unwrap_err();
        assert_eq!((error.kind(), error.settled()), (ErrorKind::NotOffered, Settled::Refused));
    })
    .await;
    assert!(sent(&server).is_empty() && server.logins().is_empty());
}

#[tokio::test]
async fn only_the_guide_can_erase_a_user() {
    let (server, connection) = serve(Dialect::Guide, [("DELETE", 204, json!(null))]).await;
    quickly(connection.writes().delete_user(UserId::new(9))).await.unwrap();
    assert_eq!(sent(&server), ["DELETE /rest/v1.0/companies/1/users/9"]);
}
