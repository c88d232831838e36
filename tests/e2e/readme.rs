//! The README: what it shows is what there is.

use std::path::Path;

use crate::site::{muster, offboarding};

fn readme() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md")).unwrap()
}

#[test]
fn the_configuration_in_the_readme_is_understood_and_grants_what_offboarding_declares() {
    let text = readme();
    let block = text.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("muster.toml"), block).unwrap();
    let secret = folder.path().join("client-secret");
    std::fs::write(&secret, "secret").unwrap();
    #[cfg(unix)]
    std::fs::set_permissions(&secret, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    assert_eq!(muster(folder.path(), &["--output", "json", "runs", "list"]).expect(0), "[]\n");
    let table: toml::Table = toml::from_str(block).unwrap();
    let allowed: Vec<_> =
        table["policy"][0]["allow"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    assert_eq!(allowed, offboarding().allow);
}

#[test]
fn every_command_that_the_readme_lists_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let text = readme();
    let rows = text
        .lines()
        .filter(|line| line.starts_with("| `"))
        .flat_map(|line| line.split('|').nth(1))
        .collect::<Vec<_>>();
    assert!(rows.len() >= 8);
    for name in rows.iter().flat_map(|row| row.split(',')) {
        let words: Vec<_> = name
            .trim()
            .trim_matches('`')
            .split(' ')
            .filter(|word| word.chars().all(char::is_lowercase))
            .collect();
        let mut arguments = words.clone();
        arguments.push("--help");
        assert!(muster(folder.path(), &arguments).expect(0).contains("Usage: muster"), "{words:?}");
    }
}
