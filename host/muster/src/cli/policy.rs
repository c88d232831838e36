//! `muster policy`

use std::io::Write as _;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use muster_core::function::Class;
use muster_engine::{Inspected, inspect};
use serde_json::json;

use super::Global;
use crate::config::Source;
use crate::exit::{Exit, Failure};
use crate::registry;
use crate::report::{self, BOLD, DIM, shown};

/// Look at policies
#[derive(Debug, Args)]
pub(super) struct Policy {
    #[command(subcommand)]
    verb: PolicyVerb,
}

#[derive(Debug, Subcommand)]
enum PolicyVerb {
    /// Show what a policy is and what it may at most do, without running it
    Inspect {
        /// `builtin:NAME`, the path of a component, or the name of a policy in the configuration
        policy: String,
    },
}

impl Policy {
    pub(super) async fn run(self, global: &Global) -> Result<Exit, Failure> {
        let PolicyVerb::Inspect { policy } = self.verb;
        let (source, pinned) = if let Some(name) = policy.strip_prefix("builtin:") {
            (Source::Builtin(name.to_owned()), None)
        } else if PathBuf::from(&policy).is_file() {
            (Source::File(PathBuf::from(&policy)), None)
        } else {
            let config = global.config()?;
            let binding =
                config.policies.into_iter().find(|binding| binding.name == policy).ok_or_else(|| {
                    let error =
                        format!("{policy:?} is no file, no builtin and no policy of the configuration");
                    Failure::new(Exit::Usage, error).hint("try `muster policy inspect builtin:offboarding`")
                })?;
            (binding.source, binding.digest)
        };
        let most = muster_engine::Limits::default().component_bytes;
        let artifact =
            registry::resolve(&source, pinned, most).map_err(|error| Failure::new(Exit::Refused, error))?;
        let inspected = inspect(artifact.bytes()).map_err(|error| Failure::new(Exit::Refused, error))?;
        let Inspected { description, declared } = &inspected;
        let schema: serde_json::Value =
            serde_json::from_str(&description.settings_schema).unwrap_or_default();
        if global.is_json() {
            report::json(&json!({
                "name": description.name,
                "version": description.version,
                "summary": description.summary,
                "kinds": description.kinds,
                "declared": declared,
                "settings-schema": schema,
                "size": artifact.bytes().len(),
                "digest": artifact.digest(),
                "origin": artifact.origin().to_string(),
            }))?;
            return Ok(Exit::Done);
        }
        let mut out = report::stdout();
        let (name, version) = (shown(&description.name).to_string(), shown(&description.version).to_string());
        writeln!(out, "{BOLD}{name} {version}{BOLD:#}")?;
        writeln!(out, "  {}", shown(&description.summary))?;
        let kinds: Vec<_> = description.kinds.iter().map(|kind| kind.as_str()).collect();
        writeln!(out, "  asked about: {}", kinds.join(", "))?;
        for (class, title) in
            [(Class::Read, "may, without changing anything"), (Class::Power, "may propose changes")]
        {
            writeln!(out, "{BOLD}{title}{BOLD:#}")?;
            let functions: Vec<_> = declared.iter().filter(|function| function.class() == class).collect();
            for function in &functions {
                writeln!(out, "  {:<24} {}", function.name(), function.words())?;
            }
            if functions.is_empty() {
                writeln!(out, "  {DIM}nothing{DIM:#}")?;
            }
        }
        writeln!(out, "{BOLD}settings{BOLD:#}")?;
        let properties =
            schema.get("properties").and_then(serde_json::Value::as_object).into_iter().flatten();
        for (name, property) in properties {
            let words = property.get("description").and_then(serde_json::Value::as_str).unwrap_or_default();
            writeln!(out, "  {:<24} {}", shown(name).to_string(), shown(words))?;
        }
        let names: Vec<_> = declared.iter().map(|function| format!("{:?}", function.name())).collect();
        writeln!(out, "{BOLD}grant{BOLD:#}\n  allow = [{}]", names.join(", "))?;
        writeln!(
            out,
            "{DIM}{} bytes, {}, from {}{DIM:#}",
            artifact.bytes().len(),
            artifact.digest(),
            artifact.origin()
        )?;
        Ok(Exit::Done)
    }
}
