//! The functions of `wit/` as a guest calls them. Each checks the grant first, then answers or adds a step.

mod items;
mod powers;
mod reads;

use muster_core::function::Function;

use crate::bindings::muster::policy::{events, types};
use crate::state::{About, Denial, State};

impl types::Host for State {}
impl events::Host for State {}

impl State {
    /// The grant check as the generated traits need it: a denial is a value, and recorded.
    fn allow(&mut self, function: Function, about: About) -> wasmtime::Result<Result<(), types::Denied>> {
        let Some(denial) = self.check(function, about)? else { return Ok(Ok(())) };
        let message = self.denied(function, &denial, about);
        let reason = match denial {
            Denial::Withheld => types::Denial::Withheld,
            Denial::OutOfScope => types::Denial::OutOfScope,
        };
        Ok(Err(types::Denied { reason, message }))
    }
}
