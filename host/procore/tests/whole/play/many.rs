//! Calls about many at once.

use std::collections::{BTreeMap, BTreeSet};

use muster_core::id::ContactId;
use muster_procore::{
    BatchAnswer, BatchHandle, BatchStatus, Error, NewMembership, PairAnswer, RowAnswer, SyncRow,
};

use super::{Pair, Play};
use crate::act::Row;
use crate::model::{Fate, Model, Person};

/// How often a batch is asked for before it must have ended.
const LOOKS: usize = 100;

impl Play {
    pub(super) async fn sync(&mut self, rows: &[Row]) -> Result<(), String> {
        let (mut users, mut addresses) = (BTreeSet::new(), BTreeSet::new());
        // What becomes of two rows about the same user, or two that make the same one, is nowhere said.
        let is_first = |row: &SyncRow| match (row.user, &row.email) {
            (None, Some(email)) => addresses.insert(email.as_str().to_owned()),
            (user, _) => user.is_none_or(|user| users.insert(user)),
        };
        let rows: Vec<SyncRow> = rows.iter().map(|row| self.row(row)).filter(is_first).collect();
        let told = self.writes.sync_users(&rows).await.map_err(|error| error.to_string())?;
        for (row, told) in rows.iter().zip(&told.rows) {
            let made = if let RowAnswer::Done(user) = told { Some(*user) } else { None };
            let mut model = self.model.clone();
            match (model.sync(row, made.filter(|_| row.user.is_none())), told) {
                (Fate::Made, RowAnswer::Done(user)) if row.user.is_none_or(|named| named == *user) => {
                    self.model = model;
                }
                (Fate::Refused, RowAnswer::Refused(_)) => {}
                (fate, _) => return Err(format!("{row:?}: {told:?} instead of {fate:?}")),
            }
        }
        Ok(())
    }

    pub(super) async fn set_people_active(&mut self, people: &[u8], active: bool) -> Result<(), String> {
        let logins = self.users();
        let ids = self.reads.person_ids(&logins).await.map_err(|error| error.to_string())?;
        let users = ids.into_iter().map(|(user, person)| (person, Person::User(user)));
        let contacts =
            self.model.directory.contacts.keys().map(|contact| (*contact, Person::Contact(*contact)));
        let pool: Vec<(ContactId, Person)> = users.chain(contacts).collect();
        let chosen: BTreeMap<ContactId, Person> =
            people.iter().map(|number| pool[usize::from(*number) % pool.len()]).collect();
        let mut asked: Vec<ContactId> = chosen.keys().copied().collect();
        asked.push(ContactId::new(1));
        let told = self.writes.set_people_active(&asked, active).await.map_err(|error| error.to_string())?;
        let changed = chosen.iter().filter(|(_, person)| self.model.set_person_active(**person, active));
        let changed: BTreeSet<ContactId> = changed.map(|(id, _)| *id).collect();
        if told == changed { Ok(()) } else { Err(format!("{told:?} changed instead of {changed:?}")) }
    }

    pub(super) async fn add_many(
        &mut self,
        pairs: &[Pair],
        template: Option<u8>,
        second: bool,
    ) -> Result<(), String> {
        let template = template.map(|number| self.template(number));
        let new = |(user, project): &Pair| NewMembership { user: *user, project: *project, template };
        let new: Vec<NewMembership> = pairs.iter().map(new).collect();
        let told = if second {
            self.writes.add_to_projects_v2(&new).await
        } else {
            self.writes.add_to_projects(&new).await.map(BatchAnswer::Now)
        };
        self.settle(pairs, told, |model, pair| model.add(pair, template)).await
    }

    pub(super) async fn remove_many(&mut self, pairs: &[Pair], second: bool) -> Result<(), String> {
        let told = if second {
            self.writes.remove_from_projects_v2(pairs).await
        } else {
            self.writes.remove_from_projects(pairs).await.map(BatchAnswer::Now)
        };
        self.settle(pairs, told, |model, pair| model.remove_one_of_many(pair, second)).await
    }

    /// Does to the model what an answer about many pairs says, if it may say that.
    async fn settle(
        &mut self,
        pairs: &[Pair],
        told: Result<BatchAnswer, Error>,
        change: impl Fn(&mut Model, Pair) -> Fate,
    ) -> Result<(), String> {
        let told = match told.map_err(|error| error.to_string())? {
            BatchAnswer::Now(told) => told,
            BatchAnswer::Later(handle) => self.wait_for(&handle, pairs, &change).await?,
        };
        for pair in pairs {
            let mut model = self.model.clone();
            let fate = change(&mut model, *pair);
            match (fate, told.get(pair)) {
                (Fate::Made | Fate::Open, Some(PairAnswer::Done)) => self.model = model,
                (Fate::Refused | Fate::Open, Some(PairAnswer::Refused(_)))
                | (Fate::Skipped, Some(PairAnswer::SkippedManaged)) => {}
                (_, told) => return Err(format!("{pair:?}: {told:?} instead of {fate:?}")),
            }
        }
        Ok(())
    }

    /// Waits until a batch has ended. It says how many pairs failed and not which, so the memberships do.
    async fn wait_for(
        &self,
        handle: &BatchHandle,
        pairs: &[Pair],
        change: impl Fn(&mut Model, Pair) -> Fate,
    ) -> Result<BTreeMap<Pair, PairAnswer>, String> {
        let mut looks = 0;
        while self.reads.batch(handle).await.map_err(|error| error.to_string())? == BatchStatus::Running {
            looks += 1;
            if looks > LOOKS {
                return Err("the batch never ends".to_owned());
            }
            self.site.wait();
        }
        let mut there = BTreeSet::new();
        for project in self.projects.iter().copied() {
            let members = self.reads.members(project).await.map_err(|error| error.to_string())?;
            there.extend(members.iter().map(|member| (member.person.id, project)));
        }
        let told = pairs.iter().map(|pair| {
            let mut model = self.model.clone();
            let fate = change(&mut model, *pair);
            let is_as_asked = model.directory.memberships.contains_key(pair) == there.contains(pair);
            let told = match fate {
                Fate::Skipped => PairAnswer::SkippedManaged,
                Fate::Made | Fate::Open if is_as_asked => PairAnswer::Done,
                _ => PairAnswer::Refused(String::new()),
            };
            (*pair, told)
        });
        Ok(told.collect())
    }
}
