//! Every function of the contract, from a policy to the simulated Procore and back: a function without one of its parts has no
//! row that works.

use std::collections::BTreeSet;

use muster_core::function::{Class, Function};
use muster_core::inverse::Inverse;
use muster_core::plan::Plan;
use muster_sim::{Company, Config, Dialect, NewMembership, NewUser, Rule, Trouble};
use serde_json::Value;

use crate::site::{ANA, Site, Small, puppet};

/// A small company with one of everything beside Ana and Ben.
struct Whole {
    small: Small,
    /// A contact on the project that Ana and Ben share.
    contact: u64,
    /// A vendor that is not in use.
    vendor: u64,
    /// A group with Ana and Ben in it.
    group: u64,
    /// The template "Superintendent".
    template: u64,
    /// The template for the company's own tools that is no admin's.
    office: u64,
    /// A user without a login.
    gone: u64,
}

impl Whole {
    fn new() -> Self {
        let mut small = Small::new();
        let company = &mut small.company;
        let contact = company.add_contact("Leo", "Cruz");
        company.add_contact_membership(contact, small.shared).unwrap();
        let vendor = company.add_vendor("Gable Roofing", None);
        company.set_vendor_active(vendor, false).unwrap();
        let group =
            company.add_distribution_group("Site mail", Some(small.shared), &[small.ana, small.ben]).unwrap();
        let named = |company: &Company, name: &str| company.template_by_name(name).unwrap().id;
        let (template, office) = (named(company, "Superintendent"), named(company, "Office Staff"));
        let gail = company.add_user(NewUser::named("Gail", "Roe")).unwrap();
        let role = NewMembership::new(gail, small.shared).with_role("Superintendent");
        company.add_membership(role).unwrap();
        let gone = company.add_user(NewUser { inactive: true, ..NewUser::named("Gus", "Gone") }).unwrap();
        Self { small, contact, vendor, group, template, office, gone }
    }

    fn site(&self, dialect: Dialect) -> Site {
        Site::with(self.small.company.clone(), Config { dialect, ..Config::default() })
    }

    /// The settings of a puppet for everybody in the company, about these things, with these orders.
    fn settings(&self, order: &str, over: &[(&str, u64)]) -> String {
        let Small { ana, ben, shared, movable, .. } = &self.small;
        let mut ids = vec![
            ("user", *ana),
            ("project", *shared),
            ("item", *movable),
            ("to", *ben),
            ("contact", self.contact),
            ("vendor", self.vendor),
            ("group", self.group),
            ("template", self.template),
        ];
        for (name, id) in over {
            ids.retain(|(known, _)| known != name);
            ids.push((name, *id));
        }
        let ids: Vec<_> = ids.iter().map(|(name, id)| format!("{name} = {id}")).collect();
        format!(
            "scope = {{ people = \"company\" }}\nsettings = {{ {order}, {}, email = \"noa.berg@brightline.example\" }}",
            ids.join(", ")
        )
    }
}

