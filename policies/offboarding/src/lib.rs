//! Offboarding: the login, the items and the projects of somebody who leaves.
//!
//! An immediate departure takes the login away first and tidies up afterwards; a planned one hands the items over first
//! and touches nothing else before its day. What nobody can take stays where it is and is named.

use muster_policy::{
    Decision, Denied, Event, HeldAs, Item, Kind, Policy, Refusal, Urgency, UserId, clock, item_steps, items,
    membership_steps, memberships, user_steps, users,
};
use serde::Deserialize;

struct Offboarding;

muster_policy::export!(Offboarding);

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Settings {
    successor: Option<String>,
    #[serde(default = "yes")]
    item_manager: bool,
    fallback: Option<String>,
    #[serde(default)]
    anybody: bool,
}

fn yes() -> bool {
    true
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
        let mut work = Work { leaver: leaver.id, settings, moved: 0, stay: 0, left: 0, notes: Vec::new() };
        let how = match (due, planned) {
            (false, _) => "on a later day, when the login ends",
            (true, true) => "on the planned day, now as for an immediate departure",
            (true, false) => "immediately",
        };
        let cut = due && leaver.active;
        if cut {
            user_steps::deactivate(
                leaver.id,
                if planned { "the planned day has come" } else { "leaves immediately" },
            )?;
        }
        // From here on nothing may stand in the way of the login's end: what is denied then is noted, not refused.
        for tidy_up in [Work::hand_over, Work::leave_projects].iter().take(if due { 2 } else { 1 }) {
            match tidy_up(&mut work) {
                Err(denied) if due => work.notes.push(denied.message),
                other => other?,
            }
        }
        let words = format!("{} leaves {how}: {}", leaver.name, work.summary());
        Ok(match (work.stay, work.moved + work.left) {
            (1.., _) if !due => Decision::Hold(words),
            (_, 0) if !cut => Decision::Nothing(words),
            _ => Decision::Proposed(words),
        })
    }
}

/// What is being put together for one leaver.
struct Work {
    leaver: UserId,
    settings: Settings,
    /// Items handed over, items that stay, projects left.
    moved: usize,
    stay: usize,
    left: usize,
    /// What the person who reads the plan should know besides.
    notes: Vec<String>,
}

impl Work {
    /// Hands every item over, in every role in which the leaver holds it, or leaves it and says why.
    fn hand_over(&mut self) -> Result<(), Denied> {
        let held = items::held_by(self.leaver)?;
        if !held.unseen.is_empty() {
            self.notes.push(format!("what is held in {} can't be seen", count(held.unseen.len(), "project")));
        }
        let (successor, fallback) = (self.settings.successor.clone(), self.settings.fallback.clone());
        let named = self.find(successor)?;
        let last = self.find(fallback)?;
        self.outside(held.left_out, "item");
        for item in &held.rows {
            let (moved, stay) = (&mut false, &mut false);
            for holder in item.holders.iter().filter(|holder| holder.person.id == self.leaver) {
                let candidates = items::candidates(item.item, holder.held_as)?;
                let can = |user: &UserId| {
                    *user != self.leaver && candidates.iter().any(|person| person.id == *user)
                };
                let manager = self.settings.item_manager.then(|| self.manager(item, &held.rows)).flatten();
                let mut chosen = [
                    (named, "the named successor"),
                    (manager, "the project's RFI manager"),
                    (last, "the fallback: nobody else can hold it"),
                ]
                .into_iter()
                .find_map(|(user, why)| Some((user.filter(can)?, why)));
                if chosen.is_none() && self.settings.anybody {
                    let managers = items::candidates(item.item, HeldAs::Manager)?;
                    let anybody = managers.iter().chain(&candidates).map(|person| person.id).find(can);
                    chosen = anybody.map(|user| (user, "somebody whom the project offers"));
                }
                if let Some((to, why)) = chosen {
                    item_steps::reassign(item.item, holder.held_as, self.leaver, to, why)?;
                    *moved = true;
                    continue;
                }
                let why = match candidates.iter().any(|person| person.id != self.leaver) {
                    true => "none of the successors can hold it in this project",
                    false => "nobody in this project can hold it",
                };
                item_steps::leave(item.item, holder.held_as, self.leaver, why)?;
                *stay = true;
            }
            self.moved += usize::from(*moved);
            self.stay += usize::from(*stay);
        }
        Ok(())
    }

    /// Takes the leaver off every project.
    fn leave_projects(&mut self) -> Result<(), Denied> {
        let on = memberships::of_user(self.leaver)?;
        self.outside(on.left_out, "project");
        for membership in on.rows {
            membership_steps::remove(self.leaver, membership.project, "leaves the company")?;
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

    /// Finds somebody whom the settings name. Who can't be found or has no login is noted and passed over.
    fn find(&mut self, email: Option<String>) -> Result<Option<UserId>, Denied> {
        let Some(email) = email else { return Ok(None) };
        let why = match users::find_by_email(&email)?.as_slice() {
            [user] if user.active => return Ok(Some(user.id)),
            [_] => "has no active login",
            [] => "is not in the directory",
            _ => "is the address of several people",
        };
        self.notes.push(format!("{email} {why} and takes nothing over"));
        Ok(None)
    }

    /// Returns who manages the item or, where that is the leaver, most of the leaver's items in the same project.
    fn manager(&self, item: &Item, held: &[Item]) -> Option<UserId> {
        let of = |item: &Item| {
            let manager = item.holders.iter().find(|holder| holder.held_as == HeldAs::Manager)?;
            Some(manager.person.id).filter(|user| *user != self.leaver)
        };
        let here = held.iter().filter(|other| other.item.project == item.item.project);
        let others: Vec<_> = here.filter_map(of).collect();
        let times = |user: &UserId| others.iter().filter(|other| *other == user).count();
        of(item).or_else(|| others.iter().copied().max_by_key(times))
    }

    fn summary(&self) -> String {
        let counts = [
            (self.moved, "to hand over", "item"),
            (self.left, "to leave", "project"),
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
