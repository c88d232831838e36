//! Permission templates of the company and of a project. These lists have no pages.

use serde_json::Value;

use super::project;
use crate::company::{Company, Template, TemplateKind};
use crate::server::answer::{Answer, Refusal, Reply};
use crate::server::gate::Scene;
use crate::server::request::Request;
use crate::view;

/// Serves `GET /rest/v1.0/companies/{company_id}/permission_templates`. Templates for company tools must be asked for.
pub(crate) fn of_company(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let keeps: fn(&TemplateKind) -> bool = match request.query.filter("type") {
        None | Some("project_tools") => |kind| *kind != TemplateKind::CompanyTools,
        Some("company_tools") => |kind| *kind == TemplateKind::CompanyTools,
        Some("global") => |kind| *kind == TemplateKind::Global,
        Some(_) => {
            let message = "must be company_tools, project_tools or global";
            return Err(Refusal::field("filters[type]", message));
        }
    };
    let view: fn(&Template) -> Value = match request.query.value("view") {
        Some("with_permissions") => view::template::detailed,
        _ => view::template::listed,
    };
    let templates = scene.company.templates().filter(|template| keeps(&template.kind));
    Ok(Answer::ok(templates.map(view).collect()))
}

/// Serves `GET /rest/v1.0/companies/{company_id}/permission_templates/{id}`.
pub(crate) fn show(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let template = scene.company.template(request.id("id")?).ok_or_else(Refusal::not_found)?;
    Ok(Answer::ok(view::template::shown(scene.company, template)))
}

/// Serves `GET /rest/v1.0/projects/{project_id}/permission_templates`: those that can be used there or, if that is asked
/// for, those of them that the caller may give to others.
pub(crate) fn of_project(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let project = project(scene.company, request)?.id;
    let company = &*scene.company;
    if request.query.filter_flag("assignables_only")? == Some(true) {
        let may = |template: &&Template| scene.caller.may_assign(company, Some(project), template.id);
        return Ok(Answer::ok(fitting(company, project).filter(may).map(view::template::listed).collect()));
    }
    Ok(Answer::ok(fitting(company, project).map(view::template::listed).collect()))
}

/// Returns the templates that members of a project may have.
fn fitting(company: &Company, project: u64) -> impl Iterator<Item = &Template> {
    company.templates().filter(move |template| company.fits(template.id, project))
}
