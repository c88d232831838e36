//! Answers of single operations that are legal but awkward, or plainly wrong.

mod accounts;
mod batches;
mod bulk;
mod contacts;
mod coordination_issues;
mod correspondence;
mod groups;
mod inspections;
mod items;
mod meetings;
mod memberships;
mod observations;
mod parties;
mod plans;
mod presets;
mod probe;
mod punch_items;
mod rfis;
mod rights;
mod roles;
mod submittals;
mod sync;
mod tasks;
mod tools;
mod unseen;
mod users;
mod vendors;
mod workflow_tools;
mod workflows;

use muster_core::id::{ProjectId, TemplateId, UserId};
use muster_procore::{Connection, ErrorKind};
use serde_json::{Value, json};

use crate::clock::quickly;
use crate::server::{Reply, Request, Server, answer, ok};

const PROJECT: ProjectId = ProjectId::new(5);
const USER: UserId = UserId::new(7);

fn json_of(value: Value) -> Reply {
    ok(&value.to_string())
}

fn user(id: u64, more: Value) -> Value {
    let mut user = json!({"id": id, "name": format!("U{id}"), "is_active": true, "is_employee": true});
    user.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    user
}

/// The company's templates and users, and one template's own details.
async fn admins_of(templates: Value, users: Value, detail: Reply) -> (Server, Connection) {
    let detail = std::sync::Mutex::new(Some(detail));
    let server = Server::start(move |request: &Request, _| match request.path() {
        "/rest/v1.0/companies/1/permission_templates" => json_of(templates.clone()),
        "/rest/v1.3/users" => json_of(users.clone()),
        _ => detail.lock().unwrap().take().unwrap(),
    })
    .await;
    let connection = server.connect();
    (server, connection)
}

fn template(id: u64, level: Option<&str>) -> Value {
    let levels = level.map(|level| json!({"directory": level}));
    json!({"id": id, "name": "T", "type": "company_tools", "user_access_levels": levels})
}

#[tokio::test]
async fn admins_are_the_active_users_whose_company_template_gives_admin_on_the_directory() {
    let users = json!([
        user(1, json!({"company_permission_template_id": 10})),
        user(2, json!({"company_permission_template_id": 11})),
        user(3, json!({"company_permission_template_id": null})),
        user(4, json!({"company_permission_template_id": 10, "is_active": false})),
    ]);
    let templates = json!([template(10, Some("Admin")), template(11, Some("standard"))]);
    let (server, connection) = admins_of(templates, users, ok("{}")).await;
    let admins = quickly(connection.reads().company_admins()).await.unwrap();
    assert_eq!(admins.iter().map(|user| user.id.get()).collect::<Vec<_>>(), [1]);
    let target = &server.requests()[0].target;
    assert!(target.ends_with("?filters%5Btype%5D=company_tools&view=with_permissions"), "{target}");
}

#[tokio::test]
async fn a_template_whose_levels_are_not_listed_is_looked_up() {
    let users = || {
        json!([
            user(1, json!({"company_permission_template_id": 10})),
            user(2, json!({"company_permission_template_id": 10}))
        ])
    };
    for templates in [json!([template(10, None), template(99, None)]), json!([])] {
        let detail = json!({"id": 10, "name": "T", "user_access_levels": {"directory": "admin"}});
        let (server, connection) = admins_of(templates, users(), json_of(detail)).await;
        assert_eq!(quickly(connection.reads().company_admins()).await.unwrap().len(), 2);
        let last = server.requests().last().unwrap().target.clone();
        assert_eq!(last, "/rest/v1.0/companies/1/permission_templates/10");
        assert_eq!(server.requests().len(), 2 + 1 + usize::from(server.requests().len() > 3));
    }
}

