//! Procore's directory as muster sees it: people, memberships, projects, templates and the items that people hold.
//!
//! These are answers, already checked and reduced at the edge (`muster-procore`); nothing here knows how Procore spells
//! them. What Procore leaves out or sends as `null` is an `Option`.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::id::{Email, ItemId, ProjectId, TemplateId, UserId, VendorId};

/// Somebody with a login in the company's directory, active or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct User {
    /// The id, global over companies and projects.
    pub id: UserId,
    /// The full name as Procore shows it.
    pub name: String,
    /// The address, which is the login. `None` if Procore shows none, or one that can't be an address.
    pub email: Option<Email>,
    /// The job title.
    pub job_title: Option<String>,
    /// Whether the login works.
    pub active: bool,
    /// Whether this is an employee of the company itself.
    pub employee: bool,
    /// The company's own number for an employee.
    pub employee_id: Option<String>,
    /// The vendor that the user belongs to.
    pub vendor: Option<VendorRef>,
    /// The permission template for the company's own tools: what makes somebody a company admin.
    pub company_template: Option<TemplateId>,
    /// The permission template that new memberships get.
    pub default_template: Option<TemplateId>,
    /// When the record was last changed.
    pub updated_at: Option<Timestamp>,
}

/// A vendor, named inside something else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct VendorRef {
    /// The id.
    pub id: VendorId,
    /// The name.
    pub name: String,
}

/// Somebody named inside something else, for example as the assignee of an item.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Person {
    /// The id of the user.
    pub id: UserId,
    /// The full name, empty if Procore left it out.
    pub name: String,
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

/// A tool of Procore in which people hold items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ItemKind {
    /// A request for information.
    Rfi,
}

/// What names an item: its number is unique only within its kind and project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ItemRef {
    /// The tool.
    pub kind: ItemKind,
    /// The project.
    pub project: ProjectId,
    /// The number.
    pub id: ItemId,
}

/// The role in which a person holds an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HeldAs {
    /// Asked for an answer.
    Assignee,
    /// Asked for an answer without which the item can't go on.
    RequiredAssignee,
    /// Responsible for the item.
    Manager,
}

/// Whether an item is still to be worked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ItemStatus {
    /// Waiting for somebody.
    Open,
    /// Not sent yet.
    Draft,
    /// Done. Reads of open items never return it; showing one item may.
    Closed,
}

/// One holder of an item.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Holder {
    /// Who.
    pub person: Person,
    /// In which role. Who is a required assignee is listed once, as that.
    pub held_as: HeldAs,
}

/// Something that a person holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Item {
    /// What names it.
    pub item: ItemRef,
    /// The number that people see, for example `17` or `A-17`.
    pub number: String,
    /// The title or subject.
    pub title: String,
    /// Whether it is still to be worked on.
    pub status: ItemStatus,
    /// The day by which it is due.
    pub due: Option<Date>,
    /// Who holds it, sorted by person, then role.
    pub holders: Vec<Holder>,
}

impl Item {
    /// Returns the roles in which `user` holds this item, sorted.
    pub fn held_by(&self, user: UserId) -> impl Iterator<Item = HeldAs> {
        self.holders.iter().filter(move |holder| holder.person.id == user).map(|holder| holder.held_as)
    }

    /// Returns whether somebody may still have to act on it.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.status != ItemStatus::Closed
    }
}
