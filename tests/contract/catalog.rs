//! Everything that is known of the operations: Procore's own reference, other versions of it, and fixtures.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::exchange::Exchange;
use crate::schema::Schema;

/// An operation, as `schemas/` has it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Operation {
    /// The name of its file in the source.
    #[serde(default)]
    operation: String,
    method: String,
    path: String,
    /// What the ids in its path are.
    #[serde(default)]
    pub(crate) ids: Schema,
    /// Its query.
    #[serde(default)]
    pub(crate) query: Schema,
    /// Its own headers.
    #[serde(default)]
    pub(crate) headers: Schema,
    /// The body of its request.
    pub(crate) body: Option<Body>,
    /// The bodies of its answers by status. `None` is a status that is named, and nothing is said of a body.
    pub(crate) answers: BTreeMap<String, Option<Schema>>,
    /// Whether it says that its answers leave out what is null.
    #[serde(default)]
    pub(crate) omits_null: bool,
    /// The fixture that it is from, if the reference does not have it.
    #[serde(skip)]
    fixture: Option<String>,
}

/// The body of a request.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Body {
    /// Its media type.
    pub(crate) media: String,
    /// Whether it must be there.
    #[serde(default)]
    pub(crate) required: bool,
    /// Its form.
    #[serde(default)]
    pub(crate) schema: Schema,
}

/// What somebody wrote down from other sources about something of which the reference says nothing.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fixture {
    /// Where it is known from, in words.
    source: String,
    /// Which parts of which operations it is of, such as `GET /rest/v1.0/vendors 200[]`.
    #[serde(default)]
    places: Vec<String>,
    #[serde(default)]
    schema: Schema,
    /// Operations that the reference does not have.
    #[serde(default)]
    operations: Vec<Operation>,
}

/// What a check is based on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Basis {
    /// The operation itself.
    Own,
    /// Another version of it, since its own says nothing.
    Sibling(String),
    /// A fixture, by name, since no version says anything.
    Fixture(String),
    /// Nothing: it is not checked.
    Unknown,
}

/// A schema with what it is from.
pub(crate) type Layer<'a> = (Basis, &'a Schema);

/// What is known of all operations in one dialect.
#[derive(Debug)]
pub(crate) struct Catalog {
    operations: BTreeMap<String, Operation>,
    /// By operation and part (`body` or a status): the name of the fixture, and what it says.
    fixtures: BTreeMap<(String, String), Vec<(String, Schema)>>,
    /// What bodies of errors look like, by fixture.
    errors: Vec<(String, Schema)>,
}

impl Catalog {
    /// Reads `schemas/` and the fixtures of Procore's own dialect.
    pub(crate) fn reference() -> Self {
        Self::of(read("schemas").into_values(), read("fixtures"))
    }

    /// Reads the same and what the guide states otherwise, which comes first.
    pub(crate) fn guide() -> Self {
        let mut catalog = Self::reference();
        for (name, fixtures) in read("fixtures/guide") {
            catalog.add_fixtures(&name, fixtures);
        }
        catalog
    }

    /// Puts together what is known from operations and, by their names, fixtures.
    pub(crate) fn of(
        operations: impl IntoIterator<Item = Operation>,
        fixtures: BTreeMap<String, Vec<Fixture>>,
    ) -> Self {
        let operations = operations.into_iter().map(|operation| (operation.name(), operation)).collect();
        let mut catalog = Self { operations, fixtures: BTreeMap::new(), errors: Vec::new() };
        for (name, fixtures) in fixtures {
            catalog.add_fixtures(&name, fixtures);
        }
        catalog
    }

    /// Adds fixtures. An operation that is known already is replaced.
    fn add_fixtures(&mut self, name: &str, fixtures: Vec<Fixture>) {
        for fixture in fixtures {
            assert!(!fixture.source.is_empty(), "{name}: a fixture names its source");
            for place in &fixture.places {
                self.add_place(name, place, &fixture.schema);
            }
            for operation in fixture.operations {
                let operation = Operation { fixture: Some(name.to_owned()), ..operation };
                self.operations.insert(operation.name(), operation);
            }
        }
    }

    fn add_place(&mut self, fixture: &str, place: &str, schema: &Schema) {
        let (operation, part) = place.rsplit_once(' ').expect("METHOD path part");
        if operation == "errors" {
            self.errors.push((fixture.to_owned(), schema.clone()));
            return;
        }
        assert!(self.operations.contains_key(operation), "{fixture}: {operation} is unknown");
        let (part, within) = part.split_at(part.find(['.', '[']).unwrap_or(part.len()));
        let known = self.fixtures.entry((operation.to_owned(), part.to_owned())).or_default();
        known.push((fixture.to_owned(), Schema::at(within, schema.clone())));
    }

    /// Returns the operation with that method and path: of several the one that leaves least open.
    pub(crate) fn find(&self, exchange: &Exchange) -> Option<&Operation> {
        let found =
            self.operations.values().filter(|operation| operation.is_of(&exchange.method, &exchange.path));
        found.min_by_key(|operation| operation.path.matches('{').count())
    }

