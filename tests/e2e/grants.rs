//! What a policy may do is what it declares and what it is granted, and nothing else.

use crate::site::{ANA, Small, offboarding};

#[test]
fn what_is_taken_from_the_grant_refuses_the_load_naming_it_and_the_line_to_add() {
    let small = Small::new();
    let site = small.site();
    let mut entry = offboarding();
    entry.allow.retain(|name| name != "membership-steps.remove");
    site.configure("", &[entry]);
    let said = site.muster(&["run", "--departed", ANA]).refused(4);
    assert!(said.contains("declares `membership-steps.remove`, which its grant does not allow"), "{said}");
    let line = said.lines().find(|line| line.starts_with("hint: ")).unwrap();
    assert!(
        line.contains("change the entry of \"offboarding\" to: allow = [")
            && line.contains("\"membership-steps.remove\"")
    );
    assert_eq!(site.simulator.calls().total(), 0, "nothing was asked");
}

#[test]
fn what_is_withheld_answers_denied_and_the_rest_goes_on() {
    let small = Small::new();
    let site = small.site();
    let mut entry = offboarding();
    entry.more += "\nwithhold = [\"memberships.of-user\"]";
    site.configure("", &[entry]);
    let said = site.muster(&["run", "--departed", ANA]).expect(0);
    assert!(said.contains("memberships.of-user is withheld by the operator"), "{said}");
    site.simulator.with_company(|company| {
        assert!(!company.user(small.ana).unwrap().active);
        assert_eq!(company.projects_of(small.ana).count(), 2, "the policy could not know of them");
    });
}

#[test]
fn a_scope_bounds_what_a_policy_sees_and_changes() {
    let small = Small::new();
    let site = small.site();
    let mut entry = offboarding();
    entry.more += &format!("\nscope = {{ projects = {{ only = [\"{}\"] }} }}", small.shared);
    site.configure("", &[entry]);
    site.muster(&["run", "--departed", ANA]).expect(0);
    site.simulator.with_company(|company| {
        assert_eq!(company.projects_of(small.ana).collect::<Vec<_>>(), [small.alone]);
    });
}

#[test]
fn an_unknown_name_in_a_grant_is_refused_naming_the_valid_ones() {
    let site = Small::new().site();
    let mut entry = offboarding();
    entry.allow.push("user-steps.erase".to_owned());
    site.configure("", &[entry]);
    let said = site.muster(&["plan", "--departed", ANA]).refused(3);
    assert!(
        said.contains("policy[0].allow") && said.contains("\"user-steps.erase\" is no function"),
        "{said}"
    );
    assert!(said.contains("`user-steps.deactivate`"), "{said}");
}

#[test]
fn settings_that_break_the_schema_are_refused_with_their_place() {
    let site = Small::new().site();
    let mut entry = offboarding();
    entry.more = "settings = { successor = \"pat\", sucessor = true }".to_owned();
    site.configure("", &[entry]);
    let said = site.muster(&["plan", "--departed", ANA]).refused(3);
    assert!(said.contains("/successor: ") && said.contains("sucessor"), "{said}");
    assert_eq!(site.simulator.calls().total(), 0, "nothing was asked");
}
