//! What operations on items have in common: which project and item a request is about, who may be given one, and filters.

use std::collections::BTreeSet;

use serde_json::Value;

use super::filter::Words;
use crate::company::{Invalid, Item, Level, Tool, User};
use crate::server::answer::{Refusal, Reply};
use crate::server::gate::Scene;
use crate::server::page::paged;
use crate::server::query::Query;
use crate::server::request::Request;

/// Returns the project that a request is about, which stands in its path, its query or its body. Whether the caller may see
/// it was asked before.
pub(super) fn project(request: &Request) -> Result<u64, Refusal> {
    if request.has_id("project_id") {
        return request.id("project_id");
    }
    match request.query.number("project_id")? {
        Some(project) => Ok(project),
        None => request.project_of_body(),
    }
}

/// Returns the item that the path names, if it is one of the project.
pub(super) fn find<'a, T: Item>(scene: &'a Scene<'_>, request: &Request, id: &str) -> Result<&'a T, Refusal> {
    let project = project(request)?;
    let item = scene.company.item::<T>(request.id(id)?).filter(|item| item.project() == project);
    item.ok_or_else(Refusal::not_found)
}

/// Serves the people who may be given items of a tool, narrowed by words of their names, addresses and companies.
pub(super) fn candidates(
    scene: &Scene<'_>,
    request: &Request,
    (tool, level): (Tool, Level),
    words: Option<&str>,
    view: impl Fn(&User) -> Value,
) -> Reply {
    let words = Words::of(words.unwrap_or_default());
    let people = scene.company.candidates(project(request)?, tool, level);
    let people: Vec<&User> = people.filter(|user| words.find(scene.company, user)).collect();
    paged(request, scene.page_max, people, |user| view(user))
}

/// Checks that those who are new to a place of an item may be given it, and that those who leave it may: whether anything
/// can be taken from somebody inactive is a switch.
pub(super) fn check_place(
    scene: &Scene<'_>,
    field: &'static str,
    needed: (u64, Tool, Level),
    new: &[u64],
    before: &[u64],
) -> Result<(), Invalid> {
    scene.company.check_holders(field, needed, new, before)?;
    check_leaving(scene, field, new, before)
}

/// Checks that those who leave a place of an item may.
pub(super) fn check_leaving(
    scene: &Scene<'_>,
    field: &'static str,
    new: &[u64],
    before: &[u64],
) -> Result<(), Invalid> {
    match scene.switches.inactive_items_move {
        true => Ok(()),
        false => scene.company.check_none_leaves(field, new, before),
    }
}

/// A filter by ids: which, and which of them an item has.
pub(super) type ById<T> = (Option<BTreeSet<u64>>, fn(&T) -> Vec<u64>);

/// Returns whether an item has one of the ids of every filter that is there.
pub(super) fn has_ids<T>(filters: &[ById<T>], item: &T) -> bool {
    let fits =
        |(ids, of): &ById<T>| ids.as_ref().is_none_or(|ids| of(item).iter().any(|id| ids.contains(id)));
    filters.iter().all(fits)
}

/// Returns a filter whose values are among those that are known.
pub(super) fn known<'a>(
    query: &'a Query,
    name: &str,
    known: &[&str],
) -> Result<Option<Vec<&'a str>>, Refusal> {
    let values = query.filter_values(name);
    match values.iter().flatten().find(|value| !known.contains(value)) {
        Some(value) => Err(Refusal::field(&format!("filters[{name}]"), &format!("{value} is not known"))),
        None => Ok(values),
    }
}

/// Returns one of the words that a field may have.
pub(super) fn choice<'a>(field: &'static str, value: &Value, known: &[&'a str]) -> Result<&'a str, Invalid> {
    let found = known.iter().find(|known| value == **known);
    found.copied().ok_or_else(|| Invalid::new(field, format!("must be one of {}", known.join(", "))))
}

/// Refuses an item without a field that Procore requires in every change of one.
pub(super) fn require(
    fields: &serde_json::Map<String, Value>,
    required: &[&'static str],
) -> Result<(), Invalid> {
    let missing = |field: &&&str| fields.get(**field).is_none_or(|value| value.is_null() || value == "");
    match required.iter().find(missing) {
        Some(field) => Err(Invalid::new(field, "can't be blank")),
        None => Ok(()),
    }
}
