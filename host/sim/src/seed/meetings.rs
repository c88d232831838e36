//! The meetings: what was talked about week by week, and who has to see to it.

use jiff::{ToSpan, tz};

use crate::company::{Company, MeetingTopic, NewMeeting, NewMeetingTopic, Tool, TopicStatus};
use crate::dice::Dice;

use super::holders::{Holders, spread};
use super::{Seed, days_ago};

const SERIES: [&str; 5] = [
    "Owner Architect Contractor Meeting",
    "Subcontractor Coordination",
    "Safety Committee",
    "BIM Coordination",
    "Closeout Meeting",
];
const CATEGORIES: [&str; 4] = ["Old Business", "New Business", "Schedule", "Safety"];
const PRIORITIES: [&str; 3] = ["High", "Medium", "Low"];
/// What can be talked about; `{l}` is a level.
const TOPICS: [&str; 14] = [
    "Long lead items",
    "Three week look-ahead",
    "Crane pick plan, level {l}",
    "Permit for street closure",
    "Ceiling close-in at level {l}",
    "Temporary power",
    "Hoist schedule",
    "Mock-up review",
    "Deliveries and laydown",
    "Fire watch at level {l}",
    "Pending change orders",
    "Punch walk of level {l}",
    "Testing and balancing",
    "Owner training",
];

/// Adds a meeting for every six RFIs, each with a few topics.
pub(super) fn add(company: &mut Company, dice: &mut Dice, seed: &Seed) {
    for project in spread(company, dice, seed.rfis.div_ceil(6), Tool::Meetings) {
        let holders = Holders::of(company, project, Tool::Meetings);
        if !holders.members.is_empty() {
            meet(company, dice, project, &holders);
        }
    }
}

fn meet(company: &mut Company, dice: &mut Dice, project: u64, holders: &Holders) {
    let age = dice.between(2, 200);
    let met = days_ago(dice, age);
    company.set_time(met);
    let new =
        NewMeeting { attendees: holders.some(dice, 8), ..NewMeeting::named(project, dice.word(&SERIES)) };
    let Ok(meeting) = company.add_meeting(new) else { return };
    for _ in 0..dice.between(2, 7) {
        let status = match dice.below(100) {
            0..45 => TopicStatus::Open,
            45..55 => TopicStatus::OnHold,
            _ => TopicStatus::Closed,
        };
        let title = dice.word(&TOPICS).replace("{l}", &dice.between(1, 24).to_string());
        let new = NewMeetingTopic {
            category: dice.word(&CATEGORIES).to_owned(),
            status,
            ..NewMeetingTopic::open(meeting, &title, &holders.some(dice, 2))
        };
        let Ok(id) = company.add_meeting_topic(new) else { return };
        let Some(mut topic) = company.item::<MeetingTopic>(id).cloned() else { return };
        let days = i64::try_from(dice.between(3, 21)).unwrap_or(7);
        let due = met.to_zoned(tz::TimeZone::UTC).date().saturating_add(days.days());
        topic.due_date = Some(due).filter(|_| dice.percent(70));
        topic.priority = Some(dice.word(&PRIORITIES).to_owned()).filter(|_| dice.percent(40));
        // The record is the one that was just added, so that nothing in it can be refused.
        let _ = company.put_item(topic);
    }
}
