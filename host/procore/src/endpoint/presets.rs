//! Workflow templates as projects have set them up: presets, with the people who will be asked in workflows to come.

use std::collections::BTreeMap;

use muster_core::directory::{Candidates, Handover, HeldAs, Holder, Item, ItemKind, ItemRef, ItemStatus};
use muster_core::id::{CompanyId, ItemId, ProjectId};
use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::workflow_tools::{Tool, tools};
use super::workflows::{self, within};
use super::{PersonRow, about, filled, held, not_sent};
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
    #[serde(deserialize_with = "super::id")]
    id: u64,
    template: Option<TemplateRow>,
}

#[derive(Deserialize)]
struct TemplateRow {
    name: Option<String>,
}

#[derive(Deserialize)]
struct PresetRow {
    #[serde(deserialize_with = "super::id")]
    id: u64,
    template: Option<TemplateRow>,
    /// There may be none, but that has to be said.
    #[serde(deserialize_with = "Option::deserialize")]
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
    for tool in tools(client, operation).await?.iter() {
        for row in listed(client, operation, project, tool).await? {
            found.insert(row.id, row.template.and_then(|template| filled(template.name)));
        }
    }
    let mut items = Vec::new();
    for (id, name) in found {
        let reference = held::named(ItemKind::WorkflowTemplate, project, id);
        let item = shown(client, operation, reference).await?.item(project);
        items.push(Item { title: name.unwrap_or(item.title), ..item });
    }
    Ok(items)
}

/// Returns one preset. The name of its template may be missing.
pub(crate) async fn show(client: &Client, preset: ItemRef) -> Result<Option<Item>, Error> {
    let row = optional(shown(client, "show workflow template", preset).await)?;
    Ok(row.map(|row| row.item(preset.project)))
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
    for tool in tools(client, operation).await?.iter() {
        let rows = listed(client, operation, project, tool).await?;
        if rows.iter().any(|row| row.id == preset.get()) {
            return workflows::for_tool(client, operation, project, tool, held_as).await;
        }
    }
    let why = format!("no tool of project {project} has a workflow template {preset}");
    Err(Error::new(operation, ErrorKind::NotFound).saying(why))
}

/// Changes who is named in a preset. The groups are written as a whole, also those that stay: Procore's guide says that a
/// part of them would replace all.
pub(crate) async fn hand_over(client: &Client, before: &Item, changes: &[Handover]) -> Result<(), Error> {
    let operation = "hand over workflow template";
    let groups = if changes.iter().any(|change| change.held_as == HeldAs::StepAssignee) {
        let row = shown(client, operation, before.item).await?;
        held::same_item(operation, &row.item(before.item.project), before)?;
        Some(changed(operation, row.responsible_group_memberships, changes)?)
    } else {
        None
    };
    let body = AssigneesBody {
        workflow_manager_id: held::taking(changes, HeldAs::Manager).map(|user| user.to_string()),
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
    let mut groups: Vec<GroupBody> = rows.into_iter().map(GroupBody::from).collect();
    for change in changes.iter().filter(|change| change.held_as == HeldAs::StepAssignee) {
        let (from, to) = (change.from.map(|user| user.to_string()), change.to.to_string());
        let takes = |group: &GroupBody| match &from {
            Some(from) => group.login_ids.contains(from),
            // One that is empty is filled when a workflow starts, so nobody is put there.
            None => !group.login_ids.is_empty(),
        };
        let count = groups.iter().filter(|group| takes(group)).count();
        if count == 0 || (from.is_none() && count > 1) {
            return Err(not_sent(operation, &format!("{count} of its groups could take user {to}")));
        }
        groups
            .iter_mut()
            .filter(|group| takes(group))
            .for_each(|group| group.hand_over(from.as_deref(), &to));
    }
    Ok(groups)
}

impl From<GroupRow> for GroupBody {
    fn from(row: GroupRow) -> Self {
        let login_ids = row.assignees.iter().map(|person| person.id.to_string()).collect();
        Self { uuid: row.responsible_group_uuid, login_ids }
    }
}

impl GroupBody {
    /// Puts somebody into the group, in the place of whoever gives way. Nobody is in it twice.
    fn hand_over(&mut self, from: Option<&str>, to: &str) {
        if !self.login_ids.iter().any(|id| id == to) {
            let place = self.login_ids.iter().position(|id| Some(id.as_str()) == from);
            self.login_ids.insert(place.unwrap_or(self.login_ids.len()), to.to_owned());
        }
        self.login_ids.retain(|id| id == to || Some(id.as_str()) != from);
    }
}

async fn listed(
    client: &Client,
    operation: &'static str,
    project: ProjectId,
    tool: &Tool,
) -> Result<Vec<ListedRow>, Error> {
    let url = client.url(&within(client.company(), project, ALL), &tool.query(true));
    let list = List { operation, url, per_page: Some(held::PER_PAGE) };
    page::linked::<Data<Vec<ListedRow>>, ListedRow>(client, &list, |row| row.id).await
}

async fn shown(client: &Client, operation: &'static str, preset: ItemRef) -> Result<PresetRow, Error> {
    let answer = client.read(operation, client.url(&one(client.company(), preset), &[])).await?;
    let Data { data } = answer.json::<Data<PresetRow>>(operation)?;
    about(&answer, operation, "workflow template", preset.id.get(), data.id)?;
    Ok(data)
}

impl PresetRow {
    /// Somebody may be in several groups, and is named once.
    fn item(&self, project: ProjectId) -> Item {
        let named = self.responsible_group_memberships.iter().flat_map(|group| &group.assignees);
        let mut holders: Vec<Holder> = held::holders(named, HeldAs::StepAssignee).collect();
        holders.extend(held::holders(&self.workflow_manager, HeldAs::Manager));
        holders.sort();
        let name = self.template.as_ref().and_then(|template| template.name.clone());
        Item {
            item: held::named(ItemKind::WorkflowTemplate, project, self.id),
            number: String::new(),
            title: filled(name).unwrap_or_default(),
            // A template is there until somebody takes it away, whether workflows can be started by it or not.
            status: ItemStatus::Open,
            due: None,
            link: None,
            holders,
        }
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
    Ok(data.item(project))
}
