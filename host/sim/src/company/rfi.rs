//! RFIs: questions that somebody must answer, and the rules for who may hold one.
//!
//! An RFI keeps its people whatever becomes of them: deactivating a user or taking one off a project changes no RFI.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::holding::{HeldAs, Kind};
use super::ids::Space;
use super::item::{Item, Items, kept_in};
use super::tool::Tool;
use super::{Company, Invalid, Level, User};

/// How far an RFI has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RfiStatus {
    /// Not asked yet.
    Draft,
    /// Asked.
    Open,
    /// Answered and accepted.
    Closed,
    /// Closed without ever having been asked.
    ClosedDraft,
    /// Closed and asked anew in another RFI.
    ClosedWithRevision,
}

impl RfiStatus {
    /// Every status there is.
    pub const ALL: [Self; 5] =
        [Self::Draft, Self::Open, Self::Closed, Self::ClosedDraft, Self::ClosedWithRevision];

    /// Returns the status as Procore names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Open => "open",
            Self::Closed => "closed",
            Self::ClosedDraft => "closed_draft",
            Self::ClosedWithRevision => "closed_with_revision",
        }
    }

    /// Returns whether nobody has to do anything any more.
    pub fn is_closed(self) -> bool {
        !matches!(self, Self::Draft | Self::Open)
    }
}

/// Who has to act on an open RFI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Court {
    /// Those who were asked.
    Assignees,
    /// The one who asked them.
    Manager,
}

/// A request for information.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rfi {
    /// The id.
    pub id: u64,
    /// The project.
    pub project: u64,
    /// The number within the project.
    pub number: String,
    /// What it is about.
    pub subject: String,
    /// The id of its question.
    pub question_id: u64,
    /// What is asked.
    pub question: String,
    /// How far it has come.
    pub status: RfiStatus,
    /// Who sees to it that it is answered.
    pub manager: u64,
    /// Who is asked, in order.
    pub assignees: Vec<u64>,
    /// Those assignees who must answer.
    pub required: BTreeSet<u64>,
    /// Who has to act while it is open.
    pub court: Court,
    /// Who wanted to know.
    pub received_from: Option<u64>,
    /// The vendor whose work it is about.
    pub responsible_contractor: Option<u64>,
    /// Who is kept informed.
    pub distribution: Vec<u64>,
    /// When the answer is due.
    pub due_date: Option<Date>,
    /// What it refers to.
    pub reference: Option<String>,
    /// The drawing that it refers to.
    pub drawing_number: Option<String>,
    /// Whether only those involved see it.
    pub private: bool,
    /// Who made it.
    pub created_by: u64,
    /// When it was asked.
    pub initiated_at: Option<Timestamp>,
    /// When it was closed.
    pub time_resolved: Option<Timestamp>,
    /// When the record was made.
    pub created_at: Timestamp,
    /// When the record was last changed.
    pub updated_at: Timestamp,
}

impl Rfi {
    /// Returns who has to act, nobody once it is closed.
    pub fn ball_in_court(&self) -> Vec<u64> {
        match (self.status, self.court) {
            (RfiStatus::Open, Court::Assignees) if !self.assignees.is_empty() => self.assignees.clone(),
            (RfiStatus::Open | RfiStatus::Draft, _) => vec![self.manager],
            _ => Vec::new(),
        }
    }

    /// Returns whether the RFI names a user in any place.
    pub(crate) fn names(&self, user: u64) -> bool {
        self.people().contains(&user)
    }

    /// Returns in which role somebody has to act, as Procore names it.
    pub fn ball_in_court_role(&self) -> Option<&'static str> {
        match (self.status, self.court) {
            (RfiStatus::Open, Court::Assignees) if !self.assignees.is_empty() => Some("assignees"),
            (RfiStatus::Open | RfiStatus::Draft, _) => Some("RFI manager"),
            _ => None,
        }
    }
}

impl Item for Rfi {
    const KIND: Kind = Kind::Rfi;
    const LIST: &'static str = "rfis";
    const TIMES: &'static [&'static str] = &["created_at", "updated_at", "initiated_at", "time_resolved"];

    kept_in!(rfis);

    fn number(&self) -> String {
        self.number.clone()
    }

    fn title(&self) -> &str {
        &self.subject
    }

    fn status(&self) -> &str {
        self.status.name()
    }

    fn is_open(&self) -> bool {
        !self.status.is_closed()
    }

    /// Whoever must answer is held to be nothing but that.
    fn holders(&self) -> Vec<(HeldAs, u64)> {
        let role = |id: &u64| match self.required.contains(id) {
            true => HeldAs::RequiredAssignee,
            false => HeldAs::Assignee,
        };
        let asked = self.assignees.iter().map(|id| (role(id), *id));
        asked.chain([(HeldAs::Manager, self.manager)]).collect()
    }

    fn people(&self) -> BTreeSet<u64> {
        let others = self.assignees.iter().chain(&self.distribution).chain(&self.received_from);
        std::iter::once(self.manager).chain(others.copied()).collect()
    }
}

/// What is needed to add an RFI.
#[derive(Debug, Clone)]
pub struct NewRfi {
    /// The project.
    pub project: u64,
    /// What it is about.
    pub subject: String,
    /// How far it has come.
    pub status: RfiStatus,
    /// Who sees to it that it is answered.
    pub manager: u64,
    /// Who is asked, in order.
    pub assignees: Vec<u64>,
    /// Those assignees who must answer.
    pub required: BTreeSet<u64>,
}

