//! The app: everything that a command works with, wired together from the configuration.

use std::path::PathBuf;

use muster_core::digest::{Digest, NotCanonical};
use muster_core::plan::Pins;
use muster_engine::{Compiler, Engine, EngineError, Limits, LoadError, Policy};
use muster_procore::{Connection, Dialect};

use crate::config::{Binding, Config, ConfigError};
use crate::exit::causes;
use crate::pipeline::Concluded;
use crate::registry::{self, RegistryError};
use crate::settings::{self, SettingsError};
use crate::store::{Store, StoreError};

/// What a command works with.
pub(crate) struct App {
    pub(crate) config: Config,
    pub(crate) engine: Engine,
    pub(crate) store: Store,
    pub(crate) connection: Connection,
    /// The policies in the order in which they are asked.
    pub(crate) policies: Vec<Bound>,
    /// The policies that could not be loaded. They hold nobody else up.
    pub(crate) broken: Vec<Broken>,
}

/// Where policies are compiled, and where their code is kept.
#[derive(Debug, Clone, Default)]
pub(crate) struct Machine {
    pub(crate) compiler: Compiler,
    pub(crate) cache: Option<PathBuf>,
}

/// A policy that could not be loaded.
pub(crate) struct Broken {
    pub(crate) policy: String,
    pub(crate) error: OpenError,
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
    Config(#[from] ConfigError),
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("Procore can't be reached with this configuration")]
    Connection(#[source] muster_procore::Error),
    #[error("Procore does not speak the dialect `guide`; nothing was sent but questions")]
    Dialect(#[source] muster_procore::Error),
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
    /// Opens the store and loads the policies of the configuration. `machine` says where they are compiled and kept.
    ///
    /// One policy that does not load holds the others up no more than one that fails when it is asked: a login must not
    /// stay because of a broken neighbour. Where none loads, nothing could be asked at all.
    pub(crate) async fn open(config: Config, machine: Machine) -> Result<Self, OpenError> {
        let connection = connect(&config).await?;
        let engine = engine(machine, config.limits.clone())?;
        let (mut policies, mut broken) = (Vec::new(), Vec::new());
        for binding in &config.policies {
            match bind(&engine, binding).await {
                Ok(bound) => policies.push(bound),
                Err(error) => broken.push(Broken { policy: binding.name.clone(), error }),
            }
        }
        if policies.is_empty() && !broken.is_empty() {
            return Err(broken.swap_remove(0).error);
        }
        let store = Store::open(&config.store, config.target.company)?;
        Ok(Self { config, engine, store, connection, policies, broken })
    }

    /// Returns the policy that the configuration calls `name`, if it is loaded.
    pub(crate) fn policy(&self, name: &str) -> Option<&Bound> {
        self.policies.iter().find(|bound| bound.binding.name == name)
    }

    /// Returns the policies that could not be asked, as a case has them.
    pub(crate) fn not_loaded(&self) -> Vec<Concluded> {
        let one = |broken: &Broken| Concluded::not_loaded(&broken.policy, causes(&broken.error).join(": "));
        self.broken.iter().map(one).collect()
    }
}

/// Connects to Procore, and makes sure that it speaks the dialect that it will be spoken to in.
pub(crate) async fn connect(config: &Config) -> Result<Connection, OpenError> {
    let connection = muster_procore::connect(config.procore()?).map_err(OpenError::Connection)?;
    if config.target.dialect == Dialect::Guide.name() {
        connection.reads().speaks(Dialect::Guide).await.map_err(OpenError::Dialect)?;
    }
    Ok(connection)
}

/// Makes an engine. A cache that can't be used costs time and nothing else.
fn engine(Machine { cache, compiler }: Machine, limits: Limits) -> Result<Engine, EngineError> {
    let settings =
        |cache| muster_engine::Settings { cache, compiler: compiler.clone(), limits: limits.clone() };
    match Engine::new(&settings(cache)) {
        Err(error @ EngineError::Cache { .. }) => {
            tracing::warn!("{}; policies are compiled anew", causes(&error).join(": "));
            Engine::new(&settings(None))
        }
        made => made,
    }
}

/// Loads a policy: verified, granted, compiled, its settings checked against its schema.
async fn bind(engine: &Engine, binding: &Binding) -> Result<Bound, OpenError> {
    let policy = || binding.name.clone();
    let most = engine.limits().component_bytes;
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
