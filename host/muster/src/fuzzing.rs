//! What the fuzzer reaches of the host: what operators and strangers write for it to read.
//!
//! Each function panics where a promise is broken. Only built with `--cfg fuzzing`.

use std::path::Path;

use crate::config::{Config, FILE, Override};
use crate::exit::causes;
use crate::settings;

/// Reads a configuration, with flags of the kind `KEY=VALUE` that override it.
pub fn config<'a>(text: &str, flags: impl Iterator<Item = &'a str>) {
    let overrides: Vec<_> = flags.filter_map(|flag| Override::of_flag(flag).ok()).collect();
    match Config::parse(text, Path::new(FILE), &overrides) {
        Ok(config) => {
            assert!(config.store.is_absolute() && config.rules.belts.stop.percent <= 100);
            for policy in config.policies {
                let settings: Result<serde_json::Map<_, _>, _> = serde_json::from_str(&policy.settings);
                assert!(settings.is_ok(), "the settings {} are no JSON object", policy.settings);
            }
        }
        Err(error) => assert!(!causes(&error).is_empty()),
    }
}

/// Checks settings against a schema.
pub fn settings(schema: &str, document: &str) {
    if let Err(error) = settings::check(schema, document) {
        assert!(!causes(&error).is_empty());
    }
}
