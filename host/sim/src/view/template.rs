//! How permission templates look on the wire.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::with;
use crate::company::{Company, Template, TemplateKind};

/// Returns a template as in a list.
pub(crate) fn listed(template: &Template) -> Value {
    json!({
        "id": template.id,
        "name": template.name,
        "project_specific": project(template).is_some(),
        "type": template.kind.name(),
        "category": template.category,
    })
}

/// Returns a template as in a list with permissions.
pub(crate) fn detailed(template: &Template) -> Value {
    with(listed(template), json!({ "user_access_levels": levels(template), "permissions": template.actions }))
}

/// Returns a template as it is shown alone.
pub(crate) fn shown(company: &Company, template: &Template) -> Value {
    let project = project(template);
    json!({
        "id": template.id,
        "company_id": company.id(),
        "name": template.name,
        "provider_type": if project.is_some() { "Project" } else { "Company" },
        "provider_id": project.unwrap_or(company.id()),
        "project_id": project,
        "type": template.kind.name(),
        "category": template.category,
        "user_access_levels": levels(template),
        "permissions": template.actions,
    })
}

/// Returns a template as it is named inside a user.
pub(crate) fn reference(company: &Company, id: Option<u64>) -> Value {
    let template = id.and_then(|id| company.template(id));
    template.map_or(Value::Null, |template| {
        json!({
            "id": template.id,
            "name": template.name,
            "project_specific": project(template).is_some(),
            "type": template.kind.name(),
        })
    })
}

/// Returns a template as it is named inside a person.
pub(crate) fn named(company: &Company, id: Option<u64>) -> Value {
    let template = id.and_then(|id| company.template(id));
    template.map_or(Value::Null, |template| json!({ "id": template.id, "name": template.name }))
}

/// Levels are numbers here, unlike in what people see.
fn levels(template: &Template) -> BTreeMap<&str, u8> {
    template.levels.iter().map(|(tool, level)| (tool.as_str(), level.number())).collect()
}

fn project(template: &Template) -> Option<u64> {
    match template.kind {
        TemplateKind::ProjectSpecific { project } => Some(project),
        TemplateKind::CompanyTools | TemplateKind::Global => None,
    }
}
