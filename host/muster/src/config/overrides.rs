//! Overrides: what flags and environment put in the place of what the file says.
//!
//! A flag wins over the environment, the environment over the file, the file over the defaults. What is not in the file
//! may come from an override alone.

use toml::{Table, Value};

use super::ConfigError;

/// What an environment variable begins with that overrides a key: `MUSTER__PROCORE__COMPANY` is `procore.company`.
const PREFIX: &str = "MUSTER__";

/// How many keys may lead to a value: more than the file has anywhere, and few enough to be walked by recursion.
const DEEPEST: usize = 32;

/// One value that takes the place of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Override {
    /// Where it comes from, for errors.
    from: String,
    /// The keys that lead to it.
    keys: Vec<String>,
    /// TOML, or else a plain text.
    value: String,
}

impl std::fmt::Display for Override {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}={}", self.keys.join("."), self.value)
    }
}

impl Override {
    /// Returns what `--set KEY=VALUE` says.
    pub(crate) fn of_flag(text: &str) -> Result<Self, String> {
        let (keys, value) = text.split_once('=').ok_or("KEY=VALUE is expected")?;
        let keys: Vec<_> = keys.trim().split('.').map(str::to_owned).collect();
        if keys.iter().any(String::is_empty) {
            return Err("KEY is names with dots between them, such as procore.company".to_owned());
        }
        Ok(Self { from: format!("--set {}", keys.join(".")), keys, value: value.trim().to_owned() })
    }

    /// Returns whether an environment variable of this name overrides something.
    pub(crate) fn is_named(name: &str) -> bool {
        name.starts_with(PREFIX)
    }

    /// Returns what the environment says.
    pub(crate) fn of_environment(variables: impl Iterator<Item = (String, String)>) -> Vec<Self> {
        let mut overrides: Vec<_> = variables
            .filter_map(|(name, value)| {
                let keys = name.strip_prefix(PREFIX)?.to_lowercase().replace("__", ".").replace('_', "-");
                let keys = keys.split('.').map(str::to_owned).collect();
                Some(Self { from: name, keys, value })
            })
            .collect();
        overrides.sort_by(|one, other| one.from.cmp(&other.from));
        overrides
    }

    /// Puts the value in its place.
    pub(super) fn apply(&self, table: &mut Table) -> Result<(), ConfigError> {
        let wrong = |what: String| Err(ConfigError::Value { place: self.from.clone(), what });
        if self.keys.len() > DEEPEST {
            return wrong(format!("at most {DEEPEST} keys may lead to a value"));
        }
        let Some((last, path)) = self.keys.split_last() else { return Ok(()) };
        let mut table = table;
        let mut path = path.iter();
        while let Some(key) = path.next() {
            let next = table.entry(key).or_insert_with(|| Value::Table(Table::new()));
            table = match next {
                Value::Table(next) => next,
                // Policies are a list, in which each is found by its name.
                Value::Array(policies) => {
                    let Some(name) = path.next() else { return wrong(format!("{key} is a list")) };
                    let named = |value: &&mut Value| value.get("name").and_then(Value::as_str) == Some(name);
                    match policies.iter_mut().find(named) {
                        Some(Value::Table(next)) => next,
                        _ => return wrong(format!("there is no {key} that is called {name:?}")),
                    }
                }
                _ => return wrong(format!("{key} is no table")),
            };
        }
        table.insert(last.clone(), self.read());
        Ok(())
    }

    /// Reads the value as TOML, or else takes it as a text: nobody quotes twice on a command line.
    fn read(&self) -> Value {
        let text = &self.value;
        let document = toml::from_str::<Table>(&format!("value = {text}"));
        // What brings keys of its own is no value.
        let value =
            document.ok().filter(|table| table.len() == 1).and_then(|mut table| table.remove("value"));
        value.unwrap_or_else(|| Value::String(text.clone()))
    }
}
