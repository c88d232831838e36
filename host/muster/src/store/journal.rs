//! The journal and its bodies, as the rest of the host sees them.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use muster_core::digest::{Digest, canonical};
use muster_core::event::EventId;
use muster_core::id::{CompanyId, ProjectId, UserId};
use muster_core::journal::{Entry, VERSION};
use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, params};
use serde::Serialize;

use super::thread::StoreThread;
use super::{StoreError, lease, schema};

/// How many milliseconds the clock may be behind the newest entry: what a clock that is being set right differs by.
const CLOCK_BACK_AT_MOST: i64 = 120_000;

/// One company's part of a store. Everything in it is keyed by company.
#[derive(Clone)]
pub(crate) struct Store {
    thread: StoreThread,
    company: CompanyId,
}

/// An entry as it was written.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    pub(crate) at: Timestamp,
    pub(crate) entry: Entry,
}

/// Something large that entries refer to by its digest.
#[derive(Debug, Clone)]
pub(crate) struct Body {
    pub(crate) digest: Digest,
    pub(crate) kind: &'static str,
    pub(crate) bytes: Vec<u8>,
}

impl Body {
    /// Makes a body of a value: its canonical JSON, under the digest of that.
    pub(crate) fn of(kind: &'static str, value: &impl Serialize) -> Result<Self, StoreError> {
        let bytes = canonical(value).map_err(|error| StoreError::Encode(error.into()))?;
        Ok(Self { digest: Digest::of_bytes(&bytes), kind, bytes })
    }
}

impl Store {
    /// Opens the store, and makes it if there is none.
    pub(crate) fn open(path: &Path, company: CompanyId) -> Result<Self, StoreError> {
        let failed = |error: std::io::Error| StoreError::Open { path: path.to_owned(), source: error.into() };
        let thread = StoreThread::start(schema::open(path)?).map_err(failed)?;
        // Found out now rather than when a login waits to be cut.
        lease::folder(path).map_err(failed)?;
        Ok(Self { thread, company })
    }

    /// Opens the store to look at it, also one that a newer version wrote.
    pub(crate) fn open_to_look(path: &Path, company: CompanyId) -> Result<Self, StoreError> {
        match Self::open(path, company) {
            Err(StoreError::Newer { .. }) => {
                let thread = StoreThread::start(schema::open_to_look(path)?)
                    .map_err(|error| StoreError::Open { path: path.to_owned(), source: error.into() })?;
                Ok(Self { thread, company })
            }
            opened => opened,
        }
    }

