//! What npm may install: exact versions, each with its digest, from whichever registry npm is configured for. Needs no
//! tool.

use std::path::Path;

use serde_json::Value;

fn json(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/sdk-js").join(name);
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn every_package_is_pinned_by_digest_and_by_no_place() {
    let lock = json("package-lock.json");
    let packages = lock["packages"].as_object().unwrap();
    let (_, packages): (Vec<_>, Vec<_>) = packages.iter().partition(|(name, _)| name.is_empty());
    assert!(!packages.is_empty());
    for (name, package) in packages {
        assert!(package["resolved"].is_null(), "{name} names a registry: the digest says what it is");
        let integrity = package["integrity"].as_str().unwrap_or_default();
        assert!(integrity.starts_with("sha512-"), "{name} has the digest {integrity:?}");
        assert!(package["hasInstallScript"].is_null(), "{name} runs a script when it is installed");
    }
}

#[test]
fn the_sdk_is_asked_for_by_one_exact_version_and_nothing_beside_it() {
    let asked = json("package.json")["dependencies"].clone();
    let lock = json("package-lock.json");
    assert_eq!(asked, lock["packages"][""]["dependencies"]);
    assert_eq!(asked.as_object().unwrap().len(), 1);
    assert_eq!(asked["@procore/js-sdk"], lock["packages"]["node_modules/@procore/js-sdk"]["version"]);
}
