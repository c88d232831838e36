//! Reading items, above all tools.

use std::collections::BTreeSet;

use muster_core::directory::{Candidates, HeldAs, Item, ItemKind, ItemRef, ProjectRole};
use muster_core::id::{ItemId, ProjectId, UserId};

use super::Reads;
use crate::endpoint::{items, roles};
use crate::error::Error;

impl Reads {
    /// Returns the kinds of items whose tools are switched on in a project. One request.
    ///
    /// # Errors
    ///
    /// See [`Reads`]; [`Error::is_not_visible`] tells that the project is closed to us.
    pub async fn kinds_on(&self, project: ProjectId) -> Result<BTreeSet<ItemKind>, Error> {
        items::kinds_on(&self.client, project).await
    }

    /// Returns what is open or in draft of one kind in a project: all of it, or what a user holds in whatever role.
    ///
    /// # Errors
    ///
    /// See [`Reads`]; [`Error::is_not_visible`] tells that the project or its tool is closed to us.
    pub async fn open_items(
        &self,
        project: ProjectId,
        kind: ItemKind,
        holder: Option<UserId>,
    ) -> Result<Vec<Item>, Error> {
        items::open(&self.client, project, kind, holder).await
    }

    /// Returns one item, open or not, or `None` if it or its project is absent or invisible.
    ///
    /// # Errors
    ///
    /// See [`Reads`]; [`Error::is_not_visible`] tells that the tool is closed to us.
    pub async fn item(&self, item: ItemRef) -> Result<Option<Item>, Error> {
        items::show(&self.client, item).await
    }

    /// Returns who could hold items of a kind in a project, in a role. `pool` is what [`ItemRef::pool`] says.
    ///
    /// # Errors
    ///
    /// See [`Reads`]; [`Error::is_not_visible`] tells that the project or its tool is closed to us.
    pub async fn candidates(
        &self,
        project: ProjectId,
        kind: ItemKind,
        pool: Option<ItemId>,
        held_as: HeldAs,
    ) -> Result<Candidates, Error> {
        items::candidates(&self.client, project, kind, pool, held_as).await
    }

    /// Returns who has which role in a project, sorted. Only users, with a login or without one: of a contact there is no
    /// user to name.
    ///
    /// # Errors
    ///
    /// See [`Reads`]; [`Error::is_not_visible`] tells that the project is closed to us.
    pub async fn project_roles(&self, project: ProjectId) -> Result<Vec<ProjectRole>, Error> {
        roles::of_project(&self.client, project).await
    }
}
