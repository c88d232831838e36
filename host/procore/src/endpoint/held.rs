//! What the lists of all tools have in common: how a row becomes an item, and how an item is found and compared again.

use std::collections::BTreeSet;

use jiff::civil::Date;
use muster_core::directory::{Candidates, Handover, HeldAs, Holder, Item, ItemKind, ItemRef, Person};
use muster_core::id::{Id, ItemId, ProjectId};
use reqwest::Url;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::PersonRow;
use crate::client::Client;
use crate::error::{Error, ErrorKind};
#[cfg(fuzzing)]
use crate::exchange::Answer;
use crate::page::{self, List};

/// What was seen to be granted; Procore names no maximum for the lists of its tools (developers.procore.com, pagination).
pub(super) const PER_PAGE: u32 = 100;

/// A row of the list of a tool.
pub(super) trait Row: DeserializeOwned {
    /// Returns the number.
    fn id(&self) -> u64;

    /// Returns the item.
    fn item(&self, project: ProjectId) -> Item;
}

/// Reads a list of a tool to its end.
pub(super) async fn rows<R: Row>(
    client: &Client,
    operation: &'static str,
    url: Url,
) -> Result<Vec<R>, Error> {
    let list = List { operation, url, per_page: Some(PER_PAGE) };
    page::all(client, &list, R::id).await
}

/// Reads a list of a tool as items.
pub(super) async fn items<R: Row>(
    client: &Client,
    operation: &'static str,
    url: Url,
    project: ProjectId,
) -> Result<Vec<Item>, Error> {
    let rows: Vec<R> = rows(client, operation, url).await?;
    Ok(rows.iter().map(|row| row.item(project)).collect())
}

/// Returns the row of one item from a list that was narrowed to it, which is not trusted to be.
pub(super) async fn row<R: Row>(
    client: &Client,
    operation: &'static str,
    url: Url,
    id: ItemId,
) -> Result<Option<R>, Error> {
    let rows: Vec<R> = rows(client, operation, url).await?;
    Ok(rows.into_iter().find(|row| row.id() == id.get()))
}

/// Returns one item as [`row`] does, or `None` where it or its project is absent or invisible.
pub(super) async fn item<R: Row>(
    client: &Client,
    operation: &'static str,
    url: Url,
    item: ItemRef,
) -> Result<Option<Item>, Error> {
    let row: Option<R> = crate::error::optional(row(client, operation, url, item.id).await)?.flatten();
    Ok(row.map(|row| row.item(item.project)))
}

/// Returns the row of an item that is about to be changed.
pub(super) async fn found<R: Row>(
    client: &Client,
    operation: &'static str,
    url: Url,
    id: ItemId,
) -> Result<R, Error> {
    let row = row(client, operation, url, id).await?;
    row.ok_or_else(|| gone(operation, id))
}

/// Returns the row of an item of which Procore takes only whole lists, if the same people hold it as `before`.
pub(super) async fn unchanged<R: Row>(
    client: &Client,
    operation: &'static str,
    url: Url,
    before: &Item,
) -> Result<R, Error> {
    let row = found(client, operation, url, before.item.id).await?;
    same(operation, &row, before)?;
    Ok(row)
}

/// Makes sure that the same people hold an item in the same roles as `before`.
pub(super) fn same<R: Row>(operation: &'static str, row: &R, before: &Item) -> Result<(), Error> {
    same_item(operation, &row.item(before.item.project), before)
}

/// Makes sure of the same where no list has the item.
pub(super) fn same_item(operation: &'static str, now: &Item, before: &Item) -> Result<(), Error> {
    let set = |item| roles(item).collect::<BTreeSet<_>>();
    if set(now) == set(before) { Ok(()) } else { Err(stale(operation)) }
}

/// Returns the error for an item that is about to be changed and is not there.
pub(super) fn gone(operation: &'static str, id: ItemId) -> Error {
    Error::new(operation, ErrorKind::NotFound).saying(format!("no item {id} is listed"))
}

/// Returns the error for an item that others hold by now.
pub(super) fn stale(operation: &'static str) -> Error {
    Error::new(operation, ErrorKind::Stale).saying("nothing was sent: others hold it by now")
}

/// Returns who holds an item, whatever they are called: whoever has just come may have no name yet.
fn roles(item: &Item) -> impl Iterator<Item = (u64, HeldAs)> + use<> {
    let roles: BTreeSet<_> = item.holders.iter().map(|held| (held.person.id.get(), held.held_as)).collect();
    roles.into_iter()
}

/// Returns an item as it is after the changes, but for the names of whoever comes.
pub(super) fn after(before: &Item, changes: &[Handover]) -> Item {
    let mut after = before.clone();
    changes.iter().for_each(|change| after.hand_over(*change, ""));
    after
}

/// Returns who holds an item in a role, sorted.
pub(super) fn holding(item: &Item, held_as: HeldAs) -> Vec<u64> {
    roles(item).filter(|(_, role)| *role == held_as).map(|(user, _)| user).collect()
}

