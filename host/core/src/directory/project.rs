//! Projects, and who is on them.

use serde::{Deserialize, Serialize};

use super::{Person, TemplateRef};
use crate::id::{Email, ProjectId, UserId};

/// A construction project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Project {
    /// The id.
    pub id: ProjectId,
    /// The name.
    pub name: String,
    /// The company's own number.
    pub number: Option<String>,
    /// Whether the project is active.
    pub active: bool,
    /// The name of the stage, for example `Course of Construction`.
    pub stage: Option<String>,
}

/// A user in a project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Membership {
    /// Who.
    pub user: UserId,
    /// Where.
    pub project: ProjectId,
    /// The name of the project.
    pub project_name: String,
    /// The company's own number for the project.
    pub project_number: Option<String>,
    /// Whether the project is active.
    pub project_active: bool,
    /// The name of the permission template; Procore's list of assignments gives no id.
    pub template_name: Option<String>,
    /// The names of the roles that the user has in the project, sorted.
    pub roles: Vec<String>,
}

/// Whether a user is on a project, as far as that can be seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Presence {
    /// On it.
    On(Member),
    /// Not on it.
    Off,
    /// The directory of the project can't be seen.
    Unseen,
}

/// A user as the directory of one project shows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Member {
    /// Who.
    pub person: Person,
    /// The address, which is the login.
    pub email: Option<Email>,
    /// Whether the login works. Who has none is not in the project's own list, but keeps the membership.
    pub active: bool,
    /// The permission template in this project; `None`: no access.
    pub template: Option<TemplateRef>,
}

/// Somebody who has a role in a project, with a login or without.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ProjectRole {
    /// The name of the role, for example `Project Manager`.
    pub role: String,
    /// Who has it.
    pub person: Person,
}
