//! Whom and what the numbers in a call stand for.

use std::collections::{BTreeMap, BTreeSet};

use muster_core::directory::ProfileField;
use muster_core::id::{ContactId, Email, ProjectId, TemplateId, UserId};
use muster_procore::SyncRow;

use super::{Pair, Play};
use crate::act::Row;

impl Play {
    pub(super) fn users(&self) -> Vec<UserId> {
        self.model.directory.users.keys().copied().filter(|user| *user != self.caller).collect()
    }

    pub(super) fn user(&self, number: u8) -> UserId {
        pick(number, self.users().iter(), UserId::new(1))
    }

    pub(super) fn contact(&self, number: u8) -> ContactId {
        pick(number, self.model.directory.contacts.keys(), ContactId::new(1))
    }

    pub(super) fn template(&self, number: u8) -> TemplateId {
        pick(number, self.model.templates.keys(), TemplateId::new(1))
    }

    pub(super) fn project(&self, number: u8) -> ProjectId {
        self.projects[usize::from(number) % self.projects.len()]
    }

    /// Returns an address: the first ones are nobody's at the start, the others are those of the first users.
    pub(super) fn address(&self, number: u8) -> Email {
        let taken = self.model.directory.users.values().nth(usize::from(number.saturating_sub(10)));
        match taken.and_then(|login| login.email.clone()) {
            Some(email) if number >= 10 => email,
            _ => format!("number{number}@example.com").parse().unwrap(),
        }
    }

    pub(super) fn pairs(&self, numbers: &[(u8, u8)]) -> Vec<Pair> {
        let pairs = numbers.iter().map(|(user, project)| (self.user(*user), self.project(*project)));
        pairs.collect::<BTreeSet<_>>().into_iter().collect()
    }

    pub(super) fn row(&self, row: &Row) -> SyncRow {
        let mut fields = texts(&row.fields);
        let user = row.user.map(|number| self.user(number));
        if user.is_none() {
            fields.insert(ProfileField::LastName, "Synced".to_owned());
        } else if fields.get(&ProfileField::LastName).is_some_and(String::is_empty) {
            fields.remove(&ProfileField::LastName);
        }
        let email = row.address.or(Some(0).filter(|_| user.is_none())).map(|number| self.address(number));
        SyncRow { user, email, fields, employee: row.employee, active: row.active }
    }

    pub(super) fn all_pairs(&self) -> Vec<Pair> {
        let users = self.users().into_iter().chain([UserId::new(1)]);
        users.flat_map(|user| self.projects.iter().map(move |project| (user, *project))).collect()
    }
}

/// Returns one of those who are there, or somebody who is not.
pub(super) fn pick<'a, T: Copy + 'a>(number: u8, there: impl Iterator<Item = &'a T>, nobody: T) -> T {
    let all: Vec<T> = there.copied().chain([nobody]).collect();
    all[usize::from(number) % all.len()]
}

/// Returns what is to be written: 0 clears a field.
pub(super) fn texts(fields: &[(ProfileField, u8)]) -> BTreeMap<ProfileField, String> {
    let text = |field: ProfileField, number: u8| match (field, number) {
        (_, 0) => String::new(),
        (ProfileField::StateCode, _) => ["CO", "UT", "TX"][usize::from(number - 1)].to_owned(),
        _ => format!("{} {number}", field.words()),
    };
    fields.iter().map(|(field, number)| (*field, text(*field, *number))).collect()
}
