//! The welcome e-mails that users were sent.
//!
//! An invitation is followed by reminders on days 3, 7 and 14, until the user logs in, is invited anew, or has the login
//! taken away (support.procore.com, invitations to new users). Nothing here runs by itself: which mails there were by
//! now follows from when each invitation was sent and when it ended.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Company, User};

/// The days after an invitation on which a reminder is sent.
const REMINDERS: [u8; 3] = [3, 7, 14];

/// An invitation that was sent, with all its reminders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Invitation {
    /// When it was sent.
    pub(super) sent_at: Timestamp,
    /// From then on there are no more reminders.
    pub(super) ended_at: Option<Timestamp>,
}

/// A welcome e-mail that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mail {
    /// The user it went to.
    pub user: u64,
    /// The days since the invitation: 0 is the invitation itself, 3, 7 and 14 are reminders.
    pub day: u8,
    /// When it was sent.
    pub sent_at: Timestamp,
}

impl Company {
    /// Returns the mails that a user was sent by now, in their order.
    pub fn mails(&self, user: u64) -> Vec<Mail> {
        let invitations = self.invitations.get(&user).map_or(&[][..], Vec::as_slice);
        let mails = invitations.iter().flat_map(|invitation| {
            let end = invitation.ended_at.unwrap_or(Timestamp::MAX);
            let reminders = REMINDERS.into_iter().filter_map(move |day| {
                let after = Duration::from_secs(u64::from(day) * 24 * 60 * 60);
                let sent_at = invitation.sent_at.checked_add(after).ok()?;
                (sent_at < end && sent_at <= self.now).then_some(Mail { user, day, sent_at })
            });
            std::iter::once(Mail { user, day: 0, sent_at: invitation.sent_at }).chain(reminders)
        });
        mails.collect()
    }

    /// Returns the mails of everybody, by user.
    pub(super) fn all_mails(&self) -> impl Iterator<Item = Mail> {
        self.invitations.keys().flat_map(|user| self.mails(*user))
    }

    /// Starts an invitation when a record says that there was one, and ends it when there is no need of reminders.
    pub(super) fn follow_invitation(&mut self, before: Option<&User>, after: &User) {
        let known = before.and_then(|user| user.welcome_email_sent_at);
        if let Some(sent_at) = after.welcome_email_sent_at.filter(|sent_at| Some(*sent_at) != known) {
            self.begin_invitation(after.id, sent_at);
        }
        if let Some(login) = after.last_login_at {
            self.end_invitation(after.id, login);
        }
        if !after.active {
            self.end_invitation(after.id, self.now);
        }
    }

    /// Starts an invitation and ends the one before it.
    pub(super) fn begin_invitation(&mut self, user: u64, sent_at: Timestamp) {
        self.end_invitation(user, sent_at);
        self.invitations.entry(user).or_default().push(Invitation { sent_at, ended_at: None });
    }

    fn end_invitation(&mut self, user: u64, at: Timestamp) {
        let last = self.invitations.get_mut(&user).and_then(|invitations| invitations.last_mut());
        if let Some(last) = last.filter(|last| last.ended_at.is_none()) {
            last.ended_at = Some(at.max(last.sent_at));
        }
    }
}
