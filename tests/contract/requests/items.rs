//! The requests for what people hold, a row each.

use super::Row;

/// Requests to the tools of a project, in their order, after all others.
#[rustfmt::skip]
pub(crate) const ITEMS: &[Row] = &[
    // Which tools there are, and who has which role.
    ("GET /rest/v1.0/projects/{project}/tools", "", 200),
    ("GET /rest/v1.0/projects/1/tools", "", 404),
    ("GET /rest/v1.0/project_roles?project_id={project}", "", 200),
    ("GET /rest/v1.0/project_roles", "", 400),
];
