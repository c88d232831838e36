//! Action plans: who manages one, and who has to sign which of its items.
//!
//! Their people are named by their ids as persons, not as users, so that somebody without a login can stand in them too.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::holding::{HeldAs, Kind};
use super::ids::Space;
use super::item::{Item, Items};
use super::{Company, Invalid};

/// How far a plan has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanStatus {
    /// Not approved yet.
    Draft,
    /// Approved, and people sign.
    InProgress,
    /// Approved once, and being changed.
    InRevision,
    /// Everybody has signed.
    Completed,
}

impl PlanStatus {
    /// Every status there is.
    pub const ALL: [Self; 4] = [Self::Draft, Self::InProgress, Self::InRevision, Self::Completed];

    /// Returns the status as Procore names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::InProgress => "in_progress",
            Self::InRevision => "in_revision",
            Self::Completed => "completed",
        }
    }
}

/// Somebody of the directory, under both ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// The id as a person.
    pub id: u64,
    /// The id as a user, if the person has a login.
    pub user: Option<u64>,
}

/// An action plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionPlan {
    /// The id.
    pub id: u64,
    /// The project.
    pub project: u64,
    /// The number within the project.
    pub number: usize,
    /// What it is for.
    pub title: String,
    /// What there is to say about it.
    pub description: Option<String>,
    /// How far it has come.
    pub status: PlanStatus,
    /// Who sees to it.
    pub manager: Option<Party>,
    /// Whether only those involved see it.
    pub private: bool,
    /// What has to be done, in order.
    pub items: Vec<PlanItem>,
    /// When the record was made.
    pub created_at: Timestamp,
    /// When the record was last changed.
    pub updated_at: Timestamp,
}

/// Something that has to be done by a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanItem {
    /// The id.
    pub id: u64,
    /// What has to be done.
    pub title: String,
}

/// Somebody who has to sign an item of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanAssignee {
    /// The id of the assignment, which it keeps when it is given to somebody else.
    pub id: u64,
    /// The project.
    pub project: u64,
    /// The plan.
    pub plan: u64,
    /// The item of the plan.
    pub item: u64,
    /// What has to be done.
    pub title: String,
    /// Who has to sign.
    pub party: Party,
    /// Whether the next items wait for the signature.
    pub holding: bool,
    /// Whether it was there when the plan was approved, since when it can't be changed.
    pub locked: bool,
    /// When it was signed.
    pub signed_at: Option<Timestamp>,
    /// When the record was made.
    pub created_at: Timestamp,
    /// When the record was last changed.
    pub updated_at: Timestamp,
}

impl PlanAssignee {
    /// Returns why nobody else can be asked to sign, if it is so: `signed` or `locked`.
    pub fn settled(&self) -> Option<&'static str> {
        match (self.signed_at, self.locked) {
            (Some(_), _) => Some("signed"),
            (None, true) => Some("locked"),
            (None, false) => None,
        }
    }
}

/// What is needed to add an action plan.
#[derive(Debug, Clone)]
pub struct NewActionPlan {
    /// The project.
    pub project: u64,
    /// What it is for.
    pub title: String,
    /// How far it has come.
    pub status: PlanStatus,
    /// Who sees to it, by the id as a person.
    pub manager: Option<u64>,
}

impl NewActionPlan {
    /// Returns an approved plan without items, with a manager who is named by the id as a person.
    pub fn in_progress(project: u64, title: &str, manager: u64) -> Self {
        Self { project, title: title.to_owned(), status: PlanStatus::InProgress, manager: Some(manager) }
    }
}

/// What is needed to have somebody sign an item of a plan.
#[derive(Debug, Clone)]
pub struct NewPlanAssignee {
    /// The plan.
    pub plan: u64,
    /// What has to be done, an item that is made if the plan has none like it.
    pub item: String,
    /// Who has to sign, by the id as a person.
    pub party: u64,
    /// Whether it was there when the plan was approved.
    pub locked: bool,
    /// Whether it is signed.
    pub signed: bool,
}

impl NewPlanAssignee {
    /// Returns an assignment that is neither signed nor locked, to somebody named by the id as a person.
    pub fn open(plan: u64, item: &str, party: u64) -> Self {
        Self { plan, item: item.to_owned(), party, locked: false, signed: false }
    }
}

