//! Somebody logs in, muster acts with their rights, and they log out.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};

use crate::site::{ANA, Ran, Site, Small, command, get_text};

/// Adds what makes muster act as a person whose browser comes back to any free port, or sees a code.
fn as_person<'a>(redirect: &'a str, arguments: &[&'a str]) -> Vec<&'a str> {
    [&["--set", "procore.acts-as=person", "--set", redirect], arguments].concat()
}

const BACK: &str = "procore.redirect=http://127.0.0.1:0/back";
const SHOWN: &str = "procore.redirect=urn:ietf:wg:oauth:2.0:oob";

/// Runs `muster login`, opens what it prints, and pastes what `paste` makes of the page.
fn log_in(site: &Site, redirect: &str, paste: impl Fn(&str) -> String) -> (Ran, String) {
    let mut command: Command = command(site.folder.path());
    command.args(as_person(redirect, &["login"]));
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut url = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut url).unwrap();
    let page = if url.is_empty() { String::new() } else { site.wait(get_text(url.trim())) };
    child.stdin.take().unwrap().write_all(paste(&page).as_bytes()).unwrap();
    let ended = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (Ran { code: ended.status.code().unwrap(), stdout: text(ended.stdout), stderr: text(ended.stderr) }, page)
}

#[test]
fn whoever_logs_in_is_whose_rights_muster_has_until_they_log_out() {
    let site = Small::new().site();
    let said = site.muster(&as_person(BACK, &["plan", "--departed", ANA])).refused(3);
    assert!(said.contains("nobody is logged in") && said.contains("hint: `muster login`"), "{said}");
    let (ran, page) = log_in(&site, BACK, |_| String::new());
    assert!(page.contains("You are logged in."), "{page}");
    let said = ran.refused(0);
    assert!(said.contains("logged in as Cleo Admin (user "), "{said}");
    let kept = site.path("muster.db.login");
    assert!(said.contains("muster.db.login"), "{said}");
    #[cfg(unix)]
    {
        let mode = std::fs::metadata(&kept).unwrap();
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&mode.permissions()) & 0o777, 0o600);
    }
    let first = std::fs::read(&kept).unwrap();
    site.muster(&as_person(BACK, &["run", "--departed", ANA])).expect(0);
    assert_ne!(std::fs::read(&kept).unwrap(), first, "a refresh token works once");
    assert!(site.writes().iter().any(|write| write.starts_with("PATCH ")));
    assert_eq!(site.muster(&as_person(BACK, &["logout"])).expect(0), "logged out\n");
    assert!(!kept.exists());
    assert_eq!(site.muster(&as_person(BACK, &["logout"])).expect(0), "nobody was logged in\n");
    site.muster(&as_person(BACK, &["plan", "--departed", ANA])).refused(3);
}

#[test]
fn a_code_that_is_shown_can_be_pasted() {
    let site = Small::new().site();
    let code = |page: &str| {
        let code = page.split_once("<code>").unwrap().1.split_once("</code>").unwrap().0;
        format!("{code}\n")
    };
    let (ran, _) = log_in(&site, SHOWN, code);
    assert!(ran.refused(0).contains("logged in as Cleo Admin"));
    site.muster(&as_person(SHOWN, &["logout"])).expect(0);
    let (ran, _) = log_in(&site, SHOWN, |_| "made-up\n".to_owned());
    let said = ran.refused(3);
    assert!(said.contains("invalid_grant") && !site.path("muster.db.login").exists(), "{said}");
    let (ran, _) = log_in(&site, SHOWN, |_| String::new());
    assert!(ran.refused(2).contains("there is no code"));
}

#[test]
fn who_says_no_is_not_logged_in() {
    let site = Small::new().site();
    site.simulator.sign_in_as(None);
    let (ran, page) = log_in(&site, BACK, |_| String::new());
    assert!(page.contains("The login failed."), "{page}");
    let said = ran.refused(3);
    assert!(said.contains("access_denied") && !site.path("muster.db.login").exists(), "{said}");
}

#[test]
fn a_service_account_has_no_login_to_begin_or_end() {
    let site = Small::new().site();
    for verb in ["login", "logout"] {
        let said = site.muster(&[verb]).refused(3);
        assert!(said.contains("has no login") && said.contains("acts-as = \"person\""), "{said}");
    }
}
