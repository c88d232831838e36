//! What the client sends and what the simulator answers, compared with Procore's own reference. `README.md` says how.

#![cfg(test)]

mod catalog;
mod check;
mod client;
mod coverage;
mod deviations;
mod exchange;
mod finding;
mod form;
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
use finding::{Finding, Report};
use muster_procore::Dialect;
use muster_sim::{Config, NewAccount, Switches};
use site::Site;

/// All that there is to say after everything was driven once in a dialect.
struct Outcome {
    dialect: Dialect,
    report: Report,
    /// The operations that the client sent.
    by_client: BTreeSet<String>,
    /// The functions of the client that were called.
    called: BTreeSet<&'static str>,
    /// What was answered otherwise than expected.
    unexpected: Vec<String>,
    /// The operations that only the guide states.
    stated: BTreeSet<String>,
}

/// The tests look at one outcome a dialect, since driving everything takes longer than looking.
static OUTCOMES: LazyLock<[Outcome; 2]> = LazyLock::new(|| {
    // A thread of its own: whoever asks first may be in a runtime already.
    let driven = std::thread::spawn(|| {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        runtime.unwrap().block_on(async { [drive(Dialect::Reference).await, drive(Dialect::Guide).await] })
    });
    driven.join().unwrap()
});

async fn drive(dialect: Dialect) -> Outcome {
    let (catalog, rows) = match dialect {
        Dialect::Reference => (Catalog::reference(), [requests::REQUESTS, requests::ITEMS].concat()),
        Dialect::Guide => (Catalog::guide(), requests::GUIDE.to_vec()),
    };
    let mut checker = Checker::new(&catalog);
    let site = Site::start(dialect).await;
    let called = client::drive(&site).await;
    let exchanges = site.recorder.take();
    let name = |exchange: &Exchange| catalog.find(exchange).map(catalog::Operation::name);
    let by_client = exchanges.iter().filter_map(name).collect();
    exchanges.iter().for_each(|exchange| checker.check(exchange));

    let site = Site::start(dialect).await;
    let unexpected = requests::drive(&site, &catalog, &rows).await;
    site.recorder.take().iter().for_each(|exchange| checker.check(exchange));

    // Whatever is not known of Procore, and whoever asks: the answers have the same forms.
    for (_, switches) in Switches::each() {
        let site = Site::of(dialect, Config { switches, ..Config::default() }).await;
        requests::ask_all(&site, &rows, &site.simulator.accounts()[0]).await;
        site.recorder.take().iter().for_each(|exchange| checker.check(exchange));
    }
    let site = Site::of(dialect, Config { accounts: NewAccount::standard(), ..Config::default() }).await;
    for account in site.simulator.accounts() {
        requests::ask_all(&site, &rows, &account).await;
    }
    site.recorder.take().iter().for_each(|exchange| checker.check(exchange));
    let stated = catalog.names_from_fixture("guide").collect();
    Outcome { dialect, report: checker.report, by_client, called, unexpected, stated }
}

/// Everything that was found, in either dialect.
fn findings() -> impl Iterator<Item = &'static Finding> + Clone {
    OUTCOMES.iter().flat_map(|outcome| &outcome.report.findings)
}

#[test]
fn everything_sent_and_answered_is_as_procore_says() {
    let not_allowed = Deviations::read().not_allowed(findings());
    let lines: Vec<String> = not_allowed.iter().map(ToString::to_string).collect();
    assert!(lines.is_empty(), "\n{}\n", lines.join("\n"));
}

#[test]
fn every_deviation_that_is_allowed_is_needed() {
    let unused = Deviations::read().unused(findings());
    assert!(unused.is_empty(), "\n{}\n", unused.join("\n"));
}

#[test]
fn every_request_is_answered_as_expected() {
    for outcome in &*OUTCOMES {
        assert!(outcome.unexpected.is_empty(), "{}:\n{}\n", outcome.dialect, outcome.unexpected.join("\n"));
    }
}

#[test]
fn every_operation_of_the_simulator_and_every_function_of_the_client_is_driven() {
    let [reference, guide] = &*OUTCOMES;
    let served = muster_sim::served(muster_sim::Dialect::Reference)
        .filter(|name| [" /rest/", " /oauth/"].iter().any(|ours| name.contains(ours)));
    let missing: Vec<&str> = served.filter(|name| !reference.report.seen.contains_key(*name)).collect();
    assert!(missing.is_empty(), "not asked of the simulator:\n{}\n", missing.join("\n"));
    let missing: Vec<&String> =
        guide.stated.iter().filter(|name| !guide.report.seen.contains_key(*name)).collect();
    assert!(missing.is_empty(), "not asked of the simulator of the guide: {missing:?}");
    for outcome in &*OUTCOMES {
        let called = outcome.called.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
        assert_eq!(client::functions(), called, "functions of the client that are not driven");
    }
}

#[test]
fn every_operation_that_the_client_names_is_sent() {
    let catalog = Catalog::reference();
    let sent = &OUTCOMES[0].by_client;
    let lacking: Vec<String> = client::operations()
        .into_iter()
        .filter(|file| catalog.of_file(file).is_none_or(|name| !sent.contains(&name)))
        .collect();
    assert!(lacking.is_empty(), "named by the client, and unknown or not sent: {lacking:?}");
    let named: BTreeSet<String> =
        client::operations().iter().filter_map(|file| catalog.of_file(file)).collect();
    let unnamed: Vec<&String> =
        sent.iter().filter(|name| name.contains(" /rest/") && !named.contains(*name)).collect();
    assert!(unnamed.is_empty(), "sent by the client, which does not name it: {unnamed:?}");
}

#[test]
fn what_is_checked_is_what_the_committed_table_says() {
    let [reference, guide] = &*OUTCOMES;
    let all = |_: &str| true;
    let reference = coverage::table(&reference.report.seen, &reference.by_client, all);
    let stated = |name: &str| guide.stated.contains(name);
    let table =
        coverage::document(&reference, &coverage::table(&guide.report.seen, &guide.by_client, stated));
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

fn update(what: &str) -> bool {
    said("UPDATE").is_some_and(|value| value == what)
}

#[expect(
    clippy::disallowed_methods,
    reason = "only whoever runs the tests can say whether files are to be written, and where the source is"
)]
fn said(name: &str) -> Option<std::ffi::OsString> {
    std::env::var_os(name)
}
