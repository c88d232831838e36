//! The configuration: `muster.toml`, read once, checked whole, secrets by reference only (invariant 13).

mod secret;

use std::path::{Path, PathBuf};

use muster_core::digest::{Digest, canonical};
use muster_core::event::KindName;
use muster_core::function::FunctionSet;
use muster_core::grant::{Grant, Scope};
use muster_core::guard::Rules;
use muster_core::id::CompanyId;
use muster_core::plan::Target;
use muster_procore::{SecretString, Settings, Url};
use serde::Deserialize;

use self::secret::Secret;
pub(crate) use self::secret::SecretError;

/// The version of `muster.toml` that this version of muster reads.
const VERSION: u32 = 1;
/// The file that is read where no other is named.
pub(crate) const FILE: &str = "muster.toml";
/// Where Procore is, for whoever names no other place.
const API: &str = "https://api.procore.com";
const LOGIN: &str = "https://login.procore.com";

/// A configuration that can be used.
#[derive(Debug, Clone)]
pub(crate) struct Config {
    procore: ProcoreTable,
    folder: PathBuf,
    pub(crate) target: Target,
    pub(crate) store: PathBuf,
    pub(crate) rules: Rules,
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
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
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
    Version { path: PathBuf, found: u32 },
    #[error("{place}: {what}")]
    Value { place: String, what: String },
    #[error("{place} can't be used")]
    Secret {
        place: String,
        #[source]
        source: SecretError,
    },
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct FileTable {
    #[expect(dead_code, reason = "it is looked at before the rest is read; here it is required")]
    version: u32,
    procore: ProcoreTable,
    #[serde(default)]
    store: StoreTable,
    #[serde(default)]
    guard: Rules,
    #[serde(default)]
    approvals: Approvals,
    #[serde(default)]
    policy: Vec<PolicyTable>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct ProcoreTable {
    company: u64,
    #[serde(default)]
    dialect: Dialect,
    api: Option<String>,
    login: Option<String>,
    client_id: String,
    client_secret: Secret,
    hourly_limit: Option<u32>,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Dialect {
    #[default]
    Reference,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct StoreTable {
    path: PathBuf,
}

impl Default for StoreTable {
    fn default() -> Self {
        Self { path: PathBuf::from("muster.db") }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct PolicyTable {
    name: String,
    source: String,
    digest: Option<Digest>,
    on: Option<Vec<KindName>>,
    allow: FunctionSet,
    #[serde(default)]
    withhold: FunctionSet,
    #[serde(default)]
    scope: Scope,
    #[serde(default)]
    after: Vec<String>,
    #[serde(default)]
    settings: toml::Table,
}

impl Config {
    /// Reads and checks a configuration. Relative paths in it are relative to its folder.
    pub(crate) fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|source| match source.kind() {
            std::io::ErrorKind::NotFound => ConfigError::Missing { path: path.to_owned() },
            _ => ConfigError::Unreadable { path: path.to_owned(), source },
        })?;
        let syntax = |at: String, error: toml::de::Error| syntax(path, &text, at, &error);
        // The version decides how the rest is read, so it is looked at before anything can be unknown.
        let table: toml::Table = toml::from_str(&text).map_err(|error| syntax(String::new(), error))?;
        if let Some(found) = table.get("version").and_then(toml::Value::as_integer)
            && found != i64::from(VERSION)
        {
            return Err(ConfigError::Version {
                path: path.to_owned(),
                found: u32::try_from(found).unwrap_or(u32::MAX),
            });
        }
        let deserializer =
            toml::de::Deserializer::parse(&text).map_err(|error| syntax(String::new(), error))?;
        let file: FileTable = serde_path_to_error::deserialize(deserializer)
            .map_err(|error| syntax(error.path().to_string(), error.into_inner()))?;
        Self::check(file, path.parent().unwrap_or(Path::new("")))
    }

    fn check(file: FileTable, folder: &Path) -> Result<Self, ConfigError> {
        let FileTable { procore, store, guard, approvals, policy, .. } = file;
        let company = CompanyId::new(procore.company);
        let (api, _) = (url("procore.api", &procore.api, API)?, url("procore.login", &procore.login, LOGIN)?);
        let target = Target {
            company,
            api_host: authority(&api),
            dialect: match procore.dialect {
                Dialect::Reference => "reference".to_owned(),
            },
        };
        let policies =
            policy.into_iter().map(|table| Binding::check(table, folder)).collect::<Result<Vec<_>, _>>()?;
        check_names(&policies)?;
        let store = folder.join(store.path);
        Ok(Self { procore, folder: folder.to_owned(), target, store, rules: guard, approvals, policies })
    }
}

impl Config {
    /// Returns what the client needs. Reads the secret, which is needed for nothing else.
    pub(crate) fn procore(&self) -> Result<Settings, ConfigError> {
        let ProcoreTable { api, login, client_id, client_secret, hourly_limit, .. } = &self.procore;
        let secret: SecretString = client_secret
            .resolve(&self.folder)
            .map_err(|source| ConfigError::Secret { place: "procore.client-secret".to_owned(), source })?;
        let (api, login) = (url("procore.api", api, API)?, url("procore.login", login, LOGIN)?);
        let mut settings = Settings::new(api, login, self.target.company, client_id.clone(), secret);
        settings.hourly_limit = *hourly_limit;
        Ok(settings)
    }
}

fn url(place: &str, text: &Option<String>, default: &str) -> Result<Url, ConfigError> {
    let text = text.as_deref().unwrap_or(default);
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

/// Says what can't be understood, and in which line. The line itself is not shown: it may hold what should not be there.
fn syntax(path: &Path, text: &str, at: String, error: &toml::de::Error) -> ConfigError {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    ConfigError::Syntax { path: path.to_owned(), line, at, what: error.message().to_owned() }
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
