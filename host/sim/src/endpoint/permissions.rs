//! What the caller may do: every tool of the company or of a project with the caller's level in it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::company::{Company, Level, Template, TemplateKind};
use crate::server::answer::{Answer, Refusal, Reply};
use crate::server::gate::Scene;
use crate::server::request::Request;

/// Serves `GET /rest/v1.0/settings/permissions`, for the company or for one project.
pub(crate) fn manifest(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let company = &*scene.company;
    let project = request.query.number("project_id")?;
    let own = match project {
        Some(id) => {
            let project = company.project(id).ok_or_else(Refusal::not_found)?.id;
            company.membership(scene.caller.user, project).and_then(|membership| membership.template)
        }
        None if request.query.value("company_id").is_some() => {
            company.user(scene.caller.user).and_then(|user| user.company_template)
        }
        None => return Err(Refusal::field("company_id", "is missing, and so is project_id")),
    };
    let own = own.and_then(|id| company.template(id));
    // An admin of a directory is an admin of every tool of the project.
    let all = project.is_some_and(|id| scene.caller.level_on(company, id, "directory") == Level::Admin);
    let tools = names(company, project.is_some()).into_iter().enumerate().map(|(index, (name, actions))| {
        let level = if all { Level::Admin } else { own.map_or(Level::None, |own| own.level(&name)) };
        let allowed = |action: &str| all || own.is_some_and(|own| own.allows(&name, action));
        let permitted =
            actions.iter().enumerate().filter(|(_, action)| allowed(action)).map(|(number, action)| {
                json!({
                    "id": 100 * (index + 1) + number,
                    "action_name": action,
                    "label": label(action),
                    "tool_name": name,
                })
            });
        tool(company, project, index, &name, level, permitted.collect())
    });
    Ok(Answer::ok(json!({ "tools": tools.collect::<Vec<_>>() })))
}

fn tool(
    company: &Company,
    project: Option<u64>,
    index: usize,
    name: &str,
    level: Level,
    permitted: Vec<Value>,
) -> Value {
    let level_name = match level {
        Level::None => "None",
        Level::ReadOnly => "Read Only",
        Level::Standard => "Standard",
        Level::Admin => "Admin",
    };
    let (owner, place) = match project {
        Some(project) => (project, "project"),
        None => (company.id(), "company"),
    };
    let creates = level >= Level::Standard;
    json!({
        "id": index + 1,
        "name": name,
        "friendly_name": label(name),
        "domain_id": index + 10,
        "tab_group": "core",
        "available_for_user": level > Level::None,
        "url": format!("/{owner}/{place}/{name}"),
        "user_access_level": { "id": level.number(), "name": level_name },
        "permitted_actions": permitted,
        "create_url": Some(format!("/{owner}/{place}/{name}/new")).filter(|_| creates),
        "can_create": creates,
        "trial": false,
    })
}

/// Returns the tools that any template of the kind names, with the single actions of each.
fn names(company: &Company, of_projects: bool) -> BTreeMap<String, Vec<String>> {
    let mut tools = BTreeMap::<String, Vec<String>>::new();
    let kind = |template: &&Template| (template.kind != TemplateKind::CompanyTools) == of_projects;
    for template in company.templates().filter(kind) {
        for name in template.levels.keys() {
            tools.entry(name.clone()).or_default();
        }
        for (tool, actions) in &template.actions {
            let known = tools.entry(tool.clone()).or_default();
            known.extend(actions.keys().cloned());
            known.sort_unstable();
            known.dedup();
        }
    }
    tools
}

/// Returns a name as people read it.
fn label(name: &str) -> String {
    let words = name.split('_').map(|word| {
        let mut letters = word.chars();
        letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
    });
    words.collect::<Vec<_>>().join(" ")
}
