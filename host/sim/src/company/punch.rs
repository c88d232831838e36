//! Punch items: what is left to be done at the end, by whom each, who sees to it and who accepts it.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::holding::{HeldAs, Kind};
use super::ids::Space;
use super::item::{Item, Items, kept_in};
use super::{Company, Invalid};

/// How far a punch item has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PunchStatus {
    /// Nobody was told yet.
    Draft,
    /// The manager was told.
    Initiated,
    /// The manager does not agree.
    InDispute,
    /// Those who have to do it were told.
    WorkRequired,
    /// It is said to be done.
    ReadyForReview,
    /// It is not done well.
    WorkNotAccepted,
    /// The manager accepts it.
    ReadyToClose,
    /// The final approver does not accept it.
    NotAcceptedByCreator,
    /// It is done.
    Closed,
}

impl PunchStatus {
    /// Every status there is.
    pub const ALL: [Self; 9] = [
        Self::Draft,
        Self::Initiated,
        Self::InDispute,
        Self::WorkRequired,
        Self::ReadyForReview,
        Self::WorkNotAccepted,
        Self::ReadyToClose,
        Self::NotAcceptedByCreator,
        Self::Closed,
    ];

    /// Returns the status as Procore names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Initiated => "initiated",
            Self::InDispute => "in_dispute",
            Self::WorkRequired => "work_required",
            Self::ReadyForReview => "ready_for_review",
            Self::WorkNotAccepted => "work_not_accepted",
            Self::ReadyToClose => "ready_to_close",
            Self::NotAcceptedByCreator => "not_accepted_by_creator",
            Self::Closed => "closed",
        }
    }

    /// Returns what filters call it (`RestV11PunchItemsGet`). That a draft is what they call pending is our reading.
    pub fn filter(self) -> &'static str {
        match self {
            Self::Draft => "pending",
            Self::Closed => "closed",
            _ => "open",
        }
    }
}

/// What somebody has said of the own part of a punch item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PunchResponse {
    /// Nothing yet.
    Unresolved,
    /// It is done.
    ReadyForReview,
    /// The manager does not accept it.
    WorkNotAccepted,
    /// The manager accepts it.
    Resolved,
}

/// Somebody has to do a punch item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PunchAssignment {
    /// The id of the assignment itself.
    pub id: u64,
    /// Who.
    pub user: u64,
    /// What became of it.
    pub status: PunchResponse,
    /// What was said.
    pub comment: Option<String>,
    /// When the one was told.
    pub notified_at: Option<Timestamp>,
    /// When the one said something.
    pub responded_at: Option<Timestamp>,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// A punch item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PunchItem {
    /// The id.
    pub id: u64,
    /// The project.
    pub project: u64,
    /// The number within the project.
    pub position: u64,
    /// What is to be done.
    pub name: String,
    /// More of it.
    pub description: Option<String>,
    /// How far it has come.
    pub status: PunchStatus,
    /// How much it matters: `low`, `medium` or `high`.
    pub priority: Option<String>,
    /// Who has to do it.
    pub assignments: Vec<PunchAssignment>,
    /// Who sees to it that it is done.
    pub manager: Option<u64>,
    /// Who accepts it at last.
    pub final_approver: Option<u64>,
    /// Who is kept informed.
    pub distribution: Vec<u64>,
    /// When it is due.
    pub due_date: Option<Date>,
    /// Whether only those involved see it.
    pub private: bool,
    /// What stands for it elsewhere.
    pub reference: Option<String>,
    /// Who made it.
    pub created_by: u64,
    /// Who closed it.
    pub closed_by: Option<u64>,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// When the record was made.
    pub created_at: Timestamp,
    /// When the record was last changed.
    pub updated_at: Timestamp,
}

impl PunchItem {
    /// Returns who has to act, nobody once it is closed.
    pub fn ball_in_court(&self) -> Vec<u64> {
        match self.status {
            PunchStatus::Draft => vec![self.created_by],
            PunchStatus::WorkRequired | PunchStatus::WorkNotAccepted => {
                let open = self.assignments.iter().filter(|part| part.status != PunchResponse::Resolved);
                open.map(|part| part.user).collect()
            }
            PunchStatus::ReadyToClose => self.final_approver.into_iter().collect(),
            PunchStatus::Closed => Vec::new(),
            _ => self.manager.into_iter().collect(),
        }
    }

    /// Closes it, or opens it again, as somebody.
    pub(crate) fn set_status(&mut self, status: PunchStatus, by: u64, now: Timestamp) {
        let closed = status == PunchStatus::Closed;
        self.closed_at = self.closed_at.or(Some(now)).filter(|_| closed);
        self.closed_by = self.closed_by.or(Some(by)).filter(|_| closed);
        self.status = status;
    }

