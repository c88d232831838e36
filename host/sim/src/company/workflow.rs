//! Workflows that run: an item goes from step to step, and in each somebody has to answer.
//!
//! Whoever is named in the current step and loses the login or the project stops the workflow, until somebody is added who
//! can act (support.procore.com, "Workflow Assignments: Troubleshooting Guide").

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::holding::{HeldAs, Kind};
use super::ids::Space;
use super::item::{Item, Items};
use super::{Company, Invalid};

/// A kind of item that workflows are for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkflowTool {
    /// The name, as people read it.
    pub name: String,
    /// The type, which every question about workflows has to name.
    pub kind: &'static str,
    /// The type of correspondence, of which each has workflows of its own.
    pub subtype: Option<u64>,
    /// Whether its items belong to the company and not to a project.
    pub of_company: bool,
}

/// The type under which workflows of all types of correspondence run.
pub(crate) const CORRESPONDENCE: &str = "correspondence";

/// The other types. Procore's reference names none; these are its words for the tools.
const TOOLS: [(&str, &str, bool); 5] = [
    ("Commitments", "commitments", false),
    ("Commitment Change Orders", "commitment_change_orders", false),
    ("Prime Contracts", "prime_contracts", false),
    ("Subcontractor Invoices", "subcontractor_invoices", false),
    ("Funding", "funding", true),
];

/// Somebody who was added to a step while it ran.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddedAssignee {
    /// The user.
    pub user: u64,
    /// Whether the step waits for the answer.
    pub required: bool,
    /// Why the user was added, as Procore names it.
    pub reason: String,
    /// What there was to say about it.
    pub comment: Option<String>,
}

/// A step of a workflow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkflowStep {
    /// The id of its one occurrence.
    pub id: u64,
    /// What tells it from the other steps of the template.
    pub uuid: String,
    /// The name.
    pub name: String,
    /// What tells those who have to answer in it from the other groups of the template.
    pub group: String,
    /// Who has to answer, in order.
    pub assignees: Vec<u64>,
    /// Who was added while it ran.
    pub added: Vec<AddedAssignee>,
}

impl WorkflowStep {
    /// Returns everybody who has to answer, each once.
    pub fn people(&self) -> Vec<u64> {
        let mut people = self.assignees.clone();
        for added in &self.added {
            if !people.contains(&added.user) {
                people.push(added.user);
            }
        }
        people
    }
}

/// A workflow that runs or has run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workflow {
    /// The id.
    pub id: u64,
    /// The project.
    pub project: u64,
    /// The type of the item.
    pub tool: String,
    /// The type of correspondence, if it is such an item.
    pub subtype: Option<u64>,
    /// The item.
    pub item: u64,
    /// The version of the template that it was made from.
    pub version: u64,
    /// Who sees to it that it goes on.
    pub manager: Option<u64>,
    /// Its steps, in order.
    pub steps: Vec<WorkflowStep>,
    /// The index of the step that runs.
    pub current: usize,
    /// Whether it can't go on, because somebody in the current step can't act and nobody was added who can.
    pub stopped: bool,
    /// When it was started.
    pub started_at: Timestamp,
    /// When it ended; it is active as long as this is missing.
    pub ended_at: Option<Timestamp>,
    /// When the record was last changed.
    pub updated_at: Timestamp,
}

impl Workflow {
    /// Returns the step that runs, none once the workflow has ended.
    pub fn step(&self) -> Option<&WorkflowStep> {
        self.steps.get(self.current).filter(|_| self.ended_at.is_none())
    }
}

/// What is needed to start a workflow.
#[derive(Debug, Clone)]
pub struct NewWorkflow {
    /// The project.
    pub project: u64,
    /// The type of the item, one of [`Company::workflow_tools`].
    pub tool: String,
    /// The type of correspondence, if it is such an item.
    pub subtype: Option<u64>,
    /// Who sees to it that it goes on.
    pub manager: Option<u64>,
    /// The steps by name, each with those who have to answer.
    pub steps: Vec<(String, Vec<u64>)>,
    /// The index of the step that runs.
    pub current: usize,
    /// Whether it has ended.
    pub ended: bool,
}

impl NewWorkflow {
    /// Returns an active workflow of commitments with one step.
    pub fn active(project: u64, manager: u64, assignees: &[u64]) -> Self {
        Self {
            project,
            tool: "commitments".to_owned(),
            subtype: None,
            manager: Some(manager),
            steps: vec![("Review".to_owned(), assignees.to_vec())],
            current: 0,
            ended: false,
        }
    }

    /// Returns the same with a step more, which comes last.
    pub fn then(mut self, name: &str, assignees: &[u64]) -> Self {
        self.steps.push((name.to_owned(), assignees.to_vec()));
        self
    }
}

impl Company {
    /// Returns the kinds of items that workflows are for: the usual ones, and each type of correspondence.
    pub fn workflow_tools(&self) -> Vec<WorkflowTool> {
        let usual = TOOLS.into_iter().map(|(name, kind, of_company)| WorkflowTool {
            name: name.to_owned(),
            kind,
            subtype: None,
            of_company,
        });
        let letters = self.correspondence_types().map(|kind| WorkflowTool {
            name: kind.title.clone(),
            kind: CORRESPONDENCE,
            subtype: Some(kind.id),
            of_company: false,
        });
        usual.chain(letters).collect()
    }

