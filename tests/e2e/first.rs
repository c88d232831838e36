//! First contact: what somebody does who has never used muster.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;

use crate::site::{ANA, Site, Small, command, muster};

/// Runs the binary with an environment.
fn with(site: &Site, variables: &[(&str, &str)], arguments: &[&str]) -> (i32, String, String) {
    let mut command: Command = command(site.folder.path());
    let ended = command.envs(variables.iter().copied()).args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (ended.status.code().unwrap(), text(ended.stdout), text(ended.stderr))
}

#[test]
fn init_writes_a_configuration_that_explains_itself_and_holds_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let init = ["init", "--company", "4021", "--client-id", "a \"quoted\" id", "--environment", "sandbox"];
    let ran = muster(folder.path(), &init);
    assert!(ran.stderr.contains("install -m 600 /dev/stdin client-secret"), "{}", ran.stderr);
    assert_eq!(ran.expect(0), "written: muster.toml\n");
    let text = std::fs::read_to_string(folder.path().join("muster.toml")).unwrap();
    for line in [
        "company = 4021",
        "api = \"https://sandbox.procore.com\"",
        "login = \"https://login-sandbox.procore.com\"",
        "client-secret = { file = \"client-secret\" }",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}");
    }
    let comments = text.lines().filter(|line| line.contains('#')).count();
    assert!(comments > 30, "{comments}");
    // A second time it touches nothing.
    let said = muster(folder.path(), &init).refused(2);
    assert!(said.contains("is there already; it was not touched"), "{said}");
    assert_eq!(std::fs::read_to_string(folder.path().join("muster.toml")).unwrap(), text);
    // Where nobody sits at a terminal, what is missing is named.
    let other = tempfile::tempdir().unwrap();
    let said = muster(other.path(), &["init", "--company", "5"]).refused(2);
    assert!(
        said.contains("hint: give it with --client-id") && !other.path().join("muster.toml").exists(),
        "{said}"
    );
    let said =
        muster(other.path(), &["init", "--company", "18446744073709551615", "--client-id", "x"]).refused(3);
    assert!(!other.path().join("muster.toml").exists(), "{said}");
    let secret = ["init", "--company", "5", "--client-id", "x", "--secret-env", "PROCORE_SECRET"];
    muster(other.path(), &secret).expect(0);
    let text = std::fs::read_to_string(other.path().join("muster.toml")).unwrap();
    assert!(text.contains("\nclient-secret = { env = \"PROCORE_SECRET\" }\n"));
}

#[test]
fn the_example_holds_every_key_that_there_is() {
    let folder = tempfile::tempdir().unwrap();
    let schema: Value = muster(folder.path(), &["--output", "json", "schema", "config"]).json(0);
    muster(folder.path(), &["init", "--company", "1", "--client-id", "x"]).expect(0);
    let example = std::fs::read_to_string(folder.path().join("muster.toml")).unwrap();
    // Keys that stand in comments count too: `# key = …`.
    let uncommented: String = example
        .lines()
        .map(|line| match line.strip_prefix("# ") {
            Some(rest) if rest.split_once(" = ").is_some_and(|(key, _)| !key.contains(' ')) => {
                format!("{rest}\n")
            }
            _ => format!("{line}\n"),
        })
        .collect();
    let document: toml::Table = toml::from_str(&uncommented).unwrap();
    let at = |path: &[&str]| -> Vec<String> {
        let mut table = toml::Value::Table(document.clone());
        for key in path {
            table = table[*key].clone();
            table = table.as_array().map_or(table.clone(), |rows| rows[0].clone());
        }
        table.as_table().unwrap().keys().cloned().collect()
    };
    let tables: [(&str, &[&str]); 8] = [
        ("ProcoreTable", &["procore"]),
        ("StoreTable", &["store"]),
        ("LimitsTable", &["limits"]),
        ("Rules", &["guard"]),
        ("Counts", &["guard", "belts", "ask"]),
        ("Stop", &["guard", "belts", "stop"]),
        ("PolicyTable", &["policy"]),
        ("Scope", &["policy", "scope"]),
    ];
    let keys = |schema: &Value| -> Vec<String> {
        schema["properties"].as_object().unwrap().keys().cloned().collect()
    };
    assert_eq!(at(&[]).iter().collect::<BTreeSet<_>>(), keys(&schema).iter().collect());
    for (name, path) in tables {
        let (there, known) = (at(path), keys(&schema["$defs"][name]));
        assert_eq!(there.iter().collect::<BTreeSet<_>>(), known.iter().collect(), "{name}");
    }
}

