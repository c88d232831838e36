//! Events: facts in the life of users, contacts, vendors and projects, which never change.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::action::Subject;
use crate::id::{ContactId, Email, ProjectId, UserId, VendorId};

/// What names an event, and with it the case: one event is one case.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EventId(Uuid);

impl EventId {
    /// Makes an id that sorts by `now` (UUID version 7). `random` must differ between events of one millisecond.
    #[must_use]
    pub fn new(now: Timestamp, random: [u8; 10]) -> Self {
        let milliseconds = u64::try_from(now.as_millisecond()).unwrap_or_default();
        Self(uuid::Builder::from_unix_timestamp_millis(milliseconds, &random).into_uuid())
    }
}

impl std::fmt::Display for EventId {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(formatter)
    }
}

impl std::fmt::Debug for EventId {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(formatter)
    }
}

impl std::str::FromStr for EventId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, uuid::Error> {
        text.parse().map(Self)
    }
}

/// A fact that policies are asked about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Event {
    /// What names it.
    pub id: EventId,
    /// When it became known.
    pub occurred_at: Timestamp,
    /// How it is known.
    pub cause: Cause,
    /// What happened.
    pub kind: Kind,
}

/// How an event is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// A webhook delivery, and what fetching the changed thing showed.
    Webhook,
    /// A comparison of the directory with an earlier state of it.
    Sync,
    /// A schedule of the operator.
    Schedule,
    /// A file of joiners, movers and leavers.
    Feed,
    /// A request to muster's own HTTP interface.
    Http,
    /// A timer that a policy set.
    Timer,
    /// Somebody at the command line.
    Hand,
}

/// The kinds of events by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum KindName {
    /// Somebody starts.
    Joined,
    /// Something about a user changed.
    Changed,
    /// A user leaves.
    Departed,
    /// A user who had left comes back.
    Returned,
    /// A user was invited long ago and has never logged in.
    InvitedLate,
    /// The work with a vendor ends.
    VendorEnded,
    /// A project ends.
    ProjectClosed,
    /// A contact leaves.
    ContactDeparted,
    /// A contact comes back.
    ContactReturned,
    /// A schedule fired.
    Scheduled,
    /// A timer ran out.
    Due,
    /// Something that the operator's own systems report.
    Custom,
}

/// What happened, with what is known of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case", deny_unknown_fields)]
pub enum Kind {
    /// Somebody starts.
    Joined {
        /// The user, if the directory has one already.
        user: Option<UserId>,
        /// The address that is or will be the login.
        email: Option<Email>,
        /// The company's own number for an employee.
        employee_id: Option<String>,
        /// The first name, if the source gives one.
        first_name: Option<String>,
        /// The last name.
        last_name: String,
        /// The job title.
        job_title: Option<String>,
        /// From when on.
        effective: Effective,
    },
    /// Something about a user changed.
    Changed {
        /// Who.
        user: UserId,
        /// What, sorted by field.
        changes: Vec<Change>,
        /// From when on.
        effective: Effective,
    },
    /// A user leaves.
    Departed {
        /// Who.
        user: UserId,
        /// Whether it can wait for a hand-over.
        urgency: Urgency,
        /// When the login has to be gone.
        effective: Effective,
    },
    /// A user who had left comes back.
    Returned {
        /// Who.
        user: UserId,
        /// From when on.
        effective: Effective,
    },
    /// A user was invited long ago and has never logged in.
    InvitedLate {
        /// Who.
        user: UserId,
        /// When the last invitation was sent.
        invited_at: Timestamp,
        /// Whole days since then.
        days: u32,
    },
    /// The work with a vendor ends.
    VendorEnded {
        /// Which vendor.
        vendor: VendorId,
        /// From when on.
        effective: Effective,
    },
    /// A project ends.
    ProjectClosed {
        /// Which project.
        project: ProjectId,
        /// From when on.
        effective: Effective,
    },
    /// A contact leaves.
    ContactDeparted {
        /// Who.
        contact: ContactId,
        /// From when on.
        effective: Effective,
    },
    /// A contact comes back.
    ContactReturned {
        /// Who.
        contact: ContactId,
        /// From when on.
        effective: Effective,
    },
    /// A schedule fired.
    Scheduled {
        /// The name of the schedule in the configuration.
        schedule: String,
        /// The time for which the firing was meant.
        planned_for: Effective,
        /// The user that the policy is asked about, where the schedule asks once for each.
        user: Option<UserId>,
    },
    /// A timer ran out.
    Due {
        /// The name that the policy gave it.
        timer: String,
        /// The time for which it was set.
        planned_for: Effective,
        /// The user that it is about.
        user: Option<UserId>,
        /// What the policy noted.
        note: String,
    },
    /// Something that the operator's own systems report.
    Custom {
        /// What it is called there.
        name: String,
        /// The user that it is about.
        user: Option<UserId>,
        /// Whatever else is known, as a JSON document.
        data: String,
    },
}

/// One field of a user with its old and its new value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Change {
    /// The field as the directory names it.
    pub field: String,
    /// What it was; `None` if it was empty or is not known.
    pub old: Option<String>,
    /// What it is; `None` if it is empty now.
    pub new: Option<String>,
}

