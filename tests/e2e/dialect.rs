//! The dialect: what a policy sees and what a plan says is the same in both, and a server is not spoken to in one that it does
//! not speak.

use muster_sim::{Config, Dialect};
use serde_json::Value;

use crate::site::{ANA, Site, Small};

fn site(dialect: Dialect) -> Site {
    Site::with(Small::new().company, Config { dialect, ..Config::default() })
}

/// What a plan says, but for what differs from one decision to the next: the event's id and times, and the port.
fn content(site: &Site, dialect: &str) -> Value {
    let planned = site.json(&["plan", "--departed", ANA], 0);
    let mut content = planned["policies"][0]["plan"]["plan"].clone();
    assert_eq!(content["target"]["dialect"], dialect);
    content["target"]["dialect"] = Value::Null;
    content["target"]["api-host"] = Value::Null;
    content["event"] = Value::Null;
    content
}

#[test]
fn the_plan_of_a_departure_is_the_same_in_both_dialects_but_for_their_name() {
    let (reference, guide) = (site(Dialect::Reference), site(Dialect::Guide));
    assert_eq!(content(&reference, "reference"), content(&guide, "guide"));
    for site in [reference, guide] {
        site.muster(&["run", "--departed", ANA]).expect(0);
        site.simulator.with_company(|company| {
            let ana = company.user_by_email(ANA).unwrap();
            assert!(!ana.active && company.projects_of(ana.id).count() == 0);
        });
    }
}

#[test]
fn the_guide_is_not_spoken_to_a_server_that_does_not_speak_it() {
    let site = site(Dialect::Reference);
    let text = std::fs::read_to_string(site.path("muster.toml")).unwrap();
    let guide = text.replace("dialect = \"reference\"", "dialect = \"guide\"");
    assert_ne!(guide, text);
    std::fs::write(site.path("muster.toml"), guide).unwrap();
    let said = site.muster(&["run", "--departed", ANA]).refused(3);
    assert!(said.contains("does not speak the dialect `guide`"), "{said}");
    assert!(said.contains("dialect = \"reference\""), "{said}");
    let said = site.muster(&["doctor"]).expect(3);
    assert!(said.contains("does not speak the dialect `guide`"), "{said}");
    assert_eq!(site.writes(), Vec::<String>::new());
}