#[tokio::test]
async fn who_the_admins_are_is_never_guessed() {
    let with_template = json!([user(1, json!({"company_permission_template_id": 10}))]);
    let half_silent = json!([user(1, json!({"company_permission_template_id": 10})), user(2, json!({}))]);
    let silent_detail = || json_of(json!({"id": 10, "name": "T"}));
    for (templates, users, detail) in [
        (json!([template(10, None)]), with_template.clone(), silent_detail()),
        (json!([template(10, None)]), with_template.clone(), answer(404, &[], "")),
        (json!([template(10, Some("admin"))]), half_silent.clone(), silent_detail()),
        (json!([template(10, Some("read_only"))]), with_template.clone(), silent_detail()),
        (json!([template(10, Some("admin"))]), json!([]), silent_detail()),
    ] {
        let (_server, connection) = admins_of(templates, users, detail).await;
        let error = quickly(connection.reads().company_admins()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::AdminsUnknown, "{error}");
    }
}

#[tokio::test]
async fn an_answer_about_somebody_else_is_malformed() {
    let server = Server::start(|request: &Request, _| match request.path() {
        path if path.contains("projects") => json_of(json!({"id": 8, "name": "P", "active": true})),
        _ => json_of(user(8, json!({}))),
    })
    .await;
    let reads = server.connect().reads();
    let kinds = quickly(async {
        let user = reads.user(USER).await.unwrap_err();
        let project = reads.project(PROJECT).await.unwrap_err();
        [user.kind(), project.kind()]
    })
    .await;
    assert_eq!(kinds, [ErrorKind::Malformed; 2]);
}

#[tokio::test]
async fn what_is_absent_or_invisible_is_none_and_what_is_forbidden_is_told_apart() {
    let absent = Server::start(|_, _| answer(404, &[], "")).await;
    let reads = absent.connect().reads();
    quickly(async {
        assert_eq!(reads.user(USER).await.unwrap(), None);
        assert_eq!(reads.project(PROJECT).await.unwrap(), None);
        assert_eq!(reads.memberships(USER).await.unwrap_err().kind(), ErrorKind::NotFound);
    })
    .await;

    let closed = Server::start(|_, _| answer(403, &[], "")).await;
    let reads = closed.connect().reads();
    quickly(async {
        assert_eq!(reads.user(USER).await.unwrap_err().kind(), ErrorKind::Forbidden);
    })
    .await;
}

#[tokio::test]
async fn memberships_are_those_that_say_so_themselves_in_active_and_inactive_projects() {
    let row = |project: u64, assigned: bool, active: bool| json!({"project_id": project, "name": "P", "is_assigned": assigned, "active": active, "roles": ["b", "a"]});
    let server = Server::start(move |_, _| {
        json_of(json!([row(3, true, false), row(2, false, true), row(1, true, true)]))
    })
    .await;
    let memberships = quickly(server.connect().reads().memberships(USER)).await.unwrap();
    let found: Vec<_> = memberships.iter().map(|m| (m.project.get(), m.project_active)).collect();
    assert_eq!(found, [(1, true), (3, false)]);
    assert_eq!(memberships[0].roles, ["a", "b"]);
    let target = server.requests()[0].target.clone();
    assert!(target.contains("filters%5Bassignment_status%5D=assigned"), "{target}");
    assert!(target.contains("filters%5Bby_status%5D=All"), "{target}");
}

#[tokio::test]
async fn a_row_that_does_not_say_whether_it_is_a_membership_is_an_error() {
    let server = Server::start(|_, _| json_of(json!([{"project_id": 1, "name": "P", "active": true}]))).await;
    let error = quickly(server.connect().reads().memberships(USER)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Malformed);
    assert!(error.words().unwrap().contains("is_assigned"), "{error}");
}

#[tokio::test]
async fn project_templates_do_not_say_what_they_allow() {
    let server = Server::start(|_, _| {
        json_of(json!([
            {"id": 2, "name": "G", "type": "global", "project_specific": false},
            {"id": 1, "name": "S", "type": "project_specific", "project_specific": true}
        ]))
    })
    .await;
    let templates = quickly(server.connect().reads().project_templates()).await.unwrap();
    let found: Vec<_> = templates.iter().map(|template| (template.id, template.directory_admin)).collect();
    assert_eq!(found, [(TemplateId::new(1), None), (TemplateId::new(2), None)]);
}
