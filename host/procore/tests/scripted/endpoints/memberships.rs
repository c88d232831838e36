//! Users on projects: who is there, and how they get there and away again, in both dialects.

use muster_core::id::TemplateId;
use muster_procore::{Dialect, ErrorKind};
use serde_json::{Value, json};

use super::{PROJECT, USER};
use crate::clock::quickly;
use crate::routes::{sent, serve};

const ACTIVE: &str = "GET /rest/v1.0/projects/5/users?";
const INACTIVE: &str =
    "GET /rest/v1.0/projects/5/people/inactive?view=web&filters[without_reference_users]=true";

fn inactive(user: Value, active: bool, template: Value) -> Value {
    json!({
        "id": 90, "first_name": "Ben", "last_name": "Ono", "user_id": user, "email": "ben@example.com",
        "contact": {"is_active": active, "email": "ben@example.com"}, "permission_template": template,
    })
}

async fn changed(dialect: Dialect) -> Vec<String> {
    let agreed = ["POST", "PATCH", "DELETE"].map(|method| (method, 200, json!({})));
    let (server, connection) = serve(dialect, agreed).await;
    let writes = connection.writes();
    quickly(async {
        writes.add_to_project(USER, PROJECT, None).await.unwrap();
        writes.add_to_project(USER, PROJECT, Some(TemplateId::new(27))).await.unwrap();
        writes.set_project_template(USER, PROJECT, TemplateId::new(28)).await.unwrap();
        writes.remove_from_project(USER, PROJECT).await.unwrap();
    })
    .await;
    sent(&server)
}

#[tokio::test]
async fn a_user_comes_and_goes_as_the_reference_says() {
    assert_eq!(
        changed(Dialect::Reference).await,
        [
            "POST /rest/v1.0/projects/5/users/7/actions/add",
            r#"POST /rest/v1.0/projects/5/users/7/actions/add {"user":{"permission_template_id":27}}"#,
            r#"PATCH /rest/v1.0/projects/5/permission_template_assignments {"permission_template_assignments":{"permission_template_id":28,"user_id":7}}"#,
            "DELETE /rest/v1.0/projects/5/users/7/actions/remove",
        ]
    );
}

#[tokio::test]
async fn a_user_comes_and_goes_as_the_guide_says() {
    assert_eq!(
        changed(Dialect::Guide).await,
        [
            r#"POST /rest/v1.0/projects/5/users {"user":{"id":7}}"#,
            r#"POST /rest/v1.0/projects/5/users {"user":{"id":7,"permission_template_id":27}}"#,
            r#"PATCH /rest/v1.0/projects/5/permission_template_assignments {"permission_template_assignments":{"permission_template_id":28,"user_id":7}}"#,
            "DELETE /rest/v1.0/projects/5/users/7",
        ]
    );
}

#[tokio::test]
async fn members_are_active_and_inactive_ones_and_what_is_left_out_is_none() {
    let active = json!([
        {"id": 9, "name": "Cem", "is_active": true},
        {"id": 7, "first_name": "Ana", "last_name": "Diaz", "email_address": "ana@example.com", "is_active": true,
         "permission_template": {"id": 27, "name": "Engineer", "type": "global", "project_specific": false}},
        {"id": 6, "name": "Not any more", "is_active": false},
    ]);
    let inactive = json!([inactive(json!(8), false, json!({"id": 28, "name": "Foreman"}))]);
    let (_server, connection) =
        serve(Dialect::Reference, [(ACTIVE, 200, active), (INACTIVE, 200, inactive)]).await;
    let members = quickly(connection.reads().members(PROJECT)).await.unwrap();
    let found: Vec<_> = members
        .iter()
        .map(|member| (member.person.id.get(), member.person.name.as_str(), member.active))
        .collect();
    assert_eq!(found, [(7, "Ana Diaz", true), (8, "Ben Ono", false), (9, "Cem", true)]);
    let template = members[0].template.as_ref().unwrap();
    assert_eq!((template.id.get(), template.name.as_str()), (27, "Engineer"));
    assert_eq!(members[1].template.as_ref().map(|template| template.id.get()), Some(28));
    assert_eq!(members[1].email, "ben@example.com".parse().ok());
    assert_eq!((&members[2].template, &members[2].email), (&None, &None));
}

