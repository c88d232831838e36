//! The people of a project: the directory of those with a login, all memberships, and taking somebody off.

use serde_json::{Value, json};

use super::{filter, project};
use crate::company::{Membership, User};
use crate::server::answer::{Answer, Refusal, Reply};
use crate::server::gate::Scene;
use crate::server::page::paged;
use crate::server::request::Request;
use crate::view;

/// Serves `GET /rest/v1.0/projects/{project_id}/users`, which shows active people only.
pub(crate) fn users(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let company = &*scene.company;
    let query = &request.query;
    let project = project(company, request)?.id;
    let filter = filter::People::read(query)?;
    let employee = query.filter_flag("employee")?;
    let ids = query.filter_ids("id")?;
    let templates = query.filter_ids("permission_template")?;
    let mut members: Vec<(&User, &Membership)> = company
        .active_members(project)
        .filter(|(user, _)| filter.keeps(company, user))
        .filter(|(user, _)| employee.is_none_or(|employee| user.employee == employee))
        .filter(|(user, _)| ids.as_ref().is_none_or(|ids| ids.contains(&user.id)))
        .filter(|(_, membership)| {
            templates.as_ref().is_none_or(|ids| membership.template.is_some_and(|id| ids.contains(&id)))
        })
        .collect();
    filter::sort_people(company, query, &mut members, |(user, _)| user);
    let view = |(user, membership): &(&User, &Membership)| -> Value {
        match query.value("view") {
            Some("compact") => view::user::compact_member(company, user),
            _ => view::user::member(company, user, membership),
        }
    };
    paged(request, scene.page_max, members, view)
}

/// Serves `GET /rest/v1.0/projects/{project_id}/project_memberships`, which shows everybody, by the ids of parties.
pub(crate) fn memberships(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let company = &*scene.company;
    let memberships: Vec<&Membership> = company.members(project(company, request)?.id).collect();
    paged(request, scene.page_max, memberships, |membership| {
        let party = company.user(membership.user).map(|user| user.party_id);
        json!({ "id": membership.id, "party_id": party, "project_id": membership.project })
    })
}

/// Serves `DELETE /rest/v1.0/projects/{project_id}/users/{id}/actions/remove`. The user stays in the company's directory,
/// and no item changes hands.
pub(crate) fn remove(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let project = project(scene.company, request)?.id;
    let user = request.id("id")?;
    if scene.company.membership(user, project).is_none() {
        return Err(Refusal::not_found());
    }
    scene.company.remove_membership(user, project);
    Ok(Answer::no_content())
}
