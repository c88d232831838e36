//! The permission templates that every simulated company starts with.
//!
//! Two of those for company tools make a company admin, under different names: what counts is the level `admin` in
//! `directory`, never the name.

use std::collections::BTreeSet;

use super::template::{Category, Level, TemplateKind};
use super::{Company, Tool};

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

/// The tools that templates for project tools give something in, in the order of [`PROJECT`].
const PROJECT_TOOLS: [Tool; 14] = [
    Tool::Directory,
    Tool::Rfi,
    Tool::Submittals,
    Tool::PunchList,
    Tool::Observations,
    Tool::Drawings,
    Tool::DailyLog,
    Tool::Documents,
    Tool::TaskItems,
    Tool::CoordinationIssues,
    Tool::Meetings,
    Tool::Checklists,
    Tool::Correspondence,
    Tool::ActionPlans,
];

/// What each template for project tools gives.
const PROJECT: [(&str, Category, [Level; 14]); 10] = {
    use Category::{External, Internal};
    const A: Level = Admin;
    const S: Level = Standard;
    const R: Level = ReadOnly;
    const N: Level = None;
    [
        ("Project Manager", Internal, [A; 14]),
        ("Project Engineer", Internal, [S, A, A, A, S, A, S, A, A, A, A, S, A, A]),
        ("Superintendent", Internal, [S, S, S, A, A, S, A, S, A, S, S, A, S, S]),
        ("Safety and Quality", Internal, [R, S, R, A, A, R, S, R, S, R, S, A, S, A]),
        ("Office", Internal, [R, R, R, N, N, R, N, S, S, N, S, N, S, N]),
        ("Design Team", External, [R, S, S, S, S, S, N, S, S, S, S, R, S, R]),
        ("Subcontractor", External, [R, S, S, S, S, R, N, R, S, S, S, S, S, S]),
        ("Owner", External, [R, R, R, S, R, R, R, R, R, R, S, R, S, R]),
        ("Inspector", External, [N, R, N, S, S, R, N, N, N, N, N, S, N, S]),
        ("Read Only", Internal, [R; 14]),
    ]
};

/// What those who may create and edit users, and are no admins, may give to others.
const GUESTS: [&str; 3] = ["Subcontractor", "Inspector", "Read Only"];

/// Adds the standard templates to a company that has none.
pub(super) fn add_templates(company: &mut Company) {
    for (name, levels) in COMPANY {
        let levels: Vec<_> = COMPANY_TOOLS.into_iter().zip(levels).collect();
        company.add_template(name, TemplateKind::CompanyTools, Category::Internal, &levels);
    }
    for (name, category, levels) in PROJECT {
        let levels: Vec<_> = PROJECT_TOOLS.map(Tool::engine).into_iter().zip(levels).collect();
        let id = company.add_template(name, TemplateKind::Global, category, &levels);
        if let Some(template) = company.templates.get_mut(&id) {
            let manages = template.takes(Tool::Rfi, Admin);
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
