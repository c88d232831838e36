//! Templates of projects, and the account's own rights.

use muster_core::directory::AccessLevel;
use muster_procore::{Dialect, ErrorKind};
use serde_json::{Value, json};

use super::PROJECT;
use crate::clock::quickly;
use crate::routes::{sent, serve};

fn template(id: u64, kind: &str) -> Value {
    json!({"id": id, "name": "T", "type": kind, "project_specific": kind == "project_specific"})
}

#[tokio::test]
async fn global_and_assignable_templates_are_asked_for_by_name() {
    let (server, connection) = serve(
        Dialect::Reference,
        [
            (
                "GET /rest/v1.0/companies/1/permission_templates?filters[type]=global",
                200,
                json!([template(3, "global"), template(2, "project_specific"), template(1, "global")]),
            ),
            (
                "GET /rest/v1.0/projects/5/permission_templates?filters[assignables_only]=true",
                200,
                json!([template(2, "project_specific"), template(1, "global")]),
            ),
        ],
    )
    .await;
    let reads = connection.reads();
    let ids = |templates: &[muster_core::directory::Template]| -> Vec<u64> {
        templates.iter().map(|template| template.id.get()).collect()
    };
    quickly(async {
        assert_eq!(ids(&reads.global_templates().await.unwrap()), [1, 3]);
        assert_eq!(ids(&reads.assignable_templates(PROJECT).await.unwrap()), [1, 2]);
    })
    .await;
    assert_eq!(sent(&server).len(), 2);
}

#[tokio::test]
async fn rights_are_those_of_the_company_or_of_one_project() {
    let tools = |level: &str| json!({"tools": [{"id": 1, "name": "directory", "user_access_level": {"id": 4, "name": level}}]});
    let (_server, connection) = serve(
        Dialect::Reference,
        [
            ("GET /rest/v1.0/settings/permissions?company_id=1", 200, tools("admin")),
            ("GET /rest/v1.0/settings/permissions?project_id=5", 200, tools("read_only")),
        ],
    )
    .await;
    let reads = connection.reads();
    quickly(async {
        let company = reads.company_rights().await.unwrap();
        assert_eq!(company.level("directory"), AccessLevel::Admin);
        assert_eq!(company.tools().collect::<Vec<_>>(), [("directory", AccessLevel::Admin)]);
        assert_eq!(reads.project_rights(PROJECT).await.unwrap().level("directory"), AccessLevel::ReadOnly);
    })
    .await;
    let (_server, connection) = serve(Dialect::Reference, [("GET", 200, json!({}))]).await;
    let error = quickly(connection.reads().company_rights()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Malformed);
}
