//! What each operation needs of the caller.
//!
//! A project that the caller can't see is answered with 404, as one that is not there; whatever else is missing, with 403
//! (developers.procore.com, error reference).

mod table;

use serde_json::Value;

use super::answer::Refusal;
use super::caller::Caller;
use super::request::Request;
use crate::company::{Company, Level, Tool, User};
use crate::switches::{Switches, ToolOff};

use Level::{Admin, ReadOnly, Standard};
use table::Need::{self, Directory, Edit, EditOn, Project};
use table::need;

const DIRECTORY: &str = Tool::Directory.engine();

/// Checks that the caller may do what the request asks for.
pub(super) fn check(
    company: &Company,
    caller: &Caller,
    operation: &str,
    request: &Request,
    switches: Switches,
) -> Result<(), Refusal> {
    // What nobody has said to need less is for admins.
    let need = need(operation).unwrap_or(Directory(Admin));
    let project = project(operation, request, need)?;
    if project.is_some_and(|project| !caller.may_see(company, project)) {
        return Err(Refusal::not_found());
    }
    let forbidden = |what: String| Err(Refusal::forbidden(&format!("This needs {what}.")));
    match (need, project) {
        (Project(tool, _), Some(project)) if !company.has_tool(project, tool) => {
            return Err(switched_off(tool, switches.tool_off));
        }
        (Directory(level), _) if caller.level(company, DIRECTORY) < level => {
            return forbidden(format!("the level {} in the company's directory", words(level)));
        }
        (Edit, _) if !caller.edits_users(company) => {
            return forbidden("the permission to create and edit users of the company".to_owned());
        }
        (Project(tool, level), Some(project)) if caller.level_on(company, project, tool.engine()) < level => {
            let (level, tool) = (words(level), tool.engine());
            return forbidden(format!("the level {level} in the project's tool {tool}"));
        }
        (EditOn, Some(project)) if !caller.edits_users_on(company, project) => {
            return forbidden("the permission to create and edit users of the project".to_owned());
        }
        _ => {}
    }
    if operation.starts_with("GET ") || caller.is_admin(company) {
        return Ok(());
    }
    let Ok(body) = request.json() else { return Ok(()) };
    check_fields(company, operation, request, &body)?;
    match unassignable(company, caller, project, &body) {
        Some(template) => forbidden(format!("the permission to assign the template {template}")),
        None => Ok(()),
    }
}

fn words(level: Level) -> &'static str {
    match level {
        Level::None => "none",
        ReadOnly => "read only",
        Standard => "standard",
        Admin => "admin",
    }
}

/// Returns the project that a request is about. One that is about a tool must name it somewhere.
fn project(operation: &str, request: &Request, need: Need) -> Result<Option<u64>, Refusal> {
    if operation == "GET /rest/v1.0/projects/{id}" {
        return request.id("id").map(Some);
    }
    if request.has_id("project_id") {
        return request.id("project_id").map(Some);
    }
    match (request.query.number("project_id")?, need) {
        (None, Project(..)) => request.project_of_body().map(Some),
        (named, _) => Ok(named),
    }
}

/// Which of the two it is, nobody knows.
fn switched_off(tool: Tool, answered: ToolOff) -> Refusal {
    match answered {
        ToolOff::NotFound => Refusal::not_found(),
        ToolOff::Forbidden => {
            Refusal::forbidden(&format!("The tool {} is not active in this project.", tool.title()))
        }
    }
}

/// Checks that nobody but an admin of the directory changes an e-mail address, a template of the company or a default
/// one, or who is added to new projects (developers.procore.com, update company user).
fn check_fields(company: &Company, operation: &str, request: &Request, body: &Value) -> Result<(), Refusal> {
    type Now = fn(&User) -> Value;
    const FIELDS: [(&str, Now); 4] = [
        ("email_address", |user| user.email.clone().into()),
        ("default_permission_template_id", |user| user.default_template.into()),
        ("company_permission_template_id", |user| user.company_template.into()),
        ("add_to_new_projects", |user| user.add_to_new_projects.into()),
    ];
    // How the guide calls two of them.
    const GUIDE: [(&str, Now); 2] = [
        ("login", |user| user.email.clone().into()),
        ("permission_template_id", |user| user.default_template.into()),
    ];
    let guide = operation.contains(" /rest/v1.0/companies/{company_id}/users");
    let Some(fields) = body.get("user") else { return Ok(()) };
    let named = if operation.contains("/users/{id}") { request.id("id").ok() } else { None };
    let before = named.and_then(|id| company.user(id));
    for (field, value) in FIELDS.into_iter().chain(GUIDE.into_iter().filter(|_| guide)) {
        // A new user needs an address, and may be given a default template that is assignable.
        let of_new = field != "company_permission_template_id" && field != "add_to_new_projects";
        let changes = match (fields.get(field), before) {
            (None, _) => false,
            (Some(sent), Some(user)) => *sent != value(user),
            (Some(sent), None) => !of_new && !sent.is_null() && *sent != Value::Bool(false),
        };
        if changes {
            return Err(Refusal::forbidden(&format!(
                "This needs the level admin in the company's directory: {field}."
            )));
        }
    }
    Ok(())
}

/// Returns a template that is to be given to somebody and that the caller may give to nobody.
fn unassignable(company: &Company, caller: &Caller, project: Option<u64>, body: &Value) -> Option<u64> {
    match body {
        Value::Array(items) => items.iter().find_map(|item| unassignable(company, caller, project, item)),
        Value::Object(fields) => {
            let project = fields.get("project_id").and_then(id).or(project);
            let given = |name: &str| fields.get(name).and_then(id);
            let on = given("permission_template_id").map(|template| (template, project));
            let usual = given("default_permission_template_id").map(|template| (template, None));
            let mut given = [on, usual].into_iter().flatten();
            given
                .find(|(template, project)| !caller.may_assign(company, *project, *template))
                .map(|(template, _)| template)
                .or_else(|| fields.values().find_map(|value| unassignable(company, caller, project, value)))
        }
        _ => None,
    }
}

