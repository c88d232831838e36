//! What a body says of a user: which fields each operation takes, and what they do to the record.

use serde_json::{Map, Value};

use crate::company::{Invalid, User};
use crate::server::field::{flag, number, required_text, text};

/// Which operation a body belongs to. They don't take the same fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A new user of the company.
    Create,
    /// A change of a user of the company.
    Update,
    /// A row of a sync, the one form that gives a login back.
    Sync,
    /// A new user of a project.
    CreateOnProject,
    /// A change of a user of a project.
    UpdateOnProject,
}

/// What only bodies of the company's own operations may hold.
const OF_COMPANY: [&str; 5] = [
    "origin_id",
    "origin_data",
    "work_classification_id",
    "default_permission_template_id",
    "company_permission_template_id",
];

impl Form {
    fn takes(self, field: &str) -> bool {
        match self {
            Self::Create | Self::Sync => field != "add_to_new_projects",
            Self::Update => true,
            Self::CreateOnProject => field != "add_to_new_projects" && !OF_COMPANY.contains(&field),
            Self::UpdateOnProject => {
                !["add_to_new_projects", "initials"].contains(&field) && !OF_COMPANY.contains(&field)
            }
        }
    }

    /// A login can be taken away by a change, but not given back.
    fn active(self, before: bool, value: &Value) -> Result<bool, Invalid> {
        match (self, before, flag("is_active", value)?) {
            (Self::Update | Self::UpdateOnProject, false, true) => Err(Invalid::new(
                "is_active",
                "can't be set to true on an inactive user; reactivate the user",
            )),
            (_, _, active) => Ok(active),
        }
    }
}

/// Changes what a body says and nothing else. Procore overlooks what it does not know.
pub(super) fn apply(user: &mut User, fields: &Map<String, Value>, form: Form) -> Result<(), Invalid> {
    for (field, value) in fields.iter().filter(|(field, _)| form.takes(field)) {
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
            "is_active" => user.active = form.active(user.active, value)?,
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
                user.work_classification_id = number("work_classification_id", value)?;
            }
            "add_to_new_projects" => user.add_to_new_projects = flag("add_to_new_projects", value)?,
            _ => {}
        }
    }
    Ok(())
}

/// Refuses a body without what a new user needs, and names everything that is missing.
pub(super) fn need_new(fields: &Map<String, Value>) -> Result<(), Vec<Invalid>> {
    let missing = |field: &&str| {
        let value = fields.get(*field).unwrap_or(&Value::Null);
        value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty())
    };
    let missing: Vec<Invalid> = ["email_address", "last_name"]
        .into_iter()
        .filter(missing)
        .map(|field| Invalid::new(field, "can't be blank"))
        .collect();
    if missing.is_empty() { Ok(()) } else { Err(missing) }
}
