//! The file: what `muster.toml` may say. The documentation of these types is what `muster schema config` prints.

use std::path::PathBuf;

use muster_core::digest::Digest;
use muster_core::event::KindName;
use muster_core::function::FunctionSet;
use muster_core::grant::Scope;
use muster_core::guard::Rules;
use schemars::JsonSchema;
use serde::Deserialize;

use super::limits::LimitsTable;
use super::secret::Secret;
use super::{API, Approvals, LOGIN, REDIRECT};

/// The configuration of muster. Relative paths in it are relative to its folder.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(title = "muster.toml")]
pub(super) struct FileTable {
    /// The version of this format: 1.
    #[expect(dead_code, reason = "it is looked at before the rest is read; here it is required")]
    #[schemars(range(min = 1, max = 1))]
    version: u32,
    pub(super) procore: ProcoreTable,
    #[serde(default)]
    pub(super) store: StoreTable,
    /// What holds for every policy and every cause. No grant and no policy can widen it.
    #[serde(default)]
    pub(super) guard: Rules,
    /// Who may approve what needs a person.
    #[serde(default)]
    pub(super) approvals: Approvals,
    #[serde(default)]
    pub(super) limits: LimitsTable,
    /// The policies, in the order in which they are asked.
    #[serde(default)]
    pub(super) policy: Vec<PolicyTable>,
}

/// The company, and how it is reached.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct ProcoreTable {
    /// The id of the company.
    pub(super) company: u64,
    /// The dialect in which Procore is spoken to.
    #[serde(default)]
    pub(super) dialect: Dialect,
    /// The API; the sandboxes have hosts of their own.
    #[serde(default = "api")]
    pub(super) api: String,
    /// Where tokens come from.
    #[serde(default = "login")]
    pub(super) login: String,
    /// The client id of the app.
    pub(super) client_id: String,
    /// Its secret, as a reference.
    pub(super) client_secret: Secret,
    /// As whom muster acts.
    #[serde(default)]
    pub(super) acts_as: ActsAs,
    /// Where the browser comes back to from `muster login`, letter by letter as it stands with the app.
    #[serde(default = "redirect")]
    pub(super) redirect: String,
    /// The file that keeps the refresh token of whoever logged in; beside the store, if left out.
    pub(super) refresh_token: Option<PathBuf>,
    /// How many requests an hour Procore allows, if you know it; otherwise it is learned from its answers.
    pub(super) hourly_limit: Option<u32>,
}

fn api() -> String {
    API.to_owned()
}

fn login() -> String {
    LOGIN.to_owned()
}

fn redirect() -> String {
    REDIRECT.to_owned()
}

/// As whom muster acts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum ActsAs {
    /// As the service account of the app.
    #[default]
    ServiceAccount,
    /// As a person who logged in with `muster login`.
    Person,
}

/// A dialect of Procore's API.
#[derive(Debug, Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Dialect {
    /// As Procore's reference documents it.
    #[default]
    Reference,
    /// As a published guide states nine operations on users, and as the reference documents everything else. A server that
    /// does not speak it is refused.
    Guide,
}

/// The journal.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct StoreTable {
    /// One SQLite file.
    pub(super) path: PathBuf,
}

impl Default for StoreTable {
    fn default() -> Self {
        Self { path: PathBuf::from("muster.db") }
    }
}

/// A policy as it is used here.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct PolicyTable {
    /// What it is called here: 1 to 64 lower-case letters, digits and dashes.
    #[schemars(regex(pattern = "^[a-z0-9-]{1,64}$"))]
    pub(super) name: String,
    /// `builtin:NAME` or `file:PATH`.
    #[schemars(regex(pattern = "^(builtin|file):"))]
    pub(super) source: String,
    /// The digest that the artifact must have: `sha256:` and 64 digits.
    #[schemars(with = "Option<String>")]
    pub(super) digest: Option<Digest>,
    /// The kinds of events that it is asked about; all that it handles, if left out.
    pub(super) on: Option<Vec<KindName>>,
    /// The functions that it may import: what it may read and propose.
    pub(super) allow: FunctionSet,
    /// Functions that it may import but whose every call is denied.
    #[serde(default)]
    pub(super) withhold: FunctionSet,
    /// On whom and where the grant holds.
    #[serde(default)]
    pub(super) scope: Scope,
    /// Policies above this one whose failure or hold stops it, but for a login that can't wait.
    #[serde(default)]
    pub(super) after: Vec<String>,
    /// What the policy itself expects: `muster policy inspect` shows its schema.
    #[serde(default)]
    #[schemars(with = "std::collections::BTreeMap<String, serde_json::Value>")]
    pub(super) settings: toml::Table,
}
