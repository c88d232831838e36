//! How projects look on the wire, by themselves and as those that a user is or could be on.

use serde_json::{Value, json};

use super::{user, with};
use crate::company::{Company, Membership, Project};

/// Returns a project as in a list.
pub(crate) fn listed(company: &Company, project: &Project) -> Value {
    let value = project.value.map(dollars);
    with(
        base(company, project),
        json!({
            "accounting_project_number": null,
            "custom_fields": {},
            "estimated_value": value,
            "total_value": value,
            "project_template": null,
        }),
    )
}

/// Returns a project as in the extended form of a list.
pub(crate) fn extended(company: &Company, project: &Project) -> Value {
    with(listed(company, project), more(company, project))
}

/// Returns a project as it is shown alone. Its value is a text here and a number in lists.
pub(crate) fn shown(company: &Company, project: &Project) -> Value {
    let value = project.value.map(|value| format!("{:.1}", dollars(value)));
    let office = json!({
        "id": company.own_vendor(), "name": company.name(), "address": null, "city": null, "state_code": null,
        "country_code": "US", "zip": null, "phone": null, "fax": null, "division": null, "logo": null,
    });
    let shown = with(base(company, project), more(company, project));
    with(
        shown,
        json!({
            "estimated_value": value,
            "total_value": value,
            "office": office,
            "accounting_project_number": null,
            "code": null,
            "created_by": user::person(company, project.created_by),
            "custom_fields": {},
            "delivery_method": null,
            "from_project_template_id": null,
            "inbound_email_address": null,
            "is_erp_integrated": false,
            "locale": null,
            "logo_id": null,
            "parent_job": null,
            "photo_url": null,
            "project_sector_id": null,
            "project_stage_id": company.label_id(&project.stage),
            "sector": null,
            "template": false,
            "work_scope": "new_construction",
        }),
    )
}

/// Returns a project as the least form of one that is shown alone.
pub(crate) fn minimal(project: &Project) -> Value {
    json!({
        "id": project.id,
        "name": project.name,
        "project_number": project.number,
        "country_code": "US",
        "active": project.active,
    })
}

/// Returns a project as one that a user is or could be on.
pub(crate) fn assignment(company: &Company, project: &Project, membership: Option<&Membership>) -> Value {
    let template = membership.and_then(|membership| membership.template).and_then(|id| company.template(id));
    json!({
        "project_id": project.id,
        "name": project.name,
        "project_number": project.number,
        "address": project.address,
        "stage": project.stage,
        "is_assigned": membership.is_some(),
        "active": project.active,
        "roles": membership.map(|membership| membership.roles.clone()).unwrap_or_default(),
        "permission_template_name": template.map(|template| &template.name),
        "region": project.region,
        "program": project.program,
        "project_type": project.kind,
    })
}

fn base(company: &Company, project: &Project) -> Value {
    json!({
        "id": project.id,
        "name": project.name,
        "display_name": format!("{} - {}", project.number, project.name),
        "project_number": project.number,
        "active": project.active,
        "company": { "id": company.id(), "name": company.name() },
        "project_stage": label(company, Some(&project.stage)),
        "address": project.address,
        "city": project.city,
        "state_code": project.state_code,
        "country_code": "US",
        "zip": project.zip,
        "county": null,
        "time_zone": time_zone(&project.tz_name),
        "latitude": null,
        "longitude": null,
        "phone": null,
        "start_date": project.start_date,
        "completion_date": project.completion_date,
        "designated_market_area": null,
        "is_demo": false,
        "origin_id": project.origin_id,
        "origin_code": null,
        "origin_data": null,
        "owners_project_id": null,
        "parent_job_id": null,
        "photo_id": null,
        "project_bid_type_id": null,
        "project_owner_type_id": null,
        "project_region_id": project.region.as_deref().and_then(|name| company.label_id(name)),
        "store_number": null,
        "created_at": project.created_at,
        "updated_at": project.updated_at,
    })
}

fn more(company: &Company, project: &Project) -> Value {
    json!({
        "actual_start_date": project.start_date,
        "departments": [],
        "description": null,
        "dictionary_type": "rfi",
        "estimated_start_date": project.start_date,
        "estimated_completion_date": project.completion_date,
        "flag": null,
        "inbound_email": null,
        "logo_url": null,
        "office": null,
        "persistent_message": null,
        "program": label(company, project.program.as_deref()),
        "project_bid_type": null,
        "project_owner_type": null,
        "project_region": label(company, project.region.as_deref()),
        "project_type": label(company, project.kind.as_deref()),
        "projected_finish_date": project.completion_date,
        "public_notes": null,
        "square_feet": null,
        "standard_cost_code_list_id": null,
        "tz_name": project.tz_name,
        "warranty_start_date": null,
        "warranty_end_date": null,
    })
}

fn label(company: &Company, name: Option<&str>) -> Value {
    let id = name.and_then(|name| company.label_id(name));
    id.map_or(Value::Null, |id| json!({ "id": id, "name": name }))
}

fn dollars(value: u64) -> f64 {
    value as f64
}

/// Procore calls zones by the names that Rails has for them.
fn time_zone(tz_name: &str) -> &str {
    match tz_name {
        "America/New_York" => "Eastern Time (US & Canada)",
        "America/Chicago" => "Central Time (US & Canada)",
        "America/Denver" | "America/Boise" => "Mountain Time (US & Canada)",
        "America/Phoenix" => "Arizona",
        "America/Los_Angeles" => "Pacific Time (US & Canada)",
        other => other,
    }
}
