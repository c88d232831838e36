//! Any sequence of calls leaves the directory that the model says, as the client reads it and as the simulator keeps it.

use muster_core::directory::ProfileField;
use muster_procore::Dialect;
use muster_sim::{Company, Script};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};

use crate::act::{Act, Row, sequence};
use crate::play::play;
use crate::site::company;

/// How many sequences are played without `PROPTEST_CASES`.
const CASES: u32 = 40;

fn run(dialect: Dialect, script: Script, acts: &[Act]) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(play(dialect, company(), script, acts))
}

fn any_sequence(dialect: Dialect) {
    #[expect(clippy::disallowed_methods, reason = "a test is asked for more in the way that proptest knows")]
    let asked = std::env::var_os("PROPTEST_CASES").map(|_| Config::default().cases);
    let config = Config {
        cases: asked.unwrap_or(CASES),
        rng_seed: RngSeed::Fixed(7),
        failure_persistence: None,
        ..Config::default()
    };
    let played = TestRunner::new(config)
        .run(&sequence(), |acts| run(dialect, Script::default(), &acts).map_err(TestCaseError::fail));
    played.unwrap();
}

#[test]
fn any_sequence_of_changes_leaves_what_it_should_in_the_reference() {
    any_sequence(Dialect::Reference);
}

#[test]
fn any_sequence_of_changes_leaves_what_it_should_in_the_guide() {
    any_sequence(Dialect::Guide);
}

/// Returns the number that stands for a user.
fn named(company: &Company, name: &str) -> u8 {
    let mut users = company.users().filter(|user| user.id != company.service_account());
    let at = users.position(|user| user.first_name.as_deref() == Some(name)).unwrap();
    u8::try_from(at).unwrap()
}

/// Returns the number that stands for a template.
fn template(company: &Company, name: &str) -> u8 {
    u8::try_from(company.templates().position(|template| template.name == name).unwrap()).unwrap()
}

/// Returns calls of every kind, each of which changes something by itself.
fn one_of_each(dialect: Dialect) -> Vec<Act> {
    let company = company();
    // Bea and Cid are on the second project and on the third. Dot has no login.
    let [abe, bea, cid, dot] = ["Abe", "Bea", "Cid", "Dot"].map(|name| named(&company, name));
    let [staff, owner] = ["Office Staff", "Owner"].map(|name| template(&company, name));
    let row = |user, address, fields: &[(ProfileField, u8)], active| Row {
        user,
        address,
        fields: fields.to_vec(),
        active,
        employee: None,
    };
    let mut acts = vec![
        Act::Create { address: 1, employee: true, vendor: true, job_title: Some(1) },
        Act::Update { user: abe, fields: vec![(ProfileField::City, 1)] },
        Act::ChangeEmail { user: bea, address: 1 },
        Act::CompanyTemplate { user: cid, template: staff },
        Act::DefaultTemplate { user: cid, template: owner },
        Act::Invite { user: bea },
        Act::Deactivate { user: abe },
        Act::Reactivate { user: dot },
        Act::Sync { rows: vec![row(None, Some(1), &[], None)] },
        Act::Sync { rows: vec![row(Some(bea), None, &[(ProfileField::Zip, 1)], Some(false))] },
        Act::PeopleActive { people: (0..12).collect(), active: false },
        Act::PeopleActive { people: (0..12).collect(), active: true },
        Act::Add { user: bea, project: 0, template: None },
        Act::Remove { user: bea, project: 1 },
        Act::Template { user: bea, project: 1, template: owner },
        Act::All { template: None, there: true },
        Act::All { template: None, there: false },
        Act::ContactActive { contact: 0, active: false },
        Act::AddContact { contact: 0, project: 0 },
        Act::RemoveContact { contact: 0, project: 1 },
        Act::Group { group: 0, members: vec![bea] },
    ];
    for second in [false, true] {
        let pairs = vec![(bea, 0), (cid, 0)];
        acts.push(Act::AddMany { pairs, template: Some(owner), second });
        acts.push(Act::RemoveMany { pairs: vec![(bea, 1), (cid, 2)], second });
    }
    let resting = company.vendors().position(|vendor| !vendor.active).unwrap();
    acts.push(Act::ReactivateVendor { vendor: u8::try_from(resting).unwrap() });
    acts.extend((dialect == Dialect::Guide).then_some(Act::Delete { user: bea }));
    acts
}

/// The comparison is no empty word: each kind of call, played alone, is missed where Procore says that it made the change and
/// did not.
#[test]
fn a_change_that_is_answered_and_not_made_is_missed() {
    for dialect in Dialect::ALL {
        let acts = one_of_each(dialect);
        assert_eq!(run(dialect, Script::default(), &acts), Ok(()));
        for act in acts {
            let acts = [act];
            let told = run(dialect, "not-made *".parse().unwrap(), &acts);
            let missed = told.expect_err(&format!("{dialect} {acts:?}"));
            let batch = missed.contains("show batch: absent");
            assert!(missed.contains("instead of") || batch, "{dialect} {acts:?}: {missed}");
        }
    }
}

/// Found by playing: the refusal of one row was taken for that of another with the same address.
#[test]
fn rows_that_want_the_same_address_are_told_apart() {
    let row = |user| Row { user, address: Some(1), fields: Vec::new(), active: None, employee: None };
    for rows in [vec![row(None), row(Some(1))], vec![row(Some(1)), row(None)]] {
        assert_eq!(run(Dialect::Reference, Script::default(), &[Act::Sync { rows }]), Ok(()));
    }
}
