//! A policy that does nothing: what a decision costs by itself.

use muster_policy::{Decision, Event, NoSettings, Policy, Refusal};

struct Idle;

muster_policy::export!(Idle);

impl Policy for Idle {
    type Settings = NoSettings;

    fn decide(_: Event, _: NoSettings) -> Result<Decision, Refusal> {
        Ok(Decision::Nothing(String::new()))
    }
}
