//! The same event again, and two processes at the same time: nothing is forgotten, nothing is done twice.

use std::process::Stdio;
use std::time::Duration;

use muster_sim::{Fault, Mishap};
use serde_json::Value;

use crate::site::{ANA, Site, Small, command, offboarding, puppet};

fn stands(site: &Site, at: usize) -> String {
    site.json(&["runs", "list"], 0)[at]["stands"].as_str().unwrap().to_owned()
}

#[test]
fn what_could_not_be_handed_over_is_taken_up_again_although_the_project_was_left() {
    let small = Small::new();
    let site = small.site();
    site.set_fault(Fault::IgnoreReassignment);
    site.muster(&["run", "--departed", ANA]).expect(1);
    site.simulator.with_company(|company| assert_eq!(company.projects_of(small.ana).count(), 0));
    site.simulator.set_faults([]);
    let said = site.muster(&["run", "--departed", ANA]).expect(0);
    assert!(
        said.contains("\"Slab edge at grid C-4\" in Harbor Point: assignee Ana Diaz → Ben Ode"),
        "{said}"
    );
    site.simulator.with_company(|company| {
        assert!(!company.rfi(small.movable).unwrap().assignees.contains(&small.ana));
    });
    // What nobody can take is still hers, and is still said to be.
    let said = site.muster(&["run", "--departed", ANA]).expect(0);
    assert!(said.contains("nothing to do") && said.contains("1 item without a successor"), "{said}");
}

#[test]
fn projects_that_somebody_without_a_login_stays_on_are_named() {
    let small = Small::new();
    let site = small.site();
    let mut withheld = offboarding();
    withheld.more = format!("withhold = [\"membership-steps.remove\"]\n{}", withheld.more);
    site.configure("", &[withheld]);
    let said = site.muster(&["run", "--departed", ANA]).expect(0);
    assert!(
        said.contains(": done, with remainder\n")
            && said.contains("Harbor Point: Ana Diaz stays on the project"),
        "{said}"
    );
    let mut narrow = offboarding();
    narrow.more = format!("scope = {{ projects = {{ only = [\"{}\"] }} }}\n{}", small.alone, narrow.more);
    site.configure("", &[narrow]);
    let said = site.muster(&["plan", "--departed", ANA]).expect(0);
    assert!(said.contains("outside the grant's scope and untouched: 1 project"), "{said}");
    assert!(said.contains("Harbor Point: Ana Diaz stays on the project"), "{said}");
}

