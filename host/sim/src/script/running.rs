//! A script that is being played: which rule has seen how many calls, and its dice.

use serde_json::Value;

use super::{Rule, Script, Trouble, When};
use crate::dice::Dice;
use crate::server::request::Request;

/// A script with what it has seen so far.
#[derive(Debug)]
pub(crate) struct Running {
    script: Script,
    /// How many calls each rule has counted.
    seen: Vec<u64>,
    dice: Dice,
}

impl Running {
    /// Starts to play a script.
    pub(crate) fn new(script: Script, seed: u64) -> Self {
        Self { seen: vec![0; script.rules.len()], script, dice: Dice::new(seed) }
    }

    /// Returns the script.
    pub(crate) fn script(&self) -> &Script {
        &self.script
    }

    /// Counts a call and returns what goes wrong with it.
    pub(crate) fn strike(&mut self, operation: &str, request: &Request) -> Vec<Trouble> {
        let mut troubles = Vec::new();
        for (rule, seen) in self.script.rules.iter().zip(&mut self.seen) {
            if !rule.concerns(operation, request) {
                continue;
            }
            *seen += 1;
            let strikes = match rule.when {
                When::Every => true,
                When::Nth(number) => *seen == number,
                When::First(count) => *seen <= count,
                When::Percent(percent) => self.dice.percent(u64::from(percent)),
            };
            if strikes {
                troubles.push(rule.fault);
            }
        }
        troubles
    }
}

impl Rule {
    fn concerns(&self, operation: &str, request: &Request) -> bool {
        let later_page = || request.query.value("page").is_some_and(|page| page != "1");
        (self.operation == Self::ANY || self.operation == operation)
            && self.fault.fits(operation)
            && (!matches!(self.fault, Trouble::RowAdded | Trouble::RowDeleted) || later_page())
            && (self.sending.is_empty() || self.sending.iter().any(|field| sends(request, field)))
    }
}

/// Returns whether a field stands at the top of the body, one level below, or in a row of a list there.
fn sends(request: &Request, field: &str) -> bool {
    let Ok(Value::Object(body)) = request.json_or_form() else { return false };
    let here = |value: &Value| value.get(field).is_some();
    let below = |value: &Value| here(value) || value.as_array().is_some_and(|rows| rows.iter().any(here));
    body.contains_key(field) || body.values().any(below)
}
