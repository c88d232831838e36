//! Who the caller is, and for which companies.

use serde_json::json;

use crate::server::answer::{Answer, Refusal, Reply};
use crate::server::gate::Scene;
use crate::server::request::Request;
use crate::view;

/// Serves `GET /rest/v1.0/companies`.
pub(crate) fn companies(scene: &mut Scene<'_>, _request: &Request) -> Reply {
    Ok(Answer::ok(json!([{
        "id": scene.company.id(),
        "name": scene.company.name(),
        "is_active": true,
        "logo_url": null,
        "pcn_business_experience": false,
        "my_company": true,
    }])))
}

/// Serves `GET /rest/v1.0/me`. The name is told only within a company or a project.
pub(crate) fn global(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let user = scene.company.user(scene.caller.user).ok_or_else(Refusal::not_found)?;
    let project = request.query.number("project_id")?;
    if project.is_some_and(|id| scene.company.project(id).is_none()) {
        return Err(Refusal::not_found());
    }
    let named = project.is_some() || request.query.value("company_id").is_some();
    Ok(Answer::ok(if named {
        view::user::person(scene.company, user.id)
    } else {
        json!({ "id": user.id, "login": user.email })
    }))
}

/// Serves `GET /rest/v1.3/companies/{company_id}/me`.
pub(crate) fn in_company(scene: &mut Scene<'_>, _request: &Request) -> Reply {
    let user = scene.company.user(scene.caller.user).ok_or_else(Refusal::not_found)?;
    Ok(Answer::ok(view::user::written(scene.company, user)))
}
