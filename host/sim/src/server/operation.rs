//! Every operation that is served, in one table.
//!
//! An operation is named by its method and the path of Procore's reference; the same names key the counters and say what
//! a fault applies to. Another dialect is another table, which comes before the first one. What stands in no table is
//! answered with 404.

use axum::routing::MethodFilter;

use super::answer::Reply;
use super::gate::Scene;
use super::request::Request;
use super::{App, State, admin, oauth, overview};
use crate::config::Dialect;
use crate::endpoint::{
    accounts, action_plans, approvers, assignments, bulk, contacts, coordination, correspondence,
    distribution, guide, inspections, me, meetings, members, memberships, observations, people, permissions,
    presets, projects, punch, rfi_batch, rfis, roles, submittals, sync, tasks, templates, tools, users,
    vendors, workflows,
};

/// What an operation of Procore's API does.
pub(crate) type Run = fn(&mut Scene<'_>, &Request) -> Reply;

/// An operation.
pub(crate) struct Operation {
    /// Method and path, such as `GET /rest/v1.0/me`.
    pub(crate) name: &'static str,
    /// What it does.
    pub(crate) action: Action,
}

/// What an operation does.
#[derive(Clone, Copy)]
pub(crate) enum Action {
    /// Part of Procore's API, behind the gate.
    Rest(Run),
    /// Procore's sign-in and tokens.
    Token(fn(&App, &mut State, &Request) -> Reply),
    /// The simulator's own side, open to everybody who can reach it.
    Admin(fn(&mut State, &Request) -> Reply),
}

/// What is served in the dialect of Procore's own reference, and beside it.
pub(crate) const OPERATIONS: &[Operation] = &[
    Operation { name: "GET /oauth/authorize", action: Action::Token(oauth::authorize) },
    Operation { name: "POST /oauth/token", action: Action::Token(oauth::token) },
    Operation { name: "POST /oauth/revoke", action: Action::Token(oauth::revoke) },
    Operation { name: "GET /oauth/token/info", action: Action::Token(oauth::info) },
    rest("GET /rest/v1.0/companies", me::companies),
    rest("GET /rest/v1.0/me", me::global),
    rest("GET /rest/v1.3/companies/{company_id}/me", me::in_company),
    rest("GET /rest/v1.0/companies/{company_id}/users", people::active_v1),
    rest("GET /rest/v1.0/companies/{company_id}/users/{id}", users::show),
    rest("POST /rest/v1.0/companies/{company_id}/users", users::create),
    rest("PATCH /rest/v1.0/companies/{company_id}/users/{id}", users::update),
    rest("GET /rest/v1.3/companies/{company_id}/users", people::active),
    rest("GET /rest/v1.3/users", people::all),
    rest("GET /rest/v1.0/companies/{company_id}/users/inactive", people::inactive),
    rest("PATCH /rest/v1.0/companies/{company_id}/users/inactive/{id}", accounts::reactivate),
    rest("GET /rest/v1.3/companies/{company_id}/users/{id}", users::show),
    rest("POST /rest/v1.3/companies/{company_id}/users", users::create),
    rest("PATCH /rest/v1.3/companies/{company_id}/users/{id}", users::update),
    rest("PATCH /rest/v1.3/companies/{company_id}/users/{id}/invite", accounts::invite),
    rest("PATCH /rest/v1.3/companies/{company_id}/users/sync", sync::users),
    rest("POST /rest/v1.3/companies/{company_id}/users/bulk_add", bulk::add_v1),
    rest("POST /rest/v1.3/companies/{company_id}/users/bulk_remove", bulk::remove_v1),
    rest("POST /rest/v2.0/companies/{company_id}/users/bulk_add", bulk::add_v2),
    rest("POST /rest/v2.0/companies/{company_id}/users/bulk_remove", bulk::remove_v2),
    rest("GET /rest/v2.0/companies/{company_id}/users/bulk/status/{id}", bulk::status),
    rest("POST /rest/v2.0/companies/{company_id}/people/bulk_activate", accounts::bulk_activate),
    rest("POST /rest/v2.0/companies/{company_id}/people/bulk_deactivate", accounts::bulk_deactivate),
    rest("GET /rest/v1.0/companies/{company_id}/users/{user_id}/project_assignments", assignments::list),
    rest("GET /rest/v1.0/companies/{company_id}/people", contacts::of_company),
    rest("GET /rest/v1.0/companies/{company_id}/people/inactive", contacts::inactive_of_company),
    rest("POST /rest/v1.0/companies/{company_id}/people", contacts::create),
    rest("PATCH /rest/v1.0/companies/{company_id}/people/{id}", contacts::update),
    rest("GET /rest/v1.0/projects/{project_id}/people", contacts::of_project),
    rest("GET /rest/v1.0/projects/{project_id}/people/inactive", contacts::inactive_of_project),
    rest("POST /rest/v1.0/projects/{project_id}/people", contacts::create_on_project),
    rest("PATCH /rest/v1.0/projects/{project_id}/people/{id}", contacts::update_on_project),
    rest("GET /rest/v1.0/vendors", vendors::list),
    rest("GET /rest/v1.0/vendors/{id}", vendors::show),
    rest("PATCH /rest/v1.0/vendors/{id}", vendors::update),
    rest("GET /rest/v1.0/companies/{company_id}/vendors/inactive", vendors::inactive),
    rest("PATCH /rest/v1.0/companies/{company_id}/vendors/inactive/{id}", vendors::reactivate),
    rest("GET /rest/v1.0/companies/{company_id}/distribution_groups", distribution::of_company),
    rest("GET /rest/v1.0/projects/{project_id}/distribution_groups", distribution::of_project),
    rest(
        "GET /rest/v1.0/projects/{project_id}/distribution_groups/{distribution_group_id}",
        distribution::show,
    ),
    rest(
        "PATCH /rest/v1.0/projects/{project_id}/distribution_groups/{distribution_group_id}",
        distribution::update,
    ),
    rest("GET /rest/v1.0/settings/permissions", permissions::manifest),
    rest("GET /rest/v1.0/companies/{company_id}/permission_templates", templates::of_company),
    rest("GET /rest/v1.0/companies/{company_id}/permission_templates/{id}", templates::show),
    rest("GET /rest/v1.0/projects/{project_id}/permission_templates", templates::of_project),
    rest("GET /rest/v1.1/projects", projects::list),
    rest("GET /rest/v1.0/projects/{id}", projects::show),
    rest("GET /rest/v1.0/projects/{project_id}/tools", tools::list),
    rest("GET /rest/v1.0/project_roles", roles::list),
    rest("GET /rest/v1.0/projects/{project_id}/users", members::list),
    rest("GET /rest/v1.0/projects/{project_id}/users/inactive", members::inactive),
    rest("PATCH /rest/v1.0/projects/{project_id}/users/inactive/{id}", members::reactivate),
    rest("GET /rest/v1.0/projects/{project_id}/users/{id}", members::show),
    rest("POST /rest/v1.0/projects/{project_id}/users", members::create),
    rest("PATCH /rest/v1.0/projects/{project_id}/users/{id}", members::update),
    rest("POST /rest/v1.0/projects/{project_id}/users/{id}/actions/add", members::add),
    rest("DELETE /rest/v1.0/projects/{project_id}/users/{id}/actions/remove", members::remove),
    rest("PATCH /rest/v1.0/projects/{project_id}/permission_template_assignments", members::assign_template),
    rest("GET /rest/v1.0/projects/{project_id}/assignable_users", members::assignable),
    rest("GET /rest/v1.0/projects/{project_id}/project_memberships", memberships::list),
    rest("POST /rest/v1.0/projects/{project_id}/project_memberships", memberships::create),
    rest("POST /rest/v1.0/projects/{project_id}/project_memberships/bulk_add", memberships::bulk_create),
    rest("DELETE /rest/v1.0/projects/{project_id}/project_memberships/{id}", memberships::remove),
    rest(
        "DELETE /rest/v2.0/companies/{company_id}/projects/{project_id}/project_memberships/bulk_remove",
        memberships::bulk_remove,
    ),
    rest("GET /rest/v1.0/projects/{project_id}/rfis", rfis::list),
    rest("PATCH /rest/v1.0/projects/{project_id}/rfis", rfi_batch::update),
    rest("GET /rest/v1.0/projects/{project_id}/rfis/potential_assignees", rfis::potential_assignees),
    rest("GET /rest/v1.0/projects/{project_id}/rfis/potential_rfi_managers", rfis::potential_managers),
    rest("GET /rest/v1.0/projects/{project_id}/rfis/{id}", rfis::show),
    rest("PATCH /rest/v1.0/projects/{project_id}/rfis/{id}", rfis::update),
    rest("GET /rest/v1.1/projects/{project_id}/meetings", meetings::list),
    rest("GET /rest/v1.1/projects/{project_id}/meetings/{id}", meetings::show),
    rest("PATCH /rest/v1.1/projects/{project_id}/meeting_topics/{id}", meetings::update_topic),
    rest("GET /rest/v1.0/projects/{project_id}/checklist/lists", inspections::list),
    rest("PATCH /rest/v1.0/projects/{project_id}/checklist/lists/{id}", inspections::update),
    rest("GET /rest/v1.0/checklist/possible_inspectors", inspections::possible_inspectors),
    rest("GET /rest/v1.0/checklist/potential_points_of_contact", inspections::potential_points_of_contact),
    rest("GET /rest/v1.0/projects/{project_id}/correspondence_type_items", correspondence::list),
    rest("GET /rest/v1.0/projects/{project_id}/correspondence_types/users", correspondence::users),
    rest(
        "GET /rest/v1.0/projects/{project_id}/generic_tools/{generic_tool_id}/generic_tool_items/available_statuses",
        correspondence::available_statuses,
    ),
    rest(
        "PATCH /rest/v1.0/projects/{project_id}/generic_tools/{generic_tool_id}/generic_tool_items/{generic_tool_item_id}",
        correspondence::update,
    ),
    rest("GET /rest/v1.0/projects/{project_id}/action_plans/plans", action_plans::list),
    rest("PATCH /rest/v1.0/projects/{project_id}/action_plans/plans/{id}", action_plans::update),
    rest("GET /rest/v1.0/projects/{project_id}/action_plans/plan_item_assignees", action_plans::assignees),
    rest(
        "PATCH /rest/v1.0/projects/{project_id}/action_plans/plan_item_assignees/bulk_update",
        action_plans::bulk_update,
    ),
    rest("GET /rest/v1.0/projects/{project_id}/action_plans/parties", action_plans::parties),
    rest("GET /rest/v2.0/companies/{company_id}/workflows/tools", workflows::tools),
    rest("GET /rest/v2.0/companies/{company_id}/workflows/templates", workflows::templates),
    rest("GET /rest/v2.0/companies/{company_id}/projects/{project_id}/workflows/instances", workflows::list),
    rest(
        "GET /rest/v2.0/companies/{company_id}/projects/{project_id}/workflows/instances/{id}",
        workflows::show,
    ),
    rest(
        "POST /rest/v2.0/companies/{company_id}/projects/{project_id}/workflows/instances/{id}/additional_assignees",
        workflows::add_assignees,
    ),
    rest("GET /rest/v2.0/companies/{company_id}/projects/{project_id}/workflows/presets", presets::list),
    rest("GET /rest/v2.0/companies/{company_id}/projects/{project_id}/workflows/presets/{id}", presets::show),
    rest(
        "PATCH /rest/v2.0/companies/{company_id}/projects/{project_id}/workflows/presets/{id}/assignees",
        presets::assign,
    ),
    rest(
        "GET /rest/v2.0/companies/{company_id}/projects/{project_id}/workflows/possible_assignees",
        workflows::possible_assignees,
    ),
    rest(
        "GET /rest/v2.0/companies/{company_id}/projects/{project_id}/workflows/workflow_managers",
        workflows::managers,
    ),
    rest("GET /rest/v1.0/companies/{company_id}/submittal_statuses", submittals::statuses),
    rest("GET /rest/v1.1/projects/{project_id}/submittals", submittals::list),
    rest("GET /rest/v1.1/projects/{project_id}/submittals/{id}/workflow_data", submittals::workflow),
    rest("PATCH /rest/v1.1/projects/{project_id}/submittals/{id}", submittals::update),
    rest("PATCH /rest/v1.0/submittal_approvers/{id}", approvers::update),
    rest("GET /rest/v1.1/punch_items", punch::list),
    rest("PATCH /rest/v1.1/punch_items/{id}", punch::update),
    rest("PATCH /rest/v1.0/projects/{project_id}/punch_item_assignments/{id}", punch::reassign),
    rest("GET /rest/v1.0/projects/{project_id}/punch_list_assignee_options", punch::assignees),
    rest("GET /rest/v1.0/projects/{project_id}/available_punch_item_managers", punch::managers),
    rest("GET /rest/v1.0/projects/{project_id}/punch_list/available_final_approvers", punch::final_approvers),
    rest("GET /rest/v1.0/observations/items", observations::list),
    rest("PATCH /rest/v1.0/observations/items/{id}", observations::update),
    rest("GET /rest/v1.0/observations/assignees", observations::assignees),
    rest("GET /rest/v1.0/task_items", tasks::list),
    rest("GET /rest/v1.0/task_items/assignees", tasks::assignees),
    rest("PATCH /rest/v1.0/task_items/{id}", tasks::update),
    rest("GET /rest/v1.0/coordination_issues", coordination::list),
    rest("GET /rest/v1.0/coordination_issues/assignees", coordination::assignees),
    rest("PATCH /rest/v1.0/coordination_issues/{id}", coordination::update),
    rest("POST /rest/v1.0/coordination_issues/{coordination_issue_id}/assignments", coordination::assign),
    admin("GET /", overview::show),
    admin("GET /sim/state", admin::state),
    admin("GET /sim/company", admin::company),
    admin("GET /sim/calls", admin::calls),
    admin("POST /sim/calls/reset", admin::reset_calls),
    admin("GET /sim/requests", admin::requests),
    admin("GET /sim/clock", admin::clock),
    admin("PUT /sim/clock", admin::move_clock),
    admin("GET /sim/accounts", admin::accounts),
    admin("PUT /sim/accounts/{name}/projects", admin::permit),
    admin("GET /sim/faults", admin::faults),
    admin("PUT /sim/faults", admin::set_faults),
];

/// What the dialect of a published guide states otherwise.
const GUIDE: &[Operation] = &[
    rest("GET /rest/v1.0/companies/{company_id}/users", guide::list),
    rest("GET /rest/v1.0/companies/{company_id}/users/{id}", guide::show),
    rest("POST /rest/v1.0/companies/{company_id}/users", guide::create),
    rest("PATCH /rest/v1.0/companies/{company_id}/users/{id}", guide::update),
    rest("DELETE /rest/v1.0/companies/{company_id}/users/{id}", guide::delete),
    rest("GET /rest/v1.0/projects/{project_id}/users", guide::members),
    rest("GET /rest/v1.0/projects/{project_id}/users/{id}", guide::member),
    rest("POST /rest/v1.0/projects/{project_id}/users", guide::add),
    rest("DELETE /rest/v1.0/projects/{project_id}/users/{id}", members::remove),
];

/// What these stand for in the reference, and what is therefore not served beside them.
const REPLACED: [&str; 6] = [
    "GET /rest/v1.3/companies/{company_id}/users",
    "GET /rest/v1.3/companies/{company_id}/users/{id}",
    "POST /rest/v1.3/companies/{company_id}/users",
    "PATCH /rest/v1.3/companies/{company_id}/users/{id}",
    "POST /rest/v1.0/projects/{project_id}/users/{id}/actions/add",
    "DELETE /rest/v1.0/projects/{project_id}/users/{id}/actions/remove",
];

/// Returns the names of what is served in a dialect: methods and paths, as Procore's reference names them.
pub fn served(dialect: Dialect) -> impl Iterator<Item = &'static str> {
    operations(dialect).map(|operation| operation.name)
}

