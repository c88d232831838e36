//! Meetings: what was talked about, and who has to see to it.
//!
//! Topics stand in the categories of a meeting, and a topic keeps its people whatever becomes of them.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::holding::{HeldAs, Kind};
use super::ids::Space;
use super::item::{Item, Items};
use super::{Company, Invalid};

/// How long a meeting takes that nobody has said more about.
const HOUR: Duration = Duration::from_secs(60 * 60);

/// How far a topic has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TopicStatus {
    /// Somebody has to see to it.
    Open,
    /// Somebody will have to see to it.
    OnHold,
    /// Nobody has to do anything any more.
    Closed,
}

impl TopicStatus {
    /// Every status there is.
    pub const ALL: [Self; 3] = [Self::Open, Self::OnHold, Self::Closed];

    /// Returns the status as Procore names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "Open",
            Self::OnHold => "On Hold",
            Self::Closed => "Closed",
        }
    }
}

/// A meeting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meeting {
    /// The id.
    pub id: u64,
    /// The project.
    pub project: u64,
    /// The title, which all meetings of a series share.
    pub title: String,
    /// The number within the series.
    pub position: usize,
    /// Where it takes place.
    pub location: Option<String>,
    /// Whether it has taken place.
    pub occurred: bool,
    /// Whether only those who were asked to come see it.
    pub private: bool,
    /// When it begins.
    pub starts_at: Timestamp,
    /// When it ends.
    pub ends_at: Timestamp,
    /// Who was asked to come.
    pub attendees: Vec<u64>,
    /// What its topics are sorted by, in order.
    pub categories: Vec<MeetingCategory>,
    /// Who made it.
    pub created_by: u64,
    /// When the record was made.
    pub created_at: Timestamp,
    /// When the record was last changed.
    pub updated_at: Timestamp,
}

/// A heading in the minutes of a meeting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeetingCategory {
    /// The id.
    pub id: u64,
    /// The title.
    pub title: String,
}

/// Something that was talked about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeetingTopic {
    /// The id.
    pub id: u64,
    /// The project.
    pub project: u64,
    /// The meeting.
    pub meeting: u64,
    /// The category of the meeting.
    pub category: u64,
    /// The number within the meeting: that of the meeting, and then one of its own.
    pub number: String,
    /// What it is about.
    pub title: String,
    /// How far it has come.
    pub status: TopicStatus,
    /// Who has to see to it, in order.
    pub assignees: Vec<u64>,
    /// When it has to be done.
    pub due_date: Option<Date>,
    /// How urgent it is: `High`, `Medium` or `Low`.
    pub priority: Option<String>,
    /// What there is to say about it.
    pub description: Option<String>,
    /// What was said about it.
    pub minutes: Option<String>,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// When the record was made.
    pub created_at: Timestamp,
    /// When the record was last changed.
    pub updated_at: Timestamp,
}

/// What is needed to add a meeting.
#[derive(Debug, Clone)]
pub struct NewMeeting {
    /// The project.
    pub project: u64,
    /// The title, which all meetings of a series share.
    pub title: String,
    /// Who was asked to come.
    pub attendees: Vec<u64>,
    /// When it begins; now when it is missing.
    pub starts_at: Option<Timestamp>,
}

impl NewMeeting {
    /// Returns a meeting to which nobody was asked to come.
    pub fn named(project: u64, title: &str) -> Self {
        Self { project, title: title.to_owned(), attendees: Vec::new(), starts_at: None }
    }
}

/// What is needed to add a topic to a meeting.
#[derive(Debug, Clone)]
pub struct NewMeetingTopic {
    /// The meeting.
    pub meeting: u64,
    /// The title of the category, which is made if the meeting has none of that title.
    pub category: String,
    /// What it is about.
    pub title: String,
    /// How far it has come.
    pub status: TopicStatus,
    /// Who has to see to it, in order.
    pub assignees: Vec<u64>,
}

impl NewMeetingTopic {
    /// Returns an open topic among the old business.
    pub fn open(meeting: u64, title: &str, assignees: &[u64]) -> Self {
        Self {
            meeting,
            category: "Old Business".to_owned(),
            title: title.to_owned(),
            status: TopicStatus::Open,
            assignees: assignees.to_vec(),
        }
    }
}

