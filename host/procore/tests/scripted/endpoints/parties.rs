//! Contacts on projects.

use muster_core::id::ContactId;
use muster_procore::{Dialect, ErrorKind, Settled};
use serde_json::{Value, json};

use super::PROJECT;
use super::contacts::person;
use crate::clock::quickly;
use crate::routes::{sent, serve};

const LEO: ContactId = ContactId::new(91);

#[tokio::test]
async fn contacts_of_a_project_are_of_either_state_and_leave_out_what_is_null() {
    let mut silent = person(92, json!(null), true);
    silent.as_object_mut().unwrap().remove("user_id");
    let active = json!([silent, person(93, json!(7), true)]);
    let inactive = json!([person(91, json!(null), false)]);
    let (server, connection) = serve(
        Dialect::Reference,
        [
            ("GET /rest/v1.0/projects/5/people?", 200, active),
            ("GET /rest/v1.0/projects/5/people/inactive?", 200, inactive),
        ],
    )
    .await;
    let contacts = quickly(connection.reads().contacts_of_project(PROJECT)).await.unwrap();
    let found: Vec<_> = contacts.iter().map(|contact| (contact.id.get(), contact.active)).collect();
    assert_eq!(found, [(91, false), (92, true)]);
    assert!(sent(&server).iter().all(|line| line.contains("filters[reference_users_only]=true")));
}

#[tokio::test]
async fn a_contact_is_put_on_a_project_and_taken_off_as_a_party() {
    let removed = json!({"data": {"processed_ids": ["91"], "skipped_ids": []}});
    let routes = [("POST", 201, json!([91])), ("DELETE", 200, removed)];
    let (server, connection) = serve(Dialect::Reference, routes).await;
    let writes = connection.writes();
    quickly(async {
        writes.add_contact_to_project(LEO, PROJECT).await.unwrap();
        writes.remove_contact_from_project(LEO, PROJECT).await.unwrap();
    })
    .await;
    assert_eq!(
        sent(&server),
        [
            r#"POST /rest/v1.0/projects/5/project_memberships {"project_membership":{"party_id":91}}"#,
            r#"DELETE /rest/v2.0/companies/1/projects/5/project_memberships/bulk_remove {"party_ids":[91]}"#,
        ]
    );
}

#[tokio::test]
async fn a_contact_that_was_skipped_is_still_there_and_one_that_is_not_mentioned_may_be() {
    let skipped = json!({"data": {"processed_ids": [], "skipped_ids": [91]}});
    let silent = json!({"data": {"processed_ids": [], "skipped_ids": []}});
    let remove = async |body: Value| {
        let (_server, connection) = serve(Dialect::Reference, [("DELETE", 200, body)]).await;
        quickly(connection.writes().remove_contact_from_project(LEO, PROJECT)).await.unwrap_err()
    };
    let error = remove(skipped).await;
    assert_eq!((error.kind(), error.settled()), (ErrorKind::Invalid, Settled::Refused), "{error}");
    for body in [silent, json!({}), json!(null)] {
        let error = remove(body).await;
        assert_eq!((error.kind(), error.settled()), (ErrorKind::Malformed, Settled::Unknown), "{error}");
    }
}
