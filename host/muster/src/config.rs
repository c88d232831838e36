//! The configuration: `muster.toml`, read once, checked whole, secrets by reference only (invariant 13).

mod file;
mod limits;
mod mistake;
mod overrides;
mod secret;

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use muster_core::digest::{Digest, canonical};
use muster_core::event::KindName;
use muster_core::grant::Grant;
use muster_core::guard::Rules;
use muster_core::id::CompanyId;
use muster_core::plan::Target;
use muster_engine::Limits;
use muster_procore::{GrantKind, SecretString, Settings, TokenFile, Url};
use schemars::JsonSchema;
use serde::Deserialize;

use self::file::{ActsAs, Dialect, FileTable, PolicyTable, ProcoreTable};
pub(crate) use self::overrides::Override;
pub(crate) use self::secret::SecretError;

/// The version of `muster.toml` that this version of muster reads.
const VERSION: u32 = 1;
/// The file that is read where no other is named.
pub(crate) const FILE: &str = "muster.toml";
/// The most bytes that a configuration may have.
const MOST_BYTES: u64 = 1 << 20;
/// A configuration with every key in it, explained: what `muster init` begins with.
pub(crate) const EXAMPLE: &str = include_str!("config/example.toml");
/// Where Procore is, for whoever names no other place.
const API: &str = "https://api.procore.com";
const LOGIN: &str = "https://login.procore.com";
/// Where the browser comes back to after a login, for whoever names no other address.
const REDIRECT: &str = "http://127.0.0.1:8734/login";

/// A configuration that can be used.
#[derive(Debug, Clone)]
pub(crate) struct Config {
    procore: ProcoreTable,
    folder: PathBuf,
    pub(crate) target: Target,
    pub(crate) store: PathBuf,
    pub(crate) rules: Rules,
    /// What one decision may use.
    pub(crate) limits: Limits,
    /// How long policies may be asked and facts be read while a login waits to be cut.
    pub(crate) urgent_time: Duration,
    pub(crate) approvals: Approvals,
    /// The policies in the order in which they are asked.
    pub(crate) policies: Vec<Binding>,
}

/// A policy as the operator uses it.
#[derive(Debug, Clone)]
pub(crate) struct Binding {
    pub(crate) name: String,
    pub(crate) source: Source,
    /// The digest that the artifact must have, if one is pinned.
    pub(crate) digest: Option<Digest>,
    /// The kinds of events that it is asked about; `None` means all that it handles.
    pub(crate) on: Option<Vec<KindName>>,
    pub(crate) grant: Grant,
    /// The policies whose failure or hold stops this one.
    pub(crate) after: Vec<String>,
    /// A JSON document, canonical.
    pub(crate) settings: String,
}

/// Where a policy's artifact is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    /// Part of the binary.
    Builtin(String),
    /// A file; relative to the configuration's folder.
    File(PathBuf),
}

/// Who may approve.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Approvals {
    /// Nobody: what needs an approval waits.
    #[default]
    None,
    /// Whoever can run muster here, by name, unauthenticated.
    Local,
}

/// Why there is no usable configuration. Nothing was sent or changed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    #[error("there is no configuration: {path:?}")]
    Missing { path: PathBuf },
    #[error("the configuration can't be read: {path:?}")]
    Unreadable {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("{path:?}, line {line}{}{at}: {what}", if at.is_empty() { "" } else { ", " })]
    Syntax { path: PathBuf, line: usize, at: String, what: String },
    #[error("{path:?} has the version {found}, this version of muster reads {VERSION}")]
    Version { path: PathBuf, found: i64 },
    #[error("{place}: {what}")]
    Value { place: String, what: String },
    #[error("{place} can't be used")]
    Secret {
        place: String,
        #[source]
        source: SecretError,
    },
}

impl Config {
    /// Reads and checks a configuration, with what `overrides` put in the place of its values: the last one wins.
    pub(crate) fn read(path: &Path, overrides: &[Override]) -> Result<Self, ConfigError> {
        Self::parse(&bounded(path)?, path, overrides)
    }

    /// Checks what [`Config::read`] has read.
    pub(crate) fn parse(text: &str, path: &Path, overrides: &[Override]) -> Result<Self, ConfigError> {
        let syntax = |at: String, error: toml::de::Error| mistake::syntax(path, text, at, &error);
        // The version decides how the rest is read, so it is looked at before anything can be unknown.
        let mut table: toml::Table = toml::from_str(text).map_err(|error| syntax(String::new(), error))?;
        check_version(&table, path)?;
        let deserializer =
            toml::de::Deserializer::parse(text).map_err(|error| syntax(String::new(), error))?;
        let file = serde_path_to_error::deserialize(deserializer);
        let file: FileTable = if overrides.is_empty() {
            file.map_err(|error| syntax(error.path().to_string(), error.into_inner()))?
        } else {
            overrides.iter().try_for_each(|one| one.apply(&mut table))?;
            check_version(&table, path)?;
            let overridden = serde_path_to_error::deserialize::<_, FileTable>(toml::Value::Table(table));
            overridden.map_err(|wrong| match file {
                // The same mistake without the overrides: then its line is known.
                Err(error) if error.path().to_string() == wrong.path().to_string() => {
                    syntax(error.path().to_string(), error.into_inner())
                }
                _ => ConfigError::Value {
                    place: wrong.path().to_string(),
                    what: format!(
                        "{} (as overridden by flags and environment)",
                        mistake::said(wrong.inner().message())
                    ),
                },
            })?
        };
        Self::check(file, path.parent().unwrap_or(Path::new("")))
    }

