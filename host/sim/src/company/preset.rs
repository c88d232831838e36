//! Presets of workflows: what a project has prepared for its next workflows, which Procore's pages call configured
//! templates.
//!
//! A preset that names somebody who loses the login, the project or the permission is not valid, and no workflow can be
//! started with it, until somebody else is named (support.procore.com, "Workflow Assignments: Troubleshooting Guide").

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::holding::{HeldAs, Kind};
use super::ids::Space;
use super::item::{Item, Items};
use super::tool::Tool;
use super::workflow::{CORRESPONDENCE, uuid};
use super::{Company, Invalid, Level, User};

/// Those who have to answer in one step of the workflows to come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PresetGroup {
    /// What tells it from the other groups of the template.
    pub uuid: String,
    /// The name.
    pub name: String,
    /// Who has to answer, in order.
    pub assignees: Vec<u64>,
}

/// A preset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preset {
    /// The id.
    pub id: u64,
    /// The project.
    pub project: u64,
    /// The type of the items.
    pub tool: String,
    /// The type of correspondence, if it is for such items.
    pub subtype: Option<u64>,
    /// The id of the template of the company.
    pub template: u64,
    /// The name of the template.
    pub name: String,
    /// The last version of the template.
    pub version: u64,
    /// Whether new items take it if nobody says otherwise.
    pub default: bool,
    /// Who will see to it that the workflows go on.
    pub manager: Option<u64>,
    /// Who will have to answer, by group.
    pub groups: Vec<PresetGroup>,
    /// Whether workflows can be started with it.
    pub valid: bool,
    /// When the record was made.
    pub created_at: Timestamp,
    /// When the record was last changed.
    pub updated_at: Timestamp,
}

/// What is needed to add a preset.
#[derive(Debug, Clone)]
pub struct NewPreset {
    /// The project.
    pub project: u64,
    /// The type of the items, one of [`Company::workflow_tools`].
    pub tool: String,
    /// The type of correspondence, if it is for such items.
    pub subtype: Option<u64>,
    /// The name of the template.
    pub name: String,
    /// Who will see to it that the workflows go on.
    pub manager: Option<u64>,
    /// The groups by name, each with those who will have to answer.
    pub groups: Vec<(String, Vec<u64>)>,
}

impl NewPreset {
    /// Returns a preset for commitments with one group.
    pub fn new(project: u64, name: &str, manager: u64, assignees: &[u64]) -> Self {
        Self {
            project,
            tool: "commitments".to_owned(),
            subtype: None,
            name: name.to_owned(),
            manager: Some(manager),
            groups: vec![("Reviewers".to_owned(), assignees.to_vec())],
        }
    }

    /// Returns the same with a group more.
    pub fn with_group(mut self, name: &str, assignees: &[u64]) -> Self {
        self.groups.push((name.to_owned(), assignees.to_vec()));
        self
    }
}

impl Company {
    /// Adds a preset and returns its id. The first one of a project for a type of items is the default one.
    pub fn add_preset(&mut self, new: NewPreset) -> Result<u64, Invalid> {
        self.check_workflow_tool(&new.tool, new.subtype)?;
        let alike = |preset: &Preset| (&preset.tool, preset.subtype) == (&new.tool, new.subtype);
        let default = !self.items_of::<Preset>(new.project).any(alike);
        let groups = new.groups.into_iter().map(|(name, assignees)| {
            let uuid = uuid(0x2e, self.ids.next(Space::WorkflowGroup));
            PresetGroup { uuid, name, assignees }
        });
        let groups = groups.collect();
        let template = self.workflow_template(&new.tool, new.subtype, Some(&new.name));
        let mut preset = Preset {
            id: self.ids.next(Space::Preset),
            project: new.project,
            tool: new.tool,
            subtype: new.subtype,
            template: template.id,
            name: template.name,
            version: template.version,
            default,
            manager: new.manager,
            groups,
            valid: false,
            created_at: self.now,
            updated_at: self.now,
        };
        preset.valid = self.is_configured(&preset);
        self.insert_item(preset)
    }

    /// Names others in a preset, which is valid again if all whom it names now may be named.
    pub fn put_preset(&mut self, mut preset: Preset) -> Result<(), Invalid> {
        preset.valid = self.is_configured(&preset);
        self.put_item(preset)
    }

