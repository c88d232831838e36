//! Scripts as text and as JSON.

use std::cmp::Reverse;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::{Rule, Script, Trouble, When, operations};
use crate::fault::Fault;

/// The statuses that stand for a service in difficulties.
const STATUSES: [u16; 4] = [429, 500, 502, 503];
/// Nobody waits longer than that for a test.
const LATE_MAX: Duration = Duration::from_secs(600);

/// Why a text is no script.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScriptError {
    /// The trouble has no such name.
    #[error(
        "nothing goes wrong by the name `{0}`; there are late=250ms, drop-before, drop-after, broken-off, \
         429, 500, 502 and 503 (also 503,retry-after=30), truncated, malformed, html, token-expires, not-made, row-added, \
         row-deleted, orphans, storm=SEED, ignore-removal, ignore-deactivation, ignore-reassignment and ignore-closing"
    )]
    Fault(String),
    /// The operation is not served.
    #[error("{}", unknown(.0))]
    Operation(String),
    /// The trouble can't happen there.
    #[error("{fault} can't concern {operation}")]
    Unfit {
        /// The trouble.
        fault: Trouble,
        /// The operation.
        operation: &'static str,
    },
    /// The calls are not said in a form that is known.
    #[error("which calls is said with every, nth=3, first=2 or percent=10, not with `{0}`")]
    When(String),
    /// The JSON has another form.
    #[error("a rule is a text or an object with fault, operation, when and sending: {0}")]
    Json(String),
}

fn unknown(name: &str) -> String {
    let last = name.rsplit(['/', ' ']).find(|part| !part.is_empty() && !part.starts_with('{')).unwrap_or("");
    let method = name.split(' ').next().unwrap_or_default();
    let alike =
        |known: &&str| known.split('/').zip(name.split('/')).filter(|(one, other)| one == other).count();
    let near = operations().filter(|known| {
        let (known_method, path) = known.split_once(' ').unwrap_or_default();
        known_method == method && !last.is_empty() && path.split('/').any(|part| part == last)
    });
    let near = near.min_by_key(|known| (Reverse(alike(known)), known.len()));
    let near = near.map_or(String::new(), |near| format!("; there is {near}"));
    format!(
        "there is no operation `{name}`: it is named like GET /rest/v1.0/projects/{{id}}, or * for every one{near}"
    )
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Self::Late(by) => return write!(f, "late={}ms", by.as_millis()),
            Self::Status { status, retry_after: None } => return write!(f, "{status}"),
            Self::Status { status, retry_after: Some(seconds) } => {
                return write!(f, "{status},retry-after={seconds}");
            }
            Self::DropBefore => "drop-before",
            Self::DropAfter => "drop-after",
            Self::BrokenOff => "broken-off",
            Self::Truncated => "truncated",
            Self::Malformed => "malformed",
            Self::Html => "html",
            Self::TokenExpires => "token-expires",
            Self::NotMade => "not-made",
            Self::RowAdded => "row-added",
            Self::RowDeleted => "row-deleted",
            Self::Orphans => "orphans",
        };
        f.write_str(name)
    }
}

impl Trouble {
    /// The troubles that have no measure.
    pub(super) const PLAIN: [Self; 11] = [
        Self::DropBefore,
        Self::DropAfter,
        Self::BrokenOff,
        Self::Truncated,
        Self::Malformed,
        Self::Html,
        Self::TokenExpires,
        Self::NotMade,
        Self::RowAdded,
        Self::RowDeleted,
        Self::Orphans,
    ];
}

impl FromStr for Trouble {
    type Err = ScriptError;

    fn from_str(text: &str) -> Result<Self, ScriptError> {
        let unknown = || ScriptError::Fault(text.to_owned());
        if let Some(plain) = Self::PLAIN.into_iter().find(|plain| plain.to_string() == text) {
            return Ok(plain);
        }
        if let Some(time) = text.strip_prefix("late=") {
            let by = match (time.strip_suffix("ms"), time.strip_suffix('s')) {
                (Some(count), _) => count.parse().map(Duration::from_millis),
                (None, Some(count)) => count.parse().map(Duration::from_secs),
                (None, None) => return Err(unknown()),
            };
            return by.ok().filter(|by| *by <= LATE_MAX).map(Self::Late).ok_or_else(unknown);
        }
        let (status, retry_after) = match text.split_once(",retry-after=") {
            Some((status, seconds)) => (status, Some(seconds.parse().map_err(|_| unknown())?)),
            None => (text, None),
        };
        let status = status.parse().ok().filter(|status| STATUSES.contains(status)).ok_or_else(unknown)?;
        Ok(Self::Status { status, retry_after })
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Every => f.write_str("every"),
            Self::Nth(number) => write!(f, "nth={number}"),
            Self::First(count) => write!(f, "first={count}"),
            Self::Percent(percent) => write!(f, "percent={percent}"),
        }
    }
}

