//! Compares an exchange with what is known of its operation.
//!
//! What nobody says anything about is never a match: it is remembered as unknown. Procore's reference has lost its word
//! for null, so a field of an answer may be null unless it is required, may be chosen from what has no null, or belongs to
//! an operation that says that it leaves null out. In a request null is always a finding.

use serde_json::Value;

use crate::catalog::{Basis, Catalog, Layer, Operation};
use crate::exchange::{Content, Exchange};
use crate::finding::{Grounds, Problem, Report};
use crate::schema::Schema;

pub(crate) mod scalar;
#[cfg(test)]
mod tests;

/// Headers that any request may have: those of HTTP, and those that Procore wants everywhere.
const HEADERS: [&str; 9] = [
    "accept",
    "accept-encoding",
    "authorization",
    "connection",
    "content-length",
    "content-type",
    "host",
    "procore-company-id",
    "user-agent",
];

/// Checks exchanges one by one.
pub(crate) struct Checker<'a> {
    catalog: &'a Catalog,
    /// What was found so far.
    pub(crate) report: Report,
}

/// One side of an exchange while it is checked.
struct Side<'a> {
    operation: &'a str,
    is_request: bool,
    omits_null: bool,
    /// Whether everything in it is a text.
    is_form: bool,
    grounds: Grounds,
}

/// A value that is about to be compared.
struct At<'a> {
    place: String,
    layers: Vec<Layer<'a>>,
    required: bool,
    /// The basis of what is around it, and where that starts.
    around: (Basis, String),
}

impl<'a> Checker<'a> {
    /// Makes a checker that has seen nothing.
    pub(crate) fn new(catalog: &'a Catalog) -> Self {
        Self { catalog, report: Report::default() }
    }

    /// Checks an exchange.
    pub(crate) fn check(&mut self, exchange: &Exchange) {
        let catalog = self.catalog;
        let Some(operation) = catalog.find(exchange) else {
            let name = format!("{} {}", exchange.method, exchange.path);
            return self.report.add(&name, "", Problem::NoOperation, exchange.status);
        };
        let name = operation.name();
        let mut side = Side {
            operation: &name,
            is_request: true,
            omits_null: false,
            is_form: matches!(exchange.body, Content::Form(_)),
            grounds: Grounds::new(),
        };
        // What is refused may be wrong: some of it is sent to see it refused.
        if exchange.status < 400 {
            self.ids(operation, exchange, &mut side);
            self.query(operation, exchange, &mut side);
            self.headers(operation, exchange, &side);
            self.body(operation, exchange, &mut side);
        }
        let requests = side.grounds;
        let mut side = Side {
            operation: &name,
            is_request: false,
            omits_null: operation.omits_null,
            is_form: false,
            grounds: Grounds::new(),
        };
        self.answer(operation, exchange, &mut side);
        let seen = self.report.seen.entry(name.clone()).or_default();
        seen.request.extend(requests);
        seen.answers.entry(exchange.status).or_default().extend(side.grounds);
    }

    fn ids(&mut self, operation: &Operation, exchange: &Exchange, side: &mut Side<'_>) {
        side.grounds.insert((operation.basis(), String::new()));
        for (name, id) in operation.path_ids(&exchange.path) {
            if let Some(schema) = operation.ids.properties.get(name)
                && let Some(problem) = scalar::text(schema, id)
            {
                self.report.add(side.operation, &format!("path {name}"), problem, id);
            }
        }
    }

