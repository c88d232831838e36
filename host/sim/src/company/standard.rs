//! The permission templates that every simulated company starts with.
//!
//! Two of those for company tools make a company admin, under different names: what counts is the level `admin` in
//! `directory`, never the name.

use std::collections::BTreeSet;

use super::Company;
use super::template::{Category, Level, TemplateKind};

use Level::{Admin, None, ReadOnly, Standard};

/// What each template for company tools gives, in the order of [`COMPANY_TOOLS`].
const COMPANY: [(&str, [Level; 5]); 6] = [
    ("Company Administrator", [Admin, Admin, Admin, Admin, Admin]),
    ("Integration", [Admin, ReadOnly, Standard, None, ReadOnly]),
    ("Office Staff", [Standard, Standard, Standard, None, Standard]),
    ("Accounting", [ReadOnly, Standard, ReadOnly, None, ReadOnly]),
    ("Field Staff", [ReadOnly, ReadOnly, None, None, ReadOnly]),
    ("No Company Tools", [None, None, None, None, None]),
];
const COMPANY_TOOLS: [&str; 5] = ["directory", "reports", "schedule", "permissions", "documents"];

/// What each template for project tools gives, in the order of [`PROJECT_TOOLS`].
const PROJECT: [(&str, Category, [Level; 8]); 10] = {
    use Category::{External, Internal};
    [
        ("Project Manager", Internal, [Admin, Admin, Admin, Admin, Admin, Admin, Admin, Admin]),
        ("Project Engineer", Internal, [Standard, Admin, Admin, Admin, Standard, Admin, Standard, Admin]),
        ("Superintendent", Internal, [Standard, Standard, Standard, Admin, Admin, Standard, Admin, Standard]),
        (
            "Safety and Quality",
            Internal,
            [ReadOnly, Standard, ReadOnly, Admin, Admin, ReadOnly, Standard, ReadOnly],
        ),
        ("Office", Internal, [ReadOnly, ReadOnly, ReadOnly, None, None, ReadOnly, None, Standard]),
        (
            "Design Team",
            External,
            [ReadOnly, Standard, Standard, Standard, Standard, Standard, None, Standard],
        ),
        (
            "Subcontractor",
            External,
            [ReadOnly, Standard, Standard, Standard, Standard, ReadOnly, None, ReadOnly],
        ),
        ("Owner", External, [ReadOnly, ReadOnly, ReadOnly, Standard, ReadOnly, ReadOnly, ReadOnly, ReadOnly]),
        ("Inspector", External, [None, ReadOnly, None, Standard, Standard, ReadOnly, None, None]),
        ("Read Only", Internal, [ReadOnly; 8]),
    ]
};
const PROJECT_TOOLS: [&str; 8] =
    ["directory", "rfi", "submittals", "punch_list", "observations", "drawings", "daily_log", "documents"];

/// What those who may create and edit users, and are no admins, may give to others.
const GUESTS: [&str; 3] = ["Subcontractor", "Inspector", "Read Only"];

/// Adds the standard templates to a company that has none.
pub(super) fn add_templates(company: &mut Company) {
    for (name, levels) in COMPANY {
        let levels: Vec<_> = COMPANY_TOOLS.into_iter().zip(levels).collect();
        company.add_template(name, TemplateKind::CompanyTools, Category::Internal, &levels);
    }
    for (name, category, levels) in PROJECT {
        let levels: Vec<_> = PROJECT_TOOLS.into_iter().zip(levels).collect();
        let id = company.add_template(name, TemplateKind::Global, category, &levels);
        if let Some(template) = company.templates.get_mut(&id) {
            let manages = template.manages_rfis();
            let edits = template.level("directory") >= Standard;
            let actions =
                [("directory", "create_and_edit_users", edits), ("rfi", "act_as_rfi_manager", manages)];
            for (tool, action, allowed) in actions {
                template.actions.entry(tool.to_owned()).or_default().insert(action.to_owned(), allowed);
            }
        }
    }
    let for_guests = GUESTS.iter().filter_map(|name| company.template_by_name(name)).map(|found| found.id);
    let for_guests: BTreeSet<u64> = for_guests.collect();
    for template in company.templates.values_mut().filter(|found| found.level("directory") == Standard) {
        template.assignable.clone_from(&for_guests);
    }
}