impl FromStr for When {
    type Err = ScriptError;

    fn from_str(text: &str) -> Result<Self, ScriptError> {
        if text == "every" {
            return Ok(Self::Every);
        }
        let when = text.split_once('=').and_then(|(name, number)| {
            let number: u64 = number.parse().ok().filter(|number| *number > 0)?;
            match name {
                "nth" => Some(Self::Nth(number)),
                "first" => Some(Self::First(number)),
                "percent" => u8::try_from(number).ok().filter(|part| *part <= 100).map(Self::Percent),
                _ => None,
            }
        });
        when.ok_or_else(|| ScriptError::When(text.to_owned()))
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.fault, self.operation)?;
        if self.when != When::Every {
            write!(f, " {}", self.when)?;
        }
        if !self.sending.is_empty() {
            write!(f, " sending={}", self.sending.join(","))?;
        }
        Ok(())
    }
}

impl FromStr for Rule {
    type Err = ScriptError;

    fn from_str(text: &str) -> Result<Self, ScriptError> {
        let mut words = text.split_whitespace();
        let word = words.next().unwrap_or_default();
        let fault = word.parse()?;
        let operation = match words.next() {
            Some(Rule::ANY) => Rule::ANY.to_owned(),
            Some(method) => format!("{method} {}", words.next().unwrap_or_default()),
            None => String::new(),
        };
        let mut rule = Rule::new(fault, &operation)?;
        for word in words {
            match word.strip_prefix("sending=") {
                Some(fields) => rule.sending = fields.split(',').map(str::to_owned).collect(),
                None => rule.when = word.parse()?,
            }
        }
        Ok(rule)
    }
}

impl fmt::Display for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, rule) in self.rules.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(f, "{separator}{rule}")?;
        }
        Ok(())
    }
}

impl FromStr for Script {
    type Err = ScriptError;

    fn from_str(text: &str) -> Result<Self, ScriptError> {
        let mut rules = Vec::new();
        for rule in text.split(['\n', ';']).map(str::trim).filter(|rule| !rule.is_empty()) {
            match (rule.strip_prefix("storm="), Fault::named(rule)) {
                (Some(seed), _) => {
                    let seed = seed.parse().map_err(|_| ScriptError::Fault(rule.to_owned()))?;
                    rules.extend(Self::seeded(seed));
                }
                (None, Some(fault)) => rules.extend(fault.rules()),
                (None, None) => rules.push(rule.parse()?),
            }
        }
        Ok(Self { rules })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    fault: Trouble,
    #[serde(default = "any")]
    operation: String,
    #[serde(default)]
    when: When,
    #[serde(default)]
    sending: Vec<String>,
}

fn any() -> String {
    Rule::ANY.to_owned()
}

fn rule(value: Value) -> Result<Rule, ScriptError> {
    if let Value::String(text) = value {
        return text.parse();
    }
    let form: Form = serde_json::from_value(value).map_err(|error| ScriptError::Json(error.to_string()))?;
    Ok(Rule { sending: form.sending, ..Rule::new(form.fault, &form.operation)?.at(form.when) })
}

impl<'de> Deserialize<'de> for Rule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        rule(Value::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// Reads a list in which a text may stand for several rules.
pub(super) fn rules<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Rule>, D::Error> {
    let mut rules = Vec::new();
    for value in Vec::<Value>::deserialize(deserializer)? {
        match value {
            Value::String(text) => {
                rules.extend(text.parse::<Script>().map_err(serde::de::Error::custom)?);
            }
            value => rules.push(rule(value).map_err(serde::de::Error::custom)?),
        }
    }
    Ok(rules)
}

macro_rules! as_string {
    ($($kind:ty),*) => {$(
        impl From<$kind> for String {
            fn from(value: $kind) -> Self {
                value.to_string()
            }
        }

        impl TryFrom<String> for $kind {
            type Error = ScriptError;

            fn try_from(text: String) -> Result<Self, ScriptError> {
                text.parse()
            }
        }
    )*};
}

as_string!(Trouble, When);
