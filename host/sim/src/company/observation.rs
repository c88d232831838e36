//! Observations: what somebody has seen on site and somebody else has to see to.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::holding::{HeldAs, Kind};
use super::ids::Space;
use super::item::{Item, Items, kept_in};
use super::{Company, Invalid};

/// The types that observations have, with their categories.
pub(crate) const OBSERVATION_TYPES: [(&str, &str); 6] = [
    ("Safety Violation", "Safety"),
    ("Housekeeping", "Safety"),
    ("Deficiency", "Quality"),
    ("Functional Test", "Commissioning"),
    ("Warranty Claim", "Warranty"),
    ("Incomplete Work", "Work to Complete"),
];

/// The priorities that observations can have.
pub(crate) const OBSERVATION_PRIORITIES: [&str; 4] = ["Low", "Medium", "High", "Urgent"];

/// How far an observation has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ObservationStatus {
    /// Somebody was told.
    Initiated,
    /// It is said to be done.
    ReadyForReview,
    /// It is not done well.
    NotAccepted,
    /// It is done.
    Closed,
}

impl ObservationStatus {
    /// Every status, in the order of the numbers that filters have for them (`RestV10ObservationsItemsGet`).
    pub const ALL: [Self; 4] = [Self::Initiated, Self::ReadyForReview, Self::NotAccepted, Self::Closed];

    /// Returns the status as Procore names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Initiated => "initiated",
            Self::ReadyForReview => "ready_for_review",
            Self::NotAccepted => "not_accepted",
            Self::Closed => "closed",
        }
    }
}

/// An observation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observation {
    /// The id.
    pub id: u64,
    /// The project.
    pub project: u64,
    /// The number within the project.
    pub number: String,
    /// What was seen.
    pub name: String,
    /// More of it.
    pub description: Option<String>,
    /// The name of its type.
    pub kind: String,
    /// How far it has come.
    pub status: ObservationStatus,
    /// How much it matters.
    pub priority: String,
    /// Who has to see to it.
    pub assignee: Option<u64>,
    /// Who is kept informed.
    pub distribution: Vec<u64>,
    /// When it is due.
    pub due_date: Option<Date>,
    /// Whether only those involved see it.
    pub personal: bool,
    /// Who made it.
    pub created_by: u64,
    /// When the assignee was told.
    pub notified_at: Option<Timestamp>,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// When the record was made.
    pub created_at: Timestamp,
    /// When the record was last changed.
    pub updated_at: Timestamp,
}

impl Item for Observation {
    const KIND: Kind = Kind::Observation;
    const LIST: &'static str = "observations";
    const TIMES: &'static [&'static str] = &["created_at", "updated_at", "notified_at", "closed_at"];

    kept_in!(observations);

    fn number(&self) -> String {
        self.number.clone()
    }

    fn title(&self) -> &str {
        &self.name
    }

    fn status(&self) -> &str {
        self.status.name()
    }

    fn is_open(&self) -> bool {
        self.status != ObservationStatus::Closed
    }

    fn holders(&self) -> Vec<(HeldAs, u64)> {
        self.assignee.into_iter().map(|id| (HeldAs::Assignee, id)).collect()
    }

    fn people(&self) -> BTreeSet<u64> {
        let others = self.assignee.iter().chain(&self.distribution);
        others.copied().chain([self.created_by]).collect()
    }
}

/// What is needed to add an observation.
#[derive(Debug, Clone)]
pub struct NewObservation {
    /// The project.
    pub project: u64,
    /// What was seen.
    pub name: String,
    /// How far it has come.
    pub status: ObservationStatus,
    /// Who has to see to it.
    pub assignee: Option<u64>,
}

impl NewObservation {
    /// Returns one that somebody was just told of.
    pub fn open(project: u64, name: &str, assignee: u64) -> Self {
        let status = ObservationStatus::Initiated;
        Self { project, name: name.to_owned(), status, assignee: Some(assignee) }
    }
}

impl Company {
    /// Adds an observation of the first type and returns its id. Its people need not be candidates, for they may have
    /// been when it was made.
    pub fn add_observation(&mut self, new: NewObservation) -> Result<u64, Invalid> {
        for (name, _) in OBSERVATION_TYPES {
            self.label(name);
        }
        let observation = Observation {
            id: self.ids.next(Space::Observation),
            project: new.project,
            number: (self.observations.count_of(new.project) + 1).to_string(),
            name: new.name,
            description: None,
            kind: OBSERVATION_TYPES.map(|(name, _)| name).first().copied().unwrap_or_default().to_owned(),
            status: new.status,
            priority: OBSERVATION_PRIORITIES.first().copied().unwrap_or_default().to_owned(),
            assignee: new.assignee,
            distribution: Vec::new(),
            due_date: None,
            personal: false,
            created_by: self.service_account,
            notified_at: Some(self.now),
            closed_at: Some(self.now).filter(|_| new.status == ObservationStatus::Closed),
            created_at: self.now,
            updated_at: self.now,
        };
        self.insert_item(observation)
    }

    /// Returns the type of observations that has an id.
    pub(crate) fn observation_type(&self, id: u64) -> Option<&'static str> {
        let mut names = OBSERVATION_TYPES.into_iter().map(|(name, _)| name);
        names.find(|name| self.label_id(name) == Some(id))
    }
}
