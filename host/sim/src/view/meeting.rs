//! How meetings and their topics look on the wire. Only a meeting that is shown alone tells its topics.

use serde_json::{Value, json};

use super::user::person;
use super::with;
use crate::company::{Company, Meeting, MeetingTopic};

/// Returns a meeting as in a list (`RestV11ProjectsProjectIdMeetingsGet`; its rows are described only in models that were
/// generated from it in 2024).
pub(crate) fn listed(company: &Company, meeting: &Meeting) -> Value {
    let topics = company.topics_of(meeting.id).count();
    with(base(meeting), json!({ "parent_id": null, "meeting_topics_count": topics }))
}

/// Returns a meeting as it is shown alone (`RestV11ProjectsProjectIdMeetingsIdGet`).
pub(crate) fn shown(company: &Company, meeting: &Meeting) -> Value {
    let categories = meeting.categories.iter().enumerate().map(|(index, category)| {
        let topics = company.topics_of(meeting.id).filter(|topic| topic.category == category.id);
        json!({
            "id": category.id,
            "title": category.title,
            "position": index + 1,
            "meeting_topic": topics.map(|found| topic(company, found)).collect::<Vec<_>>(),
        })
    });
    let attendees = (0_u64..).zip(&meeting.attendees).map(|(index, id)| {
        let status = meeting.occurred.then_some("Present");
        json!({ "id": meeting.id * 100 + index, "status": status, "login_information": person(company, *id) })
    });
    let zone = company.project(meeting.project).map(|project| &project.tz_name);
    with(
        base(meeting),
        json!({
            "time_zone": zone,
            "is_draft": false,
            "conclusion": null,
            "remote_meeting_url": null,
            "attachments": [],
            "attendees": attendees.collect::<Vec<_>>(),
            "meeting_categories": categories.collect::<Vec<_>>(),
        }),
    )
}

/// Returns a topic, also as it is answered to a change (`RestV11ProjectsProjectIdMeetingTopicsIdPatch`).
pub(crate) fn topic(company: &Company, topic: &MeetingTopic) -> Value {
    let meeting = company.meeting(topic.meeting);
    let category =
        meeting.and_then(|meeting| meeting.categories.iter().find(|found| found.id == topic.category));
    let alike = company.topics_of(topic.meeting).filter(|other| other.category == topic.category);
    let assignments = topic.assignees.iter().map(|id| person(company, *id));
    json!({
        "id": topic.id,
        "number": topic.number,
        "created_on": topic.created_on(),
        "position": alike.filter(|other| other.id <= topic.id).count(),
        "due_date": topic.due_date,
        "priority": topic.priority,
        "status": topic.status.name(),
        "title": topic.title,
        "minutes": topic.minutes,
        "description": topic.description,
        "meeting_category": category.map(|found| json!({ "id": found.id, "title": found.title })),
        "assignments": assignments.collect::<Vec<_>>(),
        "attachments": [],
    })
}

fn base(meeting: &Meeting) -> Value {
    json!({
        "id": meeting.id,
        "meeting_template_id": null,
        "title": meeting.title,
        "position": meeting.position,
        "created_by_id": meeting.created_by,
        "description": null,
        "mode": if meeting.occurred { "minutes" } else { "agenda" },
        "starts_at": meeting.starts_at,
        "ends_at": meeting.ends_at,
        "location": meeting.location,
        "occurred": meeting.occurred,
        "is_private": meeting.private,
        "created_at": meeting.created_at,
        "updated_at": meeting.updated_at,
    })
}
