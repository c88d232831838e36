//! What the guard stops, on the whole way from the command line to Procore.

use muster_sim::NewUser;

use crate::site::{ANA, Small, offboarding, puppet};

#[test]
fn a_protected_account_keeps_its_access_whoever_asks() {
    let small = Small::new();
    let site = small.site();
    site.configure(&format!("[guard]\nprotected = [\"{}\"]", ANA.to_uppercase()), &[offboarding()]);
    let said = site.muster(&["run", "--departed", ANA]).expect(4);
    assert!(said.contains("is on the list of protected accounts"), "{said}");
    assert!(said.contains("refused") && said.contains("`protected` under `[guard]`"), "{said}");
    assert_eq!(site.writes(), Vec::<String>::new());
}

#[test]
fn musters_own_account_is_protected_without_being_listed() {
    let small = Small::new();
    let site = small.site();
    let me =
        site.simulator.with_company(|company| company.user(company.service_account()).unwrap().email.clone());
    let said = site.muster(&["run", "--departed", &me]).expect(4);
    assert!(said.contains("is the account that muster itself uses"), "{said}");
    assert_eq!(site.writes(), Vec::<String>::new());
}

#[test]
fn the_last_company_admin_can_not_leave() {
    let small = Small::new();
    let site = small.site();
    site.muster(&["run", "--departed", "cleo.admin@brightline.example"]).expect(0);
    let said = site.muster(&["run", "--departed", "dov.admin@brightline.example"]).expect(4);
    assert!(said.contains("Dov Admin") && said.contains("is the last company admin"), "{said}");
    site.simulator.with_company(|company| {
        assert!(company.user_by_email("dov.admin@brightline.example").unwrap().active);
    });
}

#[test]
fn a_policy_that_wants_too_much_waits_for_a_person_or_is_stopped() {
    let mut small = Small::new();
    let crowd: Vec<u64> = (0..40)
        .map(|number| small.company.add_user(NewUser::named("Crew", &format!("Member {number}"))).unwrap())
        .collect();
    for number in 0..100 {
        small.company.add_user(NewUser::named("Staff", &format!("Member {number}"))).unwrap();
    }
    let site = small.site();
    // 145 active people: 26 to 29 need an approval, 30 are too many for anybody to approve.
    let propose = |people: &[u64]| {
        let more = format!(
            "scope = {{ people = \"company\" }}\nsettings = {{ do = \"deactivate\", users = {people:?} }}"
        );
        site.configure("", &[puppet(site.folder.path(), "sweeper", &more)]);
    };
    propose(&crowd[..30]);
    let said = site.muster(&["run", "--departed", ANA]).expect(4);
    assert!(said.contains("30 people losing access of 145, where 29 are the most"), "{said}");
    let plan = site.json(&["runs", "list"], 0)[0]["plan"]["digest"].as_str().unwrap().to_owned();
    site.muster(&["apply", &plan, "--as", "Pat"]).expect(4);
    assert_eq!(site.writes(), Vec::<String>::new());

    propose(&crowd[..26]);
    let said = site.muster(&["run", "--departed", ANA]).expect(5);
    assert!(said.contains("26 people losing access, where more than 25 need a person's approval"), "{said}");
    assert_eq!(site.writes(), Vec::<String>::new());
    let plan = site.json(&["runs", "list"], 0)[0]["plan"]["digest"].as_str().unwrap().to_owned();
    assert!(site.muster(&["apply", &plan]).expect(5).contains("waits for a person's approval"));
    site.muster(&["apply", &plan, "--as", "Pat"]).expect(0);
    assert_eq!(site.writes().len(), 26);
}