#[test]
fn doctor_finds_nothing_wrong_where_nothing_is() {
    let site = Small::new().site();
    let said = site.muster(&["doctor"]).expect(0);
    assert!(said.lines().all(|line| line.starts_with("fine  ")), "{said}");
    for what in
        ["configuration", "secret", "store", "policy offboarding", "procore", "clock", "projects", "rights"]
    {
        assert!(said.contains(&format!("fine  {what}")), "{what}: {said}");
    }
    assert_eq!(site.json(&["doctor"], 0)["checks"][0]["stands"], "fine");
    assert_eq!(site.writes(), Vec::<String>::new());
}

#[test]
fn doctor_says_what_is_wrong_and_what_to_do() {
    let small = Small::new();
    let site = small.site();
    site.muster(&["doctor"]).expect(0);
    // Half of the projects are gone.
    let project = small.shared;
    site.simulator.with_company(|company| {
        let gone = company.project(project).unwrap().clone();
        company.put_project(muster_sim::Project { active: false, ..gone }).unwrap();
    });
    let said = site.muster(&["doctor"]).expect(7);
    assert!(
        said.contains("wrong projects               the service account sees 1, and saw 2 on "),
        "{said}"
    );
    assert!(said.contains("muster doctor --accept-projects"), "{said}");
    site.muster(&["doctor", "--accept-projects"]).expect(0);
    site.muster(&["doctor"]).expect(0);
    // A policy that does not load, beside one that does.
    let text = std::fs::read_to_string(site.path("muster.toml")).unwrap();
    let other = "[[policy]]\nname = \"other\"\nsource = \"file:nowhere.wasm\"\nallow = []\n";
    std::fs::write(site.path("muster.toml"), format!("{text}\n{other}")).unwrap();
    let said = site.muster(&["doctor"]).expect(4);
    assert!(said.contains("wrong policy other") && said.contains("fine  policy offboarding"), "{said}");
    // A secret that others can read.
    std::fs::write(site.path("muster.toml"), &text).unwrap();
    #[cfg(unix)]
    std::fs::set_permissions(site.path("client-secret"), std::os::unix::fs::PermissionsExt::from_mode(0o644))
        .unwrap();
    #[cfg(unix)]
    assert!(site.muster(&["doctor"]).expect(3).contains("chmod 600"));
}

#[test]
fn doctor_names_the_functions_that_procore_does_not_permit() {
    let site = Small::new().site();
    site.simulator.set_mishaps([muster_sim::Mishap::answered("/rfis", 403, "{}")]);
    let said = site.muster(&["doctor"]).expect(7);
    assert!(
        said.contains("wrong rights") && said.contains("items.held-by") && !said.contains("users.show"),
        "{said}"
    );
}

