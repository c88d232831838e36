//! Permission templates, and what our own account may do.

use std::collections::{BTreeMap, BTreeSet};

use muster_core::directory::{AccessLevel, Template};
use muster_core::id::ProjectId;

use super::Reads;
use crate::endpoint::{rights, templates};
use crate::error::Error;

/// What our own account may do, tool by tool.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rights {
    /// The levels, by [`Self::key`].
    pub(crate) tools: BTreeMap<String, AccessLevel>,
    /// The single actions that are permitted, by the keys of tool and action.
    pub(crate) actions: BTreeSet<(String, String)>,
}

impl Rights {
    /// Returns the level on a tool, for example `directory` or `Daily Log`; [`AccessLevel::None`] for one that Procore does
    /// not list, or whose level is not understood.
    #[must_use]
    pub fn level(&self, tool: &str) -> AccessLevel {
        self.tools.get(&Self::key(tool)).copied().unwrap_or(AccessLevel::None)
    }

    /// Returns whether a single action of a tool is permitted below its level admin, for example `Create and Edit Users` of
    /// `directory`.
    #[must_use]
    pub fn permits(&self, tool: &str, action: &str) -> bool {
        self.actions.contains(&(Self::key(tool), Self::key(action)))
    }

    /// Returns the tools that Procore lists, in lower case with `_` between words, with their levels.
    pub fn tools(&self) -> impl Iterator<Item = (&str, AccessLevel)> {
        self.tools.iter().map(|(tool, level)| (tool.as_str(), *level))
    }

    /// Returns what a name is compared by: lower case, and `_` between words.
    pub(crate) fn key(name: &str) -> String {
        let words =
            name.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty());
        words.collect::<Vec<_>>().join("_").to_lowercase()
    }
}

impl Reads {
    /// Returns the permission templates for the company's own tools, with whether they give *admin* on the directory.
    ///
    /// # Errors
    ///
    /// See [`Reads`].
    pub async fn company_templates(&self) -> Result<Vec<Template>, Error> {
        templates::company(&self.client).await
    }

    /// Returns the permission templates for project tools, without what they allow.
    ///
    /// # Errors
    ///
    /// See [`Reads`].
    pub async fn project_templates(&self) -> Result<Vec<Template>, Error> {
        templates::project(&self.client).await
    }

    /// Returns the permission templates for any project: the only ones that new memberships can get by default
    /// (support.procore.com, assign default project permissions templates). They do not say what they allow.
    ///
    /// # Errors
    ///
    /// See [`Reads`].
    pub async fn global_templates(&self) -> Result<Vec<Template>, Error> {
        templates::global(&self.client).await
    }

    /// Returns the permission templates that our own account may give to the users of a project, without what they allow.
    ///
    /// # Errors
    ///
    /// See [`Reads`]; [`Error::is_not_visible`] tells that the project is closed to us.
    pub async fn assignable_templates(&self, project: ProjectId) -> Result<Vec<Template>, Error> {
        templates::assignable(&self.client, project).await
    }

    /// Returns what our own account may do with the tools of the company.
    ///
    /// # Errors
    ///
    /// See [`Reads`].
    pub async fn company_rights(&self) -> Result<Rights, Error> {
        rights::of_company(&self.client).await
    }

    /// Returns what our own account may do with the tools of a project.
    ///
    /// # Errors
    ///
    /// See [`Reads`]; [`Error::is_not_visible`] tells that the project is closed to us.
    pub async fn project_rights(&self, project: ProjectId) -> Result<Rights, Error> {
        rights::of_project(&self.client, project).await
    }
}
