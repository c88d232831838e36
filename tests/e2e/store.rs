//! The store when it can't be trusted or written: nothing is sent, and the message says so.

use std::process::Command;

use rusqlite::Connection;

use crate::site::{ANA, Ran, Site, Small, command};

fn planned(site: &Site) -> String {
    let planned = site.json(&["plan", "--departed", ANA], 0);
    planned["policies"][0]["plan"]["digest"].as_str().unwrap().to_owned()
}

fn open(site: &Site) -> Connection {
    Connection::open(site.path("muster.db")).unwrap()
}

#[track_caller]
fn nothing_sent(site: &Site, ran: &Ran, words: &str) {
    assert_eq!((ran.code, ran.stdout.as_str()), (3, ""), "{}", ran.stderr);
    assert!(ran.stderr.contains(words), "{words}: {}", ran.stderr);
    assert_eq!(site.writes(), Vec::<String>::new());
}

#[test]
fn a_store_of_a_newer_version_is_read_and_never_written() {
    let site = Small::new().site();
    let plan = planned(&site);
    open(&site).pragma_update(None, "user_version", 99).unwrap();
    let before = std::fs::read(site.path("muster.db")).unwrap();
    nothing_sent(
        &site,
        &site.muster(&["apply", &plan]),
        "was written by a newer version of muster (format 99",
    );
    nothing_sent(&site, &site.muster(&["run", "--departed", ANA]), "install that version");
    let said = site.muster(&["runs", "show", &plan]).expect(0);
    assert!(said.contains("Ana Diaz leaves, immediately"), "{said}");
    assert!(site.muster(&["runs", "list"]).expect(0).contains("ready"));
    assert_eq!(std::fs::read(site.path("muster.db")).unwrap(), before);
}

#[test]
fn a_store_that_somebody_else_holds_is_waited_for_and_then_given_up() {
    let site = Small::new().site();
    let plan = planned(&site);
    let other = open(&site);
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    nothing_sent(&site, &site.muster(&["apply", &plan]), "database is locked");
    other.execute_batch("ROLLBACK").unwrap();
    site.muster(&["apply", &plan]).expect(0);
}

#[test]
fn a_store_whose_pages_are_damaged_is_not_believed() {
    let site = Small::new().site();
    let plan = planned(&site);
    open(&site).execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    let mut bytes = std::fs::read(site.path("muster.db")).unwrap();
    let length = bytes.len();
    // Everything behind the first page, which holds the header and the names of the tables.
    bytes[4096..length].iter_mut().step_by(7).for_each(|byte| *byte ^= 0x5a);
    std::fs::write(site.path("muster.db"), bytes).unwrap();
    let ran = site.muster(&["apply", &plan]);
    assert_eq!(site.writes(), Vec::<String>::new());
    assert!(ran.code == 3 && ran.stderr.contains("the store"), "{}: {}", ran.code, ran.stderr);
    let said = site.muster(&["doctor"]);
    assert!(said.code == 3 && said.stdout.contains("wrong store"), "{}", said.stdout);
}

#[test]
fn a_disk_that_takes_no_more_stops_a_run_before_anything_is_sent() {
    const MOST: u32 = 2 << 20;
    let site = Small::new().site();
    let plan = planned(&site);
    // The system refuses to let any file grow beyond 2 MiB, and the log that SQLite appends to has them already: somebody
    // who reads keeps it from starting anew.
    let reader = open(&site);
    reader.execute_batch("BEGIN; SELECT count(*) FROM bodies").unwrap_or_default();
    let _: i64 = reader.query_row("SELECT count(*) FROM bodies", [], |row| row.get(0)).unwrap();
    let body = "INSERT INTO bodies (company, digest, kind, bytes) VALUES (1, 'x', 'x', zeroblob(?1))";
    open(&site).execute(body, [MOST]).unwrap();
    let mut full = command(site.folder.path());
    full.args(["apply", &plan]);
    let mut shell = Command::new("/bin/sh");
    shell.arg("-c").arg(format!("trap '' XFSZ; ulimit -f {}; exec \"$@\"", MOST / 512)).arg("sh");
    shell.arg(full.get_program()).args(full.get_args());
    shell.env_clear().env("HOME", site.folder.path()).current_dir(site.folder.path());
    let ended = shell.output().unwrap();
    let (code, stderr) = (ended.status.code(), String::from_utf8(ended.stderr).unwrap());
    assert_eq!((code, site.writes()), (Some(3), vec![]), "{stderr}");
    assert!(
        stderr.contains("the store could not be written to; nothing that depended on it was done"),
        "{stderr}"
    );
    assert!(stderr.contains("hint: make room on the disk"), "{stderr}");
    // With room again it goes on.
    drop(reader);
    site.muster(&["apply", &plan]).expect(0);
}

#[test]
fn a_store_that_can_not_be_written_at_all() {
    let site = Small::new().site();
    let plan = planned(&site);
    std::fs::rename(site.path("muster.db"), site.path("kept.db")).unwrap();
    std::fs::create_dir(site.path("muster.db")).unwrap();
    nothing_sent(&site, &site.muster(&["apply", &plan]), "the store can't be opened");
    std::fs::remove_dir(site.path("muster.db")).unwrap();
    std::fs::rename(site.path("kept.db"), site.path("muster.db")).unwrap();
    std::fs::remove_dir_all(site.path("muster.db-leases")).unwrap();
    std::fs::write(site.path("muster.db-leases"), "").unwrap();
    nothing_sent(&site, &site.muster(&["apply", &plan]), "the store can't be opened");
}

#[test]
fn a_clock_that_was_set_back_is_noticed_before_anything_is_written_or_sent() {
    let site = Small::new().site();
    let plan = planned(&site);
    // The same as a clock that is set back by an hour: entries that were written an hour from now.
    let later = "UPDATE entries SET at = at + 3600000";
    open(&site).execute(later, []).unwrap();
    let ran = site.muster(&["apply", &plan]);
    // The hash of an entry covers its time, so that this is noticed too.
    nothing_sent(&site, &ran, "was changed");
    let ran = site.muster(&["run", "--departed", ANA]);
    nothing_sent(&site, &ran, "the clock of this machine was set back");
    assert!(ran.stderr.contains("muster doctor --accept-clock"), "{}", ran.stderr);
    // Where it was the clock of then that was wrong, somebody says so.
    assert!(site.muster(&["doctor"]).expect(3).contains("wrong store"));
    site.muster(&["doctor", "--accept-clock"]).expect(0);
    site.muster(&["run", "--departed", ANA]).expect(0);
}

#[test]
fn an_entry_that_was_changed_is_noticed_and_nothing_is_done_on_the_strength_of_it() {
    let site = Small::new().site();
    let plan = planned(&site);
    let refused =
        "UPDATE entries SET entry = replace(entry, '\"pass\"', '\"refused\"') WHERE entry LIKE '%judged%'";
    assert_eq!(open(&site).execute(refused, []).unwrap(), 1);
    nothing_sent(&site, &site.muster(&["apply", &plan]), "of the journal was changed");
}
