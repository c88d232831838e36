//! The tools of a project.

use std::collections::BTreeSet;

use muster_core::directory::ItemKind;
use muster_procore::{Dialect, ErrorKind};
use serde_json::{Value, json};

use super::PROJECT;
use crate::clock::quickly;
use crate::routes::{asked, serve};

fn tool(id: u64, name: Value, is_active: bool) -> Value {
    json!({"id": id, "engine_name": name, "is_active": is_active, "position": id, "required": false, "title": "T"})
}

#[tokio::test]
async fn a_tool_is_on_unless_the_project_says_that_it_is_off() {
    let rows = json!([
        tool(1, json!("checklists"), false),
        tool(2, json!("action_plans"), false),
        tool(3, json!("rfi"), true),
        tool(4, json!("budget"), false),
        tool(5, json!(null), false),
    ]);
    let (server, connection) =
        serve(Dialect::Reference, [("GET /rest/v1.0/projects/5/tools?", 200, rows)]).await;
    let on = quickly(connection.reads().kinds_on(PROJECT)).await.unwrap();
    let off: Vec<_> = ItemKind::ALL.into_iter().filter(|kind| !on.contains(kind)).collect();
    assert_eq!(off, [ItemKind::Inspection, ItemKind::ActionPlan, ItemKind::ActionPlanItem]);
    assert_eq!(asked(&server), ["GET /rest/v1.0/projects/5/tools"]);

    let (_server, connection) = serve(Dialect::Reference, [("GET", 200, json!([]))]).await;
    let on = quickly(connection.reads().kinds_on(PROJECT)).await.unwrap();
    assert_eq!(on, BTreeSet::from(ItemKind::ALL), "what is not listed is asked for");
}

#[tokio::test]
async fn whether_a_tool_is_on_is_never_guessed() {
    for (status, body, kind) in [
        (200, json!([{"id": 1, "engine_name": "rfi"}]), ErrorKind::Malformed),
        (404, json!({}), ErrorKind::NotFound),
        (403, json!({}), ErrorKind::Forbidden),
    ] {
        let (_server, connection) = serve(Dialect::Reference, [("GET", status, body)]).await;
        let error = quickly(connection.reads().kinds_on(PROJECT)).await.unwrap_err();
        assert_eq!((error.kind(), error.operation()), (kind, "list tools"));
        assert_eq!(error.is_not_visible(), status != 200);
    }
}
