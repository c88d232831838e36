//! A loaded policy: verified, granted, compiled, and describing itself as its section does.

use std::sync::Arc;

use muster_core::artifact::{Description, Verified};
use muster_core::digest::Digest;
use muster_core::function::FunctionSet;
use muster_core::grant::{Grant, NotGranted};
use wasmtime::component::Component;

use crate::bindings::PolicyPre;
use crate::compiler::CompileError;
use crate::convert;
use crate::engine::Engine;
use crate::fault::{Fault, Stopped};
use crate::inspect::{Inspected, NotAPolicy, inspect};
use crate::state::State;
use crate::store::in_time;

/// A policy that can be asked.
#[derive(Clone)]
pub struct Policy {
    pub(crate) engine: Engine,
    pub(crate) world: Arc<PolicyPre<State>>,
    inspected: Inspected,
    digest: Digest,
}

/// Why a policy does not load.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The bytes are no policy.
    #[error("{origin} is no policy")]
    NotAPolicy {
        /// Where they come from.
        origin: String,
        /// Why not.
        #[source]
        source: NotAPolicy,
    },
    /// It declares more than it is granted.
    #[error(transparent)]
    NotGranted(NotGranted),
    /// It can't be compiled.
    #[error("{origin} can't be compiled")]
    Compile {
        /// Where it comes from.
        origin: String,
        /// Why not.
        #[source]
        source: CompileError,
    },
    /// Its code can't be linked.
    #[error("{origin} can't be linked")]
    Link {
        /// Where it comes from.
        origin: String,
        /// Why not.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// It fails when asked what it is.
    #[error("{origin} can't say what it is")]
    Describe {
        /// Where it comes from.
        origin: String,
        /// Why not.
        #[source]
        source: Fault,
    },
    /// It says something else of itself than its section does.
    #[error("{origin} describes itself otherwise than its section does: {field}")]
    Contradicts {
        /// Where it comes from.
        origin: String,
        /// In what.
        field: &'static str,
    },
}

impl Engine {
    /// Loads a policy that the configuration calls `name`.
    ///
    /// # Errors
    ///
    /// If it is no policy, declares more than `grant` allows, or does not say of itself what its section says.
    pub async fn load(&self, artifact: &Verified, name: &str, grant: &Grant) -> Result<Policy, LoadError> {
        let origin = || artifact.origin().to_string();
        let inspected =
            inspect(artifact.bytes()).map_err(|source| LoadError::NotAPolicy { origin: origin(), source })?;
        grant.covers(name, inspected.declared).map_err(LoadError::NotGranted)?;
        let link = |error: wasmtime::Error| LoadError::Link { origin: origin(), source: error.into() };
        let kept = self.cache().and_then(|cache| cache.load(artifact.digest()));
        // What was kept on another machine, or by another build, may be nothing for this one.
        let usable = |code: Vec<u8>| {
            let component = self.component(&code);
            component
                .inspect_err(|error| tracing::warn!("the code that was kept is of no use here: {error}"))
                .ok()
        };
        let component = match kept.and_then(usable) {
            Some(component) => component,
            None => {
                let compiled = self.compiler().compile(artifact.bytes(), self.limits()).await;
                let code = compiled.map_err(|source| LoadError::Compile { origin: origin(), source })?;
                let component = self.component(&code).map_err(link)?;
                if let Some(Err(error)) = self.cache().map(|cache| cache.keep(artifact.digest(), &code)) {
                    tracing::warn!("the code of {} can't be kept for the next time: {error}", origin());
                }
                component
            }
        };
        let instance = self.linker().instantiate_pre(&component).map_err(link)?;
        let world = Arc::new(PolicyPre::new(instance).map_err(link)?);
        let policy = Policy { engine: self.clone(), world, inspected, digest: artifact.digest() };
        let said = policy.describe().await.map_err(|stopped| match stopped {
            Stopped::Fault(source) => LoadError::Describe { origin: origin(), source },
            // It has no directory to ask, so it can't have waited for one.
            Stopped::NoAnswer(_) => LoadError::Describe { origin: origin(), source: Fault::ImportInDescribe },
        })?;
        match difference(&said, &policy.inspected.description) {
            Some(field) => Err(LoadError::Contradicts { origin: origin(), field }),
            None => Ok(policy),
        }
    }

    fn component(&self, code: &[u8]) -> wasmtime::Result<Component> {
        #[expect(
            unsafe_code,
            reason = "code runs as it is. It comes from the compiler of this very binary, in a child or through the \
                      cache, which gives back only what its key signed; wasmtime checks version and settings"
        )]
        let component = unsafe { Component::deserialize(self.wasmtime(), code) };
        component
    }
}

impl Policy {
    /// Returns what it says of itself.
    #[must_use]
    pub fn description(&self) -> &Description {
        &self.inspected.description
    }

    /// Returns the functions that it may call.
    #[must_use]
    pub fn declared(&self) -> FunctionSet {
        self.inspected.declared
    }

    /// Returns what names its bytes.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }

    async fn describe(&self) -> Result<Description, Stopped> {
        let mut store = self.engine.store(None).await?;
        let log = store.store.data().log.clone();
        let asked = async {
            let world = self.world.instantiate_async(&mut store.store).await?;
            world.muster_policy_guest().call_describe(&mut store.store).await
        };
        in_time(self.engine.limits(), &log, asked).await.map(convert::to_description)
    }
}

fn difference(one: &Description, other: &Description) -> Option<&'static str> {
    [
        (one.name == other.name, "name"),
        (one.version == other.version, "version"),
        (one.summary == other.summary, "summary"),
        (one.kinds == other.kinds, "kinds"),
        (one.settings_schema == other.settings_schema, "settings-schema"),
    ]
    .into_iter()
    .find_map(|(same, field)| (!same).then_some(field))
}
