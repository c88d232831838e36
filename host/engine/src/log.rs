//! The log of a decision: the first bytes of what the guest prints, on whichever stream.
//!
//! A full log must not stop the guest: wasmtime's own pipe closes when it is full, and a Rust guest then panics in
//! `println!`. What does not fit is counted and dropped.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use tokio::io::AsyncWrite;
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};

#[derive(Debug, Clone)]
pub(crate) struct Log {
    kept: Arc<Mutex<Kept>>,
}

#[derive(Debug)]
struct Kept {
    bytes: Vec<u8>,
    most: usize,
    dropped: u64,
}

impl Log {
    pub(crate) fn new(most: usize) -> Self {
        Self { kept: Arc::new(Mutex::new(Kept { bytes: Vec::new(), most, dropped: 0 })) }
    }

    /// Returns what was printed; bytes that are no UTF-8 as replacement characters, what was dropped as a count.
    pub(crate) fn text(&self) -> String {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let mut text = String::from_utf8_lossy(&kept.bytes).into_owned();
        if kept.dropped > 0 {
            text.push_str(&format!("\n[{} more bytes were dropped]\n", kept.dropped));
        }
        text
    }

    fn keep(&self, bytes: &[u8]) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let room = kept.most.saturating_sub(kept.bytes.len()).min(bytes.len());
        let (fits, rest) = bytes.split_at(room);
        kept.bytes.extend_from_slice(fits);
        kept.dropped += rest.len() as u64;
    }
}

impl IsTerminal for Log {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdoutStream for Log {
    fn async_stream(&self) -> Box<dyn AsyncWrite + Send + Sync> {
        Box::new(self.clone())
    }
}

impl AsyncWrite for Log {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.keep(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_log_takes_everything_and_keeps_the_beginning() {
        let log = Log::new(5);
        for part in ["abc", "def", "ghi"] {
            log.keep(part.as_bytes());
        }
        assert_eq!(log.text(), "abcde\n[4 more bytes were dropped]\n");
    }
}
