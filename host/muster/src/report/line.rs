//! A step in a line: what it is about, from what to what, and why.

use anstyle::Style;
use muster_core::action::{Access, Action, UserRef};
use muster_core::directory::{NewUser, ProfileField};
use muster_core::id::{TemplateId, UserId};
use muster_core::plan::{Before, Names, Plan, Step};

use super::words::{contact, item_of, project, shown, template, user};
use super::{BAD, DIM, GOOD, WARN};

/// A part of a plan that is printed under a title of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    Login,
    Account,
    Items,
    Projects,
    Directory,
}

impl Section {
    pub(super) const ALL: [Self; 5] =
        [Self::Login, Self::Account, Self::Items, Self::Projects, Self::Directory];

    pub(super) const fn title(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Account => "account",
            Self::Items => "items",
            Self::Projects => "projects",
            Self::Directory => "directory",
        }
    }

    pub(super) fn of(step: &Step) -> Self {
        match step.action {
            Action::CreateUser { .. }
            | Action::ChangeEmail { .. }
            | Action::Deactivate { .. }
            | Action::Reactivate { .. }
            | Action::DeleteUser { .. }
            | Action::Invite { .. } => Self::Login,
            Action::UpdateProfile { .. }
            | Action::SetCompanyTemplate { .. }
            | Action::SetDefaultTemplate { .. } => Self::Account,
            Action::Reassign { .. } | Action::AddHolder { .. } | Action::CloseItem { .. } => Self::Items,
            Action::AddMembership { .. }
            | Action::RemoveMembership { .. }
            | Action::SetMembershipTemplate { .. }
            | Action::AddContact { .. }
            | Action::RemoveContact { .. }
            | Action::LeaveGroup { .. } => Self::Projects,
            Action::DeactivateContact { .. }
            | Action::ReactivateContact { .. }
            | Action::ReactivateVendor { .. } => Self::Directory,
        }
    }
}

/// Returns how a step is marked: what it takes, gives or changes.
pub(super) fn mark(step: &Step) -> (&'static str, Style) {
    match (step.action.access(), &step.action) {
        (Access::Takes, _)
        | (_, Action::RemoveContact { .. } | Action::LeaveGroup { .. } | Action::DeactivateContact { .. }) => {
            ("-", BAD)
        }
        (Access::Gives, _)
        | (
            _,
            Action::AddContact { .. }
            | Action::ReactivateContact { .. }
            | Action::ReactivateVendor { .. }
            | Action::AddHolder { .. }
            | Action::Invite { .. },
        ) => ("+", GOOD),
        _ => ("~", WARN),
    }
}

/// Returns a step in a line.
pub(super) fn line(plan: &Plan, step: &Step) -> String {
    let (thing, change) = told(plan, step);
    format!("{thing}: {change}  {DIM}{}{DIM:#}", shown(step.reason.as_str()))
}

