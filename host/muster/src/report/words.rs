//! Words: how events, steps and calls are spoken of.

use muster_core::directory::{HeldAs, ItemKind, ItemRef};
use muster_core::event::{Event, Kind, Urgency};
use muster_core::id::{ProjectId, UserId};
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

/// Returns an item as people know it: tool, number, title, project. Escaped.
pub(super) fn item(names: &Names, item: ItemRef, number: &str, title: &str) -> String {
    let tool = match item.kind {
        ItemKind::Rfi => "RFI",
    };
    format!("{tool} {} \"{}\" in {}", shown(number), shown(title), project(names, item.project))
}

/// Returns a role.
pub(super) fn role(held_as: HeldAs) -> &'static str {
    match held_as {
        HeldAs::Assignee => "assignee",
        HeldAs::RequiredAssignee => "required assignee",
        HeldAs::Manager => "manager",
    }
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
        Operation::DeactivateUser { user } => format!("deactivate {}", self::user(names, *user)),
        Operation::RemoveFromProject { user, project } => {
            format!("remove {} from {}", self::user(names, *user), self::project(names, *project))
        }
        Operation::ChangeRfiPeople { item, moves } => {
            let number = call.steps.iter().find_map(|step| plan.step(*step));
            let item = number.map_or_else(|| format!("RFI {}", item.id), |step| item_of(names, step));
            format!("change who holds {item} ({})", count(moves.len(), "role"))
        }
        Operation::CloseRfi { item } => format!("close RFI {} of project {}", item.id, item.project),
    };
    let word = if steps.len() == 1 { "step" } else { "steps" };
    format!("call {}: {what} ({word} {})", call.number, steps.join(", "))
}

fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}
