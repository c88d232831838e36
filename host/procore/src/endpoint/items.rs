//! Items of every kind: which tool of Procore answers for which.

use std::collections::BTreeSet;

use muster_core::directory::{Candidates, Handover, HeldAs, Item, ItemKind, ItemRef};
use muster_core::id::{ItemId, ProjectId, UserId};

use super::rfis;
use crate::client::Client;
use crate::error::{Error, ErrorKind};

/// Returns what is open of one kind in a project, sorted by id: all of it, or what a user holds in whatever role.
pub(crate) async fn open(
    client: &Client,
    project: ProjectId,
    kind: ItemKind,
    holder: Option<UserId>,
) -> Result<Vec<Item>, Error> {
    let mut items = match kind {
        ItemKind::Rfi => rfis::open(client, project, holder).await?,
        _ => return Err(Error::new("list items", ErrorKind::NotOffered)),
    };
    // No filter of Procore is trusted: what the user does not hold, or what is closed, is dropped.
    items.retain(|item| item.is_open() && holder.is_none_or(|user| item.held_by(user).next().is_some()));
    items.sort_by_key(|item| item.item);
    Ok(items)
}

/// Returns one item, open or not.
pub(crate) async fn show(client: &Client, item: ItemRef) -> Result<Option<Item>, Error> {
    match item.kind {
        ItemKind::Rfi => rfis::show(client, item).await,
        _ => Err(Error::new("show item", ErrorKind::NotOffered)),
    }
}

/// Returns who could hold items of a kind in a project, in a role, sorted by id. `pool` is that of [`ItemRef::pool`].
pub(crate) async fn candidates(
    client: &Client,
    project: ProjectId,
    kind: ItemKind,
    pool: Option<ItemId>,
    held_as: HeldAs,
) -> Result<Candidates, Error> {
    let _ = pool;
    match kind {
        ItemKind::Rfi => rfis::candidates(client, project, held_as).await,
        _ => Err(Error::new("list candidates", ErrorKind::NotOffered)),
    }
}

/// Changes who holds an item. `before` is how the caller saw it: where Procore takes only whole lists, and the item has
/// changed since, nothing is sent.
pub(crate) async fn hand_over(client: &Client, before: &Item, changes: &[Handover]) -> Result<(), Error> {
    match before.item.kind {
        ItemKind::Rfi => rfis::hand_over(client, before, changes).await,
        _ => Err(Error::new("hand over item", ErrorKind::NotOffered)),
    }
}

/// Closes an item.
pub(crate) async fn close(client: &Client, item: ItemRef) -> Result<(), Error> {
    match item.kind {
        ItemKind::Rfi => rfis::close(client, item).await,
        _ => Err(Error::new("close item", ErrorKind::NotOffered)),
    }
}

/// Returns the kinds of items whose tools are switched on in a project.
pub(crate) async fn kinds_on(client: &Client, project: ProjectId) -> Result<BTreeSet<ItemKind>, Error> {
    let _ = (client, project);
    Ok(ItemKind::ALL.into())
}
