//! The store: what is written is read back, what was changed is noticed, what is newer is left alone.

use jiff::Timestamp;
use muster_core::digest::Digest;
use muster_core::event::{Cause, Effective, Event, EventId, Kind, Urgency};
use muster_core::id::{CompanyId, ProjectId, UserId};
use muster_core::journal::Entry;
use muster_core::run::RunEntry;
use rusqlite::Connection;

use super::*;

fn entry(number: u8) -> Entry {
    let at = Timestamp::UNIX_EPOCH;
    let kind = Kind::ProjectClosed {
        project: ProjectId::new(number.into()),
        effective: Effective { at, zone: None },
    };
    Entry::Accepted {
        event: Event { id: EventId::new(at, [number; 10]), occurred_at: at, cause: Cause::Hand, kind },
    }
}

fn open(folder: &tempfile::TempDir, company: u64) -> Result<Store, StoreError> {
    Store::open(&folder.path().join("muster.db"), CompanyId::new(company))
}

async fn append(store: &Store, number: u8) {
    let body = Body::of("note", &format!("body {number}")).unwrap();
    store.append(Timestamp::UNIX_EPOCH, vec![entry(number)], vec![body]).await.unwrap();
}

#[tokio::test]
async fn what_is_written_is_read_back_by_whoever_opens_the_store_and_by_no_other_company() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder, 1).unwrap();
    tokio::join!(append(&store, 1), append(&store, 2), append(&store, 3));
    let digest = Body::of("note", &"body 2").unwrap().digest;
    for store in [store, open(&folder, 1).unwrap()] {
        assert_eq!(store.cases(2).await.unwrap().len(), 2);
        assert_eq!(store.of_case(entry(2).case()).await.unwrap()[0].entry, entry(2));
        assert_eq!(store.body(digest).await.unwrap(), b"\"body 2\"");
    }
    let other = open(&folder, 2).unwrap();
    assert!(
        other.cases(9).await.unwrap().is_empty() && other.of_case(entry(2).case()).await.unwrap().is_empty()
    );
    assert!(matches!(other.body(digest).await, Err(StoreError::NoBody(_))));
}

#[tokio::test]
async fn somebody_leaves_once_it_was_decided_and_until_they_return() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder, 1).unwrap();
    let (user, at) = (UserId::new(5), Timestamp::UNIX_EPOCH);
    let effective = Effective { at, zone: None };
    let departed = Kind::Departed { user, urgency: Urgency::Immediate, effective: effective.clone() };
    let heard = async |number: u8, kind: Kind| {
        let event = Event { id: EventId::new(at, [number; 10]), occurred_at: at, cause: Cause::Hand, kind };
        store.append(at, vec![Entry::Accepted { event: event.clone() }], vec![]).await.unwrap();
        event.id
    };
    let leaves = async || store.is_leaving(user).await.unwrap();
    let case = heard(1, departed.clone()).await;
    assert!(!leaves().await, "a plan to look at decides nothing");
    let run = async |case, entry| {
        let entry = Entry::Run { case, plan: Digest::of_bytes(b""), entry };
        store.append(at, vec![entry], vec![]).await.unwrap();
    };
    run(case, RunEntry::Started { calls: vec![] }).await;
    assert!(leaves().await);
    let look = heard(2, departed).await;
    assert!(leaves().await, "another look changes nothing");
    let other = Entry::Run {
        case: look,
        plan: Digest::of_bytes(b"other"),
        entry: RunEntry::Cancelled { by: "Pat".to_owned() },
    };
    store.append(at, vec![other], vec![]).await.unwrap();
    assert!(leaves().await, "and to call another plan off neither");
    assert!(!store.is_leaving(UserId::new(6)).await.unwrap());
    heard(3, Kind::Returned { user, effective }).await;
    assert!(!leaves().await);
}

#[tokio::test]
async fn an_entry_that_was_changed_or_follows_one_that_was_removed_is_noticed() {
    let change = |sql: &'static str| async move {
        let folder = tempfile::tempdir().unwrap();
        let store = open(&folder, 1).unwrap();
        append(&store, 1).await;
        append(&store, 2).await;
        Connection::open(folder.path().join("muster.db")).unwrap().execute_batch(sql).unwrap();
        store.of_case(entry(2).case()).await
    };
    assert!(change("SELECT 1").await.is_ok());
    for sql in [
        "UPDATE entries SET entry = replace(entry, 'hand', 'sync') WHERE seq = 2",
        "UPDATE entries SET at = 5 WHERE seq = 2",
        "UPDATE entries SET plan = 'sha256:00' WHERE seq = 2",
        "UPDATE entries SET hash = zeroblob(32) WHERE seq = 1",
        "DELETE FROM entries WHERE seq = 1",
    ] {
        assert!(matches!(change(sql).await, Err(StoreError::Altered { seq: 2 })), "{sql}");
    }
    let newer = change("UPDATE entries SET version = 2 WHERE seq = 2").await;
    assert!(matches!(newer, Err(StoreError::NewerEntry { seq: 2, version: 2 })));
}

#[tokio::test]
async fn an_append_is_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder, 1).unwrap();
    append(&store, 1).await;
    let sql = "CREATE TRIGGER two BEFORE INSERT ON entries WHEN NEW.event LIKE '%0202%' BEGIN SELECT RAISE(ABORT, 'no'); END";
    Connection::open(folder.path().join("muster.db")).unwrap().execute_batch(sql).unwrap();
    let body = Body::of("note", &"left over").unwrap();
    let digest = body.digest;
    let failed = store.append(Timestamp::UNIX_EPOCH, vec![entry(3), entry(2)], vec![body]).await;
    assert!(matches!(failed, Err(StoreError::Sqlite { .. })));
    assert!(store.of_case(entry(3).case()).await.unwrap().is_empty());
    assert!(matches!(store.body(digest).await, Err(StoreError::NoBody(_))));
    append(&store, 4).await;
    assert_eq!(store.of_case(entry(4).case()).await.unwrap().len(), 1);
}

#[test]
fn what_is_no_store_or_a_newer_one_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("muster.db");
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE mine (x)").unwrap();
    assert!(matches!(open(&folder, 1), Err(StoreError::Foreign { .. })));
    std::fs::remove_file(&path).unwrap();
    drop(open(&folder, 1).unwrap());
    Connection::open(&path).unwrap().execute_batch("PRAGMA user_version = 99").unwrap();
    assert!(matches!(open(&folder, 1), Err(StoreError::Newer { found: 99, .. })));
}
