//! What is allowed to differ from the reference, each with its reason: `deviations.toml`.

use serde::Deserialize;

use crate::catalog::folder;
use crate::finding::{Finding, Problem};

/// The whole list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Deviations {
    #[serde(default)]
    deviation: Vec<Deviation>,
}

/// Something that is allowed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Deviation {
    /// The operations, by method and path; `*` stands for anything.
    operations: Vec<String>,
    /// Where in them; `*` stands for anything.
    places: Vec<String>,
    problem: Problem,
    /// Why it is right nevertheless.
    reason: String,
    /// From where that is known, in words.
    source: String,
}

impl Deviations {
    /// Reads the list.
    pub(crate) fn read() -> Self {
        let text = std::fs::read_to_string(folder().join("deviations.toml")).unwrap();
        let list: Self = toml::from_str(&text).unwrap_or_else(|error| panic!("deviations.toml: {error}"));
        for one in &list.deviation {
            assert!(!one.reason.is_empty() && !one.source.is_empty(), "{:?} has no reason", one.operations);
        }
        list
    }

    /// Returns what is not allowed.
    pub(crate) fn not_allowed<'a>(
        &self,
        findings: impl IntoIterator<Item = &'a Finding>,
    ) -> Vec<&'a Finding> {
        let allowed = |finding: &Finding| self.deviation.iter().any(|one| one.allows(finding));
        findings.into_iter().filter(|finding| !allowed(finding)).collect()
    }

    /// Returns each operation and place of the list that allows nothing that was found.
    pub(crate) fn unused<'a>(&self, findings: impl IntoIterator<Item = &'a Finding> + Clone) -> Vec<String> {
        let mut unused = Vec::new();
        for one in &self.deviation {
            let of = |operation: &str, place: &str| {
                findings.clone().into_iter().any(|finding| {
                    one.problem == finding.problem
                        && fits(operation, &finding.operation)
                        && fits(place, &finding.place)
                })
            };
            let place_unused = |place: &&String| !one.operations.iter().any(|operation| of(operation, place));
            let unused_places = one.places.iter().filter(place_unused).cloned();
            let operation_unused = |operation: &&String| !one.places.iter().any(|place| of(operation, place));
            let unused_operations = one.operations.iter().filter(operation_unused).cloned();
            unused
                .extend(unused_operations.chain(unused_places).map(|name| format!("{name}: {}", one.reason)));
        }
        unused
    }
}

impl Deviation {
    fn allows(&self, finding: &Finding) -> bool {
        self.problem == finding.problem
            && self.operations.iter().any(|pattern| fits(pattern, &finding.operation))
            && self.places.iter().any(|pattern| fits(pattern, &finding.place))
    }
}

/// Returns whether a text fits a pattern, in which `*` stands for anything.
fn fits(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((before, rest)) => {
            let Some(text) = text.strip_prefix(before) else { return false };
            text.char_indices().map(|(at, _)| at).chain([text.len()]).any(|at| fits(rest, &text[at..]))
        }
    }
}

#[test]
fn a_pattern_fits_the_whole_text() {
    for (pattern, text, expected) in [
        ("200[].id", "200[].id", true),
        ("200[].id", "200[].ids", false),
        ("*", "", true),
        ("GET *", "GET /rest", true),
        ("GET *", "PUT /rest", false),
        ("*[].id", "200.entities[].id", true),
        ("*[].id", "200.entities[].ids", false),
        ("2*.a*b", "200.a1b2b", true),
    ] {
        assert_eq!(fits(pattern, text), expected, "{pattern} {text}");
    }
}

#[test]
fn what_is_allowed_is_only_what_the_list_says_and_what_it_does_not_need_is_told() {
    let list = r#"
        [[deviation]]
        operations = ["GET /a", "GET /b"]
        places = ["200.x", "200.y"]
        problem = "unknown"
        reason = "r"
        source = "s"
    "#;
    let list: Deviations = toml::from_str(list).unwrap();
    let finding = |operation: &str, place: &str, problem| Finding {
        operation: operation.to_owned(),
        place: place.to_owned(),
        problem,
        seen: String::new(),
    };
    let allowed = finding("GET /a", "200.x", Problem::Unknown);
    let others = [
        finding("GET /c", "200.x", Problem::Unknown),
        finding("GET /a", "200.z", Problem::Unknown),
        finding("GET /a", "200.x", Problem::Type),
    ];
    assert_eq!(list.not_allowed(others.iter().chain([&allowed])), others.iter().collect::<Vec<_>>());
    assert_eq!(list.unused([&allowed]), ["GET /b: r", "200.y: r"]);
    let all = [finding("GET /b", "200.y", Problem::Unknown), allowed];
    assert!(list.unused(&all).is_empty());
}
