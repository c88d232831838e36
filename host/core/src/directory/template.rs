//! Permission templates: the named sets of rights that Procore gives to people.

use serde::{Deserialize, Serialize};

use crate::id::TemplateId;

/// A permission template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Template {
    /// The id.
    pub id: TemplateId,
    /// The name.
    pub name: String,
    /// What it applies to.
    pub kind: TemplateKind,
    /// Whether it gives the level *admin* on the directory, which for a company template makes a company admin.
    /// `None` if the list that it comes from does not say.
    pub directory_admin: Option<bool>,
}

/// What a permission template applies to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TemplateKind {
    /// The company's own tools.
    Company,
    /// The tools of any project.
    Global,
    /// The tools of one project.
    ProjectSpecific,
}

/// A permission template, named inside something else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct TemplateRef {
    /// The id.
    pub id: TemplateId,
    /// The name.
    pub name: String,
}

/// How much an account may do with a tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AccessLevel {
    /// Nothing.
    None,
    /// Look.
    ReadOnly,
    /// What most people do.
    Standard,
    /// Everything.
    Admin,
}
