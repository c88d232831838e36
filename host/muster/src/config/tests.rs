//! Configurations: what is understood, and how what is not is refused.

use super::*;
use crate::exit::causes;

const GOOD: &str = r#"
version = 1
approvals = "local"

[procore]
company = 4021
api = "http://127.0.0.1:4010"
login = "http://127.0.0.1:4010"
client-id = "muster"
client-secret = { file = "secret" }

[guard]
protected = ["ceo@example.com", "17"]

[guard.belts.ask]
people = 3

[[policy]]
name = "leavers"
source = "builtin:offboarding"
allow = ["users.show", "user-steps.deactivate"]
withhold = ["users.show"]
scope = { people = "company", projects = { only = ["70"] } }

[policy.settings]
successor = "pat@example.com"
levels = [1, 2.5]

[[policy]]
name = "second"
source = "file:policies/second.wasm"
after = ["leavers"]
on = ["departed"]
allow = []
"#;

fn read(text: &str) -> Result<Config, ConfigError> {
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("secret");
    std::fs::write(&secret, "canary-secret\n").unwrap();
    #[cfg(unix)]
    std::fs::set_permissions(&secret, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let path = folder.path().join(FILE);
    std::fs::write(&path, text).unwrap();
    let config = Config::read(&path)?;
    config.procore()?;
    Ok(config)
}

#[test]
fn a_configuration_is_understood_whole() {
    let config = read(GOOD).unwrap();
    assert_eq!(config.target.api_host, "127.0.0.1:4010");
    assert_eq!((config.rules.belts.ask.people, config.rules.belts.ask.items), (3, 200));
    assert_eq!((config.rules.protected.len(), config.approvals), (2, Approvals::Local));
    let [leavers, second] = config.policies.as_slice() else { panic!("{:?}", config.policies) };
    assert_eq!(leavers.settings, r#"{"levels":[1,2.5],"successor":"pat@example.com"}"#);
    assert!(leavers.grant.scope.includes(muster_core::id::ProjectId::new(70)));
    assert!(matches!(&second.source, Source::File(path) if path.ends_with("policies/second.wasm")));
    assert!(!format!("{config:?}").contains("canary"), "a secret was shown");
}

#[test]
fn what_can_not_be_used_is_refused_saying_where() {
    let rows = [
        ("version = 1", "version = 2", "has the version 2"),
        ("company = 4021", "company = \"x\"", "procore.company"),
        ("client-id", "client-idd", "procore.client-idd"),
        ("people = 3", "persons = 3", "guard.belts.ask.persons"),
        ("\"17\"", "\"nobody\"", "guard.protected"),
        ("\"users.show\", \"user", "\"users.delete\", \"user", "policy[0].allow"),
        ("http://127.0.0.1:4010\"\nlogin", "not a url\"\nlogin", "procore.api"),
        ("builtin:offboarding", "https://example.com", "`builtin:NAME` or `file:PATH` is expected"),
        ("after = [\"leavers\"]", "after = [\"third\"]", "there is no policy \"third\" above it"),
        ("name = \"second\"", "name = \"leavers\"", "another policy has it"),
        ("name = \"second\"", "name = \"Second one\"", "lower-case letters"),
        ("levels = [1, 2.5]", "since = 2026-01-01", "a date is written as a string"),
        ("levels = [1, 2.5]", "user = 9007199254740993", "a large number is written as a string"),
        (
            "{ file = \"secret\" }",
            "\"canary-secret\"",
            "line 10, procore.client-secret: a secret is a reference",
        ),
        ("{ file = \"secret\" }", "{ value = \"canary-secret\" }", "a secret is a reference"),
        ("client-id = \"muster\"", "client-id = \"canary-secret\" oops", "line 9"),
        ("{ file = \"secret\" }", "{ file = \"muster.toml\" }", "procore.client-secret can't be used"),
        ("{ file = \"secret\" }", "{ env = \"MUSTER_NOT_SET\" }", "MUSTER_NOT_SET is not set"),
        ("version = 1", "version = 1\n[", "line 3"),
    ];
    for (from, to, expected) in rows {
        let error = read(&GOOD.replacen(from, to, 1)).unwrap_err();
        let words = causes(&error).join(": ");
        assert!(words.contains(expected), "{to}: {words}");
        assert!(!words.contains("canary-secret"), "{words}");
    }
    assert!(matches!(Config::read(Path::new("/nowhere/muster.toml")), Err(ConfigError::Missing { .. })));
}
