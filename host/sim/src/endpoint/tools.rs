//! The tools of a project.

use serde_json::json;

use super::project;
use crate::company::Tool;
use crate::server::answer::Reply;
use crate::server::gate::Scene;
use crate::server::page::paged;
use crate::server::request::Request;

/// How much of a project's id is in the ids of its tools, which differ from project to project.
const PART: u64 = 1_000_000_000;

/// Serves `GET /rest/v1.0/projects/{project_id}/tools`: those that are off too, unless told otherwise.
pub(crate) fn list(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let company = &*scene.company;
    let project = project(company, request)?.id;
    let active = request.query.filter_flag("is_active")?;
    let tools = Tool::ALL.into_iter().zip(1_u64..);
    let tools: Vec<(Tool, u64)> = tools
        .filter(|(tool, _)| active.is_none_or(|active| company.has_tool(project, *tool) == active))
        .collect();
    paged(request, scene.page_max, tools, |(tool, position)| {
        json!({
            "id": project % PART * 100 + position,
            "engine_name": tool.engine(),
            "is_active": company.has_tool(project, *tool),
            "position": position,
            "required": tool.is_required(),
            "title": tool.title(),
        })
    })
}
