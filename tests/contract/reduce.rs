//! Reduces the files of the source to what is compared: names, types, what is required, and what may be chosen.
//!
//! After `WANTED` was changed, `UPDATE=schemas cargo test --package muster-procore --test contract schemas` writes to
//! `schemas/` whatever the source has. What stands beside the repository is a part of it; `SOURCE` names a folder with more.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use crate::catalog::{folder, version};
use crate::operations::WANTED;

/// Words of the source for the absence of null in answers: the one thing that stands in a description only.
const OMITS_NULL: [&str; 2] =
    ["null values, the key won't be returned", "null values, the key will not be returned"];

/// Returns where the source is, which stands beside the repository and not in it unless somebody says otherwise.
fn source() -> PathBuf {
    let beside = || folder().join("../../../shared/contract/operations");
    crate::said("SOURCE").map_or_else(beside, PathBuf::from)
}

/// Returns the schema of an operation without its descriptions.
fn reduced(source: &Value) -> Value {
    let parameters = source["parameters"].as_array().unwrap();
    let placed = |place: &str| -> Value {
        let of_place = || parameters.iter().filter(|parameter| parameter["in"] == place);
        let properties: Map<_, _> =
            of_place().map(|one| (text(&one["name"]).to_owned(), schema(&one["schema"]))).collect();
        let required: Vec<&Value> =
            of_place().filter(|one| one["required"] == true).map(|one| &one["name"]).collect();
        object(&[("properties", json!(properties)), ("required", json!(required))])
    };
    let body = source.get("requestBody").map(|body| {
        json!({ "media": body["contentType"], "required": body["required"], "schema": schema(&body["schema"]) })
    });
    let answers = source["responses"].as_object().unwrap().iter();
    let answers: Map<_, _> =
        answers.map(|(status, answer)| (status.clone(), answer.get("schema").map(schema).into())).collect();
    let description = text(&source["description"]);
    object(&[
        ("operation", source["operationId"].clone()),
        ("method", source["method"].clone()),
        ("path", source["path"].clone()),
        ("ids", placed("path")),
        ("query", placed("query")),
        ("headers", placed("header")),
        ("body", json!(body)),
        ("answers", json!(answers)),
        ("omits_null", json!(OMITS_NULL.iter().any(|words| description.contains(words)))),
    ])
}

/// What is cut says nothing: neither what was too deep for the source nor a text that ends in dots.
fn schema(source: &Value) -> Value {
    if source["description"] == "(nested object)" {
        return json!({});
    }
    let choices = source.get("enum").filter(|choices| !is_cut(choices));
    let properties = source["properties"].as_object().into_iter().flatten();
    let properties: Map<_, _> = properties
        .filter(|(name, _)| !name.ends_with("..."))
        .map(|(name, one)| (name.clone(), schema(one)))
        .collect();
    object(&[
        ("type", source["type"].clone()),
        ("format", source["format"].clone()),
        ("enum", json!(choices)),
        ("properties", json!(properties)),
        ("required", source["required"].clone()),
        ("items", source.get("items").map(schema).into()),
    ])
}

