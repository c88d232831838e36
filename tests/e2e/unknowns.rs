//! What nobody knows of Procore: a departure ends complete under every answer to every open question, or names what is left.

use muster_sim::{Config, Switches};

use crate::site::{ANA, Site, Small};

#[test]
fn a_departure_ends_complete_or_names_what_is_left_whatever_procore_turns_out_to_do() {
    let settings = Switches::each();
    assert!(settings.len() > 20, "every setting of every switch");
    for (name, switches) in settings {
        let mut small = Small::new();
        // One of the two projects comes from a group of Procore's.
        small.company.set_managed(small.ana, small.alone, true);
        let site = Site::with(small.company.clone(), Config { switches, ..Config::default() });
        let ran = site.muster(&["run", "--departed", ANA]);
        let said = format!("{}{}", ran.stdout, ran.stderr);
        let complete = site.simulator.with_company(|company| {
            assert!(!company.user(small.ana).unwrap().active, "{name}: the login is gone\n{said}");
            let mut complete = true;
            for project in company.projects_of(small.ana) {
                complete = false;
                let project = &company.project(project).unwrap().name;
                assert!(said.contains("failed") && said.contains(project.as_str()), "{name}\n{said}");
            }
            for rfi in
                company.rfis().filter(|rfi| rfi.assignees.contains(&small.ana) || rfi.manager == small.ana)
            {
                complete &= rfi.id == small.stuck;
                assert!(said.contains(&rfi.subject), "{name}: an item is left\n{said}");
            }
            complete
        });
        assert_eq!(ran.code, i32::from(!complete), "{name}\n{said}");
        // The same again adds nothing, and says what stays.
        let writes = site.writes();
        let again = site.muster(&["run", "--departed", ANA]);
        assert_eq!(again.code, i32::from(!complete), "{name}: {}{}", again.stdout, again.stderr);
        assert!(!complete || site.writes() == writes, "{name}");
    }
}

#[test]
fn an_account_that_sees_no_project_does_not_take_a_departure_for_complete() {
    let small = Small::new();
    let config = Config { accounts: muster_sim::NewAccount::standard(), ..Config::default() };
    let site = Site::with(small.company.clone(), config);
    let accounts = site.simulator.accounts();
    let limited = accounts.iter().find(|account| account.name == "limited").unwrap();
    let text = std::fs::read_to_string(site.path("muster.toml")).unwrap();
    let own = site.simulator.credentials().client_id;
    std::fs::write(site.path("muster.toml"), text.replace(&own, &limited.credentials.client_id)).unwrap();
    std::fs::write(site.path("client-secret"), &limited.credentials.client_secret).unwrap();
    let said = site.muster(&["doctor"]).expect(7);
    assert!(said.contains("the service account sees none"), "{said}");
    let said = site.muster(&["run", "--departed", ANA]).expect(0);
    assert!(said.contains("what Ana Diaz holds could not be read"), "{said}");
    assert!(said.contains("done, with remainder"), "{said}");
    site.simulator.with_company(|company| {
        assert!(!company.user(small.ana).unwrap().active);
        assert_eq!(company.projects_of(small.ana).count(), 2);
    });
}
