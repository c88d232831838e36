//! Items of every kind: which tool of Procore answers for which.

use std::collections::BTreeSet;

use muster_core::directory::{Candidates, Handover, HeldAs, Holder, Item, ItemKind, ItemRef};
use muster_core::id::{ItemId, ProjectId, UserId};

use super::{
    coordination_issues, correspondence, groups, inspections, meetings, members, not_sent, observations,
    plans, presets, punch_items, rfis, submittals, tasks, tools, workflows,
};
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
        ItemKind::Submittal => submittals::open(client, project, holder).await?,
        ItemKind::PunchItem => punch_items::open(client, project).await?,
        ItemKind::Observation => observations::open(client, project, holder).await?,
        ItemKind::Task => tasks::open(client, project, holder).await?,
        ItemKind::CoordinationIssue => coordination_issues::open(client, project, holder).await?,
        ItemKind::MeetingTopic => meetings::open(client, project, holder).await?,
        ItemKind::Inspection => inspections::open(client, project, holder).await?,
        ItemKind::Correspondence => correspondence::open(client, project, holder).await?,
        ItemKind::ActionPlan => plans::open(client, project).await?,
        ItemKind::ActionPlanItem => plans::open_items(client, project, holder).await?,
        ItemKind::Workflow => workflows::open(client, project).await?,
        ItemKind::WorkflowTemplate => presets::open(client, project).await?,
        ItemKind::DistributionGroup => groups::open(client, project).await?,
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
        ItemKind::Submittal => submittals::show(client, item).await,
        ItemKind::PunchItem => punch_items::show(client, item).await,
        ItemKind::Observation => observations::show(client, item).await,
        ItemKind::Task => tasks::show(client, item).await,
        ItemKind::CoordinationIssue => coordination_issues::show(client, item).await,
        ItemKind::MeetingTopic => meetings::show(client, item).await,
        ItemKind::Inspection => inspections::show(client, item).await,
        ItemKind::Correspondence => correspondence::show(client, item).await,
        ItemKind::ActionPlan => plans::show(client, item).await,
        ItemKind::ActionPlanItem => plans::show_item(client, item).await,
        ItemKind::Workflow => workflows::show(client, item).await,
        ItemKind::WorkflowTemplate => presets::show(client, item).await,
        ItemKind::DistributionGroup => groups::show_item(client, item).await,
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
    match kind {
        ItemKind::Rfi => rfis::candidates(client, project, held_as).await,
        ItemKind::Submittal => submittals::candidates(client, project).await,
        ItemKind::PunchItem => punch_items::candidates(client, project, held_as).await,
        ItemKind::Observation => observations::candidates(client, project).await,
        ItemKind::Task => tasks::candidates(client, project).await,
        ItemKind::CoordinationIssue => coordination_issues::candidates(client, project).await,
        ItemKind::MeetingTopic | ItemKind::DistributionGroup => members::candidates(client, project).await,
        ItemKind::Inspection => inspections::candidates(client, project, held_as).await,
        ItemKind::Correspondence => correspondence::candidates(client, project, pool).await,
        ItemKind::ActionPlan | ItemKind::ActionPlanItem => plans::candidates(client, project, held_as).await,
        ItemKind::Workflow => workflows::candidates(client, project, pool, held_as).await,
        ItemKind::WorkflowTemplate => presets::candidates(client, project, pool, held_as).await,
    }
}

/// Changes who holds an item. `before` is how the caller saw it: where Procore takes only whole lists, and the item has
/// changed since, nothing is sent.
pub(crate) async fn hand_over(client: &Client, before: &Item, changes: &[Handover]) -> Result<(), Error> {
    let roles = before.item.kind.roles();
    if changes.iter().any(|change| !roles.contains(&change.held_as)) {
        return Err(not_sent("hand over item", "nobody holds such an item in this role"));
    }
    for change in changes {
        let gives_way =
            |held: &&Holder| held.held_as == change.held_as && Some(held.person.id) == change.from;
        if let Some(fixed) = before.holders.iter().find(gives_way).and_then(|held| held.fixed) {
            return Err(not_sent("hand over item", &fixed.to_string()));
        }
    }
    match before.item.kind {
        ItemKind::Rfi => rfis::hand_over(client, before, changes).await,
        ItemKind::Submittal => submittals::hand_over(client, before, changes).await,
        ItemKind::PunchItem => punch_items::hand_over(client, before, changes).await,
        ItemKind::Observation => observations::hand_over(client, before, changes).await,
        ItemKind::Task => tasks::hand_over(client, before, changes).await,
        ItemKind::CoordinationIssue => coordination_issues::hand_over(client, before, changes).await,
        ItemKind::MeetingTopic => meetings::hand_over(client, before, changes).await,
        ItemKind::Inspection => inspections::hand_over(client, before, changes).await,
        ItemKind::Correspondence => correspondence::hand_over(client, before, changes).await,
        ItemKind::ActionPlan => plans::hand_over(client, before, changes).await,
        ItemKind::ActionPlanItem => plans::hand_over_item(client, before, changes).await,
        ItemKind::Workflow => workflows::hand_over(client, before, changes).await,
        ItemKind::WorkflowTemplate => presets::hand_over(client, before, changes).await,
        ItemKind::DistributionGroup => groups::hand_over(client, before, changes).await,
    }
}

/// Closes an item.
pub(crate) async fn close(client: &Client, item: ItemRef) -> Result<(), Error> {
    match item.kind {
        ItemKind::Rfi => rfis::close(client, item).await,
        ItemKind::Submittal => submittals::close(client, item).await,
        ItemKind::PunchItem => punch_items::close(client, item).await,
        ItemKind::Observation => observations::close(client, item).await,
        ItemKind::Task => tasks::close(client, item).await,
        ItemKind::CoordinationIssue => coordination_issues::close(client, item).await,
        ItemKind::MeetingTopic => meetings::close(client, item).await,
        ItemKind::Inspection => inspections::close(client, item).await,
        ItemKind::Correspondence => correspondence::close(client, item).await,
        _ => Err(Error::new("close item", ErrorKind::NotOffered)),
    }
}

/// Returns the kinds of items whose tools are switched on in a project.
pub(crate) async fn kinds_on(client: &Client, project: ProjectId) -> Result<BTreeSet<ItemKind>, Error> {
    tools::kinds_on(client, project).await
}
