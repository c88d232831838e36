//! The RFIs: what is asked on which project, by whom and of whom.
//!
//! They are asked only of people who could be asked, but for a few of whom the login was taken away afterwards.

use std::time::Duration;

use jiff::{Timestamp, ToSpan, tz};

use crate::company::{Company, Court, Level, NewRfi, RfiStatus, Tool};
use crate::dice::Dice;

use super::{DAY, PRESENT, days_ago, words};

/// Those on a project who can be asked.
struct Crew {
    managers: Vec<u64>,
    /// Assignees from outside, who are asked most.
    outside: Vec<u64>,
    inside: Vec<u64>,
    /// Those who could have been asked while they had a login.
    gone: Vec<u64>,
}

/// Adds `count` RFIs to a company, if anybody could answer them.
pub(super) fn add(company: &mut Company, dice: &mut Dice, count: usize) {
    let projects: Vec<u64> =
        company.projects().filter(|project| project.active).map(|project| project.id).collect();
    let mut counts = vec![0_usize; projects.len()];
    for _ in 0..count {
        let first = dice.index(projects.len());
        if let Some(count) = counts.get_mut(dice.index(first + 1)) {
            *count += 1;
        }
    }
    for (project, count) in projects.into_iter().zip(counts) {
        let crew = crew(company, project);
        if !crew.managers.is_empty() {
            for _ in 0..count {
                ask(company, dice, project, &crew);
            }
        }
    }
}

fn crew(company: &Company, project: u64) -> Crew {
    let (inside, outside): (Vec<_>, Vec<_>) = company
        .potential_assignees(project)
        .map(|user| (user.id, user.employee))
        .partition(|(_, employee)| *employee);
    let ids = |people: Vec<(u64, bool)>| people.into_iter().map(|(id, _)| id).collect();
    let takes = |id| company.template(id).is_some_and(|found| found.takes(Tool::Rfi, Level::Standard));
    let gone = company.members(project).filter(|member| member.template.is_some_and(takes));
    let gone = gone.map(|member| member.user).filter(|id| company.user(*id).is_some_and(|user| !user.active));
    Crew {
        managers: company.potential_managers(project).map(|user| user.id).collect(),
        outside: ids(outside),
        gone: gone.collect(),
        inside: ids(inside),
    }
}

fn ask(company: &mut Company, dice: &mut Dice, project: u64, crew: &Crew) {
    let age = dice.between(2, 300);
    let asked = days_ago(dice, age);
    let status = match dice.below(100) {
        0..60 => RfiStatus::Open,
        60..70 => RfiStatus::Draft,
        70..98 => RfiStatus::Closed,
        _ => RfiStatus::ClosedDraft,
    };
    let outside = !crew.outside.is_empty() && (crew.inside.is_empty() || dice.percent(80));
    let count = usize::try_from(dice.between(1, 3)).unwrap_or(1);
    let mut assignees = dice.some(if outside { &crew.outside } else { &crew.inside }, count);
    if dice.percent(6)
        && let Some(gone) = dice.pick(&crew.gone)
    {
        assignees.insert(0, *gone);
        assignees.truncate(3);
    }
    let Some(manager) = dice.pick(&crew.managers).copied() else { return };
    let subject = subject(dice);
    let new = NewRfi {
        required: assignees.iter().copied().filter(|_| dice.percent(40)).collect(),
        assignees,
        status,
        ..NewRfi::open(project, &subject, manager, &[])
    };
    company.set_time(asked);
    let Some(mut rfi) = company.add_rfi(new).ok().and_then(|id| company.rfi(id)).cloned() else { return };

    rfi.court = if dice.percent(25) { Court::Manager } else { Court::Assignees };
    let insiders = if crew.inside.is_empty() { &crew.managers } else { &crew.inside };
    rfi.received_from = dice.pick(insiders).copied();
    let informed = dice.index(4);
    rfi.distribution = dice.some(insiders, informed);
    let asked_of = rfi.assignees.first().and_then(|id| company.user(*id));
    rfi.responsible_contractor = asked_of.and_then(|user| user.vendor).filter(|_| outside);
    let days = i64::try_from(dice.between(7, 21)).unwrap_or(7);
    rfi.due_date = Some(asked.to_zoned(tz::TimeZone::UTC).date().saturating_add(days.days()));
    rfi.drawing_number = Some(sheet(dice)).filter(|_| dice.percent(60));
    rfi.question =
        format!("{}. Sheets {} and {} disagree; which governs?", rfi.subject, sheet(dice), sheet(dice));
    rfi.private = dice.percent(5);
    let changed = later(dice, asked, age);
    if rfi.status.is_closed() {
        rfi.time_resolved = Some(changed);
    }
    company.set_time(changed);
    // The record is the one that was just added, so that nothing in it can be refused.
    let _ = company.put_rfi(rfi);
}

/// Returns a time between `time` and the present, which is up to `days` later.
fn later(dice: &mut Dice, time: Timestamp, days: u64) -> Timestamp {
    let after = Duration::from_secs(dice.below(days * DAY));
    time.checked_add(after).unwrap_or(time).min(PRESENT)
}

fn subject(dice: &mut Dice) -> String {
    let grid = format!("{}-{}", dice.word(&["A", "B", "C", "D", "E", "F", "G", "H"]), dice.between(1, 14));
    let level = dice.between(1, 24).to_string();
    let room = format!("{}{:02}", dice.between(1, 12), dice.between(1, 48));
    let sheet = sheet(dice);
    let subject = dice.word(words::SUBJECTS);
    subject.replace("{g}", &grid).replace("{l}", &level).replace("{r}", &room).replace("{s}", &sheet)
}

fn sheet(dice: &mut Dice) -> String {
    format!("{}{}.{:02}", dice.word(&["A", "S", "M", "E", "P", "C"]), dice.between(1, 9), dice.between(1, 20))
}
