//! The nine operations that a published guide to Procore states otherwise than Procore's own reference does.
//!
//! Here the list of the company's users has inactive people too, is searched with `?search=` and counted in `X-Total`;
//! somebody who is there already is put on a project with a plain POST and taken off with a plain DELETE; and a user can be
//! deleted (stitchflow.com, Procore user management API guide).

use jiff::civil::Date;
use jiff::{Timestamp, tz};
use serde_json::{Map, Value};

use super::profile::{self, Form};
use super::{members, project, users};
use crate::company::{Company, Invalid, Membership, User};
use crate::server::answer::{Answer, Refusal, Reply};
use crate::server::field::number;
use crate::server::gate::Scene;
use crate::server::page::paged;
use crate::server::request::Request;
use crate::switches::DeleteWithItems;
use crate::view;

/// The largest page of the guide's lists.
const PAGE_MAX: u32 = 10_000;

/// Serves `GET /rest/v1.0/companies/{company_id}/users`, active people or not.
pub(crate) fn list(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let company = &*scene.company;
    let search = request.query.value("search").unwrap_or_default().to_lowercase();
    let after = request.query.value("updated_after").map(time).transpose()?;
    let found = |user: &User| {
        let texts = [user.name(), user.email.clone(), user.job_title.clone().unwrap_or_default()];
        texts.iter().any(|text| text.to_lowercase().contains(&search))
    };
    let people: Vec<&User> = company
        .users()
        .filter(|user| after.is_none_or(|after| user.updated_at > after))
        .filter(|user| found(user))
        .collect();
    let mut answer = paged(request, PAGE_MAX, people, |user| view::guide::user(company, user))?;
    answer.rename_header("Total", "X-Total");
    Ok(answer)
}

/// Serves `GET /rest/v1.0/companies/{company_id}/users/{id}`.
pub(crate) fn show(scene: &mut Scene<'_>, request: &Request) -> Reply {
    shown(scene.company, request.id("id")?)
}

/// Serves `POST /rest/v1.0/companies/{company_id}/users`.
pub(crate) fn create(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let mut fields = request.nested("user")?;
    if !fields.contains_key("login") {
        fields.remove("email_address");
    }
    let fields = spelled(fields);
    profile::need_new(&fields).map_err(|missing| Refusal::fields(&as_guide(missing)))?;
    let email = fields.get("email_address").and_then(Value::as_str);
    if email.is_some_and(|email| users::taken(scene.company, email)) {
        return Err(Refusal::taken(scene.switches.conflict));
    }
    let user = users::add(scene.company, &fields, Form::Create)?;
    Ok(Answer::created(view::guide::user(scene.company, &user)))
}

/// Serves `PATCH /rest/v1.0/companies/{company_id}/users/{id}`. Unlike the reference's it also gives a login back.
pub(crate) fn update(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let before = scene.company.user(request.id("id")?).ok_or_else(Refusal::not_found)?.clone();
    let fields = spelled(request.nested("user")?);
    let mut user = before.clone();
    profile::apply(&mut user, &fields, Form::Sync)?;
    scene.company.check_user(&user)?;
    if user.active && !before.active {
        scene.company.check_vendor_active(user.vendor)?;
        user.last_activated_at = Some(scene.company.time());
    }
    scene.company.put_user(user)?;
    shown(scene.company, before.id)
}

/// Serves `DELETE /rest/v1.0/companies/{company_id}/users/{id}`. Whoever holds items may not be deleted.
pub(crate) fn delete(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let user = scene.company.user(request.id("id")?).ok_or_else(Refusal::not_found)?.id;
    let rule = if scene.company.has_items(user) { Some(scene.switches.delete_with_items) } else { None };
    match rule {
        Some(DeleteWithItems::Refused) => {
            Err(Refusal::bad_request("The user has associated records and can't be deleted."))
        }
        Some(DeleteWithItems::Ignored) => Ok(Answer::no_content()),
        Some(DeleteWithItems::Orphaned) | None => {
            scene.company.delete_user(user);
            Ok(Answer::no_content())
        }
    }
}

/// Serves `GET /rest/v1.0/projects/{project_id}/users`: everybody with a membership, active or not.
pub(crate) fn members(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let company = &*scene.company;
    let members = company.members(project(company, request)?.id);
    let members: Vec<(&User, &Membership)> =
        members.filter_map(|member| Some((company.user(member.user)?, member))).collect();
    let view = |(user, member): &(&User, &Membership)| view::guide::member(company, user, member);
    let mut answer = paged(request, PAGE_MAX, members, view)?;
    answer.rename_header("Total", "X-Total");
    Ok(answer)
}

/// Serves `GET /rest/v1.0/projects/{project_id}/users/{id}`, with which an addition is verified.
pub(crate) fn member(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let project = project(scene.company, request)?.id;
    shown_member(scene.company, request.id("id")?, project).map(Answer::ok)
}

/// Serves `POST /rest/v1.0/projects/{project_id}/users`, which puts somebody on the project who is in the company already.
pub(crate) fn add(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let project = project(scene.company, request)?.id;
    let fields = request.nested("user")?;
    let id = number("id", fields.get("id").unwrap_or(&Value::Null))?;
    let id = id.ok_or_else(|| Invalid::new("id", "can't be blank"))?;
    let user = scene.company.user(id).ok_or_else(Refusal::not_found)?.id;
    members::join(scene, user, project, members::template_id(&fields)?)?;
    shown_member(scene.company, user, project).map(Answer::created)
}

fn shown(company: &Company, id: u64) -> Reply {
    let user = company.user(id).ok_or_else(Refusal::not_found)?;
    Ok(Answer::ok(view::guide::user(company, user)))
}

fn shown_member(company: &Company, user: u64, project: u64) -> Result<Value, Refusal> {
    let membership = company.membership(user, project).ok_or_else(Refusal::not_found)?;
    let user = company.user(user).ok_or_else(Refusal::not_found)?;
    Ok(view::guide::member(company, user, membership))
}

/// Returns a body with the reference's names for what the guide calls otherwise. The login is the address.
fn spelled(mut fields: Map<String, Value>) -> Map<String, Value> {
    for (guide, reference) in
        [("login", "email_address"), ("permission_template_id", "default_permission_template_id")]
    {
        if let Some(value) = fields.remove(guide) {
            fields.insert(reference.to_owned(), value);
        }
    }
    fields
}

/// Returns what is missing under the guide's names.
fn as_guide(missing: Vec<Invalid>) -> Vec<Invalid> {
    let name = |invalid: Invalid| match invalid.field {
        "email_address" => Invalid::new("login", invalid.message),
        _ => invalid,
    };
    missing.into_iter().map(name).collect()
}

/// Reads a time, or a day for its first moment.
fn time(text: &str) -> Result<Timestamp, Refusal> {
    let unfit = || Refusal::field("updated_after", "must be a time in ISO 8601");
    if let Ok(time) = text.parse::<Timestamp>() {
        return Ok(time);
    }
    let day: Date = text.parse().map_err(|_| unfit())?;
    Ok(day.to_zoned(tz::TimeZone::UTC).map_err(|_| unfit())?.timestamp())
}