/// Returns what is served in a dialect.
pub(crate) fn operations(dialect: Dialect) -> impl Iterator<Item = &'static Operation> {
    let own = match dialect {
        Dialect::Reference => &[],
        Dialect::Guide => GUIDE,
    };
    let replaced = move |operation: &&Operation| {
        let stated = own.iter().any(|own| own.name == operation.name);
        stated || (dialect == Dialect::Guide && REPLACED.contains(&operation.name))
    };
    own.iter().chain(OPERATIONS.iter().filter(move |operation| !replaced(operation)))
}

impl Operation {
    /// Returns the method.
    pub(crate) fn method(&self) -> MethodFilter {
        match self.name.split(' ').next() {
            Some("POST") => MethodFilter::POST,
            Some("PUT") => MethodFilter::PUT,
            Some("PATCH") => MethodFilter::PATCH,
            Some("DELETE") => MethodFilter::DELETE,
            _ => MethodFilter::GET,
        }
    }

    /// Returns the path with the names of its ids.
    pub(crate) fn path(&self) -> &'static str {
        self.name.split_once(' ').map_or("/", |(_, path)| path)
    }

    /// Returns the ids in a path, by name.
    pub(crate) fn ids(&self, path: &str) -> Vec<(&'static str, String)> {
        let names = self.path().split('/').map(|part| part.strip_prefix('{')?.strip_suffix('}'));
        names.zip(path.split('/')).filter_map(|(name, part)| Some((name?, part.to_owned()))).collect()
    }
}

