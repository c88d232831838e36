//! Submittals: what is submitted for approval, who manages it, and who has to approve it step by step.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::approver::{SubmittalApprover, SubmittalResponse};
use super::holding::{HeldAs, Kind};
use super::ids::Space;
use super::item::{Item, Items, kept_in};
use super::{Company, Invalid};

/// The types that submittals can have.
pub(crate) const SUBMITTAL_TYPES: [&str; 5] =
    ["Shop Drawing", "Product Information", "Sample", "Certificate", "Warranty"];

/// How far a submittal has come, as the company calls it. What counts is the kind of a status and not its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubmittalStatus {
    /// Nobody was asked yet.
    Draft,
    /// Somebody was asked.
    Open,
    /// The same, under another name.
    InReview,
    /// It is done.
    Closed,
    /// It is done, under another name.
    Distributed,
    /// It is not wanted any more.
    Void,
}

impl SubmittalStatus {
    /// Every status there is.
    pub const ALL: [Self; 6] =
        [Self::Draft, Self::Open, Self::InReview, Self::Closed, Self::Distributed, Self::Void];

    /// Returns the name, as people read it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Draft => "Draft",
            Self::Open => "Open",
            Self::InReview => "In Review",
            Self::Closed => "Closed",
            Self::Distributed => "Distributed",
            Self::Void => "Void",
        }
    }

    /// Returns the kind.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Draft => "Draft",
            Self::Open | Self::InReview => "Open",
            Self::Closed | Self::Distributed | Self::Void => "Closed",
        }
    }

    /// Returns whether nobody has to do anything any more.
    pub fn is_closed(self) -> bool {
        self.kind() == "Closed"
    }
}

/// A submittal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submittal {
    /// The id.
    pub id: u64,
    /// The project.
    pub project: u64,
    /// The number within the project.
    pub number: String,
    /// Which revision this is.
    pub revision: String,
    /// Whether there is none that is newer.
    pub current_revision: bool,
    /// What is submitted.
    pub title: String,
    /// More of it.
    pub description: Option<String>,
    /// How far it has come.
    pub status: SubmittalStatus,
    /// The name of its type.
    pub kind: Option<String>,
    /// Who sees to it that it is approved.
    pub manager: Option<u64>,
    /// Who has to approve it, by steps and in order.
    pub approvers: Vec<SubmittalApprover>,
    /// Who submitted it.
    pub received_from: Option<u64>,
    /// The vendor whose work it is about.
    pub responsible_contractor: Option<u64>,
    /// Who is kept informed.
    pub distribution: Vec<u64>,
    /// When it is due.
    pub due_date: Option<Date>,
    /// Whether only those involved see it.
    pub private: bool,
    /// Who made it.
    pub created_by: u64,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// When the record was made.
    pub created_at: Timestamp,
    /// When the record was last changed.
    pub updated_at: Timestamp,
}

impl Submittal {
    /// Returns the step that it is at: the first one in which somebody has to respond, or in which nobody has to and nobody
    /// did. Those who must respond hold up the step, the others don't (support.procore.com, edit a submittal response).
    pub fn current_step(&self) -> Option<u64> {
        let waits = |step: u64| {
            let here = || self.approvers.iter().filter(move |approver| approver.step == step);
            let required = here().any(|approver| approver.response_required);
            let waited = here().any(|approver| approver.response_required && approver.response.is_none());
            waited || (!required && here().all(|approver| approver.response.is_none()))
        };
        let steps: BTreeSet<u64> = self.approvers.iter().map(|approver| approver.step).collect();
        steps.into_iter().find(|step| waits(*step))
    }

    /// Returns who has to act, nobody once it is closed.
    pub fn ball_in_court(&self) -> Vec<u64> {
        let manager = || self.manager.into_iter().collect();
        match self.current_step() {
            _ if self.status.is_closed() => Vec::new(),
            Some(step) if self.status != SubmittalStatus::Draft => {
                let here = self.approvers.iter().filter(|approver| approver.step == step);
                here.filter(|approver| approver.response.is_none()).map(|approver| approver.user).collect()
            }
            _ => manager(),
        }
    }

