//! Limits: what one decision may use, as the operator sets it.

use std::time::Duration;

use jiff::SignedDuration;
use muster_engine::Limits;
use schemars::JsonSchema;
use serde::Deserialize;

use super::ConfigError;

/// What one decision may use, and one compilation. What is left out has its default.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct LimitsTable {
    /// Units of work, about one a WebAssembly instruction: 500000000.
    fuel: Option<u64>,
    /// Time in the policy itself: "2s".
    guest_time: Option<String>,
    /// Time from beginning to end, waiting for Procore included: "15m".
    total_time: Option<String>,
    /// How long policies may be asked and facts be read while a login waits to be cut, all of them together: "3m".
    urgent_time: Option<String>,
    /// Bytes of one linear memory: 67108864.
    memory_bytes: Option<u64>,
    /// Elements of one table: 20000.
    table_elements: Option<u64>,
    /// Bytes of the policy's own stack: 524288.
    stack_bytes: Option<u64>,
    /// Bytes that a policy may hand over in one call: 1048576.
    call_bytes: Option<u64>,
    /// Questions: 10000.
    reads: Option<u64>,
    /// Bytes of all answers together: 67108864.
    read_bytes: Option<u64>,
    /// Steps, and items left: 10000.
    steps: Option<u64>,
    /// Bytes that are kept of what a policy prints: 65536.
    log_bytes: Option<u64>,
    /// Open handles to streams and the like: 256.
    handles: Option<u64>,
    /// Bytes of a component: 33554432.
    component_bytes: Option<u64>,
    /// Time for compiling a component: "2m".
    compile_time: Option<String>,
    /// Bytes of memory for compiling a component: 4294967296.
    compile_memory_bytes: Option<u64>,
}

const HOUR: Duration = Duration::from_secs(3600);

/// How long a login waits for what policies and plans want to know besides.
const URGENT: Duration = Duration::from_secs(180);

impl LimitsTable {
    /// Returns how long policies may be asked and facts be read while a login waits to be cut.
    pub(super) fn urgent_time(&self) -> Result<Duration, ConfigError> {
        time("urgent-time", &self.urgent_time, URGENT, HOUR)
    }

    /// Returns the limits, each within the bounds of what the sandbox can be set up with.
    pub(super) fn check(&self) -> Result<Limits, ConfigError> {
        let default = Limits::default();
        Ok(Limits {
            fuel: number("fuel", self.fuel, default.fuel, 10_000, i64::MAX as u64)?,
            guest_time: time("guest-time", &self.guest_time, default.guest_time, HOUR)?,
            total_time: time("total-time", &self.total_time, default.total_time, 24 * HOUR)?,
            // One linear memory's address space is 4 GiB.
            memory: size("memory-bytes", self.memory_bytes, default.memory, 64 << 10, 4 << 30)?,
            table_elements: size("table-elements", self.table_elements, default.table_elements, 1, 1 << 20)?,
            stack: size("stack-bytes", self.stack_bytes, default.stack, 64 << 10, 8 << 20)?,
            call_bytes: size("call-bytes", self.call_bytes, default.call_bytes, 1 << 10, 1 << 30)?,
            reads: size("reads", self.reads, default.reads, 1, 1 << 30)?,
            read_bytes: size("read-bytes", self.read_bytes, default.read_bytes, 1 << 10, 4 << 30)?,
            steps: size("steps", self.steps, default.steps, 1, 1 << 20)?,
            log_bytes: size("log-bytes", self.log_bytes, default.log_bytes, 0, 64 << 20)?,
            handles: size("handles", self.handles, default.handles, 8, 1 << 16)?,
            component_bytes: size(
                "component-bytes",
                self.component_bytes,
                default.component_bytes,
                1 << 10,
                1 << 30,
            )?,
            compile_time: time("compile-time", &self.compile_time, default.compile_time, HOUR)?,
            compile_memory: size(
                "compile-memory-bytes",
                self.compile_memory_bytes,
                default.compile_memory,
                64 << 20,
                1 << 40,
            )?,
        })
    }
}

fn number(key: &str, value: Option<u64>, default: u64, least: u64, most: u64) -> Result<u64, ConfigError> {
    match value {
        None => Ok(default),
        Some(value) if (least..=most).contains(&value) => Ok(value),
        Some(value) => Err(wrong(key, format!("{value}: {least} to {most} is expected"))),
    }
}

fn size(key: &str, value: Option<u64>, default: usize, least: u64, most: u64) -> Result<usize, ConfigError> {
    let value = number(key, value, default as u64, least, most)?;
    usize::try_from(value).map_err(|_| wrong(key, format!("{value}: too much for this machine")))
}

fn time(
    key: &str,
    value: &Option<String>,
    default: Duration,
    most: Duration,
) -> Result<Duration, ConfigError> {
    let Some(text) = value else { return Ok(default) };
    let parsed = text.parse::<SignedDuration>().ok().and_then(|time| Duration::try_from(time).ok());
    match parsed {
        Some(time) if time >= Duration::from_millis(10) && time <= most => Ok(time),
        _ => {
            let text: String = text.chars().take(40).collect();
            Err(wrong(
                key,
                format!(
                    "{text:?}: a time such as \"500ms\", \"2s\" or \"15m\" is expected, 10ms to {most:?}"
                ),
            ))
        }
    }
}

fn wrong(key: &str, what: String) -> ConfigError {
    ConfigError::Value { place: format!("limits.{key}"), what }
}
