//! The same tape gives the same bytes, in another process and without Procore.

use crate::site::{ANA, Small, offboarding, puppet};

#[test]
fn the_same_tapes_give_the_same_proposals_plans_and_verdicts_in_two_processes() {
    let small = Small::new();
    let site = small.site();
    let more = format!("settings = {{ do = \"deactivate\", users = [{}], hold = true }}", small.ana);
    site.configure("", &[puppet(site.folder.path(), "careful", &more), offboarding()]);
    let first = site.muster(&["--output", "json", "plan", "--departed", ANA]).expect(5);
    let plan = site.json(&["runs", "list"], 0)[0]["plan"]["digest"].as_str().unwrap().to_owned();

    // What Procore would answer now does not matter, and it is not asked.
    site.simulator.with_company(|company| company.set_active(small.ana, false).unwrap());
    let asked = site.simulator.calls().total();
    let replays = [0, 1].map(|_| site.muster(&["--output", "json", "replay", &plan]).expect(0));
    let policies = |text: &str| {
        let (_, policies) = text.split_once("\"policies\":").unwrap();
        policies.rsplit_once("\n  ]").unwrap().0.to_owned()
    };
    assert_eq!(policies(&replays[0]), policies(&first));
    assert_eq!(policies(&replays[1]), policies(&first));
    assert!(replays[0].ends_with("\"replayed\": \"same\"\n}\n"));
    assert!(first.contains("\"proposal\"") && first.contains("\"verdict\"") && first.contains("\"digest\""));
    assert_eq!(site.simulator.calls().total(), asked);
    assert!(site.muster(&["replay", &plan]).expect(0).ends_with("replayed: the same\n"));
}

#[test]
fn a_tape_is_replayed_with_the_artifact_that_it_was_recorded_with() {
    let small = Small::new();
    let site = small.site();
    site.muster(&["plan", "--departed", ANA]).expect(0);
    let plan = site.json(&["runs", "list"], 0)[0]["plan"]["digest"].as_str().unwrap().to_owned();
    let other = puppet(site.folder.path(), "offboarding", "settings = { do = \"echo\" }");
    site.configure("", &[other]);
    let said = site.muster(&["replay", &plan]).refused(4);
    assert!(said.contains("is not in the configuration"), "{said}");
}
