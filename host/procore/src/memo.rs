//! What changes so seldom that it is asked once and remembered for a while, for all who share a connection.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::error::Error;

/// One answer, and until when it is believed.
pub(crate) struct Memo<T> {
    lifetime: Duration,
    kept: Mutex<Option<(Instant, Arc<T>)>>,
}

impl<T> Memo<T> {
    /// Returns a memo in which nothing is kept yet. What it will keep is forgotten after `lifetime`.
    pub(crate) fn new(lifetime: Duration) -> Self {
        Self { lifetime, kept: Mutex::new(None) }
    }

    /// Returns what is kept, or what `ask` finds out and is kept from then on. Whoever comes meanwhile waits for that answer. An
    /// error is not kept: the next one asks again.
    pub(crate) async fn get(&self, ask: impl Future<Output = Result<T, Error>>) -> Result<Arc<T>, Error> {
        let mut kept = self.kept.lock().await;
        if let Some((until, answer)) = &*kept
            && Instant::now() < *until
        {
            return Ok(Arc::clone(answer));
        }
        let until = Instant::now() + self.lifetime;
        let answer = Arc::new(ask.await?);
        *kept = Some((until, Arc::clone(&answer)));
        Ok(answer)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;
    use crate::error::ErrorKind;

    const LIFETIME: Duration = Duration::from_secs(60);

    /// Counts how often it is asked, and answers with that after a second.
    struct Counter(AtomicU32);

    impl Counter {
        async fn ask(&self) -> Result<u32, Error> {
            let count = self.0.fetch_add(1, Ordering::Relaxed) + 1;
            tokio::time::sleep(Duration::from_secs(1)).await;
            Ok(count)
        }

        async fn fail(&self) -> Result<u32, Error> {
            self.ask().await?;
            Err(Error::new("ask", ErrorKind::Forbidden))
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_is_kept_until_its_time_has_passed() {
        let (memo, counter) = (Memo::new(LIFETIME), Counter(AtomicU32::new(0)));
        assert_eq!(*memo.get(counter.ask()).await.unwrap(), 1);
        // Its time began when it was asked for, a second ago.
        tokio::time::advance(LIFETIME - Duration::from_secs(2)).await;
        assert_eq!(*memo.get(counter.ask()).await.unwrap(), 1);
        tokio::time::advance(Duration::from_secs(1)).await;
        assert_eq!(*memo.get(counter.ask()).await.unwrap(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn those_who_ask_together_ask_once() {
        let (memo, counter) = (Memo::new(LIFETIME), Counter(AtomicU32::new(0)));
        let (first, second) = tokio::join!(memo.get(counter.ask()), memo.get(counter.ask()));
        assert_eq!([*first.unwrap(), *second.unwrap()], [1, 1]);
    }

    #[tokio::test(start_paused = true)]
    async fn an_error_is_not_kept() {
        let (memo, counter) = (Memo::new(LIFETIME), Counter(AtomicU32::new(0)));
        let (first, second) = tokio::join!(memo.get(counter.fail()), memo.get(counter.ask()));
        assert_eq!(first.unwrap_err().kind(), ErrorKind::Forbidden);
        assert_eq!(*second.unwrap(), 2);
    }
}
