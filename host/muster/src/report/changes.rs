//! Plans and runs as a director reads them: who loses what, who takes what over, what stays.

use std::io::{self, Write};

use muster_core::action::Action;
use muster_core::plan::{Before, Plan, Step};
use muster_core::run::{RunState, StepState};

use super::words::{item, item_of, project, role, shown, user};
use super::{BAD, BOLD, DIM, WARN, ended, outcome};

/// Prints a plan as a diff.
pub(crate) fn changes(out: &mut impl Write, plan: &Plan) -> io::Result<()> {
    let content = plan.content();
    writeln!(out, "  {}", shown(content.decision.words().as_str()))?;
    for (title, kind) in [("login", 0), ("items", 1), ("projects", 2)] {
        let steps: Vec<_> = content.steps.iter().filter(|step| section(step) == kind).collect();
        if !steps.is_empty() {
            writeln!(out, "  {BOLD}{title}{BOLD:#}")?;
        }
        for step in steps {
            let (mark, style) = if kind == 1 { ("~", WARN) } else { ("-", BAD) };
            writeln!(out, "    {style}{mark}{style:#} {:>3}  {}", step.number, line(plan, step))?;
        }
    }
    remainder(out, plan)
}

/// Prints how each step of a run ended, and what stays.
pub(crate) fn outcomes(out: &mut impl Write, plan: &Plan, run: &RunState) -> io::Result<()> {
    let (style, words) = ended(run);
    writeln!(out, "{BOLD}run {}{BOLD:#}: {style}{words}{style:#}", plan.digest().short())?;
    for step in &plan.content().steps {
        let (style, word, why) = match run.steps().get(&step.number) {
            Some(StepState::Ended(ended)) => {
                let (style, word) = outcome(ended.outcome);
                (style, word, ended.why.as_deref())
            }
            Some(StepState::Waiting { .. }) | None => (WARN, "waiting", None),
            Some(_) => (WARN, "begun", None),
        };
        writeln!(out, "  {style}{word:<8}{style:#} {:>3}  {}", step.number, line(plan, step))?;
        if let Some(why) = why {
            writeln!(out, "                {DIM}{}{DIM:#}", shown(why))?;
        }
    }
    remainder(out, plan)
}

fn remainder(out: &mut impl Write, plan: &Plan) -> io::Result<()> {
    let content = plan.content();
    if plan.leaves_something() {
        writeln!(out, "  {BOLD}stays{BOLD:#}")?;
    }
    for left in &content.remainder {
        let item = item(&content.names, left.item, &left.number, &left.title);
        let (role, holder) = (role(left.held_as), user(&content.names, left.holder));
        let why = left.reason.as_ref().map_or("the policy does not take it up", |reason| reason.as_str());
        writeln!(out, "    {WARN}!{WARN:#}      {item}: {role} {holder}  {DIM}{}{DIM:#}", shown(why))?;
    }
    for row in &content.still_on {
        let (place, who) = (project(&content.names, row.project), user(&content.names, row.user));
        writeln!(out, "    {WARN}!{WARN:#}      {place}: {who} stays on the project")?;
    }
    unseen(out, plan)
}

fn unseen(out: &mut impl Write, plan: &Plan) -> io::Result<()> {
    let names = &plan.content().names;
    for unseen in &plan.content().unseen {
        let holder = user(names, unseen.holder);
        match &unseen.projects {
            None => writeln!(out, "    {WARN}?{WARN:#}      what {holder} holds could not be read")?,
            Some(projects) => {
                let projects: Vec<_> = projects.iter().map(|place| project(names, *place)).collect();
                writeln!(
                    out,
                    "    {WARN}?{WARN:#}      what {holder} holds in {} can't be seen",
                    projects.join(", ")
                )?;
            }
        }
    }
    Ok(())
}

fn section(step: &Step) -> usize {
    match step.action {
        Action::Deactivate { .. } => 0,
        Action::Reassign { .. } | Action::CloseItem { .. } => 1,
        Action::RemoveMembership { .. } => 2,
    }
}

/// A step in a line: what it is about, from what to what, and why.
fn line(plan: &Plan, step: &Step) -> String {
    let names = &plan.content().names;
    let (thing, change) = match (&step.action, &step.before) {
        (Action::Deactivate { user: who }, Before::User { email, active }) => {
            let email = email.as_ref().map_or_else(|| "no address".to_owned(), ToString::to_string);
            let before = if *active { "active" } else { "inactive" };
            (format!("{} <{}>", user(names, *who), shown(&email)), format!("{before} → inactive"))
        }
        (Action::RemoveMembership { project: place, .. }, Before::Membership { template_name, roles }) => {
            let template = template_name.as_deref().unwrap_or("no template");
            let roles = if roles.is_empty() { String::new() } else { format!(" as {}", roles.join(", ")) };
            (project(names, *place), format!("{}{} → off the project", shown(template), shown(&roles)))
        }
        (Action::RemoveMembership { project: place, .. }, _) => {
            (project(names, *place), "not on the project".to_owned())
        }
        (Action::Reassign { held_as, holder, to, .. }, before) => {
            let beside = matches!(before, Before::Item { holders, .. }
                if holders.iter().any(|held| held.person.id == *to && held.held_as == *held_as));
            let (from, to) = (user(names, *holder), user(names, *to));
            let already = if beside { ", who holds it so already" } else { "" };
            (item_of(names, step), format!("{} {from} → {to}{already}", role(*held_as)))
        }
        (Action::CloseItem { .. }, _) => (item_of(names, step), "open → closed".to_owned()),
        (Action::Deactivate { user: who }, _) => (user(names, *who), "→ inactive".to_owned()),
    };
    format!("{thing}: {change}  {DIM}{}{DIM:#}", shown(step.reason.as_str()))
}
