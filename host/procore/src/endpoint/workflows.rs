//! Workflows that run, and what they run for. What projects have set for those to come stands in `presets`.
//!
//! Numbers are texts here, as everywhere in the second generation of the API. Only workflows of projects are read: those of the
//! company's own tools are in no project.

use std::collections::BTreeMap;

use muster_core::directory::{
    Candidates, Fixed, Handover, HeldAs, Holder, Item, ItemKind, ItemRef, ItemStatus, Person,
};
use muster_core::id::{CompanyId, Id, ItemId, ProjectId};
use reqwest::Method;
use serde::Deserialize;
use serde_json::json;

use super::{Number, about, holders, not_sent};
use crate::client::Client;
use crate::error::{Error, ErrorKind, optional};
#[cfg(fuzzing)]
use crate::exchange::Answer;
use crate::page::{self, Data, List};

/// `RestV20CompaniesCompanyIdWorkflowsToolsGet`.
fn tools_of(company: CompanyId) -> String {
    format!("/rest/v2.0/companies/{company}/workflows/tools")
}

/// `RestV20CompaniesCompanyIdProjectsProjectIdWorkflowsInstancesGet`,
/// `RestV20CompaniesCompanyIdProjectsProjectIdWorkflowsPossibleAssigneesGet` and
/// `RestV20CompaniesCompanyIdProjectsProjectIdWorkflowsWorkflowManagersGet`, by their last words.
pub(super) fn within(company: CompanyId, project: ProjectId, list: &str) -> String {
    format!("/rest/v2.0/companies/{company}/projects/{project}/workflows/{list}")
}

/// `RestV20CompaniesCompanyIdProjectsProjectIdWorkflowsInstancesIdGet`.
fn one(company: CompanyId, item: ItemRef) -> String {
    within(company, item.project, &format!("instances/{}", item.id))
}

/// `RestV20CompaniesCompanyIdProjectsProjectIdWorkflowsInstancesIdAdditionalAssigneesPost`.
fn additional_assignees(company: CompanyId, item: ItemRef) -> String {
    within(company, item.project, &format!("instances/{}/additional_assignees", item.id))
}

/// The largest page in the second generation of the API (developers.procore.com, new REST v2 version).
pub(super) const PER_PAGE: u32 = 100;

/// Something that workflows are for: a tool, or a type of correspondence.
#[derive(Deserialize, Clone, PartialEq, Eq)]
pub(super) struct Tool {
    #[serde(rename = "type")]
    kind: String,
    /// Of correspondence only. Passed on as it came: it may have a sign.
    #[serde(default, deserialize_with = "holders::number")]
    subtype: String,
    /// Whether its items are in projects or belong to the company.
    #[serde(default)]
    provider: String,
}

#[derive(Deserialize)]
struct ListedRow {
    id: Number,
    ended_at: Option<String>,
}

#[derive(Deserialize)]
struct InstanceRow {
    id: Number,
    tool_type: String,
    #[serde(default, deserialize_with = "holders::number")]
    tool_subtype: String,
    #[serde(default, deserialize_with = "holders::number")]
    item_id: String,
    ended_at: Option<String>,
    current_step_occurrence: Option<StepRow>,
    workflow_manager: Option<PersonRow>,
    /// Everybody in whatever step.
    all_assignees: Option<Vec<PersonRow>>,
}

/// The step that a workflow has come to.
#[derive(Deserialize)]
struct StepRow {
    id: Number,
    name: Option<String>,
    overdue_at: Option<String>,
    /// An answer that was given or is waited for, one for each assignee of the step (developers.procore.com, interacting with
    /// workflows; what is in one stands in models that were generated from the reference: hexdocs.pm, procore_sdk).
    response_occurrences: Option<Vec<ResponseRow>>,
}

#[derive(Deserialize)]
struct ResponseRow {
    /// Missing as long as the answer is.
    submitted_at: Option<String>,
    assignee: AssigneeRow,
}

#[derive(Deserialize)]
struct AssigneeRow {
    id: Number,
    name: Option<String>,
    required: Option<bool>,
}

/// Somebody, as workflows name people.
#[derive(Deserialize)]
pub(super) struct PersonRow {
    pub(super) id: Number,
    pub(super) name: Option<String>,
}

impl From<PersonRow> for Person {
    fn from(row: PersonRow) -> Self {
        Self { id: Id::new(row.id.0), name: row.name.unwrap_or_default() }
    }
}

impl Tool {
    /// Returns what names it in a question, under names such as `filters[tool_type]`.
    pub(super) fn query(&self, of_list: bool) -> Vec<(&'static str, &str)> {
        let names = if of_list {
            ["filters[tool_type]", "filters[tool_subtype]"]
        } else {
            ["tool_type", "tool_subtype"]
        };
        let values = [self.kind.as_str(), self.subtype.as_str()];
        names.into_iter().zip(values).filter(|(_, value)| !value.is_empty()).collect()
    }
}

