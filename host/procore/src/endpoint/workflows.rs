//! Workflows that run, and what they run for. What projects have set for those to come stands in `presets`.
//!
//! Numbers are texts here, as everywhere in the second generation of the API. Only workflows of projects are read: those of the
//! company's own tools are in no project.

use std::collections::BTreeSet;

use jiff::civil::Date;
use muster_core::directory::{
    Candidates, Fixed, Handover, HeldAs, Holder, Item, ItemKind, ItemRef, ItemStatus, Person,
};
use muster_core::id::{CompanyId, ItemId, ProjectId};
use reqwest::Method;
use serde::Deserialize;
use serde_json::json;

use super::workflow_tools::{Tool, tools};
use super::{PersonRow, about, filled, held, not_sent};
use crate::client::Client;
use crate::error::{Error, optional};
#[cfg(fuzzing)]
use crate::exchange::Answer;
use crate::page::{self, Data, List};

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

#[derive(Deserialize)]
struct ListedRow {
    #[serde(deserialize_with = "super::id")]
    id: u64,
    ended_at: Option<String>,
}

#[derive(Deserialize)]
struct InstanceRow {
    #[serde(deserialize_with = "super::id")]
    id: u64,
    tool_type: String,
    #[serde(default, deserialize_with = "held::number")]
    tool_subtype: Option<String>,
    #[serde(default, deserialize_with = "held::number")]
    item_id: Option<String>,
    ended_at: Option<String>,
    current_step_occurrence: Option<StepRow>,
    /// There may be none, but that has to be said.
    #[serde(deserialize_with = "Option::deserialize")]
    workflow_manager: Option<PersonRow>,
    /// Everybody in whatever step.
    all_assignees: Option<Vec<PersonRow>>,
}

/// The step that a workflow has come to.
#[derive(Deserialize)]
struct StepRow {
    #[serde(deserialize_with = "super::id")]
    id: u64,
    name: Option<String>,
    #[serde(default, deserialize_with = "held::day")]
    overdue_at: Option<Date>,
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
    #[serde(flatten)]
    person: PersonRow,
    required: Option<bool>,
}

/// Returns the workflows that run in a project, whoever holds them.
///
/// There is a filter for those who are asked in the current step, but none for managers, whom only the workflow itself names.
/// So all that run are listed, and each is shown.
pub(crate) async fn open(client: &Client, project: ProjectId) -> Result<Vec<Item>, Error> {
    let operation = "list workflows";
    let mut running = BTreeSet::new();
    for tool in tools(client, operation).await?.iter() {
        let mut query = tool.query(true);
        query.push(("filters[active]", "true"));
        let url = client.url(&within(client.company(), project, "instances"), &query);
        let list = List { operation, url, per_page: Some(held::PER_PAGE) };
        let rows = page::linked::<Data<Vec<ListedRow>>, ListedRow>(client, &list, |row| row.id).await?;
        running.extend(rows.into_iter().filter(|row| row.ended_at.is_none()).map(|row| row.id));
    }
    let mut items = Vec::new();
    for id in running {
        let reference = held::named(ItemKind::Workflow, project, id);
        items.push(shown(client, operation, reference).await?.item(project));
    }
    Ok(items)
}

/// Returns one workflow, whether it runs or has ended.
pub(crate) async fn show(client: &Client, workflow: ItemRef) -> Result<Option<Item>, Error> {
    let row = optional(shown(client, "show workflow", workflow).await)?;
    Ok(row.map(|row| row.item(workflow.project)))
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
    let reference = held::named(ItemKind::Workflow, project, workflow.get());
    let row = shown(client, operation, reference).await?;
    let tool = Tool { kind: row.tool_type, subtype: row.tool_subtype, provider: None };
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
    let list = List { operation, url, per_page: Some(held::PER_PAGE) };
    let rows = page::all_in::<Data<Vec<PersonRow>>, PersonRow>(client, &list, |row| row.id).await?;
    Ok(held::candidates(rows.iter().map(Person::from)))
}

