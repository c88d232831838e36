//! How distribution groups look on the wire.

use serde_json::{Value, json};

use super::with;
use crate::company::{Company, DistributionGroup, User};

/// Returns a group, with its users if they are asked for.
pub(crate) fn viewed(company: &Company, group: &DistributionGroup, extended: bool) -> Value {
    let base = json!({ "id": group.id, "name": group.name, "description": group.description });
    if !extended {
        return base;
    }
    let users = group.users.iter().filter_map(|id| company.user(*id));
    with(base, json!({ "users": users.map(|user| member(company, user)).collect::<Vec<_>>() }))
}

fn member(company: &Company, user: &User) -> Value {
    let vendor = user.vendor.and_then(|id| company.vendor(id));
    json!({
        "id": user.id,
        "name": user.name(),
        "company_name": vendor.map(|vendor| &vendor.name),
        "login": user.email,
        "imageUrl": null,
        "initials": user.initials,
        "job_title": user.job_title,
    })
}
