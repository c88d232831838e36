//! The projects that a user is on and those that the user could be on.
//!
//! This is the list that still shows memberships of people whose login was taken away.

use std::cmp::Reverse;

use crate::company::{Company, Membership, Project};
use crate::server::answer::{Refusal, Reply};
use crate::server::gate::Scene;
use crate::server::page::paged;
use crate::server::query::Query;
use crate::server::request::Request;
use crate::view;

type Assignment<'a> = (&'a Project, Option<&'a Membership>);

/// Serves `GET /rest/v1.0/companies/{company_id}/users/{user_id}/project_assignments`.
pub(crate) fn list(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let company = &*scene.company;
    let user = company.user(request.id("user_id")?).ok_or_else(Refusal::not_found)?.id;
    let query = &request.query;
    let assigned = match query.filter("assignment_status") {
        None | Some("all") => None,
        Some("assigned") => Some(true),
        Some("unassigned") => Some(false),
        Some(_) => {
            let message = "must be all, assigned or unassigned";
            return Err(Refusal::field("filters[assignment_status]", message));
        }
    };
    let active = match query.filter_flag("active")? {
        Some(active) => Some(active),
        None => super::projects::by_status(query, None)?,
    };
    let names = query.filter_values("name");
    let templates = query.filter_ids("project_permission_templates")?;
    let mut assignments: Vec<Assignment<'_>> = company
        .projects()
        .filter(|project| scene.caller.may_see(company, project.id))
        .map(|project| (project, company.membership(user, project.id)))
        .filter(|(_, membership)| assigned.is_none_or(|assigned| membership.is_some() == assigned))
        .filter(|(project, _)| active.is_none_or(|active| project.active == active))
        .filter(|(project, _)| {
            names.as_ref().is_none_or(|names| names.iter().any(|name| matches(project, name)))
        })
        .filter(|(_, membership)| {
            let template = membership.and_then(|membership| membership.template);
            templates.as_ref().is_none_or(|ids| template.is_some_and(|id| ids.contains(&id)))
        })
        .collect();
    sort(company, query, &mut assignments);
    paged(request, scene.page_max, assignments, |(project, membership)| {
        view::project::assignment(company, project, *membership)
    })
}

fn matches(project: &Project, name: &str) -> bool {
    project.name.to_lowercase().contains(&name.to_lowercase())
}

fn sort(company: &Company, query: &Query, assignments: &mut [Assignment<'_>]) {
    let Some(attribute) = query.value("sort") else { return };
    if query.value("direction") == Some("desc") {
        assignments.sort_by_cached_key(|assignment| Reverse(key(company, assignment, attribute)));
    } else {
        assignments.sort_by_cached_key(|assignment| key(company, assignment, attribute));
    }
}

/// What is missing comes first.
fn key(company: &Company, (project, membership): &Assignment<'_>, attribute: &str) -> Option<String> {
    let text = match attribute {
        "name" => Some(project.name.clone()),
        "project_number" => Some(project.number.clone()),
        "address" => project.address.clone(),
        "stage" => Some(project.stage.clone()),
        "region" => project.region.clone(),
        "program" => project.program.clone(),
        "project_type" => project.kind.clone(),
        "active" => Some(project.active.to_string()),
        "assignment_status" => Some(membership.is_some().to_string()),
        "project_role_name" => membership.and_then(|membership| membership.roles.first().cloned()),
        "permission_template_name" => {
            let template =
                membership.and_then(|membership| membership.template).and_then(|id| company.template(id));
            template.map(|template| template.name.clone())
        }
        _ => None,
    };
    text.map(|text| text.to_lowercase())
}