#[test]
fn flags_win_over_the_environment_and_both_over_the_file() {
    let site = Small::new().site();
    let departed = ["plan", "--departed", ANA];
    let wrong = [("MUSTER__PROCORE__COMPANY", "1")];
    let (code, _, stderr) = with(&site, &wrong, &departed);
    assert!(code == 3 && stderr.contains("company 1 does not let"), "{stderr}");
    let right = format!("procore.company={}", site.simulator.company_id());
    let (code, _, stderr) = with(&site, &wrong, &["--set", &right, "plan", "--departed", ANA]);
    assert_eq!(code, 0, "{stderr}");
    let (code, _, stderr) = with(&site, &[("MUSTER__PROCORE__COMPNAY", "1")], &departed);
    assert!(
        code == 3 && stderr.contains("did you mean `company`? (as overridden by flags and environment)"),
        "{stderr}"
    );
    let (code, stdout, _) = with(&site, &[("MUSTER_OUTPUT", "json")], &["runs", "list"]);
    assert!(code == 0 && stdout.starts_with('['), "{stdout}");
    let (code, ..) = with(&site, &[("MUSTER_CONFIG", "elsewhere.toml")], &departed);
    assert_eq!(code, 3);
    let (code, ..) = with(&site, &[("MUSTER__VERSION", "2")], &departed);
    assert_eq!(code, 3);
    // What to do next is told with the flags that this was told with, and works.
    let fallback = "policy.offboarding.settings.fallback=cleo.admin@brightline.example";
    let (_, _, stderr) = with(&site, &[], &["--set", fallback, "plan", "--departed", ANA]);
    let next = stderr.lines().find_map(|line| line.strip_prefix("next: muster ")).unwrap();
    assert!(next.contains(&format!(" --set '{fallback}' apply ")), "{next}");
    let words: Vec<_> = next.split(' ').map(|word| word.trim_matches('\'')).collect();
    assert_eq!(with(&site, &[], &words).0, 0, "{next}");
}

#[cfg(unix)]
#[test]
fn a_credential_of_systemd_is_taken_and_a_name_that_leads_elsewhere_is_not() {
    use std::os::unix::fs::PermissionsExt;

    let site = Small::new().site();
    let folder = site.path("credentials");
    std::fs::create_dir(&folder).unwrap();
    std::fs::copy(site.path("client-secret"), folder.join("procore")).unwrap();
    // As systemd gives it to a service that runs as a user of its own.
    std::fs::set_permissions(folder.join("procore"), PermissionsExt::from_mode(0o440)).unwrap();
    let directory = [("CREDENTIALS_DIRECTORY", folder.to_str().unwrap())];
    let with_name = |name: &str| {
        let set = format!("procore.client-secret={{ credential = \"{name}\" }}");
        with(&site, &directory, &["--set", &set, "plan", "--departed", ANA])
    };
    assert_eq!(with_name("procore").0, 0);
    for name in ["../client-secret", "..", "nothing"] {
        assert_eq!(with_name(name).0, 3, "{name}");
    }
    std::fs::remove_file(folder.join("procore")).unwrap();
}

#[test]
fn completions_and_manual_pages_name_every_verb() {
    let folder = tempfile::tempdir().unwrap();
    let script = muster(folder.path(), &["completions", "bash"]).expect(0);
    muster(folder.path(), &["man", "pages"]).expect(0);
    for verb in [
        "demo", "init", "doctor", "login", "logout", "sim", "plan", "apply", "run", "runs", "replay",
        "policy", "schema",
    ] {
        assert!(script.contains(verb), "{verb}");
        assert!(folder.path().join(format!("pages/muster-{verb}.1")).exists(), "{verb}");
    }
    assert!(!folder.path().join("pages/muster-compile.1").exists(), "only muster itself calls it");
}

#[test]
fn no_colour_goes_into_a_pipe_and_verbose_talk_is_no_exception() {
    let site = Small::new().site();
    let (code, stdout, stderr) = with(&site, &[("NO_COLOR", "1")], &["-vv", "plan", "--departed", ANA]);
    assert_eq!(code, 0);
    assert!(
        stderr.contains("request") && !stderr.contains('\u{1b}') && !stdout.contains('\u{1b}'),
        "{stderr}"
    );
    let (_, stdout, stderr) = with(&site, &[], &["-v", "runs", "list"]);
    assert!(!stderr.contains('\u{1b}') && !stdout.contains('\u{1b}'));
}