/// Returns what workflows of projects are for. A company without workflows has nothing of the kind.
pub(super) async fn tools(client: &Client, operation: &'static str) -> Result<Vec<Tool>, Error> {
    let answer = client.read(operation, client.url(&tools_of(client.company()), &[])).await?;
    let Data { data } = answer.json::<Data<Vec<Tool>>>(operation)?;
    let mut tools: Vec<Tool> = Vec::new();
    for tool in data {
        // A tool that comes twice would be asked about twice.
        if !tool.provider.eq_ignore_ascii_case("company") && !tools.contains(&tool) {
            tools.push(tool);
        }
    }
    Ok(tools)
}

/// Returns the workflows that run in a project, whoever holds them.
///
/// There is a filter for those who are asked in the current step, but none for managers, whom only the workflow itself names.
/// So all that run are listed, and each is shown.
pub(crate) async fn open(client: &Client, project: ProjectId) -> Result<Vec<Item>, Error> {
    let operation = "list workflows";
    let mut found = BTreeMap::new();
    for tool in tools(client, operation).await? {
        let mut query = tool.query(true);
        query.push(("filters[active]", "true"));
        let url = client.url(&within(client.company(), project, "instances"), &query);
        let list = List { operation, url, per_page: Some(PER_PAGE) };
        let rows = page::linked::<Data<Vec<ListedRow>>, ListedRow>(client, &list, |row| row.id.0).await?;
        for row in rows.into_iter().filter(|row| row.ended_at.is_none()) {
            let item = reference(project, row.id);
            found.insert(item.id, item);
        }
    }
    let mut items = Vec::new();
    for reference in found.into_values() {
        items.push(item(project, shown(client, operation, reference).await?));
    }
    Ok(items)
}

/// Returns one workflow, whether it runs or has ended.
pub(crate) async fn show(client: &Client, workflow: ItemRef) -> Result<Option<Item>, Error> {
    let row = optional(shown(client, "show workflow", workflow).await)?;
    Ok(row.map(|row| item(workflow.project, row)))
}

/// Returns who could be asked in a workflow or manage it: whoever could for its tool.
pub(crate) async fn candidates(
    client: &Client,
    project: ProjectId,
    workflow: Option<ItemId>,
    held_as: HeldAs,
) -> Result<Candidates, Error> {
    let operation = "list workflow candidates";
    let workflow = workflow.ok_or_else(|| not_sent(operation, "which workflow it is about is not said"))?;
    let row = shown(client, operation, reference(project, Number(workflow.get()))).await?;
    let tool = Tool { kind: row.tool_type, subtype: row.tool_subtype, provider: String::new() };
    for_tool(client, operation, project, &tool, held_as).await
}

/// Returns who could be asked in workflows of a tool, or manage them.
pub(super) async fn for_tool(
    client: &Client,
    operation: &'static str,
    project: ProjectId,
    tool: &Tool,
    held_as: HeldAs,
) -> Result<Candidates, Error> {
    let who = if held_as == HeldAs::Manager { "workflow_managers" } else { "possible_assignees" };
    let url = client.url(&within(client.company(), project, who), &tool.query(false));
    let list = List { operation, url, per_page: Some(PER_PAGE) };
    let rows = page::all_in::<Data<Vec<PersonRow>>, PersonRow>(client, &list, |row| row.id.0).await?;
    Ok(holders::offered(rows.into_iter().map(Person::from)))
}

/// Puts people beside those who are asked in the current step. Nobody is taken off, and a request that adds somebody overwrites
/// nobody; it only has to name the step, which must still be the one that the caller saw.
pub(crate) async fn hand_over(client: &Client, before: &Item, changes: &[Handover]) -> Result<(), Error> {
    let operation = "hand over workflow";
    for change in changes {
        let fixed = match change.held_as {
            HeldAs::Manager => Fixed::ManagesRunning,
            _ if change.from.is_some() => Fixed::Running,
            _ => continue,
        };
        return Err(not_sent(operation, &fixed.to_string()));
    }
    let row = optional(shown(client, operation, before.item).await)?;
    let stale = || Error::new(operation, ErrorKind::Stale).saying("it has gone on, so nothing was sent");
    let step = row.as_ref().filter(|row| row.ended_at.is_none());
    let step = step.and_then(|row| row.current_step_occurrence.as_ref()).map(|step| step.id.0);
    let (Some(row), Some(step)) = (row, step) else { return Err(stale()) };
    let required = row.asks_for_answers();
    let now = item(before.item.project, row);
    let asked = |item: &Item| holders::ids_in(item, HeldAs::StepAssignee);
    let (asked_before, asked_now) = (asked(before), asked(&now));
    if !asked_before.iter().all(|user| asked_now.contains(user)) {
        return Err(stale());
    }
    let mut added: Vec<u64> = changes.iter().map(|change| change.to.get()).collect();
    added.sort_unstable();
    added.dedup();
    added.retain(|user| !asked_now.contains(user));
    if added.is_empty() {
        return Ok(());
    }
    let url = client.url(&additional_assignees(client.company(), before.item), &[]);
    let body = json!({
        "step_occurrence_id": step.to_string(),
        "required": required,
        "reason": "original_assignee_left_company",
        "assignee_ids": added.iter().map(u64::to_string).collect::<Vec<_>>(),
    });
    client.write(operation, Method::POST, url, Some(body)).await
}