impl Company {
    /// Adds a meeting and returns its id.
    pub fn add_meeting(&mut self, new: NewMeeting) -> Result<u64, Invalid> {
        if !self.projects.contains_key(&new.project) {
            return Err(Invalid::unknown("project_id", new.project));
        }
        if let Some(id) = new.attendees.iter().find(|id| !self.users.contains_key(id)) {
            return Err(Invalid::unknown("attendees", *id));
        }
        let series = |meeting: &&Meeting| meeting.project == new.project && meeting.title == new.title;
        let position = self.meetings.values().filter(series).count() + 1;
        let starts_at = new.starts_at.unwrap_or(self.now);
        let id = self.ids.next(Space::Meeting);
        let meeting = Meeting {
            id,
            project: new.project,
            title: new.title,
            position,
            location: None,
            occurred: starts_at <= self.now,
            private: false,
            starts_at,
            ends_at: starts_at.checked_add(HOUR).unwrap_or(starts_at),
            attendees: new.attendees,
            categories: Vec::new(),
            created_by: self.service_account,
            created_at: self.now,
            updated_at: self.now,
        };
        self.meetings.insert(id, meeting);
        Ok(id)
    }

    /// Adds a topic to a meeting and returns its id. Its people need not be candidates, for they may have been once.
    pub fn add_meeting_topic(&mut self, new: NewMeetingTopic) -> Result<u64, Invalid> {
        let category = self.meeting_category(new.meeting, &new.category)?;
        let unknown = || Invalid::unknown("meeting_id", new.meeting);
        let Meeting { project, position, .. } = *self.meeting(new.meeting).ok_or_else(unknown)?;
        let topic = MeetingTopic {
            id: self.ids.next(Space::MeetingTopic),
            project,
            meeting: new.meeting,
            category,
            number: format!("{position}.{}", self.topics_of(new.meeting).count() + 1),
            title: new.title,
            status: new.status,
            assignees: new.assignees,
            due_date: None,
            priority: None,
            description: None,
            minutes: None,
            closed_at: (new.status == TopicStatus::Closed).then_some(self.now),
            created_at: self.now,
            updated_at: self.now,
        };
        self.insert_item(topic)
    }

    /// Returns a meeting.
    pub fn meeting(&self, id: u64) -> Option<&Meeting> {
        self.meetings.get(&id)
    }

    /// Returns all meetings in the order of their ids.
    pub fn meetings(&self) -> impl Iterator<Item = &Meeting> {
        self.meetings.values()
    }

    /// Returns the meetings of a project in the order of their ids.
    pub fn meetings_of(&self, project: u64) -> impl Iterator<Item = &Meeting> {
        self.meetings.values().filter(move |meeting| meeting.project == project)
    }

    /// Returns the topics of a meeting in the order of their ids.
    pub fn topics_of(&self, meeting: u64) -> impl Iterator<Item = &MeetingTopic> {
        let project = self.meeting(meeting).map(|meeting| meeting.project);
        let topics = project.into_iter().flat_map(|project| self.items_of::<MeetingTopic>(project));
        topics.filter(move |topic| topic.meeting == meeting)
    }

    /// Returns the category of a meeting with a title, which is made if there is none.
    fn meeting_category(&mut self, meeting: u64, title: &str) -> Result<u64, Invalid> {
        let unknown = || Invalid::unknown("meeting_id", meeting);
        let found = self.meetings.get(&meeting).ok_or_else(unknown)?;
        if let Some(category) = found.categories.iter().find(|category| category.title == title) {
            return Ok(category.id);
        }
        let id = self.ids.next(Space::MeetingCategory);
        if let Some(meeting) = self.meetings.get_mut(&meeting) {
            meeting.categories.push(MeetingCategory { id, title: title.to_owned() });
        }
        Ok(id)
    }
}

impl MeetingTopic {
    /// Returns the day on which the topic was made.
    pub fn created_on(&self) -> Date {
        self.created_at.to_zoned(TimeZone::UTC).date()
    }
}

impl Item for MeetingTopic {
    const KIND: Kind = Kind::MeetingTopic;
    const LIST: &'static str = "meeting_topics";
    const TIMES: &'static [&'static str] = &["created_at", "updated_at", "closed_at"];

    fn kept(company: &Company) -> &Items<Self> {
        &company.meeting_topics
    }

    fn kept_mut(company: &mut Company) -> &mut Items<Self> {
        &mut company.meeting_topics
    }

    fn id(&self) -> u64 {
        self.id
    }

    fn project(&self) -> u64 {
        self.project
    }

    fn number(&self) -> String {
        self.number.clone()
    }

    fn title(&self) -> &str {
        &self.title
    }

    fn status(&self) -> &str {
        self.status.name()
    }

    fn is_open(&self) -> bool {
        self.status != TopicStatus::Closed
    }

    fn holders(&self) -> Vec<(HeldAs, u64)> {
        self.assignees.iter().map(|id| (HeldAs::Assignee, *id)).collect()
    }

    fn people(&self) -> BTreeSet<u64> {
        self.assignees.iter().copied().collect()
    }

    fn touch(&mut self, now: Timestamp) {
        self.updated_at = now;
    }
}
