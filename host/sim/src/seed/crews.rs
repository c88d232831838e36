//! Who is on which project.
//!
//! Most people are on a few projects and a few are on many; some projects are large and many are small. Whoever has lost
//! the login is still on the projects, as Procore keeps it. Every project gets people who can manage and people who can
//! answer, as far as the directory has any.

use std::collections::BTreeMap;

use crate::company::{Company, NewMembership, User};
use crate::dice::Dice;

use super::{days_ago, words};

/// Templates that every project has somebody with.
const NEEDED: [&str; 5] =
    ["Project Manager", "Project Engineer", "Superintendent", "Design Team", "Subcontractor"];

/// Puts the people of a company on its projects.
pub(super) fn add(company: &mut Company, dice: &mut Dice) {
    let projects: Vec<u64> = company.projects().map(|project| project.id).collect();
    let people: Vec<u64> = company.users().map(|user| user.id).collect();
    if projects.is_empty() {
        return;
    }
    let service = company.service_account();
    for user in people.into_iter().filter(|id| *id != service) {
        let employee = company.user(user).is_some_and(|user| user.employee);
        for _ in 0..reach(dice, if employee { 42 } else { 34 }, projects.len()) {
            // The throw of a throw prefers those who stand first, so that projects differ in size.
            let first = dice.index(projects.len());
            if let Some(project) = projects.get(dice.index(first + 1)) {
                join(company, dice, user, *project);
            }
        }
    }
    let pools = pools(company);
    for project in projects {
        for template in NEEDED {
            let here = company.active_members(project).any(|(user, _)| has_template(company, user, template));
            if let Some(user) = pools.get(template).and_then(|pool| dice.pick(pool)).filter(|_| !here) {
                join(company, dice, *user, project);
            }
        }
    }
}

/// Returns on how many projects somebody is: the higher `percent`, the more people are on many.
fn reach(dice: &mut Dice, percent: u64, most: usize) -> usize {
    let mut count = 1;
    while count < most && dice.percent(percent) {
        count *= 2;
    }
    (count + dice.index(count)).min(most)
}

/// Puts a user on a project, unless the user is there already.
fn join(company: &mut Company, dice: &mut Dice, user: u64, project: u64) {
    let Some(member) = company.user(user) else { return };
    let job = jobs().find(|job| Some(job.title) == member.job_title.as_deref());
    let mut membership = NewMembership::new(user, project);
    if dice.percent(6) {
        membership.template = company.template_by_name("Read Only").map(|template| template.id);
    }
    membership.roles = job.and_then(|job| job.role).map(str::to_owned).into_iter().collect();
    let age = dice.between(1, 900);
    let added = days_ago(dice, age).max(member.created_at);
    company.set_time(added);
    // Whoever is there already stays as before.
    let _ = company.add_membership(membership);
}

/// Returns the active people by the name of their default template.
fn pools(company: &Company) -> BTreeMap<&'static str, Vec<u64>> {
    let mut pools = BTreeMap::<_, Vec<u64>>::new();
    for user in company.users().filter(|user| user.active) {
        if let Some(template) = NEEDED.into_iter().find(|name| has_template(company, user, name)) {
            pools.entry(template).or_default().push(user.id);
        }
    }
    pools
}

fn has_template(company: &Company, user: &User, name: &str) -> bool {
    user.default_template.and_then(|id| company.template(id)).is_some_and(|template| template.name == name)
}

fn jobs() -> impl Iterator<Item = &'static words::Job> {
    [words::ADMINS, words::EMPLOYEES, words::DESIGNERS, words::BUILDERS, words::OWNERS].into_iter().flatten()
}
