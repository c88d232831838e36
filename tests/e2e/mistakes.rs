//! Bad input: each mistake has one clear error, with its exit code, and nothing is changed by it.
//!
//! Every row pins exit code, stdout and stderr together. What differs from run to run (folders, ports, digests, ids of
//! plans) stands as a word in capitals.

use std::process::Stdio;

use muster_sim::Mishap;
use muster_test_guests::CUTOFF;
use muster_test_guests::forge::{slow_to_compile, with_core_module, with_padding, with_text};

use crate::site::{ANA, Entry, Ran, Site, Small, muster, offboarding, puppet};
use crate::tls;

/// Takes out of an output what differs from run to run.
fn steady(site: &Site, text: &str) -> String {
    let folder = site.folder.path();
    let real = folder.canonicalize().unwrap();
    let mut text = text.replace(&format!("{}/", real.display()), "FOLDER/");
    text = text.replace(&format!("{}/", folder.display()), "FOLDER/");
    text = text
        .replace(&site.simulator.address().to_string(), "HOST")
        .replace(&site.simulator.company_id().to_string(), "COMPANY");
    let is_digest =
        |word: &str| word.len() >= 12 && word.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    let mut steady = String::new();
    let mut rest = text.as_str();
    while let Some(at) = rest.find(|letter: char| letter.is_ascii_hexdigit()) {
        let (before, from) = rest.split_at(at);
        let end =
            from.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-').unwrap_or(from.len());
        let (word, after) = from.split_at(end);
        steady += before;
        let inside = before.ends_with(|letter: char| letter.is_alphanumeric());
        steady += if !inside && is_digest(word) { "DIGEST" } else { word };
        rest = after;
    }
    steady + rest
}

/// Makes sure of everything that a command came to.
#[track_caller]
fn pinned(site: &Site, ran: &Ran, code: i32, stdout: &str, stderr: &str) {
    let said = (ran.code, steady(site, &ran.stdout), steady(site, &ran.stderr));
    assert_eq!(said, (code, stdout.to_owned(), stderr.to_owned()));
    assert_eq!(site.writes(), Vec::<String>::new(), "something was changed");
}

fn plan(site: &Site) -> Ran {
    site.muster(&["plan", "--departed", ANA])
}

/// Replaces something in the configuration.
fn change(site: &Site, from: &str, to: &str) {
    let path = site.path("muster.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{from} is not in {text}");
    std::fs::write(path, text.replacen(from, to, 1)).unwrap();
}

#[test]
fn no_configuration_and_one_that_can_not_be_understood() {
    let site = Small::new().site();
    pinned(
        &site,
        &site.muster(&["--config", "none.toml", "plan", "--departed", ANA]),
        3,
        "",
        "error: there is no configuration: \"none.toml\"\n\
         hint: `muster init` writes one; `muster demo` shows muster at work without any\n",
    );
    change(&site, "client-id", "client-di");
    pinned(
        &site,
        &plan(&site),
        3,
        "",
        "error: \"muster.toml\", line 8, procore.client-di: unknown field `client-di`, expected one of `company`, \
         `dialect`, `api`, `login`, `client-id`, `client-secret`, `acts-as`, `redirect`, `refresh-token`, `hourly-limit`; did you mean `client-id`?\n\
         hint: nothing was sent or changed; `muster schema config` prints what it may hold\n",
    );
}

