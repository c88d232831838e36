//! A fresh store for one question, and the time within which it has to be answered.

use tokio::sync::SemaphorePermit;
use wasmtime::{Store, UpdateDeadline};

use crate::engine::Engine;
use crate::fault::{Fault, Stopped};
use crate::limits::Limits;
use crate::log::Log;
use crate::state::{Asking, State};

/// A store that holds one slot of the engine's pool as long as it lives.
pub(crate) struct OneStore<'a> {
    pub(crate) store: Store<State>,
    _slot: Option<SemaphorePermit<'a>>,
}

impl Engine {
    /// Waits for a slot and makes a store with nothing of an earlier one in it.
    pub(crate) async fn store(&self, asking: Option<Asking>) -> Result<OneStore<'_>, Stopped> {
        // The semaphore is never closed; without a permit the pool itself says that it is full.
        let slot = self.slots().acquire().await.ok();
        let limits = self.limits();
        let mut store = Store::new(self.wasmtime(), State::new(asking, limits, self.ticks()));
        store.limiter(|state| &mut state.memory);
        store.set_hostcall_fuel(limits.call_bytes);
        store.set_max_component_handles(limits.handles);
        store.set_fuel(limits.fuel).map_err(|error| Stopped::from_error(error, limits, ""))?;
        store.set_epoch_deadline(1);
        // Counts the guest's own time: the first interruption after a wait in a host call is due to the wait.
        store.epoch_deadline_callback(|mut store| {
            let state = store.data_mut();
            if !std::mem::take(&mut state.waited) {
                state.ticks = state.ticks.saturating_sub(1);
            }
            Ok(if state.ticks == 0 { UpdateDeadline::Interrupt } else { UpdateDeadline::Yield(1) })
        });
        Ok(OneStore { store, _slot: slot })
    }
}

/// Waits for a guest's answer, but not longer than a decision may take. `log` is where it prints.
///
/// Past the time the call is dropped where it waits, and its store must not be called again.
pub(crate) async fn in_time<T>(
    limits: &Limits,
    log: &Log,
    asked: impl Future<Output = wasmtime::Result<T>>,
) -> Result<T, Stopped> {
    match tokio::time::timeout(limits.total_time, asked).await {
        Ok(answer) => answer.map_err(|error| Stopped::from_error(error, limits, &log.text())),
        Err(_) => Err(Stopped::Fault(Fault::TotalTime { limit: limits.total_time })),
    }
}
