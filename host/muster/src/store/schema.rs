//! The tables. Migrations are appended, never changed.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use super::StoreError;

/// `PRAGMA application_id` of a store: the letters `mstr`.
const APPLICATION: u32 = 0x6d73_7472;

const MIGRATIONS: [&str; 3] = [
    "
    CREATE TABLE entries (
        seq INTEGER PRIMARY KEY,
        company INTEGER NOT NULL,
        version INTEGER NOT NULL,
        at INTEGER NOT NULL,
        event TEXT NOT NULL,
        plan TEXT,
        entry TEXT NOT NULL,
        hash BLOB NOT NULL
    ) STRICT;
    CREATE INDEX entries_by_event ON entries (company, event, seq);
    CREATE INDEX entries_by_plan ON entries (company, plan, seq) WHERE plan IS NOT NULL;
    CREATE TABLE bodies (
        company INTEGER NOT NULL,
        digest TEXT NOT NULL,
        kind TEXT NOT NULL,
        bytes BLOB NOT NULL,
        PRIMARY KEY (company, digest)
    ) STRICT, WITHOUT ROWID;
",
    "
    -- Every entry looks for the one before it.
    CREATE INDEX entries_by_company ON entries (company, seq);
    -- From which projects plans take whom. It can be made anew from the plans, which is how it begins.
    CREATE TABLE projects_left (
        company INTEGER NOT NULL,
        user INTEGER NOT NULL,
        project INTEGER NOT NULL,
        PRIMARY KEY (company, user, project)
    ) STRICT, WITHOUT ROWID;
    -- How many of something were seen last, to notice when much of it is gone.
    CREATE TABLE seen (
        company INTEGER NOT NULL,
        what TEXT NOT NULL,
        count INTEGER NOT NULL,
        at INTEGER NOT NULL,
        PRIMARY KEY (company, what)
    ) STRICT, WITHOUT ROWID;
    INSERT OR IGNORE INTO projects_left
        SELECT company, CAST(step.value ->> '$.action.remove-membership.user' AS INTEGER),
            CAST(step.value ->> '$.action.remove-membership.project' AS INTEGER)
        FROM bodies, json_each(CAST(bytes AS TEXT), '$.steps') step
        WHERE kind = 'plan' AND step.value -> '$.action.remove-membership' IS NOT NULL;
",
    "
    -- Who is about to leave, by the last event that says so or the contrary.
    CREATE INDEX entries_by_coming_and_going ON entries (
        company,
        coalesce(entry ->> '$.accepted.event.kind.departed.user', entry ->> '$.accepted.event.kind.returned.user'),
        seq
    ) WHERE coalesce(entry ->> '$.accepted.event.kind.departed.user',
        entry ->> '$.accepted.event.kind.returned.user') IS NOT NULL;
",
];

/// Opens a store, makes it if there is none, and brings it up to date.
pub(super) fn open(path: &Path) -> Result<Connection, StoreError> {
    let failed = |source: rusqlite::Error| StoreError::Open { path: path.to_owned(), source: source.into() };
    // Names and addresses of people are in it. SQLite gives the files beside it the same mode.
    private(path).map_err(|source| StoreError::Open { path: path.to_owned(), source: source.into() })?;
    // A path is a path here, never a URI.
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags).map_err(failed)?;
    connection.busy_timeout(std::time::Duration::from_secs(5)).map_err(failed)?;
    let number = |connection: &Connection, pragma| {
        connection.pragma_query_value(None, pragma, |row| row.get::<_, u32>(0))
    };
    let tables: u32 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(failed)?;
    if tables > 0 && number(&connection, "application_id").map_err(failed)? != APPLICATION {
        return Err(StoreError::Foreign { path: path.to_owned() });
    }
    let known = MIGRATIONS.len() as u32;
    let found = number(&connection, "user_version").map_err(failed)?;
    if found > known {
        return Err(StoreError::Newer { path: path.to_owned(), found, known });
    }
    connection.pragma_update(None, "journal_mode", "WAL").map_err(failed)?;
    connection.pragma_update(None, "synchronous", "FULL").map_err(failed)?;
    if found < known {
        let migration =
            connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).map_err(failed)?;
        // Another process may have been faster.
        let found = number(&migration, "user_version").map_err(failed)?;
        for migrate in MIGRATIONS.iter().skip(found as usize) {
            migration.execute_batch(migrate).map_err(failed)?;
        }
        migration.pragma_update(None, "application_id", APPLICATION).map_err(failed)?;
        migration.pragma_update(None, "user_version", known).map_err(failed)?;
        migration.commit().map_err(failed)?;
    }
    Ok(connection)
}

/// Opens a store that a newer version wrote, to look at what this version knows of it. It is never written.
pub(super) fn open_to_look(path: &Path) -> Result<Connection, StoreError> {
    let failed = |source: rusqlite::Error| StoreError::Open { path: path.to_owned(), source: source.into() };
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(failed)?;
    connection.busy_timeout(std::time::Duration::from_secs(5)).map_err(failed)?;
    connection.pragma_update(None, "query_only", true).map_err(failed)?;
    Ok(connection)
}

/// Makes sure that there is a file, which only its owner can read if it is a new one.
fn private(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}
