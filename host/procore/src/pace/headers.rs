//! What an answer's headers say about the rate.
//!
//! `X-Rate-Limit-Reset` is a time of Procore's clock, so it is measured against the same answer's `Date`: how wrong our
//! own clock is does not matter. Headers that can't be read are as good as none; what they claim is bounded.

use std::time::Duration;

use jiff::fmt::rfc2822;
use reqwest::StatusCode;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

use super::{HOUR, SPIKE};

const LIMIT: &str = "x-rate-limit-limit";
const REMAINING: &str = "x-rate-limit-remaining";
const RESET: &str = "x-rate-limit-reset";

/// Added to a reset, because `Date` and `Reset` are cut to whole seconds: without it the next request could come up to a
/// second early and be refused.
const ROUNDING: Duration = Duration::from_secs(1);

/// How long a busy Procore (503) may hold us off at most. A 429 may as long as its longer window.
const LONGEST_BUSY: Duration = Duration::from_secs(120);

/// What one answer says about one window (developers.procore.com, rate limiting).
pub(super) struct Heard {
    /// How many requests the window has.
    pub(super) limit: u32,
    /// How many of them are left.
    pub(super) remaining: u32,
    /// How long until it starts anew.
    pub(super) resets_in: Duration,
    /// When it was said, in seconds of Procore's clock.
    pub(super) at: Option<i64>,
}

impl Heard {
    /// Returns what `headers` say, if they say all three and it can be true.
    pub(super) fn read(headers: &HeaderMap) -> Option<Self> {
        let at = date(headers);
        let (limit, remaining) = (number(headers, LIMIT)?, number(headers, REMAINING)?);
        let reset: i64 = number(headers, RESET)?;
        if limit == 0 || remaining > limit {
            return None;
        }
        // Without `Date` the distance can't be told; the spike window is the one that headers mostly show.
        let seconds = at.map_or(SPIKE.as_secs(), |at| u64::try_from(reset.saturating_sub(at)).unwrap_or(0));
        Some(Self { limit, remaining, resets_in: Duration::from_secs(seconds).min(HOUR) + ROUNDING, at })
    }
}

/// Returns for how long nothing should be sent after an answer: what a 429 or 503 says in `Retry-After`, else for a 429
/// when its window starts anew, if that is the window which is spent. Procore's own pages disagree on which of the two a 429 has (developers.procore.com, rate
/// limiting and error reference), so both are read.
pub(crate) fn asked_pause(status: StatusCode, headers: &HeaderMap) -> Option<Duration> {
    match status {
        StatusCode::TOO_MANY_REQUESTS => {
            // Of the window that the headers show some may be left: then it is another one that is spent, the short one.
            let spent = |heard: &Heard| heard.remaining == 0;
            let reset = || Heard::read(headers).filter(spent).map(|heard| heard.resets_in);
            Some(retry_after(headers).or_else(reset).unwrap_or(SPIKE).min(HOUR + ROUNDING))
        }
        StatusCode::SERVICE_UNAVAILABLE => retry_after(headers).map(|pause| pause.min(LONGEST_BUSY)),
        _ => None,
    }
}

/// Reads `Retry-After`, which is a number of seconds or a date (RFC 9110, 10.2.3).
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    if let Some(seconds) = number(headers, RETRY_AFTER.as_str()) {
        return Some(Duration::from_secs(seconds));
    }
    let until = time(headers, RETRY_AFTER.as_str())?;
    let seconds = until.saturating_sub(date(headers)?);
    Some(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)))
}

/// Returns when an answer was given, in seconds of Procore's clock.
pub(super) fn date(headers: &HeaderMap) -> Option<i64> {
    time(headers, DATE.as_str())
}

fn time(headers: &HeaderMap, name: &str) -> Option<i64> {
    let parser = rfc2822::DateTimeParser::new().relaxed_weekday(true);
    Some(parser.parse_timestamp(headers.get(name)?.to_str().ok()?).ok()?.as_second())
}

fn number<T: std::str::FromStr>(headers: &HeaderMap, name: &str) -> Option<T> {
    headers.get(name)?.to_str().ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "Fri, 17 Jun 2016 17:17:20 GMT";

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn a_reset_is_measured_against_the_answers_own_date() {
        let read = |reset, date: Option<&'static str>| {
            let mut headers = headers(&[(LIMIT, "25"), (REMAINING, "24"), (RESET, reset)]);
            date.map(|date| headers.insert(DATE, date.parse().unwrap()));
            let heard = Heard::read(&headers).unwrap();
            assert_eq!((heard.limit, heard.remaining), (25, 24));
            heard.resets_in.as_secs()
        };
        assert_eq!(read("1466183847", Some(NOW)), 8);
        assert_eq!(read("1466182000", Some(NOW)), 1, "past");
        assert_eq!(read("99999999999999", Some(NOW)), 3601, "in the far future");
        assert_eq!(read("1466183847", None), 11, "no date");
        assert_eq!(read("1466183847", Some("yesterday")), 11, "no date either");
    }

    #[test]
    fn headers_that_cant_be_read_are_as_good_as_none() {
        for bad in [
            headers(&[]),
            headers(&[(LIMIT, "25"), (REMAINING, "24")]),
            headers(&[(LIMIT, "-1"), (REMAINING, "24"), (RESET, "1466183847")]),
            headers(&[(LIMIT, "25"), (REMAINING, "many"), (RESET, "1466183847")]),
            headers(&[(LIMIT, "0"), (REMAINING, "0"), (RESET, "1466183847")]),
            headers(&[(LIMIT, "25"), (REMAINING, "26"), (RESET, "1466183847")]),
        ] {
            assert!(Heard::read(&bad).is_none());
        }
    }

    #[test]
    fn a_429_or_503_tells_how_long_to_pause() {
        let pause = |status, pairs: &[(&'static str, &str)]| {
            let pause = asked_pause(StatusCode::from_u16(status).unwrap(), &headers(pairs));
            pause.map(|pause| pause.as_secs())
        };
        let limits = [(LIMIT, "25"), (REMAINING, "0"), (RESET, "1466183847"), ("date", NOW)];
        assert_eq!(pause(429, &[("retry-after", "7")]), Some(7));
        assert_eq!(pause(429, &limits), Some(8));
        assert_eq!(pause(429, &[]), Some(10));
        assert_eq!(pause(429, &[("retry-after", "99999999")]), Some(3601));
        assert_eq!(pause(429, &[("retry-after", "Fri, 17 Jun 2016 17:17:25 GMT"), ("date", NOW)]), Some(5));
        assert_eq!(pause(503, &[("retry-after", "7")]), Some(7));
        assert_eq!(pause(503, &[("retry-after", "9999")]), Some(120));
        assert_eq!(pause(503, &limits), None);
        assert_eq!(pause(200, &[("retry-after", "7")]), None);
    }
}
