//! Distribution groups of the company and of a project.

use std::cmp::Reverse;

use serde_json::Value;

use super::{filter, project};
use crate::company::{Company, DistributionGroup, Invalid};
use crate::server::answer::{Answer, Refusal, Reply};
use crate::server::field::{ids, required_text, text};
use crate::server::gate::Scene;
use crate::server::page::paged;
use crate::server::request::Request;
use crate::view;

/// Serves `GET /rest/v1.0/companies/{company_id}/distribution_groups`, which can't be changed there.
pub(crate) fn of_company(scene: &mut Scene<'_>, request: &Request) -> Reply {
    list(scene, request, |group| group.project.is_none())
}

/// Serves `GET /rest/v1.0/projects/{project_id}/distribution_groups`; those of the company must be asked for.
pub(crate) fn of_project(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let project = project(scene.company, request)?.id;
    let all = request.query.value("include_ancestors") == Some("true");
    list(scene, request, |group| group.project == Some(project) || (all && group.project.is_none()))
}

/// Serves `GET /rest/v1.0/projects/{project_id}/distribution_groups/{distribution_group_id}`.
pub(crate) fn show(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let group = find(scene.company, request)?;
    Ok(Answer::ok(view::distribution::viewed(scene.company, group, extended(request))))
}

/// Serves `PATCH /rest/v1.0/projects/{project_id}/distribution_groups/{distribution_group_id}`. The list of users that is
/// sent is the whole new one. A token that was there before changes nothing.
pub(crate) fn update(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let before = find(scene.company, request)?;
    let token = request.header("idempotency-token").filter(|token| !token.is_empty());
    let repeated = token.is_some_and(|token| before.tokens.iter().any(|known| known == token));
    let mut group = before.clone();
    if !repeated {
        let fields = request.nested("distribution_group")?;
        if let Some(name) = fields.get("name") {
            group.name = required_text("name", name)?;
        }
        if let Some(description) = fields.get("description") {
            group.description = text("description", description)?;
        }
        if let Some(users) = fields.get("user_ids") {
            group.users = ids("user_ids", users)?;
        }
        check_new(scene.company, before, &group).map_err(|invalid| Refusal::unprocessable(&invalid))?;
        if let Some(token) = token {
            group.remember(token);
        }
        let put = scene.company.put_distribution_group(group.clone());
        put.map_err(|invalid| Refusal::unprocessable(&invalid))?;
    }
    Ok(Answer::ok(view::distribution::viewed(scene.company, &group, true)))
}

/// Whoever is in the group may stay there without a login; nobody new may come without one.
fn check_new(
    company: &Company,
    before: &DistributionGroup,
    group: &DistributionGroup,
) -> Result<(), Invalid> {
    let active = |id: u64| company.user(id).is_some_and(|user| user.active);
    match group.users.iter().find(|id| !before.users.contains(id) && !active(**id)) {
        Some(id) => Err(Invalid::new("user_ids", format!("{id} is not an active user"))),
        None => Ok(()),
    }
}

fn find<'a>(company: &'a Company, request: &Request) -> Result<&'a DistributionGroup, Refusal> {
    let project = project(company, request)?.id;
    let group = company.distribution_group(request.id("distribution_group_id")?);
    group.filter(|group| group.project == Some(project)).ok_or_else(Refusal::not_found)
}

fn list(scene: &Scene<'_>, request: &Request, keeps: impl Fn(&DistributionGroup) -> bool) -> Reply {
    let company = &*scene.company;
    let words = filter::Words::read(&request.query);
    let mut groups: Vec<&DistributionGroup> = company
        .distribution_groups()
        .filter(|group| keeps(group))
        .filter(|group| words.stand_in(&[&group.name, group.description.as_deref().unwrap_or_default()]))
        .collect();
    match request.query.value("sort") {
        Some("name") => groups.sort_by_cached_key(|group| group.name.to_lowercase()),
        Some("-name") => groups.sort_by_cached_key(|group| Reverse(group.name.to_lowercase())),
        _ => {}
    }
    let extended = extended(request);
    let view = |group: &&DistributionGroup| -> Value { view::distribution::viewed(company, group, extended) };
    paged(request, scene.page_max, groups, view)
}

fn extended(request: &Request) -> bool {
    request.query.value("view") == Some("extended")
}