    /// Appends entries and the bodies that they refer to, all or nothing, and returns once they are durable.
    pub(crate) async fn append(
        &self,
        at: Timestamp,
        entries: Vec<Entry>,
        bodies: Vec<Body>,
    ) -> Result<(), StoreError> {
        let company = self.company;
        let write = move |transaction: &Transaction<'_>| {
            for body in bodies {
                let sql = "INSERT INTO bodies (digest, company, kind, bytes) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING";
                let row = params![body.digest.to_string(), number(company), body.kind, body.bytes];
                transaction
                    .prepare_cached(sql)
                    .and_then(|mut insert| insert.execute(row))
                    .map_err(sqlite("written to"))?;
            }
            entries.iter().try_for_each(|entry| insert(transaction, company, at, entry))
        };
        self.thread.write(write).await
    }

    /// Remembers from which projects somebody is about to be taken: what they hold there has to be looked for later, too.
    pub(crate) async fn remember_left(&self, left: Vec<(UserId, ProjectId)>) -> Result<(), StoreError> {
        let company = self.company;
        let write = move |transaction: &Transaction<'_>| {
            let sql = "INSERT OR IGNORE INTO projects_left (company, user, project) VALUES (?1, ?2, ?3)";
            let mut insert = transaction.prepare_cached(sql).map_err(sqlite("written to"))?;
            for (user, project) in left {
                let row = params![number(company), user.get().cast_signed(), project.get().cast_signed()];
                insert.execute(row).map_err(sqlite("written to"))?;
            }
            Ok(())
        };
        self.thread.write(write).await
    }

    /// Returns the projects from which plans took somebody, or were to take them.
    pub(crate) async fn projects_left(&self, user: UserId) -> Result<BTreeSet<ProjectId>, StoreError> {
        let company = self.company;
        let sql = "SELECT project FROM projects_left WHERE company = ?1 AND user = ?2";
        let look = move |connection: &Connection| {
            let values: [&dyn rusqlite::ToSql; 2] = [&number(company), &user.get().cast_signed()];
            let projects: Vec<i64> = rows(connection, sql, &values, |row| row.get(0))?;
            Ok(projects.into_iter().map(|project| ProjectId::new(project.cast_unsigned())).collect())
        };
        self.thread.look(look).await
    }

    /// Returns whether a user leaves: a departure of theirs was approved or has begun and was not called off, and no return
    /// was heard of since. One that was only planned, to have a look, counts for nothing.
    pub(crate) async fn is_leaving(&self, user: UserId) -> Result<bool, StoreError> {
        let company = self.company;
        // The expression in the middle is that of the index.
        let sql = "SELECT entry ->> '$.accepted.event.kind.departed.user' IS NOT NULL,
                EXISTS (SELECT 1 FROM entries AS later
                    WHERE later.company = entries.company AND later.event = entries.event
                    AND (later.entry -> '$.approved' IS NOT NULL OR later.entry -> '$.run.entry.started' IS NOT NULL)
                    AND NOT EXISTS (SELECT 1 FROM entries AS off
                        WHERE off.company = later.company AND off.plan = later.plan
                        AND off.entry -> '$.run.entry.cancelled' IS NOT NULL))
            FROM entries
            WHERE company = ?1 AND coalesce(entry ->> '$.accepted.event.kind.departed.user',
                entry ->> '$.accepted.event.kind.returned.user') = ?2
            ORDER BY seq DESC";
        let look = move |connection: &Connection| {
            let values: [&dyn rusqlite::ToSql; 2] = [&number(company), &user.to_string()];
            let heard: Vec<(bool, bool)> =
                rows(connection, sql, &values, |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(heard.iter().take_while(|(leaves, _)| *leaves).any(|(_, begun)| *begun))
        };
        self.thread.look(look).await
    }

    /// Returns the entries of a case, in order.
    pub(crate) async fn of_case(&self, event: EventId) -> Result<Vec<Record>, StoreError> {
        self.entries("event = ?2", event.to_string()).await
    }

    /// Returns the entries about a plan, in order.
    pub(crate) async fn of_plan(&self, plan: Digest) -> Result<Vec<Record>, StoreError> {
        self.entries("plan = ?2", plan.to_string()).await
    }

    /// Returns the plans whose digest `text` abbreviates.
    pub(crate) async fn find_plans(&self, text: &str) -> Result<Vec<Digest>, StoreError> {
        let (company, text) = (self.company, text.to_owned());
        let sql = "SELECT DISTINCT plan FROM entries WHERE company = ?1 AND plan IS NOT NULL";
        let look = move |connection: &Connection| {
            let plans: Vec<String> = rows(connection, sql, &[&number(company)], |row| row.get(0))?;
            let plans = plans.iter().filter_map(|plan| plan.parse::<Digest>().ok());
            Ok(plans.filter(|plan| plan.is_abbreviated_by(&text)).collect())
        };
        self.thread.look(look).await
    }

    /// Makes sure that the file is whole.
    pub(crate) async fn whole(&self) -> Result<(), StoreError> {
        let whole = |connection: &Connection| {
            let said: String = connection
                .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
                .map_err(sqlite("read"))?;
            if said == "ok" { Ok(()) } else { Err(StoreError::Damaged(said)) }
        };
        self.thread.look(whole).await
    }

    /// Makes sure that the file can be written to.
    pub(crate) async fn writable(&self) -> Result<(), StoreError> {
        let company = self.company;
        let write = move |transaction: &Transaction<'_>| {
            let sql = "INSERT OR REPLACE INTO seen (company, what, count, at) VALUES (?1, 'probe', 0, 0)";
            transaction.execute(sql, [number(company)]).map(drop).map_err(sqlite("written to"))
        };
        self.thread.write(write).await
    }

    /// Returns how many of something were seen last, and when.
    pub(crate) async fn seen(&self, what: &'static str) -> Result<Option<(u64, Timestamp)>, StoreError> {
        let company = self.company;
        let look = move |connection: &Connection| {
            let sql = "SELECT count, at FROM seen WHERE company = ?1 AND what = ?2";
            let read = |row: &Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?));
            let found = connection.query_row(sql, params![number(company), what], read).optional();
            let found = found.map_err(sqlite("read"))?;
            Ok(found.map(|(count, at)| {
                (count.cast_unsigned(), Timestamp::from_millisecond(at).unwrap_or_default())
            }))
        };
        self.thread.look(look).await
    }

    /// Takes the clock for right although entries are of a later time: they were written when it was wrong.
    pub(crate) async fn accept_clock(&self, at: Timestamp) -> Result<(), StoreError> {
        let company = self.company;
        let write = move |transaction: &Transaction<'_>| {
            let sql = "INSERT OR REPLACE INTO seen (company, what, count, at)
                 SELECT ?1, 'clock', coalesce(max(seq), 0), ?2 FROM entries WHERE company = ?1";
            let row = params![number(company), at.as_millisecond()];
            transaction.execute(sql, row).map(drop).map_err(sqlite("written to"))
        };
        self.thread.write(write).await
    }

    /// Returns how far the newest entry is ahead of a time, if it is.
    pub(crate) async fn ahead_of(&self, at: Timestamp) -> Result<Option<Timestamp>, StoreError> {
        let company = self.company;
        let look = move |connection: &Connection| {
            let sql = "SELECT seq, at FROM entries WHERE company = ?1 ORDER BY seq DESC LIMIT 1";
            let read = |row: &Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?));
            let newest =
                connection.query_row(sql, [number(company)], read).optional().map_err(sqlite("read"))?;
            let accepted = "SELECT max(count) FROM seen WHERE company = ?1 AND what = 'clock'";
            let accepted: Option<i64> = connection
                .query_row(accepted, [number(company)], |row| row.get(0))
                .map_err(sqlite("read"))?;
            Ok(newest
                .filter(|(seq, newest)| {
                    newest - at.as_millisecond() > CLOCK_BACK_AT_MOST
                        && accepted.is_none_or(|accepted| accepted < *seq)
                })
                .and_then(|(_, newest)| Timestamp::from_millisecond(newest).ok()))
        };
        self.thread.look(look).await
    }

    /// Remembers how many of something were seen.
    pub(crate) async fn saw(&self, what: &'static str, count: u64, at: Timestamp) -> Result<(), StoreError> {
        let company = self.company;
        let write = move |transaction: &Transaction<'_>| {
            let sql = "INSERT OR REPLACE INTO seen (company, what, count, at) VALUES (?1, ?2, ?3, ?4)";
            let row = params![number(company), what, count.cast_signed(), at.as_millisecond()];
            transaction.execute(sql, row).map(drop).map_err(sqlite("written to"))
        };
        self.thread.write(write).await
    }

    /// Returns the plans whose run has begun and not ended, oldest first.
    pub(crate) async fn interrupted(&self) -> Result<Vec<Digest>, StoreError> {
        let company = self.company;
        let sql = "SELECT plan FROM entries WHERE company = ?1 AND plan IS NOT NULL GROUP BY plan
             HAVING count(entry -> '$.run.entry.started') > count(entry -> '$.run.entry.finished') ORDER BY min(seq)";
        let look = move |connection: &Connection| {
            let plans: Vec<String> = rows(connection, sql, &[&number(company)], |row| row.get(0))?;
            let digest = |plan: &String| {
                plan.parse().map_err(|_| StoreError::Damaged(format!("{plan:?} is no digest")))
            };
            plans.iter().map(digest).collect()
        };
        self.thread.look(look).await
    }

    /// Returns the newest cases, newest first.
    pub(crate) async fn cases(&self, most: u32) -> Result<Vec<EventId>, StoreError> {
        let company = self.company;
        let sql =
            "SELECT event FROM entries WHERE company = ?1 GROUP BY event ORDER BY min(seq) DESC LIMIT ?2";
        let look = move |connection: &Connection| {
            let events: Vec<String> = rows(connection, sql, &[&number(company), &most], |row| row.get(0))?;
            Ok(events.iter().filter_map(|event| event.parse().ok()).collect())
        };
        self.thread.look(look).await
    }

    /// Returns a body, having made sure that it is the one that the digest names.
    pub(crate) async fn body(&self, digest: Digest) -> Result<Vec<u8>, StoreError> {
        let company = self.company;
        let look = move |connection: &Connection| {
            let sql = "SELECT bytes FROM bodies WHERE digest = ?1 AND company = ?2";
            let found: Option<Vec<u8>> = connection
                .query_row(sql, params![digest.to_string(), number(company)], |row| row.get(0))
                .optional()
                .map_err(sqlite("read"))?;
            found.filter(|bytes| Digest::of_bytes(bytes) == digest).ok_or(StoreError::NoBody(digest))
        };
        self.thread.look(look).await
    }

    async fn entries(&self, which: &'static str, value: String) -> Result<Vec<Record>, StoreError> {
        let company = self.company;
        // The hash of the entry before, of whatever case it is, is part of each entry's own.
        let sql = format!(
            "SELECT seq, version, at, event, plan, entry, hash, (SELECT hash FROM entries earlier
                WHERE earlier.company = ?1 AND earlier.seq < entries.seq ORDER BY earlier.seq DESC LIMIT 1)
             FROM entries WHERE company = ?1 AND {which} ORDER BY seq"
        );
        let look = move |connection: &Connection| {
            let read = |row: &Row<'_>| {
                Ok((
                    row.get(0)?,
                    row.get(1)?,
                    row.get(2)?,
                    row.get(3)?,
                    row.get(4)?,
                    row.get(5)?,
                    row.get(6)?,
                    row.get(7)?,
                ))
            };
            let rows: Vec<Written> = rows(connection, &sql, &[&number(company), &value], read)?;
            rows.into_iter().map(|row| record(company, row)).collect()
        };
        self.thread.look(look).await
    }
}