impl NewRfi {
    /// Returns an open RFI, nobody being required to answer.
    pub fn open(project: u64, subject: &str, manager: u64, assignees: &[u64]) -> Self {
        Self {
            project,
            subject: subject.to_owned(),
            status: RfiStatus::Open,
            manager,
            assignees: assignees.to_vec(),
            required: BTreeSet::new(),
        }
    }
}

impl Company {
    /// Adds an RFI and returns its id. Its people need not be candidates, for they may have been when it was asked.
    pub fn add_rfi(&mut self, new: NewRfi) -> Result<u64, Invalid> {
        let id = self.ids.next(Space::Rfi);
        let number = self.rfis.count_of(new.project) + 1;
        let closed = new.status.is_closed();
        let asked = !matches!(new.status, RfiStatus::Draft | RfiStatus::ClosedDraft);
        let rfi = Rfi {
            id,
            project: new.project,
            number: number.to_string(),
            question_id: self.ids.next(Space::Question),
            question: format!("Please confirm: {}.", new.subject),
            subject: new.subject,
            status: new.status,
            manager: new.manager,
            assignees: new.assignees,
            required: new.required,
            court: Court::Assignees,
            received_from: None,
            responsible_contractor: None,
            distribution: Vec::new(),
            due_date: None,
            reference: None,
            drawing_number: None,
            private: false,
            created_by: new.manager,
            initiated_at: asked.then_some(self.now),
            time_resolved: closed.then_some(self.now),
            created_at: self.now,
            updated_at: self.now,
        };
        self.check_people(&rfi, None)?;
        self.insert_item(rfi)
    }

    /// Puts a changed RFI in the place of the one with its id. Its project can't change.
    pub fn put_rfi(&mut self, mut rfi: Rfi) -> Result<(), Invalid> {
        let before = self.rfi(rfi.id).ok_or_else(|| Invalid::unknown("id", rfi.id))?;
        if before.project != rfi.project {
            return Err(Invalid::new("project_id", "can't be changed"));
        }
        self.check_people(&rfi, Some(before))?;
        rfi.updated_at = self.now;
        self.rfis.insert(rfi);
        Ok(())
    }

    /// Returns an RFI.
    pub fn rfi(&self, id: u64) -> Option<&Rfi> {
        self.item(id)
    }

    /// Returns all RFIs in the order of their ids.
    pub fn rfis(&self) -> impl Iterator<Item = &Rfi> {
        self.items()
    }

    /// Returns the RFIs of a project in the order of their ids.
    pub fn rfis_of(&self, project: u64) -> impl Iterator<Item = &Rfi> {
        self.items_of(project)
    }

    /// Returns those who may be made assignees of a project's RFIs: active members whose template allows it.
    pub fn potential_assignees(&self, project: u64) -> impl Iterator<Item = &User> {
        self.candidates(project, Tool::Rfi, Level::Standard)
    }

    /// Returns those who may be made managers of a project's RFIs: fewer than may be assignees.
    pub fn potential_managers(&self, project: u64) -> impl Iterator<Item = &User> {
        self.candidates(project, Tool::Rfi, Level::Admin)
    }

    /// Checks what a caller makes of an RFI. Only people who are new to a place must be candidates for it, since those
    /// who hold it already stay where they are even when their login no longer works.
    pub(crate) fn check_rfi(&self, rfi: &Rfi, before: &Rfi) -> Result<(), Invalid> {
        if rfi.subject.trim().is_empty() {
            return Err(Invalid::new("subject", "can't be blank"));
        }
        let changed = (rfi.status, &rfi.assignees) != (before.status, &before.assignees);
        if changed && rfi.assignees.is_empty() && rfi.status == RfiStatus::Open {
            return Err(Invalid::new("assignees", "required"));
        }
        if rfi.required.iter().any(|id| !rfi.assignees.contains(id)) {
            return Err(Invalid::new("required_assignee_ids", "must also be present in assignee_ids"));
        }
        let level = |level| (rfi.project, Tool::Rfi, level);
        self.check_holders("assignee_ids", level(Level::Standard), &rfi.assignees, &before.assignees)?;
        self.check_holders("rfi_manager_id", level(Level::Admin), &[rfi.manager], &[before.manager])?;
        self.check_people(rfi, Some(before))
    }

    /// Checks that everybody who is new to an RFI is there.
    fn check_people(&self, rfi: &Rfi, before: Option<&Rfi>) -> Result<(), Invalid> {
        let stranger =
            |id: &&u64| !self.users.contains_key(id) && !before.is_some_and(|before| before.names(**id));
        let places: [(&'static str, &[u64]); 4] = [
            ("rfi_manager_id", &[rfi.manager]),
            ("assignee_ids", &rfi.assignees),
            ("distribution_ids", &rfi.distribution),
            ("received_from_login_information_id", rfi.received_from.as_slice()),
        ];
        for (field, people) in places {
            if let Some(id) = people.iter().find(stranger) {
                return Err(Invalid::unknown(field, *id));
            }
        }
        match rfi.responsible_contractor.filter(|id| !self.vendors.contains_key(id)) {
            Some(id) => Err(Invalid::unknown("responsible_contractor_id", id)),
            None => Ok(()),
        }
    }
}
