//! The projects: what is built where, and how far it has come.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan, tz};

use crate::company::{Category, Company, Level, NewProject, TemplateKind};
use crate::dice::Dice;

use super::{days_ago, words};

/// Adds `count` projects to a company.
pub(super) fn add(company: &mut Company, dice: &mut Dice, count: usize) {
    let mut names = BTreeSet::new();
    for index in 0..count {
        let (building, kind) = dice.pick(words::BUILDINGS).copied().unwrap_or_default();
        let mut name = format!("{} {building} {}", dice.word(words::PLACES), dice.word(words::PARTS));
        name.truncate(name.trim_end().len());
        if !names.insert(name.clone()) {
            name = format!("{name} Lot {}", index + 1);
        }
        let age = dice.between(60, 1200);
        let created = days_ago(dice, age);
        company.set_time(created);
        let active = dice.percent(85);
        let year = created.to_zoned(tz::TimeZone::UTC).year() % 100;
        let id = company.add_project(NewProject {
            name,
            number: Some(format!("{year:02}-{:04}", 1001 + index)),
            inactive: !active,
            stage: Some(dice.word(if active { words::STAGES } else { words::LAST_STAGES }).to_owned()),
        });
        describe(company, dice, id, kind, created);
        if index % 20 == 4 {
            add_template(company, id);
        }
    }
}

fn describe(company: &mut Company, dice: &mut Dice, id: u64, kind: &str, created: Timestamp) {
    let Some(mut project) = company.project(id).cloned() else { return };
    let city = dice.pick(words::CITIES).copied().unwrap_or(words::HOME);
    let start = day(created).saturating_add((dice.between(10, 90) as i64).days());
    project.kind = Some(kind.to_owned());
    project.region = Some(city.region.to_owned());
    project.program = Some("Campus Renewal".to_owned()).filter(|_| kind == "Education" && dice.percent(50));
    project.address = Some(format!("{} {}", dice.between(100, 9800), dice.word(words::STREETS)));
    project.city = Some(city.name.to_owned());
    project.state_code = Some(city.state.to_owned());
    project.zip = Some(city.zip.to_owned());
    project.tz_name = city.zone.to_owned();
    project.start_date = Some(start);
    project.completion_date = Some(start.saturating_add((dice.between(240, 1100) as i64).days()));
    project.value = Some(dice.between(8, 900) * 250_000);
    // The record is the one that was just added, so that nothing in it can be refused.
    let _ = company.put_project(project);
}

/// Gives a project a template of its own, as some have.
fn add_template(company: &mut Company, project: u64) {
    let levels = [("directory", Level::None), ("rfi", Level::ReadOnly), ("observations", Level::Standard)];
    let kind = TemplateKind::ProjectSpecific { project };
    company.add_template("City Inspectors", kind, Category::External, &levels);
}

fn day(time: Timestamp) -> Date {
    time.to_zoned(tz::TimeZone::UTC).date()
}
