//! What else stands in a directory: vendors that are no longer active, people without a login, distribution groups,
//! memberships that come from Procore's Groups, and whom others turn to first at a vendor.
//!
//! All of it is drawn with dice of its own after everything else, so that it changes nobody and nothing that was drawn
//! before it.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::company::{Company, Item, User, Vendor};
use crate::dice::Dice;

use super::{days_ago, names, words};

/// What groups are called.
const OF_COMPANY: [&str; 3] = ["Executive Team", "Safety Alerts", "Severe Weather"];
const OF_PROJECTS: [&str; 5] =
    ["Field Leads", "Drawing Updates", "RFI Watch", "Owner Meeting", "Night Shift"];

/// Adds all of it to a company of `users` people.
pub(super) fn add(company: &mut Company, dice: &mut Dice, users: usize) {
    retire_vendors(company, dice);
    add_contacts(company, dice, users.div_ceil(8));
    add_groups(company, dice);
    hand_to_groups(company, users.div_ceil(60));
    name_contacts(company);
}

/// Makes those vendors inactive that have the fewest active people, and somebody inactive: nobody of theirs can be
/// reactivated.
fn retire_vendors(company: &mut Company, dice: &mut Dice) {
    let mut people = BTreeMap::<u64, (usize, usize)>::new();
    for user in company.users() {
        let (active, inactive) = people.entry(user.vendor.unwrap_or_default()).or_default();
        *(if user.active { active } else { inactive }) += 1;
    }
    people.remove(&company.own_vendor());
    let has_inactive = people.into_iter().filter(|(_, (_, inactive))| *inactive > 0);
    let mut candidates: Vec<(usize, u64)> = has_inactive.map(|(id, (active, _))| (active, id)).collect();
    candidates.sort_unstable();
    let count = company.vendors().count().div_ceil(14);
    for (_, vendor) in candidates.into_iter().take(count) {
        let age = dice.between(1, 20);
        company.set_time(days_ago(dice, age));
        // The vendor is one of those that were just listed.
        let _ = company.set_vendor_active(vendor, false);
    }
}

/// Most are active, some have an address, and each is on a few projects.
fn add_contacts(company: &mut Company, dice: &mut Dice, count: usize) {
    let vendors: Vec<u64> = company.vendors().map(|vendor| vendor.id).collect();
    let projects: Vec<u64> = company.projects().map(|project| project.id).collect();
    for _ in 0..count {
        let age = dice.between(20, 900);
        company.set_time(days_ago(dice, age));
        let id = company.add_contact(dice.word(names::FIRST), dice.word(names::LAST));
        let Some(mut contact) = company.contact(id).cloned() else { return };
        contact.vendor = dice.pick(&vendors).copied();
        contact.employee = contact.vendor == Some(company.own_vendor());
        contact.job_title = dice.pick(words::BUILDERS).map(|job| job.title.to_owned());
        let domain = contact.vendor.and_then(|id| company.vendor(id)).map(|vendor| vendor.domain.clone());
        let local = contact.name().to_lowercase().replace(' ', ".");
        contact.email = domain.map(|domain| format!("{local}@{domain}")).filter(|_| dice.percent(50));
        contact.active = dice.percent(85);
        let several = dice.index(4) + 1;
        for project in dice.some(&projects, several) {
            // Both are there, and these are different projects.
            let _ = company.add_contact_membership(id, project);
        }
        // The record is the one that was just added, so that nothing in it can be refused.
        let _ = company.put_contact(contact);
    }
}

/// Groups name people who were chosen when they were there: some are inactive by now.
fn add_groups(company: &mut Company, dice: &mut Dice) {
    let people: Vec<u64> = company.users().map(|user| user.id).collect();
    for name in OF_COMPANY {
        add_group(company, dice, name, None, &people);
    }
    let projects: Vec<u64> = company.projects().map(|project| project.id).collect();
    for project in projects {
        let members: Vec<u64> = company.members(project).map(|member| member.user).collect();
        let several = dice.index(3);
        for name in dice.some(&OF_PROJECTS, several) {
            add_group(company, dice, name, Some(project), &members);
        }
    }
}

fn add_group(company: &mut Company, dice: &mut Dice, name: &str, project: Option<u64>, people: &[u64]) {
    let age = dice.between(20, 900);
    company.set_time(days_ago(dice, age));
    let several = dice.index(7) + 2;
    let users = dice.some(people, several);
    // The project and the people are there, so that nothing can be refused.
    let _ = company.add_distribution_group(name, project, &users);
}

/// Others turn first to whoever has been with a vendor longest and still has a login.
fn name_contacts(company: &mut Company) {
    let vendors: Vec<Vendor> = company.vendors().cloned().collect();
    for vendor in vendors {
        let of_vendor = |user: &&User| user.active && user.vendor == Some(vendor.id);
        let primary_contact = company
            .users()
            .filter(of_vendor)
            .min_by_key(|user| (user.created_at, user.id))
            .map(|user| user.id);
        // The vendor and the user are there, so that nothing can be refused.
        let _ = company.put_vendor(Vendor { primary_contact, ..vendor });
    }
}

/// Lets half of the memberships of a few active people come from Procore's Groups. They hold few items, but some.
fn hand_to_groups(company: &mut Company, count: usize) {
    let mut items = BTreeMap::<u64, usize>::new();
    for user in company.rfis().flat_map(Item::people) {
        *items.entry(user).or_default() += 1;
    }
    let mut people: Vec<(usize, Reverse<usize>, u64)> = items
        .into_iter()
        .filter(|(user, _)| company.user(*user).is_some_and(|user| user.active))
        .filter(|(user, _)| *user != company.service_account())
        .map(|(user, items)| (items, Reverse(company.projects_of(user).count()), user))
        .filter(|(_, Reverse(projects), _)| *projects > 1)
        .collect();
    people.sort_unstable();
    for (_, Reverse(on), user) in people.into_iter().take(count) {
        let projects: Vec<u64> = company.projects_of(user).take(on.div_ceil(2)).collect();
        for project in projects {
            company.set_managed(user, project, true);
        }
    }
}