/// Ids are numbers, and texts in version 2.
fn id(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use axum::body::Bytes;
    use axum::http::StatusCode;

    use super::table::Need::Anybody;
    use super::table::RIGHTS;
    use super::*;
    use crate::account::Permitted;
    use crate::company::{NewMembership, NewProject, NewUser};
    use crate::config::Dialect;
    use crate::server::answer::Answer;
    use crate::server::operation::{Action, Operation, operations};

    /// Returns every operation of Procore's API in either dialect.
    fn served() -> impl Iterator<Item = &'static Operation> {
        let all = [Dialect::Reference, Dialect::Guide].into_iter().flat_map(operations);
        all.filter(|operation| matches!(operation.action, Action::Rest(_)))
    }

    #[test]
    fn every_operation_says_what_it_needs() {
        for operation in served() {
            assert!(need(operation.name).is_some(), "{} has no row", operation.name);
        }
    }

    fn of_a_tool(operation: &str) -> bool {
        matches!(need(operation), Some(Project(..)))
    }

    fn names_project(operation: &str) -> bool {
        operation.contains("{project_id}")
    }

    /// Returns what a call with the id 7 for everything but the company and the project is answered by the rights alone.
    fn status(
        company: &Company,
        caller: &Caller,
        operation: &'static Operation,
        project: u64,
    ) -> Option<StatusCode> {
        let path = operation.path().replace("{project_id}", &project.to_string());
        let path = path.replace("{company_id}", &company.id().to_string());
        let path = path.split('/').map(|part| if part.starts_with('{') { "7" } else { part });
        let path = path.collect::<Vec<_>>().join("/");
        let elsewhere = of_a_tool(operation.name) && !names_project(operation.name);
        let uri = if elsewhere { format!("{path}?project_id={project}") } else { path };
        let parts = axum::http::Request::builder()
            .method(operation.name.split(' ').next().unwrap())
            .uri(uri)
            .body(())
            .unwrap()
            .into_parts()
            .0;
        let request = Request::new(parts, Some(operation), Some(Bytes::new()));
        let refused = check(company, caller, operation.name, &request, Switches::default()).err();
        refused.map(|refusal| Answer::from(refusal).status)
    }

    #[test]
    fn nothing_about_a_project_is_served_to_who_can_not_see_it() {
        let mut company = Company::new("Northgate");
        let [seen, hidden] = ["A", "B"].map(|name| company.add_project(NewProject::named(name)));
        let permitted = Permitted::Only([seen].into());
        let caller = Caller { user: company.service_account(), permitted };
        let about_projects: Vec<_> =
            served().filter(|operation| names_project(operation.name) || of_a_tool(operation.name)).collect();
        assert!(about_projects.len() > 20);
        for operation in about_projects {
            assert_eq!(status(&company, &caller, operation, seen), None, "{}", operation.name);
            let refused = status(&company, &caller, operation, hidden);
            assert_eq!(refused, Some(StatusCode::NOT_FOUND), "{}", operation.name);
        }
    }

    #[test]
    fn an_operation_of_a_tool_names_the_project_and_finds_the_tool_switched_off() {
        let mut company = Company::new("Northgate");
        let project = company.add_project(NewProject::named("A"));
        let caller = Caller { user: company.service_account(), permitted: Permitted::All };
        for tool in Tool::ALL.into_iter().filter(|tool| !tool.is_required()) {
            company.set_tool(project, tool, false).unwrap();
        }
        let operations: Vec<_> = served().filter(|operation| of_a_tool(operation.name)).collect();
        assert!(operations.len() > 20);
        for operation in operations {
            let refused = status(&company, &caller, operation, project);
            assert_eq!(refused, Some(StatusCode::NOT_FOUND), "{}", operation.name);
        }
    }

    #[test]
    fn who_may_do_nothing_is_refused_everything_that_anybody_does_not_get() {
        let mut company = Company::new("Northgate");
        let project = company.add_project(NewProject::named("A"));
        let user = company.add_user(NewUser::named("Kim", "Ito")).unwrap();
        company.add_membership(NewMembership::new(user, project)).unwrap();
        let caller = Caller { user, permitted: Permitted::All };
        for operation in served() {
            let refused = status(&company, &caller, operation, project);
            match need(operation.name) {
                Some(Anybody) if operation.name.ends_with("/projects/{id}") => {
                    assert_eq!(refused, Some(StatusCode::NOT_FOUND));
                }
                Some(Anybody) => assert_eq!(refused, None, "{}", operation.name),
                _ => assert_eq!(refused, Some(StatusCode::FORBIDDEN), "{}", operation.name),
            }
        }
    }

    #[test]
    fn each_stands_in_the_table_once_and_only_with_a_project_where_it_needs_one() {
        let names: BTreeSet<_> = RIGHTS.iter().map(|(name, _)| name).collect();
        assert_eq!(names.len(), RIGHTS.len());
        for (name, need) in RIGHTS {
            if matches!(need, EditOn) {
                assert!(names_project(name), "{name}");
            }
            if name.starts_with("GET ") {
                let reads = matches!(need, Anybody | Directory(ReadOnly) | Project(_, ReadOnly));
                assert!(reads || name.contains("/bulk/status/"), "{name}");
            } else {
                assert_ne!(*need, Anybody, "{name}");
            }
        }
    }
}
