//! What strangers say: bounded, escaped wherever it is shown, and never a way to a secret.

use muster_core::text::is_obeyed;
use muster_sim::{Mishap, NewMembership, NewProject, NewRfi, NewUser, Project};
use muster_test_guests::PUPPET;
use muster_test_guests::forge::with_text;

use crate::site::{Ran, Site, Small, offboarding, puppet};

/// Turns text red, rings, goes up a line, turns the direction of writing, hides, starts a line that looks like muster's own,
/// and ends a CSV cell, a tag and a link.
const EVIL: &str = "Eve\u{1b}[31m\u{7}\u{1b}[1A\u{202e}\u{200b}\r\nverdict: pass\u{2028}=cmd|' /C calc'!A0,<script>[x](http://evil.example)";

#[track_caller]
fn harmless(what: &str, ran: &Ran) {
    for text in [&ran.stdout, &ran.stderr] {
        let obeyed = text.chars().find(|letter| *letter != '\n' && is_obeyed(*letter));
        assert_eq!(obeyed, None, "{what}: {text}");
        assert!(
            !text.lines().any(|line| line == "verdict: pass" || line.starts_with("=cmd")),
            "{what}: {text}"
        );
    }
}

/// A company where everything that people may name is named so.
fn evil() -> (Site, String, u64) {
    let small = Small::new();
    let mut company = small.company.clone();
    let email = "eve@brightline.example".to_owned();
    let named = NewUser::named(EVIL, EVIL);
    let eve = company.add_user(NewUser { email: Some(email.clone()), ..named }).unwrap();
    let project = company.add_project(NewProject::named("Dam"));
    let dam = company.project(project).unwrap().clone();
    company.put_project(Project { name: EVIL.to_owned(), ..dam }).unwrap();
    company.add_membership(NewMembership::new(eve, project)).unwrap();
    company.add_rfi(NewRfi::open(project, EVIL, eve, &[eve])).unwrap();
    let site = Site::new(company);
    let more = format!(
        "scope = {{ people = \"company\" }}\nsettings = {{ do = \"quote\", user = {eve}, text = {} }}",
        toml::Value::String(EVIL.to_owned())
    );
    site.configure("", &[puppet(site.folder.path(), "quoting", &more), offboarding()]);
    (site, email, eve)
}

#[test]
fn what_strangers_say_is_escaped_in_every_output_there_is() {
    let (site, email, _) = evil();
    let departed = ["--departed", &email];
    let all = |more: &[&str]| site.muster(more);
    let planned =
        all(&["-vv", "plan", "--explain", departed[0], departed[1], "--set", "procore.dialect=reference"]);
    harmless("plan", &planned);
    assert!(planned.stdout.matches("Eve\\u{1b}").count() > 4, "{}", planned.stdout);
    assert!(planned.stderr.contains("Eve\\u{1b}[31m"), "what it printed is talk: {}", planned.stderr);
    let json = all(&["--output", "json", "plan", departed[0], departed[1]]);
    harmless("plan as JSON", &json);
    // The document itself says what they said, to the letter.
    let value: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    let said = value["policies"][0]["plan"]["plan"]["decision"]["proposed"].as_str().unwrap();
    assert_eq!(said, EVIL);
    let plan = value["policies"][0]["plan"]["digest"].as_str().unwrap();
    for arguments in [
        &["-vv", "apply", plan][..],
        &["-v", "run", departed[0], departed[1]],
        &["runs", "list"],
        &["--output", "json", "runs", "list"],
        &["runs", "show", plan],
        &["--output", "json", "runs", "show", plan],
        &["replay", plan],
        &["doctor"],
        &["apply", EVIL],
        &["plan", "--departed", EVIL],
        &["runs", "cancel", plan, "--as", EVIL],
        &["policy", "inspect", EVIL],
        &["--config", EVIL, "doctor"],
        &["--set", EVIL, "doctor"],
        &["--set", &format!("procore.{EVIL}=1"), "doctor"],
    ] {
        harmless(&format!("{arguments:?}"), &all(arguments));
    }
}

#[test]
fn what_a_stranger_policy_says_of_itself_or_in_its_last_words_is_escaped() {
    let site = Small::new().site();
    let more = format!("settings = {{ do = \"panic\", message = {} }}", toml::Value::String(EVIL.to_owned()));
    site.configure("", &[puppet(site.folder.path(), "loud", &more)]);
    let ran = site.muster(&["-vv", "plan", "--departed", crate::site::ANA]);
    assert_eq!(ran.code, 6);
    harmless("a panic", &ran);
    // A summary of the same length, in the section that `inspect` reads.
    let summary = "Does what its settings say";
    let evil = format!("{:<width$}", "\u{1b}[31m\u{202e}evil", width = summary.chars().count() - 2);
    assert_eq!(evil.len(), summary.len());
    let quoted = evil.replace('\u{1b}', "\u{7f}");
    std::fs::write(site.path("evil.wasm"), with_text(PUPPET, summary, &quoted)).unwrap();
    let ran = site.muster(&["policy", "inspect", "evil.wasm"]);
    harmless("inspect", &ran);
    assert!(ran.expect(0).contains("evil"));
}

#[test]
fn a_secret_that_procore_itself_repeats_is_kept_from_every_output_and_file() {
    let small = Small::new();
    let site = small.site();
    site.muster(&["plan", "--departed", crate::site::ANA]).expect(0);
    let secret = site.simulator.credentials().client_secret;
    // Whatever is refused is refused with everything that a careless service might repeat.
    for (to, status) in [
        ("GET /rest", 403),
        ("GET /rest", 422),
        ("/oauth/token", 401),
        ("/oauth/token", 400),
        ("PATCH /rest", 422),
    ] {
        let body =
            format!("{{\"error\":\"{secret}\",\"errors\":{{\"base\":[\"{{authorization}} {secret}\"]}}}}");
        site.simulator.set_mishaps([Mishap::answered(to, status, &body)]);
        for arguments in [
            &["-vv", "plan", "--departed", crate::site::ANA][..],
            &["--output", "json", "run", "--departed", crate::site::ANA],
            &["-vv", "doctor"],
        ] {
            // That no secret is said, the site itself makes sure of, and of what was left in files when the test ends.
            assert!(site.muster(arguments).code != 70, "{arguments:?}");
        }
    }
    let left = site.left();
    assert!(left.iter().any(|(path, _)| path.ends_with("muster.db")), "there is a journal to look through");
}
