//! Topics of meetings. Only a meeting that is shown alone tells its topics, so each takes a request of its own.

use jiff::civil::Date;
use muster_core::directory::{Handover, HeldAs, Item, ItemKind, ItemRef, ItemStatus};
use muster_core::id::{Id, ItemId, ProjectId, UserId};
use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{PersonRow, about, held, not_sent};
use crate::client::Client;
use crate::error::{Error, optional};
#[cfg(fuzzing)]
use crate::exchange::Answer;
use crate::page::{self, List};

/// `RestV11ProjectsProjectIdMeetingsGet`.
fn all(project: ProjectId) -> String {
    format!("/rest/v1.1/projects/{project}/meetings")
}

/// `RestV11ProjectsProjectIdMeetingsIdGet`.
fn one(project: ProjectId, meeting: ItemId) -> String {
    format!("/rest/v1.1/projects/{project}/meetings/{meeting}")
}

/// `RestV11ProjectsProjectIdMeetingTopicsIdPatch`.
fn topic(project: ProjectId, topic: ItemId) -> String {
    format!("/rest/v1.1/projects/{project}/meeting_topics/{topic}")
}

/// Meetings come by series.
#[derive(Deserialize)]
struct Groups(Vec<GroupRow>);

#[derive(Deserialize)]
struct GroupRow {
    meetings: Vec<ListedRow>,
}

#[derive(Deserialize)]
struct ListedRow {
    #[serde(deserialize_with = "super::id")]
    id: u64,
}

#[derive(Deserialize)]
struct MeetingRow {
    #[serde(deserialize_with = "super::id")]
    id: u64,
    is_draft: Option<bool>,
    /// Required, as all below: without them the topics that somebody holds would be none.
    meeting_categories: Vec<CategoryRow>,
}

#[derive(Deserialize)]
struct CategoryRow {
    /// The topics; the name is Procore's.
    meeting_topic: Vec<TopicRow>,
}

/// Procore's reference does not say what is in a topic where it is part of a meeting; where it is answered to a change, it
/// does (`RestV11ProjectsProjectIdMeetingTopicsIdPatch`).
#[derive(Deserialize)]
struct TopicRow {
    #[serde(deserialize_with = "super::id")]
    id: u64,
    #[serde(default, deserialize_with = "held::number")]
    number: Option<String>,
    title: Option<String>,
    status: Status,
    #[serde(default, deserialize_with = "held::day")]
    due_date: Option<Date>,
    assignments: Vec<PersonRow>,
}

#[derive(Deserialize, Clone, Copy)]
enum Status {
    Open,
    #[serde(rename = "On Hold")]
    OnHold,
    Closed,
}

impl From<Groups> for Vec<ListedRow> {
    fn from(groups: Groups) -> Self {
        groups.0.into_iter().flat_map(|group| group.meetings).collect()
    }
}

/// Returns the topics of the meetings of a project, or of those meetings in which a user is assigned something.
pub(crate) async fn open(
    client: &Client,
    project: ProjectId,
    holder: Option<UserId>,
) -> Result<Vec<Item>, Error> {
    let operation = "list meeting topics";
    let user = holder.map(|user| user.to_string());
    let query: Vec<_> = user.iter().map(|user| ("filters[assignee_id][]", user.as_str())).collect();
    let list = List { operation, url: client.url(&all(project), &query), per_page: Some(held::PER_PAGE) };
    let meetings = page::all_in::<Groups, ListedRow>(client, &list, |row| row.id).await?;
    let mut items = Vec::new();
    for meeting in meetings {
        items.extend(shown(client, operation, project, Id::new(meeting.id)).await?);
    }
    Ok(items)
}

/// Returns one topic, open or not.
pub(crate) async fn show(client: &Client, item: ItemRef) -> Result<Option<Item>, Error> {
    Ok(optional(find(client, "show meeting topic", item).await)?.flatten())
}

/// Changes who is assigned a topic. The list replaces what was there, so it is read once more.
pub(crate) async fn hand_over(client: &Client, before: &Item, changes: &[Handover]) -> Result<(), Error> {
    let operation = "hand over meeting topic";
    let now = find(client, operation, before.item).await?;
    held::same_item(operation, &now.ok_or_else(|| held::gone(operation, before.item.id))?, before)?;
    let assigned = held::holding(&held::after(before, changes), HeldAs::Assignee);
    update(client, operation, before.item, json!({ "assignment_ids": assigned })).await
}

/// Closes a topic.
pub(crate) async fn close(client: &Client, item: ItemRef) -> Result<(), Error> {
    update(client, "close meeting topic", item, json!({ "status": "Closed" })).await
}

async fn update(client: &Client, operation: &'static str, item: ItemRef, fields: Value) -> Result<(), Error> {
    let url = client.url(&topic(item.project, item.id), &[]);
    let body = json!({ "meeting_id": meeting(operation, item)?.get(), "meeting_topic": fields });
    client.write(operation, Method::PATCH, url, Some(body)).await
}

async fn find(client: &Client, operation: &'static str, item: ItemRef) -> Result<Option<Item>, Error> {
    let topics = shown(client, operation, item.project, meeting(operation, item)?).await?;
    Ok(topics.into_iter().find(|topic| topic.item.id == item.id))
}

/// Returns the topics of one meeting.
async fn shown(
    client: &Client,
    operation: &'static str,
    project: ProjectId,
    meeting: ItemId,
) -> Result<Vec<Item>, Error> {
    let answer = client.read(operation, client.url(&one(project, meeting), &[])).await?;
    let row: MeetingRow = answer.json(operation)?;
    about(&answer, operation, "meeting", meeting.get(), row.id)?;
    Ok(topics(project, row))
}

fn meeting(operation: &'static str, item: ItemRef) -> Result<ItemId, Error> {
    item.within.ok_or_else(|| not_sent(operation, "which meeting the topic is part of is not said"))
}

fn topics(project: ProjectId, row: MeetingRow) -> Vec<Item> {
    let (meeting, draft) = (Id::new(row.id), row.is_draft == Some(true));
    let topics = row.meeting_categories.into_iter().flat_map(|category| category.meeting_topic);
    topics.map(|row| item(project, meeting, draft, row)).collect()
}

fn item(project: ProjectId, meeting: ItemId, draft: bool, row: TopicRow) -> Item {
    let mut holders: Vec<_> = held::holders(&row.assignments, HeldAs::Assignee).collect();
    holders.sort();
    Item {
        item: ItemRef { within: Some(meeting), ..held::named(ItemKind::MeetingTopic, project, row.id) },
        number: row.number.unwrap_or_default(),
        title: row.title.unwrap_or_default(),
        status: match row.status {
            Status::Closed => ItemStatus::Closed,
            Status::Open | Status::OnHold if draft => ItemStatus::Draft,
            Status::Open | Status::OnHold => ItemStatus::Open,
        },
        due: row.due_date,
        link: None,
        holders,
    }
}

/// Reads an answer as the list does.
#[cfg(fuzzing)]
pub(crate) fn read(answer: &Answer) -> Result<(), Error> {
    answer.json::<Groups>("list meeting topics").map(drop)
}

/// Reads an answer as the meeting that is shown alone.
#[cfg(fuzzing)]
pub(crate) fn read_shown(answer: &Answer, project: ProjectId) -> Result<Vec<Item>, Error> {
    Ok(topics(project, answer.json("show meeting topic")?))
}
