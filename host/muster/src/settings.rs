//! Settings of a policy, checked against the schema that it carries before it is ever asked.

mod bounds;

use jsonschema::PatternOptions;

/// Why settings are not what a policy expects.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SettingsError {
    #[error("{}", .0.join("; "))]
    Invalid(Vec<String>),
    #[error("the policy's schema for settings is none: {0}")]
    Schema(String),
    #[error("the settings are no JSON document")]
    NotJson(#[source] serde_json::Error),
}

/// Checks settings. The schema comes from a stranger: it may fetch nothing, its patterns must not backtrack, and checking
/// against it has bounds.
pub(crate) fn check(schema: &str, settings: &str) -> Result<(), SettingsError> {
    let schema = serde_json::from_str(schema).map_err(|error| SettingsError::Schema(error.to_string()))?;
    let settings = serde_json::from_str(settings).map_err(SettingsError::NotJson)?;
    bounds::check(&schema, &settings).map_err(SettingsError::Schema)?;
    let validator = jsonschema::options()
        .offline()
        .with_pattern_options(
            PatternOptions::regex().size_limit(bounds::PATTERN_BYTES).dfa_size_limit(bounds::PATTERN_BYTES),
        )
        .should_validate_formats(true)
        .build(&schema)
        .map_err(|error| SettingsError::Schema(error.to_string()))?;
    let wrong: Vec<_> = validator
        .iter_errors(&settings)
        .map(|error| match error.instance_path().to_string() {
            path if path.is_empty() => error.to_string(),
            path => format!("{path}: {error}"),
        })
        .take(10)
        .collect();
    if wrong.is_empty() { Ok(()) } else { Err(SettingsError::Invalid(wrong)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCHEMA: &str = r#"{
        "type": "object", "additionalProperties": false,
        "properties": {"successor": {"type": "string", "format": "email"}, "name": {"pattern": "^(a+)+$"}}
    }"#;

    #[test]
    fn what_breaks_the_schema_is_named_with_its_place() {
        assert!(check(SCHEMA, r#"{"successor":"pat@example.com"}"#).is_ok());
        let rows = [
            (r#"{"successor":"pat"}"#, "/successor: "),
            (r#"{"successor":7,"name":"b"}"#, "/name: "),
            (r#"{"sucessor":"pat@example.com"}"#, "sucessor"),
        ];
        for (settings, expected) in rows {
            let error = check(SCHEMA, settings).unwrap_err().to_string();
            assert!(error.contains(expected), "{settings}: {error}");
        }
        let long = format!(r#"{{"name":"{}b"}}"#, "a".repeat(50));
        assert!(check(SCHEMA, &long).is_err(), "a pattern that backtracks would never end");
    }

    #[test]
    fn a_schema_can_not_fetch_anything() {
        let schema = r#"{"$ref": "https://example.com/schema.json"}"#;
        assert!(matches!(check(schema, "{}"), Err(SettingsError::Schema(_))));
    }
}