/// Returns who comes in a role that only one can have; `None`: nobody does.
pub(super) fn taking(changes: &[Handover], held_as: HeldAs) -> Option<u64> {
    changes.iter().rev().find(|change| change.held_as == held_as).map(|change| change.to.get())
}

/// Returns the name of an item that is found by its number alone.
pub(super) fn named(kind: ItemKind, project: ProjectId, id: u64) -> ItemRef {
    ItemRef { kind, project, within: None, id: Id::new(id) }
}

/// Returns people who hold something in a role, each of them once.
pub(super) fn holders<'a>(
    people: impl IntoIterator<Item = &'a PersonRow>,
    held_as: HeldAs,
) -> impl Iterator<Item = Holder> {
    let mut seen = BTreeSet::new();
    let people = people.into_iter().filter(move |person| seen.insert(person.id));
    people.map(move |person| Holder::new(person.into(), held_as))
}

/// Reads whom a tool offers for a role, sorted by id.
pub(super) async fn offered(client: &Client, operation: &'static str, url: Url) -> Result<Candidates, Error> {
    let list = List { operation, url, per_page: Some(PER_PAGE) };
    let rows = page::all(client, &list, |row: &PersonRow| row.id).await?;
    Ok(candidates(rows.iter().map(Person::from)))
}

/// Returns whom a tool offers for a role, sorted by id.
pub(super) fn candidates(people: impl IntoIterator<Item = Person>) -> Candidates {
    let mut people: Vec<Person> = people.into_iter().collect();
    people.sort();
    people.dedup_by_key(|person| person.id);
    Candidates { people, offered: true }
}

/// Reads a number that people see. Procore documents a text and filters by an integer, so both are taken; a draft has
/// none.
pub(super) fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text)),
        Value::Number(number) => Ok(Some(number.to_string())),
        _ => Err(D::Error::custom("a number that people see is a text or a number")),
    }
}

/// Reads a day, which some tools tell with its time (`RestV10TaskItemsGet`).
pub(super) fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    let Some(text) = super::filled(Option::deserialize(deserializer)?) else { return Ok(None) };
    let day = text.split(['T', ' ']).next().unwrap_or_default();
    day.parse().map(Some).map_err(|_| D::Error::custom("expected a day, such as 2026-09-04"))
}

/// Reads an answer as the list of a tool does.
#[cfg(fuzzing)]
pub(super) fn read<R: Row>(
    answer: &Answer,
    operation: &'static str,
    project: ProjectId,
) -> Result<Vec<Item>, Error> {
    let rows: Vec<R> = answer.json(operation)?;
    Ok(rows.iter().map(|row| row.item(project)).collect())
}

#[cfg(test)]
mod tests {
    use muster_core::directory::ItemStatus;
    use serde_json::json;

    use super::*;

    #[test]
    fn holders_are_compared_by_their_numbers_and_roles() {
        let item = |holders: &[(&str, HeldAs)]| {
            let person = |name: &str| Person { id: Id::new(5), name: name.to_owned() };
            let mut holders: Vec<Holder> =
                holders.iter().map(|(name, held_as)| Holder::new(person(name), *held_as)).collect();
            holders.sort();
            Item {
                item: named(ItemKind::PunchItem, ProjectId::new(1), 2),
                number: String::new(),
                title: String::new(),
                status: ItemStatus::Open,
                due: None,
                link: None,
                holders,
            }
        };
        let (assignee, manager) = (HeldAs::Assignee, HeldAs::Manager);
        let listed = item(&[("Ana", assignee), ("Ana", manager)]);
        assert!(roles(&listed).eq(roles(&item(&[("Ana", assignee), ("", manager)]))));
        assert!(!roles(&listed).eq(roles(&item(&[("Ana", assignee)]))));
    }

    #[derive(Deserialize)]
    struct Texts {
        #[serde(default, deserialize_with = "number")]
        number: Option<String>,
        #[serde(default, deserialize_with = "day")]
        day: Option<Date>,
    }

    fn read(row: Value) -> Result<Texts, serde_json::Error> {
        serde_json::from_value(row)
    }

    #[test]
    fn numbers_are_texts_or_numbers() {
        for (row, expected) in
            [(json!({"number": "A-4"}), Some("A-4")), (json!({"number": 4}), Some("4")), (json!({}), None)]
        {
            assert_eq!(read(row).unwrap().number.as_deref(), expected);
        }
        assert!(read(json!({"number": []})).is_err());
    }

    #[test]
    fn a_day_may_have_a_time_and_is_never_guessed() {
        for day in ["2016-10-25", "2016-10-25T17:53:35Z", "2016-10-25 17:53:35 UTC", "20161025"] {
            assert_eq!(read(json!({"day": day})).unwrap().day.unwrap().to_string(), "2016-10-25", "{day}");
        }
        assert!(read(json!({"day": "soon"})).is_err());
        assert_eq!(read(json!({"day": null})).unwrap().day, None);
    }
}
