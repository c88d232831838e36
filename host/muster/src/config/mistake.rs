//! Mistakes: what a configuration got wrong, where, and what was probably meant.

use std::path::Path;

use super::ConfigError;

/// How alike two words are of which one is taken for the other.
const ALIKE: f64 = 0.75;

/// Says what can't be understood, and in which line. The line itself is not shown: it may hold what should not be there.
pub(super) fn syntax(path: &Path, text: &str, at: String, error: &toml::de::Error) -> ConfigError {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    ConfigError::Syntax { path: path.to_owned(), line, at, what: said(error.message()) }
}

/// Returns what the reader of a type says, with the nearest valid word where one was unknown.
pub(super) fn said(message: &str) -> String {
    match nearest(message) {
        Some(nearest) => format!("{message}; did you mean `{nearest}`?"),
        None => message.to_owned(),
    }
}

/// Finds the nearest of the words that a message says are expected: ``unknown field `a`, expected one of `b`, `c` ``.
fn nearest(message: &str) -> Option<String> {
    if !message.starts_with("unknown ") {
        return None;
    }
    let mut quoted = message.split('`').skip(1).step_by(2);
    let unknown = quoted.next()?;
    let alike = |known: &str| (strsim::jaro_winkler(unknown, known), known.to_owned());
    let best = quoted.map(alike).max_by(|one, other| one.0.total_cmp(&other.0))?;
    (best.0 >= ALIKE).then_some(best.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_named_and_nothing_far_off() {
        let said = |unknown: &str| {
            said(&format!("unknown field `{unknown}`, expected one of `client-id`, `company`"))
        };
        assert!(said("client-idd").ends_with("; did you mean `client-id`?"));
        assert!(said("compnay").ends_with("; did you mean `company`?"));
        assert!(said("weather").ends_with("`company`"));
        assert_eq!(super::said("invalid type: string"), "invalid type: string");
    }
}
