//! How users look in the dialect of the guide: fewer fields, `login` for the address, and ids instead of objects
//! (stitchflow.com, Procore user management API guide, data model).
//!
//! The guide says nothing of invitations, which are as in the reference; what they have left on a user is shown here too,
//! because no other list of active users is served beside this one.

use serde_json::{Value, json};

use super::with;
use crate::company::{Company, Membership, User};

/// Returns a user of the company; the template is the one that new memberships get.
pub(crate) fn user(company: &Company, user: &User) -> Value {
    json!({
        "id": user.id,
        "login": user.email,
        "name": user.name(),
        "first_name": user.first_name,
        "last_name": user.last_name,
        "email_address": user.email,
        "job_title": user.job_title,
        "business_phone": user.business_phone,
        "mobile_phone": user.mobile_phone,
        "is_active": user.active,
        "is_employee": user.employee,
        "company_id": company.id(),
        "vendor_id": user.vendor,
        "permission_template_id": user.default_template,
        "avatar": null,
        "address": user.address,
        "city": user.city,
        "country_code": user.country_code,
        "welcome_email_sent_at": user.welcome_email_sent_at,
        "last_login_at": user.last_login_at,
        "created_at": user.created_at,
        "updated_at": user.updated_at,
    })
}

/// Returns a user of a project; the template is the one of the membership.
pub(crate) fn member(company: &Company, found: &User, membership: &Membership) -> Value {
    with(user(company, found), json!({ "permission_template_id": membership.template }))
}