    fn query(&mut self, operation: &Operation, exchange: &Exchange, side: &mut Side<'_>) {
        let schema = &operation.query;
        for (name, value) in &exchange.query {
            let place = format!("query {name}");
            let list = name.strip_suffix("[]");
            let named = schema.properties.get(name);
            let found = match (named, list.and_then(|list| schema.properties.get(list))) {
                // Both spellings of a list stand in the reference.
                (Some(one), _) => one.items.as_deref().filter(|_| list.is_some()).or(Some(one)),
                (None, Some(of_list)) => of_list.items.as_deref().or_else(|| {
                    self.report.add(side.operation, &place, Problem::Type, "a list");
                    None
                }),
                (None, None) => {
                    self.report.add(side.operation, &place, Problem::Unknown, value);
                    None
                }
            };
            match found {
                Some(schema) if schema.is_known() => {
                    side.grounds.insert((operation.basis(), String::new()));
                    let problem = if name == "sort" {
                        scalar::sort(schema, value)
                    } else {
                        scalar::text(schema, value)
                    };
                    if let Some(problem) = problem {
                        self.report.add(side.operation, &place, problem, value);
                    }
                }
                Some(_) => {
                    side.grounds.insert((Basis::Unknown, place));
                }
                None => {}
            }
        }
        for name in &schema.required {
            if !exchange.query.iter().any(|(sent, _)| sent == name) {
                self.report.add(side.operation, &format!("query {name}"), Problem::Missing, "");
            }
        }
    }

    fn headers(&mut self, operation: &Operation, exchange: &Exchange, side: &Side<'_>) {
        for (name, value) in &exchange.headers {
            let known = operation.headers.properties.keys().any(|known| known.eq_ignore_ascii_case(name));
            if !known && !HEADERS.contains(&name.as_str()) {
                self.report.add(side.operation, &format!("header {name}"), Problem::Unknown, value);
            }
        }
        // Procore wants it everywhere but in these two (developers.procore.com, multiple procore zones).
        let exempt = ["GET /rest/v1.0/me", "GET /rest/v1.0/companies"].contains(&side.operation);
        if side.operation.contains(" /rest/") && !exempt {
            match exchange.headers.get("procore-company-id") {
                Some(id) if id.parse::<u64>().is_ok() => {}
                Some(id) => self.report.add(side.operation, "header procore-company-id", Problem::Type, id),
                None => self.report.add(side.operation, "header procore-company-id", Problem::Missing, ""),
            }
        }
    }

    fn body(&mut self, operation: &Operation, exchange: &Exchange, side: &mut Side<'_>) {
        let Some(expected) = &operation.body else {
            if exchange.body != Content::Nothing {
                self.report.add(side.operation, "body", Problem::Unknown, format!("{:?}", exchange.body));
            }
            return;
        };
        if exchange.body == Content::Nothing {
            if expected.required {
                self.report.add(side.operation, "body", Problem::Missing, "");
            }
            return;
        }
        let media = exchange.headers.get("content-type").map_or("", String::as_str);
        if media.split(';').next() != Some(expected.media.as_str()) {
            self.report.add(side.operation, "body", Problem::Media, media);
        }
        let layers = self.catalog.body(operation);
        self.content("body", layers, &exchange.body, side);
    }

    fn answer(&mut self, operation: &Operation, exchange: &Exchange, side: &mut Side<'_>) {
        let status = exchange.status.to_string();
        let basis = self.catalog.status(operation, exchange.status);
        if basis.is_none() {
            self.report.add(side.operation, &status, Problem::Status, "");
        }
        let layers = self.catalog.answer(operation, &status);
        if exchange.status >= 400 && layers.is_empty() {
            return self.error(&status, exchange, side);
        }
        let known = layers.iter().find(|(_, schema)| schema.is_known());
        match (known, &exchange.answer) {
            (Some((basis, schema)), Content::Nothing) if schema.kind() == Some("nothing") => {
                side.grounds.insert((basis.clone(), status));
            }
            (Some(_), Content::Nothing) => {
                self.report.add(side.operation, &status, Problem::Missing, "no body");
            }
            // A 204 has no body by itself; another status of which nothing is said may have one.
            (None, Content::Nothing) if exchange.status == 204 => {
                side.grounds.insert((basis.unwrap_or(Basis::Unknown), status));
            }
            (None, Content::Nothing) => {
                side.grounds.insert((Basis::Unknown, status));
            }
            _ => self.content(&status, layers, &exchange.answer, side),
        }
    }

    /// Errors look as any of those that were seen; the reference says nothing of them.
    fn error(&mut self, status: &str, exchange: &Exchange, side: &mut Side<'_>) {
        let Content::Json(value) = &exchange.answer else {
            side.grounds.insert((Basis::Unknown, status.to_owned()));
            return;
        };
        for (name, schema) in self.catalog.errors() {
            let mut alone = Checker::new(self.catalog);
            let mut other = Side { grounds: Grounds::new(), ..*side };
            let layers = vec![(Basis::Own, schema)];
            alone.content(status, layers, &exchange.answer, &mut other);
            if alone.report.findings.is_empty() {
                side.grounds.insert((Basis::Fixture(name.clone()), status.to_owned()));
                return;
            }
        }
        self.report.add(side.operation, status, Problem::Shape, value);
    }

