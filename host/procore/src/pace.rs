//! When the next request may be sent.
//!
//! Procore counts requests in two windows, an hour and a spike of ten seconds, and each answer describes the one that is
//! likelier to run out (developers.procore.com, rate limiting). So each window here has two halves: what Procore last
//! said of it, and an own count of what was sent, for the times when Procore speaks of the other one. A request goes out
//! when both windows permit it, in the order in which callers asked. Failed requests count too, as they do at Procore.
//!
//! Nothing here sends anything, and nothing waits but through tokio's clock.

mod headers;
#[cfg(test)]
mod tests;
mod window;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use tokio::sync::Notify;
use tokio::time::Instant;

pub(crate) use headers::asked_pause;
pub use window::WindowBudget;

use headers::{Heard, date};
use window::Window;

/// The shorter window.
pub(crate) const SPIKE: Duration = Duration::from_secs(10);

const HOUR: Duration = Duration::from_secs(3600);

/// A reset further away than this is the hour's. A little more than the spike window, since both headers that tell the
/// distance are whole seconds.
const SPIKE_AT_MOST: Duration = Duration::from_secs(12);

/// How many seconds an answer may be older than one that overtook it. Beyond that the clock was wrong, now or before, and
/// the last word counts.
const OVERTAKEN: i64 = 300;

/// What is left of the rate, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// The window of 60 minutes.
    pub hour: WindowBudget,
    /// The window of 10 seconds.
    pub spike: WindowBudget,
}

/// The gate before every request.
pub(crate) struct Pace {
    /// Held by the caller whose turn it is, so that callers go in the order in which they came.
    turn: tokio::sync::Mutex<()>,
    changed: Notify,
    state: Mutex<State>,
}

struct State {
    hour: Window,
    spike: Window,
    /// Nothing is sent before this, because a 429 or a 503 said so.
    paused_until: Option<Instant>,
    /// Whether anything was ever answered. Until then limits are unknown, and one request goes ahead alone.
    answered: bool,
    granted: u64,
    in_flight: u64,
    /// When Procore last spoke of a window, in seconds of its own clock.
    last_heard: Option<i64>,
    /// What Procore's clock showed, and when it said so.
    clock: Option<(i64, Instant)>,
}

/// Leave to send one request. Dropped unanswered, it still counts as sent.
pub(crate) struct Permit {
    pace: Arc<Pace>,
    /// The number of this request.
    number: u64,
    /// How many others were on their way when it was granted.
    beside: u64,
}

impl Pace {
    /// Returns a gate; `hourly_limit` is the operator's, if there is one.
    pub(crate) fn new(hourly_limit: Option<u32>) -> Arc<Self> {
        Arc::new(Self {
            turn: tokio::sync::Mutex::new(()),
            changed: Notify::new(),
            state: Mutex::new(State {
                hour: Window::hour(hourly_limit),
                spike: Window::spike(),
                paused_until: None,
                answered: false,
                granted: 0,
                in_flight: 0,
                last_heard: None,
                clock: None,
            }),
        })
    }

    /// Waits until one more request may be sent.
    pub(crate) async fn permit(self: &Arc<Self>) -> Permit {
        let _turn = self.turn.lock().await;
        loop {
            let changed = self.changed.notified();
            let now = Instant::now();
            let until = match self.state().grant(now) {
                Ok((number, beside)) => return Permit { pace: Arc::clone(self), number, beside },
                Err(until) => until,
            };
            match until {
                Some(until) => {
                    let wait = until.saturating_duration_since(now);
                    // A longer wait than the short window's is one that somebody who watches would take for a hang.
                    if wait > SPIKE_AT_MOST {
                        tracing::warn!("Procore's rate limit is used up; waiting {} s", wait.as_secs());
                    } else {
                        let wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
                        tracing::debug!(wait_ms, "rate window is full");
                    }
                    // Woken early or not, the windows are asked again.
                    tokio::time::timeout_at(until, changed).await.unwrap_or_default();
                }
                None => changed.await,
            }
        }
    }

    /// Returns what is left.
    pub(crate) fn budget(&self) -> Budget {
        let now = Instant::now();
        let mut state = self.state();
        Budget { hour: state.hour.budget(now), spike: state.spike.budget(now) }
    }

    /// Returns what Procore's clock shows by now, in seconds since 1970, if any answer said so.
    pub(crate) fn clock(&self) -> Option<i64> {
        let (seconds, at) = self.state().clock?;
        Some(seconds.saturating_add(i64::try_from(at.elapsed().as_secs()).ok()?))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // No code panics while it holds the lock, and numbers can't be left half-changed anyway.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Permit {
    /// Learns from the head of an answer.
    pub(crate) fn answered(self, status: StatusCode, headers: &HeaderMap) {
        let now = Instant::now();
        let mut state = self.pace.state();
        state.answered = true;
        state.clock = date(headers).map(|seconds| (seconds, now)).or(state.clock);
        if let Some(heard) = Heard::read(headers) {
            // Procore may or may not have counted those that were under way beside this one.
            let unsure = self.beside + (state.granted - self.number);
            state.hear(now, &heard, u32::try_from(unsure).unwrap_or(u32::MAX));
        }
        if let Some(pause) = asked_pause(status, headers) {
            state.paused_until = state.paused_until.max(Some(now + pause));
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.pace.state().in_flight -= 1;
        self.pace.changed.notify_waiters();
    }
}

impl State {
    /// Grants one request and returns its number and how many others are on their way, or returns until when to wait;
    /// `None` is until an answer arrives.
    fn grant(&mut self, now: Instant) -> Result<(u64, u64), Option<Instant>> {
        if !self.answered && self.in_flight > 0 {
            return Err(None);
        }
        let paused = self.paused_until.filter(|until| *until > now);
        let until = paused.max(self.hour.opens(now)).max(self.spike.opens(now));
        if until.is_some() {
            return Err(until);
        }
        self.hour.take(now);
        self.spike.take(now);
        let beside = self.in_flight;
        self.granted += 1;
        self.in_flight += 1;
        Ok((self.granted, beside))
    }

    /// Takes over what Procore said, unless it has said something newer since.
    fn hear(&mut self, now: Instant, heard: &Heard, unsure: u32) {
        let older = heard.at.zip(self.last_heard).map(|(at, last)| last.saturating_sub(at));
        if older.is_some_and(|seconds| (1..=OVERTAKEN).contains(&seconds)) {
            return;
        }
        self.last_heard = heard.at.or(self.last_heard);
        let of_hour = heard.resets_in > SPIKE_AT_MOST || self.hour.limit() == Some(heard.limit);
        let window = if of_hour { &mut self.hour } else { &mut self.spike };
        window.hear(now, heard, unsure);
    }
}