    /// Returns who may have to answer in workflows of a project: whoever may see its directory, or for correspondence
    /// whoever may answer it. Procore's documents say no more than that it takes the permission for the tool.
    pub fn workflow_assignees(&self, project: u64, tool: &str) -> impl Iterator<Item = &User> {
        let (tool, level) = workflow_assignee(tool);
        self.candidates(project, tool, level)
    }

    /// Returns who may see to it that workflows of a project go on: in Procore whoever has a permission of that name, here
    /// the admins of the project's directory.
    pub fn workflow_managers(&self, project: u64) -> impl Iterator<Item = &User> {
        self.candidates(project, MANAGER.0, MANAGER.1)
    }

    /// Checks that whoever is new to a preset may be named there.
    pub(crate) fn check_preset(&self, preset: &Preset, before: &Preset) -> Result<(), Invalid> {
        let (tool, level) = MANAGER;
        let place = (preset.project, tool, level);
        let [now, was] = [preset, before].map(|preset| preset.manager.as_slice());
        self.check_holders("workflow_manager_id", place, now, was)?;
        let (tool, level) = workflow_assignee(&preset.tool);
        for (now, was) in preset.groups.iter().zip(&before.groups) {
            let place = (preset.project, tool, level);
            self.check_holders("responsible_group_memberships", place, &now.assignees, &was.assignees)?;
        }
        Ok(())
    }

    /// Finds out which presets are no longer valid, after somebody has perhaps lost something.
    pub(super) fn invalidate_presets(&mut self) {
        let breaks = |preset: &&Preset| preset.valid && !self.is_configured(preset);
        let broken: Vec<Preset> = self.items::<Preset>().filter(breaks).cloned().collect();
        for preset in broken {
            self.presets.insert(Preset { valid: false, ..preset });
        }
    }

    /// Returns whether a preset has a manager and somebody in every group, all of whom may be named there.
    fn is_configured(&self, preset: &Preset) -> bool {
        let may = |id: u64, (tool, level)| self.may_hold(id, preset.project, tool, level);
        let group = |group: &PresetGroup| {
            let able = |id: &u64| may(*id, workflow_assignee(&preset.tool));
            !group.assignees.is_empty() && group.assignees.iter().all(able)
        };
        preset.manager.is_some_and(|id| may(id, MANAGER)) && preset.groups.iter().all(group)
    }
}

/// What makes somebody a manager of workflows.
const MANAGER: (Tool, Level) = (Tool::Directory, Level::Admin);

/// Returns what makes somebody an assignee of workflows of a type of items.
pub(crate) fn workflow_assignee(tool: &str) -> (Tool, Level) {
    match tool {
        CORRESPONDENCE => (Tool::Correspondence, Level::Standard),
        _ => (Tool::Directory, Level::ReadOnly),
    }
}

impl Item for Preset {
    const KIND: Kind = Kind::WorkflowTemplate;
    const LIST: &'static str = "workflow_presets";

    fn kept(company: &Company) -> &Items<Self> {
        &company.presets
    }

    fn kept_mut(company: &mut Company) -> &mut Items<Self> {
        &mut company.presets
    }

    fn id(&self) -> u64 {
        self.id
    }

    fn project(&self) -> u64 {
        self.project
    }

    fn number(&self) -> String {
        self.template.to_string()
    }

    fn title(&self) -> &str {
        &self.name
    }

    fn status(&self) -> &str {
        if self.valid { "valid" } else { "invalid" }
    }

    fn is_open(&self) -> bool {
        true
    }

    fn holders(&self) -> Vec<(HeldAs, u64)> {
        let assignees = self.groups.iter().flat_map(|group| &group.assignees);
        let manager = self.manager.map(|id| (HeldAs::Manager, id));
        assignees.map(|id| (HeldAs::StepAssignee, *id)).chain(manager).collect()
    }

    fn people(&self) -> BTreeSet<u64> {
        self.holders().into_iter().map(|(_, id)| id).collect()
    }

    fn touch(&mut self, now: Timestamp) {
        self.updated_at = now;
    }
}
