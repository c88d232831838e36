//! How people look on the wire.
//!
//! There are five forms, and they differ in more than size: lists of the company show templates as objects, single users
//! and the flat list show their ids, and project directories leave out what is null.

use serde_json::{Value, json};

use super::{template, with};
use crate::company::{Company, Membership, User};

/// Returns a user as in the list of the company's active users.
pub(crate) fn listed(company: &Company, user: &User) -> Value {
    with(
        base(company, user),
        json!({
            "contact_id": user.contact_id,
            "party_id": user.party_id,
            "erp_integrated_accountant": false,
            "last_activated_at": user.last_activated_at,
            "welcome_email_sent_at": user.welcome_email_sent_at,
            "work_classification_id": user.work_classification_id,
            "permission_template": template::reference(company, user.default_template),
            "company_permission_template": template::reference(company, user.company_template),
        }),
    )
}

/// Returns a user as in the extended form of the same list.
pub(crate) fn extended(company: &Company, user: &User) -> Value {
    with(listed(company, user), json!({ "role": null, "verified_employee": user.employee }))
}

/// Returns a user as in the list of the company's inactive users.
pub(crate) fn inactive(company: &Company, user: &User, origin: &str) -> Value {
    let link = format!("{origin}/rest/v1.0/companies/{}/users/inactive/{}", company.id(), user.id);
    with(
        base(company, user),
        json!({
            "erp_integrated_accountant": false,
            "welcome_email_sent_at": user.welcome_email_sent_at,
            "_links": { "reactivate": link },
        }),
    )
}

/// Returns a user as in the first version of the same list, and as it is answered to a reactivation.
pub(crate) fn listed_v1(company: &Company, user: &User) -> Value {
    let mut view = listed(company, user);
    if let Value::Object(fields) = &mut view {
        fields.remove("party_id");
    }
    view
}

/// Returns a user as it is shown alone, and in the flat list.
pub(crate) fn shown(company: &Company, user: &User) -> Value {
    with(single(company, user), json!({ "locale": user.locale }))
}

/// Returns a user as it is answered to a change, and to the user itself.
pub(crate) fn written(company: &Company, user: &User) -> Value {
    with(single(company, user), json!({ "add_to_new_projects": user.add_to_new_projects }))
}

/// Returns a user as in the directory of a project.
pub(crate) fn member(company: &Company, user: &User, membership: &Membership) -> Value {
    without_nulls(with(
        base(company, user),
        json!({
            "contact_id": user.contact_id,
            "erp_integrated_accountant": false,
            "welcome_email_sent_at": user.welcome_email_sent_at,
            "work_classification_id": user.work_classification_id,
            "permission_template": template::reference(company, membership.template),
            "company_permission_template": template::reference(company, user.company_template),
        }),
    ))
}

/// Returns a user as a project's directory shows one alone.
pub(crate) fn shown_member(company: &Company, user: &User) -> Value {
    without_nulls(single(company, user))
}

/// Returns a user as in the list of a project's inactive users.
pub(crate) fn inactive_member(company: &Company, user: &User, project: u64, origin: &str) -> Value {
    let link = format!("{origin}/rest/v1.0/projects/{project}/users/inactive/{}", user.id);
    without_nulls(with(inactive(company, user, origin), json!({ "_links": { "reactivate": link } })))
}

/// Returns a user as somebody who could be on a project.
pub(crate) fn assignable(company: &Company, user: &User, membership: Option<&Membership>) -> Value {
    let vendor = user.vendor.and_then(|id| company.vendor(id));
    let vendor = vendor.map(|vendor| {
        json!({ "id": vendor.id, "name": vendor.name, "doing_business_as": vendor.details.get("trade_name") })
    });
    json!({
        "id": user.id,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "name": user.name(),
        "job_title": user.job_title,
        "vendor": vendor,
        "project_permission_template_id": membership.and_then(|membership| membership.template),
        "project_role_ids": membership.map_or(Vec::new(), |membership| roles(company, membership)),
        "assigned_to_project": membership.is_some(),
    })
}

/// Returns a user as in the short form of the directory of a project.
pub(crate) fn compact_member(company: &Company, user: &User) -> Value {
    without_nulls(json!({
        "id": user.id,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "name": user.name(),
        "initials": user.initials,
        "vendor": vendor(company, user.vendor),
    }))
}

/// Returns a user as somebody who is named inside something else.
pub(crate) fn person(company: &Company, id: u64) -> Value {
    company
        .user(id)
        .map_or(Value::Null, |user| json!({ "id": user.id, "login": user.email, "name": user.name() }))
}

/// Returns a user with the vendor, as somebody who is named inside something else.
pub(crate) fn with_vendor(company: &Company, id: u64) -> Value {
    company.user(id).map_or(
        Value::Null,
        |user| json!({ "id": user.id, "name": user.name(), "vendor": vendor(company, user.vendor) }),
    )
}

/// Returns a user with the name of the vendor and the language, as somebody who is named inside something else.
pub(crate) fn with_company(company: &Company, id: u64) -> Value {
    let Some(user) = company.user(id) else { return Value::Null };
    let vendor = user.vendor.and_then(|id| company.vendor(id)).map(|vendor| &vendor.name);
    with(person(company, id), json!({ "company_name": vendor, "locale": user.locale }))
}

/// Returns a vendor as it is named inside something else.
pub(crate) fn vendor(company: &Company, id: Option<u64>) -> Value {
    let vendor = id.and_then(|id| company.vendor(id));
    vendor.map_or(Value::Null, |vendor| json!({ "id": vendor.id, "name": vendor.name }))
}

fn roles(company: &Company, membership: &Membership) -> Vec<u64> {
    membership.roles.iter().filter_map(|role| company.label_id(role)).collect()
}

fn single(company: &Company, user: &User) -> Value {
    with(
        base(company, user),
        json!({
            "is_insurance_manager": false,
            "work_classification_id": user.work_classification_id,
            "default_permission_template_id": user.default_template,
            "company_permission_template_id": user.company_template,
        }),
    )
}

/// Returns what every full form has.
fn base(company: &Company, user: &User) -> Value {
    json!({
        "id": user.id,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "name": user.name(),
        "initials": user.initials,
        "email_address": user.email,
        "job_title": user.job_title,
        "is_active": user.active,
        "is_employee": user.employee,
        "employee_id": user.employee_id,
        "vendor": vendor(company, user.vendor),
        "address": user.address,
        "city": user.city,
        "state_code": user.state_code,
        "country_code": user.country_code,
        "zip": user.zip,
        "business_phone": user.business_phone,
        "business_phone_extension": user.business_phone_extension,
        "mobile_phone": user.mobile_phone,
        "fax_number": user.fax_number,
        "email_signature": user.email_signature,
        "notes": user.notes,
        "origin_id": user.origin_id,
        "origin_data": user.origin_data,
        "avatar": null,
        "business_id": null,
        "last_login_at": user.last_login_at,
        "created_at": user.created_at,
        "updated_at": user.updated_at,
    })
}

fn without_nulls(mut value: Value) -> Value {
    if let Value::Object(fields) = &mut value {
        fields.retain(|_, value| !value.is_null());
    }
    value
}
