//! Every operation of the client meets every fault of the simulator, and ends as the table says: typed, a lost answer never
//! taken for a refusal, and nothing sent again that may have been done.

mod items;
mod rows;
mod stage;
mod table;

use std::collections::BTreeSet;
use std::path::Path;

use futures_util::future::join_all;
use muster_procore::{Dialect, ErrorKind};
use muster_sim::{Calls, Rule, Script, Trouble, When};

use crate::clock::quickly;
use rows::{Class, Row};
use stage::Stage;
use table::{End, TABLE};

/// How often the fault strikes: always, or once.
const STRIKES: [When; 2] = [When::Every, When::First(1)];

/// An operation on a stage, and what it calls when nothing goes wrong.
struct Trial {
    row: Row,
    stage: Stage,
    calls: Calls,
    before: serde_json::Value,
    after: serde_json::Value,
}

impl Trial {
    async fn prepare(dialect: Dialect, row: Row) -> Self {
        let stage = Stage::start(dialect).await;
        stage.clear().await;
        let before = stage.state();
        (row.call)(stage.cast.clone()).await.unwrap_or_else(|error| panic!("{}: {error}", row.name));
        let (calls, after) = (stage.site.simulator.calls(), stage.state());
        let trial = Self { row, stage, calls, before, after };
        let name = trial.row.name;
        assert_eq!(trial.calls.writes, u64::from(trial.is_write()), "{name}: {:?}", trial.calls);
        assert!(!trial.calls.operations.is_empty(), "{name} calls nothing");
        assert!(!trial.is_write() || trial.before != trial.after, "{name} changes nothing");
        trial
    }

    /// Meets every fault at every request that the operation sends.
    async fn run(self) {
        for (operation, healthy) in &self.calls.operations {
            assert_ne!(operation, "POST /oauth/token");
            // What is read before a change ends as reads do.
            let class = if operation.starts_with("GET ") { Class::Read } else { self.row.class };
            for line in &TABLE {
                for (when, end) in STRIKES.into_iter().zip(line.ends(class)) {
                    self.check(line.fault, operation, *healthy, when, end).await;
                }
            }
        }
    }

    async fn check(&self, fault: &str, operation: &str, healthy: u64, when: When, end: End) {
        let case = format!("{} at {operation}, {fault}, {when:?}", self.row.name);
        let found = self.strike(fault, operation, when).await;
        let error = found.as_ref().err().map(|error| (error.kind(), error.settled()));
        assert_eq!(error, end.error, "{case}: {found:?}");
        let calls = self.stage.site.simulator.calls();
        let requests = calls.of(operation) + calls.throttled;
        let expected = if end.error.is_none() { healthy + end.requests - 1 } else { end.requests };
        assert_eq!(requests, expected, "{case}: {calls:?}");
        if self.is_write() {
            let state = self.stage.state();
            assert_eq!(state == self.before, !end.made, "{case}");
            assert_eq!(state == self.after, end.made, "{case}: it is made, but not as it should be");
        }
    }

    async fn strike(&self, fault: &str, operation: &str, when: When) -> Result<(), muster_procore::Error> {
        self.stage.clear().await;
        let rule = Rule::new(fault.parse().unwrap(), operation).unwrap().at(when);
        self.stage.site.simulator.set_script(Script::from_iter([rule]));
        (self.row.call)(self.stage.cast.clone()).await
    }

    fn is_write(&self) -> bool {
        !matches!(self.row.class, Class::Read | Class::Stream)
    }
}

fn reads() -> Vec<Row> {
    rows::reads().into_iter().chain(items::reads()).collect()
}

fn writes() -> Vec<Row> {
    rows::writes().into_iter().chain(items::writes()).collect()
}