#[test]
fn a_wrong_secret_and_a_company_that_does_not_let_the_app_in() {
    let site = Small::new().site();
    std::fs::write(site.path("client-secret"), "not-the-secret").unwrap();
    let ran = plan(&site);
    pinned(
        &site,
        &ran,
        3,
        "",
        "error: fetch token: not authenticated (401, request DIGEST): invalid_client; Client authentication failed due to \
         unknown client, no client authentication included, or unsupported authentication method. (do client id and \
         secret belong to the environment of this login service?)\n\
         hint: `client-id` and the secret under `[procore]` have to belong together, and to the same environment as \
         `api` and `login`\n",
    );
    let site = Small::new().site();
    change(&site, &format!("company = {}", site.simulator.company_id()), "company = 4021");
    let ran = plan(&site);
    assert_eq!(ran.code, 3);
    assert!(
        ran.stderr.contains("hint: company 4021 does not let this service account in: install its app there"),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_host_that_does_not_answer_and_one_whose_certificate_is_not_trusted() {
    let site = Small::new().site();
    let url = site.simulator.base_url();
    change(
        &site,
        &format!("api = \"{url}\"\nlogin = \"{url}\""),
        "api = \"http://127.0.0.1:9\"\nlogin = \"http://127.0.0.1:9\"",
    );
    let ran = plan(&site);
    assert_eq!((ran.code, ran.stdout.as_str()), (7, ""));
    assert!(ran.stderr.starts_with("error: fetch token: no connection\n"), "{}", ran.stderr);
    assert!(
        ran.stderr.ends_with(
            "hint: can 127.0.0.1:9 and the host of `login` be reached from here? nothing was changed\n"
        ),
        "{}",
        ran.stderr
    );
    // A certificate that nobody whom this machine trusts has signed.
    let site = Small::new().site();
    let (url, stranger) = (site.simulator.base_url(), tls::stranger());
    change(
        &site,
        &format!("api = \"{url}\"\nlogin = \"{url}\""),
        &format!("api = \"https://localhost:{stranger}\"\nlogin = \"https://localhost:{stranger}\""),
    );
    let ran = plan(&site);
    assert_eq!(ran.code, 7, "{}", ran.stderr);
    let hint = format!(
        "hint: the certificate of localhost:{stranger} is not one that this machine trusts; nothing was sent to it\n"
    );
    assert!(ran.stderr.ends_with(&hint), "{}", ran.stderr);
    // A server that speaks no TLS at all, and plain HTTP to somewhere else.
    let site = Small::new().site();
    let url = site.simulator.base_url();
    change(&site, &format!("login = \"{url}\""), &format!("login = \"{}\"", url.replace("http:", "https:")));
    let ran = plan(&site);
    assert_eq!(ran.code, 7, "{}", ran.stderr);
    assert!(ran.stderr.contains("fetch token: no connection"), "{}", ran.stderr);
    let site = Small::new().site();
    change(&site, &format!("api = \"{}\"", site.simulator.base_url()), "api = \"http://api.example.com\"");
    let ran = plan(&site);
    assert_eq!(ran.code, 3, "{}", ran.stderr);
}

#[test]
fn somebody_who_is_not_there_and_two_who_are() {
    let small = Small::new();
    let site = small.site();
    pinned(
        &site,
        &site.muster(&["plan", "--departed", "nobody@brightline.example"]),
        2,
        "",
        "error: nobody in the directory has the address nobody@brightline.example; nothing was changed\n\
         hint: the whole address is compared, not a part of it\n",
    );
    let mut company = small.company.clone();
    company.share_email(small.ben, small.ana);
    let site = Site::new(company);
    let stderr = format!(
        "error: 2 users have the address {ANA}: {}, {}\nhint: tell them apart in Procore first\n",
        small.ana, small.ben
    );
    pinned(&site, &plan(&site), 2, "", &stderr);
}

#[test]
fn somebody_who_is_inactive_already_leaves_nothing_to_do() {
    let small = Small::new();
    let mut company = small.company.clone();
    let named = muster_sim::NewUser::named("Gil", "Gone");
    let email = Some("gil@brightline.example".to_owned());
    let gil = company.add_user(muster_sim::NewUser { email, ..named }).unwrap();
    company.set_active(gil, false).unwrap();
    let site = Site::new(company);
    pinned(
        &site,
        &site.muster(&["plan", "--departed", "gil@brightline.example"]),
        0,
        "nothing to do by policy offboarding\n  Gil Gone leaves immediately: no items, no projects\n",
        "",
    );
}

#[test]
fn a_protected_account_keeps_its_access() {
    let site = Small::new().site();
    site.configure(&format!("[guard]\nprotected = [\"{ANA}\"]"), &[offboarding()]);
    let ran = plan(&site);
    assert_eq!(ran.code, 4);
    assert!(
        ran.stdout.ends_with(
            "verdict: refused\n  ! Ana Diaz (user 8412427) is on the list of protected accounts\n    take the address or id \
             out of `protected` under `[guard]` in the configuration, if that is meant\n"
        ),
        "{}",
        ran.stdout
    );
    assert_eq!((ran.stderr.as_str(), site.writes()), ("", vec![]));
}

fn foreign(site: &Site, bytes: &[u8]) -> Entry {
    std::fs::write(site.path("foreign.wasm"), bytes).unwrap();
    Entry {
        name: "foreign",
        source: "file:foreign.wasm".to_owned(),
        allow: vec!["users.show".to_owned(), "user-steps.deactivate".to_owned()],
        more: String::new(),
    }
}

#[test]
fn what_is_no_policy_of_this_world() {
    let site = Small::new().site();
    let rows: [(&[u8], i32, &str); 8] = [
        (
            b"#!/bin/sh\n",
            4,
            "\"foreign.wasm\" is no policy\n  not WebAssembly: the bytes don't begin as a component does\n",
        ),
        (
            b"\0asm\x01\0\0\0",
            4,
            "\"foreign.wasm\" is no policy\n  a core module, not a component: build it for the target wasm32-wasip2\n",
        ),
        (b"\0asm\x0d\0\x01\0", 4, "\"foreign.wasm\" is no policy\n"),
        (
            &with_text(CUTOFF, "muster:policy/guest@0.1.0", "muster:policy/guess@0.1.0"),
            4,
            "\"foreign.wasm\" is no policy\n",
        ),
        (
            &with_text(CUTOFF, "muster:policy/users@0.1.0", "muster:policy/users@0.2.0"),
            4,
            "it imports \"muster:policy/users@0.2.0\"",
        ),
        (&with_text(CUTOFF, "wasi:cli/stderr", "wasi:http/types"), 4, "it imports \"wasi:http/types@"),
        (&with_padding(CUTOFF, 40 << 20), 4, "bytes, where 33554432 are the most\n"),
        (
            &with_text(CUTOFF, r#""version":"0.1.0""#, r#""version":"9.9.9""#),
            6,
            "describes itself otherwise than its section does: version\n",
        ),
    ];
    for (bytes, code, words) in rows {
        site.configure("", &[foreign(&site, bytes)]);
        let ran = plan(&site);
        let stderr = steady(&site, &ran.stderr);
        assert_eq!((ran.code, ran.stdout.as_str()), (code, ""), "{words}: {stderr}");
        assert!(
            stderr.starts_with("error: the policy \"foreign\"") && stderr.contains(words),
            "{words}: {stderr}"
        );
    }
}

#[test]
fn a_component_that_takes_too_long_or_too_much_to_compile_is_left_and_holds_nobody_up() {
    let small = Small::new();
    let site = small.site();
    let bomb = with_core_module(CUTOFF, &slow_to_compile(16_000, 2_500), false);
    let slow = || {
        let mut entry = foreign(&site, &bomb);
        entry.allow = vec!["users.show".to_owned(), "user-steps.deactivate".to_owned()];
        entry
    };
    site.configure("[limits]\ncompile-time = \"4s\"", &[slow(), offboarding()]);
    let ran = site.muster(&["run", "--departed", ANA]);
    assert!(ran.stderr.contains("compiling it took more than 4s"), "{}", ran.stderr);
    ran.expect(4);
    site.simulator.with_company(|company| assert!(!company.user(small.ana).unwrap().active));
    site.configure("[limits]\ncompile-memory-bytes = 134217728", &[slow()]);
    let said = plan(&site).refused(6);
    assert!(said.contains("compiling it took more than 134217728 bytes of memory"), "{said}");
}

#[test]
fn an_import_that_is_not_granted() {
    let site = Small::new().site();
    let mut entry = foreign(&site, CUTOFF);
    entry.allow.pop();
    site.configure("", &[entry]);
    pinned(
        &site,
        &plan(&site),
        4,
        "",
        "error: the policy \"foreign\" does not load\n  the policy \"foreign\" declares `user-steps.deactivate`, which its grant \
         does not allow\nhint: to allow it, change the entry of \"foreign\" to: allow = [\"user-steps.deactivate\", \"users.show\"]\n",
    );
}

#[test]
fn a_policy_that_ends_otherwise_than_with_a_decision() {
    let small = Small::new();
    let site = small.site();
    let read_all = format!(
        "do = \"read-all\", user = {}, project = {}, item = {}, email = \"{ANA}\"",
        small.ana, small.shared, small.movable
    );
    let rows = [
        (
            "do = \"trap\", user = 5",
            "",
            "the policy stopped: wasm trap: wasm `unreachable` instruction executed",
        ),
        ("do = \"panic\", message = \"cut my strings\"", "", "cut my strings"),
        ("do = \"spin\"", "fuel = 1000000", "the policy used up its 1000000 units of fuel"),
        (
            "do = \"spin\"",
            "fuel = 1000000000000\nguest-time = \"50ms\"",
            "the policy computed for more than 50ms",
        ),
        ("do = \"spin\"", "fuel = 1000000000000\ntotal-time = \"50ms\"", "the decision took more than 50ms"),
        ("do = \"eat\"", "memory-bytes = 4194304", "the policy wanted more than 4194304 bytes of memory"),
        ("do = \"recurse\"", "stack-bytes = 65536", "the policy used up its stack"),
        ("do = \"ask\", user = 5", "reads = 3\nsteps = 3", "the policy called the host more than 6 times"),
        (&read_all, "read-bytes = 1024\n", "the policy asked for more than 1024 bytes of answers"),
        ("do = \"flood\", user = 5", "steps = 3", "the policy added more than 3 steps"),
        (
            "do = \"long-reason\", user = 5, characters = 100000",
            "call-bytes = 1024",
            "the policy handed over more than 1024 bytes in one call",
        ),
        ("do = \"hoard\"", "handles = 8", "the policy kept more than 8 handles open"),
    ];
    for (settings, limits, words) in rows {
        let more = format!("scope = {{ people = \"company\" }}\nsettings = {{ {settings} }}");
        site.configure(&format!("[limits]\n{limits}"), &[puppet(site.folder.path(), "rogue", &more)]);
        let ran = plan(&site);
        assert_eq!((ran.code, ran.stderr.as_str()), (6, ""), "{settings}: {}", ran.stdout);
        assert!(
            ran.stdout.starts_with("policy rogue is at fault\n") && ran.stdout.contains(words),
            "{settings}: {}",
            ran.stdout
        );
    }
}

#[test]
fn settings_that_break_their_schema() {
    let site = Small::new().site();
    let mut entry = offboarding();
    entry.more = "settings = { successor = 5 }".to_owned();
    site.configure("", &[entry]);
    pinned(
        &site,
        &plan(&site),
        3,
        "",
        "error: the settings of the policy \"offboarding\" are not what it expects\n  /successor: 5 is not of type \"string\"\n\
         hint: `muster policy inspect` shows what it expects\n",
    );
}

#[test]
fn a_plan_that_is_over_of_another_company_or_changed() {
    let small = Small::new();
    let site = small.site();
    site.json(&["plan", "--departed", ANA, "--out", "plan.json"], 0);
    let text = std::fs::read_to_string(site.path("plan.json")).unwrap();
    std::fs::write(site.path("changed.json"), text.replacen("leaves immediately", "leaves immediatelY", 1))
        .unwrap();
    let ran = site.muster(&["apply", "changed.json"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (4, ""));
    assert!(
        ran.stderr.ends_with("hint: nothing was sent; apply the plan by its digest, or plan again\n"),
        "{}",
        ran.stderr
    );
    site.muster(&["apply", "plan.json"]).expect(0);
    let ran = site.muster(&["apply", "plan.json"]);
    assert_eq!(
        (ran.code, steady(&site, &ran.stdout), steady(&site, &ran.stderr)),
        (
            4,
            String::new(),
            "error: the plan DIGEST has been carried out already\nhint: `muster runs show PLAN` shows how it ended\n".to_owned()
        )
    );
    let ran = site.muster(&["apply", "0123456789"]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
}

#[test]
fn every_error_is_a_document_where_json_is_asked_for() {
    let site = Small::new().site();
    let rows: [(&[&str], i32); 6] = [
        (&["plann"], 2),
        (&["--set", "nothing", "doctor"], 2),
        (&["--config", "none.toml", "plan", "--departed", ANA], 3),
        (&["plan", "--departed", "nobody@brightline.example"], 2),
        (&["apply", "0123456789"], 2),
        (&["runs", "resume", "0123456789"], 2),
    ];
    for (arguments, code) in rows {
        let error = site.json(arguments, code);
        assert_eq!(error["error"]["exit"], code, "{error}");
        assert!(!error["error"]["causes"][0].as_str().unwrap().is_empty(), "{error}");
    }
}

#[test]
fn a_reader_who_goes_away_is_no_failure() {
    let site = Small::new().site();
    plan(&site).expect(0);
    for arguments in
        [&["runs", "list"][..], &["policy", "inspect", "builtin:offboarding"], &["schema", "config"]]
    {
        let mut command = crate::site::command(site.folder.path());
        let mut child =
            command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let ended = child.wait_with_output().unwrap();
        assert_eq!((ended.status.code(), ended.stderr), (Some(0), Vec::new()), "{arguments:?}");
    }
}

#[test]
fn procore_failing_in_the_middle_of_reading_is_said_and_changes_nothing() {
    let site = Small::new().site();
    site.simulator.set_mishaps([Mishap::answered("/rfis?", 422, "{\"errors\":\"no\"}")]);
    let ran = plan(&site);
    assert_eq!(ran.code, 7, "{}\n{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("Procore did not answer what policy offboarding asked"), "{}", ran.stdout);
}

#[test]
fn the_command_line_itself() {
    let folder = tempfile::tempdir().unwrap();
    let ran = muster(folder.path(), &["plan"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert!(ran.stderr.contains("--departed <EMAIL>"), "{}", ran.stderr);
    let ran = muster(folder.path(), &["plann"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("similar subcommands exist: 'replay', 'plan'"), "{}", ran.stderr);
}
