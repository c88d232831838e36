//! Words: how events, steps and calls are spoken of.

use muster_core::action::{Action, UserRef};
use muster_core::directory::ItemRef;
use muster_core::event::{Event, Kind, Urgency};
use muster_core::id::{ContactId, ProjectId, TemplateId, UserId};
use muster_core::lower::{Call, Operation};
use muster_core::plan::{Before, Names, Plan, Step};
pub(crate) use muster_core::text::shown;

/// Returns the name of a user, or the id where the plan does not know one. Escaped.
pub(super) fn user(names: &Names, user: UserId) -> String {
    names.users.get(&user).map_or_else(|| format!("user {user}"), |name| shown(name).to_string())
}

/// Returns the name of a project, or the id where the plan does not know one. Escaped.
pub(super) fn project(names: &Names, project: ProjectId) -> String {
    names.projects.get(&project).map_or_else(|| format!("project {project}"), |name| shown(name).to_string())
}

/// Returns the name of a contact, or the id where the plan does not know one. Escaped.
pub(super) fn contact(names: &Names, contact: ContactId) -> String {
    names.contacts.get(&contact).map_or_else(|| format!("contact {contact}"), |name| shown(name).to_string())
}

/// Returns the name of a permission template, or the id where the plan does not know one. Escaped.
pub(super) fn template(names: &Names, template: TemplateId) -> String {
    let name = names.templates.get(&template);
    name.map_or_else(|| format!("template {template}"), |name| shown(name).to_string())
}

/// Returns an item as people know it: tool, number, title, project. Escaped.
pub(super) fn item(names: &Names, item: ItemRef, number: &str, title: &str) -> String {
    let number = if number.is_empty() { String::new() } else { format!(" {}", shown(number)) };
    format!("{}{number} \"{}\" in {}", item.kind.words(), shown(title), project(names, item.project))
}

/// Returns the item of a step as people know it. Escaped.
pub(super) fn item_of(names: &Names, step: &Step) -> String {
    match (step.action.item(), &step.before) {
        (Some(known), Before::Item { number, title, .. }) => item(names, known, number, title),
        (Some(known), _) => item(names, known, &known.id.to_string(), ""),
        (None, _) => String::new(),
    }
}

/// Returns what happened, in a line. Escaped.
pub(crate) fn event_line(plan: &Plan) -> String {
    let content = plan.content();
    let who = content.event.subject().map(|subject| user(&content.names, subject));
    let where_ = format!("company {} on {}", content.target.company, shown(&content.target.api_host));
    match who {
        Some(who) => format!("{who} {} ({where_})", happened(&content.event)),
        None => format!("{} ({where_})", happened(&content.event)),
    }
}

fn happened(event: &Event) -> String {
    match &event.kind {
        Kind::Departed { urgency: Urgency::Immediate, .. } => "leaves, immediately".to_owned(),
        Kind::Departed { effective, .. } => match &effective.zone {
            Some(zone) => match effective.at.in_tz(zone) {
                Ok(at) => format!("leaves at {at}"),
                Err(_) => format!("leaves at {} ({})", effective.at, shown(zone)),
            },
            None => format!("leaves at {}", effective.at),
        },
        other => other.name().as_str().to_owned(),
    }
}

/// Returns a call as `--explain` lists it: what is asked of Procore, and how it is read back. Escaped.
pub(crate) fn call(plan: &Plan, call: &Call) -> String {
    let names = &plan.content().names;
    let steps: Vec<_> = call.steps.iter().map(ToString::to_string).collect();
    let what = match &call.operation {
        Operation::Act { action } => acted(names, action),
        Operation::ChangeHolders { item, moves } => {
            let number = call.steps.iter().find_map(|step| plan.step(*step));
            let item = number.map_or_else(|| by_id(item), |step| item_of(names, step));
            format!("change who holds {item} ({})", count(moves.len(), "role"))
        }
    };
    let word = if steps.len() == 1 { "step" } else { "steps" };
    format!("call {}: {what} ({word} {})", call.number, steps.join(", "))
}

/// Returns what one step asks of Procore.
fn acted(names: &Names, action: &Action) -> String {
    let whoever = |who: &UserRef| match who {
        UserRef::Known(known) => user(names, *known),
        UserRef::Created(step) => format!("the user of step {step}"),
    };
    let place = |place: &ProjectId| project(names, *place);
    match action {
        Action::CreateUser { user } => format!("create the user {}", shown(user.email.as_str())),
        Action::UpdateProfile { user: who, fields } => {
            format!("change {} of {}", count(fields.len(), "field"), user(names, *who))
        }
        Action::ChangeEmail { user: who, .. } => format!("change the address of {}", user(names, *who)),
        Action::Deactivate { user: who } => format!("deactivate {}", user(names, *who)),
        Action::Reactivate { user: who } => format!("reactivate {}", user(names, *who)),
        Action::DeleteUser { user: who } => format!("delete {}", user(names, *who)),
        Action::Invite { user: who } => format!("invite {}", whoever(who)),
        Action::SetCompanyTemplate { user: who, .. } => {
            format!("set the company template of {}", whoever(who))
        }
        Action::SetDefaultTemplate { user: who, .. } => {
            format!("set the default template of {}", whoever(who))
        }
        Action::AddMembership { user: who, project, .. } => {
            format!("add {} to {}", whoever(who), place(project))
        }
        Action::RemoveMembership { user: who, project } => {
            format!("remove {} from {}", user(names, *who), place(project))
        }
        Action::SetMembershipTemplate { user: who, project, .. } => {
            format!("set the template of {} in {}", user(names, *who), place(project))
        }
        Action::AddContact { contact: who, project } => {
            format!("add {} to {}", contact(names, *who), place(project))
        }
        Action::RemoveContact { contact: who, project } => {
            format!("remove {} from {}", contact(names, *who), place(project))
        }
        Action::DeactivateContact { contact: who } => format!("deactivate {}", contact(names, *who)),
        Action::ReactivateContact { contact: who } => format!("reactivate {}", contact(names, *who)),
        Action::ReactivateVendor { vendor } => format!("reactivate vendor {vendor}"),
        Action::LeaveGroup { user: who, project, .. } => {
            format!("take {} out of a distribution group of {}", user(names, *who), place(project))
        }
        Action::Reassign { item, .. } | Action::AddHolder { item, .. } => {
            format!("change who holds {}", by_id(item))
        }
        Action::CloseItem { item } => format!("close {}", by_id(item)),
    }
}

fn by_id(item: &ItemRef) -> String {
    format!("{} {} of project {}", item.kind.words(), item.id, item.project)
}

fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}
