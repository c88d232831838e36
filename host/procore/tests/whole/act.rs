//! What a caller may do, drawn at random. Whom and what it is about is a number, which stands for somebody who is there when
//! it comes to it, or for nobody.

use muster_core::directory::ProfileField;
use proptest::prelude::*;

/// One call of the client.
#[derive(Debug, Clone)]
pub(crate) enum Act {
    Create {
        address: u8,
        employee: bool,
        vendor: bool,
        job_title: Option<u8>,
    },
    Update {
        user: u8,
        fields: Vec<(ProfileField, u8)>,
    },
    ChangeEmail {
        user: u8,
        address: u8,
    },
    CompanyTemplate {
        user: u8,
        template: u8,
    },
    DefaultTemplate {
        user: u8,
        template: u8,
    },
    Invite {
        user: u8,
    },
    Deactivate {
        user: u8,
    },
    Reactivate {
        user: u8,
    },
    /// Only in the dialect that has it.
    Delete {
        user: u8,
    },
    Sync {
        rows: Vec<Row>,
    },
    PeopleActive {
        people: Vec<u8>,
        active: bool,
    },
    Add {
        user: u8,
        project: u8,
        template: Option<u8>,
    },
    Remove {
        user: u8,
        project: u8,
    },
    Template {
        user: u8,
        project: u8,
        template: u8,
    },
    AddMany {
        pairs: Vec<(u8, u8)>,
        template: Option<u8>,
        second: bool,
    },
    RemoveMany {
        pairs: Vec<(u8, u8)>,
        second: bool,
    },
    /// Everybody onto every project, or off it: more pairs than are answered at once.
    All {
        template: Option<u8>,
        there: bool,
    },
    ContactActive {
        contact: u8,
        active: bool,
    },
    AddContact {
        contact: u8,
        project: u8,
    },
    RemoveContact {
        contact: u8,
        project: u8,
    },
    ReactivateVendor {
        vendor: u8,
    },
    Group {
        group: u8,
        members: Vec<u8>,
    },
}

/// One row of a sync.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    /// Somebody new if it is missing.
    pub(crate) user: Option<u8>,
    pub(crate) address: Option<u8>,
    pub(crate) fields: Vec<(ProfileField, u8)>,
    pub(crate) active: Option<bool>,
    pub(crate) employee: Option<bool>,
}

/// The fields that are changed: whether somebody who is no employee may have an employee's number is nowhere said.
const FIELDS: [ProfileField; 9] = [
    ProfileField::FirstName,
    ProfileField::LastName,
    ProfileField::JobTitle,
    ProfileField::Address,
    ProfileField::City,
    ProfileField::StateCode,
    ProfileField::Zip,
    ProfileField::BusinessPhone,
    ProfileField::MobilePhone,
];

fn fields() -> impl Strategy<Value = Vec<(ProfileField, u8)>> {
    prop::collection::vec((prop::sample::select(&FIELDS[..]), 0u8..4), 0..4)
}

fn row() -> impl Strategy<Value = Row> {
    let user = prop::option::weighted(0.7, any::<u8>());
    let address = prop::option::weighted(0.3, 0u8..16);
    let flag = || prop::option::of(any::<bool>());
    (user, address, fields(), flag(), flag()).prop_map(|(user, address, fields, active, employee)| Row {
        user,
        address,
        fields,
        active,
        employee,
    })
}

fn user() -> impl Strategy<Value = Act> {
    let who = any::<u8>;
    prop_oneof![
        (0u8..16, any::<bool>(), any::<bool>(), prop::option::of(0u8..4)).prop_map(
            |(address, employee, vendor, job_title)| Act::Create { address, employee, vendor, job_title }
        ),
        (who(), fields()).prop_map(|(user, fields)| Act::Update { user, fields }),
        (who(), 0u8..16).prop_map(|(user, address)| Act::ChangeEmail { user, address }),
        (who(), who()).prop_map(|(user, template)| Act::CompanyTemplate { user, template }),
        (who(), who()).prop_map(|(user, template)| Act::DefaultTemplate { user, template }),
        who().prop_map(|user| Act::Invite { user }),
        who().prop_map(|user| Act::Deactivate { user }),
        who().prop_map(|user| Act::Reactivate { user }),
        who().prop_map(|user| Act::Delete { user }),
        prop::collection::vec(row(), 1..6).prop_map(|rows| Act::Sync { rows }),
        (prop::collection::vec(who(), 1..8), any::<bool>())
            .prop_map(|(people, active)| Act::PeopleActive { people, active }),
    ]
}

fn membership() -> impl Strategy<Value = Act> {
    let who = any::<u8>;
    let template = || prop::option::of(any::<u8>());
    let pairs = || prop::collection::vec((who(), who()), 1..10);
    prop_oneof![
        (who(), who(), template()).prop_map(|(user, project, template)| Act::Add { user, project, template }),
        (who(), who()).prop_map(|(user, project)| Act::Remove { user, project }),
        (who(), who(), who()).prop_map(|(user, project, template)| Act::Template { user, project, template }),
        (pairs(), template(), any::<bool>()).prop_map(|(pairs, template, second)| Act::AddMany {
            pairs,
            template,
            second
        }),
        (pairs(), any::<bool>()).prop_map(|(pairs, second)| Act::RemoveMany { pairs, second }),
        (template(), any::<bool>()).prop_map(|(template, there)| Act::All { template, there }),
    ]
}

fn other() -> impl Strategy<Value = Act> {
    let who = any::<u8>;
    prop_oneof![
        (who(), any::<bool>()).prop_map(|(contact, active)| Act::ContactActive { contact, active }),
        (who(), who()).prop_map(|(contact, project)| Act::AddContact { contact, project }),
        (who(), who()).prop_map(|(contact, project)| Act::RemoveContact { contact, project }),
        who().prop_map(|vendor| Act::ReactivateVendor { vendor }),
        (who(), prop::collection::vec(who(), 0..4))
            .prop_map(|(group, members)| Act::Group { group, members }),
    ]
}

/// Returns any sequence of calls.
pub(crate) fn sequence() -> impl Strategy<Value = Vec<Act>> {
    prop::collection::vec(prop_oneof![4 => user(), 3 => membership(), 2 => other()], 1..24)
}
