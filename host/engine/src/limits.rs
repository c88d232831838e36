//! Limits: what one decision may use, and one compilation.

use std::time::Duration;

/// What one decision may use, and what it may cost to get a policy ready. Every limit of a decision ends it with a
/// [`Fault`](crate::Fault) of its own.
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
    /// Bytes of the guest's own stack.
    pub stack: usize,
    /// Bytes that the guest may hand to the host in one call.
    pub call_bytes: usize,
    /// Questions.
    pub reads: usize,
    /// Bytes of all answers together, as they stand on the tape.
    pub read_bytes: usize,
    /// Steps, and items left.
    pub steps: usize,
    /// Bytes that are kept of what the guest prints. What comes after is dropped, and counted.
    pub log_bytes: usize,
    /// Open handles to resources of the host, such as streams.
    pub handles: usize,
    /// Bytes of a component. Checked before anything reads it.
    pub component_bytes: usize,
    /// Time for compiling a component: of the processor, and by the clock.
    pub compile_time: Duration,
    /// Bytes of memory for compiling a component.
    pub compile_memory: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            fuel: 500_000_000,
            guest_time: Duration::from_secs(2),
            total_time: Duration::from_secs(15 * 60),
            memory: 64 << 20,
            table_elements: 20_000,
            stack: 512 << 10,
            call_bytes: 1 << 20,
            reads: 10_000,
            read_bytes: 64 << 20,
            steps: 10_000,
            log_bytes: 64 << 10,
            handles: 256,
            component_bytes: 32 << 20,
            compile_time: Duration::from_secs(120),
            compile_memory: 4 << 30,
        }
    }
}
