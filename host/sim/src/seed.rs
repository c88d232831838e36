//! A made-up company that looks like a real one.
//!
//! Equal seeds give equal companies, byte for byte, on every platform: whatever is drawn comes from [`Dice`], in an order
//! that depends on nothing else. Everything is built with the public methods of [`Company`], so that a seeded company
//! can't be in a state that a test could not build as well.

mod clashes;
mod crews;
mod directory;
mod holders;
mod inspections;
mod letters;
mod meetings;
mod names;
mod people;
mod plans;
mod pool;
mod punch;
mod questions;
mod sightings;
mod sites;
mod submittals;
mod tasks;
mod tools;
mod words;
mod workflows;

use std::time::Duration;

use jiff::Timestamp;

use crate::company::Company;
use crate::dice::Dice;

/// 2026-07-01 12:00 UTC: nothing in a seeded company is later.
const PRESENT: Timestamp = Timestamp::constant(1_782_907_200, 0);
/// What tells the dice of the rest of the directory from the first ones.
const DIRECTORY: u64 = 0x6469_7265_6374_6f72;
/// What is drawn after all that, in this order, each with dice of its own and a name that tells them from the others: what
/// is added here changes nothing of what others draw.
const LATER: &[(&[u8; 8], Add)] = &[
    (b"tools   ", tools::add),
    (b"meetings", meetings::add),
    (b"inspects", inspections::add),
    (b"letters ", letters::add),
    (b"plans   ", plans::add),
    (b"workflow", workflows::add),
    (b"submitta", submittals::add),
    (b"punchlst", punch::add),
    (b"observat", sightings::add),
    (b"taskitem", tasks::add),
    (b"coordina", clashes::add),
];
const DAY: u64 = 24 * 60 * 60;

type Add = fn(&mut Company, &mut Dice, &Seed);

/// How large a made-up company is, and which of the many of that size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seed {
    /// What tells it from others of its size.
    pub seed: u64,
    /// How many people it has in its directory, beside the service account.
    pub users: usize,
    /// How many projects it has.
    pub projects: usize,
    /// How many RFIs it has at most; none can be asked where nobody could answer.
    pub rfis: usize,
}

impl Default for Seed {
    fn default() -> Self {
        Self { seed: 7, users: 500, projects: 60, rfis: 240 }
    }
}

impl Company {
    /// Makes the company of a seed.
    pub fn seeded(seed: &Seed) -> Self {
        let mut dice = Dice::new(seed.seed);
        let name = format!("{} Construction", dice.word(words::PLACES));
        let mut company = Self::new(&name);
        people::add(&mut company, &mut dice, seed.users);
        sites::add(&mut company, &mut dice, seed.projects);
        crews::add(&mut company, &mut dice);
        questions::add(&mut company, &mut dice, seed.rfis);
        // From here on with other dice: whatever comes after this changes nothing of what is above.
        directory::add(&mut company, &mut Dice::new(seed.seed ^ DIRECTORY), seed.users);
        for (name, add) in LATER {
            add(&mut company, &mut Dice::new(seed.seed ^ u64::from_be_bytes(**name)), seed);
        }
        company.set_time(PRESENT);
        company
    }
}

/// Returns the time so many days before the present, at any second of that day.
fn days_ago(dice: &mut Dice, days: u64) -> Timestamp {
    let ago = Duration::from_secs(days * DAY + dice.below(DAY));
    PRESENT.checked_sub(ago).unwrap_or(PRESENT)
}

#[cfg(test)]
mod tests;
