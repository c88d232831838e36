//! Meetings of a project, and the topics that somebody has to see to.

use serde_json::{Map, Value, json};

use super::item::check_place;
use super::project;
use crate::company::{Company, Invalid, Level, Meeting, MeetingTopic, Tool, TopicStatus};
use crate::server::answer::{Answer, Refusal, Reply};
use crate::server::field::{date, ids, number, required_text, text};
use crate::server::gate::Scene;
use crate::server::page::{enclosed, size};
use crate::server::request::Request;
use crate::view;

/// What erases the people of a topic; an empty list leaves them as they are
/// (`RestV11ProjectsProjectIdMeetingTopicsIdPatch`).
const NONE: &str = "none";

/// Serves `GET /rest/v1.1/projects/{project_id}/meetings`. Pages are of meetings, which stand in groups by their title, so
/// that a group may go on on the next page.
pub(crate) fn list(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let company = &*scene.company;
    let project = project(company, request)?.id;
    let ids = request.query.filter_ids("id")?;
    let assignees = request.query.filter_ids("assignee_id")?;
    let assigned = |meeting: &Meeting| {
        let Some(wanted) = &assignees else { return true };
        company.topics_of(meeting.id).any(|topic| topic.assignees.iter().any(|id| wanted.contains(id)))
    };
    let mut meetings: Vec<&Meeting> = company
        .meetings_of(project)
        .filter(|meeting| ids.as_ref().is_none_or(|ids| ids.contains(&meeting.id)))
        .filter(|meeting| assigned(meeting))
        .collect();
    meetings.sort_by(|one, other| (&one.title, one.position).cmp(&(&other.title, other.position)));
    let view = |meeting: &&Meeting| view::meeting::listed(company, meeting);
    enclosed(request, size(request, scene.page_max)?, meetings, view, grouped)
}

/// Serves `GET /rest/v1.1/projects/{project_id}/meetings/{id}`.
pub(crate) fn show(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let project = project(scene.company, request)?.id;
    let meeting = scene.company.meeting(request.id("id")?).filter(|meeting| meeting.project == project);
    let meeting = meeting.ok_or_else(Refusal::not_found)?;
    Ok(Answer::ok(view::meeting::shown(scene.company, meeting)))
}

/// Serves `PATCH /rest/v1.1/projects/{project_id}/meeting_topics/{id}`: the body has to name the meeting too. The list of
/// people that is sent is the whole new one.
pub(crate) fn update_topic(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let project = project(scene.company, request)?.id;
    let fields = request.nested("meeting_topic")?;
    let meeting = number("meeting_id", request.json()?.get("meeting_id").unwrap_or(&Value::Null))?;
    let meeting = meeting.ok_or_else(|| Refusal::field("meeting_id", "is missing"))?;
    let before = scene.company.item::<MeetingTopic>(request.id("id")?);
    let before = before.filter(|topic| (topic.project, topic.meeting) == (project, meeting));
    let before = before.ok_or_else(Refusal::not_found)?;
    let mut topic = before.clone();
    apply(scene.company, &mut topic, &fields)?;
    let place = (project, Tool::Meetings, Level::ReadOnly);
    check_place(scene, "assignment_ids", place, &topic.assignees, &before.assignees)
        .map_err(|invalid| Refusal::unprocessable(&invalid))?;
    topic.updated_at = scene.company.time();
    scene.company.put_item(topic.clone())?;
    Ok(Answer::ok(view::meeting::topic(scene.company, &topic)))
}

fn apply(company: &Company, topic: &mut MeetingTopic, fields: &Map<String, Value>) -> Result<(), Refusal> {
    for (field, value) in fields {
        match field.as_str() {
            "title" => topic.title = required_text("title", value)?,
            "description" => topic.description = text("description", value)?,
            "minutes" => topic.minutes = text("minutes", value)?,
            "priority" => topic.priority = text("priority", value)?.filter(|text| !text.is_empty()),
            "due_date" => topic.due_date = date("due_date", value)?,
            "meeting_category_id" => topic.category = category(company, topic, value)?,
            "status" => {
                let name = required_text("status", value)?;
                let status = TopicStatus::ALL.into_iter().find(|status| status.name() == name);
                set_status(topic, status.ok_or_else(|| listed("status"))?, company);
            }
            "assignment_ids" if value == NONE => topic.assignees.clear(),
            "assignment_ids" => {
                let people = ids("assignment_ids", value)?;
                if !people.is_empty() {
                    topic.assignees = people;
                }
            }
            // What else there is in the reference is not simulated, and what there is not is overlooked.
            _ => {}
        }
    }
    if topic.title.trim().is_empty() {
        return Err(Refusal::unprocessable(&Invalid::new("title", "can't be blank")));
    }
    Ok(())
}

fn set_status(topic: &mut MeetingTopic, status: TopicStatus, company: &Company) {
    topic.status = status;
    topic.closed_at = match status {
        TopicStatus::Closed => topic.closed_at.or(Some(company.time())),
        TopicStatus::Open | TopicStatus::OnHold => None,
    };
}

fn category(company: &Company, topic: &MeetingTopic, value: &Value) -> Result<u64, Refusal> {
    const FIELD: &str = "meeting_category_id";
    let id = number(FIELD, value)?.unwrap_or_default();
    let meeting = company.meeting(topic.meeting);
    let known = meeting.is_some_and(|meeting| meeting.categories.iter().any(|found| found.id == id));
    if known { Ok(id) } else { Err(Refusal::unprocessable(&Invalid::unknown(FIELD, id))) }
}

fn listed(field: &'static str) -> Refusal {
    Refusal::field(field, "is not included in the list")
}

/// Puts meetings of one title together, as far as they stand beside each other.
fn grouped(meetings: Vec<Value>) -> Value {
    let mut groups: Vec<(Value, Vec<Value>)> = Vec::new();
    for meeting in meetings {
        let title = meeting.get("title").cloned().unwrap_or_default();
        match groups.last_mut().filter(|(last, _)| *last == title) {
            Some((_, group)) => group.push(meeting),
            None => groups.push((title, vec![meeting])),
        }
    }
    groups
        .into_iter()
        .map(|(title, meetings)| json!({ "group_title": title, "meetings": meetings }))
        .collect()
}
