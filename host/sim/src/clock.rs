//! What time it is in the simulated company.
//!
//! The only place of this crate that reads the machine's clock. Rate windows, tokens and the times on records all follow
//! [`Clock::now`], so that a test can move an hour forward without waiting for it.

use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

/// Where the simulator takes its time from.
///
/// As text: `real`, `2026-07-02T08:00:00Z` for a clock that stands there, or `2026-07-02T08:00:00Z,running` for one that
/// goes on from there.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The machine's clock.
    Real,
    /// A clock that was set to a time, and is moved.
    Manual(ManualClock),
}

impl Clock {
    /// Returns the current time.
    pub fn now(&self) -> Timestamp {
        match self {
            Self::Real => machine(),
            Self::Manual(clock) => clock.now(),
        }
    }
}

/// Why a text is no clock.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a clock is `real`, or a time like `2026-07-02T08:00:00Z` with or without `,running`, not `{0}`")]
pub struct ClockError(String);

impl FromStr for Clock {
    type Err = ClockError;

    fn from_str(text: &str) -> Result<Self, ClockError> {
        let (time, running) = match text.strip_suffix(",running") {
            Some(time) => (time, true),
            None if text == "real" => return Ok(Self::Real),
            None => (text, false),
        };
        let time = time.parse().map_err(|_| ClockError(text.to_owned()))?;
        Ok(Self::Manual(if running { ManualClock::running_from(time) } else { ManualClock::at(time) }))
    }
}

/// A clock that was set to a time. It stands there, so that everything is the same every time, or goes on at the pace of
/// the machine's clock, so that whoever waits for a window gets through. It is moved forward when it is told to. Clones
/// show the same time.
#[derive(Debug, Clone)]
pub struct ManualClock(Arc<Mutex<Hand>>);

#[derive(Debug)]
struct Hand {
    time: Timestamp,
    /// The machine's time at which it was `time`, if it goes on.
    since: Option<Timestamp>,
}

impl ManualClock {
    /// Makes a clock that stands at `start`.
    pub fn at(start: Timestamp) -> Self {
        Self(Arc::new(Mutex::new(Hand { time: start, since: None })))
    }

    /// Makes a clock that goes on from `start`.
    pub fn running_from(start: Timestamp) -> Self {
        Self(Arc::new(Mutex::new(Hand { time: start, since: Some(machine()) })))
    }

    /// Returns the time that the clock shows.
    pub fn now(&self) -> Timestamp {
        let hand = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let gone = hand.since.map(|since| machine().duration_since(since));
        let gone = gone.and_then(|gone| Duration::try_from(gone).ok()).unwrap_or_default();
        later(hand.time, gone)
    }

    /// Moves the clock forward, at most to the last time there is.
    pub fn advance(&self, by: Duration) {
        let mut hand = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        hand.time = later(hand.time, by);
    }
}

fn later(time: Timestamp, by: Duration) -> Timestamp {
    time.checked_add(by).unwrap_or(Timestamp::MAX)
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
fn machine() -> Timestamp {
    Timestamp::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manual_clock_stands_still_until_it_is_moved() {
        let hand = ManualClock::at(Timestamp::UNIX_EPOCH);
        let clock = Clock::Manual(hand.clone());
        assert_eq!(clock.now(), Timestamp::UNIX_EPOCH);
        hand.advance(Duration::from_secs(90));
        assert_eq!(clock.now().as_second(), 90);
        hand.advance(Duration::MAX);
        assert_eq!(clock.now(), Timestamp::MAX);
    }

    #[test]
    fn a_clock_is_read_from_text() {
        assert!(matches!("real".parse(), Ok(Clock::Real)));
        let start: Timestamp = "2026-07-02T08:00:00Z".parse().unwrap();
        let standing: Clock = "2026-07-02T08:00:00Z".parse().unwrap();
        assert_eq!(standing.now(), start);
        let running: Clock = "2026-07-02T08:00:00Z,running".parse().unwrap();
        let first = running.now();
        assert!(start <= first && first <= running.now());
        for text in ["", "now", "2026-07-02", "2026-07-02T08:00:00Z,", "real,running"] {
            let error = text.parse::<Clock>().unwrap_err();
            assert!(error.to_string().contains("`2026-07-02T08:00:00Z`"), "{error}");
        }
    }
}
