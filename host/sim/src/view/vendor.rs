//! How vendors look on the wire.

use serde_json::{Map, Value, json};

use super::with;
use crate::company::{Company, Vendor};

/// The plain texts of a vendor that nothing in the simulator depends on.
pub(crate) const TEXTS: [&str; 20] = [
    "abbreviated_name",
    "address",
    "city",
    "zip",
    "business_phone",
    "mobile_phone",
    "fax_number",
    "email_address",
    "state_code",
    "country_code",
    "labor_union",
    "license_number",
    "website",
    "notes",
    "origin_id",
    "origin_data",
    "origin_code",
    "trade_name",
    "business_id",
    "logo",
];
/// The plain flags of a vendor that nothing in the simulator depends on.
pub(crate) const FLAGS: [&str; 4] =
    ["authorized_bidder", "prequalified", "union_member", "non_union_prevailing_wage"];

/// What a vendor can be certified as.
const BIDDING: [&str; 13] = [
    "affirmative_action",
    "small_business",
    "african_american_business",
    "hispanic_business",
    "womens_business",
    "historically_underutilized_business",
    "sdvo_business",
    "certified_business_enterprise",
    "asian_american_business",
    "native_american_business",
    "disadvantaged_business",
    "minority_business_enterprise",
    "eight_a_business",
];

/// Returns a vendor in one of its forms; the extended one is the usual one.
pub(crate) fn viewed(company: &Company, vendor: &Vendor, view: Option<&str>) -> Value {
    match view {
        Some("compact") => json!({ "id": vendor.id, "name": vendor.name }),
        Some("normal" | "directory" | "summary") => normal(company, vendor),
        _ => extended(company, vendor),
    }
}

/// Returns a vendor as in the list of the inactive.
pub(crate) fn inactive(company: &Company, vendor: &Vendor, view: Option<&str>, origin: &str) -> Value {
    let link = format!("{origin}/rest/v1.0/companies/{}/vendors/inactive/{}", company.id(), vendor.id);
    with(viewed(company, vendor, view), json!({ "_links": { "reactivate": link } }))
}

fn normal(company: &Company, vendor: &Vendor) -> Value {
    let text = |name: &str| (name.to_owned(), vendor.details.get(name).cloned().unwrap_or(Value::Null));
    let flag = |name: &str| (name.to_owned(), vendor.details.get(name).cloned().unwrap_or(false.into()));
    let details: Map<String, Value> =
        TEXTS.into_iter().map(text).chain(FLAGS.into_iter().map(flag)).collect();
    let users = company.users().filter(|user| user.active && user.vendor == Some(vendor.id)).count();
    let contacts = company.contacts().filter(|contact| contact.active && contact.vendor == Some(vendor.id));
    with(
        Value::Object(details),
        json!({
            "id": vendor.id,
            "name": vendor.name,
            "company": company.name(),
            "company_vendor": vendor.id == company.own_vendor(),
            "is_active": vendor.active,
            "is_connected": false,
            "connected_to_company_id": null,
            "contact_count": users + contacts.count(),
            "synced_to_erp": false,
            "business_register": null,
            "vendor_group": null,
            "primary_contact": vendor.primary_contact.map_or(Value::Null, |id| contact(company, id)),
            "attachments": [],
            "created_at": vendor.created_at,
            "updated_at": vendor.updated_at,
        }),
    )
}

/// Returns whom others turn to first; it is named by the id as a contact.
fn contact(company: &Company, id: u64) -> Value {
    company.user(id).map_or(Value::Null, |user| {
        json!({
            "id": user.contact_id,
            "first_name": user.first_name,
            "last_name": user.last_name,
            "business_phone": user.business_phone,
            "business_phone_extension": user.business_phone_extension,
            "fax_number": user.fax_number,
            "mobile_phone": user.mobile_phone,
            "email_address": user.email,
            "created_at": user.created_at,
            "updated_at": user.updated_at,
        })
    })
}

fn extended(company: &Company, vendor: &Vendor) -> Value {
    let trade = vendor.trade.as_deref();
    let trade = trade.and_then(|name| {
        let id = company.label_id(name)?;
        Some(json!({ "id": id, "name": name, "active": true, "updated_at": vendor.created_at }))
    });
    let bidding: Map<String, Value> =
        BIDDING.into_iter().map(|name| (name.to_owned(), false.into())).collect();
    with(
        normal(company, vendor),
        json!({
            "children_count": 0,
            "legal_name": vendor.name,
            "parent": null,
            "trades": trade.into_iter().collect::<Vec<_>>(),
            "bidding_distribution": [],
            "bidding": bidding,
            "project_ids": [],
            "standard_cost_codes": [],
        }),
    )
}