#[tokio::test]
async fn the_guides_templates_get_their_names_from_the_project() {
    let active = json!([{"id": 7, "login": "ana@example.com", "name": "Ana", "is_active": true, "permission_template_id": 27}]);
    let templates = json!([{"id": 27, "name": "Engineer", "type": "global", "project_specific": false}]);
    let (_server, connection) = serve(
        Dialect::Guide,
        [
            (ACTIVE, 200, active),
            (INACTIVE, 200, json!([])),
            ("GET /rest/v1.0/projects/5/permission_templates", 200, templates),
        ],
    )
    .await;
    let members = quickly(connection.reads().members(PROJECT)).await.unwrap();
    assert_eq!(members[0].template.as_ref().unwrap().name, "Engineer");
    assert_eq!(members[0].email, "ana@example.com".parse().ok());
}

#[tokio::test]
async fn one_member_is_looked_for_in_both_lists() {
    let row = json!([{"id": 6, "is_active": true}, {"id": 7, "name": "Ana", "is_active": true}]);
    let gone = |user: Value| json!([inactive(user, false, json!(null))]);
    for (active, inactive, expected, calls) in [
        (row, json!([]), Some(true), 1),
        (json!([]), gone(json!(7)), Some(false), 2),
        (json!([]), gone(json!(8)), None, 2),
        (json!([]), gone(json!(null)), None, 2),
        (json!([]), json!([inactive(json!(7), true, json!(null))]), None, 2),
        (json!([]), json!([]), None, 2),
    ] {
        let (server, connection) =
            serve(Dialect::Reference, [(ACTIVE, 200, active), (INACTIVE, 200, inactive)]).await;
        let member = quickly(connection.reads().member(USER, PROJECT)).await.unwrap();
        assert_eq!(member.map(|member| member.active), expected);
        let lines = sent(&server);
        assert!(lines[0].contains("filters[id]=7"), "{lines:?}");
        let paths: std::collections::BTreeSet<_> = lines.iter().map(|line| line.split('?').next()).collect();
        assert_eq!(paths.len(), calls, "{lines:?}");
    }
    let (_server, connection) = serve(Dialect::Reference, []).await;
    let reads = connection.reads();
    let unseen = [
        quickly(reads.member(USER, PROJECT)).await.unwrap_err(),
        quickly(reads.members(PROJECT)).await.unwrap_err(),
    ];
    assert!(
        unseen.iter().all(|error| error.kind() == ErrorKind::NotFound),
        "a project that can't be seen: {unseen:?}"
    );
}

#[tokio::test]
async fn rows_of_an_account_that_may_not_read_the_directory_are_refused() {
    let compact = json!([{"id": 7, "first_name": "Ana", "last_name": "Diaz", "name": "Ana Diaz"}]);
    let (_server, connection) = serve(Dialect::Reference, [(ACTIVE, 200, compact)]).await;
    let error = quickly(connection.reads().members(PROJECT)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Malformed);
    assert!(error.words().unwrap().contains("is_active"), "{error}");
}

#[tokio::test]
async fn an_inactive_member_whose_template_is_not_told_is_refused() {
    let mut silent = inactive(json!(8), false, json!(null));
    silent.as_object_mut().unwrap().remove("permission_template");
    let told = async |row: Value| {
        let routes = [(ACTIVE, 200, json!([])), (INACTIVE, 200, json!([row]))];
        let (_server, connection) = serve(Dialect::Reference, routes).await;
        quickly(connection.reads().members(PROJECT)).await
    };
    assert_eq!(told(silent.clone()).await.unwrap_err().kind(), ErrorKind::Malformed);
    // What is null may be left out, where another field says that it is the view that has it.
    silent["erp_integrated_accountant"] = json!(false);
    assert_eq!(told(silent).await.unwrap()[0].template, None);
}
