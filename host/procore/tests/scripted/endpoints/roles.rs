//! Roles in projects.

use muster_procore::{Dialect, ErrorKind};
use serde_json::json;

use super::PROJECT;
use crate::clock::quickly;
use crate::routes::{asked, serve};

const LIST: &str = "GET /rest/v1.0/project_roles?project_id=5";

#[tokio::test]
async fn users_have_roles_with_a_login_or_without_and_contacts_are_left_out() {
    let rows = json!([
        {"id": 4, "name": "Ben", "role": "Superintendent", "user_id": 8, "contact_id": 80, "is_active": false},
        {"id": 3, "name": "Ana", "role": "Superintendent", "user_id": 7, "contact_id": 70, "is_active": true},
        {"id": 2, "name": null, "role": "Project Manager", "user_id": 8, "contact_id": 80, "is_active": true},
        {"id": 1, "name": "Cem", "role": "Architect", "user_id": null, "contact_id": 60, "is_active": true}]);
    let (server, connection) = serve(Dialect::Reference, [(LIST, 200, rows)]).await;
    let roles = quickly(connection.reads().project_roles(PROJECT)).await.unwrap();
    let found: Vec<_> = roles.iter().map(|role| (role.role.as_str(), role.person.id.get())).collect();
    assert_eq!(found, [("Project Manager", 8), ("Superintendent", 7), ("Superintendent", 8)]);
    assert_eq!(asked(&server), [LIST]);
}

#[tokio::test]
async fn a_role_without_its_name_is_an_error_and_a_closed_project_no_project_without_roles() {
    let (_server, connection) =
        serve(Dialect::Reference, [(LIST, 200, json!([{"id": 1, "user_id": 7}]))]).await;
    let error = quickly(connection.reads().project_roles(PROJECT)).await.unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Malformed, "list project roles"));
    for status in [403, 404] {
        let (_server, connection) = serve(Dialect::Reference, [(LIST, status, json!({}))]).await;
        assert!(quickly(connection.reads().project_roles(PROJECT)).await.unwrap_err().is_not_visible());
    }
}
