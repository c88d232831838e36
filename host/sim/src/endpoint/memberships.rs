//! The memberships of a project by the ids of persons, which only for contacts can be made and ended here.

use serde_json::{Value, json};

use super::project;
use crate::company::Invalid;
use crate::server::answer::{Answer, Refusal, Reply};
use crate::server::field::{ids, number};
use crate::server::gate::Scene;
use crate::server::page::paged;
use crate::server::request::Request;

/// How many people one removal looks at; what comes after them is not looked at.
const PARTIES_MAX: usize = 1000;

/// Serves `GET /rest/v1.0/projects/{project_id}/project_memberships`, which shows everybody, active or not.
pub(crate) fn list(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let company = &*scene.company;
    let project = project(company, request)?.id;
    let users = company
        .members(project)
        .map(|member| (member.id, company.user(member.user).map(|user| user.party_id)));
    let contacts = company.contact_members(project).map(|member| (member.id, Some(member.contact)));
    let memberships: Vec<_> = users.chain(contacts).collect();
    paged(
        request,
        scene.page_max,
        memberships,
        |(id, party)| json!({ "id": id, "party_id": party, "project_id": project }),
    )
}

/// Serves `POST /rest/v1.0/projects/{project_id}/project_memberships`, for contacts only.
pub(crate) fn create(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let project = project(scene.company, request)?.id;
    let fields = request.nested("project_membership")?;
    let party = number("party_id", fields.get("party_id").unwrap_or(&Value::Null))?;
    let party = party.ok_or_else(|| Invalid::new("party_id", "can't be blank"))?;
    let id = scene.company.add_contact_membership(party, project)?;
    Ok(Answer::created(json!([id])))
}

/// Serves `POST /rest/v1.0/projects/{project_id}/project_memberships/bulk_add`: all of them or none.
pub(crate) fn bulk_create(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let project = project(scene.company, request)?.id;
    let parties = parties(request)?;
    let unfit = |id: &&u64| {
        scene.company.contact(**id).is_none() || scene.company.contact_membership(**id, project).is_some()
    };
    if let Some(id) = parties.iter().find(unfit) {
        let message = format!("{id} is not a reference user who could be added");
        return Err(Refusal::field("party_ids", &message));
    }
    let mut made = Vec::new();
    for party in parties {
        made.push(scene.company.add_contact_membership(party, project)?);
    }
    Ok(Answer::created(json!(made)))
}

/// Serves `DELETE /rest/v1.0/projects/{project_id}/project_memberships/{id}`, which names the contact too.
pub(crate) fn remove(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let project = project(scene.company, request)?.id;
    let id = request.id("id")?;
    let party = request.query.number("party_id")?.ok_or_else(|| Refusal::field("party_id", "is missing"))?;
    if scene.company.members(project).any(|member| member.id == id) {
        return Err(Refusal::field("party_id", "must be a reference user"));
    }
    let membership = scene.company.contact_membership(party, project).filter(|found| found.id == id);
    let contact = membership.ok_or_else(Refusal::not_found)?.contact;
    scene.company.remove_contact_membership(contact, project);
    Ok(Answer::no_content())
}

/// Serves `DELETE /rest/v2.0/companies/{company_id}/projects/{project_id}/project_memberships/bulk_remove`. Whoever has a
/// login, or is not there, is skipped.
pub(crate) fn bulk_remove(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let project = project(scene.company, request)?.id;
    let (mut processed, mut skipped) = (Vec::new(), Vec::new());
    for party in parties(request)?.into_iter().take(PARTIES_MAX) {
        match scene.company.remove_contact_membership(party, project) {
            Some(_) => processed.push(party),
            None => skipped.push(party),
        }
    }
    Ok(Answer::ok(json!({ "data": { "processed_ids": processed, "skipped_ids": skipped } })))
}

fn parties(request: &Request) -> Result<Vec<u64>, Refusal> {
    let body = request.json()?;
    let parties = body.get("party_ids").ok_or_else(|| Invalid::new("party_ids", "is missing"))?;
    Ok(ids("party_ids", parties)?)
}
