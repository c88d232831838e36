//! The table of operations in the README is complete.

#![cfg(test)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use muster_core::directory::{HeldAs, ItemKind};

/// Returns the Rust files of one half: `src/<half>.rs` and those below `src/<half>`.
fn files(half: &str) -> Vec<PathBuf> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let below = src.join(half).read_dir().unwrap().map(|entry| entry.unwrap().path());
    below.chain([src.join(format!("{half}.rs"))]).collect()
}

/// Returns the operations of one half, which are its public functions that take `&self` and answer with what Procore says.
fn operations(half: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for file in files(half) {
        let text = std::fs::read_to_string(&file).unwrap();
        let starts = text.lines().map(str::trim).filter_map(|line| {
            line.strip_prefix("pub async fn ")
                .or_else(|| line.strip_prefix("pub fn stream_").map(|_| &line[7..]))
        });
        found.extend(starts.map(|rest| rest.split('(').next().unwrap().to_owned()));
    }
    assert!(found.len() > 10, "{half}: {found:?}");
    found
}

/// Returns the rows of a section: the name in the first cell, and the other cells.
fn rows(section: &str) -> Vec<(String, Vec<String>)> {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(readme).unwrap();
    let text = readme.split(&format!("### {section}\n")).nth(1).unwrap().split("\n#").next().unwrap();
    let rows = text.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` |"));
    rows.map(|(name, rest)| {
        let cells = rest.trim().trim_end_matches('|').split(" | ").map(|cell| cell.trim().to_owned());
        (name.to_owned(), cells.collect())
    })
    .collect()
}

#[test]
fn every_operation_has_its_row_and_every_row_its_operation() {
    for (half, section, cells) in [("reads", "Reads", 4), ("writes", "Writes", 7)] {
        let rows = rows(section);
        let named: BTreeSet<String> = rows.iter().map(|(name, _)| name.clone()).collect();
        assert_eq!(named, operations(half), "{section}");
        assert_eq!(named.len(), rows.len(), "{section}: a row comes twice");
        for (name, found) in rows {
            assert_eq!(found.len(), cells, "{name}: {found:?}");
            assert!(found.iter().all(|cell| !cell.is_empty()), "{name}: {found:?}");
        }
    }
}

/// Every kind of items is described in every role.
#[test]
fn items_have_a_row_for_each_of_their_roles() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(readme).unwrap();
    let text = readme.split("## Items\n").nth(1).unwrap().split("\n## ").next().unwrap();
    let [roles, closing] = ["| kind | held as |", "| kind | closed with |"].map(|head| {
        let table = text.split(head).nth(1).unwrap().split("\n\n").next().unwrap();
        let rows =
            table.lines().skip(2).map(|line| line.trim_matches('|').split(" | ").map(str::trim).collect());
        rows.collect::<Vec<Vec<&str>>>()
    });
    let mut expected = (BTreeSet::new(), BTreeSet::new());
    for kind in ItemKind::ALL {
        let name = |held_as: &HeldAs| serde_json::to_value(held_as).unwrap().as_str().unwrap().to_owned();
        expected.0.extend(kind.roles().iter().map(|held_as| (kind.name(), name(held_as))));
        expected.1.extend(kind.can_be_closed().then_some(kind.name()));
    }
    let described: BTreeSet<_> = roles.iter().map(|row| (row[0], row[1].to_owned())).collect();
    assert_eq!(described, expected.0);
    assert_eq!(closing.iter().map(|row| row[0]).collect::<BTreeSet<_>>(), expected.1);
    for row in roles.iter().chain(&closing) {
        assert!(row.iter().all(|cell| !cell.is_empty()), "{row:?}");
    }
}

#[test]
fn what_a_write_is_read_back_or_undone_with_is_an_operation() {
    let all: BTreeSet<String> = operations("reads").into_iter().chain(operations("writes")).collect();
    for (name, cells) in rows("Writes") {
        for cell in [&cells[3], &cells[4]] {
            let first = cell.split('`').nth(1).filter(|_| cell.starts_with('`'));
            assert!(first.is_none_or(|first| all.contains(first)), "{name}: {cell}");
            assert!(
                cell.contains('`') || cell.starts_with("none") || cell.starts_with("the same"),
                "{name}: {cell}"
            );
        }
    }
}