    /// Returns whether it should be done by the time `now`.
    pub(crate) fn is_overdue(&self, now: Timestamp) -> bool {
        let today = now.to_zoned(TimeZone::UTC).date();
        self.status.filter() == "open" && self.due_date.is_some_and(|due| due < today)
    }
}

impl Item for PunchItem {
    const KIND: Kind = Kind::PunchItem;
    const LIST: &'static str = "punch_items";
    const TIMES: &'static [&'static str] =
        &["created_at", "updated_at", "closed_at", "notified_at", "responded_at"];

    kept_in!(punch_items);

    fn number(&self) -> String {
        self.position.to_string()
    }

    fn title(&self) -> &str {
        &self.name
    }

    fn status(&self) -> &str {
        self.status.name()
    }

    fn is_open(&self) -> bool {
        self.status != PunchStatus::Closed
    }

    /// Whoever's part is accepted has nothing to do any more.
    fn holders(&self) -> Vec<(HeldAs, u64)> {
        let open = self.assignments.iter().filter(|part| part.status != PunchResponse::Resolved);
        let assigned = open.map(|part| (HeldAs::Assignee, part.user));
        let manager = self.manager.map(|id| (HeldAs::Manager, id));
        let approver = self.final_approver.map(|id| (HeldAs::FinalApprover, id));
        assigned.chain(manager).chain(approver).collect()
    }

    fn people(&self) -> BTreeSet<u64> {
        let others = self.manager.into_iter().chain(self.final_approver).chain(self.closed_by);
        let assigned = self.assignments.iter().map(|part| part.user);
        assigned.chain(others).chain(self.distribution.iter().copied()).chain([self.created_by]).collect()
    }
}

/// What is needed to add a punch item.
#[derive(Debug, Clone)]
pub struct NewPunchItem {
    /// The project.
    pub project: u64,
    /// What is to be done.
    pub name: String,
    /// How far it has come.
    pub status: PunchStatus,
    /// Who has to do it.
    pub assignees: Vec<u64>,
    /// Who sees to it that it is done.
    pub manager: Option<u64>,
    /// Who accepts it at last.
    pub final_approver: Option<u64>,
}

impl NewPunchItem {
    /// Returns one that somebody was just told of, with a manager who accepts it at last too.
    pub fn open(project: u64, name: &str, manager: u64, assignees: &[u64]) -> Self {
        Self {
            project,
            name: name.to_owned(),
            status: PunchStatus::WorkRequired,
            assignees: assignees.to_vec(),
            manager: Some(manager),
            final_approver: Some(manager),
        }
    }
}

impl Company {
    /// Adds a punch item and returns its id. Its people need not be candidates, for they may have been when it was made.
    pub fn add_punch_item(&mut self, new: NewPunchItem) -> Result<u64, Invalid> {
        let id = self.ids.next(Space::PunchItem);
        let mut item = PunchItem {
            id,
            project: new.project,
            position: self.punch_items.count_of(new.project) as u64 + 1,
            name: new.name,
            description: None,
            status: new.status,
            priority: None,
            assignments: Vec::new(),
            manager: new.manager,
            final_approver: new.final_approver,
            distribution: Vec::new(),
            due_date: None,
            private: false,
            reference: None,
            created_by: new.manager.unwrap_or(self.service_account),
            closed_by: None,
            closed_at: None,
            created_at: self.now,
            updated_at: self.now,
        };
        item.set_status(new.status, item.created_by, self.now);
        self.set_punch_assignees(&mut item, &new.assignees);
        self.insert_item(item)
    }

    /// Gives a punch item the assignees that are wanted: whoever has it keeps the assignment, and of the others nothing stays.
    pub(crate) fn set_punch_assignees(&mut self, item: &mut PunchItem, wanted: &[u64]) {
        let mut before = std::mem::take(&mut item.assignments);
        for user in wanted {
            let kept = before.iter().position(|part| part.user == *user).map(|index| before.remove(index));
            let assignment = kept.unwrap_or_else(|| PunchAssignment {
                id: self.ids.next(Space::PunchAssignment),
                user: *user,
                status: PunchResponse::Unresolved,
                comment: None,
                notified_at: Some(self.now),
                responded_at: None,
                updated_at: self.now,
            });
            item.assignments.push(assignment);
        }
    }

    /// Returns the punch item of a project with an assignment that has an id.
    pub(crate) fn punch_item_with(&self, project: u64, assignment: u64) -> Option<&PunchItem> {
        let mut items = self.items_of::<PunchItem>(project);
        items.find(|item| item.assignments.iter().any(|part| part.id == assignment))
    }
}
