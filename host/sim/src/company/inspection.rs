//! Inspections, which Procore also calls checklists: who looks at the work, and who is asked about it.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::holding::{HeldAs, Kind};
use super::ids::Space;
use super::item::{Item, Items};
use super::{Company, Invalid};

/// How far an inspection has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InspectionStatus {
    /// Somebody has to inspect.
    Open,
    /// Somebody has to look at what was found.
    InReview,
    /// Nobody has to do anything any more.
    Closed,
}

impl InspectionStatus {
    /// Every status there is.
    pub const ALL: [Self; 3] = [Self::Open, Self::InReview, Self::Closed];

    /// Returns the status as Procore shows it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "Open",
            Self::InReview => "In Review",
            Self::Closed => "Closed",
        }
    }

    /// Returns the status as Procore is told it, which is written otherwise.
    pub fn key(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::InReview => "in_review",
            Self::Closed => "closed",
        }
    }
}

/// An inspection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inspection {
    /// The id.
    pub id: u64,
    /// The project.
    pub project: u64,
    /// The number within the project.
    pub number: usize,
    /// What is inspected.
    pub name: String,
    /// What there is to say about it.
    pub description: Option<String>,
    /// How far it has come.
    pub status: InspectionStatus,
    /// Who inspects, in order.
    pub inspectors: Vec<u64>,
    /// Who is asked about the work.
    pub point_of_contact: Option<u64>,
    /// The vendor whose work it is about.
    pub responsible_contractor: Option<u64>,
    /// Who is kept informed.
    pub distribution: Vec<u64>,
    /// When it takes place.
    pub inspection_date: Option<Date>,
    /// When it has to be closed.
    pub due_at: Option<Timestamp>,
    /// Whether only those involved see it.
    pub private: bool,
    /// How many things there are to look at.
    pub items: usize,
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

impl Inspection {
    /// Gives the inspection another status. Whoever closes it stands in it as long as it is closed.
    pub(crate) fn set_status(&mut self, status: InspectionStatus, by: u64, now: Timestamp) {
        if self.status != status {
            let closed = status == InspectionStatus::Closed;
            (self.closed_by, self.closed_at) = (closed.then_some(by), closed.then_some(now));
        }
        self.status = status;
    }
}

/// What is needed to add an inspection.
#[derive(Debug, Clone)]
pub struct NewInspection {
    /// The project.
    pub project: u64,
    /// What is inspected.
    pub name: String,
    /// How far it has come.
    pub status: InspectionStatus,
    /// Who inspects, in order.
    pub inspectors: Vec<u64>,
    /// Who is asked about the work.
    pub point_of_contact: Option<u64>,
}

impl NewInspection {
    /// Returns an open inspection without a point of contact.
    pub fn open(project: u64, name: &str, inspectors: &[u64]) -> Self {
        Self {
            project,
            name: name.to_owned(),
            status: InspectionStatus::Open,
            inspectors: inspectors.to_vec(),
            point_of_contact: None,
        }
    }
}

impl Company {
    /// Adds an inspection and returns its id. Its people need not be candidates, for they may have been once.
    pub fn add_inspection(&mut self, new: NewInspection) -> Result<u64, Invalid> {
        let mut inspection = Inspection {
            id: self.ids.next(Space::Inspection),
            project: new.project,
            number: self.inspections.count_of(new.project) + 1,
            name: new.name,
            description: None,
            status: InspectionStatus::Open,
            inspectors: new.inspectors,
            point_of_contact: new.point_of_contact,
            responsible_contractor: None,
            distribution: Vec::new(),
            inspection_date: None,
            due_at: None,
            private: false,
            items: 12,
            created_by: self.service_account,
            closed_by: None,
            closed_at: None,
            created_at: self.now,
            updated_at: self.now,
        };
        inspection.set_status(new.status, self.service_account, self.now);
        self.insert_item(inspection)
    }
}

impl Item for Inspection {
    const KIND: Kind = Kind::Inspection;
    const LIST: &'static str = "inspections";
    const TIMES: &'static [&'static str] = &["created_at", "updated_at", "closed_at"];

    fn kept(company: &Company) -> &Items<Self> {
        &company.inspections
    }

    fn kept_mut(company: &mut Company) -> &mut Items<Self> {
        &mut company.inspections
    }

    fn id(&self) -> u64 {
        self.id
    }

    fn project(&self) -> u64 {
        self.project
    }

    fn number(&self) -> String {
        self.number.to_string()
    }

    fn title(&self) -> &str {
        &self.name
    }

    fn status(&self) -> &str {
        self.status.name()
    }

    fn is_open(&self) -> bool {
        self.status != InspectionStatus::Closed
    }

    fn holders(&self) -> Vec<(HeldAs, u64)> {
        let inspectors = self.inspectors.iter().map(|id| (HeldAs::Inspector, *id));
        inspectors.chain(self.point_of_contact.map(|id| (HeldAs::PointOfContact, id))).collect()
    }

    /// Whoever made it and whoever closed it are not among them: nobody gives these places to anybody.
    fn people(&self) -> BTreeSet<u64> {
        let others = self.inspectors.iter().chain(&self.distribution);
        others.chain(&self.point_of_contact).copied().collect()
    }

    fn touch(&mut self, now: Timestamp) {
        self.updated_at = now;
    }
}
