//! The engine: wasmtime configured so that equal inputs lead to equal proposals and nothing runs away.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use wasmtime::component::Linker;
use wasmtime::{Config, Enabled, InstanceAllocationStrategy, PoolingAllocationConfig};

use crate::bindings::Policy as World;
use crate::cache::Cache;
use crate::compiler::Compiler;
use crate::limits::Limits;
use crate::state::State;
use crate::wasi;

/// The part of an engine's identity that comes with the version of muster.
const VERSION: &str = "wasmtime 48";

/// How often a guest is interrupted: the resolution of its time limit.
const TICK: Duration = Duration::from_millis(5);

/// What an engine is made with.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// What one decision may use.
    pub limits: Limits,
    /// Where compiled components are kept: an absolute path. What is there runs as native code, so it must be the
    /// user's own. `None` compiles every time.
    pub cache: Option<PathBuf>,
    /// Where they are compiled.
    pub compiler: Compiler,
}

/// Compiles and runs policies. Clones share everything.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

struct Inner {
    engine: wasmtime::Engine,
    linker: Linker<State>,
    limits: Arc<Limits>,
    /// One permit a slot of the pool: a pool without a free slot is an error, not a wait.
    slots: Semaphore,
    cache: Option<Cache>,
    compiler: Compiler,
}

/// Why there is no engine.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The cache can't be used.
    #[error("the folder for compiled policies can't be used: {path:?}")]
    Cache {
        /// Where it should be.
        path: PathBuf,
        /// Why not.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// wasmtime can't be set up on this machine.
    #[error("the sandbox can't be set up on this machine")]
    Setup(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Engine {
    /// Makes an engine and starts its clock, a thread that ends with it.
    ///
    /// # Errors
    ///
    /// If the cache can't be used, or the machine can't give what the pool reserves.
    pub fn new(settings: &Settings) -> Result<Self, EngineError> {
        let slots = 16;
        let setup = |error: wasmtime::Error| EngineError::Setup(error.into());
        let engine = wasmtime::Engine::new(&config(&settings.limits, slots)).map_err(setup)?;
        let cache = settings.cache.as_ref().map(|folder| Cache::open(folder, &engine)).transpose()?;
        let mut linker = Linker::new(&engine);
        wasi::add_to_linker(&mut linker).map_err(setup)?;
        World::add_to_linker::<State, wasmtime::component::HasSelf<State>>(&mut linker, |state| state)
            .map_err(setup)?;
        tick(&engine).map_err(|error| EngineError::Setup(error.into()))?;
        let limits = Arc::new(settings.limits.clone());
        let (slots, compiler) = (Semaphore::new(slots as usize), settings.compiler.clone());
        Ok(Self { inner: Arc::new(Inner { engine, linker, limits, slots, cache, compiler }) })
    }

    /// Returns what a tape names as the engine: everything that decides how a decision ends, beside its inputs.
    #[must_use]
    pub fn identity(&self) -> String {
        let Limits {
            fuel, memory, table_elements, stack, call_bytes, reads, read_bytes, steps, handles, ..
        } = &*self.inner.limits;
        format!(
            "{VERSION}; fuel {fuel}; memory {memory}; tables {table_elements}; stack {stack}; call {call_bytes}; \
             reads {reads}; read bytes {read_bytes}; steps {steps}; handles {handles}"
        )
    }

    pub(crate) fn wasmtime(&self) -> &wasmtime::Engine {
        &self.inner.engine
    }

    pub(crate) fn linker(&self) -> &Linker<State> {
        &self.inner.linker
    }

    /// Returns what one decision may use.
    #[must_use]
    pub fn limits(&self) -> &Arc<Limits> {
        &self.inner.limits
    }

    pub(crate) fn cache(&self) -> Option<&Cache> {
        self.inner.cache.as_ref()
    }

    pub(crate) fn compiler(&self) -> &Compiler {
        &self.inner.compiler
    }

    pub(crate) fn slots(&self) -> &Semaphore {
        &self.inner.slots
    }

    /// Returns how many interruptions a guest may live through.
    pub(crate) fn ticks(&self) -> u64 {
        let ticks = self.inner.limits.guest_time.as_nanos() / TICK.as_nanos();
        u64::try_from(ticks).unwrap_or(u64::MAX).max(1)
    }
}

fn config(limits: &Limits, slots: u32) -> Config {
    let mut pool = PoolingAllocationConfig::new();
    // A component of today's toolchains is one large module and a few adapters.
    pool.total_component_instances(slots)
        .max_core_instances_per_component(16)
        .total_core_instances(slots * 16)
        .max_memories_per_component(4)
        .total_memories(slots * 4)
        .max_tables_per_component(16)
        .total_tables(slots * 16)
        .total_stacks(slots)
        .max_memory_size(limits.memory)
        .table_elements(limits.table_elements)
        // Slots are wiped by writing zeros over what was used, which costs less than giving the pages back and faulting
        // them in again; where the system can tell which pages were used, only those.
        .linear_memory_keep_resident(2 << 20)
        .table_keep_resident(64 << 10)
        .pagemap_scan(Enabled::Auto);
    let mut config = tunables();
    config
        .allocation_strategy(InstanceAllocationStrategy::Pooling(pool))
        .max_wasm_stack(limits.stack)
        // The rest is for host functions; whoever uses it up ends the process.
        .async_stack_size(limits.stack + (3 << 19));
    config
}

/// Returns everything that compiled code depends on: the same here and in the child that compiles.
pub(crate) fn tunables() -> Config {
    let mut config = Config::new();
    config
        .wasm_component_model(true)
        .consume_fuel(true)
        .epoch_interruption(true)
        .cranelift_nan_canonicalization(true)
        .relaxed_simd_deterministic(true);
    config
}

/// Moves the engine's epoch on, until the engine is gone.
fn tick(engine: &wasmtime::Engine) -> std::io::Result<()> {
    let engine = engine.weak();
    std::thread::Builder::new().name("muster-epoch".to_owned()).spawn(move || {
        while let Some(engine) = engine.upgrade() {
            engine.increment_epoch();
            drop(engine);
            std::thread::sleep(TICK);
        }
    })?;
    Ok(())
}
