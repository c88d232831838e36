//! What workflows are asked about, which every project has to be asked for by name.

use muster_core::directory::ItemKind;
use muster_core::id::ProjectId;
use muster_procore::{Dialect, ErrorKind};
use serde_json::{Value, json};

use super::PROJECT;
use super::workflows::{TEMPLATES, TOOLS, sent_once};
use crate::clock::{fast, quickly};
use crate::routes::{asked, sent, serve};
use crate::server::{Request, Server, answer};

const PROJECTS: &str = "GET /rest/v2.0/companies/1/projects/";
const OTHER: ProjectId = ProjectId::new(6);

fn tools() -> Value {
    json!({"data": [
        {"name": "Commitments", "type": "commitments", "provider": "Project", "subtype": null},
        {"name": "Prime Contracts", "type": "prime_contracts", "provider": "Project", "subtype": null},
        {"name": "Funding", "type": "funding", "provider": "Company", "subtype": null},
        {"name": "Letter", "type": "correspondence", "provider": "Project", "subtype": "-3"},
        {"name": "Notice", "type": "correspondence", "provider": "Project", "subtype": "4"},
    ]})
}

fn template(id: u64, tool: &str, subtype: Option<&str>, archived: bool) -> Value {
    json!({"id": id.to_string(), "name": format!("T{id}"), "tool_type": tool, "tool_subtype": subtype,
           "archived_at": archived.then_some("2025-03-01T00:00:00Z"), "assigned_projects_count": 0})
}

/// A template of a type of correspondence, one of the company's own tools, and one that nobody can use any more.
fn templates() -> Value {
    json!({"data": [
        template(1, "correspondence", Some("-3"), false),
        template(2, "funding", None, false),
        template(3, "commitments", None, true),
    ]})
}

/// Returns what is asked of a project about each of these tools.
fn questions(project: ProjectId, tools: &[&str]) -> Vec<String> {
    let list = |list: &str, more: &str| {
        let line =
            |tool: &&str| format!("{PROJECTS}{project}/workflows/{list}?filters[tool_type]={tool}{more}");
        tools.iter().map(line).collect::<Vec<_>>()
    };
    [list("instances", "&filters[active]=true&per_page=100"), list("presets", "&per_page=100")].concat()
}

#[tokio::test]
async fn only_tools_with_a_template_are_asked_about_and_which_they_are_is_asked_once() {
    let lists = json!({"data": []});
    let routes = [(TOOLS, 200, tools()), (TEMPLATES, 200, templates()), (PROJECTS, 200, lists)];
    let (server, connection) = serve(Dialect::Reference, routes).await;
    let reads = connection.reads();
    quickly(async {
        for project in [PROJECT, OTHER] {
            for kind in [ItemKind::Workflow, ItemKind::WorkflowTemplate] {
                assert!(reads.open_items(project, kind, None).await.unwrap().is_empty());
            }
        }
    })
    .await;
    let used = ["commitments", "correspondence&filters[tool_subtype]=-3"];
    let expected = [PROJECT, OTHER].map(|project| questions(project, &used)).concat();
    let sent = sent_once(&server);
    assert_eq!(sent[..2], [TOOLS, TEMPLATES]);
    assert_eq!(sent[2..], expected);
}

#[tokio::test]
async fn a_company_without_templates_costs_nothing_for_each_project() {
    let none = json!({"data": []});
    let (server, connection) =
        serve(Dialect::Reference, [(TOOLS, 200, tools()), (TEMPLATES, 200, none)]).await;
    let reads = connection.reads();
    quickly(async {
        for kind in [ItemKind::Workflow, ItemKind::WorkflowTemplate, ItemKind::Workflow] {
            assert!(reads.open_items(PROJECT, kind, None).await.unwrap().is_empty());
        }
    })
    .await;
    assert_eq!(asked(&server), [TOOLS, TEMPLATES]);
}

#[tokio::test]
async fn where_templates_can_not_be_seen_all_tools_of_projects_are_asked_about() {
    for status in [403, 404] {
        let lists = json!({"data": []});
        let routes = [(TOOLS, 200, tools()), (TEMPLATES, status, json!({})), (PROJECTS, 200, lists)];
        let (server, connection) = serve(Dialect::Reference, routes).await;
        let reads = connection.reads();
        quickly(async {
            for project in [PROJECT, OTHER] {
                reads.open_items(project, ItemKind::WorkflowTemplate, None).await.unwrap();
            }
        })
        .await;
        let sent = sent(&server);
        let count = |begin: &str| sent.iter().filter(|line| line.starts_with(begin)).count();
        assert_eq!([TOOLS, TEMPLATES, PROJECTS].map(count), [1, 1, 8], "{status}: {sent:?}");
    }
}

#[tokio::test]
async fn what_workflows_are_for_is_asked_again_after_an_error_and_after_some_minutes() {
    let server = Server::start(move |request: &Request, number| match number {
        0 => answer(403, &[], "{}"),
        1 => answer(200, &[], &tools().to_string()),
        2 => answer(200, &[], r#"{"data": [{"id": "x"}]}"#),
        _ if request.path().ends_with("tools") => answer(200, &[], &tools().to_string()),
        _ => answer(200, &[], r#"{"data": []}"#),
    })
    .await;
    let reads = server.connect().reads();
    let open = async || reads.open_items(PROJECT, ItemKind::Workflow, None).await;
    let work = async {
        for kind in [ErrorKind::Forbidden, ErrorKind::Malformed] {
            assert_eq!(open().await.unwrap_err().kind(), kind);
        }
        assert!(open().await.unwrap().is_empty());
        assert_eq!(server.requests().len(), 5);
        tokio::time::sleep(std::time::Duration::from_secs(240)).await;
        assert!(open().await.unwrap().is_empty());
        assert_eq!(server.requests().len(), 5);
        tokio::time::sleep(std::time::Duration::from_secs(120)).await;
        assert!(open().await.unwrap().is_empty());
    };
    fast(work, |_| {}).await;
    assert_eq!(server.requests().len(), 7);
}

#[tokio::test]
async fn projects_that_are_asked_together_ask_for_the_tools_once() {
    let none = json!({"data": []});
    let (server, connection) =
        serve(Dialect::Reference, [(TOOLS, 200, tools()), (TEMPLATES, 200, none)]).await;
    let reads = connection.reads();
    let open = async |project, kind| reads.open_items(project, kind, None).await.unwrap();
    quickly(async {
        let (one, other) =
            tokio::join!(open(PROJECT, ItemKind::Workflow), open(OTHER, ItemKind::WorkflowTemplate));
        assert!(one.is_empty() && other.is_empty());
    })
    .await;
    assert_eq!(asked(&server), [TOOLS, TEMPLATES]);
}
