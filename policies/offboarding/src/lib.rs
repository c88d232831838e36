//! Offboarding: the login, the items and the projects of somebody who leaves.
//!
//! An immediate departure takes the login away first and tidies up afterwards; a planned one hands the items over first
//! and touches nothing else before its time. What nobody can take stays where it is and is named.

use muster_policy::{
    Decision, Event, HeldAs, Item, Kind, Policy, Refusal, Urgency, UserId, clock, item_steps, items,
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
        let mut work = Work {
            leaver: leaver.id,
            successors: Vec::new(),
            steps: 0,
            moved: 0,
            stay: 0,
            notes: Vec::new(),
        };

        if due && leaver.active {
            user_steps::deactivate(
                leaver.id,
                if planned { "the day of leaving has come" } else { "leaves immediately" },
            )?;
            work.steps += 1;
        }
        // From here on nothing may stand in the way of the login's end: what is denied is noted, not refused.
        let held = match items::held_by(leaver.id) {
            Ok(held) => held.rows,
            Err(denied) if due => work.noted(denied.message),
            Err(denied) => return Err(denied.into()),
        };
        work.successors = named(&settings, &mut work.notes)?;
        for item in &held {
            work.hand_over(item, &held, &settings)?;
        }
        if !due {
            return Ok(work.before_the_day(&leaver.name));
        }
        let projects = match memberships::of_user(leaver.id) {
            Ok(memberships) => memberships.rows,
            Err(denied) => work.noted(denied.message),
        };
        for membership in &projects {
            membership_steps::remove(leaver.id, membership.project, "leaves the company")?;
            work.steps += 1;
        }
        let how =
            if planned { "on the planned day, now as for an immediate departure" } else { "immediately" };
        let words = format!("{} leaves {how}: {}", leaver.name, work.summary(projects.len()));
        Ok(if work.steps == 0 { Decision::Nothing(words) } else { Decision::Proposed(words) })
    }
}

/// Somebody whom the settings name, with the place in the order in which they are asked.
struct Successor {
    user: UserId,
    why: &'static str,
    last: bool,
}

/// Finds the people that the settings name. Whoever can't be found or has no login is noted and passed over.
fn named(settings: &Settings, notes: &mut Vec<String>) -> Result<Vec<Successor>, Refusal> {
    let mut successors = Vec::new();
    let people = [
        (&settings.successor, "the named successor", false),
        (&settings.fallback, "the fallback: nobody else can hold it", true),
    ];
    for (email, why, last) in people {
        let Some(email) = email else { continue };
        match users::find_by_email(email)?.as_slice() {
            [user] if user.active => successors.push(Successor { user: user.id, why, last }),
            [_] => notes.push(format!("{email} has no active login and takes nothing over")),
            [] => notes.push(format!("{email} is not in the directory")),
            _ => notes.push(format!("{email} is ambiguous and takes nothing over")),
        }
    }
    Ok(successors)
}

/// What is being put together for one leaver.
struct Work {
    leaver: UserId,
    successors: Vec<Successor>,
    steps: usize,
    moved: usize,
    stay: usize,
    notes: Vec<String>,
}

impl Work {
    /// Notes a denial and goes on with nothing.
    fn noted<T>(&mut self, message: String) -> Vec<T> {
        self.notes.push(message);
        Vec::new()
    }

    /// Hands one item over in every role in which the leaver holds it, or leaves it, saying why.
    fn hand_over(&mut self, item: &Item, held: &[Item], settings: &Settings) -> Result<(), Refusal> {
        for holder in item.holders.iter().filter(|holder| holder.person.id == self.leaver) {
            let candidates = items::candidates(item.item, holder.held_as)?;
            let can = |user: UserId| user != self.leaver && candidates.iter().any(|person| person.id == user);
            let manager = settings.item_manager.then(|| manager(item, held, self.leaver)).flatten();
            let by_name = |last| self.successors.iter().filter(move |named| named.last == last);
            let mut chosen = by_name(false)
                .map(|named| (named.user, named.why))
                .chain(manager.map(|user| (user, "the project's RFI manager")))
                .chain(by_name(true).map(|named| (named.user, named.why)))
                .find(|(user, _)| can(*user));
            if chosen.is_none() && settings.anybody {
                let managers = items::candidates(item.item, HeldAs::Manager)?;
                let people = managers.iter().chain(&candidates).map(|person| person.id);
                chosen = people
                    .map(|user| (user, "somebody whom the project offers"))
                    .find(|(user, _)| can(*user));
            }
            if let Some((to, why)) = chosen {
                item_steps::reassign(item.item, holder.held_as, self.leaver, to, why)?;
                self.steps += 1;
                self.moved += 1;
            } else {
                let why = if candidates.iter().any(|person| person.id != self.leaver) {
                    "none of the successors can hold it in this project"
                } else {
                    "nobody in this project can hold it"
                };
                item_steps::leave(item.item, holder.held_as, self.leaver, why)?;
                self.stay += 1;
            }
        }
        Ok(())
    }

    /// Decides about a planned departure before its day: hands over, and asks for help with what nobody takes.
    fn before_the_day(&self, name: &str) -> Decision {
        let words = format!("{name} leaves on a later day, when the login ends: {}", self.summary(0));
        match (self.stay, self.steps) {
            (0, 0) => Decision::Nothing(words),
            (0, _) => Decision::Proposed(words),
            _ => Decision::Hold(words),
        }
    }

    fn summary(&self, projects: usize) -> String {
        let counts = [
            (self.moved, "to hand over", "item"),
            (projects, "to leave", "project"),
            (self.stay, "to stay", "item"),
        ];
        let some = counts.iter().filter(|(number, ..)| *number > 0);
        let mut parts: Vec<_> =
            some.map(|(number, what, thing)| format!("{} {what}", count(*number, thing))).collect();
        if self.steps + self.stay == 0 {
            parts.push("nothing is left to do".to_owned());
        }
        parts.extend(self.notes.iter().cloned());
        parts.join(", ")
    }
}

/// Returns who manages the item or, where that is the leaver, most of the leaver's items in the same project.
fn manager(item: &Item, held: &[Item], leaver: UserId) -> Option<UserId> {
    let of = |item: &Item| {
        let manages = item.holders.iter().find(|holder| holder.held_as == HeldAs::Manager)?;
        Some(manages.person.id).filter(|user| *user != leaver)
    };
    let others: Vec<_> =
        held.iter().filter(|other| other.item.project == item.item.project).filter_map(of).collect();
    let times = |user: &UserId| others.iter().filter(|other| *other == user).count();
    of(item).or_else(|| others.iter().copied().max_by_key(times))
}

fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}
