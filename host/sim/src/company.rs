//! The state of the simulated company: its people, vendors, templates, projects, memberships, groups and items.
//!
//! Everything that HTTP callers see comes from here, and tests build special situations with the same methods. The state
//! holds what Procore would hold and nothing of a caller, a token or a clock: the time that changes are stamped with is
//! given by [`Company::set_time`]. Invariants: an e-mail address belongs to one user; memberships and items name only
//! users and projects that exist; only the dialect that knows deletion deletes anybody, and items may outlive that.

mod action_plan;
mod approver;
mod batch;
mod contact;
mod coordination;
mod correspondence;
mod distribution;
mod export;
mod fixture;
mod holding;
mod ids;
mod inspection;
mod invalid;
mod item;
mod mail;
mod meeting;
mod membership;
mod observation;
mod orphan;
mod person;
mod preset;
mod project;
mod punch;
mod rfi;
mod service;
mod standard;
mod submittal;
mod task;
mod template;
mod tool;
mod user;
mod vendor;
mod workflow;
mod workflow_template;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use action_plan::{
    ActionPlan, NewActionPlan, NewPlanAssignee, Party, PlanAssignee, PlanItem, PlanStatus,
};
pub use approver::{SubmittalApprover, SubmittalResponse};
pub use contact::{Contact, ContactMembership};
pub use coordination::{CoordinationIssue, IssueStatus, NewCoordinationIssue, Reassignment};
pub use correspondence::{
    Correspondence, CorrespondenceStatus, CorrespondenceType, NewCorrespondence, StatusType,
};
pub use distribution::DistributionGroup;
pub use fixture::FixtureError;
pub use holding::{HeldAs, Holding, Kind};
pub use inspection::{Inspection, InspectionStatus, NewInspection};
pub use invalid::Invalid;
pub use item::{Item, Items};
pub use mail::Mail;
pub use meeting::{Meeting, MeetingCategory, MeetingTopic, NewMeeting, NewMeetingTopic, TopicStatus};
pub use membership::{Membership, NewMembership};
pub use observation::{NewObservation, Observation, ObservationStatus};
pub use preset::{NewPreset, Preset, PresetGroup};
pub use project::{NewProject, Project};
pub use punch::{NewPunchItem, PunchAssignment, PunchItem, PunchResponse, PunchStatus};
pub use rfi::{Court, NewRfi, Rfi, RfiStatus};
pub use submittal::{NewSubmittal, Submittal, SubmittalStatus};
pub use task::{NewTask, Task, TaskStatus};
pub use template::{Category, Level, Template, TemplateKind};
pub use tool::Tool;
pub(crate) use user::initials;
pub use user::{NewUser, User};
pub use vendor::Vendor;
pub use workflow::{AddedAssignee, NewWorkflow, Workflow, WorkflowStep, WorkflowTool};
pub use workflow_template::WorkflowTemplate;

pub(crate) use approver::Wanted;
pub(crate) use batch::{Outcome, Row};
pub(crate) use coordination::{ISSUE_PRIORITIES, ISSUE_TITLE_MAX, ISSUE_TYPES};
pub(crate) use item::Shown;
pub(crate) use observation::{OBSERVATION_PRIORITIES, OBSERVATION_TYPES};
pub(crate) use person::Person;
pub(crate) use preset::workflow_assignee;
pub(crate) use submittal::SUBMITTAL_TYPES;
pub(crate) use task::TASK_CATEGORIES;
pub(crate) use workflow::CORRESPONDENCE;

use batch::Batch;
use ids::{Ids, Space};
use mail::Invitation;

/// Beyond 32 bits, as the ids of accounts in Procore's newer zones are.
const COMPANY_ID: u64 = 562_949_953_425_831;
/// 2026-01-05 09:00 UTC, the time of a company that nobody has given another.
const FOUNDED: Timestamp = Timestamp::constant(1_767_603_600, 0);