fn is_cut(choices: &Value) -> bool {
    choices.as_array().unwrap().iter().any(|one| one.as_str().is_some_and(|one| one.ends_with("...")))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Returns an object without what is empty. An empty schema is kept: it says that nothing is said.
fn object(fields: &[(&str, Value)]) -> Value {
    let empty = |name: &str, value: &Value| match value {
        Value::Null | Value::Bool(false) => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty() && name != "items",
        _ => false,
    };
    let kept = fields.iter().filter(|(name, value)| !empty(name, value));
    Value::Object(kept.map(|(name, value)| ((*name).to_owned(), value.clone())).collect())
}

/// Writes JSON with what is short on one line.
fn written(value: &Value, indent: usize) -> String {
    let short = value.to_string();
    if indent + short.len() <= 100 {
        return short;
    }
    let space = " ".repeat(indent + 1);
    let (open, rows, close): (_, Vec<String>, _) = match value {
        Value::Object(fields) => {
            let row = |(name, value)| format!("{space}{}:{}", json!(name), written(value, indent + 1));
            ('{', fields.iter().map(row).collect(), '}')
        }
        Value::Array(items) => {
            ('[', items.iter().map(|item| format!("{space}{}", written(item, indent + 1))).collect(), ']')
        }
        _ => return short,
    };
    format!("{open}\n{}\n{}{close}", rows.join(",\n"), " ".repeat(indent))
}

/// Returns the name of an operation without its version.
fn plain(name: &str) -> String {
    version(name).map_or(name.to_owned(), |version| name.replacen(version, "*", 1))
}

/// Returns the method and the path of a file of the source, or of what it was reduced to.
fn name(operation: &Value) -> String {
    format!("{} {}", text(&operation["method"]), text(&operation["path"]))
}

/// Returns the wanted operations and those that differ from them in their version only, by file name.
fn wanted(source: &Path) -> BTreeMap<String, String> {
    let wanted: BTreeSet<String> = WANTED.iter().map(|name| plain(name)).collect();
    let mut found = BTreeMap::new();
    for content in files(source).into_values() {
        let operation: Value = serde_json::from_str(&content).unwrap();
        if wanted.contains(&plain(&name(&operation))) {
            let file = format!("{}.json", text(&operation["operationId"]));
            found.insert(file, written(&reduced(&operation), 0) + "\n");
        }
    }
    found
}

/// Returns the JSON files of a folder by name.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read_to_string(path).unwrap())
        })
        .collect()
}

#[test]
fn schemas_are_what_the_source_says() {
    let source = source();
    if !source.is_dir() {
        crate::say("the source of the schemas is not present: they were not compared with it");
        return;
    }
    let schemas = folder().join("schemas");
    let wanted = wanted(&source);
    if crate::update("schemas") {
        wanted.iter().for_each(|(name, content)| std::fs::write(schemas.join(name), content).unwrap());
    }
    let committed = files(&schemas);
    for (name, content) in wanted {
        assert_eq!(committed.get(&name), Some(&content), "{name}");
    }
}

#[test]
fn there_is_a_schema_of_each_wanted_operation_and_of_no_other() {
    let operations = files(&folder().join("schemas")).into_values();
    let names: BTreeSet<String> =
        operations.map(|content| name(&serde_json::from_str(&content).unwrap())).collect();
    let wanted = || WANTED.iter().map(|name| (*name).to_owned());
    let missing: Vec<String> = wanted().filter(|name| !names.contains(name)).collect();
    assert!(missing.is_empty(), "without a schema:\n{}\n", missing.join("\n"));
    let plain_wanted: BTreeSet<String> = wanted().map(|name| plain(&name)).collect();
    let others: Vec<&String> = names.iter().filter(|name| !plain_wanted.contains(&plain(name))).collect();
    assert!(others.is_empty(), "not wanted: {others:?}");
    assert_eq!(wanted().collect::<BTreeSet<_>>().len(), WANTED.len(), "something is wanted twice");
}

#[test]
fn what_is_cut_says_nothing() {
    let source = json!({ "type": "object", "description": "d", "required": ["a"], "properties": {
        "a": { "type": "object", "description": "(nested object)" },
        "b": { "type": "array", "items": {} },
        "c": { "type": "string", "enum": ["x", "and so o..."], "default": "x" },
        "d": { "type": "string", "format": "date", "enum": ["x", null] },
    }});
    let expected = json!({ "type": "object", "required": ["a"], "properties": {
        "a": {},
        "b": { "type": "array", "items": {} },
        "c": { "type": "string" },
        "d": { "type": "string", "format": "date", "enum": ["x", null] },
    }});
    assert_eq!(schema(&source), expected);
}