const fn rest(name: &'static str, run: Run) -> Operation {
    Operation { name, action: Action::Rest(run) }
}

const fn admin(name: &'static str, run: fn(&mut State, &Request) -> Reply) -> Operation {
    Operation { name, action: Action::Admin(run) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::fault::Fault;

    #[test]
    fn every_operation_stands_in_the_table_once() {
        let names: BTreeSet<_> = OPERATIONS.iter().map(|operation| operation.name).collect();
        assert_eq!(names.len(), OPERATIONS.len());
    }

    #[test]
    fn the_guide_replaces_what_is_there_and_serves_nothing_twice() {
        let names: Vec<_> = operations(Dialect::Guide).map(|operation| operation.name).collect();
        let unique: BTreeSet<_> = names.iter().collect();
        assert_eq!(unique.len(), names.len());
        for name in REPLACED {
            assert!(OPERATIONS.iter().any(|known| known.name == name), "{name}");
            assert!(!names.contains(&name), "{name}");
        }
        assert_eq!(operations(Dialect::Reference).count(), OPERATIONS.len());
    }

    #[test]
    fn every_fault_applies_to_operations_of_a_dialect() {
        for operation in Fault::ALL.into_iter().flat_map(Fault::operations) {
            let mut served = [Dialect::Reference, Dialect::Guide].into_iter().flat_map(operations);
            assert!(served.any(|known| known.name == *operation), "{operation}");
        }
    }

    #[test]
    fn ids_are_read_out_of_the_path_by_name() {
        let operation = rest("GET /rest/v1.0/projects/{project_id}/rfis/{id}", rfis::show);
        let ids = operation.ids("/rest/v1.0/projects/12/rfis/34");
        assert_eq!(ids, [("project_id", "12".to_owned()), ("id", "34".to_owned())]);
    }
}
