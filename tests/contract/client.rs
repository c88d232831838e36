//! Every function of the client, called once at least.

use std::collections::BTreeSet;
use std::path::Path;

use muster_core::directory::HeldAs;
use muster_core::id::{Email, ItemId, ProjectId, UserId};
use muster_procore::RfiPeople;

use crate::site::Site;

/// Calls every function of the client, and returns the names of those that it called.
pub(crate) async fn drive(site: &Site) -> BTreeSet<&'static str> {
    let connection = site.connect();
    let (reads, writes) = (connection.reads(), connection.writes());
    let names = site.names();
    let id = |name: &str| names[name].parse::<u64>().unwrap();
    let (user, project) = (UserId::new(id("user")), ProjectId::new(id("project")));
    let (rfi_project, rfi) = (ProjectId::new(id("rfi_project")), ItemId::new(id("rfi")));
    let email: Email = site.company.user(id("user")).unwrap().email.parse().unwrap();
    let mut called = BTreeSet::new();
    macro_rules! call {
        ($half:ident.$name:ident($($argument:expr),*)) => {{
            called.insert(stringify!($name));
            $half.$name($($argument),*).await.unwrap_or_else(|error| panic!("{}: {error}", stringify!($name)))
        }};
    }
    call!(reads.me());
    call!(reads.user(user));
    call!(reads.user(UserId::new(1)));
    call!(reads.users_by_email(&email));
    call!(reads.active_user_count());
    call!(reads.active_users());
    call!(reads.company_templates());
    call!(reads.project_templates());
    call!(reads.company_admins());
    call!(reads.memberships(user));
    call!(reads.project(project));
    call!(reads.projects());
    call!(reads.rfi(rfi_project, rfi));
    call!(reads.open_rfis_held_by(rfi_project, UserId::new(id("manager"))));
    let assignees = call!(reads.rfi_candidates(rfi_project, HeldAs::Assignee));
    let managers = call!(reads.rfi_candidates(rfi_project, HeldAs::Manager));
    let people = RfiPeople {
        assignees: Some(vec![assignees[0].id]),
        required_assignees: Some(vec![assignees[0].id]),
        manager: Some(managers[0].id),
    };
    call!(writes.set_rfi_people(rfi_project, rfi, people));
    call!(writes.close_rfi(rfi_project, rfi));
    call!(writes.remove_from_project(user, project));
    call!(writes.deactivate_user(user));
    called
}

/// Returns the names of the functions that the client has, as its own text tells them.
pub(crate) fn functions() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = BTreeSet::new();
    for half in ["reads", "writes"] {
        let parts = std::fs::read_dir(folder.join(half)).into_iter().flatten();
        let parts = parts.map(|entry| entry.unwrap().path());
        for file in parts.chain([folder.join(format!("{half}.rs"))]) {
            let text = std::fs::read_to_string(file).unwrap();
            for (at, start) in text.match_indices("    pub async fn ") {
                let rest = &text[at + start.len()..];
                found.insert(rest[..rest.find(['(', '<']).unwrap()].to_owned());
            }
        }
    }
    found
}
