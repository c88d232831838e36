//! A departure as the command line names it.

use clap::Args;
use jiff::{Timestamp, Zoned};
use muster_core::event::{Cause, Effective, Event, EventId, Kind, Urgency};
use muster_core::id::{Email, UserId};
use muster_core::text::is_obeyed;
use muster_procore::Connection;

use super::failure;
use crate::app::App;
use crate::clock;
use crate::config::Config;
use crate::exit::{Exit, Failure};

/// Who leaves, and when.
#[derive(Debug, Args)]
pub(super) struct Departure {
    /// Who leaves: the exact e-mail address of a user
    #[arg(long, value_name = "EMAIL", required = true)]
    departed: Email,
    /// The day is known beforehand: the work is handed over first, the login is cut at --effective
    #[arg(long, requires = "effective")]
    planned: bool,
    /// When the login has to be gone, for example 2026-12-01T17:00[America/New_York] or 2026-12-01T22:00:00Z
    #[arg(long, value_name = "TIME", requires = "planned", value_parser = moment)]
    effective: Option<Effective>,
}

impl Departure {
    /// Returns a departure that can't wait.
    pub(super) fn immediate(departed: Email) -> Self {
        Self { departed, planned: false, effective: None }
    }

    /// Finds the person and makes the event.
    pub(super) async fn event(&self, app: &App) -> Result<Event, Failure> {
        let user = find(&app.config, &app.connection, &self.departed).await?;
        let now = clock::now();
        let random = clock::random().map_err(|error| Failure::new(Exit::Bug, error))?;
        let (urgency, effective) = match &self.effective {
            Some(effective) => (Urgency::Planned, effective.clone()),
            None => (Urgency::Immediate, Effective { at: now, zone: None }),
        };
        let kind = Kind::Departed { user, urgency, effective };
        Ok(Event { id: EventId::new(now, random), occurred_at: now, cause: Cause::Hand, kind })
    }
}

/// Finds the one user who has an address.
pub(super) async fn find(config: &Config, connection: &Connection, email: &Email) -> Result<UserId, Failure> {
    let users = connection.reads().users_by_email(email).await;
    let users = users.map_err(|error| failure::of_procore(config, error))?;
    match users.as_slice() {
        [user] => Ok(user.id),
        [] => {
            let error = format!("nobody in the directory has the address {email}; nothing was changed");
            Err(Failure::new(Exit::Usage, error).hint("the whole address is compared, not a part of it"))
        }
        several => {
            let ids: Vec<_> = several.iter().map(|user| user.id.to_string()).collect();
            let error = format!("{} users have the address {email}: {}", ids.len(), ids.join(", "));
            Err(Failure::new(Exit::Usage, error).hint("tell them apart in Procore first"))
        }
    }
}

/// Parses the name of whoever approves or calls off: it is kept for good, and an empty one would be nobody's.
pub(super) fn name(text: &str) -> Result<String, String> {
    let name = text.trim();
    let fits = !name.is_empty() && name.chars().count() <= 100 && !name.chars().any(is_obeyed);
    if fits {
        Ok(name.to_owned())
    } else {
        Err("a name of at most 100 characters is expected, in one line".to_owned())
    }
}

/// Parses a moment, in a zone or in UTC. A time without either is refused: which day it means depends on the place.
fn moment(text: &str) -> Result<Effective, String> {
    if let Ok(zoned) = text.parse::<Zoned>() {
        let zone = zoned.time_zone().iana_name().map(str::to_owned);
        return Ok(Effective { at: zoned.timestamp(), zone });
    }
    let at = text.parse::<Timestamp>();
    at.map(|at| Effective { at, zone: None }).map_err(|_| {
        "expected a time with its zone, for example 2026-12-01T17:00[America/New_York] or 2026-12-01T22:00:00Z".to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::{moment, name};

    #[test]
    fn nobody_approves_without_a_name() {
        assert_eq!(name(" Pat Lee ").unwrap(), "Pat Lee");
        for bad in ["", "  ", "Pat\nLee", "\u{1b}[31mPat", &"x".repeat(101)] {
            assert!(name(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_moment_needs_a_zone() {
        let there = moment("2026-12-01T17:00[America/New_York]").unwrap();
        assert_eq!(
            (there.at.to_string().as_str(), there.zone.as_deref()),
            ("2026-12-01T22:00:00Z", Some("America/New_York"))
        );
        assert_eq!(moment("2026-12-01T22:00:00Z").unwrap().at, there.at);
        for bad in ["2026-12-01T17:00", "2026-12-01", "tomorrow", "2026-12-01T17:00[Mars/Olympus]"] {
            assert!(moment(bad).is_err(), "{bad}");
        }
    }
}
