//! The app: everything that a command works with, wired together from the configuration.

use std::path::PathBuf;

use muster_core::digest::{Digest, NotCanonical};
use muster_core::plan::Pins;
use muster_engine::{Engine, EngineError, LoadError, Policy};
use muster_procore::Connection;

use crate::config::{Binding, Config};
use crate::registry::{self, RegistryError};
use crate::settings::{self, SettingsError};
use crate::store::{Store, StoreError};

/// What a command works with.
pub(crate) struct App {
    pub(crate) config: Config,
    pub(crate) store: Store,
    pub(crate) connection: Connection,
    /// The policies in the order in which they are asked.
    pub(crate) policies: Vec<Bound>,
}

/// A policy that is loaded as the operator uses it.
pub(crate) struct Bound {
    pub(crate) binding: Binding,
    pub(crate) policy: Policy,
    pub(crate) pins: Pins,
}

/// Why the app can't start. Nothing was sent or changed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OpenError {
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("Procore can't be reached with this configuration")]
    Connection(#[source] muster_procore::Error),
    #[error("the policy {policy:?} can't be had")]
    Registry {
        policy: String,
        #[source]
        source: RegistryError,
    },
    #[error("the policy {policy:?} does not load")]
    Load {
        policy: String,
        #[source]
        source: Box<LoadError>,
    },
    #[error("the settings of the policy {policy:?} are not what it expects")]
    Settings {
        policy: String,
        #[source]
        source: SettingsError,
    },
    #[error("the grant of the policy {policy:?} can't be digested")]
    Digest {
        policy: String,
        #[source]
        source: NotCanonical,
    },
}

impl App {
    /// Opens the store and loads every policy of the configuration. `cache` is where compiled policies are kept.
    pub(crate) async fn open(config: Config, cache: Option<PathBuf>) -> Result<Self, OpenError> {
        let connection = muster_procore::connect(config.procore.clone()).map_err(OpenError::Connection)?;
        let engine = engine(cache)?;
        let mut policies = Vec::new();
        for binding in &config.policies {
            policies.push(bind(&engine, binding).await?);
        }
        let store = Store::open(&config.store, config.target.company)?;
        Ok(Self { config, store, connection, policies })
    }

    /// Returns the policy that the configuration calls `name`.
    pub(crate) fn policy(&self, name: &str) -> Option<&Bound> {
        self.policies.iter().find(|bound| bound.binding.name == name)
    }
}

/// Makes an engine with the default limits.
pub(crate) fn engine(cache: Option<PathBuf>) -> Result<Engine, EngineError> {
    Engine::new(&muster_engine::Settings { cache, ..muster_engine::Settings::default() })
}

/// Loads a policy: verified, granted, compiled, its settings checked against its schema.
async fn bind(engine: &Engine, binding: &Binding) -> Result<Bound, OpenError> {
    let policy = || binding.name.clone();
    let most = muster_engine::Limits::default().component_bytes;
    let artifact = registry::resolve(&binding.source, binding.digest, most)
        .map_err(|source| OpenError::Registry { policy: policy(), source })?;
    let loaded = engine.load(&artifact, &binding.name, &binding.grant).await;
    let loaded = loaded.map_err(|source| OpenError::Load { policy: policy(), source: Box::new(source) })?;
    settings::check(&loaded.description().settings_schema, &binding.settings)
        .map_err(|source| OpenError::Settings { policy: policy(), source })?;
    let grant =
        Digest::of(&binding.grant).map_err(|source| OpenError::Digest { policy: policy(), source })?;
    let settings = Digest::of_bytes(binding.settings.as_bytes());
    let pins = Pins { name: policy(), artifact: artifact.digest(), runner: None, settings, grant };
    Ok(Bound { binding: binding.clone(), policy: loaded, pins })
}
