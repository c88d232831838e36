//! One rate window: what Procore last said of it, and what we sent in it.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

use super::headers::Heard;
use super::{HOUR, SPIKE};

/// Into how many parts the own count is cut. More would only cost memory; a request is forgotten at most one part late.
const PARTS: u32 = 60;

/// Two statements whose resets differ by less than this are about the same window: both are cut to whole seconds.
const SAME: Duration = Duration::from_secs(2);

/// What is left of one window, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WindowBudget {
    /// How many requests it has: the operator's number, else the one that Procore last said.
    pub limit: Option<u32>,
    /// How many of them are left, by Procore's last word, less what was sent since. `None` if there is no such word.
    pub remaining: Option<u32>,
    /// How long until the window starts anew, by Procore's last word.
    pub resets_in: Option<Duration>,
    /// How many requests this connection has sent in it: in the last 60 minutes or 10 seconds, whatever Procore's
    /// window starts with.
    pub sent: u32,
}

pub(super) struct Window {
    span: Duration,
    /// The operator's limit, which holds for any stretch of time as long as the window.
    fixed: Option<u32>,
    /// Procore's limit, which holds since `restarted`.
    learned: Option<u32>,
    /// When Procore's count began anew, by its own word. Always `None` where that word is not relied upon.
    restarted: Option<Instant>,
    relies_on_resets: bool,
    /// The own count: when each part started, and how many were sent in it.
    sent: VecDeque<(Instant, u32)>,
    stated: Option<Stated>,
}

struct Stated {
    remaining: u32,
    resets: Instant,
}

impl Window {
    /// Returns the window of an hour. Its own count of Procore's limit starts anew when Procore's does, because that
    /// window is not always an hour: a sandbox has shown 60 seconds.
    pub(super) fn hour(fixed: Option<u32>) -> Self {
        Self { fixed, relies_on_resets: true, ..Self::of(HOUR) }
    }

    /// Returns the window of ten seconds. It is counted over any ten seconds, so that it holds whether Procore counts
    /// in fixed or in sliding windows.
    pub(super) fn spike() -> Self {
        Self::of(SPIKE)
    }

    fn of(span: Duration) -> Self {
        Self {
            span,
            fixed: None,
            learned: None,
            restarted: None,
            relies_on_resets: false,
            sent: VecDeque::new(),
            stated: None,
        }
    }

    /// Returns how many requests it has: the lower of the operator's number and Procore's.
    pub(super) fn limit(&self) -> Option<u32> {
        self.fixed.into_iter().chain(self.learned).min()
    }

    /// Returns when one more request may be sent, or `None` if it may be sent now.
    pub(super) fn opens(&mut self, now: Instant) -> Option<Instant> {
        self.tidy(now);
        let spent = self.stated.as_ref().filter(|stated| stated.remaining == 0).map(|stated| stated.resets);
        let fixed = self.counted_out(self.fixed, None);
        let learned = self.counted_out(self.learned, self.restarted).map(|until| {
            let resets = self.stated.as_ref().filter(|_| self.relies_on_resets).map(|stated| stated.resets);
            resets.map_or(until, |resets| resets.min(until))
        });
        spent.max(fixed).max(learned)
    }

    /// Counts one request.
    pub(super) fn take(&mut self, now: Instant) {
        if let Some(stated) = &mut self.stated {
            stated.remaining = stated.remaining.saturating_sub(1);
        }
        let part = self.span / PARTS;
        match self.sent.back_mut() {
            Some((start, count)) if now < *start + part && self.restarted <= Some(*start) => *count += 1,
            _ => self.sent.push_back((now, 1)),
        }
    }

    /// Takes over what Procore said; `unsure` requests may or may not be counted in it.
    pub(super) fn hear(&mut self, now: Instant, heard: &Heard, unsure: u32) {
        self.tidy(now);
        self.learned = Some(heard.limit);
        let resets = now + heard.resets_in;
        let sure = heard.remaining.saturating_sub(unsure);
        let same = |known: &&Stated| {
            let later = resets.saturating_duration_since(known.resets);
            let earlier = known.resets.saturating_duration_since(resets);
            later.max(earlier) < SAME
        };
        // Of two lower bounds on what is left the higher is the better, as long as it is not above Procore's own word.
        let known = self.stated.as_ref().filter(same);
        let remaining = known.map_or(sure, |known| known.remaining.max(sure).min(heard.remaining));
        self.stated = Some(Stated { remaining, resets });
    }

    /// Returns what is known.
    pub(super) fn budget(&mut self, now: Instant) -> WindowBudget {
        self.tidy(now);
        WindowBudget {
            limit: self.limit(),
            remaining: self.stated.as_ref().map(|stated| stated.remaining),
            resets_in: self.stated.as_ref().map(|stated| stated.resets.saturating_duration_since(now)),
            sent: self.sent.iter().map(|(_, count)| count).sum(),
        }
    }

    /// Returns when a request is certainly over that was sent after `since` and keeps `limit` reached, or `None` if it
    /// is not reached.
    fn counted_out(&self, limit: Option<u32>, since: Option<Instant>) -> Option<Instant> {
        let counted = || self.sent.iter().filter(|(start, _)| since <= Some(*start));
        let full = counted().map(|(_, count)| count).sum::<u32>() >= limit?;
        counted().next().filter(|_| full).map(|(start, _)| self.ends(*start))
    }

    /// When the last request of the part that began at `start` is certainly out of the window.
    fn ends(&self, start: Instant) -> Instant {
        start + self.span + self.span / PARTS
    }

    /// Forgets what is over.
    fn tidy(&mut self, now: Instant) {
        while self.sent.front().is_some_and(|(start, _)| self.ends(*start) <= now) {
            self.sent.pop_front();
        }
        let over = self.stated.as_ref().map(|stated| stated.resets).filter(|resets| *resets <= now);
        if over.is_some() {
            self.stated = None;
            self.restarted = over.filter(|_| self.relies_on_resets);
        }
    }
}
