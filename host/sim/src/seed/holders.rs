//! Who on a project could be given items of a tool, and who could have been once.

use crate::company::{Company, Level, Tool};
use crate::dice::Dice;

/// The people of a project, by what they may be given in a tool.
pub(super) struct Holders {
    /// Those with a login who may take part.
    pub(super) members: Vec<u64>,
    /// Those of them who may do everything.
    pub(super) admins: Vec<u64>,
    /// Those who could have taken part while they had a login.
    gone: Vec<u64>,
}

impl Holders {
    /// Returns the people of a project who may take part in a tool.
    pub(super) fn of(company: &Company, project: u64, tool: Tool) -> Self {
        let ids = |level| company.candidates(project, tool, level).map(|user| user.id).collect();
        let takes = |id| company.template(id).is_some_and(|found| found.takes(tool, Level::Standard));
        let members = company.members(project).filter(|member| member.template.is_some_and(takes));
        let inactive = |id: &u64| company.user(*id).is_some_and(|user| !user.active);
        Self {
            members: ids(Level::Standard),
            admins: ids(Level::Admin),
            gone: members.map(|member| member.user).filter(inactive).collect(),
        }
    }

    /// Returns one to `most` of the members, and now and then somebody who has lost the login before them.
    pub(super) fn some(&self, dice: &mut Dice, most: u64) -> Vec<u64> {
        let count = usize::try_from(dice.between(1, most)).unwrap_or(1);
        let mut people = dice.some(&self.members, count);
        if dice.percent(6)
            && let Some(gone) = dice.pick(&self.gone)
        {
            people.insert(0, *gone);
            people.truncate(count);
        }
        people
    }

    /// Returns one of those who may do everything.
    pub(super) fn admin(&self, dice: &mut Dice) -> Option<u64> {
        dice.pick(&self.admins).copied()
    }
}

/// Returns the project of each of `count` items among the active projects that use a tool: some have many, many a few.
pub(super) fn spread(company: &Company, dice: &mut Dice, count: usize, tool: Tool) -> Vec<u64> {
    let active = company.projects().filter(|project| project.active && company.has_tool(project.id, tool));
    let projects: Vec<u64> = active.map(|project| project.id).collect();
    let draw = |_| {
        let first = dice.index(projects.len());
        projects.get(dice.index(first + 1)).copied()
    };
    let mut drawn: Vec<u64> = (0..count).filter_map(draw).collect();
    drawn.sort_unstable();
    drawn
}
