//! How many calls one client may make: an hourly window and a spike window of ten seconds.
//!
//! A window opens with the first call after the one before it has ended. A call counts in both, whatever becomes of it;
//! a call that is refused with 429 counts in neither, for nothing is left that it could use up.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use jiff::Timestamp;

const HOUR: Duration = Duration::from_secs(3600);
const SPIKE: Duration = Duration::from_secs(10);

/// The size of the two windows. Written `600/h,25/10s`; a window that is left out has no limit, and `none` leaves out both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Calls in an hour.
    pub hourly: u32,
    /// Calls in ten seconds.
    pub spike: u32,
}

impl Limits {
    /// Windows that never run out. The headers are sent all the same.
    pub const NONE: Self = Self { hourly: u32::MAX, spike: u32::MAX };
}

impl Default for Limits {
    fn default() -> Self {
        Self { hourly: 3600, spike: 25 }
    }
}

impl fmt::Display for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.hourly, self.spike) {
            (u32::MAX, u32::MAX) => f.write_str("none"),
            (hourly, u32::MAX) => write!(f, "{hourly}/h"),
            (u32::MAX, spike) => write!(f, "{spike}/10s"),
            (hourly, spike) => write!(f, "{hourly}/h,{spike}/10s"),
        }
    }
}

/// Why a text is not a pair of limits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("limits are written like `600/h,25/10s` or `none`, not `{0}`")]
pub struct LimitsError(String);

impl FromStr for Limits {
    type Err = LimitsError;

    fn from_str(text: &str) -> Result<Self, LimitsError> {
        let unreadable = || LimitsError(text.to_owned());
        let mut limits = Self::NONE;
        if text.trim() == "none" {
            return Ok(limits);
        }
        for part in text.split(',') {
            let (count, window) = part.trim().split_once('/').ok_or_else(unreadable)?;
            let count: u32 = count.trim().parse().map_err(|_| unreadable())?;
            match window.trim() {
                "h" => limits.hourly = count,
                "10s" => limits.spike = count,
                _ => return Err(unreadable()),
            }
        }
        Ok(limits)
    }
}

/// The two windows of one client.
#[derive(Debug)]
pub(crate) struct Windows {
    hourly: Window,
    spike: Window,
}

/// How a client stands after a call: the window that is likelier to run out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    /// Whether the call may go on.
    pub(crate) passed: bool,
    /// The size of the window.
    pub(crate) limit: u32,
    /// What is left of it.
    pub(crate) remaining: u32,
    /// When the next window begins.
    pub(crate) reset: Timestamp,
}

impl Windows {
    /// Returns fresh windows.
    pub(crate) fn new(limits: Limits) -> Self {
        Self { hourly: Window::new(limits.hourly, HOUR), spike: Window::new(limits.spike, SPIKE) }
    }

    /// Takes one call out of both windows, unless one of them is used up.
    pub(crate) fn take(&mut self, now: Timestamp) -> Standing {
        self.hourly.open(now);
        self.spike.open(now);
        let passed = self.hourly.remaining() > 0 && self.spike.remaining() > 0;
        if passed {
            self.hourly.used += 1;
            self.spike.used += 1;
        }
        // Of two windows with as little left, the longer one is the harder to wait for.
        let window =
            if self.spike.remaining() < self.hourly.remaining() { &self.spike } else { &self.hourly };
        Standing { passed, limit: window.limit, remaining: window.remaining(), reset: window.ends }
    }
}

#[derive(Debug)]
struct Window {
    limit: u32,
    length: Duration,
    used: u32,
    ends: Timestamp,
}

impl Window {
    fn new(limit: u32, length: Duration) -> Self {
        Self { limit, length, used: 0, ends: Timestamp::MIN }
    }

    fn open(&mut self, now: Timestamp) {
        if now >= self.ends {
            self.used = 0;
            self.ends = now.checked_add(self.length).unwrap_or(Timestamp::MAX);
        }
    }

    fn remaining(&self) -> u32 {
        self.limit.saturating_sub(self.used)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn limits_are_read_as_they_are_written() {
        for text in ["600/h,25/10s", "600/h", "25/10s", "none"] {
            assert_eq!(text.parse::<Limits>().unwrap().to_string(), text);
        }
        assert_eq!(" 3600/h , 25/10s".parse(), Ok(Limits::default()));
        for text in ["", "600", "600/m", "x/h", "600/h,"] {
            assert!(text.parse::<Limits>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_spike_window_runs_out_and_opens_again() {
        let mut windows = Windows::new(Limits { hourly: 100, spike: 2 });
        let first = windows.take(second(0));
        assert_eq!((first.passed, first.limit, first.remaining, first.reset), (true, 2, 1, second(10)));
        assert!(windows.take(second(4)).passed);
        let refused = windows.take(second(9));
        assert_eq!((refused.passed, refused.remaining, refused.reset), (false, 0, second(10)));
        assert!(windows.take(second(10)).passed);
    }

    #[test]
    fn the_hourly_window_is_shown_once_it_has_less_left() {
        let mut windows = Windows::new(Limits { hourly: 3, spike: 2 });
        assert_eq!(windows.take(second(0)).limit, 2);
        assert_eq!(windows.take(second(20)).limit, 3, "one call is left of both, and the hour is longer");
        assert_eq!(windows.take(second(40)).remaining, 0);
        let refused = windows.take(second(60));
        assert_eq!((refused.passed, refused.limit, refused.reset), (false, 3, second(3600)));
    }
}