/// What a power does to the simulated company, and through which operation.
struct Power {
    operation: &'static str,
    /// What it is about, where that is not Ana on the project that she shares with Ben.
    over: Vec<(&'static str, u64)>,
    /// Whether what it wants is so.
    holds: fn(&Whole, &Company) -> bool,
}

const USER: &str = "PATCH /rest/v1.3/companies/{company_id}/users/{id}";
const PERSON: &str = "PATCH /rest/v1.0/companies/{company_id}/people/{id}";
const RFI: &str = "PATCH /rest/v1.0/projects/{project_id}/rfis/{id}";
const RFIS: &str = "PATCH /rest/v1.0/projects/{project_id}/rfis";

/// The row of a power. A power that is new has none, and the tests below fail.
fn power(whole: &Whole, function: Function) -> Power {
    let row = |operation, holds| Power { operation, over: vec![], holds };
    let with = |over, operation, holds| Power { operation, over, holds };
    match function {
        Function::UserStepsCreate => row("POST /rest/v1.3/companies/{company_id}/users", |_, company| {
            company.user_by_email("noa.berg@brightline.example").is_some_and(|user| user.active)
        }),
        Function::UserStepsUpdateProfile => row(USER, |whole, company| {
            let user = company.user(whole.small.ana).unwrap();
            user.job_title.as_deref() == Some("Foreman") && user.mobile_phone.as_deref() == Some("555-0100")
        }),
        Function::UserStepsDeactivate => {
            row(USER, |whole, company| !company.user(whole.small.ana).unwrap().active)
        }
        Function::UserStepsReactivate => with(
            vec![("user", whole.gone)],
            "PATCH /rest/v1.0/companies/{company_id}/users/inactive/{id}",
            |whole, company| company.user(whole.gone).unwrap().active,
        ),
        Function::UserStepsInvite => {
            row("PATCH /rest/v1.3/companies/{company_id}/users/{id}/invite", |whole, company| {
                company.user(whole.small.ana).unwrap().welcome_email_sent_at.is_some()
            })
        }
        Function::UserStepsSetCompanyTemplate => {
            with(vec![("template", whole.office)], USER, |whole, company| {
                company.user(whole.small.ana).unwrap().company_template == Some(whole.office)
            })
        }
        Function::UserStepsSetDefaultTemplate => row(USER, |whole, company| {
            company.user(whole.small.ana).unwrap().default_template == Some(whole.template)
        }),
        Function::IdentityStepsChangeEmail => row(USER, |whole, company| {
            company.user(whole.small.ana).unwrap().email == "noa.berg@brightline.example"
        }),
        Function::ErasureDeleteUser => {
            // Who holds items can't be deleted.
            let delete = "DELETE /rest/v1.0/companies/{company_id}/users/{id}";
            with(vec![("user", whole.gone)], delete, |whole, company| company.user(whole.gone).is_none())
        }
        Function::MembershipStepsAdd => with(
            vec![("user", whole.small.ben), ("project", whole.small.alone)],
            "POST /rest/v1.0/projects/{project_id}/users/{id}/actions/add",
            |whole, company| {
                let found = company.membership(whole.small.ben, whole.small.alone);
                found.is_some_and(|found| found.template == Some(whole.template))
            },
        ),
        Function::MembershipStepsRemove => {
            row("DELETE /rest/v1.0/projects/{project_id}/users/{id}/actions/remove", |whole, company| {
                company.membership(whole.small.ana, whole.small.shared).is_none()
            })
        }
        Function::MembershipStepsSetTemplate => {
            row("PATCH /rest/v1.0/projects/{project_id}/permission_template_assignments", |whole, company| {
                let found = company.membership(whole.small.ana, whole.small.shared);
                found.is_some_and(|found| found.template == Some(whole.template))
            })
        }
        Function::MembershipStepsAddContact => with(
            vec![("project", whole.small.alone)],
            "POST /rest/v1.0/projects/{project_id}/project_memberships",
            |whole, company| company.contact_membership(whole.contact, whole.small.alone).is_some(),
        ),
        Function::MembershipStepsRemoveContact => row(
            "DELETE /rest/v2.0/companies/{company_id}/projects/{project_id}/project_memberships/bulk_remove",
            |whole, company| company.contact_membership(whole.contact, whole.small.shared).is_none(),
        ),
        Function::ContactStepsDeactivate => {
            row(PERSON, |whole, company| !company.contact(whole.contact).unwrap().active)
        }
        Function::ContactStepsReactivate => {
            row(PERSON, |whole, company| company.contact(whole.contact).unwrap().active)
        }
        Function::VendorStepsReactivate => {
            row("PATCH /rest/v1.0/companies/{company_id}/vendors/inactive/{id}", |whole, company| {
                company.vendor(whole.vendor).unwrap().active
            })
        }
        Function::GroupStepsLeave => row(
            "PATCH /rest/v1.0/projects/{project_id}/distribution_groups/{distribution_group_id}",
            |whole, company| company.distribution_group(whole.group).unwrap().users == [whole.small.ben],
        ),
        Function::ItemStepsAdd => row(RFIS, |whole, company| {
            company.rfi(whole.small.movable).unwrap().assignees == [whole.small.ana, whole.small.ben]
        }),
        Function::ItemStepsReassign => row(RFIS, |whole, company| {
            company.rfi(whole.small.movable).unwrap().assignees == [whole.small.ben]
        }),
        Function::ItemStepsClose => {
            row(RFI, |whole, company| company.rfi(whole.small.movable).unwrap().status.is_closed())
        }
        other => panic!("{other} is no power that has a row here"),
    }
}

fn powers() -> impl Iterator<Item = Function> {
    Function::ALL.into_iter().filter(|function| function.class() == Class::Power)
}

/// Plans one power and carries the plan out with somebody's approval. Returns how its step ended.
fn carried_out(site: &Site, whole: &Whole, function: Function, code: i32) -> (String, Value) {
    let over = power(whole, function).over;
    let settings = whole.settings(&format!("do = \"propose\", only = [\"{function}\"]"), &over);
    site.configure("", &[puppet(site.folder.path(), "powers", &settings)]);
    let planned = site.muster(&["plan", "--departed", ANA, "--output", "json"]);
    let planned: Value =
        serde_json::from_str(&planned.stdout).unwrap_or_else(|_| panic!("{}", planned.stderr));
    let plan = &planned["policies"][0]["plan"];
    let written = serde_json::json!({ "digest": plan["digest"], "plan": plan["plan"] });
    let digest = plan["digest"].as_str().unwrap_or_else(|| panic!("{function}: {planned}"));
    let ran = site.muster(&["apply", digest, "--as", "Cleo", "--output", "json"]).json(code);
    let step = &ran["runs"][0]["run"]["steps"][0];
    (step["outcome"].as_str().unwrap_or_else(|| panic!("{function}: {ran}")).to_owned(), written)
}

/// The dialect in which a power exists.
fn dialect(function: Function) -> Dialect {
    if function == Function::ErasureDeleteUser { Dialect::Guide } else { Dialect::Reference }
}

/// A contact that is reactivated was inactive before.
fn prepared(whole: &Whole, site: &Site, function: Function) {
    if function == Function::ContactStepsReactivate {
        site.simulator.with_company(|company| company.set_person_active(whole.contact, false).unwrap());
    }
}

#[test]
fn every_power_is_carried_out_and_read_back() {
    let whole = Whole::new();
    for function in powers() {
        let site = whole.site(dialect(function));
        prepared(&whole, &site, function);
        let Power { holds, .. } = power(&whole, function);
        assert!(!site.simulator.with_company(|company| holds(&whole, company)), "{function} before");
        let (outcome, plan) = carried_out(&site, &whole, function, 0);
        assert_eq!(outcome, "done", "{function}");
        // What changed something has an inverse, or a reason why it has none.
        let plan =
            Plan::from_json(plan.to_string().as_bytes()).unwrap_or_else(|error| panic!("{error}: {plan}"));
        assert_ne!(plan.step(1).unwrap().inverse(), Inverse::Nothing, "{function}");
        assert!(site.simulator.with_company(|company| holds(&whole, company)), "{function} after");
        assert_eq!(site.writes().len(), 1, "{function}: {:?}", site.writes());
    }
}

#[test]
fn every_power_that_procore_drops_silently_is_noticed() {
    let whole = Whole::new();
    for function in powers() {
        let site = whole.site(dialect(function));
        prepared(&whole, &site, function);
        let Power { operation, holds, .. } = power(&whole, function);
        site.simulator.set_script([Rule::new(Trouble::NotMade, operation).unwrap()].into_iter().collect());
        assert_eq!(carried_out(&site, &whole, function, 1).0, "failed", "{function}");
        assert!(!site.simulator.with_company(|company| holds(&whole, company)), "{function}");
    }
}

#[test]
fn a_plan_says_in_words_what_every_power_changes() {
    let whole = Whole::new();
    for function in powers() {
        let site = whole.site(dialect(function));
        prepared(&whole, &site, function);
        let over = power(&whole, function).over;
        let settings = whole.settings(&format!("do = \"propose\", only = [\"{function}\"]"), &over);
        site.configure("", &[puppet(site.folder.path(), "powers", &settings)]);
        let said = site.muster(&["plan", "--departed", ANA, "--explain"]).stdout;
        let line = said.lines().find(|line| line.contains("  1  ")).unwrap_or_else(|| panic!("{said}"));
        assert!(line.ends_with(function.name()), "{line}");
        // Nobody and nothing is called by a number where the directory has a name.
        for kind in ["user ", "contact ", "template ", "project "] {
            let number = line.split(kind).nth(1).and_then(|rest| rest.chars().next());
            assert!(!number.is_some_and(|first| first.is_ascii_digit()), "{function}: {line}");
        }
        assert!(said.contains("call 1: "), "{function}: {said}");
        let for_good = [
            Function::ErasureDeleteUser,
            Function::GroupStepsLeave,
            Function::ItemStepsAdd,
            Function::ItemStepsClose,
            Function::UserStepsCreate,
            Function::UserStepsInvite,
            Function::VendorStepsReactivate,
        ];
        let template = [Function::UserStepsSetCompanyTemplate, Function::UserStepsSetDefaultTemplate];
        assert_eq!(
            said.contains("can't be undone"),
            for_good.contains(&function) || template.contains(&function),
            "{function}: {said}"
        );
    }
}

#[test]
fn an_invitation_that_is_sent_once_more_is_never_sent_twice_for_one_step() {
    let whole = Whole::new();
    let site = whole.site(Dialect::Reference);
    let invited = "PATCH /rest/v1.3/companies/{company_id}/users/{id}/invite";
    site.simulator.with_company(|company| company.invite(whole.small.ana).unwrap());
    // Whether the second mail was sent can't be seen where nothing answers and nothing changed.
    site.simulator.set_script(
        [Rule::new(Trouble::NotMade, invited).unwrap(), Rule::new(Trouble::DropAfter, invited).unwrap()]
            .into_iter()
            .collect(),
    );
    let (outcome, _) = carried_out(&site, &whole, Function::UserStepsInvite, 1);
    assert_eq!((outcome.as_str(), site.writes().len()), ("unknown", 1));
}

#[test]
fn a_user_who_is_created_is_taken_on_projects_and_invited_by_the_same_plan() {
    let whole = Whole::new();
    let site = whole.site(Dialect::Reference);
    let order = "do = \"propose\", only = [\"user-steps.create\", \"user-steps.set-default-template\", \
                 \"membership-steps.add\", \"user-steps.invite\"]";
    site.configure("", &[puppet(site.folder.path(), "joiner", &whole.settings(order, &[]))]);
    let said = site.muster(&["run", "--departed", ANA]).expect(0);
    assert!(said.contains("Noa Berg <noa.berg@brightline.example> (job title \"Engineer\", an employee, employee id \"E-17\")"), "{said}");
    assert!(said.contains("Harbor Point, Noa Berg"), "{said}");
    site.simulator.with_company(|company| {
        let user = company.user_by_email("noa.berg@brightline.example").unwrap();
        assert!(user.welcome_email_sent_at.is_some() && user.default_template == Some(whole.template));
        assert!(company.membership(user.id, whole.small.shared).is_some());
    });
    // The same again: nobody can be created with an address that somebody has.
    let said = site.muster(&["run", "--departed", ANA]).expect(6);
    assert!(said.contains("gives out the address noa.berg@brightline.example, which"), "{said}");

    // Where the creation fails, nothing is done about the user who is not there.
    let site = whole.site(Dialect::Reference);
    site.configure("", &[puppet(site.folder.path(), "joiner", &whole.settings(order, &[]))]);
    let create = Rule::new(Trouble::NotMade, "POST /rest/v1.3/companies/{company_id}/users").unwrap();
    site.simulator.set_script([create].into_iter().collect());
    let said = site.muster(&["run", "--departed", ANA]).expect(1);
    assert_eq!(said.matches("the user that step 1 creates is not there").count(), 3, "{said}");
    assert_eq!(site.writes().len(), 1);
}

#[test]
fn an_address_and_a_deletion_wait_for_a_person_and_procores_own_reference_has_no_deletion() {
    let whole = Whole::new();
    let rows = [
        (Dialect::Reference, "identity-steps.change-email", 5, "would log in as noa.berg@brightline.example"),
        (Dialect::Guide, "erasure.delete-user", 5, "Ana Diaz (user"),
        (Dialect::Reference, "erasure.delete-user", 4, "Procore has no such operation"),
    ];
    for (dialect, power, code, words) in rows {
        let site = whole.site(dialect);
        let settings = whole.settings(&format!("do = \"propose\", only = [\"{power}\"]"), &[]);
        site.configure("", &[puppet(site.folder.path(), "powers", &settings)]);
        let said = site.muster(&["run", "--departed", ANA]).expect(code);
        assert!(said.contains(words), "{said}");
        assert_eq!(site.writes(), Vec::<String>::new(), "{power}");
    }
}

#[test]
fn every_read_shows_a_policy_what_the_directory_holds() {
    let whole = Whole::new();
    let site = whole.site(Dialect::Reference);
    site.simulator.with_company(|company| {
        let ana = company.user(whole.small.ana).unwrap().clone();
        company.put_user(muster_sim::User { mobile_phone: Some("555-0199".to_owned()), ..ana }).unwrap();
        let leo = company.contact(whole.contact).unwrap().clone();
        let email = Some("leo@elsewhere.example".to_owned());
        company.put_contact(muster_sim::Contact { email, ..leo }).unwrap();
    });
    let rows: &[(&str, &[&str])] = &[
        ("clock.now", &["Ok(Timestamp"]),
        ("contacts.details", &["leo@elsewhere.example"]),
        ("contacts.list", &["Leo Cruz", "left-out: 0"]),
        ("contacts.of-project", &["Leo Cruz"]),
        ("contacts.show", &["Leo Cruz", "active: true"]),
        ("groups.of-project", &["Site mail", "Ana Diaz", "Ben Ode"]),
        ("groups.of-user", &["Site mail", "unseen: []"]),
        ("items.candidates", &["Ben Ode"]),
        ("items.held-by", &["Slab edge at grid C-4", "Sump pump discharge", "unseen: []"]),
        ("items.of-project", &["Slab edge at grid C-4", "Site mail"]),
        ("items.show", &["Slab edge at grid C-4", "rfi/show"]),
        ("memberships.of-project", &["Ana Diaz", "Ben Ode", "Project Manager"]),
        ("memberships.of-user", &["Harbor Point", "Pier 9 Utility Vault"]),
        ("memberships.show", &["Ana Diaz", "Project Manager"]),
        ("projects.active", &["Harbor Point", "Pier 9 Utility Vault"]),
        ("projects.roles", &["Superintendent", "Gail Roe"]),
        ("projects.show", &["Harbor Point"]),
        ("templates.assignable", &["Superintendent"]),
        ("templates.for-any-project", &["Superintendent"]),
        ("templates.for-company", &["Company Administrator", "Office Staff"]),
        ("templates.for-projects", &["Superintendent", "Project Manager"]),
        ("users.find-by-email", &["Ok([])"]),
        ("users.invitation", &["sent-at: None", "last-login-at"]),
        ("users.is-leaving", &["Ok(false)"]),
        ("users.list", &["Ana Diaz"]),
        ("users.profile", &["555-0199", "MobilePhone"]),
        ("users.show", &["Ana Diaz", "active: true"]),
        ("vendors.list", &["Gable Roofing"]),
        ("vendors.show", &["Gable Roofing", "active: false"]),
    ];
    let is_read =
        |function: &Function| function.class() == Class::Read && *function != Function::ItemStepsLeave;
    let reads: BTreeSet<_> = Function::ALL.into_iter().filter(is_read).map(Function::name).collect();
    assert_eq!(rows.iter().map(|row| row.0).collect::<BTreeSet<_>>(), reads, "every read has its row");
    for (read, expected) in rows {
        let settings = whole.settings(&format!("do = \"read\", only = \"{read}\""), &[]);
        site.configure("", &[puppet(site.folder.path(), "reader", &settings)]);
        let said = site.muster(&["plan", "--departed", ANA]).expect(0);
        for part in *expected {
            assert!(said.contains(part), "{read}: {part} in {said}");
        }
    }
}

const CREATES_AND_ADDS: &str =
    "do = \"propose\", only = [\"user-steps.create\", \"membership-steps.add\", \"user-steps.invite\"]";

#[test]
fn what_is_to_be_done_about_a_user_waits_as_long_as_the_creation_does() {
    let whole = Whole::new();
    let site = whole.site(Dialect::Reference);
    site.configure("", &[puppet(site.folder.path(), "joiner", &whole.settings(CREATES_AND_ADDS, &[]))]);
    let create = "POST /rest/v1.3/companies/{company_id}/users";
    site.simulator.set_script([Rule::new(Trouble::DropBefore, create).unwrap()].into_iter().collect());
    let said = site.muster(&["run", "--departed", ANA]).stdout;
    assert_eq!(said.matches("waiting").count(), 3, "nothing has ended: {said}");
    site.simulator.set_script(muster_sim::Script::default());
    site.muster(&["runs", "resume"]).expect(0);
    site.simulator.with_company(|company| {
        let user = company.user_by_email("noa.berg@brightline.example").unwrap();
        assert!(user.welcome_email_sent_at.is_some());
        assert!(company.membership(user.id, whole.small.shared).is_some());
    });
}

#[test]
fn somebody_who_got_the_address_meanwhile_is_not_the_user_that_a_plan_is_about() {
    let whole = Whole::new();
    for inactive in [false, true] {
        let site = whole.site(Dialect::Reference);
        site.configure("", &[puppet(site.folder.path(), "joiner", &whole.settings(CREATES_AND_ADDS, &[]))]);
        let planned = site.json(&["plan", "--departed", ANA], 0);
        let digest = planned["policies"][0]["plan"]["digest"].as_str().unwrap().to_owned();
        let other = site.simulator.with_company(|company| {
            let email = Some("noa.berg@brightline.example".to_owned());
            company.add_user(NewUser { email, inactive, ..NewUser::named("Noam", "Bergson") }).unwrap()
        });
        let said = site.muster(&["apply", &digest]).expect(1);
        assert_eq!(said.matches("the user that step 1 creates is not there").count(), 2, "{said}");
        assert_eq!(site.writes(), Vec::<String>::new());
        site.simulator.with_company(|company| {
            assert_eq!(company.projects_of(other).count(), 0);
        });
    }
}

#[test]
fn doctor_and_every_plan_say_which_power_the_service_account_lacks() {
    let whole = Whole::new();
    let config = Config { accounts: muster_sim::NewAccount::standard(), ..Config::default() };
    let site = Site::with(whole.small.company.clone(), config);
    let settings = whole.settings("do = \"echo\"", &[]);
    // Who may create and edit users gives neither company templates nor addresses; who reads does nothing of it.
    let rows: [(&str, &[&str], &[&str]); 2] = [
        (
            "editor",
            &["user-steps.set-company-template", "identity-steps.change-email", "vendor-steps.reactivate"],
            &["user-steps.create", "user-steps.deactivate", "contact-steps.deactivate"],
        ),
        ("reader", &["user-steps.create", "user-steps.deactivate", "identity-steps.change-email"], &[]),
    ];
    for (name, lacking, permitted) in rows {
        site.configure("", &[puppet(site.folder.path(), "powers", &settings)]);
        let accounts = site.simulator.accounts();
        let account = accounts.iter().find(|account| account.name == name).unwrap();
        let text = std::fs::read_to_string(site.path("muster.toml")).unwrap();
        let own = site.simulator.credentials().client_id;
        let text = text.replace(&own, &account.credentials.client_id);
        std::fs::write(site.path("muster.toml"), text).unwrap();
        std::fs::write(site.path("client-secret"), &account.credentials.client_secret).unwrap();
        let doctor = site.muster(&["doctor"]).stdout;
        let plan = site.muster(&["plan", "--departed", ANA]).stderr;
        for said in [doctor, plan] {
            assert!(
                lacking.iter().all(|power| said.contains(&format!("{power} (it needs"))),
                "{name}: {said}"
            );
            assert!(!permitted.iter().any(|power| said.contains(&format!("{power} (it"))), "{name}: {said}");
        }
    }
}
