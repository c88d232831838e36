//! Coordination issues.

use jiff::civil::Date;
use muster_core::directory::{Candidates, Handover, HeldAs, Item, ItemKind, ItemRef, ItemStatus};
use muster_core::id::{ItemId, ProjectId, UserId};
use reqwest::{Method, Url};
use serde::Deserialize;
use serde_json::json;

use super::{PersonRow, held};
use crate::client::Client;
use crate::error::Error;
#[cfg(fuzzing)]
use crate::exchange::Answer;

/// `RestV10CoordinationIssuesGet`.
const ALL: &str = "/rest/v1.0/coordination_issues";

/// `RestV10CoordinationIssuesIdPatch`.
fn one(issue: ItemId) -> String {
    format!("{ALL}/{issue}")
}

/// `RestV10CoordinationIssuesCoordinationIssueIdAssignmentsPost`.
fn assignments(issue: ItemId) -> String {
    format!("{ALL}/{issue}/assignments")
}

/// `RestV10CoordinationIssuesAssigneesGet`.
const ASSIGNEES: &str = "/rest/v1.0/coordination_issues/assignees";

/// The statuses in which an issue waits for somebody (`RestV10CoordinationIssuesGet`).
const OPEN: [&str; 5] = ["open", "in_progress", "blocked", "unblocked", "ready_for_review"];

/// The reference says nothing of the rows; their fields are those of Procore's SDK for Python (2024).
#[derive(Deserialize)]
struct IssueRow {
    #[serde(deserialize_with = "super::id")]
    id: u64,
    #[serde(default, deserialize_with = "held::number")]
    issue_number: Option<String>,
    title: Option<String>,
    status: Status,
    #[serde(default, deserialize_with = "held::day")]
    due_date: Option<Date>,
    link: Option<String>,
    /// Nobody may hold it, but that has to be said: the compact view leaves everybody out.
    #[serde(deserialize_with = "Option::deserialize")]
    assignee: Option<PersonRow>,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum Status {
    Open,
    InProgress,
    Blocked,
    Unblocked,
    ReadyForReview,
    Closed,
    MovedToObservation,
}

impl held::Row for IssueRow {
    fn id(&self) -> u64 {
        self.id
    }

    fn item(&self, project: ProjectId) -> Item {
        Item {
            item: held::named(ItemKind::CoordinationIssue, project, self.id),
            number: self.issue_number.clone().unwrap_or_default(),
            title: self.title.clone().unwrap_or_default(),
            status: match self.status {
                Status::Open
                | Status::InProgress
                | Status::Blocked
                | Status::Unblocked
                | Status::ReadyForReview => ItemStatus::Open,
                Status::Closed | Status::MovedToObservation => ItemStatus::Closed,
            },
            due: self.due_date,
            link: self.link.clone(),
            holders: held::holders(&self.assignee, HeldAs::Assignee).collect(),
        }
    }
}

fn listed(client: &Client, project: ProjectId) -> Url {
    client.url(ALL, &[("project_id", &project.to_string())])
}

/// Returns the open coordination issues of a project, or those that a user holds.
pub(crate) async fn open(
    client: &Client,
    project: ProjectId,
    holder: Option<UserId>,
) -> Result<Vec<Item>, Error> {
    let mut url = listed(client, project);
    if let Some(user) = holder {
        url.query_pairs_mut().append_pair("filters[assignee_id][]", &user.to_string());
    }
    url.query_pairs_mut().extend_pairs(OPEN.map(|status| ("filters[status][]", status)));
    held::items::<IssueRow>(client, "list coordination issues", url, project).await
}

/// Returns one coordination issue, open or not.
pub(crate) async fn show(client: &Client, issue: ItemRef) -> Result<Option<Item>, Error> {
    let mut url = listed(client, issue.project);
    url.query_pairs_mut().append_pair("filters[ids][]", &issue.id.to_string());
    held::item::<IssueRow>(client, "show coordination issue", url, issue).await
}

/// Returns who could hold a coordination issue of this project.
pub(crate) async fn candidates(client: &Client, project: ProjectId) -> Result<Candidates, Error> {
    let url = client.url(ASSIGNEES, &[("project_id", &project.to_string())]);
    held::offered(client, "list coordination issue candidates", url).await
}

/// Changes who holds a coordination issue. Procore keeps who held it before, and takes nothing but the one person, so
/// nothing is read once more.
pub(crate) async fn hand_over(client: &Client, before: &Item, changes: &[Handover]) -> Result<(), Error> {
    let Some(assignee) = held::taking(changes, HeldAs::Assignee) else { return Ok(()) };
    let issue = before.item;
    let body = json!({
        "project_id": issue.project.get(),
        "coordination_issue_assignment": { "assignee_id": assignee },
    });
    let url = client.url(&assignments(issue.id), &[]);
    client.write("hand over coordination issue", Method::POST, url, Some(body)).await
}

/// Closes a coordination issue.
pub(crate) async fn close(client: &Client, issue: ItemRef) -> Result<(), Error> {
    let body = json!({ "project_id": issue.project.get(), "coordination_issue": { "status": "closed" } });
    let url = client.url(&one(issue.id), &[]);
    client.write("close coordination issue", Method::PATCH, url, Some(body)).await
}

/// Reads an answer as the list does.
#[cfg(fuzzing)]
pub(crate) fn read(answer: &Answer, project: ProjectId) -> Result<Vec<Item>, Error> {
    held::read::<IssueRow>(answer, "list coordination issues", project)
}
