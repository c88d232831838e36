//! The thread that owns the SQLite connection. Jobs that write are committed together if they wait together.

use std::sync::{Arc, mpsc};

use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::sync::oneshot;

use super::StoreError;

type Answer<T> = oneshot::Sender<Result<T, StoreError>>;
/// Writes into a transaction that may hold the writes of others as well.
type Write = Box<dyn FnOnce(&Transaction<'_>) -> Result<(), StoreError> + Send>;
type Look = Box<dyn FnOnce(&Connection) + Send>;

enum Job {
    Write(Write, Answer<()>),
    Look(Look),
}

/// A handle to the thread. The thread ends with the last one.
#[derive(Clone)]
pub(super) struct StoreThread {
    jobs: mpsc::Sender<Job>,
}

impl StoreThread {
    pub(super) fn start(connection: Connection) -> std::io::Result<Self> {
        let (jobs, waiting) = mpsc::channel();
        std::thread::Builder::new()
            .name("muster-store".to_owned())
            .spawn(move || work(connection, &waiting))?;
        Ok(Self { jobs })
    }

    /// Writes, and returns once it is durable.
    pub(super) async fn write(
        &self,
        write: impl FnOnce(&Transaction<'_>) -> Result<(), StoreError> + Send + 'static,
    ) -> Result<(), StoreError> {
        let (answer, answered) = oneshot::channel();
        self.jobs.send(Job::Write(Box::new(write), answer)).map_err(|_| StoreError::Gone)?;
        answered.await.map_err(|_| StoreError::Gone)?
    }

    /// Looks something up.
    pub(super) async fn look<T: Send + 'static>(
        &self,
        look: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (answer, answered) = oneshot::channel();
        let look: Look = Box::new(move |connection| drop(answer.send(look(connection))));
        self.jobs.send(Job::Look(look)).map_err(|_| StoreError::Gone)?;
        answered.await.map_err(|_| StoreError::Gone)?
    }
}

fn work(mut connection: Connection, waiting: &mpsc::Receiver<Job>) {
    let mut next = waiting.recv().ok();
    while let Some(job) = next.take() {
        match job {
            Job::Look(look) => look(&connection),
            Job::Write(write, answer) => {
                let mut together = vec![(write, answer)];
                while let Ok(job) = waiting.try_recv() {
                    match job {
                        Job::Write(write, answer) => together.push((write, answer)),
                        look @ Job::Look(_) => {
                            next = Some(look);
                            break;
                        }
                    }
                }
                commit(&mut connection, together);
            }
        }
        next = next.or_else(|| waiting.recv().ok());
    }
}

/// Commits writes together. One that fails leaves nothing behind; if the commit fails, all of them have failed.
fn commit(connection: &mut Connection, together: Vec<(Write, Answer<()>)>) {
    let (writes, answers): (Vec<_>, Vec<_>) = together.into_iter().unzip();
    match commit_all(connection, writes) {
        Ok(results) => {
            answers.into_iter().zip(results).for_each(|(answer, result)| drop(answer.send(result)))
        }
        Err(error) => {
            let source = Arc::new(error);
            for answer in answers {
                drop(
                    answer.send(Err(StoreError::Sqlite { what: "written to", source: Arc::clone(&source) })),
                );
            }
        }
    }
}

fn commit_all(
    connection: &mut Connection,
    writes: Vec<Write>,
) -> Result<Vec<Result<(), StoreError>>, rusqlite::Error> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut results = Vec::with_capacity(writes.len());
    for write in writes {
        transaction.execute_batch("SAVEPOINT one")?;
        let result = write(&transaction);
        transaction.execute_batch(if result.is_ok() {
            "RELEASE one"
        } else {
            "ROLLBACK TO one; RELEASE one"
        })?;
        results.push(result);
    }
    transaction.commit()?;
    Ok(results)
}
