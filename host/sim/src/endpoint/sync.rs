//! Many users of the company added or changed in one call, each row for itself.
//!
//! The answer is 200 whatever becomes of the rows (developers.procore.com, using sync actions).

use serde_json::{Map, Value, json};

use super::profile::{self, Form};
use super::users;
use crate::company::{Company, Invalid, User};
use crate::server::answer::{Answer, Refusal, Reply};
use crate::server::field::{number, text};
use crate::server::gate::Scene;
use crate::server::request::Request;
use crate::view;

/// How many rows a call may have.
const ROWS_MAX: usize = 1000;

/// Serves `PATCH /rest/v1.3/companies/{company_id}/users/sync`.
pub(crate) fn users(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let body = request.json()?;
    let Some(Value::Array(rows)) = body.get("updates") else {
        return Err(Refusal::bad_request("param is missing or the value is empty: updates"));
    };
    if rows.len() > ROWS_MAX {
        return Err(Refusal::field("updates", "must be at most 1000"));
    }
    let (mut entities, mut errors) = (Vec::new(), Vec::new());
    for row in rows {
        let Value::Object(fields) = row else {
            errors.push(json!({ "errors": { "base": ["must be an object"] } }));
            continue;
        };
        match sync(scene.company, fields) {
            Ok(user) => entities.push(view::user::shown(scene.company, &user)),
            Err(invalid) => errors.push(refused(fields, &invalid)),
        }
    }
    Ok(Answer::ok(json!({ "entities": entities, "errors": errors })))
}

/// Returns a row as it was sent, with what is wrong with it.
fn refused(fields: &Map<String, Value>, invalid: &[Invalid]) -> Value {
    let mut row = fields.clone();
    let errors = invalid.iter().map(|invalid| (invalid.field.to_owned(), json!([invalid.message])));
    row.insert("errors".to_owned(), Value::Object(errors.collect()));
    Value::Object(row)
}

/// An id finds a user and takes a new `origin_id`; an `origin_id` alone finds one or adds one; neither adds one.
fn sync(company: &mut Company, fields: &Map<String, Value>) -> Result<User, Vec<Invalid>> {
    let one = |invalid| vec![invalid];
    let id = number("id", fields.get("id").unwrap_or(&Value::Null)).map_err(one)?;
    let origin = text("origin_id", fields.get("origin_id").unwrap_or(&Value::Null)).map_err(one)?;
    let before = match (id, origin) {
        (Some(id), _) => {
            let unknown = || vec![Invalid::new("id", "Entity with this ID not found")];
            Some(company.user(id).ok_or_else(unknown)?)
        }
        (None, Some(origin)) => company.users().find(|user| user.origin_id.as_ref() == Some(&origin)),
        (None, None) => None,
    };
    let Some(before) = before.cloned() else {
        profile::need_new(fields)?;
        return users::add(company, fields, Form::Sync).map_err(one);
    };
    update(company, &before, fields).map_err(one)
}

fn update(company: &mut Company, before: &User, fields: &Map<String, Value>) -> Result<User, Invalid> {
    let mut user = before.clone();
    profile::apply(&mut user, fields, Form::Sync)?;
    company.check_user(&user)?;
    users::check_origin(company, &user, Some(before))?;
    let activates = user.active && !before.active;
    user.active &= !activates;
    if activates {
        // Asked before anything is changed, so that a row is carried out as a whole or not at all.
        company.check_vendor_active(user.vendor)?;
    }
    company.put_user(user)?;
    if activates {
        company.reactivate(before.id)?;
    }
    company.user(before.id).cloned().ok_or_else(|| Invalid::unknown("id", before.id))
}
