//! The projects of the company.

use std::cmp::Reverse;

use serde_json::json;

use super::need_company;
use crate::company::Project;
use crate::server::answer::{Answer, Refusal, Reply};
use crate::server::gate::Scene;
use crate::server::page::{paged, paged_by};
use crate::server::query::Query;
use crate::server::request::Request;
use crate::view;

/// Projects have a smaller largest page than other lists.
const PAGE_MAX: u32 = 300;
/// The list of ids comes in pages of this size, whatever is asked for.
const IDS_PAGE: u64 = 200_000;

/// Serves `GET /rest/v1.1/projects`, which shows active projects unless told otherwise.
pub(crate) fn list(scene: &mut Scene<'_>, request: &Request) -> Reply {
    need_company(request)?;
    let company = &*scene.company;
    let query = &request.query;
    let active = by_status(query, Some(true))?;
    let ids = query.filter_ids("id")?;
    let stages = query.filter_ids("by_stage")?;
    let (created, updated) = (query.filter_range("created_at")?, query.filter_range("updated_at")?);
    let name = query.filter("name").map(str::to_lowercase);
    let (number, origin) = (query.filter("project_number"), query.filter("origin_id"));
    let mut projects: Vec<&Project> = company
        .projects()
        .filter(|project| scene.caller.may_see(company, project.id))
        .filter(|project| active.is_none_or(|active| project.active == active))
        .filter(|project| ids.as_ref().is_none_or(|ids| ids.contains(&project.id)))
        .filter(|project| {
            let stage = company.label_id(&project.stage);
            stages.as_ref().is_none_or(|ids| stage.is_some_and(|id| ids.contains(&id)))
        })
        .filter(|project| created.is_none_or(|range| range.holds(project.created_at)))
        .filter(|project| updated.is_none_or(|range| range.holds(project.updated_at)))
        .filter(|project| name.as_ref().is_none_or(|name| project.name.to_lowercase().contains(name)))
        .filter(|project| number.is_none_or(|number| project.number == number))
        .filter(|project| origin.is_none_or(|origin| project.origin_id.as_deref() == Some(origin)))
        .collect();
    sort(query, &mut projects);
    match query.value("view") {
        Some("ids") => paged_by(request, IDS_PAGE, projects, |project| json!(project.id)),
        Some("compact") => {
            paged(request, PAGE_MAX, projects, |project| json!({ "id": project.id, "name": project.name }))
        }
        Some("extended") => {
            paged(request, PAGE_MAX, projects, |project| view::project::extended(company, project))
        }
        _ => paged(request, PAGE_MAX, projects, |project| view::project::listed(company, project)),
    }
}

/// Serves `GET /rest/v1.0/projects/{id}`.
pub(crate) fn show(scene: &mut Scene<'_>, request: &Request) -> Reply {
    need_company(request)?;
    let project = scene.company.project(request.id("id")?).ok_or_else(Refusal::not_found)?;
    Ok(Answer::ok(match request.query.value("view") {
        Some("minimal") => view::project::minimal(project),
        _ => view::project::shown(scene.company, project),
    }))
}

/// Reads the filter by status: whether projects must be active, or may be either.
pub(super) fn by_status(query: &Query, usual: Option<bool>) -> Result<Option<bool>, Refusal> {
    match query.filter("by_status") {
        None => Ok(usual),
        Some("All") => Ok(None),
        Some("Active") => Ok(Some(true)),
        Some("Inactive") => Ok(Some(false)),
        Some(_) => Err(Refusal::field("filters[by_status]", "must be one of Active, Inactive, or All")),
    }
}

fn sort(query: &Query, projects: &mut [&Project]) {
    let Some(attribute) = query.value("sort") else { return };
    let key = |project: &Project| match attribute.trim_start_matches('-') {
        "display_name" => project.number.to_lowercase(),
        "name" => project.name.to_lowercase(),
        _ => String::new(),
    };
    if attribute.starts_with('-') {
        projects.sort_by_cached_key(|project| Reverse(key(project)));
    } else {
        projects.sort_by_cached_key(|project| key(project));
    }
}
