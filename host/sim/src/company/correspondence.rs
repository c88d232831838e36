//! Correspondence: letters, notices and whatever else a company has made a type of its own for.
//!
//! A type is a tool of the company with statuses of its own, which Procore calls a generic tool; its items stand in
//! projects. What a status means is known only from the type of status that it is mapped to.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::holding::{HeldAs, Kind};
use super::ids::Space;
use super::item::{Item, Items};
use super::{Company, Invalid};

/// What a status of a type of correspondence means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatusType {
    /// Not sent yet.
    Draft,
    /// Somebody has to answer.
    Open,
    /// Nobody has to do anything any more.
    Closed,
}

impl StatusType {
    /// Returns the meaning as Procore names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Draft => "Draft",
            Self::Open => "Open",
            Self::Closed => "Closed",
        }
    }
}

/// A status that items of a type of correspondence can have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorrespondenceStatus {
    /// The name.
    pub name: String,
    /// What it means.
    pub meaning: StatusType,
}

/// A type of correspondence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorrespondenceType {
    /// The id, which Procore calls that of a generic tool.
    pub id: u64,
    /// The title.
    pub title: String,
    /// What stands before the numbers of its items.
    pub abbreviation: String,
    /// What its items can be.
    pub statuses: Vec<CorrespondenceStatus>,
}

impl CorrespondenceType {
    /// Returns a status by its name, if items of this type can have it.
    pub fn status(&self, name: &str) -> Option<&CorrespondenceStatus> {
        self.statuses.iter().find(|status| status.name == name)
    }
}

/// An item of correspondence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correspondence {
    /// The id.
    pub id: u64,
    /// The project.
    pub project: u64,
    /// The type.
    pub kind: u64,
    /// The number within the project and the type.
    pub position: String,
    /// What it is about.
    pub title: String,
    /// What there is to say about it.
    pub description: Option<String>,
    /// How far it has come.
    pub status: CorrespondenceStatus,
    /// Who has to answer, in order.
    pub assignees: Vec<u64>,
    /// Who sent it.
    pub received_from: Option<u64>,
    /// Who is kept informed.
    pub distribution: Vec<u64>,
    /// When the answer is due.
    pub due_date: Option<Date>,
    /// Whether only those involved see it.
    pub private: bool,
    /// Who made it.
    pub created_by: u64,
    /// When it was sent.
    pub issued_at: Option<Timestamp>,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// When the record was made.
    pub created_at: Timestamp,
    /// When the record was last changed.
    pub updated_at: Timestamp,
}

impl Correspondence {
    /// Gives the item a status and notes when it was sent and when it was closed.
    pub(crate) fn set_status(&mut self, status: CorrespondenceStatus, now: Timestamp) {
        if status.meaning != StatusType::Draft {
            self.issued_at.get_or_insert(now);
        }
        self.closed_at = match status.meaning {
            StatusType::Closed => self.closed_at.or(Some(now)),
            StatusType::Draft | StatusType::Open => None,
        };
        self.status = status;
    }
}

/// What is needed to add an item of correspondence.
#[derive(Debug, Clone)]
pub struct NewCorrespondence {
    /// The project.
    pub project: u64,
    /// The type.
    pub kind: u64,
    /// What it is about.
    pub title: String,
    /// The name of its status, one of those of its type.
    pub status: String,
    /// Who has to answer, in order.
    pub assignees: Vec<u64>,
}

impl NewCorrespondence {
    /// Returns an open item.
    pub fn open(project: u64, kind: u64, title: &str, assignees: &[u64]) -> Self {
        Self {
            project,
            kind,
            title: title.to_owned(),
            status: StatusType::Open.name().to_owned(),
            assignees: assignees.to_vec(),
        }
    }
}

impl Company {
    /// Adds a type of correspondence with the statuses that every type has, and more of the type's own, and returns its id.
    pub fn add_correspondence_type(
        &mut self,
        title: &str,
        abbreviation: &str,
        more: &[(&str, StatusType)],
    ) -> u64 {
        let usual = [StatusType::Draft, StatusType::Open, StatusType::Closed];
        let statuses = usual.iter().map(|meaning| (meaning.name(), *meaning)).chain(more.iter().copied());
        let status =
            |(name, meaning): (&str, StatusType)| CorrespondenceStatus { name: name.to_owned(), meaning };
        let kind = CorrespondenceType {
            id: self.ids.next(Space::CorrespondenceType),
            title: title.to_owned(),
            abbreviation: abbreviation.to_owned(),
            statuses: statuses.map(status).collect(),
        };
        let id = kind.id;
        self.correspondence_types.insert(id, kind);
        id
    }

    /// Adds an item of correspondence and returns its id. Its people need not be candidates, for they may have been once.
    pub fn add_correspondence(&mut self, new: NewCorrespondence) -> Result<u64, Invalid> {
        let unknown = || Invalid::unknown("generic_tool_id", new.kind);
        let kind = self.correspondence_type(new.kind).ok_or_else(unknown)?;
        let status = kind.status(&new.status).cloned();
        let status = status.ok_or_else(|| Invalid::new("status", "is not included in the list"))?;
        let alike = self.items_of::<Correspondence>(new.project).filter(|item| item.kind == new.kind);
        let position = (alike.count() + 1).to_string();
        let mut item = Correspondence {
            id: self.ids.next(Space::Correspondence),
            project: new.project,
            kind: new.kind,
            position,
            title: new.title,
            description: None,
            status: status.clone(),
            assignees: new.assignees,
            received_from: None,
            distribution: Vec::new(),
            due_date: None,
            private: true,
            created_by: self.service_account,
            issued_at: None,
            closed_at: None,
            created_at: self.now,
            updated_at: self.now,
        };
        item.set_status(status, self.now);
        self.insert_item(item)
    }

    /// Returns a type of correspondence.
    pub fn correspondence_type(&self, id: u64) -> Option<&CorrespondenceType> {
        self.correspondence_types.get(&id)
    }

    /// Returns all types of correspondence in the order of their ids.
    pub fn correspondence_types(&self) -> impl Iterator<Item = &CorrespondenceType> {
        self.correspondence_types.values()
    }
}

impl Item for Correspondence {
    const KIND: Kind = Kind::Correspondence;
    const LIST: &'static str = "correspondence";
    const TIMES: &'static [&'static str] = &["created_at", "updated_at", "issued_at", "closed_at"];

    fn kept(company: &Company) -> &Items<Self> {
        &company.correspondence
    }

    fn kept_mut(company: &mut Company) -> &mut Items<Self> {
        &mut company.correspondence
    }

    fn id(&self) -> u64 {
        self.id
    }

    fn project(&self) -> u64 {
        self.project
    }

    fn number(&self) -> String {
        self.position.clone()
    }

    fn title(&self) -> &str {
        &self.title
    }

    fn status(&self) -> &str {
        &self.status.name
    }

    fn is_open(&self) -> bool {
        self.status.meaning != StatusType::Closed
    }

    fn holders(&self) -> Vec<(HeldAs, u64)> {
        self.assignees.iter().map(|id| (HeldAs::Assignee, *id)).collect()
    }

    fn people(&self) -> BTreeSet<u64> {
        let others = self.assignees.iter().chain(&self.distribution);
        others.chain(&self.received_from).copied().collect()
    }

    fn touch(&mut self, now: Timestamp) {
        self.updated_at = now;
    }
}
