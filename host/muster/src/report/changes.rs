//! Plans and runs as a director reads them: who loses what, who takes what over, what stays.

use std::collections::BTreeMap;
use std::io::{self, Write};

use muster_core::directory::ItemKind;
use muster_core::id::ProjectId;
use muster_core::inverse::Inverse;
use muster_core::plan::Plan;
use muster_core::run::{RunState, StepState};

use super::line::{Section, line, mark};
use super::words::{item, project, shown, user};
use super::{BOLD, DIM, WARN, ended, outcome};

/// Prints a plan as a diff.
pub(crate) fn changes(out: &mut impl Write, plan: &Plan) -> io::Result<()> {
    let content = plan.content();
    writeln!(out, "  {}", shown(content.decision.words().as_str()))?;
    for section in Section::ALL {
        let steps: Vec<_> = content.steps.iter().filter(|step| Section::of(step) == section).collect();
        if !steps.is_empty() {
            writeln!(out, "  {BOLD}{}{BOLD:#}", section.title())?;
        }
        for step in steps {
            let (mark, style) = mark(step);
            writeln!(out, "    {style}{mark}{style:#} {:>3}  {}", step.number, line(plan, step))?;
        }
    }
    remainder(out, plan)
}

/// Prints what of a plan can't be undone, and why; steps that share a reason together.
pub(crate) fn for_good(out: &mut impl Write, plan: &Plan) -> io::Result<()> {
    let mut reasons: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for step in &plan.content().steps {
        if let Inverse::Impossible(why) = step.inverse() {
            reasons.entry(why).or_default().push(step.number.to_string());
        }
    }
    if !reasons.is_empty() {
        writeln!(out, "  {BOLD}can't be undone{BOLD:#}")?;
    }
    for (why, steps) in reasons {
        let word = if steps.len() == 1 { "step" } else { "steps" };
        writeln!(out, "    {word} {}: {why}", steps.join(", "))?;
    }
    Ok(())
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
        let (role, holder) = (left.held_as.words(), user(&content.names, left.holder));
        let why = match (left.fixed, &left.reason) {
            (Some(fixed), _) => format!("cannot move, because {fixed}"),
            (None, Some(reason)) => reason.as_str().to_owned(),
            (None, None) => "the policy does not take it up".to_owned(),
        };
        writeln!(out, "    {WARN}!{WARN:#}      {item}: {role} {holder}  {DIM}{}{DIM:#}", shown(&why))?;
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
        match &unseen.tools {
            None => writeln!(out, "    {WARN}?{WARN:#}      what {holder} holds could not be read")?,
            Some(tools) => {
                let mut places: BTreeMap<ProjectId, Vec<&str>> = BTreeMap::new();
                for tool in tools {
                    places.entry(tool.project).or_default().push(tool.kind.words());
                }
                for (place, kinds) in places {
                    // Where nothing at all can be seen, the tools need no naming.
                    let all = kinds.len() == ItemKind::ALL.len();
                    let kinds = if all { String::new() } else { format!(" ({})", kinds.join(", ")) };
                    let place = project(names, place);
                    writeln!(
                        out,
                        "    {WARN}?{WARN:#}      what {holder} holds in {place}{kinds} can't be seen"
                    )?;
                }
            }
        }
    }
    Ok(())
}
