//! How people look on the wire, whether they have a login or not.

use serde_json::{Value, json};

use super::{template, user, with};
use crate::company::{Company, Person, initials};

/// Returns a person in the usual form. `user_id` is `null` for a contact.
pub(crate) fn normal(person: Person<'_>) -> Value {
    json!({
        "id": person.id(),
        "first_name": person.first_name(),
        "last_name": person.last_name(),
        "is_employee": person.employee(),
        "employee_id": person.employee_id(),
        "origin_id": person.origin_id(),
        "user_id": person.user().map(|user| user.id),
        "user_uuid": null,
        "work_classification_id": person.work_classification_id(),
        "contact": { "is_active": person.active(), "email": person.email() },
    })
}

/// Returns a person in the extended form.
pub(crate) fn extended(company: &Company, person: Person<'_>) -> Value {
    let user = person.user();
    let (created_at, updated_at) = person.times();
    let initials = match user {
        Some(user) => user.initials.clone(),
        None => initials(person.first_name().unwrap_or_default(), person.last_name()),
    };
    with(
        normal(person),
        json!({
            "initials": initials,
            "email": person.email(),
            "job_title": person.job_title(),
            "vendor": user::vendor(company, person.vendor()),
            "reference_user": user.is_none(),
            "connected": false,
            "avatar": null,
            "business_phone": user.and_then(|user| user.business_phone.as_ref()),
            "mobile_phone": user.and_then(|user| user.mobile_phone.as_ref()),
            "fax_number": user.and_then(|user| user.fax_number.as_ref()),
            "address": user.and_then(|user| user.address.as_ref()),
            "city": user.and_then(|user| user.city.as_ref()),
            "state_code": user.and_then(|user| user.state_code.as_ref()),
            "country_code": user.and_then(|user| user.country_code.as_ref()),
            "zip": user.and_then(|user| user.zip.as_ref()),
            "last_login_at": user.and_then(|user| user.last_login_at),
            "welcome_email_sent_at": user.and_then(|user| user.welcome_email_sent_at),
            "work_classification": null,
            "created_at": created_at,
            "updated_at": updated_at,
        }),
    )
}

/// Returns a person of a project in the form that Procore's own pages use.
pub(crate) fn web(company: &Company, person: Person<'_>, permission_template: Option<u64>) -> Value {
    with(
        extended(company, person),
        json!({
            "erp_integrated_accountant": false,
            "permission_template": template::named(company, permission_template),
        }),
    )
}