    fn content(&mut self, place: &str, layers: Vec<Layer<'_>>, content: &Content, side: &mut Side<'_>) {
        match content {
            Content::Json(value) | Content::Form(value) => {
                let around = (Basis::Own, place.to_owned());
                self.value(At { place: place.to_owned(), layers, required: true, around }, value, side);
            }
            Content::Text(text) => self.report.add(side.operation, place, Problem::Type, text),
            Content::Nothing => {}
        }
    }

    fn value(&mut self, at: At<'_>, value: &Value, side: &mut Side<'_>) {
        let Some((basis, schema)) = at.layers.iter().find(|(_, schema)| schema.is_known()) else {
            side.grounds.insert((Basis::Unknown, at.place));
            return;
        };
        let around =
            if *basis == at.around.0 { at.around.clone() } else { (basis.clone(), at.place.clone()) };
        if let Some(problem) = wrong(schema, value, at.required, side) {
            self.report.add(side.operation, &at.place, problem, value);
            return;
        }
        match value {
            Value::Object(fields) => {
                // An object of which only one says what is in it.
                let told = at.layers.iter().position(|(_, schema)| !schema.properties.is_empty());
                let Some(told) = told else {
                    side.grounds.insert((Basis::Unknown, at.place));
                    return;
                };
                let (basis, shape) = &at.layers[told];
                let around = if *basis == around.0 { around } else { (basis.clone(), at.place.clone()) };
                for (name, value) in fields {
                    self.field(&at, told, name, value, &around, side);
                }
                for name in shape.required.iter().filter(|name| !fields.contains_key(*name)) {
                    let place = format!("{}.{name}", at.place);
                    self.report.add(side.operation, &place, Problem::Missing, value);
                }
            }
            Value::Array(items) => {
                let place = format!("{}[]", at.place);
                let of_items = at.layers.iter().filter_map(|(basis, schema)| {
                    let items: &Schema = schema.items.as_deref()?;
                    Some((basis.clone(), items))
                });
                let layers: Vec<Layer<'_>> = of_items.collect();
                for item in items {
                    let (place, layers) = (place.clone(), layers.clone());
                    self.value(At { place, layers, required: true, around: around.clone() }, item, side);
                }
            }
            _ => {
                side.grounds.insert(around);
            }
        }
    }

    fn field(
        &mut self,
        at: &At<'_>,
        told: usize,
        name: &str,
        value: &Value,
        around: &(Basis, String),
        side: &mut Side<'_>,
    ) {
        let layers = &at.layers[told..];
        let (_, shape) = &layers[0];
        let Some((known, _)) = shape.property(name) else {
            let name = if name.bytes().all(|byte| byte.is_ascii_digit()) { "{id}" } else { name };
            return self.report.add(side.operation, &format!("{}.{name}", at.place), Problem::Unknown, value);
        };
        let place = format!("{}.{known}", at.place);
        let required = shape.required.contains(known);
        let layers = layers.iter().filter_map(|(basis, schema)| {
            let (_, schema) = schema.property(name)?;
            Some((basis.clone(), schema))
        });
        let at = At { place, layers: layers.collect(), required, around: around.clone() };
        self.value(at, value, side);
    }
}

/// Returns what is wrong with a value by itself.
fn wrong(schema: &Schema, value: &Value, required: bool, side: &Side<'_>) -> Option<Problem> {
    if value.is_null() {
        let chosen = schema.choices.as_ref().map(|choices| choices.contains(value));
        let allowed = chosen.unwrap_or(!side.is_request && !required && !side.omits_null);
        return (!allowed).then_some(Problem::Null);
    }
    match value {
        Value::String(text) if side.is_form && schema.kind() != Some("string") => scalar::text(schema, text),
        _ => scalar::value(schema, value),
    }
}
