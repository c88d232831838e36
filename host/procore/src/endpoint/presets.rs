//! Workflow templates as projects have set them up: presets, with the people who will be asked in workflows to come.

use std::collections::BTreeMap;

use muster_core::directory::{
    Candidates, Handover, HeldAs, Holder, Item, ItemKind, ItemRef, ItemStatus, Person,
};
use muster_core::id::{CompanyId, Id, ItemId, ProjectId};
use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::workflows::{self, PER_PAGE, PersonRow, Tool, within};
use super::{Number, about, filled, holders, not_sent};
use crate::client::Client;
use crate::error::{Error, ErrorKind, optional};
#[cfg(fuzzing)]
use crate::exchange::Answer;
use crate::page::{self, Data, List};

/// `RestV20CompaniesCompanyIdProjectsProjectIdWorkflowsPresetsGet`.
const ALL: &str = "presets";

/// `RestV20CompaniesCompanyIdProjectsProjectIdWorkflowsPresetsIdGet`.
fn one(company: CompanyId, item: ItemRef) -> String {
    within(company, item.project, &format!("presets/{}", item.id))
}

/// `RestV20CompaniesCompanyIdProjectsProjectIdWorkflowsPresetsIdAssigneesPatch`.
fn assignees(company: CompanyId, item: ItemRef) -> String {
    within(company, item.project, &format!("presets/{}/assignees", item.id))
}

#[derive(Deserialize)]
struct ListedRow {
    id: Number,
    template: Option<TemplateRow>,
}

#[derive(Deserialize)]
struct TemplateRow {
    name: Option<String>,
}

#[derive(Deserialize)]
struct PresetRow {
    id: Number,
    template: Option<TemplateRow>,
    workflow_manager: Option<PersonRow>,
    /// Required: without them the groups would be overwritten with nobody.
    responsible_group_memberships: Vec<GroupRow>,
}

/// Who will be asked in the steps that name this group. One that is filled when a workflow starts is empty.
#[derive(Deserialize)]
struct GroupRow {
    responsible_group_uuid: String,
    assignees: Vec<PersonRow>,
}

#[derive(Serialize)]
struct AssigneesBody {
    #[serde(skip_serializing_if = "Option::is_none")]
    workflow_manager_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    responsible_group_memberships: Option<Vec<GroupBody>>,
}

#[derive(Serialize)]
struct GroupBody {
    uuid: String,
    login_ids: Vec<String>,
}

/// Returns the presets of a project, whoever is named in them: only a preset that is shown alone names people.
pub(crate) async fn open(client: &Client, project: ProjectId) -> Result<Vec<Item>, Error> {
    let operation = "list workflow templates";
    let mut found = BTreeMap::new();
    for tool in workflows::tools(client, operation).await? {
        for row in listed(client, operation, project, &tool).await? {
            found.insert(row.id.0, row.template.and_then(|template| filled(template.name)));
        }
    }
    let mut items = Vec::new();
    for (id, name) in found {
        let row = shown(client, operation, reference(project, id)).await?;
        let item = item(project, &row);
        items.push(Item { title: name.unwrap_or(item.title), ..item });
    }
    Ok(items)
}

/// Returns one preset. The name of its template may be missing.
pub(crate) async fn show(client: &Client, preset: ItemRef) -> Result<Option<Item>, Error> {
    let row = optional(shown(client, "show workflow template", preset).await)?;
    Ok(row.map(|row| item(preset.project, &row)))
}

/// Returns who could be named in a preset: whoever could for its tool, which only the lists tell.
pub(crate) async fn candidates(
    client: &Client,
    project: ProjectId,
    preset: Option<ItemId>,
    held_as: HeldAs,
) -> Result<Candidates, Error> {
    let operation = "list workflow template candidates";
    let preset = preset.ok_or_else(|| not_sent(operation, "which template it is about is not said"))?;
    for tool in workflows::tools(client, operation).await? {
        let rows = listed(client, operation, project, &tool).await?;
        if rows.iter().any(|row| row.id.0 == preset.get()) {
            return workflows::for_tool(client, operation, project, &tool, held_as).await;
        }
    }
    let why = format!("no tool of project {project} has a workflow template {preset}");
    Err(Error::new(operation, ErrorKind::NotFound).saying(why))
}

/// Changes who is named in a preset. The groups are written as a whole, also those that stay: Procore's guide says that a
/// part of them would replace all.
pub(crate) async fn hand_over(client: &Client, before: &Item, changes: &[Handover]) -> Result<(), Error> {
    let operation = "hand over workflow template";
    let manager = holders::alone(changes, HeldAs::Manager);
    let groups = if holders::concerns(changes, HeldAs::StepAssignee) {
        let row = optional(shown(client, operation, before.item).await)?;
        let now = row.as_ref().map(|row| item(before.item.project, row));
        holders::changed(operation, before, now, changes)?;
        let rows = row.map(|row| row.responsible_group_memberships).unwrap_or_default();
        Some(changed(operation, rows, changes)?)
    } else {
        None
    };
    let body = AssigneesBody {
        workflow_manager_id: manager.map(|user| user.to_string()),
        responsible_group_memberships: groups,
    };
    let url = client.url(&assignees(client.company(), before.item), &[]);
    client.write(operation, Method::PATCH, url, Some(json!(body))).await
}

