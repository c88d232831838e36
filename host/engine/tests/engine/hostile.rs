//! Guests that mean no good: each ends by name, within its limits, and the next decision is unaffected.

use std::sync::Arc;

use muster_core::artifact::{Origin, verify};
use muster_engine::{Decided, Engine, Limits, Outcome, Policy, Settings};
use muster_test_guests::PUPPET;

use crate::guests::{Hostile, hostile};
use crate::support::{self, Company, artifact, ask, everything, immediate, limits};

/// Asks a guest, and says in words how that ended.
async fn end(
    engine: &Engine,
    guest: &Hostile,
    company: &Arc<Company>,
    limits: &Limits,
) -> Result<String, String> {
    let origin = Origin::File { path: "hostile.wasm".to_owned() };
    let bytes = verify(guest.component.clone(), origin, None, limits.component_bytes);
    let bytes = bytes.map_err(|error| error.to_string())?;
    let policy = engine.load(&bytes, "p", &everything()).await.map_err(|error| words(&error))?;
    match ask(&policy, immediate(), &guest.settings, everything(), company).await.outcome {
        Outcome::Proposal(proposal) => Ok(proposal.decision.words().as_str().to_owned()),
        Outcome::Fault(fault) => Err(fault.to_string()),
        other => Err(format!("{other:?}")),
    }
}

fn words(mut error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    while let Some(cause) = error.source() {
        words += &format!(": {cause}");
        error = cause;
    }
    words
}

/// A company in which every answer about user 1 is long.
fn company() -> Arc<Company> {
    let mut company = Company::small();
    company.knows(support::user(1, &"long ".repeat(120_000)));
    for id in 8..200 {
        company.knows(support::user(id, "Somebody"));
    }
    Arc::new(company)
}

async fn unaffected(policy: &Policy, company: &Arc<Company>) {
    let next = r#"{"do":"deactivate","users":[5]}"#;
    let Decided { outcome: Outcome::Proposal(next), .. } =
        ask(policy, immediate(), next, everything(), company).await
    else {
        panic!("the next decision is affected");
    };
    assert_eq!(next.steps.len(), 1);
}

#[tokio::test]
async fn whatever_a_guest_does_ends_by_name_and_the_next_decision_is_unaffected() {
    let limits = Limits { read_bytes: 500_000, memory: 32 << 20, fuel: 100_000_000, ..limits() };
    let engine = Engine::new(&Settings { limits: limits.clone(), ..Settings::default() }).unwrap();
    let good = engine.load(&artifact(PUPPET), "p", &everything()).await.unwrap();
    let company = company();
    let all = hostile(&limits);
    assert!(all.len() >= 30, "{}", all.len());
    let mut wrong = Vec::new();
    for guest in all {
        let ended = end(&engine, &guest, &company, &limits).await;
        if !guest.is_as_told(&ended) {
            wrong.push(format!("a guest that {} ended so: {ended:?}", guest.what));
        }
        unaffected(&good, &company).await;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
