//! Which failed requests are repeated, and after what delay.
//!
//! A read is repeated whenever another try may help. A write is repeated only where it certainly had no effect: refused
//! for the rate, or no connection ever came about. Everything else is the caller's business, who can look first
//! (invariant 7), unless Procore promises to make a change under one token only once. How long a 429 asks us to wait is `pace`'s knowledge; here its tries are counted.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};

use crate::error::{Error, ErrorKind, Settled};
use crate::pace::SPIKE;

/// How often a request is repeated after failures that have nothing to do with the rate.
const REPEATS: usize = 5;

/// How long those delays may be together.
const TOTAL_DELAY: Duration = Duration::from_secs(60);

/// How often a request is repeated after a 429.
const THROTTLED_REPEATS: u32 = 5;

/// Whether a request changes anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    /// It reads.
    Read,
    /// It may change something.
    Write,
    /// It may change something, but no second time: Procore documents that it honours the token that goes with it
    /// (`idempotency`).
    Once,
}

/// The tries of one request.
pub(crate) struct Attempts {
    effect: Effect,
    delays: ExponentialBackoff,
    throttled: u32,
}

impl Attempts {
    /// Returns the tries of a request that has not been sent yet.
    pub(crate) fn new(effect: Effect) -> Self {
        let delays = ExponentialBuilder::new()
            .with_min_delay(Duration::from_millis(200))
            .with_max_delay(Duration::from_secs(10))
            .with_factor(2.0)
            .with_jitter()
            .with_max_times(REPEATS)
            .with_total_delay(Some(TOTAL_DELAY))
            .build();
        Self { effect, delays, throttled: 0 }
    }

    /// Returns the delay after which the request is sent again, or `None` if `error` is final.
    pub(crate) fn after(&mut self, error: &Error) -> Option<Duration> {
        if error.kind() == ErrorKind::RateLimited {
            return self.throttle();
        }
        let again = match self.effect {
            Effect::Read | Effect::Once => may_help(error),
            Effect::Write => may_help(error) && never_connected(error),
        };
        if again { self.delays.next() } else { None }
    }

    /// The first time the wait that Procore asks for is enough. From then on it evidently isn't, so it is stretched.
    fn throttle(&mut self) -> Option<Duration> {
        let delay = match self.throttled {
            0 => Duration::ZERO,
            repeats => SPIKE * 2_u32.saturating_pow(repeats.min(THROTTLED_REPEATS)),
        };
        self.throttled += 1;
        (self.throttled <= THROTTLED_REPEATS).then_some(delay)
    }
}

fn may_help(error: &Error) -> bool {
    match error.kind() {
        ErrorKind::Connection | ErrorKind::Timeout | ErrorKind::NoAnswer => true,
        ErrorKind::Unavailable => matches!(error.status(), Some(500 | 502 | 503 | 504)),
        _ => false,
    }
}

fn never_connected(error: &Error) -> bool {
    let connecting = matches!(error.kind(), ErrorKind::Connection | ErrorKind::Timeout);
    connecting && error.status().is_none() && error.settled() == Settled::Refused
}

#[cfg(test)]
mod tests {
    use reqwest::StatusCode;
    use reqwest::header::HeaderMap;

    use super::*;

    fn answered(status: u16) -> Error {
        Error::answered("x", StatusCode::from_u16(status).unwrap(), &HeaderMap::new(), b"", &[])
    }

    fn repeats(effect: Effect, error: &Error) -> usize {
        let mut attempts = Attempts::new(effect);
        std::iter::from_fn(|| attempts.after(error)).take(100).count()
    }

    #[test]
    fn a_read_is_repeated_where_another_try_may_help() {
        for status in [429, 500, 502, 503, 504, 408] {
            assert_eq!(repeats(Effect::Read, &answered(status)), 5, "{status}");
        }
        for status in [302, 400, 401, 403, 404, 409, 422, 501] {
            assert_eq!(repeats(Effect::Read, &answered(status)), 0, "{status}");
        }
        for kind in [ErrorKind::Malformed, ErrorKind::TooLarge, ErrorKind::Unsteady] {
            assert_eq!(repeats(Effect::Read, &Error::new("x", kind)), 0, "{kind}");
        }
    }

    #[test]
    fn a_write_is_repeated_only_where_it_certainly_had_no_effect() {
        assert_eq!(repeats(Effect::Write, &answered(429)), 5);
        assert_eq!(repeats(Effect::Write, &Error::new("x", ErrorKind::Connection)), 5);
        for status in [302, 400, 401, 403, 404, 408, 409, 422, 500, 502, 503, 504] {
            assert_eq!(repeats(Effect::Write, &answered(status)), 0, "{status}");
        }
    }

    #[test]
    fn delays_grow_and_end() {
        let mut attempts = Attempts::new(Effect::Read);
        let error = answered(503);
        let delays: Vec<_> = std::iter::from_fn(|| attempts.after(&error)).collect();
        for (at, delay) in delays.iter().enumerate() {
            let least = Duration::from_millis(200 << at);
            assert!(*delay >= least && *delay <= least * 2, "{delays:?}");
        }
    }

    #[test]
    fn a_second_429_is_waited_for_longer() {
        let mut attempts = Attempts::new(Effect::Write);
        let error = answered(429);
        let delays: Vec<_> =
            std::iter::from_fn(|| attempts.after(&error)).map(|delay| delay.as_secs()).collect();
        assert_eq!(delays, [0, 20, 40, 80, 160]);
    }
}
