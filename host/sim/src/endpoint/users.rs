//! One user of the company: showing and changing.

use serde_json::{Map, Value};

use crate::company::{Invalid, User};
use crate::server::answer::{Answer, Refusal, Reply};
use crate::server::field::{flag, number, required_text, text};
use crate::server::gate::Scene;
use crate::server::request::Request;
use crate::view;

/// Serves `GET /rest/v1.3/companies/{company_id}/users/{id}`, for inactive people too.
pub(crate) fn show(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let user = scene.company.user(request.id("id")?).ok_or_else(Refusal::not_found)?;
    Ok(Answer::ok(view::user::shown(scene.company, user)))
}

/// Serves `PATCH /rest/v1.3/companies/{company_id}/users/{id}`: what is sent is changed, and nothing else.
pub(crate) fn update(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let before = scene.company.user(request.id("id")?).ok_or_else(Refusal::not_found)?;
    let mut user = before.clone();
    apply(&mut user, &request.nested("user")?)?;
    scene.company.check_user(&user)?;
    user.updated_at = scene.company.time();
    scene.company.put_user(user.clone())?;
    Ok(Answer::ok(view::user::written(scene.company, &user)))
}

fn apply(user: &mut User, fields: &Map<String, Value>) -> Result<(), Invalid> {
    for (field, value) in fields {
        match field.as_str() {
            "first_name" => user.first_name = text("first_name", value)?,
            "last_name" => user.last_name = required_text("last_name", value)?,
            "job_title" => user.job_title = text("job_title", value)?,
            "address" => user.address = text("address", value)?,
            "city" => user.city = text("city", value)?,
            "zip" => user.zip = text("zip", value)?,
            "business_phone" => user.business_phone = text("business_phone", value)?,
            "business_phone_extension" => {
                user.business_phone_extension = number("business_phone_extension", value)?;
            }
            "mobile_phone" => user.mobile_phone = text("mobile_phone", value)?,
            "fax_number" => user.fax_number = text("fax_number", value)?,
            "email_address" => user.email = required_text("email_address", value)?,
            "email_signature" => user.email_signature = text("email_signature", value)?,
            "is_active" => user.active = active(user.active, value)?,
            "is_employee" => user.employee = flag("is_employee", value)?,
            "employee_id" => user.employee_id = text("employee_id", value)?,
            "notes" => user.notes = text("notes", value)?,
            "country_code" => user.country_code = text("country_code", value)?,
            "state_code" => user.state_code = text("state_code", value)?,
            "initials" => user.initials = text("initials", value)?,
            "origin_id" => user.origin_id = text("origin_id", value)?,
            "origin_data" => user.origin_data = text("origin_data", value)?,
            "vendor_id" => user.vendor = number("vendor_id", value)?,
            "default_permission_template_id" => {
                user.default_template = number("default_permission_template_id", value)?;
            }
            "company_permission_template_id" => {
                user.company_template = number("company_permission_template_id", value)?;
            }
            "work_classification_id" => {
                user.work_classification_id = number("work_classification_id", value)?
            }
            "add_to_new_projects" => user.add_to_new_projects = flag("add_to_new_projects", value)?,
            // Procore overlooks what it does not know.
            _ => {}
        }
    }
    Ok(())
}

/// A login can be taken away like this, but it can't be given back.
fn active(before: bool, value: &Value) -> Result<bool, Invalid> {
    match (before, flag("is_active", value)?) {
        (false, true) => {
            Err(Invalid::new("is_active", "can't be set to true on an inactive user; reactivate the user"))
        }
        (_, active) => Ok(active),
    }
}