    /// Returns the JSON Schema of `muster.toml`.
    pub(crate) fn schema() -> schemars::Schema {
        schemars::schema_for!(FileTable)
    }

    fn check(file: FileTable, folder: &Path) -> Result<Self, ConfigError> {
        let FileTable { procore, store, guard, approvals, limits, policy, .. } = file;
        let company = CompanyId::new(procore.company);
        let (api, _) = (url("procore.api", &procore.api)?, url("procore.login", &procore.login)?);
        let target =
            Target { company, api_host: authority(&api), dialect: dialect(procore.dialect).to_string() };
        let policies =
            policy.into_iter().map(|table| Binding::check(table, folder)).collect::<Result<Vec<_>, _>>()?;
        check_names(&policies)?;
        if guard.belts.stop.percent > 100 {
            let what = "a share is 0 to 100".to_owned();
            return Err(ConfigError::Value { place: "guard.belts.stop.percent".to_owned(), what });
        }
        if procore.hourly_limit == Some(0) {
            let what = "0: with no requests at all nothing can be done".to_owned();
            return Err(ConfigError::Value { place: "procore.hourly-limit".to_owned(), what });
        }
        let (limits, urgent_time) = (limits.check()?, limits.urgent_time()?);
        // Absolute, because SQLite gives some relative names a meaning of their own, such as `:memory:`.
        let path = std::path::absolute(folder.join(&store.path));
        let store = path.map_err(|error| ConfigError::Value {
            place: "store.path".to_owned(),
            what: error.to_string(),
        })?;
        // And by its real name, so that whoever reaches it by another one finds the same leases.
        let store = store.canonicalize().unwrap_or(store);
        let (folder, rules) = (folder.to_owned(), guard);
        Ok(Self { procore, folder, target, store, rules, limits, urgent_time, approvals, policies })
    }
}

impl Config {
    /// Returns what the client needs. Reads the secret, which is needed for nothing else.
    pub(crate) fn procore(&self) -> Result<Settings, ConfigError> {
        let ProcoreTable { api, login, client_id, client_secret, hourly_limit, .. } = &self.procore;
        let secret: SecretString = client_secret
            .resolve(&self.folder)
            .map_err(|source| ConfigError::Secret { place: "procore.client-secret".to_owned(), source })?;
        let (api, login) = (url("procore.api", api)?, url("procore.login", login)?);
        let mut settings = Settings::new(api, login, self.target.company, client_id.clone(), secret);
        settings.hourly_limit = *hourly_limit;
        settings.dialect = dialect(self.procore.dialect);
        if self.acts_as_person() {
            let refresh = Arc::new(TokenFile::at(self.refresh_token()));
            settings.grant = GrantKind::AuthorizationCode { refresh };
        }
        Ok(settings)
    }

    /// Returns whether muster acts as somebody who logs in.
    pub(crate) fn acts_as_person(&self) -> bool {
        self.procore.acts_as == ActsAs::Person
    }

    /// Returns where the browser comes back to from a login, if muster acts as a person.
    pub(crate) fn redirect(&self) -> Result<Option<Url>, ConfigError> {
        self.acts_as_person().then(|| url("procore.redirect", &self.procore.redirect)).transpose()
    }

    /// Returns where the refresh token of a person is kept.
    pub(crate) fn refresh_token(&self) -> PathBuf {
        let beside = || {
            let mut name = self.store.clone().into_os_string();
            name.push(".login");
            PathBuf::from(name)
        };
        self.procore.refresh_token.as_ref().map_or_else(beside, |path| self.folder.join(path))
    }
}

fn dialect(dialect: Dialect) -> muster_procore::Dialect {
    match dialect {
        Dialect::Reference => muster_procore::Dialect::Reference,
        Dialect::Guide => muster_procore::Dialect::Guide,
    }
}

fn url(place: &str, text: &str) -> Result<Url, ConfigError> {
    text.parse()
        .map_err(|error| ConfigError::Value { place: place.to_owned(), what: format!("no URL: {error}") })
}

