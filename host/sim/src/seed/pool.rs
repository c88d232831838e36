//! Who could be given items on a project, and how items of any kind are spread over the projects.

use std::time::Duration;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan, tz};

use crate::company::{Company, Level, Tool};
use crate::dice::Dice;

use super::{DAY, PRESENT, days_ago};

/// Those on a project who can be given items of a tool.
pub(super) struct Pool {
    /// The project.
    pub(super) project: u64,
    /// Who has a level of a manager.
    pub(super) managers: Vec<u64>,
    /// Who can be given an item at all.
    pub(super) takers: Vec<u64>,
    /// Those who could have been while they had a login.
    gone: Vec<u64>,
}

/// When an item was made, and for how many days it has been there.
#[derive(Clone, Copy)]
pub(super) struct Age {
    /// When it was made.
    pub(super) made: Timestamp,
    days: u64,
}

impl Pool {
    fn new(company: &Company, project: u64, tool: Tool) -> Self {
        let ids = |level| company.candidates(project, tool, level).map(|user| user.id).collect();
        let takes = |id| company.template(id).is_some_and(|found| found.takes(tool, Level::Standard));
        let gone = company.members(project).filter(|member| member.template.is_some_and(takes));
        let gone = gone.map(|member| member.user);
        Self {
            project,
            managers: ids(Level::Admin),
            takers: ids(Level::Standard),
            gone: gone.filter(|id| company.user(*id).is_some_and(|user| !user.active)).collect(),
        }
    }

    /// Returns a few who can be given an item. A few items were given to somebody who has lost the login since.
    pub(super) fn some(&self, dice: &mut Dice, most: u64) -> Vec<u64> {
        let count = usize::try_from(dice.between(1, most)).unwrap_or(1);
        let mut people = dice.some(&self.takers, count);
        if dice.percent(9)
            && let Some(gone) = dice.pick(&self.gone)
        {
            people.insert(0, *gone);
            people.truncate(count);
        }
        people
    }

    /// Returns one who can be given an item, or who could have been.
    pub(super) fn one(&self, dice: &mut Dice) -> Option<u64> {
        self.some(dice, 1).first().copied()
    }

    /// Returns a manager.
    pub(super) fn manager(&self, dice: &mut Dice) -> Option<u64> {
        dice.pick(&self.managers).copied()
    }
}

/// Makes `count` items of a tool on those active projects that have it, if anybody could be given one.
pub(super) fn spread(
    company: &mut Company,
    dice: &mut Dice,
    tool: Tool,
    count: usize,
    make: impl Fn(&mut Company, &mut Dice, &Pool, Age),
) {
    let projects = company.projects().filter(|project| project.active && company.has_tool(project.id, tool));
    let projects: Vec<u64> = projects.map(|project| project.id).collect();
    let mut counts = vec![0_usize; projects.len()];
    for _ in 0..count {
        // The throw of a throw prefers those who stand first, so that projects differ in how much there is to do.
        let first = dice.index(projects.len());
        if let Some(count) = counts.get_mut(dice.index(first + 1)) {
            *count += 1;
        }
    }
    for (project, count) in projects.into_iter().zip(counts) {
        let pool = Pool::new(company, project, tool);
        if !pool.managers.is_empty() {
            for _ in 0..count {
                let days = dice.between(2, 200);
                let made = days_ago(dice, days);
                company.set_time(made);
                make(company, dice, &pool, Age { made, days });
            }
        }
    }
}

impl Age {
    /// Returns a day so many days after the item was made.
    pub(super) fn due(self, dice: &mut Dice, least: u64, most: u64) -> Date {
        let days = i64::try_from(dice.between(least, most)).unwrap_or(7);
        self.made.to_zoned(tz::TimeZone::UTC).date().saturating_add(days.days())
    }

    /// Returns a time since then.
    pub(super) fn later(self, dice: &mut Dice) -> Timestamp {
        let after = Duration::from_secs(dice.below(self.days * DAY));
        self.made.checked_add(after).unwrap_or(self.made).min(PRESENT)
    }
}

/// Returns one of the texts, with a grid for `{g}`, a level for `{l}`, a room for `{r}` and a trade for `{t}`.
pub(super) fn title(dice: &mut Dice, texts: &[&'static str]) -> String {
    let grid = format!("{}-{}", dice.word(&["A", "B", "C", "D", "E", "F", "G", "H"]), dice.between(1, 14));
    let level = dice.between(1, 24).to_string();
    let room = format!("{}{:02}", dice.between(1, 12), dice.between(1, 48));
    let trade = dice.word(super::words::BUILD_TRADES).to_lowercase();
    let text = dice.word(texts);
    text.replace("{g}", &grid).replace("{l}", &level).replace("{r}", &room).replace("{t}", &trade)
}
