//! Templates of workflows: what the company lets its projects set up as presets.
//!
//! One that is archived can't be set up any more, and what was set up and started with it stays. A published one can't be deleted
//! (support.procore.com, "Delete a Custom Workflow Template Draft").

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ids::Space;
use super::{Company, Invalid, Preset};

/// A template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkflowTemplate {
    /// The id.
    pub id: u64,
    /// The name.
    pub name: String,
    /// The type of the items.
    pub tool: String,
    /// The type of correspondence, if it is for such items.
    pub subtype: Option<u64>,
    /// Its only version.
    pub version: u64,
    /// When it was archived; it is in use as long as this is missing.
    pub archived_at: Option<Timestamp>,
    /// When the record was made.
    pub created_at: Timestamp,
    /// When the record was last changed.
    pub updated_at: Timestamp,
}

impl Company {
    /// Returns the templates of workflows, sorted by id, those that are archived among them.
    pub fn workflow_templates(&self) -> impl Iterator<Item = &WorkflowTemplate> {
        self.workflow_templates.values()
    }

    /// Adds a template for items of a type, one of [`Company::workflow_tools`] of projects, and returns its id.
    pub fn add_workflow_template(
        &mut self,
        tool: &str,
        subtype: Option<u64>,
        name: &str,
    ) -> Result<u64, Invalid> {
        self.check_workflow_tool(tool, subtype)?;
        Ok(self.insert_workflow_template(tool, subtype, name).id)
    }

    /// Archives a template. Presets and workflows that were made with it stay as they are.
    pub fn archive_workflow_template(&mut self, id: u64) -> Result<(), Invalid> {
        let template = self.workflow_templates.get_mut(&id).ok_or_else(|| Invalid::unknown("id", id))?;
        template.archived_at = Some(self.now);
        template.updated_at = self.now;
        Ok(())
    }

    /// Returns how many projects have set up a template.
    pub(crate) fn projects_with(&self, template: &WorkflowTemplate) -> usize {
        let presets = self.items::<Preset>().filter(|preset| preset.template == template.id);
        presets.map(|preset| preset.project).collect::<BTreeSet<u64>>().len()
    }

    /// Returns the template for items of a type that has a name, or the first one for such items, whatever it is called. It is
    /// made if there is none.
    pub(super) fn workflow_template(
        &mut self,
        tool: &str,
        subtype: Option<u64>,
        name: Option<&str>,
    ) -> WorkflowTemplate {
        let fits = |template: &&WorkflowTemplate| {
            (template.tool.as_str(), template.subtype) == (tool, subtype)
                && name.is_none_or(|name| template.name == name)
        };
        if let Some(found) = self.workflow_templates.values().find(fits) {
            return found.clone();
        }
        self.insert_workflow_template(tool, subtype, name.unwrap_or("Review"))
    }

    fn insert_workflow_template(&mut self, tool: &str, subtype: Option<u64>, name: &str) -> WorkflowTemplate {
        let template = WorkflowTemplate {
            id: self.ids.next(Space::WorkflowTemplate),
            name: name.to_owned(),
            tool: tool.to_owned(),
            subtype,
            version: self.ids.next(Space::WorkflowVersion),
            archived_at: None,
            created_at: self.now,
            updated_at: self.now,
        };
        self.workflow_templates.insert(template.id, template.clone());
        template
    }
}
