//! One user of the company: showing, adding and changing.

use serde_json::{Map, Value};

use super::profile::{self, Form};
use crate::company::{Company, Invalid, User, initials};
use crate::server::answer::{Answer, Refusal, Reply};
use crate::server::gate::Scene;
use crate::server::request::Request;
use crate::view;

/// Serves `GET /rest/v1.3/companies/{company_id}/users/{id}`, for inactive people too.
pub(crate) fn show(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let user = scene.company.user(request.id("id")?).ok_or_else(Refusal::not_found)?;
    Ok(Answer::ok(view::user::shown(scene.company, user)))
}

/// Serves `POST /rest/v1.3/companies/{company_id}/users`. Nobody is invited, and nobody is put on a project.
pub(crate) fn create(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let fields = request.nested("user")?;
    profile::need_new(&fields).map_err(|missing| Refusal::fields(&missing))?;
    if fields.get("email_address").and_then(Value::as_str).is_some_and(|email| taken(scene.company, email)) {
        return Err(Refusal::taken(scene.switches.conflict));
    }
    if fields.get("bid_contact") == Some(&Value::Bool(true)) && !fields.contains_key("vendor_id") {
        return Err(Refusal::field("bid_contact", "needs vendor_id"));
    }
    let user = add(scene.company, &fields, Form::Create)?;
    Ok(Answer::created(view::user::written(scene.company, &user)))
}

/// Serves `PATCH /rest/v1.3/companies/{company_id}/users/{id}`: what is sent is changed, and nothing else.
pub(crate) fn update(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let user = change(scene, request.id("id")?, &request.nested("user")?, Form::Update)?;
    Ok(Answer::ok(view::user::written(scene.company, &user)))
}

/// Adds the user that a body describes.
pub(super) fn add(company: &mut Company, fields: &Map<String, Value>, form: Form) -> Result<User, Invalid> {
    let mut user = User::blank("", "", String::new(), company.time());
    profile::apply(&mut user, fields, form)?;
    check_origin(company, &user, None)?;
    if user.initials.is_none() {
        user.initials = initials(user.first_name.as_deref().unwrap_or_default(), &user.last_name);
    }
    user.last_activated_at = Some(company.time()).filter(|_| user.active);
    let id = company.add_user_record(user)?;
    company.user(id).cloned().ok_or_else(|| Invalid::unknown("id", id))
}

/// Changes a user as a body says, unless a fault keeps a deactivation from happening, and returns what was asked for.
pub(super) fn change(
    scene: &mut Scene<'_>,
    id: u64,
    fields: &Map<String, Value>,
    form: Form,
) -> Result<User, Refusal> {
    let before = scene.company.user(id).ok_or_else(Refusal::not_found)?;
    let mut user = before.clone();
    profile::apply(&mut user, fields, form)?;
    scene.company.check_user(&user)?;
    check_origin(scene.company, &user, Some(before))?;
    user.updated_at = scene.company.time();
    scene.company.put_user(user.clone())?;
    Ok(user)
}

/// Returns whether somebody has an e-mail address already, active or not.
pub(super) fn taken(company: &Company, email: &str) -> bool {
    company.user_by_email(email).is_some()
}

/// Refuses an id of another system that another user has already.
pub(super) fn check_origin(company: &Company, user: &User, before: Option<&User>) -> Result<(), Invalid> {
    let Some(origin) = user.origin_id.as_ref() else { return Ok(()) };
    let kept = before.is_some_and(|before| before.origin_id.as_ref() == Some(origin));
    let other = |other: &User| other.id != user.id && other.origin_id.as_ref() == Some(origin);
    if !kept && company.users().any(other) {
        return Err(Invalid::new("origin_id", "has already been taken"));
    }
    Ok(())
}
