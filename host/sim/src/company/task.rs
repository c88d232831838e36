//! Tasks: things that somebody has to do.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::holding::{HeldAs, Kind};
use super::ids::Space;
use super::item::{Item, Items, kept_in};
use super::{Company, Invalid};

/// The categories that tasks can have.
pub(crate) const TASK_CATEGORIES: [&str; 5] =
    ["Administrative", "Closeout", "Contract", "Design", "Preconstruction"];

/// How far a task has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskStatus {
    /// Somebody was told.
    Initiated,
    /// Somebody is at it.
    InProgress,
    /// It is said to be done.
    ReadyForReview,
    /// It is done.
    Closed,
    /// It need not be done any more.
    Void,
}

impl TaskStatus {
    /// Every status there is.
    pub const ALL: [Self; 5] =
        [Self::Initiated, Self::InProgress, Self::ReadyForReview, Self::Closed, Self::Void];

    /// Returns the status as Procore names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Initiated => "initiated",
            Self::InProgress => "in_progress",
            Self::ReadyForReview => "ready_for_review",
            Self::Closed => "closed",
            Self::Void => "void",
        }
    }

    /// Returns whether nobody has to do anything any more.
    pub fn is_closed(self) -> bool {
        matches!(self, Self::Closed | Self::Void)
    }
}

/// A task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// The id.
    pub id: u64,
    /// The project.
    pub project: u64,
    /// The number within the project.
    pub number: String,
    /// What is to be done.
    pub title: String,
    /// More of it.
    pub description: Option<String>,
    /// How far it has come.
    pub status: TaskStatus,
    /// The name of its category.
    pub category: Option<String>,
    /// Who has to do it, in order.
    pub assignees: Vec<u64>,
    /// Who is kept informed.
    pub distribution: Vec<u64>,
    /// When it is due.
    pub due_at: Option<Timestamp>,
    /// Whether only those involved see it.
    pub private: bool,
    /// Who made it.
    pub created_by: u64,
    /// When the assignees were told.
    pub notified_at: Option<Timestamp>,
    /// When the record was made.
    pub created_at: Timestamp,
    /// When the record was last changed.
    pub updated_at: Timestamp,
}

impl Item for Task {
    const KIND: Kind = Kind::Task;
    const LIST: &'static str = "tasks";
    const TIMES: &'static [&'static str] = &["created_at", "updated_at", "notified_at"];

    kept_in!(tasks);

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
        !self.status.is_closed()
    }

    fn holders(&self) -> Vec<(HeldAs, u64)> {
        self.assignees.iter().map(|id| (HeldAs::Assignee, *id)).collect()
    }

    fn people(&self) -> BTreeSet<u64> {
        let others = self.assignees.iter().chain(&self.distribution);
        others.copied().chain([self.created_by]).collect()
    }
}

/// What is needed to add a task.
#[derive(Debug, Clone)]
pub struct NewTask {
    /// The project.
    pub project: u64,
    /// What is to be done.
    pub title: String,
    /// How far it has come.
    pub status: TaskStatus,
    /// Who has to do it, in order.
    pub assignees: Vec<u64>,
}

impl NewTask {
    /// Returns one that somebody was just told of.
    pub fn open(project: u64, title: &str, assignees: &[u64]) -> Self {
        let (title, assignees) = (title.to_owned(), assignees.to_vec());
        Self { project, title, status: TaskStatus::Initiated, assignees }
    }
}

impl Company {
    /// Adds a task and returns its id. Its people need not be candidates, for they may have been when it was made.
    pub fn add_task(&mut self, new: NewTask) -> Result<u64, Invalid> {
        for name in TASK_CATEGORIES {
            self.label(name);
        }
        let task = Task {
            id: self.ids.next(Space::Task),
            project: new.project,
            number: (self.tasks.count_of(new.project) + 1).to_string(),
            title: new.title,
            description: None,
            status: new.status,
            category: None,
            assignees: new.assignees,
            distribution: Vec::new(),
            due_at: None,
            private: false,
            created_by: self.service_account,
            notified_at: Some(self.now),
            created_at: self.now,
            updated_at: self.now,
        };
        self.insert_item(task)
    }

    /// Returns the category of tasks that has an id.
    pub(crate) fn task_category(&self, id: u64) -> Option<&'static str> {
        TASK_CATEGORIES.into_iter().find(|name| self.label_id(name) == Some(id))
    }
}
