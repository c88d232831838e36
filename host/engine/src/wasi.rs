//! What a guest gets of WASI preview 2: enough for a toolchain's start-up code, and nothing of the world.
//!
//! Empty environment, no arguments, nothing preopened, sockets refused, output kept in the decision's log. Clocks stand
//! at the decision's time and randomness starts from the tape's seed, so that equal inputs lead to equal proposals.

use std::time::Duration;

use jiff::Timestamp;
use muster_core::digest::Digest;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng as _;
use wasmtime::component::{HasData, Linker, Resource, ResourceTable};
use wasmtime_wasi::p2::bindings::clocks::monotonic_clock::{self, Host};
use wasmtime_wasi::p2::{DynPollable, Pollable, subscribe};
use wasmtime_wasi::{HostMonotonicClock, HostWallClock, WasiCtx};

use crate::limits::Limits;
use crate::log::Log;
use crate::state::State;

/// Links WASI, with our own monotonic clock in the place of one that would really sleep.
pub(crate) fn add_to_linker(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    wasmtime_wasi::p2::add_to_linker_async(linker)?;
    linker.allow_shadowing(true);
    monotonic_clock::add_to_linker::<State, HasClock>(linker, |state| VirtualClockView {
        clock: &mut state.clock,
        table: &mut state.table,
    })?;
    linker.allow_shadowing(false);
    Ok(())
}

/// Makes the WASI part of a fresh store.
pub(crate) fn context(now: Timestamp, seed: &Digest, log: &Log, limits: &Limits) -> WasiCtx {
    let random = || ChaCha8Rng::from_seed(seed.to_bytes());
    let fixed = FixedClock(Duration::try_from(now.as_duration()).unwrap_or_default());
    let mut builder = WasiCtx::builder();
    builder
        .stdout(log.clone())
        .stderr(log.clone())
        .wall_clock(fixed)
        .monotonic_clock(fixed)
        .secure_random(random())
        .insecure_random(random())
        .insecure_random_seed(0)
        .max_random_size(limits.call_bytes as u64)
        .allow_tcp(false)
        .allow_udp(false)
        .allow_ip_name_lookup(false);
    builder.build()
}

#[derive(Clone, Copy)]
struct FixedClock(Duration);

impl HostWallClock for FixedClock {
    fn resolution(&self) -> Duration {
        Duration::from_millis(1)
    }

    fn now(&self) -> Duration {
        self.0
    }
}

impl HostMonotonicClock for FixedClock {
    fn resolution(&self) -> u64 {
        1
    }

    fn now(&self) -> u64 {
        0
    }
}

/// A monotonic clock that starts at zero and moves only when the guest sleeps: at once, by as much as it asked for.
#[derive(Debug, Default)]
pub(crate) struct VirtualClock {
    nanoseconds: u64,
}

struct VirtualClockView<'a> {
    clock: &'a mut VirtualClock,
    table: &'a mut ResourceTable,
}

struct HasClock;

impl HasData for HasClock {
    type Data<'a> = VirtualClockView<'a>;
}

impl Host for VirtualClockView<'_> {
    fn now(&mut self) -> wasmtime::Result<u64> {
        Ok(self.clock.nanoseconds)
    }

    fn resolution(&mut self) -> wasmtime::Result<u64> {
        Ok(1)
    }

    fn subscribe_instant(&mut self, when: u64) -> wasmtime::Result<Resource<DynPollable>> {
        self.clock.nanoseconds = self.clock.nanoseconds.max(when);
        let over = self.table.push(Over)?;
        subscribe(self.table, over)
    }

    fn subscribe_duration(&mut self, nanoseconds: u64) -> wasmtime::Result<Resource<DynPollable>> {
        self.subscribe_instant(self.clock.nanoseconds.saturating_add(nanoseconds))
    }
}

/// A sleep that is over.
struct Over;

#[wasmtime_wasi::async_trait]
impl Pollable for Over {
    async fn ready(&mut self) {}
}
