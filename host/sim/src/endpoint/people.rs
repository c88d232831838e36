//! The lists of the company's people.
//!
//! The list of the company's users shows active people only, another one the inactive, and a flat one all of them.

use serde_json::{Value, json};

use super::{filter, need_company};
use crate::company::User;
use crate::server::answer::{Refusal, Reply};
use crate::server::gate::Scene;
use crate::server::page::paged;
use crate::server::request::Request;
use crate::view;

/// Serves `GET /rest/v1.3/companies/{company_id}/users`.
pub(crate) fn active(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let company = &*scene.company;
    let people = filtered(scene, request, |user| user.active)?;
    let view = |user: &&User| -> Value {
        match request.query.value("view") {
            Some("ids_only") => json!(user.id),
            Some("extended") => view::user::extended(company, user),
            _ => view::user::listed(company, user),
        }
    };
    paged(request, scene.page_max, people, view)
}

/// Serves `GET /rest/v1.0/companies/{company_id}/users`, the first version of the same, which knows one view only.
pub(crate) fn active_v1(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let company = &*scene.company;
    let people = filtered(scene, request, |user| user.active)?;
    paged(request, scene.page_max, people, |user| view::user::listed_v1(company, user))
}

/// Serves `GET /rest/v1.3/users`.
pub(crate) fn all(scene: &mut Scene<'_>, request: &Request) -> Reply {
    need_company(request)?;
    let active = request.query.filter_flag("active")?;
    let people = filtered(scene, request, |user| active.is_none_or(|active| user.active == active))?;
    paged(request, scene.page_max, people, |user| view::user::shown(scene.company, user))
}

/// Serves `GET /rest/v1.0/companies/{company_id}/users/inactive`, which knows no filters.
pub(crate) fn inactive(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let company = &*scene.company;
    let mut people: Vec<&User> = company.users().filter(|user| !user.active).collect();
    filter::sort_people(company, &request.query, &mut people, |user| user);
    let origin = request.origin();
    paged(request, scene.page_max, people, |user| view::user::inactive(company, user, &origin))
}

fn filtered<'a>(
    scene: &'a Scene<'_>,
    request: &Request,
    keeps: impl Fn(&User) -> bool,
) -> Result<Vec<&'a User>, Refusal> {
    let company = &*scene.company;
    let filter = filter::People::read(&request.query)?;
    let mut people: Vec<&User> =
        company.users().filter(|user| keeps(user) && filter.keeps(company, user)).collect();
    filter::sort_people(company, &request.query, &mut people, |user| user);
    Ok(people)
}
