//! Contacts of the company, and the numbers that users have as people.

use muster_core::directory::{Activity, Contact, ProfileField};
use muster_core::id::{ContactId, UserId};
use muster_procore::{Dialect, ErrorKind, Settled};
use serde_json::{Value, json};

use crate::clock::quickly;
use crate::routes::{sent, serve};

const ACTIVE: &str = "GET /rest/v1.0/companies/1/people?";
const INACTIVE: &str = "GET /rest/v1.0/companies/1/people/inactive?";

pub(super) fn person(id: u64, user: Value, active: bool) -> Value {
    json!({
        "id": id, "first_name": "Leo", "last_name": format!("Cruz{id}"), "is_employee": false, "employee_id": null,
        "user_id": user, "contact": {"is_active": active, "email": "leo@example.com"},
    })
}

fn ids(contacts: &[Contact]) -> Vec<u64> {
    contacts.iter().map(|contact| contact.id.get()).collect()
}

#[tokio::test]
async fn contacts_are_people_without_a_user_and_say_themselves_whether_they_are_active() {
    let active =
        json!([person(91, json!(null), true), person(92, json!(7), true), person(93, json!(null), false)]);
    let inactive = json!([person(94, json!(null), false)]);
    let (server, connection) =
        serve(Dialect::Reference, [(ACTIVE, 200, active), (INACTIVE, 200, inactive)]).await;
    let reads = connection.reads();
    quickly(async {
        assert_eq!(ids(&reads.contacts(Activity::Active).await.unwrap()), [91]);
        assert_eq!(sent(&server).len(), 2, "two pages of one list: {:?}", sent(&server));
        assert_eq!(ids(&reads.contacts(Activity::Inactive).await.unwrap()), [94]);
        let all = reads.contacts(Activity::All).await.unwrap();
        assert_eq!(ids(&all), [91, 94]);
        assert_eq!((all[0].name.as_str(), all[0].last_name.as_str()), ("Leo Cruz91", "Cruz91"));
        assert_eq!(
            reads.contact(ContactId::new(94)).await.unwrap().map(|contact| contact.active),
            Some(false)
        );
        assert_eq!(reads.contact(ContactId::new(92)).await.unwrap(), None, "a user is no contact");
    })
    .await;
    assert!(sent(&server).iter().all(|line| line.contains("filters[reference_users_only]=true")));
}

#[tokio::test]
async fn whether_a_person_is_a_user_or_active_is_never_guessed() {
    for field in ["user_id", "contact", "last_name", "is_employee"] {
        let mut row = person(91, json!(null), true);
        row.as_object_mut().unwrap().remove(field);
        let (_server, connection) = serve(Dialect::Reference, [(ACTIVE, 200, json!([row]))]).await;
        let error = quickly(connection.reads().contacts(Activity::Active)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Malformed);
        assert!(error.words().unwrap().contains(field), "{error}");
    }
}

#[tokio::test]
async fn how_a_contact_is_reached_is_in_the_extended_list_of_either_state() {
    let mut row = person(94, json!(null), false);
    row["mobile_phone"] = json!("+1 555");
    row["job_title"] = json!("Foreman");
    let (server, connection) =
        serve(Dialect::Reference, [(ACTIVE, 200, json!([])), (INACTIVE, 200, json!([row]))]).await;
    let details = quickly(connection.reads().contact_details(ContactId::new(94))).await.unwrap().unwrap();
    assert_eq!(details.email, "leo@example.com".parse().ok());
    assert_eq!(details.profile.fields.get(&ProfileField::MobilePhone).map(String::as_str), Some("+1 555"));
    assert_eq!(details.profile.fields.get(&ProfileField::JobTitle).map(String::as_str), Some("Foreman"));
    assert!(sent(&server).iter().all(|line| line.contains("view=extended")), "{:?}", sent(&server));
}

#[tokio::test]
async fn users_have_other_numbers_as_people() {
    let active =
        json!([person(92, json!(7), true), person(91, json!(null), true), person(96, json!(6), true)]);
    let inactive = json!([person(95, json!(8), false)]);
    let (server, connection) =
        serve(Dialect::Reference, [(ACTIVE, 200, active), (INACTIVE, 200, inactive)]).await;
    let asked = [7, 8, 9].map(UserId::new);
    let found = quickly(connection.reads().person_ids(&asked)).await.unwrap();
    let expected = [(7, 92), (8, 95)].map(|(user, person)| (UserId::new(user), ContactId::new(person)));
    assert_eq!(found, expected.into());
    assert!(sent(&server).iter().all(|line| line.contains("filters[without_reference_users]=true")));
}

#[tokio::test]
async fn a_contact_is_changed_with_its_last_name() {
    let (server, connection) = serve(Dialect::Reference, [("PATCH", 200, json!({}))]).await;
    let contact = Contact {
        id: ContactId::new(91),
        name: "Leo Cruz".to_owned(),
        last_name: "Cruz".to_owned(),
        active: false,
        employee: false,
        employee_id: None,
    };
    quickly(connection.writes().set_contact_active(&contact, true)).await.unwrap();
    let expected = r#"PATCH /rest/v1.0/companies/1/people/91 {"person":{"active":true,"last_name":"Cruz"}}"#;
    assert_eq!(sent(&server), [expected]);
}

#[tokio::test]
async fn of_many_people_only_those_who_changed_come_back() {
    let people = [91, 92, 93].map(ContactId::new);
    for (to, action) in [(true, "bulk_activate"), (false, "bulk_deactivate")] {
        // The second generation writes numbers as texts, and not everywhere.
        for ids in [json!([91, 93]), json!(["91", "93"])] {
            let (server, connection) =
                serve(Dialect::Reference, [("POST", 200, json!({"data": {"ids": ids}}))]).await;
            let changed = quickly(connection.writes().set_people_active(&people, to)).await.unwrap();
            assert_eq!(changed, [91, 93].map(ContactId::new).into());
            let expected = format!(r#"POST /rest/v2.0/companies/1/people/{action} {{"ids":[91,92,93]}}"#);
            assert_eq!(sent(&server), [expected]);
        }
    }
}

#[tokio::test]
async fn an_answer_about_many_people_that_makes_no_sense_leaves_it_open() {
    for body in
        [json!({}), json!({"data": {}}), json!({"data": {"ids": ["x"]}}), json!({"data": {"ids": [4]}})]
    {
        let (server, connection) = serve(Dialect::Reference, [("POST", 200, body)]).await;
        let people = [ContactId::new(91)];
        let error = quickly(connection.writes().set_people_active(&people, false)).await.unwrap_err();
        assert_eq!((error.kind(), error.settled()), (ErrorKind::Malformed, Settled::Unknown), "{error}");
        assert_eq!(sent(&server).len(), 1);
    }
}

#[tokio::test]
async fn nobody_is_nobody_and_too_many_are_not_sent() {
    let (server, connection) = serve(Dialect::Reference, []).await;
    let writes = connection.writes();
    quickly(async {
        assert!(writes.set_people_active(&[], true).await.unwrap().is_empty());
        let many: Vec<_> = (0..1001).map(ContactId::new).collect();
        let error = writes.set_people_active(&many, true).await.unwrap_err();
        assert_eq!((error.kind(), error.settled()), (ErrorKind::Invalid, Settled::Refused));
        assert!(connection.reads().person_ids(&[]).await.unwrap().is_empty());
    })
    .await;
    assert!(sent(&server).is_empty());
}