/// Returns the groups after the changes. Whoever comes takes the place of whoever gives way in each group that names them.
fn changed(
    operation: &'static str,
    rows: Vec<GroupRow>,
    changes: &[Handover],
) -> Result<Vec<GroupBody>, Error> {
    let ids = |row: &GroupRow| row.assignees.iter().map(|person| person.id.0).collect::<Vec<u64>>();
    let mut groups: Vec<(String, Vec<u64>)> = rows
        .into_iter()
        .map(|row| (ids(&row), row))
        .map(|(ids, row)| (row.responsible_group_uuid, ids))
        .collect();
    for change in changes.iter().filter(|change| change.held_as == HeldAs::StepAssignee) {
        let (from, to) = (change.from.map(|user| user.get()), change.to.get());
        let named = |ids: &[u64]| match from {
            Some(from) => ids.contains(&from),
            // An empty group is filled when a workflow starts, so nobody comes beside anybody there.
            None => !ids.is_empty(),
        };
        let count = groups.iter().filter(|(_, ids)| named(ids)).count();
        if count == 0 || (from.is_none() && count > 1) {
            let why = format!("{count} of its groups could take user {to}");
            return Err(not_sent(operation, &why));
        }
        for (_, ids) in groups.iter_mut().filter(|(_, ids)| named(ids)) {
            let stays = ids.contains(&to);
            match ids.iter_mut().find(|id| Some(**id) == from) {
                Some(place) if !stays => *place = to,
                None if !stays => ids.push(to),
                _ => ids.retain(|id| Some(*id) != from || *id == to),
            }
        }
    }
    let text = |ids: Vec<u64>| ids.iter().map(u64::to_string).collect();
    Ok(groups.into_iter().map(|(uuid, ids)| GroupBody { uuid, login_ids: text(ids) }).collect())
}

async fn listed(
    client: &Client,
    operation: &'static str,
    project: ProjectId,
    tool: &Tool,
) -> Result<Vec<ListedRow>, Error> {
    let url = client.url(&within(client.company(), project, ALL), &tool.query(true));
    let list = List { operation, url, per_page: Some(PER_PAGE) };
    page::linked::<Data<Vec<ListedRow>>, ListedRow>(client, &list, |row| row.id.0).await
}

async fn shown(client: &Client, operation: &'static str, preset: ItemRef) -> Result<PresetRow, Error> {
    let answer = client.read(operation, client.url(&one(client.company(), preset), &[])).await?;
    let Data { data } = answer.json::<Data<PresetRow>>(operation)?;
    about(&answer, operation, "workflow template", preset.id.get(), data.id.0)?;
    Ok(data)
}

fn reference(project: ProjectId, id: u64) -> ItemRef {
    ItemRef { kind: ItemKind::WorkflowTemplate, project, within: None, id: Id::new(id) }
}

/// Somebody may be in several groups, and is named once.
fn item(project: ProjectId, row: &PresetRow) -> Item {
    let holder = |row: &PersonRow, held_as| {
        let name = row.name.clone().unwrap_or_default();
        Holder::new(Person { id: Id::new(row.id.0), name }, held_as)
    };
    let named = row.responsible_group_memberships.iter().flat_map(|group| &group.assignees);
    let mut holders: Vec<Holder> = named.map(|person| holder(person, HeldAs::StepAssignee)).collect();
    holders.extend(row.workflow_manager.iter().map(|person| holder(person, HeldAs::Manager)));
    holders.sort();
    holders.dedup_by_key(|held| (held.person.id, held.held_as));
    let name = row.template.as_ref().and_then(|template| template.name.clone());
    Item {
        item: reference(project, row.id.0),
        number: String::new(),
        title: filled(name).unwrap_or_default(),
        // A template is there until somebody takes it away, whether workflows can be started by it or not.
        status: ItemStatus::Open,
        due: None,
        link: None,
        holders,
    }
}

/// Reads an answer as the list does.
#[cfg(fuzzing)]
pub(crate) fn read(answer: &Answer) -> Result<(), Error> {
    answer.json::<Data<Vec<ListedRow>>>("list workflow templates").map(drop)
}

/// Reads an answer as the preset that is shown alone.
#[cfg(fuzzing)]
pub(crate) fn read_shown(answer: &Answer, project: ProjectId) -> Result<Item, Error> {
    let Data { data } = answer.json::<Data<PresetRow>>("show workflow template")?;
    Ok(item(project, &data))
}
