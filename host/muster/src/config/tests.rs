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
    read_with(text, &[])
}

fn read_with(text: &str, overrides: &[Override]) -> Result<Config, ConfigError> {
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("secret");
    std::fs::write(&secret, "canary-secret\n").unwrap();
    #[cfg(unix)]
    std::fs::set_permissions(&secret, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let path = folder.path().join(FILE);
    std::fs::write(&path, text).unwrap();
    let config = Config::read(&path, overrides)?;
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
        ("client-id", "client-idd", "line 9, procore.client-idd"),
        ("client-id", "client-idd", "did you mean `client-id`?"),
        ("approvals = \"local\"", "approvals = \"locale\"", "did you mean `local`?"),
        ("version = 1", "version = 1\n[limit]\nfuel = 1", "did you mean `limits`?"),
        ("version = 1", "version = 1\nlimits.fuel = 1", "limits.fuel: 1: 10000 to"),
        ("version = 1", "version = 1\nlimits.guest-time = \"soon\"", "a time such as"),
        ("version = 1", "version = 1\nlimits.guest-time = \"0s\"", "a time such as"),
        ("people = 3", "people = 3\n[guard.belts.stop]\npercent = 101", "a share is 0 to 100"),
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
        ("{ file = \"secret\" }", "{ credential = \"procore\" }", "no folder of credentials"),
        ("{ file = \"secret\" }", "{ file = \"/dev/zero\" }", "can read the file"),
        ("version = 1", "version = 1\n[", "line 3"),
    ];
    for (from, to, expected) in rows {
        let error = read(&GOOD.replacen(from, to, 1)).unwrap_err();
        let words = causes(&error).join(": ");
        assert!(words.contains(expected), "{to}: {words}");
        assert!(!words.contains("canary-secret"), "{words}");
    }
    assert!(matches!(Config::read(Path::new("/nowhere/muster.toml"), &[]), Err(ConfigError::Missing { .. })));
}

fn flag(text: &str) -> Override {
    Override::of_flag(text).unwrap()
}

#[test]
fn flags_win_over_the_environment_and_both_over_the_file() {
    let variables =
        [("MUSTER__PROCORE__COMPANY", "5"), ("MUSTER__LIMITS__GUEST_TIME", "3s"), ("HOME", "/root")];
    let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let mut overrides = Override::of_environment(variables.into_iter());
    assert_eq!(overrides.len(), 2);
    assert_eq!(read_with(GOOD, &overrides).unwrap().target.company.get(), 5);
    overrides.push(flag("procore.company=6"));
    overrides.push(flag("policy.leavers.settings.successor = sam@example.com"));
    overrides.push(flag("policy.second.allow=[\"users.show\"]"));
    let config = read_with(GOOD, &overrides).unwrap();
    assert_eq!(config.target.company.get(), 6);
    assert_eq!(config.limits.guest_time, std::time::Duration::from_secs(3));
    assert!(config.policies[0].settings.contains("sam@example.com"));
    assert!(!config.policies[1].grant.allow.is_empty());
    // What the file leaves out may come from an override alone.
    let without = GOOD.replace("company = 4021\n", "");
    assert!(read(&without).is_err());
    assert_eq!(read_with(&without, &[flag("procore.company=7")]).unwrap().target.company.get(), 7);
}

#[test]
fn an_override_that_can_not_be_used_is_refused_saying_which() {
    let rows = [
        ("procore.compnay=5", "procore.compnay: unknown field `compnay`"),
        ("procore.compnay=5", "did you mean `company`? (as overridden by flags and environment)"),
        ("procore.client-secret=canary-secret", "procore.client-secret: a secret is a reference"),
        ("policy.third.source=x", "--set policy.third.source: there is no policy that is called \"third\""),
        ("version.x=1", "--set version.x: version is no table"),
    ];
    for (text, expected) in rows {
        let words = causes(&read_with(GOOD, &[flag(text)]).unwrap_err()).join(": ");
        assert!(words.contains(expected) && !words.contains("canary"), "{text}: {words}");
    }
    // So deep that whatever walks it would run out of stack.
    let deep = flag(&format!("policy.leavers.settings{}=1", ".a".repeat(60_000)));
    let words = read_with(GOOD, &[deep]).unwrap_err().to_string();
    assert!(words.ends_with("at most 32 keys may lead to a value"), "{}", words.len());
    // A mistake that is in the file as well is named with its line.
    let wrong = GOOD.replace("client-id", "client-idd");
    let words = read_with(&wrong, &[flag("procore.company=5")]).unwrap_err().to_string();
    assert!(words.contains("line 9"), "{words}");
    assert!(Override::of_flag("procore").is_err() && Override::of_flag("a..b=1").is_err());
}

#[test]
fn what_the_schema_allows_is_understood_and_what_it_does_not_is_refused() {
    let schema = serde_json::to_value(Config::schema()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let is_valid = |text: &str| validator.is_valid(&toml::from_str::<serde_json::Value>(text).unwrap());
    assert!(is_valid(GOOD));
    for (from, to) in [
        ("version = 1", "version = 2"),
        ("company = 4021", "company = \"x\""),
        ("client-id", "client-idd"),
        ("people = 3", "persons = 3"),
        ("\"users.show\", \"user", "\"users.delete\", \"user"),
        ("builtin:offboarding", "https://example.com"),
        ("{ file = \"secret\" }", "\"canary-secret\""),
        ("on = [\"departed\"]", "on = [\"left\"]"),
    ] {
        let changed = GOOD.replacen(from, to, 1);
        assert!(!is_valid(&changed) && read(&changed).is_err(), "{to}");
    }
}
