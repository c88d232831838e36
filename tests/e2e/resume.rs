//! Runs that were interrupted: taken up once, ended once, whatever moment the process was killed at.

use std::collections::BTreeSet;
use std::process::{Child, Stdio};
use std::time::Duration;

use muster_sim::{Fault, Mishap};

use crate::site::{ANA, Site, Small, command};

fn planned(site: &Site) -> String {
    let planned = site.json(&["plan", "--departed", ANA], 0);
    planned["policies"][0]["plan"]["digest"].as_str().unwrap().to_owned()
}

fn start(site: &Site, arguments: &[&str]) -> Child {
    let mut command = command(site.folder.path());
    command.args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Waits until another process has come to something, and kills it.
fn kill_when(run: &mut Child, mut holds: impl FnMut() -> bool) {
    for _ in 0..12_000 {
        if holds() || run.try_wait().unwrap().is_some() {
            run.kill().unwrap();
            run.wait().unwrap();
            return;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    panic!("the other process did not come to it in a minute");
}

/// Makes sure that a departure is complete, and that nothing of it was sent twice.
fn complete(small: &Small, site: &Site) {
    site.simulator.with_company(|company| {
        assert!(!company.user(small.ana).unwrap().active);
        assert_eq!(company.projects_of(small.ana).count(), 0);
        assert!(!company.rfi(small.movable).unwrap().assignees.contains(&small.ana));
    });
    let writes = site.writes();
    let once: BTreeSet<_> = writes.iter().collect();
    assert_eq!((once.len(), writes.len()), (4, 4), "{writes:?}");
}

#[test]
fn a_run_that_is_killed_while_a_call_is_under_way_is_taken_up_and_nothing_is_sent_twice() {
    for killed_at in 1..=4 {
        let small = Small::new();
        let site = small.site();
        let plan = planned(&site);
        // Every change is made at once, and answered when nobody listens any more.
        let late = |to: &str| Mishap::late(to, Duration::from_secs(5));
        site.simulator.set_mishaps([late("PATCH /rest"), late("DELETE /rest")]);
        let mut run = start(&site, &["apply", &plan]);
        kill_when(&mut run, || site.writes().len() >= killed_at);
        site.simulator.set_mishaps([]);
        let said = site.muster(&["plan", "--departed", "ben.ode@brightline.example"]);
        assert!(said.stderr.contains("`muster runs resume` takes it up"), "{}", said.stderr);
        let said = site.muster(&["runs", "resume"]).expect(0);
        assert!(said.contains(": done, with remainder\n"), "{said}");
        complete(&small, &site);
        let ran = site.muster(&["runs", "resume"]);
        assert!(ran.stderr.contains("every run that was begun has ended"), "{}", ran.stderr);
        ran.expect(0);
    }
}

#[test]
fn a_run_that_is_killed_at_any_moment_ends_once() {
    for moment in 0..8 {
        let small = Small::new();
        let site = small.site();
        let plan = planned(&site);
        site.simulator.reset_calls();
        site.simulator.set_mishaps([Mishap::late("/rest", Duration::from_millis(20))]);
        let mut run = start(&site, &["apply", &plan]);
        // After every third request, reading or writing.
        kill_when(&mut run, || site.simulator.calls().total() > moment * 3);
        site.simulator.set_mishaps([]);
        let ran = site.muster(&["apply", &plan]);
        assert!(ran.code == 0 || ran.stderr.contains(" has been carried out already\n"), "{}", ran.stderr);
        complete(&small, &site);
    }
}

#[test]
fn the_next_run_about_the_same_person_does_not_do_again_what_an_interrupted_one_did() {
    let small = Small::new();
    let site = small.site();
    let plan = planned(&site);
    site.simulator.set_mishaps([Mishap::late("PATCH /rest", Duration::from_secs(5))]);
    let mut run = start(&site, &["apply", &plan]);
    kill_when(&mut run, || site.writes().len() >= 2);
    site.simulator.set_mishaps([]);
    site.muster(&["run", "--departed", ANA]).expect(0);
    complete(&small, &site);
    // What is left of the interrupted run is to find that all was done.
    site.muster(&["runs", "resume"]).expect(0);
    complete(&small, &site);
}

#[test]
fn a_plan_that_was_called_off_is_never_carried_out() {
    let small = Small::new();
    let site = small.site();
    let plan = planned(&site);
    let said = site.muster(&["runs", "cancel", &plan, "--as", "Pat"]).expect(0);
    assert!(
        said.contains(": called off\n")
            && said.contains("called off by uid ")
            && said.contains(", as \"Pat\", unauthenticated"),
        "{said}"
    );
    let said = site.muster(&["apply", &plan]).refused(4);
    assert!(said.contains(" was called off\n"), "{said}");
    site.muster(&["runs", "cancel", &plan]).refused(4);
    assert_eq!(site.writes(), Vec::<String>::new());
    assert_eq!(site.json(&["runs", "list"], 0)[0]["stands"], "called off");
}

#[test]
fn what_was_done_before_a_run_was_called_off_stays_done() {
    let small = Small::new();
    let site = small.site();
    let plan = planned(&site);
    site.simulator.set_mishaps([Mishap::late("PATCH /rest", Duration::from_secs(5))]);
    let mut run = start(&site, &["apply", &plan]);
    kill_when(&mut run, || !site.writes().is_empty());
    site.simulator.set_mishaps([]);
    let said = site.muster(&["runs", "cancel", &plan]).expect(0);
    assert!(said.contains("done       1  Ana Diaz") && said.contains("skipped    2"), "{said}");
    assert_eq!(site.writes().len(), 1);
}

#[test]
fn a_run_whose_change_was_dropped_is_taken_up_by_a_new_plan_and_not_by_itself() {
    let small = Small::new();
    let site = small.site();
    site.set_fault(Fault::IgnoreRemoval);
    site.muster(&["run", "--departed", ANA]).expect(1);
    site.simulator.set_faults([]);
    site.muster(&["runs", "resume"]).expect(0);
    site.muster(&["run", "--departed", ANA]).expect(0);
    site.simulator.with_company(|company| assert_eq!(company.projects_of(small.ana).count(), 0));
}