/// Puts people beside those who are asked in the current step. Nobody is taken off, and a request that adds somebody overwrites
/// nobody; it only has to name the step, which must still wait for those whom the caller saw.
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
    let row = shown(client, operation, before.item).await?;
    let [asked_before, asked] =
        [before, &row.item(before.item.project)].map(|item| held::holding(item, HeldAs::StepAssignee));
    let step = row.current_step_occurrence.as_ref().filter(|_| row.ended_at.is_none());
    let step = step.filter(|_| asked_before.iter().all(|user| asked.contains(user)));
    let step = step.ok_or_else(|| held::stale(operation))?;
    let mut added: Vec<u64> = changes.iter().map(|change| change.to.get()).collect();
    added.sort_unstable();
    added.dedup();
    added.retain(|user| !step.asks(*user));
    if added.is_empty() {
        return Ok(());
    }
    let url = client.url(&additional_assignees(client.company(), before.item), &[]);
    let body = json!({
        "step_occurrence_id": step.id.to_string(),
        "required": step.needs_answers(),
        "reason": "original_assignee_left_company",
        "assignee_ids": added.iter().map(u64::to_string).collect::<Vec<_>>(),
    });
    client.write(operation, Method::POST, url, Some(body)).await
}

async fn shown(client: &Client, operation: &'static str, workflow: ItemRef) -> Result<InstanceRow, Error> {
    let answer = client.read(operation, client.url(&one(client.company(), workflow), &[])).await?;
    let Data { data } = answer.json::<Data<InstanceRow>>(operation)?;
    about(&answer, operation, "workflow", workflow.id.get(), data.id)?;
    if data.ended_at.is_none() && data.asked().is_none() {
        return Err(answer.malformed(operation, "it does not say whom the workflow waits for"));
    }
    Ok(data)
}

impl InstanceRow {
    /// Returns whom the workflow waits for, or `None` if it does not say. Where the step says nothing of its own people, it may
    /// be any of those who are asked in whatever step.
    fn asked(&self) -> Option<Vec<&PersonRow>> {
        let step =
            self.current_step_occurrence.as_ref().and_then(|step| step.response_occurrences.as_deref());
        match step {
            Some(asked) if !asked.is_empty() || self.all_assignees.is_none() => {
                let waiting = asked.iter().filter(|row| row.submitted_at.is_none());
                Some(waiting.map(|row| &row.assignee.person).collect())
            }
            _ => Some(self.all_assignees.as_ref()?.iter().collect()),
        }
    }

    /// Who is asked only in other steps holds nothing, as far as it can be told: nobody could take their place, and a step that
    /// is over looks like one to come.
    fn item(&self, project: ProjectId) -> Item {
        let fixed = |why| move |held| Holder { fixed: Some(why), ..held };
        let asked = held::holders(self.asked().unwrap_or_default(), HeldAs::StepAssignee);
        let manages = held::holders(&self.workflow_manager, HeldAs::Manager);
        let mut holders: Vec<Holder> =
            asked.map(fixed(Fixed::Running)).chain(manages.map(fixed(Fixed::ManagesRunning))).collect();
        holders.sort();
        let step = self.current_step_occurrence.as_ref();
        let about = format!("{} {}", self.tool_type, self.item_id.as_deref().unwrap_or_default());
        Item {
            item: held::named(ItemKind::Workflow, project, self.id),
            number: String::new(),
            title: match step.and_then(|step| filled(step.name.clone())) {
                Some(step) => format!("{step}: {}", about.trim()),
                None => about.trim().to_owned(),
            },
            status: if self.ended_at.is_some() { ItemStatus::Closed } else { ItemStatus::Open },
            due: step.and_then(|step| step.overdue_at),
            link: None,
            holders,
        }
    }
}

impl StepRow {
    /// Returns whether the step itself says that somebody is asked in it, or was. Whoever may be asked in another step only has
    /// to be added.
    fn asks(&self, user: u64) -> bool {
        let asked = self.response_occurrences.as_deref().unwrap_or_default();
        asked.iter().any(|row| row.assignee.person.id == user)
    }

    /// Returns whether the step waits for the answers of those whom it asks: it can wait for none of them.
    fn needs_answers(&self) -> bool {
        let asked = self.response_occurrences.as_deref().unwrap_or_default();
        asked.is_empty() || asked.iter().any(|row| row.assignee.required != Some(false))
    }
}

/// Reads an answer as the lists of workflows and of candidates do.
#[cfg(fuzzing)]
pub(crate) fn read(answer: &Answer) -> Result<(), Error> {
    let listed = answer.json::<Data<Vec<ListedRow>>>("list workflows").map(drop);
    listed.and(answer.json::<Data<Vec<PersonRow>>>("list workflow candidates").map(drop))
}

/// Reads an answer as the workflow that is shown alone.
#[cfg(fuzzing)]
pub(crate) fn read_shown(answer: &Answer, project: ProjectId) -> Result<Item, Error> {
    let Data { data } = answer.json::<Data<InstanceRow>>("show workflow")?;
    Ok(data.item(project))
}
