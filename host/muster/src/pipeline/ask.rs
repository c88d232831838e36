//! Asking: one event, every policy that handles it, in the configured order.

use std::sync::Arc;

use jiff::Timestamp;
use muster_core::digest::Digest;
use muster_core::event::Event;
use muster_core::tape::{self, Inputs, Tape};
use muster_core::text::shown;
use muster_engine::Decided;

use super::Decision;
use crate::app::{App, Bound};
use crate::directory::Shared;

/// Asks. What one policy does wrong does not keep the next from being asked.
pub(super) async fn every_policy(
    app: &App,
    event: &Event,
    now: Timestamp,
    directory: &Shared,
) -> Vec<Decision> {
    let mut decisions = Vec::new();
    for bound in app.policies.iter().filter(|bound| handles(bound, event)) {
        let policy = &bound.binding.name;
        let inputs = Arc::new(inputs(app, bound, event, now));
        let decided = bound.policy.decide(Arc::clone(&inputs), Arc::clone(directory)).await;
        let Decided { outcome, exchanges, usage, dropped, reproducible, log } = decided;
        tracing::info!(policy, fuel = usage.fuel, memory = usage.memory, dropped = dropped.len(), "decided");
        for line in log.lines() {
            tracing::debug!(policy, "{}", shown(line));
        }
        let inputs = Arc::unwrap_or_clone(inputs);
        let (facts, holes) = (Vec::new(), Vec::new());
        let tape = Tape { format: tape::FORMAT.to_owned(), inputs, exchanges, facts, holes };
        decisions.push(Decision { tape, outcome, dropped, reproducible });
    }
    decisions
}

fn handles(bound: &Bound, event: &Event) -> bool {
    let kind = event.kind.name();
    let described = bound.policy.description().kinds.contains(&kind);
    described && bound.binding.on.as_ref().is_none_or(|kinds| kinds.contains(&kind))
}

fn inputs(app: &App, bound: &Bound, event: &Event, now: Timestamp) -> Inputs {
    let binding = &bound.binding;
    Inputs {
        event: event.clone(),
        now,
        seed: Digest::of_bytes(format!("{} {}", event.id, binding.name).as_bytes()),
        settings: binding.settings.clone(),
        grant: binding.grant.clone(),
        after: binding.after.clone(),
        rules: app.config.rules.clone(),
        target: app.config.target.clone(),
        policy: bound.pins.clone(),
        engine: app.engine.identity(),
    }
}
