//! Coordination issues: what collides in the models, who has to see to it, and who had to before.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::holding::{HeldAs, Kind};
use super::ids::Space;
use super::item::{Item, Items, kept_in};
use super::{Company, Invalid};

/// How long a title may be, in characters (`RestV10CoordinationIssuesIdPatch`).
pub(crate) const ISSUE_TITLE_MAX: usize = 80;
/// What issues can be about, of those that filters know (`RestV10CoordinationIssuesGet`).
pub(crate) const ISSUE_TYPES: [&str; 5] =
    ["clash", "constructability", "coordination", "design_review", "building_code"];
/// How much issues can matter.
pub(crate) const ISSUE_PRIORITIES: [&str; 4] = ["low", "medium", "high", "critical"];

/// How far a coordination issue has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IssueStatus {
    /// Somebody has to see to it.
    Open,
    /// Somebody is at it.
    InProgress,
    /// It waits for something else.
    Blocked,
    /// It does not wait any more.
    Unblocked,
    /// It is said to be done.
    ReadyForReview,
    /// It is done.
    Closed,
    /// It goes on as an observation.
    MovedToObservation,
}

impl IssueStatus {
    /// Every status there is.
    pub const ALL: [Self; 7] = [
        Self::Open,
        Self::InProgress,
        Self::Blocked,
        Self::Unblocked,
        Self::ReadyForReview,
        Self::Closed,
        Self::MovedToObservation,
    ];

    /// Returns the status as Procore names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::InProgress => "in_progress",
            Self::Blocked => "blocked",
            Self::Unblocked => "unblocked",
            Self::ReadyForReview => "ready_for_review",
            Self::Closed => "closed",
            Self::MovedToObservation => "moved_to_observation",
        }
    }

    /// Returns whether nobody has to do anything any more.
    pub fn is_closed(self) -> bool {
        matches!(self, Self::Closed | Self::MovedToObservation)
    }
}

/// An issue went from one assignee to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reassignment {
    /// The id.
    pub id: u64,
    /// Who had it.
    pub old: Option<u64>,
    /// Who has it.
    pub new: Option<u64>,
    /// Who gave it.
    pub by: u64,
    /// When.
    pub at: Timestamp,
}

/// A coordination issue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoordinationIssue {
    /// The id.
    pub id: u64,
    /// The project.
    pub project: u64,
    /// The number within the project.
    pub number: u64,
    /// What it is about.
    pub title: String,
    /// More of it.
    pub description: Option<String>,
    /// How far it has come.
    pub status: IssueStatus,
    /// What kind of issue it is.
    pub kind: Option<String>,
    /// How much it matters.
    pub priority: Option<String>,
    /// Who has to see to it.
    pub assignee: Option<u64>,
    /// How it went from one to another, oldest first.
    pub history: Vec<Reassignment>,
    /// When it is due.
    pub due_date: Option<Date>,
    /// Who made it.
    pub created_by: u64,
    /// Who last changed it.
    pub updated_by: u64,
    /// When the record was made.
    pub created_at: Timestamp,
    /// When the record was last changed.
    pub updated_at: Timestamp,
}

impl Item for CoordinationIssue {
    const KIND: Kind = Kind::CoordinationIssue;
    const LIST: &'static str = "coordination_issues";

    kept_in!(coordination_issues);

    fn number(&self) -> String {
        self.number.to_string()
    }

    fn title(&self) -> &str {
        &self.title
    }

    fn status(&self) -> &str {
        self.status.name()
    }

    fn is_open(&self) -> bool {
        !self.status.is_closed()
    }

    fn holders(&self) -> Vec<(HeldAs, u64)> {
        self.assignee.into_iter().map(|id| (HeldAs::Assignee, id)).collect()
    }

    fn people(&self) -> BTreeSet<u64> {
        let before = self.history.iter().flat_map(|change| change.old.into_iter().chain(change.new));
        before.chain(self.assignee).chain([self.created_by, self.updated_by]).collect()
    }
}

/// What is needed to add a coordination issue.
#[derive(Debug, Clone)]
pub struct NewCoordinationIssue {
    /// The project.
    pub project: u64,
    /// What it is about.
    pub title: String,
    /// How far it has come.
    pub status: IssueStatus,
    /// Who has to see to it.
    pub assignee: Option<u64>,
}

impl NewCoordinationIssue {
    /// Returns an open one.
    pub fn open(project: u64, title: &str, assignee: u64) -> Self {
        Self { project, title: title.to_owned(), status: IssueStatus::Open, assignee: Some(assignee) }
    }
}

impl Company {
    /// Adds a coordination issue and returns its id. Its people need not be candidates, for they may have been when it was
    /// made.
    pub fn add_coordination_issue(&mut self, new: NewCoordinationIssue) -> Result<u64, Invalid> {
        let issue = CoordinationIssue {
            id: self.ids.next(Space::CoordinationIssue),
            project: new.project,
            number: self.coordination_issues.count_of(new.project) as u64 + 1,
            title: new.title,
            description: None,
            status: new.status,
            kind: None,
            priority: None,
            assignee: new.assignee,
            history: Vec::new(),
            due_date: None,
            created_by: self.service_account,
            updated_by: self.service_account,
            created_at: self.now,
            updated_at: self.now,
        };
        self.insert_item(issue)
    }

    /// Gives a coordination issue to somebody, of which a record is kept, and returns the record. It is not asked whether
    /// the one may hold it.
    pub fn reassign_issue(&mut self, issue: u64, to: Option<u64>, by: u64) -> Result<Reassignment, Invalid> {
        let before = self.item::<CoordinationIssue>(issue).ok_or_else(|| Invalid::unknown("id", issue))?;
        let mut changed = before.clone();
        let id = self.ids.next(Space::Reassignment);
        let record = Reassignment { id, old: changed.assignee, new: to, by, at: self.now };
        changed.history.push(record.clone());
        (changed.assignee, changed.updated_by) = (to, by);
        self.put_item(changed)?;
        Ok(record)
    }
}
