//! Asks a policy: the sandbox in which a component decides.
//!
//! This is the only crate that names wasmtime. It takes [`Verified`](muster_core::artifact::Verified) bytes and inputs, and
//! returns what the policy proposed together with the tape of what it asked. It changes nothing, and reads the directory
//! only through the port [`Directory`].
//!
//! ```text
//! Verified ──Engine::load──► Policy ──Policy::decide(inputs, directory)──► Decided { outcome, exchanges, usage, log }
//! ```

mod bindings;
mod cache;
mod compiler;
mod convert;
mod decide;
mod directory;
mod engine;
mod fault;
mod host;
mod inspect;
mod limits;
mod log;
mod policy;
mod state;
mod store;
mod wasi;

pub use self::cache::check_cache;
pub use self::compiler::{CompileError, Compiler, be_the_compiler};
pub use self::decide::{Decided, Outcome, Usage};
pub use self::directory::{Answering, Directory, NoAnswer};
pub use self::engine::{Engine, EngineError, Settings};
pub use self::fault::Fault;
pub use self::inspect::{Inspected, NotAPolicy, inspect};
pub use self::limits::Limits;
pub use self::policy::{LoadError, Policy};