async fn shown(client: &Client, operation: &'static str, workflow: ItemRef) -> Result<InstanceRow, Error> {
    let answer = client.read(operation, client.url(&one(client.company(), workflow), &[])).await?;
    let Data { data } = answer.json::<Data<InstanceRow>>(operation)?;
    about(&answer, operation, "workflow", workflow.id.get(), data.id.0)?;
    if data.ended_at.is_none() && !data.says_who_is_asked() {
        return Err(answer.malformed(operation, "it does not say whom the workflow waits for"));
    }
    Ok(data)
}

fn reference(project: ProjectId, id: Number) -> ItemRef {
    ItemRef { kind: ItemKind::Workflow, project, within: None, id: Id::new(id.0) }
}

impl InstanceRow {
    fn says_who_is_asked(&self) -> bool {
        let step = self.current_step_occurrence.as_ref();
        self.all_assignees.is_some() || step.is_some_and(|step| step.response_occurrences.is_some())
    }

    /// Returns whether the step waits for whoever is asked beside the others: unless it waits for none of those.
    fn asks_for_answers(&self) -> bool {
        let step = self.current_step_occurrence.as_ref();
        let asked = step.and_then(|step| step.response_occurrences.as_deref()).unwrap_or_default();
        let optional = |row: &ResponseRow| row.assignee.required == Some(false);
        asked.is_empty() || !asked.iter().all(optional)
    }
}

impl StepRow {
    /// Returns whom the step waits for, or `None` if it does not say.
    fn asked(&mut self) -> Option<Vec<Person>> {
        let asked = self.response_occurrences.take().filter(|asked| !asked.is_empty())?;
        let waiting = asked.into_iter().filter(|row| row.submitted_at.is_none());
        let person = |row: AssigneeRow| Person { id: Id::new(row.id.0), name: row.name.unwrap_or_default() };
        Some(waiting.map(|row| person(row.assignee)).collect())
    }
}

/// Who is asked only in other steps holds nothing, as far as it can be told: nobody could take their place, and a step that is
/// over is told like one to come. Where the step does not say whom it waits for, it may be any of them.
fn item(project: ProjectId, mut row: InstanceRow) -> Item {
    let asked = row.current_step_occurrence.as_mut().and_then(StepRow::asked);
    let anybody = || row.all_assignees.into_iter().flatten().map(Person::from).collect();
    let asked = asked.unwrap_or_else(anybody);
    let fixed = |person, held_as, why| Holder { fixed: Some(why), ..Holder::new(person, held_as) };
    let asked = asked.into_iter().map(|person| fixed(person, HeldAs::StepAssignee, Fixed::Running));
    let mut holders: Vec<Holder> = asked.collect();
    let manager = row.workflow_manager.map(Person::from);
    holders.extend(manager.map(|person| fixed(person, HeldAs::Manager, Fixed::ManagesRunning)));
    holders.sort();
    holders.dedup_by_key(|held| (held.person.id, held.held_as));
    let (step, due) = match row.current_step_occurrence {
        Some(step) => (step.name.unwrap_or_default(), holders::day(step.overdue_at)),
        None => (String::new(), None),
    };
    let about = format!("{} {}", row.tool_type, row.item_id);
    Item {
        item: reference(project, row.id),
        number: String::new(),
        title: [step.trim(), about.trim()].join(": ").trim_start_matches(": ").to_owned(),
        status: if row.ended_at.is_some() { ItemStatus::Closed } else { ItemStatus::Open },
        due,
        link: None,
        holders,
    }
}

/// Reads an answer as the list of tools, of workflows and of candidates does.
#[cfg(fuzzing)]
pub(crate) fn read(answer: &Answer) -> Result<(), Error> {
    let tools = answer.json::<Data<Vec<Tool>>>("list workflows").map(drop);
    let listed = answer.json::<Data<Vec<ListedRow>>>("list workflows").map(drop);
    tools.and(listed).and(answer.json::<Data<Vec<PersonRow>>>("list workflow candidates").map(drop))
}

/// Reads an answer as the workflow that is shown alone.
#[cfg(fuzzing)]
pub(crate) fn read_shown(answer: &Answer, project: ProjectId) -> Result<Item, Error> {
    let Data { data } = answer.json::<Data<InstanceRow>>("show workflow")?;
    Ok(item(project, data))
}
