//! A random storm: many rules, made from a number.

use std::time::Duration;

use super::{Rule, Script, Trouble, When, operations};
use crate::dice::Dice;

/// How many rules a storm has.
const RULES: (u64, u64) = (12, 24);

impl Script {
    /// Makes the script of a number: troubles of every kind, at single operations and at all of them, rare enough that a
    /// patient caller gets through. Equal numbers make equal scripts.
    pub fn seeded(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let operations: Vec<&'static str> = operations().collect();
        let mut rules = Vec::new();
        for _ in 0..dice.between(RULES.0, RULES.1) {
            let fault = trouble(&mut dice);
            let fitting: Vec<&'static str> =
                operations.iter().copied().filter(|operation| fault.fits(operation)).collect();
            let everywhere = dice.percent(40);
            let operation = if everywhere { Rule::ANY } else { dice.word(&fitting) };
            let when = match dice.below(3) {
                0 => When::Nth(dice.between(1, 6)),
                1 => When::First(dice.between(1, 2)),
                _ => When::Percent(if everywhere { 2 } else { 20 }),
            };
            rules.push(Rule::known(fault, operation).at(when));
        }
        Self { rules }
    }
}

fn trouble(dice: &mut Dice) -> Trouble {
    match dice.below(6) {
        0 => Trouble::Late(Duration::from_millis(dice.between(1, 50))),
        1 | 2 => {
            let status = dice.pick(&[429, 500, 502, 503]).copied().unwrap_or(503);
            let retry_after = dice.percent(50).then_some(1);
            Trouble::Status { status, retry_after }
        }
        _ => dice.pick(&Trouble::PLAIN).copied().unwrap_or(Trouble::DropAfter),
    }
}