/// Returns what a step is about, and from what to what it changes it. Escaped.
fn told(plan: &Plan, step: &Step) -> (String, String) {
    let names = &plan.content().names;
    match &step.action {
        Action::CreateUser { user } => {
            (format!("{}{}", new_user(user), particulars(user)), "nobody → a user".to_owned())
        }
        Action::UpdateProfile { user: who, fields } => {
            let before = if let Before::Profile { fields } = &step.before { Some(fields) } else { None };
            let change = |(field, new): (&ProfileField, &String)| {
                let old = before.and_then(|before| before.get(field)).map_or("", String::as_str);
                format!("{} \"{}\" → \"{}\"", field.words(), shown(old), shown(new))
            };
            (user(names, *who), fields.iter().map(change).collect::<Vec<_>>().join(", "))
        }
        Action::ChangeEmail { user: who, email } => {
            (user(names, *who), format!("{} → {}", address(step), shown(email.as_str())))
        }
        Action::Deactivate { user: who } => {
            (login(names, *who, step), format!("{} → inactive", active(step)))
        }
        Action::Reactivate { user: who } => (login(names, *who, step), format!("{} → active", active(step))),
        Action::DeleteUser { user: who } => {
            (login(names, *who, step), format!("{} → deleted for good", active(step)))
        }
        Action::Invite { user: who } => {
            let change = match step.before {
                Before::Invitation { sent_at: Some(at) } => format!("invited on {at} → once more"),
                _ => "never invited → invited".to_owned(),
            };
            (whoever(plan, *who), change)
        }
        Action::SetCompanyTemplate { user: who, template: to } => {
            (whoever(plan, *who), format!("in the company {}", given(names, step, *to)))
        }
        Action::SetDefaultTemplate { user: who, template: to } => {
            (whoever(plan, *who), format!("in new projects {}", given(names, step, *to)))
        }
        Action::AddMembership { user: who, project: place, template: to } => {
            let to = to.map_or_else(|| "the default template".to_owned(), |to| template(names, to));
            let from = match &step.before {
                Before::Member { template: Some(row) } => format!("on it as {}", shown(&row.name)),
                Before::Member { .. } => "on it without rights".to_owned(),
                _ => "not on the project".to_owned(),
            };
            (format!("{}, {}", project(names, *place), whoever(plan, *who)), format!("{from} → {to}"))
        }
        Action::SetMembershipTemplate { user: who, project: place, template: to } => {
            (format!("{}, {}", project(names, *place), user(names, *who)), given(names, step, *to))
        }
        // Who leaves stands above the plan.
        Action::RemoveMembership { user: who, project: place }
            if plan.content().event.subject() == Some(*who) =>
        {
            (project(names, *place), membership(step))
        }
        Action::RemoveMembership { user: who, project: place } => {
            (format!("{}, {}", project(names, *place), user(names, *who)), membership(step))
        }
        Action::AddContact { contact: who, project: place } => {
            (project(names, *place), format!("+ {}", contact(names, *who)))
        }
        Action::RemoveContact { contact: who, project: place } => {
            (project(names, *place), format!("{} → off the project", contact(names, *who)))
        }
        Action::LeaveGroup { user: who, project: place, .. } => {
            let group = if let Before::Group { name, .. } = &step.before { name } else { "" };
            let group = format!("group \"{}\" in {}", shown(group), project(names, *place));
            (group, format!("{} → out of it", user(names, *who)))
        }
        Action::DeactivateContact { contact: who } => {
            (contact(names, *who), format!("{} → inactive", active(step)))
        }
        Action::ReactivateContact { contact: who } => {
            (contact(names, *who), format!("{} → active", active(step)))
        }
        Action::ReactivateVendor { vendor } => {
            let name = if let Before::Entry { name, .. } = &step.before { name } else { "" };
            (format!("vendor \"{}\" ({vendor})", shown(name)), format!("{} → active", active(step)))
        }
        Action::Reassign { held_as, holder, to, .. } => {
            let beside = matches!(&step.before, Before::Item { holders, .. }
                if holders.iter().any(|held| held.person.id == *to && held.held_as == *held_as));
            let (from, to) = (user(names, *holder), user(names, *to));
            let already = if beside { ", who holds it so already" } else { "" };
            (item_of(names, step), format!("{} {from} → {to}{already}", held_as.words()))
        }
        Action::AddHolder { held_as, to, .. } => {
            (item_of(names, step), format!("{} + {}", held_as.words(), user(names, *to)))
        }
        Action::CloseItem { .. } => (item_of(names, step), "open → closed".to_owned()),
    }
}

fn new_user(user: &NewUser) -> String {
    let name = [user.first_name.as_deref(), Some(user.last_name.as_str())];
    let name = name.into_iter().flatten().collect::<Vec<_>>().join(" ");
    format!("{} <{}>", shown(&name), shown(user.email.as_str()))
}

/// What else is written down of somebody new.
fn particulars(user: &NewUser) -> String {
    let mut more = Vec::new();
    more.extend(user.job_title.as_ref().map(|title| format!("job title \"{}\"", shown(title))));
    more.extend(user.employee.then(|| "an employee".to_owned()));
    more.extend(user.employee_id.as_ref().map(|id| format!("employee id \"{}\"", shown(id))));
    more.extend(user.vendor.map(|vendor| format!("of vendor {vendor}")));
    if more.is_empty() { String::new() } else { format!(" ({})", more.join(", ")) }
}

/// Somebody who is there, or who will be.
fn whoever(plan: &Plan, who: UserRef) -> String {
    match who {
        UserRef::Known(known) => user(&plan.content().names, known),
        UserRef::Created(step) => match plan.step(step).map(|step| &step.action) {
            Some(Action::CreateUser { user }) => new_user(user),
            _ => format!("the user of step {step}"),
        },
    }
}

fn login(names: &Names, who: UserId, step: &Step) -> String {
    match &step.before {
        Before::User { .. } => format!("{} <{}>", user(names, who), address(step)),
        _ => user(names, who),
    }
}

fn address(step: &Step) -> String {
    match &step.before {
        Before::User { email: Some(email), .. } => shown(email.as_str()).to_string(),
        _ => "no address".to_owned(),
    }
}

fn active(step: &Step) -> &'static str {
    match step.before {
        Before::User { active: true, .. } | Before::Entry { active: true, .. } => "active",
        _ => "inactive",
    }
}

/// From one template to another.
fn given(names: &Names, step: &Step, to: TemplateId) -> String {
    let from = match &step.before {
        Before::Template { template: Some(from) } => template(names, *from),
        Before::Member { template: Some(from) } => shown(&from.name).to_string(),
        _ => "no template".to_owned(),
    };
    format!("{from} → {}", template(names, to))
}

fn membership(step: &Step) -> String {
    let Before::Membership { template_name, roles } = &step.before else {
        return "not on the project".to_owned();
    };
    let template = template_name.as_deref().unwrap_or("no template");
    let roles = if roles.is_empty() { String::new() } else { format!(" as {}", roles.join(", ")) };
    format!("{}{} → off the project", shown(template), shown(&roles))
}