impl Company {
    /// Adds an action plan and returns its id.
    pub fn add_action_plan(&mut self, new: NewActionPlan) -> Result<u64, Invalid> {
        let manager = new.manager.map(|party| self.known_party("manager_id", party)).transpose()?;
        let plan = ActionPlan {
            id: self.ids.next(Space::ActionPlan),
            project: new.project,
            number: self.action_plans.count_of(new.project) + 1,
            title: new.title,
            description: None,
            status: new.status,
            manager,
            private: false,
            items: Vec::new(),
            created_at: self.now,
            updated_at: self.now,
        };
        self.insert_item(plan)
    }

    /// Has somebody sign an item of a plan and returns the id of the assignment.
    pub fn add_plan_assignee(&mut self, new: NewPlanAssignee) -> Result<u64, Invalid> {
        let party = self.known_party("party_id", new.party)?;
        let (project, item) = self.plan_item(new.plan, &new.item)?;
        let assignee = PlanAssignee {
            id: self.ids.next(Space::PlanAssignee),
            project,
            plan: new.plan,
            item,
            title: new.item,
            party,
            holding: false,
            locked: new.locked,
            signed_at: new.signed.then_some(self.now),
            created_at: self.now,
            updated_at: self.now,
        };
        self.insert_item(assignee)
    }

    /// Returns somebody of the directory by the id as a person.
    pub fn party(&self, id: u64) -> Option<Party> {
        self.person(id).map(|person| Party { id, user: person.user().map(|user| user.id) })
    }

    fn known_party(&self, field: &'static str, id: u64) -> Result<Party, Invalid> {
        self.party(id).ok_or_else(|| Invalid::unknown(field, id))
    }

    /// Returns the project of a plan and its item with a title, which is made if there is none.
    fn plan_item(&mut self, id: u64, title: &str) -> Result<(u64, u64), Invalid> {
        let plan = self.item::<ActionPlan>(id).ok_or_else(|| Invalid::unknown("plan_id", id))?;
        if let Some(item) = plan.items.iter().find(|item| item.title == title) {
            return Ok((plan.project, item.id));
        }
        let mut plan = plan.clone();
        let item = PlanItem { id: self.ids.next(Space::PlanItem), title: title.to_owned() };
        let found = (plan.project, item.id);
        plan.items.push(item);
        self.put_item(plan)?;
        Ok(found)
    }
}

impl Item for ActionPlan {
    const KIND: Kind = Kind::ActionPlan;
    const LIST: &'static str = "action_plans";

    fn kept(company: &Company) -> &Items<Self> {
        &company.action_plans
    }

    fn kept_mut(company: &mut Company) -> &mut Items<Self> {
        &mut company.action_plans
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
        &self.title
    }

    fn status(&self) -> &str {
        self.status.name()
    }

    fn is_open(&self) -> bool {
        self.status != PlanStatus::Completed
    }

    fn holders(&self) -> Vec<(HeldAs, u64)> {
        let manager = self.manager.and_then(|manager| manager.user);
        manager.map(|id| (HeldAs::Manager, id)).into_iter().collect()
    }

    fn people(&self) -> BTreeSet<u64> {
        self.manager.and_then(|manager| manager.user).into_iter().collect()
    }

    fn touch(&mut self, now: Timestamp) {
        self.updated_at = now;
    }
}

impl Item for PlanAssignee {
    const KIND: Kind = Kind::ActionPlanItem;
    const LIST: &'static str = "plan_assignees";

    fn kept(company: &Company) -> &Items<Self> {
        &company.plan_assignees
    }

    fn kept_mut(company: &mut Company) -> &mut Items<Self> {
        &mut company.plan_assignees
    }

    fn id(&self) -> u64 {
        self.id
    }

    fn project(&self) -> u64 {
        self.project
    }

    fn number(&self) -> String {
        self.item.to_string()
    }

    fn title(&self) -> &str {
        &self.title
    }

    fn status(&self) -> &str {
        self.settled().unwrap_or("unsigned")
    }

    /// What is locked waits for its signature too.
    fn is_open(&self) -> bool {
        self.signed_at.is_none()
    }

    fn holders(&self) -> Vec<(HeldAs, u64)> {
        self.party.user.map(|id| (HeldAs::Assignee, id)).into_iter().collect()
    }

    fn people(&self) -> BTreeSet<u64> {
        self.party.user.into_iter().collect()
    }

    fn touch(&mut self, now: Timestamp) {
        self.updated_at = now;
    }
}
