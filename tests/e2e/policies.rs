//! Policies side by side, and policies looked at.

use std::process::Stdio;

use serde_json::Value;

use crate::site::{ANA, Small, command, muster, offboarding, puppet};

#[test]
fn two_policies_on_one_event_make_two_plans_that_run_in_order() {
    let small = Small::new();
    let site = small.site();
    let scope = "scope = { people = \"company\" }\n";
    let cleo = small.company.user_by_email("cleo.admin@brightline.example").unwrap().id;
    let more = format!("{scope}settings = {{ do = \"deactivate\", users = [{cleo}] }}");
    site.configure("", &[puppet(site.folder.path(), "second", &more), offboarding()]);
    let ran = site.json(&["run", "--departed", ANA], 0);
    let plans: Vec<_> = ran["runs"].as_array().unwrap().iter().map(|run| run["plan"].clone()).collect();
    assert_eq!(plans.len(), 2);
    assert_ne!(plans[0], plans[1]);
    assert_eq!(
        (&ran["runs"][0]["policy"], &ran["runs"][1]["policy"]),
        (&Value::from("second"), &Value::from("offboarding"))
    );
    // Ana's login can't wait, so it is cut before the plan that comes first.
    let writes = site.writes();
    assert!(writes[0].ends_with(&format!("/users/{}", small.ana)), "{writes:?}");
    assert!(writes[1].ends_with(&format!("/users/{cleo}")), "{writes:?}");
}

#[test]
fn a_policy_bound_to_come_after_one_that_fails_waits_but_for_the_login() {
    let small = Small::new();
    let site = small.site();
    let mut second = offboarding();
    second.more += "\nafter = [\"first\"]";
    let first = puppet(site.folder.path(), "first", "settings = { do = \"refuse\", words = \"not today\" }");
    site.configure("", &[first, second]);
    let said = site.muster(&["run", "--departed", ANA]).expect(6);
    assert!(
        said.contains("not today")
            && said.contains("\"first\", which this one comes after, has not done its part"),
        "{said}"
    );
    assert_eq!(site.writes().len(), 1, "the login, and nothing else");
    site.simulator.with_company(|company| {
        assert!(!company.user(small.ana).unwrap().active);
        assert_eq!(company.projects_of(small.ana).count(), 2);
    });
}

#[test]
fn a_policy_bound_to_come_after_one_whose_run_fails_waits_but_for_the_login() {
    let small = Small::new();
    let site = small.site();
    site.simulator.set_faults([muster_sim::Fault::IgnoreRemoval]);
    let more = format!(
        "settings = {{ do = \"propose\", only = [\"item-steps.reassign\", \"item-steps.close\", \"membership-steps.remove\", \"user-steps.deactivate\", \"item-steps.leave\"], user = {}, project = {}, item = {}, to = {} }}",
        small.ana, small.shared, small.movable, small.ben
    );
    let mut second = offboarding();
    second.more += "\nafter = [\"first\"]";
    site.configure("", &[puppet(site.folder.path(), "first", &more), second]);
    let ran = site.json(&["run", "--departed", ANA], 4);
    assert_eq!(
        (&ran["runs"][0]["run"]["end"], &ran["runs"][1]["run"]["end"]),
        (&Value::from("failed"), &Value::Null)
    );
    assert_eq!(ran["runs"][1]["verdict"]["ruling"], "refused");
    // Of the second plan only the login was taken up, and the first had cut it already.
    assert_eq!(ran["runs"][1]["run"]["steps"][0]["outcome"], "already");
    assert_eq!(ran["runs"][1]["run"]["steps"][1]["waiting"]["attempts"], 0);
}

