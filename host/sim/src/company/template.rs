//! Permission templates: what somebody may do with the tools of the company or of a project.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::ids::Space;
use super::{Company, Invalid};

/// How far somebody may go in a tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// The tool is hidden.
    None,
    /// May look.
    ReadOnly,
    /// May take part.
    Standard,
    /// May do everything.
    Admin,
}

impl Level {
    /// Returns the number that Procore has for it (developers.procore.com, show permission template, in its example;
    /// update managed equipment permission, in words).
    pub(crate) const fn number(self) -> u8 {
        match self {
            Self::None => 1,
            Self::ReadOnly => 2,
            Self::Standard => 3,
            Self::Admin => 4,
        }
    }
}

/// What a template is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TemplateKind {
    /// The tools of the company.
    CompanyTools,
    /// The tools of any project.
    Global,
    /// The tools of one project.
    ProjectSpecific {
        /// The project.
        project: u64,
    },
}

impl TemplateKind {
    /// Returns the kind as Procore names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::CompanyTools => "company_tools",
            Self::Global => "global",
            Self::ProjectSpecific { .. } => "project_specific",
        }
    }
}

/// Whom a template is meant for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// The company's own people.
    Internal,
    /// Everybody else.
    External,
}

/// A permission template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// The id.
    pub id: u64,
    /// The name.
    pub name: String,
    /// What it is for.
    pub kind: TemplateKind,
    /// Whom it is meant for.
    pub category: Category,
    /// The level of each tool; a tool that is not named is hidden.
    pub levels: BTreeMap<String, Level>,
    /// Single permitted actions beyond the levels, by tool.
    pub actions: BTreeMap<String, BTreeMap<String, bool>>,
    /// The templates that somebody with this one and the right to create and edit users may give to others.
    pub assignable: BTreeSet<u64>,
}

impl Template {
    /// Returns the level of a tool.
    pub fn level(&self, tool: &str) -> Level {
        self.levels.get(tool).copied().unwrap_or(Level::None)
    }

    /// Returns whether this template allows a single action beyond the levels.
    pub fn allows(&self, tool: &str, action: &str) -> bool {
        self.actions.get(tool).and_then(|actions| actions.get(action)).copied().unwrap_or(false)
    }
}

impl Company {
    /// Adds a template without single actions and returns its id.
    pub fn add_template(
        &mut self,
        name: &str,
        kind: TemplateKind,
        category: Category,
        levels: &[(&str, Level)],
    ) -> u64 {
        let id = self.ids.next(Space::Template);
        let levels = levels.iter().map(|(tool, level)| ((*tool).to_owned(), *level)).collect();
        let template = Template {
            id,
            name: name.to_owned(),
            kind,
            category,
            levels,
            actions: BTreeMap::new(),
            assignable: BTreeSet::new(),
        };
        self.templates.insert(id, template);
        id
    }

    /// Sets what a template gives in a tool. With the tool `rfi` this decides who may be assignee or manager.
    pub fn set_level(&mut self, template: u64, tool: &str, level: Level) -> Result<(), Invalid> {
        let template = self
            .templates
            .get_mut(&template)
            .ok_or_else(|| Invalid::unknown("permission_template_id", template))?;
        template.levels.insert(tool.to_owned(), level);
        self.invalidate_presets();
        Ok(())
    }

    /// Returns a template.
    pub fn template(&self, id: u64) -> Option<&Template> {
        self.templates.get(&id)
    }

    /// Returns all templates in the order of their ids.
    pub fn templates(&self) -> impl Iterator<Item = &Template> {
        self.templates.values()
    }

    /// Returns the first template with a name.
    pub fn template_by_name(&self, name: &str) -> Option<&Template> {
        self.templates.values().find(|template| template.name == name)
    }

    /// Says which templates somebody with `template` and the right to create and edit users may give to others.
    pub fn set_assignable(
        &mut self,
        template: u64,
        assignable: impl IntoIterator<Item = u64>,
    ) -> Result<(), Invalid> {
        let unknown = || Invalid::unknown("permission_template_id", template);
        self.templates.get_mut(&template).ok_or_else(unknown)?.assignable = assignable.into_iter().collect();
        Ok(())
    }

    /// Returns whether a template can be used on a project.
    pub(crate) fn fits(&self, template: u64, project: u64) -> bool {
        self.project_template(template, project).is_some()
    }

    /// Returns the template for company tools that `id` names, if it is one.
    pub(super) fn company_template(&self, id: u64) -> Option<&Template> {
        self.template(id).filter(|template| template.kind == TemplateKind::CompanyTools)
    }

    /// Returns the template that `id` names, if it can be used on `project`.
    pub(super) fn project_template(&self, id: u64, project: u64) -> Option<&Template> {
        let kinds = [TemplateKind::Global, TemplateKind::ProjectSpecific { project }];
        self.template(id).filter(|template| kinds.contains(&template.kind))
    }
}
