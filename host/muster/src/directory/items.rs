//! Items, gathered from every tool: Procore has no list of what a person holds.

use std::collections::BTreeSet;

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use muster_core::directory::ItemKind;
use muster_core::id::{ProjectId, UserId};
use muster_core::read::{HeldItems, Read, UnseenTool};
use muster_procore::Error;

use super::{AT_ONCE, Cause, Live, seen};

impl Live {
    /// Returns what a user holds. Every project is asked that they are on, or that we took them off: what nobody could take
    /// stays theirs there, and must not be forgotten.
    pub(super) async fn items_held_by(
        &self,
        user: UserId,
        project: Option<ProjectId>,
        kinds: &BTreeSet<ItemKind>,
    ) -> Result<HeldItems, Cause> {
        // Everything was asked for before: what is wanted is part of it.
        if let Some(all) = self.remembered_items(user) {
            return Ok(part(all, project, kinds));
        }
        let projects = match project {
            Some(project) => [project].into(),
            None => {
                let mut projects = self.store.projects_left(user).await?;
                projects.extend(self.memberships(user).await?.iter().map(|membership| membership.project));
                projects
            }
        };
        self.open_items(projects, kinds, Some(user)).await
    }

    /// Returns what is open in projects: of some kinds, or of all where none is named; all of it, or what a user holds.
    pub(crate) async fn open_items(
        &self,
        projects: BTreeSet<ProjectId>,
        kinds: &BTreeSet<ItemKind>,
        holder: Option<UserId>,
    ) -> Result<HeldItems, Cause> {
        let wanted: BTreeSet<_> = match kinds.is_empty() {
            true => ItemKind::ALL.into(),
            false => kinds.clone(),
        };
        let on = stream::iter(projects).map(|project| self.tools(project, &wanted)).buffered(AT_ONCE);
        let tools: Vec<(ProjectId, BTreeSet<ItemKind>)> = on.try_collect().await?;
        let tools = tools
            .into_iter()
            .flat_map(|(project, kinds)| kinds.into_iter().map(move |kind| UnseenTool { project, kind }));
        let ask = |tool: UnseenTool| async move {
            let UnseenTool { project, kind } = tool;
            Ok::<_, Error>((tool, seen(self.reads.open_items(project, kind, holder).await)?))
        };
        let mut answers = stream::iter(tools).map(ask).buffered(AT_ONCE);
        let mut found = HeldItems::default();
        while let Some((tool, items)) = answers.try_next().await? {
            match items {
                Some(items) => found.rows.extend(items),
                None => drop(found.unseen.insert(tool)),
            }
        }
        found.rows.sort_by_key(|item| item.item);
        Ok(found)
    }

    /// Returns which of these kinds have a tool that is switched on in a project. Asking costs a call, so it is not asked for
    /// one kind alone; and where Procore does not say, every tool is asked itself.
    async fn tools(
        &self,
        project: ProjectId,
        wanted: &BTreeSet<ItemKind>,
    ) -> Result<(ProjectId, BTreeSet<ItemKind>), Error> {
        if wanted.len() == 1 {
            return Ok((project, wanted.clone()));
        }
        let on = seen(self.reads.kinds_on(project).await)?;
        Ok((project, on.map_or_else(|| wanted.clone(), |on| &on & wanted)))
    }

    fn remembered_items(&self, user: UserId) -> Option<HeldItems> {
        match self.remembered(&Read::held_by(user))? {
            muster_core::read::Answer::Items(items) => Some(items),
            _ => None,
        }
    }
}

/// Returns the part of what somebody holds that lies in one project and is of these kinds.
fn part(all: HeldItems, project: Option<ProjectId>, kinds: &BTreeSet<ItemKind>) -> HeldItems {
    let wanted = |tool: UnseenTool| {
        project.is_none_or(|project| tool.project == project)
            && (kinds.is_empty() || kinds.contains(&tool.kind))
    };
    let HeldItems { mut rows, mut unseen } = all;
    rows.retain(|row| wanted(UnseenTool { project: row.item.project, kind: row.item.kind }));
    unseen.retain(|tool| wanted(*tool));
    HeldItems { rows, unseen }
}
