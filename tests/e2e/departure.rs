//! A departure, from the event to the proof.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};

use serde_json::{Value, json};

use crate::site::{ANA, Small, command, muster, offboarding, puppet};

/// A simulator in a process of its own, as `muster sim` starts it.
struct Sim {
    process: Child,
    url: String,
    leaver: String,
}

impl Sim {
    fn start(folder: &std::path::Path, more: &[&str]) -> Self {
        let company = ["--seed", "7", "--users", "500", "--projects", "60", "--limits", "none"];
        Self::with(folder, &[company.as_slice(), more].concat())
    }

    fn with(folder: &std::path::Path, arguments: &[&str]) -> Self {
        let mut sim = command(folder);
        sim.args(["--output", "json", "sim", "--port", "0"]);
        let mut process = sim.args(arguments).stdout(Stdio::piped()).spawn().unwrap();
        // One JSON document, printed over several lines once the simulator answers.
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut document = String::new();
        while !document.ends_with("}\n") {
            document += &(lines.next().unwrap().unwrap() + "\n");
        }
        let said: Value = serde_json::from_str(&document).unwrap();
        let text = |key: &str| said[key].as_str().unwrap().to_owned();
        Self { process, url: text("url"), leaver: text("leaver") }
    }

    async fn get(&self, path: &str) -> Value {
        crate::site::get(&format!("{}{path}", self.url)).await
    }
}

