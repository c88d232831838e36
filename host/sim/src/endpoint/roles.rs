//! Who has which role on a project.

use serde_json::json;

use crate::company::{Membership, User};
use crate::server::answer::{Refusal, Reply};
use crate::server::gate::Scene;
use crate::server::page::paged;
use crate::server::request::Request;

/// Nobody has more roles on one project.
const ROLES: u64 = 16;

/// Serves `GET /rest/v1.0/project_roles`: each role of each member, also of those without a login.
pub(crate) fn list(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let company = &*scene.company;
    let project = request.query.number("project_id")?;
    let project = project.ok_or_else(|| Refusal::field("project_id", "is missing"))?;
    let created = request.query.filter_range("created_at")?;
    let rows: Vec<(&User, &Membership, u64, &str)> = company
        .members(project)
        .filter(|member| created.is_none_or(|range| range.holds(member.created_at)))
        .filter_map(|member| Some((company.user(member.user)?, member)))
        .flat_map(|(user, member)| {
            (0..ROLES).zip(&member.roles).map(move |(index, role)| (user, member, index, role.as_str()))
        })
        .collect();
    paged(request, scene.page_max, rows, |(user, member, index, role)| {
        json!({
            "id": member.id * ROLES + index,
            "name": user.name(),
            "role": role,
            "user_id": user.id,
            "contact_id": user.contact_id,
            "is_active": user.active,
            "created_at": member.created_at,
        })
    })
}