/// Prepares the operations that the dialect has, all on stages of their own. Only the guide erases users.
async fn trials(dialect: Dialect, rows: Vec<Row>) -> Vec<Trial> {
    let offered = |row: &Row| dialect == Dialect::Guide || row.name != "delete_user";
    join_all(rows.into_iter().filter(offered).map(|row| Trial::prepare(dialect, row))).await
}

async fn every_fault(dialect: Dialect, rows: Vec<Row>) {
    let runs = async {
        let trials = trials(dialect, rows).await;
        join_all(trials.into_iter().map(Trial::run)).await;
    };
    quickly(runs).await;
}

#[tokio::test]
async fn every_read_meets_every_fault_in_the_reference() {
    every_fault(Dialect::Reference, reads()).await;
}

#[tokio::test]
async fn every_write_meets_every_fault_in_the_reference() {
    every_fault(Dialect::Reference, writes()).await;
}

#[tokio::test]
async fn every_read_meets_every_fault_in_the_guide() {
    every_fault(Dialect::Guide, reads()).await;
}

#[tokio::test]
async fn every_write_meets_every_fault_in_the_guide() {
    every_fault(Dialect::Guide, writes()).await;
}

/// Lets rows come and go between two pages, and returns how many lists of the operation have two.
async fn shift_rows(trial: Trial) -> usize {
    let mut paged = 0;
    for (operation, healthy) in &trial.calls.operations {
        // The probe asks twice for one row. What is shown alone is asked for once each, and so is the list of each tool that
        // has workflows: pages of those are of ten rows at least.
        let several = operation.ends_with("{id}") || operation.contains("/workflows/");
        let is_paged = *healthy > 1 && trial.row.name != "speaks" && !several;
        paged += usize::from(is_paged);
        for fault in ["row-added", "row-deleted"] {
            for when in STRIKES {
                let case = format!("{} at {operation}, {fault}, {when:?}", trial.row.name);
                let ends = is_paged && (when == When::Every || trial.row.class == Class::Stream);
                let found = trial.strike(fault, operation, when).await;
                let kind = found.as_ref().err().map(muster_procore::Error::kind);
                assert_eq!(kind, ends.then_some(ErrorKind::Unsteady), "{case}: {found:?}");
                let requests = trial.stage.site.simulator.calls().of(operation);
                assert!(requests <= 2 * healthy, "{case}: {requests}");
            }
        }
    }
    paged
}

/// A list that changed between two of its pages is read once more, and is an error if it changed again; a stream ends with
/// the error at once. What has one page is what it is.
#[tokio::test]
async fn rows_that_come_or_go_between_two_pages_are_noticed() {
    let runs = async {
        let trials = trials(Dialect::Reference, reads()).await;
        join_all(trials.into_iter().map(shift_rows)).await
    };
    let paged: usize = quickly(runs).await.into_iter().sum();
    assert!(paged > 20, "only {paged} lists have two pages");
}

/// Lets Procore say that it did what it did not do, or not wholly.
async fn lie(trial: Trial) {
    for operation in trial.calls.operations.keys().filter(|operation| !operation.starts_with("GET ")) {
        let case = format!("{} at {operation}", trial.row.name);
        for (fault, fits) in [("not-made", true), ("orphans", operation.starts_with("DELETE "))] {
            assert_eq!(Rule::new(fault.parse().unwrap(), operation).is_ok(), fits, "{case}, {fault}");
            if fits {
                trial.strike(fault, operation, When::Every).await.unwrap();
                assert_eq!(trial.stage.site.simulator.calls().of(operation), 1, "{case}, {fault}");
                assert_eq!(trial.stage.state() == trial.before, fault == "not-made", "{case}, {fault}");
            }
        }
    }
}

/// What is answered as done and is not can't be told from its answer: that is why everything is read back.
#[tokio::test]
async fn a_lie_is_believed_and_nothing_is_sent_again() {
    for dialect in Dialect::ALL {
        let runs = async {
            let trials = trials(dialect, writes()).await;
            join_all(trials.into_iter().map(lie)).await
        };
        quickly(runs).await;
    }
}

