//! The users of a project: its directory, putting somebody on it, taking somebody off, and the template of a member.
//!
//! There is one record of each user for the company and all projects, so that a change made here shows everywhere.

use serde_json::Value;

use super::profile::{self, Form};
use super::{accounts, filter, project, users};
use crate::company::{Company, Invalid, Membership, NewMembership, User};
use crate::server::answer::{Answer, Refusal, Reply};
use crate::server::field::number;
use crate::server::gate::Scene;
use crate::server::page::paged;
use crate::server::request::Request;
use crate::switches::SecondAdd;
use crate::view;

/// Serves `GET /rest/v1.0/projects/{project_id}/users`, which shows active people only.
pub(crate) fn list(scene: &mut Scene<'_>, request: &Request) -> Reply {
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

/// Serves `GET /rest/v1.0/projects/{project_id}/users/inactive`, which knows no filters.
pub(crate) fn inactive(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let company = &*scene.company;
    let project = project(company, request)?.id;
    let members = company.members(project).filter_map(|member| company.user(member.user));
    let mut people: Vec<&User> = members.filter(|user| !user.active).collect();
    filter::sort_people(company, &request.query, &mut people, |user| user);
    let origin = request.origin();
    paged(request, scene.page_max, people, |user| {
        view::user::inactive_member(company, user, project, &origin)
    })
}

/// Serves `GET /rest/v1.0/projects/{project_id}/users/{id}`, for inactive members too.
pub(crate) fn show(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let (user, _) = member(scene.company, request)?;
    shown(scene.company, user)
}

/// Serves `POST /rest/v1.0/projects/{project_id}/users`: adds a new user to the company and to the project. A body that
/// names an existing one is refused for what it lacks.
pub(crate) fn create(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let project = project(scene.company, request)?.id;
    let fields = request.nested("user")?;
    profile::need_new(&fields).map_err(|missing| Refusal::fields(&missing))?;
    let template = template_id(&fields)?;
    if let Some(id) = template.filter(|id| !scene.company.fits(*id, project)) {
        return Err(unfit(id).into());
    }
    let user = users::add(scene.company, &fields, Form::CreateOnProject)?;
    let membership = NewMembership { template, ..NewMembership::new(user.id, project) };
    scene.company.add_membership(membership)?;
    Ok(Answer::created(view::user::shown_member(scene.company, &user)))
}

/// Serves `PATCH /rest/v1.0/projects/{project_id}/users/{id}`: what is sent is changed for the whole company.
pub(crate) fn update(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let (user, _) = member(scene.company, request)?;
    let user = users::change(scene, user, &request.nested("user")?, Form::UpdateOnProject)?;
    Ok(Answer::ok(view::user::shown_member(scene.company, &user)))
}

/// Serves `PATCH /rest/v1.0/projects/{project_id}/users/inactive/{id}`, which gives back the login everywhere.
pub(crate) fn reactivate(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let (user, _) = member(scene.company, request)?;
    let user = accounts::inactive(scene.company, user)?;
    scene.company.reactivate(user)?;
    shown(scene.company, user)
}

/// Serves `POST /rest/v1.0/projects/{project_id}/users/{id}/actions/add`, with a body or without.
pub(crate) fn add(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let project = project(scene.company, request)?.id;
    let user = scene.company.user(request.id("id")?).ok_or_else(Refusal::not_found)?.id;
    let template = if request.is_empty() || request.json()?.get("user").is_none() {
        None
    } else {
        template_id(&request.nested("user")?)?
    };
    join(scene, user, project, template)?;
    let user = scene.company.user(user).ok_or_else(Refusal::not_found)?;
    Ok(Answer::created(view::user::shown_member(scene.company, user)))
}

/// Puts a user on a project. What becomes of somebody who is there already is one of the things that nobody knows.
pub(super) fn join(
    scene: &mut Scene<'_>,
    user: u64,
    project: u64,
    template: Option<u64>,
) -> Result<(), Refusal> {
    let active = scene.company.user(user).is_some_and(|user| user.active);
    match (scene.company.membership(user, project), scene.switches.second_add) {
        (None, _) if !active => {
            return Err(Refusal::bad_request("An inactive user can't be added to a project."));
        }
        (None, _) => {
            let membership = NewMembership { template, ..NewMembership::new(user, project) };
            scene.company.add_membership(membership)?;
        }
        (Some(_), SecondAdd::Kept) => {}
        (Some(_), SecondAdd::Replaced) => {
            if let Some(template) = template {
                scene.company.set_template(user, project, template)?;
            }
        }
        (Some(_), SecondAdd::Refused) => {
            return Err(Refusal::bad_request("The user is already on this project."));
        }
    }
    Ok(())
}

/// Serves `DELETE /rest/v1.0/projects/{project_id}/users/{id}/actions/remove`. The user stays in the company's directory,
/// and no item changes hands.
pub(crate) fn remove(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let (user, project) = member(scene.company, request)?;
    let managed = scene.company.membership(user, project).is_some_and(|member| member.managed);
    if managed && scene.switches.groups_block_removal {
        return Err(Refusal::bad_request("The membership is managed by Groups and can't be removed here."));
    }
    if scene.switches.open_items_block_removal && scene.company.holds_items(user, project) {
        return Err(Refusal::bad_request("The user has open items on this project."));
    }
    scene.company.remove_membership(user, project);
    Ok(Answer::no_content())
}

/// Serves `PATCH /rest/v1.0/projects/{project_id}/permission_template_assignments`: an object, though its name is plural.
pub(crate) fn assign_template(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let project = project(scene.company, request)?.id;
    let fields = request.nested("permission_template_assignments")?;
    let id = |field| match fields.get(field) {
        Some(value) => number(field, value)?.ok_or_else(|| Invalid::new(field, "can't be blank")),
        None => Err(Invalid::new(field, "is missing")),
    };
    let (user, template) = (id("user_id")?, id("permission_template_id")?);
    if scene.company.membership(user, project).is_none() {
        let invalid = Invalid::new("user_id", format!("{user} is not on this project"));
        return Err(Refusal::unprocessable(&invalid));
    }
    let set = scene.company.set_template(user, project, template);
    set.map_err(|invalid| Refusal::unprocessable(&invalid))?;
    Ok(Answer::ok(serde_json::json!({
        "user_id": user, "permission_template_id": template, "project_id": project,
    })))
}

/// Serves `GET /rest/v1.0/projects/{project_id}/assignable_users`: the company's active users, on the project or not. The
/// list has no pages.
pub(crate) fn assignable(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let company = &*scene.company;
    let project = project(company, request)?.id;
    let search = filter::Words::read(&request.query);
    let people = company.users().filter(|user| user.active && search.find(company, user));
    let view = |user: &User| view::user::assignable(company, user, company.membership(user.id, project));
    Ok(Answer::ok(people.map(view).collect()))
}

/// Returns the ids of the member and the project that the path names.
fn member(company: &Company, request: &Request) -> Result<(u64, u64), Refusal> {
    let project = project(company, request)?.id;
    let membership = company.membership(request.id("id")?, project).ok_or_else(Refusal::not_found)?;
    Ok((membership.user, project))
}

fn shown(company: &Company, user: u64) -> Reply {
    let user = company.user(user).ok_or_else(Refusal::not_found)?;
    Ok(Answer::ok(view::user::shown_member(company, user)))
}

pub(super) fn template_id(fields: &serde_json::Map<String, Value>) -> Result<Option<u64>, Invalid> {
    number("permission_template_id", fields.get("permission_template_id").unwrap_or(&Value::Null))
}

fn unfit(template: u64) -> Invalid {
    Invalid::new("permission_template_id", format!("{template} can't be used on this project"))
}
