//! Time: the guest's own, which is counted, and the directory's, which is waited for.

use std::sync::Arc;
use std::time::Duration;

use muster_engine::{Fault, Limits, Outcome, Policy};
use muster_test_guests::PUPPET;

use crate::support::{self, Company, ask, everything, fault, immediate, limits, load, proposal};

#[tokio::test]
async fn waiting_for_the_directory_is_not_the_guests_own_time() {
    // Twice as much waiting as the guest may compute; it hardly computes, on however busy a machine.
    let policy = load(PUPPET, Limits { guest_time: Duration::from_secs(1), ..limits() }).await;
    let mut company = Company::small();
    for id in 100..120 {
        company.knows(support::user(id, "Somebody"));
    }
    let slow = Arc::new(Slow { company, delay: Duration::from_millis(100) });
    let settings = r#"{"do":"show-all","from":100,"to":120}"#;
    let decided = policy.decide(Arc::new(support::inputs(immediate(), settings, everything())), slow).await;
    assert_eq!(proposal(decided).decision.words().as_str(), "20 users");

    // Where all of it takes too long, it is the directory that has not answered.
    let policy = load(PUPPET, Limits { total_time: Duration::from_secs(1), ..limits() }).await;
    let silent = Arc::new(Slow { company: Company::small(), delay: Duration::from_secs(3600) });
    let decided = policy.decide(Arc::new(support::inputs(immediate(), settings, everything())), silent).await;
    assert!(!decided.reproducible);
    let Outcome::NoAnswer(no_answer) = decided.outcome else { panic!("{:?}", decided.outcome) };
    assert_eq!(no_answer.source.to_string(), "the decision took more than 1s");
}

/// A directory that takes its time. Real time: it is the guest's clock that is tested.
struct Slow {
    company: Company,
    delay: Duration,
}

impl muster_engine::Directory for Slow {
    fn answer(&self, read: muster_core::read::Read) -> muster_engine::Answering<'_> {
        Box::pin(async move {
            tokio::time::sleep(self.delay).await;
            self.company.answer(read).await
        })
    }
}

#[tokio::test]
async fn time_ends_what_fuel_does_not() {
    let slow = Limits { fuel: u64::MAX, guest_time: Duration::from_millis(50), ..limits() };
    let policy = load(PUPPET, slow).await;
    let spin = ask(&policy, immediate(), r#"{"do":"spin"}"#, everything(), &Arc::default()).await;
    assert_eq!(spin.usage.fuel, None, "wasmtime can't tell after an interruption");
    assert_eq!(fault(spin), Fault::GuestTime { limit: Duration::from_millis(50) });

    let impatient = Limits { fuel: u64::MAX, total_time: Duration::from_millis(50), ..limits() };
    let policy = load(PUPPET, impatient).await;
    let spin = ask(&policy, immediate(), r#"{"do":"spin"}"#, everything(), &Arc::default()).await;
    assert_eq!(fault(spin), Fault::TotalTime { limit: Duration::from_millis(50) });
}

#[tokio::test]
async fn every_engine_has_a_clock_of_its_own_that_ticks() {
    let impatient = || Limits { fuel: u64::MAX, guest_time: Duration::from_millis(50), ..limits() };
    let first = load(PUPPET, impatient()).await;
    let second = load(PUPPET, impatient()).await;
    assert_eq!((spin(&first).await, spin(&second).await), (gone(), gone()));
    // The clock of one engine ends with it, and with nobody else.
    drop(first);
    assert_eq!(spin(&second).await, gone());
}

fn gone() -> Fault {
    Fault::GuestTime { limit: Duration::from_millis(50) }
}

async fn spin(policy: &Policy) -> Fault {
    fault(ask(policy, immediate(), r#"{"do":"spin"}"#, everything(), &Arc::default()).await)
}