    /// Closes it or opens it again.
    pub(crate) fn set_status(&mut self, status: SubmittalStatus, now: Timestamp) {
        self.status = status;
        self.closed_at = self.closed_at.or(Some(now)).filter(|_| status.is_closed());
    }
}

impl Item for Submittal {
    const KIND: Kind = Kind::Submittal;
    const LIST: &'static str = "submittals";
    const TIMES: &'static [&'static str] = &["created_at", "updated_at", "closed_at"];

    kept_in!(submittals);

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

    /// Whoever has responded has nothing to do any more.
    fn holders(&self) -> Vec<(HeldAs, u64)> {
        let open = self.approvers.iter().filter(|approver| approver.response.is_none());
        let asked = open.map(|approver| (HeldAs::Approver, approver.user));
        self.manager.map(|id| (HeldAs::Manager, id)).into_iter().chain(asked).collect()
    }

    fn people(&self) -> BTreeSet<u64> {
        let asked = self.approvers.iter().map(|approver| approver.user);
        let others = self.manager.into_iter().chain(self.received_from).chain([self.created_by]);
        asked.chain(others).chain(self.distribution.iter().copied()).collect()
    }
}

/// What is needed to add a submittal.
#[derive(Debug, Clone)]
pub struct NewSubmittal {
    /// The project.
    pub project: u64,
    /// What is submitted.
    pub title: String,
    /// How far it has come.
    pub status: SubmittalStatus,
    /// Who sees to it that it is approved.
    pub manager: Option<u64>,
    /// Who has to approve it, step by step. Everybody must respond.
    pub steps: Vec<Vec<u64>>,
}

impl NewSubmittal {
    /// Returns an open one that nobody has responded to.
    pub fn open(project: u64, title: &str, manager: u64, steps: &[&[u64]]) -> Self {
        Self {
            project,
            title: title.to_owned(),
            status: SubmittalStatus::Open,
            manager: Some(manager),
            steps: steps.iter().map(|step| step.to_vec()).collect(),
        }
    }
}

impl Company {
    /// Adds a submittal and returns its id. Its people need not be candidates, for they may have been when it was made.
    pub fn add_submittal(&mut self, new: NewSubmittal) -> Result<u64, Invalid> {
        let statuses = SubmittalStatus::ALL.map(SubmittalStatus::name);
        let responses = SubmittalResponse::ALL.map(SubmittalResponse::name);
        let pending = SubmittalResponse::PENDING.0;
        for name in statuses.into_iter().chain(responses).chain(SUBMITTAL_TYPES).chain([pending]) {
            self.label(name);
        }
        let mut approvers = Vec::new();
        for (step, users) in (1..).zip(&new.steps) {
            for user in users {
                approvers.push(SubmittalApprover::new(self.ids.next(Space::Approver), *user, step));
            }
        }
        let mut submittal = Submittal {
            id: self.ids.next(Space::Submittal),
            project: new.project,
            number: (self.submittals.count_of(new.project) + 1).to_string(),
            revision: "0".to_owned(),
            current_revision: true,
            title: new.title,
            description: None,
            status: new.status,
            kind: None,
            manager: new.manager,
            approvers,
            received_from: None,
            responsible_contractor: None,
            distribution: Vec::new(),
            due_date: None,
            private: false,
            created_by: new.manager.unwrap_or(self.service_account),
            closed_at: Some(self.now).filter(|_| new.status.is_closed()),
            created_at: self.now,
            updated_at: self.now,
        };
        self.send_on(&mut submittal);
        self.insert_item(submittal)
    }

    /// Returns the status of submittals that has an id.
    pub(crate) fn submittal_status(&self, id: u64) -> Option<SubmittalStatus> {
        SubmittalStatus::ALL.into_iter().find(|status| self.label_id(status.name()) == Some(id))
    }

    /// Returns the response to submittals that has an id.
    pub(crate) fn submittal_response(&self, id: u64) -> Option<SubmittalResponse> {
        SubmittalResponse::ALL.into_iter().find(|response| self.label_id(response.name()) == Some(id))
    }
}
