//! Offboarding: the login, the items and the projects of somebody who leaves.
//!
//! An immediate departure takes the login away first and tidies up afterwards; a planned one hands the items over first
//! and touches nothing else before its day. What nobody can take stays where it is and is named.

use muster_policy::successor::{Found, Rule, Successors};
use muster_policy::{
    Decision, Denied, Event, GroupId, HeldAs, Item, ItemKind, Kind, Policy, Refusal, Urgency, User, clock,
    group_steps, item_steps, items, membership_steps, memberships, user_steps, users,
};
use serde::Deserialize;

struct Offboarding;

muster_policy::export!(Offboarding);

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Settings {
    successor: Option<String>,
    successors: Option<Vec<Rule>>,
    fallback: Option<String>,
    #[serde(default)]
    anybody: bool,
}

impl Policy for Offboarding {
    type Settings = Settings;

    fn decide(event: Event, settings: Settings) -> Result<Decision, Refusal> {
        let Kind::Departed(departed) = event.kind else {
            return Err(Refusal::Event("offboarding handles departures only".to_owned()));
        };
        let Some(leaver) = users::show(departed.user)? else {
            return Err(Refusal::Directory(format!("user {} is not in the directory", departed.user.value)));
        };
        let planned = departed.urgency == Urgency::Planned;
        let due = !planned || clock::now()?.milliseconds >= departed.effective.at.milliseconds;
        let (how, why) = match (due, planned) {
            (false, _) => ("on a later day, when the login ends", ""),
            (true, true) => {
                ("on the planned day, now as for an immediate departure", "the planned day has come")
            }
            (true, false) => ("immediately", "leaves immediately"),
        };
        let cut = due && leaver.active;
        if cut {
            user_steps::deactivate(leaver.id, why)?;
        }
        let mut work = Work { leaver: &leaver, due, moved: 0, stay: 0, left: 0, groups: 0, notes: vec![] };
        // From here on nothing may stand in the way of the login's end: what is denied then is noted, not refused.
        work.tolerate(|work| work.hand_over(settings.rules()))?;
        if due {
            work.tolerate(Work::leave_projects)?;
        }
        let words = format!("{} leaves {how}: {}", leaver.name, work.summary());
        Ok(match (work.stay, work.moved + work.left + work.groups) {
            (1.., _) if !due => Decision::Hold(words),
            (_, 0) if !cut => Decision::Nothing(words),
            _ => Decision::Proposed(words),
        })
    }
}

impl Settings {
    /// Returns the rules in the order in which they are asked.
    fn rules(self) -> Vec<Rule> {
        let Self { successor, successors, fallback, anybody } = self;
        let successors = successors.unwrap_or_else(|| vec![Rule::ItemManager]);
        let mut rules: Vec<_> = successor.map(Rule::Named).into_iter().chain(successors).collect();
        rules.extend(fallback.map(Rule::Named));
        rules.extend(anybody.then_some(Rule::Anybody));
        rules
    }
}

struct Work<'a> {
    leaver: &'a User,
    due: bool,
    /// Items handed over, items that stay, projects and groups left; and what the person who reads the plan should know besides.
    moved: usize,
    stay: usize,
    left: usize,
    groups: usize,
    notes: Vec<String>,
}

impl Work<'_> {
    fn tolerate(&mut self, tidy_up: impl FnOnce(&mut Self) -> Result<(), Denied>) -> Result<(), Denied> {
        match tidy_up(self) {
            Err(denied) if self.due => self.notes.push(denied.message),
            other => other?,
        }
        Ok(())
    }

    /// Hands every item over, in every role in which the leaver holds it, or leaves it and says why.
    fn hand_over(&mut self, rules: Vec<Rule>) -> Result<(), Denied> {
        let mut held = items::held_by(self.leaver.id, None, &[])?;
        if !held.unseen.is_empty() {
            let mut projects: Vec<_> = held.unseen.iter().map(|tool| tool.project.value).collect();
            projects.dedup();
            let projects = count(projects.len(), "project");
            self.notes.push(format!("not all that is held in {projects} can be seen"));
        }
        self.outside(held.left_out, "item");
        // A workflow stops when the leaver's access ends: it comes first.
        let workflow =
            |item: &Item| matches!(item.item.kind, ItemKind::Workflow | ItemKind::WorkflowTemplate);
        held.rows.sort_by_key(|item| !workflow(item));
        let mut successors = Successors::new(self.leaver, &held.rows, rules);
        for item in &held.rows {
            if item.item.kind == ItemKind::DistributionGroup {
                self.leave_group(item)?;
                continue;
            }
            let (mut moved, mut stays) = (false, false);
            for holder in item.holders.iter().filter(|holder| holder.person.id == self.leaver.id) {
                let held_as = holder.held_as;
                let why = if let Some(fixed) = &holder.fixed {
                    moved |= held_as == HeldAs::StepAssignee && self.add_beside(&mut successors, item)?;
                    format!("cannot move, because {fixed}")
                } else {
                    match successors.find(item, held_as)? {
                        Found::Nobody { why } => why,
                        Found::Somebody { user, why } => {
                            item_steps::reassign(item.item, held_as, self.leaver.id, user, &why)?;
                            moved = true;
                            continue;
                        }
                    }
                };
                item_steps::leave(item.item, held_as, self.leaver.id, &why)?;
                stays = true;
            }
            self.moved += usize::from(moved);
            self.stay += usize::from(stays);
        }
        self.notes.extend(successors.notes().iter().cloned());
        Ok(())
    }

    /// Puts somebody beside the leaver on the step of a running workflow, which nobody can be taken off.
    fn add_beside(&self, successors: &mut Successors<'_>, item: &Item) -> Result<bool, Denied> {
        let found = successors.find(item, HeldAs::StepAssignee)?;
        let Found::Somebody { user, why } = found else { return Ok(false) };
        item_steps::add(item.item, HeldAs::StepAssignee, user, &why)?;
        Ok(true)
    }

    /// Takes the leaver out of a distribution group, once the day has come. Nobody waits for them there.
    fn leave_group(&mut self, group: &Item) -> Result<(), Denied> {
        if self.due {
            let id = GroupId { value: group.item.id };
            group_steps::leave(self.leaver.id, group.item.project, id, "gets no more of its mail")?;
            self.groups += 1;
        }
        Ok(())
    }

    /// Takes the leaver off every project.
    fn leave_projects(&mut self) -> Result<(), Denied> {
        let on = memberships::of_user(self.leaver.id)?;
        self.outside(on.left_out, "project");
        for membership in on.rows {
            membership_steps::remove(self.leaver.id, membership.project, "leaves the company")?;
            self.left += 1;
        }
        Ok(())
    }

    /// Notes what the grant's scope keeps from view.
    fn outside(&mut self, left_out: u32, what: &str) {
        if left_out > 0 {
            let things = count(left_out as usize, what);
            self.notes.push(format!("outside the grant's scope and untouched: {things}"));
        }
    }

    fn summary(&self) -> String {
        let counts = [
            (self.moved, "to hand over", "item"),
            (self.left, "to leave", "project"),
            (self.groups, "to leave", "distribution group"),
            (self.stay, "without a successor", "item"),
        ];
        let some = counts.iter().filter(|(number, ..)| *number > 0);
        let mut parts: Vec<_> =
            some.map(|(number, what, thing)| format!("{} {what}", count(*number, thing))).collect();
        if parts.is_empty() && self.notes.is_empty() {
            parts.push("no items, no projects".to_owned());
        }
        parts.extend(self.notes.iter().cloned());
        parts.join(", ")
    }
}

fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}