/// The simulated company with all that is in it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Company {
    id: u64,
    name: String,
    connected: bool,
    #[serde(skip)]
    memberships_touch_users: bool,
    now: Timestamp,
    ids: Ids,
    own_vendor: u64,
    service_account: u64,
    #[serde(with = "fixture")]
    users: BTreeMap<u64, User>,
    #[serde(with = "fixture")]
    vendors: BTreeMap<u64, Vendor>,
    #[serde(with = "fixture")]
    templates: BTreeMap<u64, Template>,
    #[serde(with = "fixture")]
    projects: BTreeMap<u64, Project>,
    /// The tools that are off, by project.
    #[serde(default)]
    tools_off: BTreeSet<(u64, Tool)>,
    rfis: Items<Rfi>,
    #[serde(default, with = "fixture")]
    meetings: BTreeMap<u64, Meeting>,
    #[serde(default)]
    meeting_topics: Items<MeetingTopic>,
    #[serde(default)]
    inspections: Items<Inspection>,
    #[serde(default, with = "fixture")]
    correspondence_types: BTreeMap<u64, CorrespondenceType>,
    #[serde(default)]
    correspondence: Items<Correspondence>,
    #[serde(default)]
    action_plans: Items<ActionPlan>,
    #[serde(default)]
    plan_assignees: Items<PlanAssignee>,
    #[serde(default)]
    workflows: Items<Workflow>,
    #[serde(default, with = "fixture")]
    workflow_templates: BTreeMap<u64, WorkflowTemplate>,
    #[serde(default)]
    presets: Items<Preset>,
    #[serde(default)]
    observations: Items<Observation>,
    #[serde(default)]
    tasks: Items<Task>,
    #[serde(default)]
    coordination_issues: Items<CoordinationIssue>,
    #[serde(default)]
    punch_items: Items<PunchItem>,
    #[serde(default)]
    submittals: Items<Submittal>,
    /// By project and user.
    #[serde(with = "fixture")]
    memberships: BTreeMap<(u64, u64), Membership>,
    #[serde(with = "fixture")]
    contacts: BTreeMap<u64, Contact>,
    /// By project and contact.
    #[serde(with = "fixture")]
    contact_memberships: BTreeMap<(u64, u64), ContactMembership>,
    #[serde(with = "fixture")]
    distribution_groups: BTreeMap<u64, DistributionGroup>,
    /// By user, oldest first.
    invitations: BTreeMap<u64, Vec<Invitation>>,
    #[serde(with = "fixture")]
    batches: BTreeMap<String, Batch>,
    /// Users by their ids as persons.
    #[serde(skip)]
    users_by_party: BTreeMap<u64, u64>,
    /// Users by address in lower case.
    #[serde(default)]
    emails: BTreeMap<String, u64>,
    /// The same pairs as in `memberships`, by user and project.
    #[serde(skip)]
    projects_by_user: BTreeSet<(u64, u64)>,
    /// The ids of what has only a name: stages, types, regions, programs and trades.
    labels: BTreeMap<String, u64>,
}

impl Company {
    /// Makes a company with the standard permission templates, its own vendor record and a service account, and nobody
    /// and nothing else.
    pub fn new(name: &str) -> Self {
        let mut company = Self {
            id: COMPANY_ID,
            name: name.to_owned(),
            connected: true,
            memberships_touch_users: false,
            now: FOUNDED,
            ids: Ids::default(),
            own_vendor: 0,
            service_account: 0,
            users: BTreeMap::new(),
            vendors: BTreeMap::new(),
            templates: BTreeMap::new(),
            projects: BTreeMap::new(),
            tools_off: BTreeSet::new(),
            rfis: Items::default(),
            meetings: BTreeMap::new(),
            meeting_topics: Items::default(),
            inspections: Items::default(),
            correspondence_types: BTreeMap::new(),
            correspondence: Items::default(),
            action_plans: Items::default(),
            plan_assignees: Items::default(),
            workflows: Items::default(),
            workflow_templates: BTreeMap::new(),
            presets: Items::default(),
            observations: Items::default(),
            tasks: Items::default(),
            coordination_issues: Items::default(),
            punch_items: Items::default(),
            submittals: Items::default(),
            memberships: BTreeMap::new(),
            contacts: BTreeMap::new(),
            contact_memberships: BTreeMap::new(),
            distribution_groups: BTreeMap::new(),
            invitations: BTreeMap::new(),
            batches: BTreeMap::new(),
            users_by_party: BTreeMap::new(),
            emails: BTreeMap::new(),
            projects_by_user: BTreeSet::new(),
            labels: BTreeMap::new(),
        };
        standard::add_templates(&mut company);
        company.own_vendor = company.add_vendor(name, None);
        company.service_account = company.insert_service_account();
        company
    }

    /// Returns the id of the company.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// Returns the name of the company.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the time that changes are stamped with.
    pub fn time(&self) -> Timestamp {
        self.now
    }

    /// Sets the time that changes are stamped with, which is cut to whole seconds as Procore shows them. A running
    /// simulator does so before every change. What Procore does in the background goes on with it.
    pub fn set_time(&mut self, now: Timestamp) {
        self.now = Timestamp::from_second(now.as_second()).unwrap_or(now);
        self.work_batches();
    }

    /// Returns whether the app is connected to the company.
    pub fn is_connected(&self) -> bool {
        self.connected
    }

    /// Connects the app to the company, or takes it away, upon which nearly every call is refused with 403.
    pub fn set_connected(&mut self, connected: bool) {
        self.connected = connected;
    }

    /// Says whether a user's record changes when the user joins or leaves a project. Nobody knows whether Procore's does.
    pub(crate) fn set_memberships_touch_users(&mut self, touch: bool) {
        self.memberships_touch_users = touch;
    }

    /// Returns the vendor that is the company itself.
    pub fn own_vendor(&self) -> u64 {
        self.own_vendor
    }

    /// Returns the user that calls with the app's credentials act as.
    pub fn service_account(&self) -> u64 {
        self.service_account
    }

    /// Returns the id of something that has only a name, such as a stage.
    pub(crate) fn label_id(&self, name: &str) -> Option<u64> {
        self.labels.get(name).copied()
    }

    fn label(&mut self, name: &str) {
        if !self.labels.contains_key(name) {
            let id = self.ids.next(Space::Label);
            self.labels.insert(name.to_owned(), id);
        }
    }
}

#[cfg(test)]
mod tests;