/// Lets a change ask for its token under a fault.
async fn ask_for_token(line: &table::Line) {
    const LOGIN: &str = "POST /oauth/token";
    const CHANGE: &str = "PATCH /rest/v1.3/companies/{company_id}/users/{id}";
    let stage = Stage::start(Dialect::Reference).await;
    for (when, end) in STRIKES.into_iter().zip(line.read) {
        let case = format!("{}, {when:?}", line.fault);
        stage.clear().await;
        let rule = Rule::new(line.fault.parse().unwrap(), LOGIN).unwrap().at(when);
        stage.site.simulator.set_script(Script::from_iter([rule]));
        let found = stage.site.connect().writes().deactivate_user(stage.cast.user).await;
        let error = found.as_ref().err().map(|error| (error.kind(), error.settled()));
        assert_eq!(error, end.error, "{case}: {found:?}");
        let calls = stage.site.simulator.calls();
        assert_eq!(calls.of(LOGIN) + calls.throttled, end.requests, "{case}");
        assert_eq!(calls.of(CHANGE), u64::from(error.is_none()), "{case}");
    }
}

/// Where no token is to be had, nothing else is sent.
#[tokio::test]
async fn the_login_service_meets_every_fault() {
    let lines = TABLE.iter().filter(|line| line.fault != "token-expires");
    quickly(join_all(lines.map(ask_for_token))).await;
}

#[test]
fn every_operation_of_the_client_has_a_row() {
    for (half, rows) in [("reads", reads()), ("writes", writes())] {
        let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let below = src.join(half).read_dir().unwrap().map(|entry| entry.unwrap().path());
        let mut found = BTreeSet::new();
        for file in below.chain([src.join(format!("{half}.rs"))]) {
            let text = std::fs::read_to_string(file).unwrap();
            let names = text.lines().map(str::trim).filter_map(|line| {
                let stream = line.strip_prefix("pub fn ").filter(|rest| rest.starts_with("stream_"));
                line.strip_prefix("pub async fn ").or(stream)?.split('(').next()
            });
            found.extend(names.map(str::to_owned));
        }
        let named: BTreeSet<String> = rows.iter().map(|row| row.name.to_owned()).collect();
        assert_eq!(named, found);
    }
}

#[test]
fn every_fault_of_the_simulator_is_met() {
    // A new one does not compile here until somebody says what it comes to.
    let name = |fault: Trouble| match fault {
        Trouble::Late(_) => "late",
        Trouble::DropBefore => "drop-before",
        Trouble::DropAfter => "drop-after",
        Trouble::BrokenOff => "broken-off",
        Trouble::Status { status: 500, .. } => "500",
        Trouble::Status { status: 502, .. } => "502",
        Trouble::Status { status: 503, .. } => "503",
        Trouble::Status { .. } => "429",
        Trouble::Truncated => "truncated",
        Trouble::Malformed => "malformed",
        Trouble::Html => "html",
        Trouble::TokenExpires => "token-expires",
        Trouble::NotMade | Trouble::RowAdded | Trouble::RowDeleted | Trouble::Orphans => "apart",
    };
    let met: BTreeSet<&str> = TABLE.iter().map(|line| name(line.fault.parse().unwrap())).collect();
    assert_eq!(met.len(), 12, "{met:?}");
    assert!(!met.contains("apart"));
}

#[test]
fn the_readme_says_what_a_fault_comes_to() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(readme).unwrap();
    let section = readme.split("## What a fault comes to\n").nth(1).unwrap().split("\n## ").next().unwrap();
    let found: Vec<&str> = section.lines().filter(|line| line.starts_with("| ")).skip(2).collect();
    let expected: Vec<String> = TABLE.iter().map(table::Line::written).collect();
    assert_eq!(found, expected, "instead of:\n{}\n", expected.join("\n"));
}