impl Drop for Sim {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

#[tokio::test]
async fn a_departure_is_planned_applied_and_shown_against_a_simulator_in_another_process() {
    let folder = tempfile::tempdir().unwrap();
    let sim = Sim::start(folder.path(), &[]);
    let run = |more: &[&str]| {
        let all: Vec<_> =
            ["--config", "muster-sim/muster.toml", "--output", "json"].iter().chain(more).copied().collect();
        muster(folder.path(), &all)
    };
    let before = sim.get("/sim/state").await;
    let concluded = run(&["plan", "--departed", &sim.leaver]).json(0);
    assert_eq!(sim.get("/sim/calls").await["writes"], 0, "planning changes nothing");
    let plan = concluded["policies"][0]["plan"]["digest"].as_str().unwrap();
    let user =
        concluded["policies"][0]["plan"]["plan"]["event"]["kind"]["departed"]["user"].as_str().unwrap();
    let user: u64 = user.parse().unwrap();

    let applied = run(&["apply", plan]).json(0);
    assert!(
        matches!(applied["runs"][0]["run"]["end"].as_str(), Some("done" | "done-with-remainder")),
        "{applied}"
    );
    let shown = run(&["runs", "show", plan]).json(0);
    assert_eq!(shown["plan"]["run"]["end"], applied["runs"][0]["run"]["end"]);

    // As the exported state has it: inactive, on no project, holding no open RFI that anybody else could take.
    let after = sim.get("/sim/state").await;
    let list = |state: &Value, key: &str| state[key].as_array().unwrap().clone();
    let person = list(&after, "users").into_iter().find(|one| one["id"] == user).unwrap();
    assert_eq!(person["active"], false);
    let on = |state| list(state, "memberships").into_iter().filter(|one| one["user"] == user).count();
    assert!(on(&before) > 5 && on(&after) == 0);
    let open = |rfi: &Value| matches!(rfi["status"].as_str(), Some("open" | "draft"));
    let holds =
        |rfi: &Value| rfi["manager"] == user || rfi["assignees"].as_array().unwrap().contains(&json!(user));
    let held = |state| list(state, "rfis").into_iter().filter(|rfi| open(rfi) && holds(rfi)).count();
    let stays = concluded["policies"][0]["plan"]["plan"]["remainder"].as_array().unwrap();
    let stays: std::collections::BTreeSet<_> =
        stays.iter().map(|row| row["item"]["id"].to_string()).collect();
    assert!(held(&before) > 5);
    assert_eq!(held(&after), stays.len(), "what stays is named");

    // And as Procore itself says, asked by somebody else.
    let config = std::fs::read_to_string(folder.path().join("muster-sim/muster.toml")).unwrap();
    let client = config.lines().find_map(|line| line.strip_prefix("client-id = ")).unwrap().trim_matches('"');
    let secret = std::fs::read_to_string(folder.path().join("muster-sim/client-secret")).unwrap();
    let form = [("grant_type", "client_credentials"), ("client_id", client), ("client_secret", &secret)];
    let http = reqwest::Client::new();
    let token = http.post(format!("{}/oauth/token", sim.url)).form(&form).send().await.unwrap();
    let token: Value = token.json().await.unwrap();
    let company = after["company"]["id"].as_u64().unwrap();
    let assignments = format!("{}/rest/v1.0/companies/{company}/users/{user}/project_assignments", sim.url);
    let assignments = http
        .get(assignments)
        .query(&[("filters[assignment_status]", "assigned")])
        .bearer_auth(token["access_token"].as_str().unwrap())
        .header("Procore-Company-Id", company)
        .send();
    assert_eq!(assignments.await.unwrap().json::<Value>().await.unwrap(), json!([]));

    // The same again: nothing to do, and nothing is done.
    let writes = sim.get("/sim/calls").await["writes"].clone();
    let again = run(&["run", "--departed", &sim.leaver]).json(0);
    assert_eq!(again["policies"][0]["conclusion"], "nothing");
    assert_eq!(sim.get("/sim/calls").await["writes"], writes);
}

#[test]
fn a_removal_that_procore_drops_silently_makes_the_run_fail() {
    let folder = tempfile::tempdir().unwrap();
    let sim = Sim::start(folder.path(), &["--fault", "ignore-removal"]);
    let all = ["--config", "muster-sim/muster.toml", "run", "--departed", &sim.leaver];
    let said = muster(folder.path(), &all).expect(1);
    assert!(said.contains(": failed\n") && !said.contains(": done"), "{said}");
    assert!(said.contains("Procore answered that it was done, but still shows it as it was"), "{said}");
}

#[test]
fn an_immediate_departure_cuts_the_login_in_the_first_writing_call_and_names_what_nobody_can_take() {
    let small = Small::new();
    let site = small.site();
    let said = site.muster(&["run", "--departed", ANA]).expect(0);
    let first = &site.writes()[0];
    assert!(
        first.starts_with("PATCH /rest/v1.3/companies/") && first.ends_with(&format!("/users/{}", small.ana)),
        "{first}"
    );
    assert!(said.contains(": done, with remainder\n"), "{said}");
    assert!(said.contains("\"Sump pump discharge\" in Pier 9 Utility Vault: assignee Ana Diaz"), "{said}");
    site.simulator.with_company(|company| {
        assert!(!company.user(small.ana).unwrap().active);
        assert_eq!(company.projects_of(small.ana).count(), 0);
        assert_eq!(company.rfi(small.movable).unwrap().assignees, [small.ben]);
        assert_eq!(company.rfi(small.stuck).unwrap().assignees, [small.ana]);
    });
}

#[test]
fn a_second_policy_that_traps_holds_nothing_up_wherever_it_stands() {
    for trap_first in [true, false] {
        let small = Small::new();
        let site = small.site();
        let settings = format!("settings = {{ do = \"trap\", user = {} }}", small.ana);
        let mut policies = vec![offboarding(), puppet(site.folder.path(), "broken", &settings)];
        if trap_first {
            policies.reverse();
        }
        site.configure("", &policies);
        let said = site.muster(&["run", "--departed", ANA]).expect(6);
        assert!(
            said.contains("policy broken is at fault") && said.contains("was dropped: 1 steps"),
            "{said}"
        );
        assert!(said.contains(": done, with remainder\n") && said.contains("Sump pump discharge"), "{said}");
        let writes = site.writes();
        assert!(writes[0].ends_with(&format!("/users/{}", small.ana)), "{writes:?}");
        site.simulator.with_company(|company| assert_eq!(company.projects_of(small.ana).count(), 0));
    }
}

#[test]
fn a_planned_departure_hands_over_first_holds_what_has_no_successor_and_cuts_on_the_day() {
    let small = Small::new();
    let site = small.site();
    let early = ["--departed", ANA, "--planned", "--effective", "2199-01-01T17:00[America/New_York]"];
    let arguments: Vec<_> = ["plan"].iter().chain(&early).copied().collect();
    let said = site.muster(&arguments).expect(5);
    assert!(said.contains("waits for a person's approval") && said.contains("1 item to hand over"), "{said}");

    // Nobody approves, so nothing happens; somebody approves, and what can move moves.
    let arguments: Vec<_> = ["run"].iter().chain(&early).copied().collect();
    site.muster(&arguments).expect(5);
    assert_eq!(site.writes(), Vec::<String>::new());
    let plan = site.json(&["runs", "list"], 0)[0]["plan"]["digest"].as_str().unwrap().to_owned();
    let said = site.muster(&["apply", &plan, "--as", "Pat"]).expect(0);
    assert!(said.contains("done") && said.contains("assignee Ana Diaz → Ben Ode"), "{said}");
    assert!(site.muster(&["runs", "show", &plan]).expect(0).contains("approved by Pat (uid "));
    site.simulator.with_company(|company| {
        assert!(company.user(small.ana).unwrap().active, "the day has not come");
        assert_eq!(company.projects_of(small.ana).count(), 2);
        assert_eq!(company.rfi(small.movable).unwrap().assignees, [small.ben]);
    });

    // On the day it acts as an immediate one, and says so.
    let said = site
        .muster(&["run", "--departed", ANA, "--planned", "--effective", "2026-01-01T00:00:00Z"])
        .expect(0);
    assert!(said.contains("on the planned day, now as for an immediate departure"), "{said}");
    assert!(site.writes()[1].ends_with(&format!("/users/{}", small.ana)));
    site.simulator.with_company(|company| {
        assert!(!company.user(small.ana).unwrap().active);
        assert_eq!(company.projects_of(small.ana).count(), 0);
    });
}

#[test]
fn an_address_that_nobody_has_is_no_departure() {
    let site = Small::new().site();
    let said = site.muster(&["plan", "--departed", "ana.dia@brightline.example"]).refused(2);
    assert!(
        said.contains(
            "nobody in the directory has the address ana.dia@brightline.example; nothing was changed"
        ),
        "{said}"
    );
    assert!(site.muster(&["plan", "--departed", "ana"]).refused(2).contains("is no e-mail address"));
    let when = ["plan", "--departed", ANA, "--planned", "--effective", "2026-12-01T17:00"];
    assert!(site.muster(&when).refused(2).contains("expected a time with its zone"));
}

#[tokio::test]
async fn a_simulator_is_started_with_other_accounts_faults_dialects_times_and_companies() {
    let folder = tempfile::tempdir().unwrap();
    let run = |config: &str, more: &[&str]| {
        let all: Vec<_> = ["--config", config].iter().chain(more).copied().collect();
        muster(folder.path(), &all)
    };
    let kept = {
        let more = ["--dialect", "guide", "--accounts", "--switch", "second-add=refused"];
        let sim = Sim::start(
            folder.path(),
            &[more.as_slice(), &["--clock", "2026-07-02T08:00:00Z,running"]].concat(),
        );
        run("muster-sim/muster.toml", &["plan", "--departed", &sim.leaver]).expect(0);
        let said = run("muster-sim/muster-reader.toml", &["doctor"]).expect(7);
        assert!(said.contains("user-steps.deactivate (it needs the level admin"), "{said}");
        let said = run("muster-sim/muster-limited.toml", &["doctor"]).expect(7);
        assert!(said.contains("the service account sees none"), "{said}");
        assert!(sim.get("/sim/clock").await.to_string().contains("2026-07-02T08:"));
        sim.get("/sim/company").await
    };
    // The same company again, from what was kept of it, and with something that goes wrong.
    std::fs::write(folder.path().join("company.json"), kept.to_string()).unwrap();
    let drop = "not-made PATCH /rest/v1.3/companies/{company_id}/users/{id}";
    let sim = Sim::with(folder.path(), &["--company", "company.json", "--fault", drop, "--limits", "none"]);
    assert_eq!(sim.get("/sim/company").await["users"], kept["users"]);
    let said = run("muster-sim/muster.toml", &["run", "--departed", &sim.leaver]).expect(1);
    assert!(said.contains("failed     1"), "{said}");
}

#[test]
fn a_simulator_is_not_started_with_what_makes_no_sense() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("no.json"), "{}").unwrap();
    let rows = [
        (["--users", "99999999999"], "at most 200000"),
        (["--company", "/dev/zero"], "a file of at most"),
        (["--company", "none.json"], "none.json can't be read"),
        (["--company", "no.json"], "the company can't be read"),
        (["--switch", "second-add=perhaps"], "is no switch"),
        (["--fault", "html"], "html"),
        (["--clock", "tomorrow"], "a clock is"),
        (["--dialect", "french"], "`reference` or `guide`"),
    ];
    for (arguments, words) in rows {
        let all = [["sim", "--port", "0"].as_slice(), arguments.as_slice()].concat();
        let said = muster(folder.path(), &all).refused(2);
        assert!(said.contains(words), "{arguments:?}: {said}");
    }
}
