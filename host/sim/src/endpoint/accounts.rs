//! Logins: inviting, giving back, and both ways for many people at once.

use serde_json::json;

use crate::company::{Company, Invalid};
use crate::server::answer::{Answer, Refusal, Reply};
use crate::server::field::ids;
use crate::server::gate::Scene;
use crate::server::request::Request;
use crate::switches::{InactiveInvite, Spared};
use crate::view;

/// How many people a bulk change may name.
const PEOPLE_MAX: usize = 1000;

/// Serves `PATCH /rest/v1.3/companies/{company_id}/users/{id}/invite`, the first time and again.
pub(crate) fn invite(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let user = scene.company.user(request.id("id")?).ok_or_else(Refusal::not_found)?;
    let (id, sends) = match (user.active, scene.switches.inactive_invite) {
        (true, _) | (false, InactiveInvite::Sent) => (user.id, true),
        (false, InactiveInvite::Dropped) => (user.id, false),
        (false, InactiveInvite::Refused) => {
            return Err(Refusal::bad_request("An inactive user can't be invited."));
        }
    };
    if sends {
        scene.company.invite(id)?;
    }
    Ok(Answer::accepted())
}

/// Serves `PATCH /rest/v1.0/companies/{company_id}/users/inactive/{id}`.
pub(crate) fn reactivate(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let id = inactive(scene.company, request.id("id")?)?;
    scene.company.reactivate(id)?;
    let user = scene.company.user(id).ok_or_else(Refusal::not_found)?;
    Ok(Answer::ok(view::user::listed_v1(scene.company, user)))
}

/// Returns the id of a user who is inactive; nobody else is found under `inactive`.
pub(super) fn inactive(company: &Company, id: u64) -> Result<u64, Refusal> {
    let user = company.user(id).filter(|user| !user.active).ok_or_else(Refusal::not_found)?;
    Ok(user.id)
}

/// Serves `POST /rest/v2.0/companies/{company_id}/people/bulk_activate`. Whoever belongs to an inactive vendor is left out.
pub(crate) fn bulk_activate(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let people = people(request)?;
    let changed: Vec<u64> = people.into_iter().filter(|id| set(scene, *id, true)).collect();
    Ok(Answer::ok(json!({ "data": { "ids": changed } })))
}

/// Serves `POST /rest/v2.0/companies/{company_id}/people/bulk_deactivate`.
pub(crate) fn bulk_deactivate(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let mut people = people(request)?;
    let user = |id: u64| scene.company.person(id).and_then(|person| person.user()).map(|user| user.id);
    let is_admin = |id: u64| user(id).is_some_and(|user| scene.company.is_company_admin(user));
    let is_caller = |id: u64| user(id) == Some(scene.caller.user);
    spare(&mut people, scene.switches.bulk_admins, is_admin, "includes an admin of the company")?;
    spare(&mut people, scene.switches.bulk_caller, is_caller, "includes the caller")?;
    let changed: Vec<u64> = people.into_iter().filter(|id| set(scene, *id, false)).collect();
    Ok(Answer::ok(json!({ "data": { "ids": changed } })))
}

/// Does what a rule says with those whom it concerns.
fn spare(
    people: &mut Vec<u64>,
    rule: Spared,
    concerns: impl Fn(u64) -> bool,
    message: &str,
) -> Result<(), Refusal> {
    match rule {
        Spared::Not => {}
        Spared::LeftOut => people.retain(|id| !concerns(*id)),
        Spared::Refused if people.iter().any(|id| concerns(*id)) => {
            return Err(Refusal::field("ids", message));
        }
        Spared::Refused => {}
    }
    Ok(())
}

/// Reads the ids of persons; those of users are ids of nobody here.
fn people(request: &Request) -> Result<Vec<u64>, Refusal> {
    let body = request.json()?;
    let people = ids("ids", body.get("ids").ok_or_else(|| Invalid::new("ids", "is missing"))?)?;
    if people.len() > PEOPLE_MAX {
        return Err(Refusal::field("ids", "must be at most 1000"));
    }
    Ok(people)
}

/// Returns whether a person was otherwise and could be changed.
fn set(scene: &mut Scene<'_>, person: u64, active: bool) -> bool {
    let other = scene.company.person(person).is_some_and(|found| found.active() != active);
    other && scene.company.set_person_active(person, active).is_ok()
}
