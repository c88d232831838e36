//! Who holds an item: what the tools have in common where somebody gives way to somebody else.

use jiff::civil::Date;
use muster_core::directory::{Candidates, Handover, HeldAs, Holder, Item, Person};
use muster_core::id::{ProjectId, UserId};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::{PersonRow, members, not_sent};
use crate::client::Client;
use crate::error::{Error, ErrorKind};

/// Returns who holds it after the changes, of which `now` is what Procore has just shown, if that is still what the caller
/// saw. Else nothing must be sent: a list that is written replaces whoever somebody else has put on it since.
pub(super) fn changed(
    operation: &'static str,
    before: &Item,
    now: Option<Item>,
    changes: &[Handover],
) -> Result<Item, Error> {
    let stale = |why| Err(Error::new(operation, ErrorKind::Stale).saying(why));
    let Some(mut item) = now else { return stale("it is not there any more, so nothing was sent") };
    if held(&item) != held(before) {
        return stale("others hold it now than when it was read, so nothing was sent");
    }
    movable(operation, before, changes)?;
    changes.iter().for_each(|change| item.hand_over(*change, ""));
    Ok(item)
}

/// Makes sure that whoever is to give way can.
pub(super) fn movable(operation: &'static str, before: &Item, changes: &[Handover]) -> Result<(), Error> {
    for change in changes {
        let gives_way =
            |held: &&Holder| held.held_as == change.held_as && Some(held.person.id) == change.from;
        if let Some(fixed) = before.holders.iter().find(gives_way).and_then(|held| held.fixed) {
            return Err(not_sent(operation, &fixed.to_string()));
        }
    }
    Ok(())
}

/// Returns the ids of those who hold an item in a role, in order.
pub(super) fn ids_in(item: &Item, held_as: HeldAs) -> Vec<u64> {
    let held = item.holders.iter().filter(|held| held.held_as == held_as);
    held.map(|held| held.person.id.get()).collect()
}

/// Returns whether one of the changes is in a role.
pub(super) fn concerns(changes: &[Handover], held_as: HeldAs) -> bool {
    changes.iter().any(|change| change.held_as == held_as)
}

/// Returns who is to hold the item alone in a role.
pub(super) fn alone(changes: &[Handover], held_as: HeldAs) -> Option<UserId> {
    changes.iter().rev().find(|change| change.held_as == held_as).map(|change| change.to)
}

/// Returns holders in a role.
pub(super) fn all_as(
    people: impl IntoIterator<Item = PersonRow>,
    held_as: HeldAs,
) -> impl Iterator<Item = Holder> {
    people.into_iter().map(move |row| Holder::new(row.into(), held_as))
}

/// Returns candidates that the tool itself offers.
pub(super) fn offered(people: impl IntoIterator<Item = Person>) -> Candidates {
    Candidates { people: sorted(people), offered: true }
}

/// Returns who is on a project with a login, for a tool that has no list of its own.
pub(super) async fn on_project(client: &Client, project: ProjectId) -> Result<Candidates, Error> {
    let people = members::active_people(client, "list candidates", project).await?;
    Ok(Candidates { people: sorted(people), offered: false })
}

/// Returns the day of a time as Procore writes times, in the zone that it is written in. Only people look at it.
pub(super) fn day(time: Option<String>) -> Option<Date> {
    time?.get(..10)?.parse().ok()
}

/// Reads a number that people see, which is a text in one tool and a number in another. Only people look at it.
pub(super) fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    })
}

fn sorted(people: impl IntoIterator<Item = Person>) -> Vec<Person> {
    let mut people: Vec<Person> = people.into_iter().collect();
    people.sort();
    people.dedup_by_key(|person| person.id);
    people
}

fn held(item: &Item) -> Vec<(UserId, HeldAs)> {
    let mut held: Vec<_> = item.holders.iter().map(|held| (held.person.id, held.held_as)).collect();
    held.sort();
    held.dedup();
    held
}