/// Sequence, version, time, event, plan, entry, hash, and the hash before it.
type Written = (i64, u32, i64, String, Option<String>, String, Vec<u8>, Option<Vec<u8>>);

fn record(
    company: CompanyId,
    (seq, version, at, event, plan, text, hash, before): Written,
) -> Result<Record, StoreError> {
    if version > VERSION {
        return Err(StoreError::NewerEntry { seq, version });
    }
    if chained(before.as_deref(), company, version, at, &text).to_bytes().as_slice() != hash {
        return Err(StoreError::Altered { seq });
    }
    let entry: Entry =
        serde_json::from_str(&text).map_err(|source| StoreError::Unreadable { seq, source })?;
    // The columns by which it was found are not part of the hash: they repeat what the entry says.
    if entry.case().to_string() != event || entry.plan().map(|plan| plan.to_string()) != plan {
        return Err(StoreError::Altered { seq });
    }
    let at = Timestamp::from_millisecond(at).map_err(|_| StoreError::Altered { seq })?;
    Ok(Record { at, entry })
}

fn insert(
    transaction: &Transaction<'_>,
    company: CompanyId,
    at: Timestamp,
    entry: &Entry,
) -> Result<(), StoreError> {
    let text = canonical(entry).map_err(|error| StoreError::Encode(error.into()))?;
    let text = String::from_utf8(text).map_err(|error| StoreError::Encode(error.into()))?;
    let at = at.as_millisecond();
    let last: Option<(i64, i64, Vec<u8>)> = transaction
        .prepare_cached("SELECT seq, at, hash FROM entries WHERE company = ?1 ORDER BY seq DESC LIMIT 1")
        .and_then(|mut select| {
            select.query_row([number(company)], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional()
        })
        .map_err(sqlite("read"))?;
    if let Some((seq, newest, _)) = &last
        && *newest - at > CLOCK_BACK_AT_MOST
        && !is_accepted(transaction, company, *seq)?
    {
        let moment = |at| Timestamp::from_millisecond(at).unwrap_or_default();
        return Err(StoreError::ClockBack { now: moment(at), newest: moment(*newest) });
    }
    let before = last.map(|(_, _, hash)| hash);
    let hash = chained(before.as_deref(), company, VERSION, at, &text);
    let sql = "INSERT INTO entries (company, version, at, event, plan, entry, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let (event, plan) = (entry.case().to_string(), entry.plan().map(|plan| plan.to_string()));
    let row = params![number(company), VERSION, at, event, plan, text, hash.to_bytes()];
    transaction
        .prepare_cached(sql)
        .and_then(|mut insert| insert.execute(row))
        .map_err(sqlite("written to"))?;
    Ok(())
}

/// Returns whether somebody has said that the clock was wrong when the entry of this number was written, and is right now.
fn is_accepted(transaction: &Transaction<'_>, company: CompanyId, seq: i64) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM seen WHERE company = ?1 AND what = 'clock' AND count >= ?2";
    let found = transaction.query_row(sql, params![number(company), seq], |_| Ok(())).optional();
    Ok(found.map_err(sqlite("read"))?.is_some())
}

/// Returns the hash of an entry: over the hash before it and everything that the entry says.
fn chained(before: Option<&[u8]>, company: CompanyId, version: u32, at: i64, entry: &str) -> Digest {
    let mut bytes = before.unwrap_or(&[0; 32]).to_vec();
    bytes.extend(format!("\n{company}\n{version}\n{at}\n{entry}").into_bytes());
    Digest::of_bytes(&bytes)
}

fn rows<T>(
    connection: &Connection,
    sql: &str,
    values: &[&dyn rusqlite::ToSql],
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>, StoreError> {
    let mut select = connection.prepare_cached(sql).map_err(sqlite("read"))?;
    let rows = select.query_map(values, read).map_err(sqlite("read"))?;
    rows.collect::<rusqlite::Result<Vec<T>>>().map_err(sqlite("read"))
}

fn sqlite(what: &'static str) -> impl FnOnce(rusqlite::Error) -> StoreError {
    move |source| StoreError::Sqlite { what, source: Arc::new(source) }
}

/// SQLite's integers are signed; a company's number keeps its bits.
fn number(company: CompanyId) -> i64 {
    company.get().cast_signed()
}