/// When something takes effect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Effective {
    /// The moment.
    pub at: Timestamp,
    /// The IANA time zone in which it was stated; `None` for UTC.
    pub zone: Option<String>,
}

/// Whether a departure can wait for a hand-over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Urgency {
    /// The login has to be cut now; everything else comes after.
    Immediate,
    /// The work is handed over first.
    Planned,
}

impl Event {
    /// Returns the user that the event is about, if it is about one.
    #[must_use]
    pub fn subject(&self) -> Option<UserId> {
        match &self.kind {
            Kind::Joined { user, .. }
            | Kind::Scheduled { user, .. }
            | Kind::Due { user, .. }
            | Kind::Custom { user, .. } => *user,
            Kind::Changed { user, .. }
            | Kind::Departed { user, .. }
            | Kind::Returned { user, .. }
            | Kind::InvitedLate { user, .. } => Some(*user),
            Kind::VendorEnded { .. }
            | Kind::ProjectClosed { .. }
            | Kind::ContactDeparted { .. }
            | Kind::ContactReturned { .. } => None,
        }
    }

    /// Returns whom or what the event is about, for a grant to reach.
    #[must_use]
    pub fn concerns(&self) -> Option<Subject> {
        match &self.kind {
            Kind::ContactDeparted { contact, .. } | Kind::ContactReturned { contact, .. } => {
                Some(Subject::Contact(*contact))
            }
            Kind::VendorEnded { vendor, .. } => Some(Subject::Vendor(*vendor)),
            _ => self.subject().map(Subject::User),
        }
    }

    /// Returns whether the event is that somebody starts who will have this address and is no user yet.
    #[must_use]
    pub fn brings(&self, address: &Email) -> bool {
        matches!(&self.kind, Kind::Joined { user: None, email, .. }
            if email.as_ref() == Some(address))
    }

    /// Returns the user whose login has to be cut without waiting for anything: whose departure is immediate, or was
    /// planned for a time that has come.
    #[must_use]
    pub fn cut_off(&self, now: Timestamp) -> Option<UserId> {
        match &self.kind {
            Kind::Departed { user, urgency, effective }
                if *urgency == Urgency::Immediate || effective.at <= now =>
            {
                Some(*user)
            }
            _ => None,
        }
    }
}

impl Kind {
    /// Returns the kind without what is known of it.
    #[must_use]
    pub fn name(&self) -> KindName {
        match self {
            Self::Joined { .. } => KindName::Joined,
            Self::Changed { .. } => KindName::Changed,
            Self::Departed { .. } => KindName::Departed,
            Self::Returned { .. } => KindName::Returned,
            Self::InvitedLate { .. } => KindName::InvitedLate,
            Self::VendorEnded { .. } => KindName::VendorEnded,
            Self::ProjectClosed { .. } => KindName::ProjectClosed,
            Self::ContactDeparted { .. } => KindName::ContactDeparted,
            Self::ContactReturned { .. } => KindName::ContactReturned,
            Self::Scheduled { .. } => KindName::Scheduled,
            Self::Due { .. } => KindName::Due,
            Self::Custom { .. } => KindName::Custom,
        }
    }
}

impl KindName {
    /// Returns the name as it is written in configuration and descriptions.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Joined => "joined",
            Self::Changed => "changed",
            Self::Departed => "departed",
            Self::Returned => "returned",
            Self::InvitedLate => "invited-late",
            Self::VendorEnded => "vendor-ended",
            Self::ProjectClosed => "project-closed",
            Self::ContactDeparted => "contact-departed",
            Self::ContactReturned => "contact-returned",
            Self::Scheduled => "scheduled",
            Self::Due => "due",
            Self::Custom => "custom",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn departed(urgency: Urgency, at: &str) -> Event {
        let at = at.parse().unwrap();
        Event {
            id: EventId::new("2026-05-01T08:00:00Z".parse().unwrap(), [7; 10]),
            occurred_at: "2026-05-01T08:00:00Z".parse().unwrap(),
            cause: Cause::Hand,
            kind: Kind::Departed { user: UserId::new(5), urgency, effective: Effective { at, zone: None } },
        }
    }

    #[test]
    fn a_login_is_cut_at_once_or_when_the_planned_time_has_come() {
        let now = "2026-05-01T08:00:00Z".parse().unwrap();
        assert_eq!(departed(Urgency::Immediate, "2026-05-09T00:00:00Z").cut_off(now), Some(UserId::new(5)));
        assert_eq!(departed(Urgency::Planned, "2026-05-09T00:00:00Z").cut_off(now), None);
        assert_eq!(departed(Urgency::Planned, "2026-05-01T08:00:00Z").cut_off(now), Some(UserId::new(5)));
    }

    #[test]
    fn an_event_reads_back_as_it_was_written() {
        let event = departed(Urgency::Planned, "2026-05-09T00:00:00Z");
        let json = serde_json::to_string(&event).unwrap();
        assert_eq!(serde_json::from_str::<Event>(&json).unwrap(), event);
        assert!(json.contains(r#""departed":{"user":"5","urgency":"planned""#), "{json}");
        let name = serde_json::to_string(&event.kind.name()).unwrap();
        assert_eq!(name, format!("\"{}\"", event.kind.name().as_str()));
    }
}
