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
fn access_is_not_taken_before_its_planned_day_unless_a_person_says_so() {
    let small = Small::new();
    let site = small.site();
    let more = format!("settings = {{ do = \"deactivate\", users = [{}] }}", small.ana);
    site.configure("", &[puppet(site.folder.path(), "hasty", &more)]);
    let said = site
        .muster(&["run", "--departed", ANA, "--planned", "--effective", "2199-01-01T00:00:00Z"])
        .expect(5);
    assert!(said.contains("access would be taken before the planned day, 2199-01-01T00:00:00Z"), "{said}");
    assert_eq!(site.writes(), Vec::<String>::new());
}

#[test]
fn what_is_too_much_together_is_too_much_one_by_one() {
    let mut small = Small::new();
    let crowd: Vec<u64> = (0..140)
        .map(|number| small.company.add_user(NewUser::named("Crew", &format!("Member {number}"))).unwrap())
        .collect();
    let site = small.site();
    let part = |people: &[u64]| {
        format!(
            "scope = {{ people = \"company\" }}\nsettings = {{ do = \"deactivate\", users = {people:?} }}"
        )
    };
    let first = puppet(site.folder.path(), "first", &part(&crowd[..20]));
    let second = puppet(site.folder.path(), "second", &part(&crowd[20..40]));
    site.configure("", &[first, second]);
    let concluded = site.json(&["plan", "--departed", ANA], 4);
    for at in [0, 1] {
        let plan = concluded["policies"][at]["plan"]["digest"].as_str().unwrap();
        let said = site.muster(&["apply", plan, "--as", "Pat"]).expect(4);
        assert!(said.contains("40 people losing access of 145, where 29 are the most"), "{said}");
    }
    assert_eq!(site.writes(), Vec::<String>::new());
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
