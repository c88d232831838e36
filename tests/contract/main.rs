//! What the client sends and what the simulator answers, compared with Procore's own reference. `README.md` says how.

#![cfg(test)]

mod catalog;
mod check;
mod client;
mod coverage;
mod deviations;
mod exchange;
mod finding;
mod operations;
mod recorder;
mod reduce;
mod requests;
mod schema;
mod site;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use catalog::{Catalog, folder};
use check::Checker;
use deviations::Deviations;
use exchange::Exchange;
use finding::Report;
use muster_sim::Dialect;
use site::Site;

/// All that there is to say after everything was driven once.
struct Outcome {
    report: Report,
    /// The operations that the client sent.
    by_client: BTreeSet<String>,
    /// The functions of the client that were called.
    called: BTreeSet<&'static str>,
    /// What was answered otherwise than expected.
    unexpected: Vec<String>,
}

/// The tests look at one outcome, since driving everything takes longer than looking.
static OUTCOME: LazyLock<Outcome> = LazyLock::new(|| {
    // A thread of its own: whoever asks first may be in a runtime already.
    let driven = std::thread::spawn(|| {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        runtime.unwrap().block_on(drive())
    });
    driven.join().unwrap()
});

async fn drive() -> Outcome {
    let catalog = Catalog::reference();
    let mut checker = Checker::new(&catalog);
    let site = Site::start().await;
    let called = client::drive(&site).await;
    let exchanges = site.recorder.take();
    let name = |exchange: &Exchange| catalog.find(exchange).map(catalog::Operation::name);
    let by_client = exchanges.iter().filter_map(name).collect();
    exchanges.iter().for_each(|exchange| checker.check(exchange));

    let site = Site::start().await;
    let unexpected = requests::drive(&site, &catalog).await;
    site.recorder.take().iter().for_each(|exchange| checker.check(exchange));
    Outcome { report: checker.report, by_client, called, unexpected }
}

#[test]
fn everything_sent_and_answered_is_as_procore_says() {
    let not_allowed = Deviations::read().not_allowed(&OUTCOME.report.findings);
    let lines: Vec<String> = not_allowed.iter().map(ToString::to_string).collect();
    assert!(lines.is_empty(), "\n{}\n", lines.join("\n"));
}

#[test]
fn every_deviation_that_is_allowed_is_needed() {
    let unused = Deviations::read().unused(&OUTCOME.report.findings);
    assert!(unused.is_empty(), "\n{}\n", unused.join("\n"));
}

#[test]
fn every_request_is_answered_as_expected() {
    assert!(OUTCOME.unexpected.is_empty(), "\n{}\n", OUTCOME.unexpected.join("\n"));
}

#[test]
fn every_operation_of_the_simulator_and_every_function_of_the_client_is_driven() {
    let served = muster_sim::served(Dialect::Reference).filter(|name| !name.contains(" /sim/"));
    let missing: Vec<&str> = served.filter(|name| !OUTCOME.report.seen.contains_key(*name)).collect();
    assert!(missing.is_empty(), "not asked of the simulator:\n{}\n", missing.join("\n"));
    let called = OUTCOME.called.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(client::functions(), called, "functions of the client that are not driven");
}

#[test]
fn what_is_checked_is_what_the_committed_table_says() {
    let table = coverage::table(&OUTCOME.report.seen, &OUTCOME.by_client);
    say(&table);
    let path = folder().join("COVERAGE.md");
    if update("1") {
        std::fs::write(&path, &table).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    let different: Vec<String> = difference(&committed, &table);
    assert!(different.is_empty(), "COVERAGE.md:\n{}\n", different.join("\n"));
}

/// Returns the lines that only one of two texts has.
fn difference(one: &str, other: &str) -> Vec<String> {
    let (one, other): (BTreeSet<&str>, BTreeSet<&str>) = (one.lines().collect(), other.lines().collect());
    let gone = one.difference(&other).map(|line| format!("-{line}"));
    gone.chain(other.difference(&one).map(|line| format!("+{line}"))).collect()
}

#[expect(clippy::print_stdout, reason = "people who run the tests want to read it")]
fn say(text: &str) {
    println!("{text}");
}

#[expect(
    clippy::disallowed_methods,
    reason = "only whoever runs the tests can say whether files are to be written"
)]
fn update(what: &str) -> bool {
    std::env::var_os("UPDATE").is_some_and(|value| value == what)
}