    /// Starts a workflow for an item that is not there otherwise, and returns its id. One whose current step names somebody
    /// who can't act is stopped.
    pub fn add_workflow(&mut self, new: NewWorkflow) -> Result<u64, Invalid> {
        self.check_workflow_tool(&new.tool, new.subtype)?;
        if new.steps.get(new.current).is_none() {
            return Err(Invalid::unknown("current_step", new.current as u64));
        }
        let version = self.workflow_template(&new.tool, new.subtype, None).version;
        let mut steps = Vec::new();
        for (name, assignees) in new.steps {
            let id = self.ids.next(Space::WorkflowStep);
            let [uuid, group] = [0x51, 0x6a].map(|kind| uuid(kind, id));
            steps.push(WorkflowStep { id, uuid, name, group, assignees, added: Vec::new() });
        }
        let mut workflow = Workflow {
            id: self.ids.next(Space::Workflow),
            project: new.project,
            tool: new.tool,
            subtype: new.subtype,
            item: self.ids.next(Space::WorkflowItem),
            version,
            manager: new.manager,
            steps,
            current: new.current,
            stopped: false,
            started_at: self.now,
            ended_at: new.ended.then_some(self.now),
            updated_at: self.now,
        };
        let unable = |id: &u64| !self.can_act(*id, workflow.project);
        workflow.stopped = workflow.step().is_some_and(|step| step.assignees.iter().any(unable));
        self.insert_item(workflow)
    }

    /// Adds people to the step of a workflow that runs. A stopped workflow goes on if one of them can act.
    pub fn add_step_assignees(&mut self, id: u64, added: Vec<AddedAssignee>) -> Result<(), Invalid> {
        let workflow = self.item::<Workflow>(id).ok_or_else(|| Invalid::unknown("id", id))?;
        let step = workflow.step().ok_or_else(|| Invalid::new("step_occurrence_id", "has ended"))?;
        let mut people = step.people();
        for AddedAssignee { user, .. } in &added {
            if people.contains(user) {
                return Err(Invalid::new("assignee_ids", format!("{user} is an assignee already")));
            }
            people.push(*user);
        }
        let mut workflow = workflow.clone();
        workflow.stopped &= !added.iter().any(|added| self.can_act(added.user, workflow.project));
        if let Some(step) = workflow.steps.get_mut(workflow.current) {
            step.added.extend(added);
        }
        self.put_item(workflow)
    }

    /// Returns whether a user can act in a project at all: an active login and a membership.
    pub(super) fn can_act(&self, user: u64, project: u64) -> bool {
        self.user(user).is_some_and(|user| user.active) && self.membership(user, project).is_some()
    }

    /// Lets workflows and presets see that a user has perhaps lost the login, a project or a permission.
    pub(super) fn unsettle(&mut self, user: u64) {
        self.stop_workflows(user);
        self.invalidate_presets();
    }

    /// Stops the workflows whose current step names a user who has just lost the login or a project, unless somebody was
    /// added to the step who can act.
    fn stop_workflows(&mut self, user: u64) {
        let stops = |workflow: &&Workflow| {
            let stands_in = |added: &AddedAssignee| self.can_act(added.user, workflow.project);
            let step = workflow.step().filter(|step| step.people().contains(&user));
            !self.can_act(user, workflow.project)
                && step.is_some_and(|step| !step.added.iter().any(stands_in))
        };
        let stopped: Vec<Workflow> = self.items::<Workflow>().filter(stops).cloned().collect();
        for workflow in stopped {
            self.workflows.insert(Workflow { stopped: true, ..workflow });
        }
    }

    /// Checks that items of projects can have workflows of such a type.
    pub(super) fn check_workflow_tool(&self, tool: &str, subtype: Option<u64>) -> Result<(), Invalid> {
        let mut tools = self.workflow_tools().into_iter().filter(|known| !known.of_company);
        if tools.any(|known| known.kind == tool && known.subtype == subtype) {
            Ok(())
        } else {
            Err(Invalid::new("tool_type", "is not a tool with workflows of projects"))
        }
    }
}

/// Returns something that looks like a UUID, different for each kind and id.
pub(super) fn uuid(kind: u8, id: u64) -> String {
    format!("{kind:02x}d81f30-7c4e-4b9a-a{kind:03x}-{id:012x}")
}

impl Item for Workflow {
    const KIND: Kind = Kind::Workflow;
    const LIST: &'static str = "workflows";
    const TIMES: &'static [&'static str] = &["started_at", "updated_at"];

    fn kept(company: &Company) -> &Items<Self> {
        &company.workflows
    }

    fn kept_mut(company: &mut Company) -> &mut Items<Self> {
        &mut company.workflows
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
        self.steps.get(self.current).map_or(&self.tool, |step| &step.name)
    }

    fn status(&self) -> &str {
        match (self.ended_at, self.stopped) {
            (Some(_), _) => "ended",
            (None, true) => "stopped",
            (None, false) => "active",
        }
    }

    fn is_open(&self) -> bool {
        self.ended_at.is_none()
    }

    /// Those of other steps hold nothing yet, or no more: only the step that runs can be changed.
    fn holders(&self) -> Vec<(HeldAs, u64)> {
        let people = self.step().map(WorkflowStep::people).unwrap_or_default();
        let manager = self.manager.map(|id| (HeldAs::Manager, id));
        people.into_iter().map(|id| (HeldAs::StepAssignee, id)).chain(manager).collect()
    }

    fn people(&self) -> BTreeSet<u64> {
        self.steps.iter().flat_map(WorkflowStep::people).chain(self.manager).collect()
    }

    fn touch(&mut self, now: Timestamp) {
        self.updated_at = now;
    }
}
