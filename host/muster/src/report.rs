//! Reports: what commands print on stdout, for people or as JSON. Talk goes to stderr, and not through here.
//!
//! Everything that a stranger wrote is escaped where it is shown (invariant 14).

mod changes;
mod items;
mod line;
mod words;

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use clap::ValueEnum;
use muster_core::run::{End, Outcome, RunState};
use muster_core::text::is_obeyed;
use muster_core::verdict::{Ruling, Verdict};
use serde::Serialize;

pub(crate) use self::changes::{changes, for_good, outcomes};
pub(crate) use self::items::{Gone, Held, ItemsReport};
pub(crate) use self::words::{call, event_line, shown};

/// How a command prints its data.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Output {
    /// For people.
    #[default]
    Table,
    /// For programs: one JSON document.
    Json,
}

pub(crate) const BOLD: Style = Style::new().bold();
pub(crate) const DIM: Style = Style::new().dimmed();
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
pub(crate) const WARN: Style = AnsiColor::Yellow.on_default();
pub(crate) const BAD: Style = AnsiColor::Red.on_default();

/// Where data goes: stdout, without colour where it is no terminal or `NO_COLOR` is set.
pub(crate) fn stdout() -> impl Write {
    anstream::stdout()
}

/// Prints one JSON document. What a terminal would obey is written as JSON's own escapes: the document stays the same.
pub(crate) fn json(value: &impl Serialize) -> io::Result<()> {
    let text = serde_json::to_string_pretty(value).map_err(io::Error::other)?;
    let mut safe = String::with_capacity(text.len() + 1);
    for character in text.chars() {
        if character != '\n' && is_obeyed(character) {
            let mut units = [0; 2];
            safe.extend(character.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        } else {
            safe.push(character);
        }
    }
    safe.push('\n');
    // Not through anstream, which takes away what looks like a colour.
    io::stdout().write_all(safe.as_bytes())
}

/// Prints what a verdict says: the findings, and what they come to.
pub(crate) fn verdict(out: &mut impl Write, verdict: &Verdict) -> io::Result<()> {
    let (style, words) = ruling(verdict.ruling);
    writeln!(out, "{BOLD}verdict{BOLD:#}: {style}{words}{style:#}")?;
    let mut said = Vec::new();
    for finding in &verdict.findings {
        // What holds for many steps is said once.
        if !said.contains(&(&finding.what, &finding.proceed)) {
            writeln!(out, "  ! {}", shown(&finding.what))?;
            writeln!(out, "    {DIM}{}{DIM:#}", shown(&finding.proceed))?;
            said.push((&finding.what, &finding.proceed));
        }
    }
    match &verdict.cut_off {
        Some(cut) if verdict.ruling != Ruling::Pass && cut.ruling == Ruling::Pass => {
            writeln!(out, "  the login does not wait for that: it is cut all the same")
        }
        _ => Ok(()),
    }
}

fn ruling(ruling: Ruling) -> (Style, &'static str) {
    match ruling {
        Ruling::Pass => (GOOD, "pass, by the policy's grant"),
        Ruling::NeedsApproval => (WARN, "waits for a person's approval"),
        Ruling::Refused => (BAD, "refused"),
    }
}

/// Returns how a run stands, in words.
pub(crate) fn ended(run: &RunState) -> (Style, &'static str) {
    match run.end() {
        Some(End::Done) => (GOOD, "done"),
        Some(End::DoneWithRemainder) => (WARN, "done, with remainder"),
        Some(End::Failed) => (BAD, "failed"),
        Some(End::Unknown) => (BAD, "unknown"),
        Some(End::Cancelled) => (WARN, "called off"),
        None if run.has_begun() => (WARN, "begun, not ended"),
        None => (WARN, "not begun"),
    }
}

/// Returns an outcome in a word, with its colour.
pub(crate) fn outcome(outcome: Outcome) -> (Style, &'static str) {
    match outcome {
        Outcome::Done => (GOOD, "done"),
        Outcome::Already => (GOOD, "already"),
        Outcome::Skipped => (WARN, "skipped"),
        Outcome::Failed => (BAD, "failed"),
        Outcome::Unknown => (BAD, "unknown"),
    }
}
