//! A plan never changes, and `apply` does that plan and nothing else.

use muster_sim::{Fault, NewMembership};

use crate::site::{ANA, Site, Small, offboarding};

fn planned(site: &Site) -> String {
    let concluded = site.json(&["plan", "--departed", ANA, "--out", "plan.json"], 0);
    concluded["policies"][0]["plan"]["digest"].as_str().unwrap().to_owned()
}

#[test]
fn a_plan_is_applied_once_by_its_first_digits_or_from_its_file() {
    let small = Small::new();
    let site = small.site();
    let digest = planned(&site);
    let short = digest.strip_prefix("sha256:").unwrap().split_at(8).0;
    site.muster(&["apply", short]).expect(0);
    let writes = site.writes();
    for again in [digest.as_str(), short, "plan.json"] {
        let said = site.muster(&["apply", again]).refused(4);
        assert!(said.contains("has been carried out already"), "{said}");
    }
    assert_eq!(site.writes(), writes);
    assert!(site.muster(&["apply", "deadbeef"]).refused(2).contains("there is no plan"));
    assert!(site.muster(&["apply", "dead"]).refused(2).contains("the first eight digits"));
}

#[test]
fn a_plan_changed_on_disk_is_refused() {
    let site = Small::new().site();
    planned(&site);
    let path = site.path("plan.json");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("Harbor Point", "Harbour Point")).unwrap();
    let said = site.muster(&["apply", "plan.json"]).refused(4);
    assert!(said.contains("but its content is sha256:") && said.contains("nothing was sent"), "{said}");
    assert_eq!(site.writes(), Vec::<String>::new());
}

#[test]
fn a_plan_for_another_procore_or_another_grant_is_refused() {
    let small = Small::new();
    let (site, other) = (small.site(), small.site());
    let digest = planned(&site);

    // The same store, but a configuration that reaches somebody else.
    let config = std::fs::read_to_string(site.path("muster.toml")).unwrap();
    let elsewhere = config.replace(&site.simulator.base_url(), &other.simulator.base_url());
    std::fs::write(site.path("muster.toml"), elsewhere).unwrap();
    let said = site.muster(&["apply", &digest]).refused(4);
    assert!(said.contains("was made for another Procore"), "{said}");
    assert_eq!(other.writes(), Vec::<String>::new());

    let mut entry = offboarding();
    entry.more += "\nwithhold = [\"users.show\"]";
    site.configure("", &[entry]);
    let said = site.muster(&["apply", &digest]).refused(4);
    assert!(said.contains("the grant of the policy \"offboarding\" has changed"), "{said}");
    assert_eq!(site.writes(), Vec::<String>::new());
}

#[test]
fn what_changed_since_the_plan_is_skipped_and_named_or_was_so_already() {
    let small = Small::new();
    let site = small.site();
    let digest = planned(&site);
    site.simulator.with_company(|company| {
        company.remove_membership(small.ana, small.alone);
        company.remove_membership(small.ana, small.shared);
        let other = company.template_by_name("Read Only").unwrap().id;
        company.add_membership(NewMembership::new(small.ana, small.shared).with_template(other)).unwrap();
    });
    let said = site.muster(&["apply", &digest]).expect(1);
    let line = |start: &str, project: &str| {
        said.lines().any(|line| line.trim_start().starts_with(start) && line.contains(project))
    };
    assert!(line("already", "Pier 9 Utility Vault: Project Manager"), "{said}");
    assert!(line("skipped", "Harbor Point: Project Manager"), "{said}");
    assert!(
        said.contains("since the plan was made it is on the project with the template \"Read Only\""),
        "{said}"
    );
    site.simulator.with_company(|company| {
        assert_eq!(company.projects_of(small.ana).collect::<Vec<_>>(), [small.shared], "never improvised");
    });
}

#[test]
fn a_run_that_could_not_go_on_is_taken_up_where_it_stopped() {
    let small = Small::new();
    let site = small.site();
    let digest = planned(&site);
    // The app is cut off from the company: nothing can be asked, so nothing is sent.
    site.simulator.with_company(|company| company.set_connected(false));
    let said = site.muster(&["apply", &digest]).refused(7);
    assert!(said.contains("App is not connected to this company"), "{said}");
    site.simulator.with_company(|company| company.set_connected(true));
    site.simulator.set_faults(Vec::<Fault>::new());
    site.muster(&["apply", &digest]).expect(0);
}

#[test]
fn a_store_that_is_none_or_newer_is_not_touched() {
    let site = Small::new().site();
    std::fs::write(site.path("muster.db"), b"this is something else entirely, and longer than a header")
        .unwrap();
    let said = site.muster(&["plan", "--departed", ANA]).refused(3);
    assert!(said.contains("muster.db"), "{said}");
    assert_eq!(site.simulator.calls().total(), 0, "nothing was asked");
}
