//! The contract: what `wit/` says, what the core knows, and that every part of it is documented.

use std::collections::BTreeSet;
use std::path::Path;

use muster_core::function::Function;
use wit_parser::{Docs, Resolve, TypeDefKind};

fn contract() -> Resolve {
    let mut resolve = Resolve::default();
    resolve.push_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../wit")).unwrap();
    resolve
}

#[test]
fn the_core_knows_exactly_the_functions_that_a_policy_can_import() {
    let resolve = contract();
    let in_wit: BTreeSet<String> = resolve
        .interfaces
        .iter()
        .map(|(_, interface)| interface)
        .filter(|interface| interface.name.as_deref() != Some("guest"))
        .flat_map(|interface| {
            let name = interface.name.clone().unwrap();
            interface.functions.keys().map(move |function| format!("{name}.{function}"))
        })
        .collect();
    let known: BTreeSet<String> = Function::ALL.iter().map(|function| function.name().to_owned()).collect();
    assert_eq!(in_wit, known);
}

#[test]
fn every_interface_function_type_field_and_case_is_documented() {
    let resolve = contract();
    let mut silent = Vec::new();
    let mut heed = |what: String, docs: &Docs| {
        if docs.contents.as_deref().unwrap_or_default().trim().is_empty() {
            silent.push(what);
        }
    };
    for (_, interface) in &resolve.interfaces {
        let name = interface.name.clone().unwrap();
        heed(name.clone(), &interface.docs);
        for (function, item) in &interface.functions {
            heed(format!("{name}.{function}"), &item.docs);
        }
        for (name_of_type, id) in &interface.types {
            let item = &resolve.types[*id];
            let name = format!("{name}.{name_of_type}");
            let parts: Vec<(&String, &Docs)> = match &item.kind {
                TypeDefKind::Record(record) => {
                    record.fields.iter().map(|part| (&part.name, &part.docs)).collect()
                }
                TypeDefKind::Enum(cases) => cases.cases.iter().map(|part| (&part.name, &part.docs)).collect(),
                TypeDefKind::Variant(cases) => {
                    cases.cases.iter().map(|part| (&part.name, &part.docs)).collect()
                }
                // A type that another interface documents.
                TypeDefKind::Type(_) => continue,
                other => panic!("{name}: {}", other.as_str()),
            };
            heed(name.clone(), &item.docs);
            for (part, docs) in parts {
                heed(format!("{name}.{part}"), docs);
            }
        }
    }
    for (_, world) in &resolve.worlds {
        heed(world.name.clone(), &world.docs);
    }
    assert_eq!(silent, Vec::<String>::new());
}