#[test]
fn two_processes_that_carry_out_one_plan_do_it_once_and_leave_a_journal_that_holds_together() {
    let small = Small::new();
    let site = small.site();
    let planned = site.json(&["plan", "--departed", ANA], 0);
    let plan = planned["policies"][0]["plan"]["digest"].as_str().unwrap().to_owned();
    let start = || {
        let mut command = command(site.folder.path());
        command.args(["apply", &plan]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    };
    let mut both = [start(), start(), start()];
    let codes = both.each_mut().map(|child| child.wait().unwrap().code().unwrap());
    // One of them does it; the others come too early, or too late.
    assert!(codes.contains(&0) && codes.iter().all(|code| [0, 4].contains(code)), "{codes:?}");
    assert_eq!(stands(&site, 0), "done, with remainder");
    let writes = site.writes();
    assert_eq!(writes.len(), 4, "{writes:?}");
}

#[test]
fn a_login_does_not_wait_for_what_else_the_guard_can_not_read() {
    let small = Small::new();
    let site = small.site();
    let planned = site.json(&["plan", "--departed", ANA], 0);
    let plan = planned["policies"][0]["plan"]["digest"].as_str().unwrap().to_owned();
    site.simulator.set_mishaps([Mishap::answered("/project_assignments", 403, "{}")]);
    site.muster(&["apply", &plan]).expect(1);
    site.simulator.with_company(|company| assert!(!company.user(small.ana).unwrap().active));
}

#[test]
fn a_plan_is_judged_beside_those_of_policies_that_are_not_configured_any_more() {
    let small = Small::new();
    let mut company = small.company.clone();
    let people: Vec<u64> = (0..30)
        .map(|number| {
            let named = muster_sim::NewUser::named("Sam", &format!("Number {number}"));
            let email = Some(format!("sam{number}@brightline.example"));
            company.add_user(muster_sim::NewUser { email, ..named }).unwrap()
        })
        .collect();
    let site = Site::new(company);
    let part = |people: &[u64]| {
        format!(
            "scope = {{ people = \"company\" }}\nsettings = {{ do = \"deactivate\", users = {people:?} }}"
        )
    };
    let folder = site.folder.path();
    let one = || puppet(folder, "one", &part(&people[..15]));
    site.configure("", &[one(), puppet(folder, "two", &part(&people[15..]))]);
    let planned = site.json(&["plan", "--departed", ANA], 4);
    let plan = planned["policies"][0]["plan"]["digest"].as_str().unwrap().to_owned();
    site.configure("", &[one()]);
    let said = site.muster(&["apply", &plan, "--as", "Pat"]).expect(4);
    assert!(said.contains("30 people losing access"), "{said}");
    assert_eq!(site.writes(), Vec::<String>::new());
}

#[test]
fn a_case_that_can_not_be_read_hides_none_of_the_others() {
    let small = Small::new();
    let site = small.site();
    for _ in 0..2 {
        site.muster(&["plan", "--departed", ANA]).expect(0);
    }
    let list = || site.json(&["runs", "list"], 0);
    let newest = list()[0]["plan"]["digest"].as_str().unwrap().to_owned();
    let store = rusqlite::Connection::open(site.path("muster.db")).unwrap();
    store.execute("DELETE FROM bodies WHERE kind = 'plan' AND digest = ?1", [&newest]).unwrap();
    let rows = site.json(&["runs", "list"], 1);
    assert_eq!((&rows[0]["stands"], rows.as_array().unwrap().len()), (&Value::from("ready"), 2));
    assert!(rows[1]["unreadable"].as_str().unwrap().contains("is missing from the store"), "{rows}");
}

#[cfg(unix)]
#[test]
fn a_policy_that_is_no_file_is_not_waited_for() {
    let small = Small::new();
    let site = small.site();
    rustix::fs::mknodat(
        rustix::fs::CWD,
        site.path("pipe.wasm"),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::from_raw_mode(0o600),
        0,
    )
    .unwrap();
    let mut pipe = puppet(site.folder.path(), "pipe", "settings = { do = \"echo\" }");
    pipe.source = "file:pipe.wasm".to_owned();
    site.configure("", &[pipe, offboarding()]);
    let ran = site.muster(&["run", "--departed", ANA]);
    assert!(ran.stderr.contains("it is no file"), "{}", ran.stderr);
    ran.expect(4);
    site.simulator.with_company(|company| assert!(!company.user(small.ana).unwrap().active));
}

/// Starts a planned departure whose first hand-over takes its time, so that the lease on Ana is held meanwhile.
fn busy(site: &Site) -> std::process::Child {
    site.simulator.set_mishaps([Mishap::late("PATCH /rest/v1.0/projects/", Duration::from_secs(6))]);
    let mut command = command(site.folder.path());
    let planned = ["run", "--departed", ANA, "--planned", "--effective", "2999-01-01T00:00:00Z"];
    let mut child = command.args(planned).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    for _ in 0..12_000 {
        if !site.writes().is_empty() || child.try_wait().unwrap().is_some() {
            return child;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    panic!("the planned departure did not begin in a minute");
}

#[test]
fn an_immediate_departure_cuts_the_login_while_another_run_is_at_work_on_the_same_person() {
    let small = Small::new();
    let mut company = small.company.clone();
    // With nobody in the second project, nothing is held back for want of a successor.
    company.remove_membership(small.ana, small.alone);
    let site = Site::new(company);
    let mut other = busy(&site);
    let ran = site.muster(&["run", "--departed", ANA]);
    assert!(
        ran.stdout.contains("the login was cut all the same, and nothing else was sent"),
        "{}",
        ran.stdout
    );
    assert_eq!(ran.code, 4);
    site.simulator.with_company(|company| assert!(!company.user(small.ana).unwrap().active));
    other.kill().unwrap();
    other.wait().unwrap();
}

#[test]
fn a_login_that_could_not_be_cut_is_not_said_to_be() {
    let small = Small::new();
    let mut company = small.company.clone();
    company.remove_membership(small.ana, small.alone);
    let site = Site::new(company);
    let mut other = busy(&site);
    site.simulator.set_mishaps([Mishap::answered("PATCH /rest/v1.3/companies", 422, "{\"errors\":\"no\"}")]);
    let ran = site.muster(&["run", "--departed", ANA]);
    assert!(!ran.stdout.contains("the login was cut"), "{}", ran.stdout);
    assert!(ran.stdout.contains("which has not succeeded yet"), "{}", ran.stdout);
    assert_eq!(ran.code, 4);
    site.simulator.with_company(|company| assert!(company.user(small.ana).unwrap().active));
    other.kill().unwrap();
    other.wait().unwrap();
}

#[cfg(unix)]
#[test]
fn a_process_that_has_limits_of_its_own_compiles_within_them() {
    use std::os::unix::process::CommandExt as _;

    let small = Small::new();
    let site = small.site();
    let plain = command(site.folder.path());
    let mut shell = std::process::Command::new("/bin/sh");
    let cache = site.path("cache");
    shell.arg("-c").arg("ulimit -t 60; exec \"$@\"").arg("sh").arg(plain.get_program());
    shell.arg("--cache-dir").arg(&cache).args(["run", "--departed", ANA]);
    shell.env_clear().env("HOME", site.folder.path()).current_dir(site.folder.path()).process_group(0);
    let ended = shell.output().unwrap();
    assert_eq!(ended.status.code(), Some(0), "{}", String::from_utf8_lossy(&ended.stderr));
    assert!(std::fs::read_dir(cache).unwrap().count() == 2, "the code and its key");
}
