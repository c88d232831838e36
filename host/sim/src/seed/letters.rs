//! The correspondence: types that the company has made up, and items of them.

use jiff::{ToSpan, tz};

use crate::company::{Company, Correspondence, NewCorrespondence, StatusType, Tool};
use crate::dice::Dice;

use super::holders::{Holders, spread};
use super::{Seed, days_ago};

type Kind = (&'static str, &'static str, &'static [(&'static str, StatusType)]);

const KINDS: [Kind; 4] = [
    ("Letter", "LTR", &[("Awaiting Reply", StatusType::Open), ("Answered", StatusType::Closed)]),
    ("Notice of Delay", "NOD", &[("Disputed", StatusType::Open)]),
    (
        "Request for Variation",
        "VAR",
        &[("Under Review", StatusType::Open), ("Withdrawn", StatusType::Closed)],
    ),
    ("Transmittal", "TRN", &[]),
];
/// What an item can be about; `{l}` is a level.
const TITLES: [&str; 10] = [
    "Late release of structural steel",
    "Access to level {l}",
    "Storage of materials on site",
    "Revised working hours",
    "Substitution of door hardware",
    "Weather days of last month",
    "Warranty documents",
    "Change of key personnel",
    "Survey of level {l}",
    "Insurance certificate",
];

/// Adds the types and two items for every five RFIs.
pub(super) fn add(company: &mut Company, dice: &mut Dice, seed: &Seed) {
    let kinds: Vec<u64> = KINDS
        .into_iter()
        .map(|(title, abbreviation, more)| company.add_correspondence_type(title, abbreviation, more))
        .collect();
    for project in spread(company, dice, seed.rfis * 2 / 5, Tool::Correspondence) {
        let holders = Holders::of(company, project, Tool::Correspondence);
        if let Some(kind) = dice.pick(&kinds).filter(|_| !holders.members.is_empty()) {
            write(company, dice, project, *kind, &holders);
        }
    }
}

fn write(company: &mut Company, dice: &mut Dice, project: u64, kind: u64, holders: &Holders) {
    let age = dice.between(2, 250);
    let sent = days_ago(dice, age);
    company.set_time(sent);
    let Some(statuses) = company.correspondence_type(kind).map(|kind| kind.statuses.clone()) else { return };
    let Some(status) = dice.pick(&statuses) else { return };
    let title = dice.word(&TITLES).replace("{l}", &dice.between(1, 24).to_string());
    let new = NewCorrespondence {
        status: status.name.clone(),
        ..NewCorrespondence::open(project, kind, &title, &holders.some(dice, 3))
    };
    let Ok(id) = company.add_correspondence(new) else { return };
    let Some(mut item) = company.item::<Correspondence>(id).cloned() else { return };
    item.received_from = dice.pick(&holders.members).copied();
    let informed = dice.index(4);
    item.distribution = dice.some(&holders.members, informed);
    let days = i64::try_from(dice.between(5, 30)).unwrap_or(7);
    item.due_date = Some(sent.to_zoned(tz::TimeZone::UTC).date().saturating_add(days.days()));
    item.private = dice.percent(60);
    // The record is the one that was just added, so that nothing in it can be refused.
    let _ = company.put_item(item);
}
