//! Limits: what one decision may use.

use std::time::Duration;

/// What one decision may use. Every limit ends it with a [`Fault`](crate::Fault) of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Units of work, about one a WebAssembly instruction. Fuel is what ends a runaway reproducibly, so it is set to end
    /// one before `guest_time` does.
    pub fuel: u64,
    /// Time in the guest itself, host calls not counted.
    pub guest_time: Duration,
    /// Time from beginning to end, host calls and their waiting for Procore's rate limits included.
    pub total_time: Duration,
    /// Bytes of linear memory.
    pub memory: usize,
    /// Elements of a table.
    pub table_elements: usize,
    /// Bytes that the guest may hand to the host in one call.
    pub call_bytes: usize,
    /// Questions.
    pub reads: usize,
    /// Steps, and items left.
    pub steps: usize,
    /// Bytes that are kept of what the guest prints. What comes after is dropped, and counted.
    pub log_bytes: usize,
    /// Bytes of a component. Checked before anything reads it.
    pub component_bytes: usize,
    /// Open handles to resources of the host, such as streams.
    pub handles: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            fuel: 500_000_000,
            guest_time: Duration::from_secs(2),
            total_time: Duration::from_secs(15 * 60),
            memory: 64 << 20,
            table_elements: 20_000,
            call_bytes: 1 << 20,
            reads: 10_000,
            steps: 10_000,
            log_bytes: 64 << 10,
            component_bytes: 32 << 20,
            handles: 256,
        }
    }
}
