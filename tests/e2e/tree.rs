//! The tree: who depends on whom, who can change Procore, and that files stay readable.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// Every file below `folder` with this extension, but for what was built.
fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && name != "target" && !name.starts_with('.') {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|found| found == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn relative(path: &Path) -> String {
    path.strip_prefix(root()).unwrap().to_string_lossy().into_owned()
}

#[test]
fn the_crates_depend_on_each_other_as_the_arrows_say() {
    let mut found = BTreeMap::new();
    for manifest in files(&root(), "toml").iter().filter(|path| path.ends_with("Cargo.toml")) {
        let table: toml::Table = toml::from_str(&std::fs::read_to_string(manifest).unwrap()).unwrap();
        let Some(package) = table.get("package") else { continue };
        let name = package["name"].as_str().unwrap().to_owned();
        // What tests depend on is no arrow: they may look at everything.
        let ours = ["dependencies", "build-dependencies"]
            .iter()
            .filter_map(|kind| table.get(*kind)?.as_table())
            .flat_map(|dependencies| dependencies.keys())
            .filter(|name| name.starts_with("muster-"))
            .cloned()
            .collect::<BTreeSet<_>>();
        found.insert(name, ours);
    }
    let arrows: [(&str, &[&str]); 12] = [
        ("muster-core", &[]),
        ("muster-procore", &["muster-core"]),
        ("muster-sim", &[]),
        ("muster-engine", &["muster-core"]),
        ("muster-host", &["muster-core", "muster-engine", "muster-procore", "muster-sim"]),
        ("muster-policy", &["muster-policy-macros"]),
        ("muster-policy-macros", &[]),
        ("muster-offboarding", &["muster-policy"]),
        ("muster-puppet", &["muster-policy"]),
        ("muster-cutoff", &["muster-policy"]),
        ("muster-idle", &["muster-policy"]),
        // A workspace of its own.
        ("muster-fuzz", &["muster-core", "muster-engine", "muster-host", "muster-procore"]),
    ];
    let mut expected: BTreeMap<String, BTreeSet<String>> = arrows
        .iter()
        .map(|(name, arrows)| ((*name).to_owned(), arrows.iter().map(|arrow| (*arrow).to_owned()).collect()))
        .collect();
    expected.insert("muster-test-guests".to_owned(), BTreeSet::new());
    assert_eq!(found, expected);
}

#[test]
fn the_client_knows_nothing_of_the_core_but_ids_and_the_directory() {
    for file in files(&root().join("host/procore"), "rs") {
        let text = std::fs::read_to_string(&file).unwrap();
        for (at, _) in text.match_indices("muster_core::") {
            let module = text[at..].trim_start_matches("muster_core::");
            let known = module.starts_with("id::") || module.starts_with("directory::");
            assert!(known, "{}: muster_core::{}", relative(&file), module.lines().next().unwrap());
        }
    }
}

#[test]
fn only_the_engine_names_wasmtime_and_only_the_executor_names_the_writing_half() {
    for file in files(&root().join("host"), "rs") {
        let (path, text) = (relative(&file), std::fs::read_to_string(&file).unwrap());
        // Prose may speak of both; code that uses them needs the path, the type or the call.
        let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        if !path.starts_with("host/engine/") {
            assert!(
                !code.contains("wasmtime::") && !code.contains("wasmtime_wasi::"),
                "{path} names wasmtime"
            );
        }
        if path.starts_with("host/muster/") && !path.starts_with("host/muster/src/executor") {
            assert!(!code.contains("Writes") && !code.contains("writes("), "{path} can change Procore");
        }
    }
    assert!(
        std::fs::read_to_string(root().join("host/muster/src/executor/send.rs")).unwrap().contains("Writes")
    );
}

#[test]
fn only_core_makes_what_proves_something() {
    // `Approved`, `Verified` and `Plan` have private fields: no literal of them can stand outside the core.
    for file in
        files(&root().join("host"), "rs").iter().filter(|file| !relative(file).starts_with("host/core/"))
    {
        let text = std::fs::read_to_string(file).unwrap();
        for literal in ["Approved {", "Verified {"] {
            // Not what returns one, and not the journal's entry of that name.
            let made =
                |line: &&str| line.contains(literal) && !line.contains("->") && !line.contains("Entry::");
            assert_eq!(text.lines().filter(made).count(), 0, "{} makes {literal} … }}", relative(file));
        }
    }
}

#[test]
fn every_file_is_short_and_says_what_it_owns() {
    for folder in ["host", "policies", "tests"] {
        for file in files(&root().join(folder), "rs") {
            let (path, text) = (relative(&file), std::fs::read_to_string(&file).unwrap());
            let lines = text.lines().count();
            assert!(lines <= 500, "{path} has {lines} lines: look for the better cut");
            assert!(text.starts_with("//!"), "{path} does not open with what it owns");
            for banned in ["todo!(", "unimplemented!(", "dbg!(", "#[ignore", "#[should_panic", "#[allow("] {
                assert!(!text.contains(banned) || path.ends_with("tree.rs"), "{path} has {banned}");
            }
        }
    }
    for folder in std::fs::read_dir(root().join("policies")).unwrap() {
        let policy = folder.unwrap().path();
        if policy.join("policy.toml").is_file() {
            let lines: usize = files(&policy.join("src"), "rs")
                .iter()
                .map(|file| std::fs::read_to_string(file).unwrap().lines().count())
                .sum();
            assert!(lines <= 200, "{} has {lines} lines", relative(&policy));
        }
    }
}

#[test]
fn the_top_level_holds_what_it_should_and_nothing_else() {
    let allowed = [
        "Cargo.toml",
        "Cargo.lock",
        "README.md",
        "CHANGELOG.md",
        "LICENSE-APACHE",
        "LICENSE-MIT",
        "rust-toolchain.toml",
        "wit",
        "host",
        "policies",
        "tests",
        "target",
    ];
    for entry in std::fs::read_dir(root()).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        assert!(name.starts_with('.') || allowed.contains(&name.as_str()), "{name} at the top level");
    }
}

#[test]
fn every_test_that_the_architecture_names_exists() {
    let text = std::fs::read_to_string(root().join("host/ARCHITECTURE.md")).unwrap();
    let code: String = ["host", "tests"]
        .iter()
        .flat_map(|folder| files(&root().join(folder), "rs"))
        .map(|file| std::fs::read_to_string(file).unwrap())
        .collect();
    let invariants = text.split("## Invariants").nth(1).unwrap().split("## Checklist").next().unwrap();
    // What stands in brackets, but for subjects that are still to come.
    let named = invariants.split('[').skip(1).flat_map(|part| part.split(']').next().unwrap().split('`'));
    let tests: BTreeSet<&str> =
        named.filter(|name| name.contains("::")).map(|name| name.trim_end_matches('…')).collect();
    assert!(tests.len() > 20, "{tests:?}");
    for test in tests {
        let name = test.rsplit("::").next().unwrap();
        let found = code.contains(&format!("fn {name}"));
        assert!(found, "no test {test}");
    }
}