impl Binding {
    fn check(table: PolicyTable, folder: &Path) -> Result<Self, ConfigError> {
        let place = format!("policy {:?}", table.name);
        let wrong = |what: String| ConfigError::Value { place: place.clone(), what };
        let source = match table.source.split_once(':') {
            Some(("builtin", name)) => Source::Builtin(name.to_owned()),
            Some(("file", path)) => Source::File(folder.join(path)),
            _ => {
                return Err(wrong(format!(
                    "source {:?}: `builtin:NAME` or `file:PATH` is expected",
                    table.source
                )));
            }
        };
        if let Some(what) = unfit(&toml::Value::Table(table.settings.clone())) {
            return Err(wrong(format!("settings: {what}")));
        }
        let settings = canonical(&table.settings).map_err(|error| wrong(format!("settings: {error}")))?;
        let settings = String::from_utf8(settings).map_err(|error| wrong(format!("settings: {error}")))?;
        let grant = Grant { allow: table.allow, withhold: table.withhold, scope: table.scope };
        let PolicyTable { name, digest, on, after, .. } = table;
        Ok(Self { name, source, digest, on, grant, after, settings })
    }
}

/// Reads the file, as far as a configuration goes.
fn bounded(path: &Path) -> Result<String, ConfigError> {
    let unreadable = |source: std::io::Error| match source.kind() {
        std::io::ErrorKind::NotFound => ConfigError::Missing { path: path.to_owned() },
        _ => ConfigError::Unreadable { path: path.to_owned(), source },
    };
    let mut text = String::new();
    let file = std::fs::File::open(path).map_err(unreadable)?;
    std::io::Read::read_to_string(&mut file.take(MOST_BYTES + 1), &mut text).map_err(unreadable)?;
    if text.len() as u64 > MOST_BYTES {
        return Err(unreadable(std::io::Error::other(format!("it has more than {MOST_BYTES} bytes"))));
    }
    Ok(text)
}

/// Makes sure that a configuration has the version that is read here, before anything else in it is looked at.
fn check_version(table: &toml::Table, path: &Path) -> Result<(), ConfigError> {
    match table.get("version").and_then(toml::Value::as_integer) {
        Some(found) if found != i64::from(VERSION) => {
            Err(ConfigError::Version { path: path.to_owned(), found })
        }
        _ => Ok(()),
    }
}

/// Returns what the environment overrides.
pub(crate) fn environment() -> Result<Vec<Override>, ConfigError> {
    let variables = std::env::vars_os();
    let mut texts = Vec::new();
    for (name, value) in variables {
        // Names of other programs may be anything; one of ours whose value can't be read must not be passed over.
        let Ok(name) = name.into_string() else { continue };
        match value.into_string() {
            Ok(value) => texts.push((name, value)),
            Err(_) if Override::is_named(&name) => {
                return Err(ConfigError::Value { place: name, what: "its value is no UTF-8".to_owned() });
            }
            Err(_) => {}
        }
    }
    Ok(Override::of_environment(texts.into_iter()))
}

/// Returns the user's own folder for compiled policies, if the environment names one.
pub(crate) fn cache_folder() -> Option<PathBuf> {
    #[expect(clippy::disallowed_methods, reason = "this is the home of the environment")]
    let variable = |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let cache = variable("XDG_CACHE_HOME").or_else(|| Some(variable("HOME")?.join(".cache")))?;
    Some(cache.join("muster").join("compiled"))
}

/// A policy comes after policies that exist and are asked before it.
fn check_names(policies: &[Binding]) -> Result<(), ConfigError> {
    let mut earlier: Vec<&str> = Vec::new();
    for Binding { name, after, .. } in policies {
        let wrong = |what: String| Err(ConfigError::Value { place: format!("policy {name:?}"), what });
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if !(1..=64).contains(&name.len()) || !name.bytes().all(plain) {
            return wrong("name: 1 to 64 lower-case letters, digits and dashes are expected".to_owned());
        }
        if earlier.contains(&name.as_str()) {
            return wrong("name: another policy has it".to_owned());
        }
        if let Some(unknown) = after.iter().find(|after| !earlier.contains(&after.as_str())) {
            return wrong(format!("after: there is no policy {unknown:?} above it"));
        }
        earlier.push(name);
    }
    Ok(())
}

fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// Returns what settings can't hold: what JSON has no word for, or what a digest would round.
fn unfit(value: &toml::Value) -> Option<&'static str> {
    const EXACT: u64 = 1 << 53;
    match value {
        toml::Value::Datetime(_) => Some("a date is written as a string"),
        toml::Value::Integer(number) if number.unsigned_abs() > EXACT => {
            Some("an id or a large number is written as a string")
        }
        toml::Value::Float(number) if !number.is_finite() => Some("a number is finite"),
        toml::Value::Array(values) => values.iter().find_map(unfit),
        toml::Value::Table(table) => table.values().find_map(unfit),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
