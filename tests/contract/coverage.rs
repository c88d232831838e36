//! What was checked on which basis, as a table that is committed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::catalog::Basis;
use crate::finding::{Grounds, Seen};

const HEAD: &str = "\
# What the contract tests check

Written by the contract tests (`UPDATE=1 cargo test --package muster-procore --test contract`); a difference fails them.
Client: whether the client sends it. *checked*: against Procore's own reference of this operation. *vN*: this version says
nothing there, another one does. *fixture*: no version says anything, `fixtures/` does. *unknown*: nobody says anything.
*empty*: no value was seen.
";

const COLUMNS: &str = "
| operation | client | request | answers |
| --- | --- | --- | --- |
";

const GUIDE: &str = "
## In the dialect `guide`

What the guide states otherwise; everything else is as above.
";

/// Returns the document with the tables of both dialects.
pub(crate) fn document(reference: &str, guide: &str) -> String {
    format!("{HEAD}{COLUMNS}{reference}{GUIDE}{COLUMNS}{guide}")
}

/// Returns the rows of the operations that are wanted.
pub(crate) fn table(
    seen: &BTreeMap<String, Seen>,
    by_client: &BTreeSet<String>,
    wanted: impl Fn(&str) -> bool,
) -> String {
    let mut text = String::new();
    let mut names: Vec<&String> = seen.keys().filter(|name| wanted(name)).collect();
    let sorted = |name: &str| {
        let (method, path) = name.split_once(' ').unwrap_or((name, ""));
        (path.to_owned(), method.to_owned())
    };
    names.sort_by_cached_key(|name| sorted(name));
    for name in names {
        let seen = &seen[name];
        let client = if by_client.contains(name) { "yes" } else { "" };
        let request = grounds(&seen.request, "");
        let answers = seen
            .answers
            .iter()
            .map(|(status, found)| format!("{status} {}", grounds(found, &status.to_string())));
        let answers: Vec<String> = answers.collect();
        writeln!(text, "| {name} | {client} | {request} | {} |", answers.join("; ")).unwrap();
    }
    text
}

/// Says on what basis a side was checked: first as a whole, then where it differs.
fn grounds(found: &Grounds, whole: &str) -> String {
    let mut words = Vec::new();
    let is_own = |basis: &Basis| *basis == Basis::Own;
    if found.iter().any(|(basis, _)| is_own(basis)) {
        words.push("checked".to_owned());
    }
    let mut others: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (basis, place) in found.iter().filter(|(basis, _)| !is_own(basis)) {
        let name = match basis {
            Basis::Own => continue,
            Basis::Sibling(version) => version.clone(),
            Basis::Fixture(name) => format!("fixture {name}"),
            Basis::Unknown => "unknown".to_owned(),
        };
        let place = place.strip_prefix(whole).unwrap_or(place).trim_start_matches('.');
        others.entry(name).or_default().push(place);
    }
    for (name, places) in others {
        let places: Vec<&str> =
            places.into_iter().filter(|place| !["", "[]", "body"].contains(place)).collect();
        let places = if places.is_empty() { String::new() } else { format!(" (`{}`)", places.join("`, `")) };
        words.push(format!("{name}{places}"));
    }
    if words.is_empty() { "empty".to_owned() } else { words.join(", ") }
}
