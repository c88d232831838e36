//! Presets of workflows: whom a project has named for its next workflows.

use serde_json::{Value, json};

use super::item::{check_leaving, find};
use super::project;
use super::workflows::{Wanted, unprocessable};
use crate::company::{Invalid, Preset};
use crate::server::answer::{Answer, Refusal, Reply};
use crate::server::field::{required_text, text, text_ids};
use crate::server::gate::Scene;
use crate::server::page::data;
use crate::server::request::Request;
use crate::view;

const GROUPS: &str = "responsible_group_memberships";
const MANAGER: &str = "workflow_manager_id";

/// Serves `GET /rest/v2.0/companies/{company_id}/projects/{project_id}/workflows/presets`.
pub(crate) fn list(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let query = &request.query;
    let project = project(scene.company, request)?.id;
    let wanted = Wanted::of_filters(query, false)?;
    let (default, valid) = (query.filter_flag("is_default")?, query.filter_flag("is_valid")?);
    let presets: Vec<&Preset> = scene
        .company
        .items_of::<Preset>(project)
        .filter(|preset| wanted.is(&preset.tool, preset.subtype))
        .filter(|preset| default.is_none_or(|default| preset.default == default))
        .filter(|preset| valid.is_none_or(|valid| preset.valid == valid))
        .collect();
    data(request, presets, |preset| view::workflow::preset(preset))
}

/// Serves `GET /rest/v2.0/companies/{company_id}/projects/{project_id}/workflows/presets/{id}`.
pub(crate) fn show(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let preset = find::<Preset>(scene, request, "id")?;
    Ok(Answer::ok(json!({ "data": view::workflow::shown_preset(scene.company, preset) })))
}

/// Serves `PATCH /rest/v2.0/companies/{company_id}/projects/{project_id}/workflows/presets/{id}/assignees`: groups that are
/// not sent stay as they are, and of one that is sent the list is the whole new one.
pub(crate) fn assign(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let before = find::<Preset>(scene, request, "id")?;
    let mut preset = before.clone();
    apply(&mut preset, &request.json()?)?;
    scene.company.check_preset(&preset, before).map_err(unprocessable)?;
    let [now, was] = [&preset, before].map(|preset| preset.manager.as_slice());
    check_leaving(scene, MANAGER, now, was).map_err(unprocessable)?;
    for (now, was) in preset.groups.iter().zip(&before.groups) {
        check_leaving(scene, GROUPS, &now.assignees, &was.assignees).map_err(unprocessable)?;
    }
    let answer = Answer::ok(json!({ "data": view::workflow::assigned(&preset) }));
    scene.company.put_preset(preset).map_err(unprocessable)?;
    Ok(answer)
}

fn apply(preset: &mut Preset, body: &Value) -> Result<(), Refusal> {
    if let Some(manager) = body.get(MANAGER) {
        let id = text(MANAGER, manager)?.map(|id| id.parse::<u64>());
        let unfit = |_| unprocessable(Invalid::new(MANAGER, "is not the id of a user"));
        preset.manager = id.transpose().map_err(unfit)?;
    }
    let Some(groups) = body.get(GROUPS) else { return Ok(()) };
    let groups = groups.as_array().ok_or_else(|| Refusal::field(GROUPS, "must be an array"))?;
    for sent in groups {
        let uuid = required_text("uuid", sent.get("uuid").unwrap_or(&Value::Null))?;
        let people = text_ids("login_ids", sent.get("login_ids").unwrap_or(&Value::Null))?;
        let group = preset.groups.iter_mut().find(|group| group.uuid == uuid);
        let unknown = || unprocessable(Invalid::new(GROUPS, format!("{uuid} is not a group of the preset")));
        group.ok_or_else(unknown)?.assignees = people;
    }
    Ok(())
}