#[test]
fn a_policy_that_does_not_load_holds_nobody_else_up_and_is_named() {
    let small = Small::new();
    let site = small.site();
    let mut missing = puppet(site.folder.path(), "missing", "settings = { do = \"echo\" }");
    missing.source = "file:nowhere.wasm".to_owned();
    site.configure("", &[missing, offboarding()]);
    let ran = site.muster(&["run", "--departed", ANA]);
    assert!(ran.stderr.contains("warning: the policy \"missing\" can't be had"), "{}", ran.stderr);
    let said = ran.expect(4);
    assert!(
        said.contains("policy missing does not load") && said.contains(": done, with remainder\n"),
        "{said}"
    );
    site.simulator.with_company(|company| assert!(!company.user(small.ana).unwrap().active));
    assert!(site.muster(&["runs", "list"]).expect(0).contains("policy does not load: "));
}

#[test]
fn a_reader_who_goes_away_does_not_keep_a_login_alive() {
    let small = Small::new();
    let site = small.site();
    let mut command = command(site.folder.path());
    let mut child = command.args(["run", "--departed", ANA]).stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    site.simulator.with_company(|company| {
        assert!(!company.user(small.ana).unwrap().active);
        assert_eq!(company.projects_of(small.ana).count(), 0);
    });
}

#[test]
fn a_hold_of_a_policy_never_holds_the_login() {
    let small = Small::new();
    let site = small.site();
    let more = format!(
        "scope = {{ people = \"company\" }}\nsettings = {{ do = \"deactivate\", users = [{}, {}], hold = true }}",
        small.ben, small.ana
    );
    site.configure("", &[puppet(site.folder.path(), "careful", &more)]);
    let said = site.muster(&["run", "--departed", ANA]).expect(5);
    assert!(said.contains("the login does not wait for that: it is cut all the same"), "{said}");
    site.simulator.with_company(|company| {
        assert!(!company.user(small.ana).unwrap().active);
        assert!(company.user(small.ben).unwrap().active, "Ben waits for a person");
    });
    // Once a person has looked, the same run goes on with what is left.
    let plan = site.json(&["runs", "list"], 0)[0]["plan"]["digest"].as_str().unwrap().to_owned();
    site.muster(&["apply", &plan, "--as", "Pat"]).expect(0);
    assert_eq!(site.writes().len(), 2);
    site.simulator.with_company(|company| assert!(!company.user(small.ben).unwrap().active));
}

#[test]
fn a_policy_that_says_nothing_and_adds_steps_is_at_fault() {
    let small = Small::new();
    let site = small.site();
    let more = format!("settings = {{ do = \"deactivate\", users = [{}], nothing = true }}", small.ana);
    site.configure("", &[puppet(site.folder.path(), "muddled", &more)]);
    let said = site.muster(&["run", "--departed", ANA]).expect(6);
    assert!(said.contains("decided that nothing has to be done, but added 1 steps"), "{said}");
    assert_eq!(site.writes(), Vec::<String>::new());
}

#[test]
fn inspect_says_what_a_policy_may_do_without_running_it_or_any_configuration() {
    let folder = tempfile::tempdir().unwrap();
    let said = muster(folder.path(), &["policy", "inspect", "builtin:offboarding"]).expect(0);
    for part in [
        "offboarding 0.1.0",
        "asked about: departed",
        "user-steps.deactivate    propose to take a user's login away",
        "successor                Who takes over every item",
        "allow = [\"clock.now\", ",
        "sha256:",
    ] {
        assert!(said.contains(part), "{part} in {said}");
    }
    let inspected =
        muster(folder.path(), &["--output", "json", "policy", "inspect", "builtin:offboarding"]).json(0);
    let declared = muster_engine::inspect(muster_test_guests::OFFBOARDING).unwrap().declared;
    assert_eq!(inspected["declared"], serde_json::to_value(declared).unwrap());
    assert_eq!(inspected["size"], muster_test_guests::OFFBOARDING.len());

    let core_module = folder.path().join("module.wasm");
    std::fs::write(&core_module, b"\0asm\x01\0\0\0").unwrap();
    let said = muster(folder.path(), &["policy", "inspect", "module.wasm"]).refused(4);
    assert!(said.contains("a core module, not a component"), "{said}");
}