    /// Returns what is known of the body of a request, best first.
    pub(crate) fn body<'a>(&'a self, operation: &'a Operation) -> Vec<Layer<'a>> {
        let of = |operation: &'a Operation| operation.body.as_ref().map(|body| &body.schema);
        self.layers(operation, "body", of)
    }

    /// Returns what is known of the body of an answer, best first.
    pub(crate) fn answer<'a>(&'a self, operation: &'a Operation, status: &str) -> Vec<Layer<'a>> {
        self.layers(operation, status, |operation| operation.answers.get(status)?.as_ref())
    }

    /// Returns the operation that the source has under this name, such as `RestV10MeGet`.
    pub(crate) fn of_file(&self, file: &str) -> Option<String> {
        self.operations.values().find(|one| one.operation == file).map(Operation::name)
    }

    /// Returns the operations that only this fixture has.
    pub(crate) fn names_from_fixture(&self, fixture: &str) -> impl Iterator<Item = String> {
        let of_fixture = |one: &&Operation| one.fixture.as_deref() == Some(fixture);
        self.operations.values().filter(of_fixture).map(Operation::name)
    }

    /// Returns whether a status is documented, and by whom.
    pub(crate) fn status(&self, operation: &Operation, status: u16) -> Option<Basis> {
        let has = |operation: &Operation| {
            operation.answers.contains_key(&status.to_string())
                || status >= 400 && operation.answers.contains_key("default")
        };
        let mut siblings = self.siblings(operation).into_iter();
        if has(operation) {
            Some(operation.basis())
        } else {
            siblings.find(|(_, one)| has(one)).map(|(basis, _)| basis)
        }
    }

    /// Returns what bodies of errors look like.
    pub(crate) fn errors(&self) -> &[(String, Schema)] {
        &self.errors
    }

    fn layers<'a>(
        &'a self,
        operation: &'a Operation,
        part: &str,
        of: impl Fn(&'a Operation) -> Option<&'a Schema>,
    ) -> Vec<Layer<'a>> {
        let own = of(operation).map(|schema| (operation.basis(), schema));
        let siblings = self.siblings(operation).into_iter();
        let siblings = siblings.filter_map(|(basis, one)| Some((basis, of(one)?)));
        let fixtures = self.fixtures.get(&(operation.name(), part.to_owned())).into_iter().flatten();
        let fixtures = fixtures.map(|(name, schema)| (Basis::Fixture(name.clone()), schema));
        own.into_iter().chain(siblings).chain(fixtures).collect()
    }

    /// Returns the other versions of an operation, the latest first. REST 2 wraps everything differently, so versions
    /// count as siblings only within the same first number.
    fn siblings(&self, operation: &Operation) -> Vec<(Basis, &Operation)> {
        let Some(own) = version(&operation.path) else { return Vec::new() };
        let major = |version: &str| version.split('.').next().map(str::to_owned);
        let mut found: Vec<(&str, &Operation)> = self
            .operations
            .values()
            .filter_map(|one| Some((version(&one.path)?, one)))
            .filter(|(version, one)| {
                *version != own
                    && one.fixture.is_none()
                    && major(version) == major(own)
                    && one.method == operation.method
                    && one.path.replacen(version, own, 1) == operation.path
            })
            .collect();
        found.sort_by(|(one, _), (other, _)| other.cmp(one));
        found.into_iter().map(|(version, one)| (Basis::Sibling(version.to_owned()), one)).collect()
    }
}

impl Operation {
    /// Returns its method and path.
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// Returns what a check against it is based on.
    pub(crate) fn basis(&self) -> Basis {
        self.fixture.clone().map_or(Basis::Own, Basis::Fixture)
    }

    /// Returns the ids that a path has, by their names.
    pub(crate) fn path_ids<'a>(&'a self, path: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let names = self.path.split('/').map(|part| part.strip_prefix('{')?.strip_suffix('}'));
        names.zip(path.split('/')).filter_map(|(name, part)| Some((name?, part)))
    }

    fn is_of(&self, method: &str, path: &str) -> bool {
        let same = |(own, part): (&str, &str)| own == part || own.starts_with('{') && !part.is_empty();
        self.method == method
            && self.path.split('/').count() == path.split('/').count()
            && self.path.split('/').zip(path.split('/')).all(same)
    }
}

/// Returns the version in a path or a name, such as `v1.3`.
pub(crate) fn version(path: &str) -> Option<&str> {
    let (_, rest) = path.split_once("/rest/")?;
    rest.split('/').next()
}

/// Returns the folder that all of this is in.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/contract")
}

/// Reads the JSON files of a folder, by their names without the ending.
fn read<T: DeserializeOwned>(name: &str) -> BTreeMap<String, T> {
    let files = std::fs::read_dir(folder().join(name)).unwrap().map(|entry| entry.unwrap().path());
    files
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|path| {
            let content = serde_json::from_slice(&std::fs::read(&path).unwrap());
            let content = content.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            (path.file_stem().unwrap().to_string_lossy().into_owned(), content)
        })
        .collect()
}
