//! Items: what people hold and others wait for.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Person;
use crate::id::{ItemId, ProjectId, UserId};

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
