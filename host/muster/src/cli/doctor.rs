//! `muster doctor`

use std::io::Write as _;

use clap::Args;
use jiff::Timestamp;
use muster_core::id::UserId;
use muster_core::read::Answer;
use muster_engine::Directory as _;
use muster_procore::{Connection, Error};
use serde_json::json;

use super::{Global, failure};
use crate::app::{App, Machine};
use crate::clock;
use crate::config::Config;
use crate::directory::Live;
use crate::exit::{Exit, Failure, causes};
use crate::report::{self, BAD, DIM, GOOD, WARN, shown};
use crate::rights;
use crate::store::{Store, StoreError};

/// How far apart the clocks of this machine and of Procore may be, in seconds: tokens and approvals end by them.
const SKEW_AT_MOST: i64 = 30;
/// What share of the projects that were seen before may be gone, in percent.
const GONE_AT_MOST: u64 = 10;

/// Check that everything is in place: configuration, secret, store, sandbox, policies, Procore, clock, rights
///
/// Changes nothing in Procore. Each line that is not fine says what to do.
#[derive(Debug, Args)]
pub(super) struct Doctor {
    /// Take the projects that the service account sees now for those that it should see
    #[arg(long)]
    accept_projects: bool,
    /// Take the clock of this machine for right although the journal has entries of a later time
    #[arg(long)]
    accept_clock: bool,
}

/// One thing that was looked at.
struct Check {
    what: String,
    exit: Exit,
    /// Whether it is worth a look although nothing is wrong yet.
    warns: bool,
    words: String,
    /// What to do about it.
    hint: Option<String>,
}

/// Everything that was looked at so far.
#[derive(Default)]
struct Findings(Vec<Check>);

impl Findings {
    fn fine(&mut self, what: &str, words: String) {
        self.0.push(Check { what: what.to_owned(), exit: Exit::Done, warns: false, words, hint: None });
    }

    fn warn(&mut self, what: &str, words: String, hint: &str) {
        let hint = Some(hint.to_owned());
        self.0.push(Check { what: what.to_owned(), exit: Exit::Done, warns: true, words, hint });
    }

    fn wrong(&mut self, what: &str, failure: Failure) {
        let words = causes(failure.error.as_ref()).join(": ");
        let Failure { exit, hint, .. } = failure;
        self.0.push(Check { what: what.to_owned(), exit, warns: false, words, hint });
    }

    fn refused(&mut self, what: &str, exit: Exit, words: String, hint: &str) {
        self.wrong(what, Failure::new(exit, words).hint(hint));
    }
}

impl Doctor {
    pub(super) async fn run(self, global: &Global) -> Result<Exit, Failure> {
        let mut findings = Findings::default();
        match global.config() {
            Ok(config) => {
                let policies = config.policies.len();
                findings.fine("configuration", format!("{}, {policies} policies", global.config.display()));
                self.look(global, config, &mut findings).await;
            }
            Err(error) => findings.wrong("configuration", error.into()),
        }
        let Findings(checks) = findings;
        let exit = checks.iter().map(|check| check.exit).fold(Exit::Done, Exit::worse);
        if global.is_json() {
            let row = |check: &Check| json!({ "check": check.what, "stands": stands(check), "words": check.words, "hint": check.hint });
            let checks: Vec<_> = checks.iter().map(row).collect();
            failure::heard(report::json(&json!({ "checks": checks, "exit": exit as u8 })))?;
            return Ok(exit);
        }
        failure::heard(print(&checks))?;
        Ok(exit)
    }

    async fn look(&self, global: &Global, config: Config, findings: &mut Findings) {
        if let Err(error) = config.procore() {
            return findings.wrong("secret", error.into());
        }
        findings.fine("secret", "can be had".to_owned());
        match Store::open(&config.store, config.target.company) {
            Ok(store) => self.look_at_store(&store, &config, findings).await,
            Err(error) => return findings.wrong("store", error.into()),
        }
        let machine = global.machine();
        look_at_cache(&machine, findings);
        let app = match App::open(config, machine).await {
            Ok(app) => app,
            Err(error) => return findings.wrong("policies", error.into()),
        };
        for broken in &app.broken {
            findings.wrong(&format!("policy {}", broken.policy), failure::of_broken(broken));
        }
        for bound in &app.policies {
            let description = bound.policy.description();
            findings.fine(
                &format!("policy {}", bound.binding.name),
                format!("{} {}, {}", description.name, description.version, bound.pins.artifact.short()),
            );
        }
        if app.policies.is_empty() {
            findings.warn("policies", "there are none".to_owned(), "add an entry [[policy]]");
        }
        let me = match app.connection.reads().me().await {
            Ok(me) => me,
            Err(error) => return findings.wrong("procore", failure::of_procore(&app.config, error)),
        };
        findings.fine(
            "procore",
            format!("{}: user {me} of company {}", app.config.target.api_host, app.config.target.company),
        );
        look_at_clock(&app.connection, findings);
        self.look_at_projects(&app, findings).await;
        look_at_rights(&app, me, findings).await;
    }

    /// Compares how many projects the service account sees with how many it saw before.
    async fn look_at_projects(&self, app: &App, findings: &mut Findings) {
        let projects = match app.connection.reads().projects().await {
            Ok(projects) => projects.len() as u64,
            Err(error) => return findings.wrong("projects", failure::of_procore(&app.config, error)),
        };
        if projects == 0 && !self.accept_projects {
            return findings.refused(
                "projects",
                Exit::Procore,
                "the service account sees none, so it sees nothing of what people hold".to_owned(),
                "in Procore, permit the app projects. If that is meant: muster doctor --accept-projects",
            );
        }
        let before = match app.store.seen("projects").await {
            Ok(before) => before.filter(|_| !self.accept_projects),
            Err(error) => return findings.wrong("projects", error.into()),
        };
        if let Some((before, at)) = before
            && projects * 100 < before * (100 - GONE_AT_MOST)
        {
            return findings.refused(
                "projects",
                Exit::Procore,
                format!(
                    "the service account sees {projects}, and saw {before} on {}",
                    at.strftime("%Y-%m-%d")
                ),
                "in Procore, see whether it was taken off projects: what is there is not seen any more.\n\
                 If that is meant: muster doctor --accept-projects",
            );
        }
        // Losing a few every day would never be noticed if each day were compared with the one before.
        let most = before.map_or(projects, |(before, _)| before.max(projects));
        if let Err(error) = app.store.saw("projects", most, clock::now()).await {
            return findings.wrong("projects", error.into());
        }
        findings.fine("projects", format!("the service account sees {projects}"));
    }
}

fn print(checks: &[Check]) -> std::io::Result<()> {
    let mut out = report::stdout();
    for check in checks {
        let style = match stands(check) {
            "fine" => GOOD,
            "look" => WARN,
            _ => BAD,
        };
        let (word, what) = (stands(check), shown(&check.what).to_string());
        writeln!(out, "{style}{word:<5}{style:#} {what:<22} {}", shown(&check.words))?;
        for line in check.hint.iter().flat_map(|hint| hint.lines()) {
            writeln!(out, "{:28} {DIM}{}{DIM:#}", "", shown(line))?;
        }
    }
    Ok(())
}

fn stands(check: &Check) -> &'static str {
    match (check.exit, check.warns) {
        (Exit::Done, false) => "fine",
        (Exit::Done, true) => "look",
        _ => "wrong",
    }
}

impl Doctor {
    async fn look_at_store(&self, store: &Store, config: &Config, findings: &mut Findings) {
        match self.probe(store).await {
            Err(error) => return findings.wrong("store", error.into()),
            Ok(Some(newest)) => {
                let error = StoreError::ClockBack { now: clock::now(), newest };
                return findings.wrong("store", error.into());
            }
            Ok(None) => findings.fine("store", format!("{}: whole and writable", config.store.display())),
        }
        look_at_disk(config, findings);
    }

    /// Tries the store, and returns of which time its newest entry is, should that be ahead of the clock.
    async fn probe(&self, store: &Store) -> Result<Option<Timestamp>, StoreError> {
        store.whole().await?;
        store.writable().await?;
        if self.accept_clock {
            store.accept_clock(clock::now()).await?;
        }
        store.ahead_of(clock::now()).await
    }
}

fn look_at_disk(config: &Config, findings: &mut Findings) {
    #[cfg(target_os = "linux")]
    if let Ok(about) = rustix::fs::statfs(&config.store) {
        // linux/magic.h. SQLite's locks and syncs can't be trusted on the first two, and the third forgets.
        let kind = match about.f_type {
            0x6969 => Some("a network file system (NFS)"),
            0xff53_4d42 | 0xfe53_4d42 => Some("a network file system (SMB)"),
            0x0102_1994 => Some("memory (tmpfs)"),
            _ => None,
        };
        if let Some(kind) = kind {
            findings.warn(
                "store",
                format!("it lies in {kind}: what is written there may be lost"),
                "put `path` under `[store]` on a disk of this machine",
            );
        }
    }
}

fn look_at_cache(machine: &Machine, findings: &mut Findings) {
    match &machine.cache {
        Some(folder) => match muster_engine::check_cache(folder) {
            Ok(()) => findings.fine("compiled policies", folder.display().to_string()),
            Err(error) => findings.warn(
                "compiled policies",
                format!("{}, so that every command compiles them anew", causes(&error).join(": ")),
                "the folder has to be yours, and nobody else may write to it",
            ),
        },
        None => findings.warn(
            "compiled policies",
            "are kept nowhere, so that every command compiles them anew".to_owned(),
            "set HOME or XDG_CACHE_HOME",
        ),
    }
}

fn look_at_clock(connection: &Connection, findings: &mut Findings) {
    let Some(theirs) = connection.procore_clock() else {
        return findings.warn(
            "clock",
            "Procore did not say what time it is".to_owned(),
            "nothing can be done here",
        );
    };
    let behind = theirs - clock::now().as_second();
    if behind.abs() <= SKEW_AT_MOST {
        return findings.fine("clock", format!("{} s apart from Procore's", behind.abs()));
    }
    let words = format!("{} s {} Procore's", behind.abs(), if behind > 0 { "behind" } else { "ahead of" });
    findings.refused("clock", Exit::Config, words, "set the clock of this machine, best by NTP");
}

/// Tries what the granted reads need, and looks up what the powers do.
async fn look_at_rights(app: &App, me: UserId, findings: &mut Findings) {
    let granted: std::collections::BTreeSet<_> =
        app.config.policies.iter().flat_map(|binding| binding.grant.allow.iter()).collect();
    let reads = app.connection.reads();
    let first = match reads.projects().await {
        Ok(projects) => projects.first().map(|project| project.id),
        Err(error) => return findings.wrong("rights", failure::of_procore(&app.config, error)),
    };
    let directory = Live::new(reads, app.store.clone());
    let mut lacking = Vec::new();
    for function in &granted {
        let Some(read) = rights::probe(*function, me, first) else { continue };
        match directory.answer(read).await {
            Ok(answer) if is_closed(&answer) => lacking.push(function.to_string()),
            Ok(_) => {}
            Err(no_answer) => match no_answer.source.downcast::<Error>() {
                Ok(error) if error.is_not_visible() => lacking.push(function.to_string()),
                Ok(error) => return findings.wrong("rights", failure::of_procore(&app.config, *error)),
                Err(other) => {
                    return findings.refused("rights", Exit::Procore, other.to_string(), "try again");
                }
            },
        }
    }
    match rights::lacking(app, first).await {
        Ok(powers) => lacking.extend(powers.iter().map(ToString::to_string)),
        Err(error) => return findings.wrong("rights", failure::of_procore(&app.config, error)),
    }
    if lacking.is_empty() {
        findings.fine("rights", format!("what {} granted functions need is permitted", granted.len()));
    } else {
        findings.refused(
            "rights",
            Exit::Procore,
            format!("Procore does not permit the service account what these need: {}", lacking.join(", ")),
            "raise its permissions in Procore, or take the functions out of the grants",
        );
    }
}

/// Returns whether an answer says that the account may not look there.
fn is_closed(answer: &Answer) -> bool {
    match answer {
        Answer::Candidates(None) | Answer::Members(None) | Answer::ContactsOfProject(None) => true,
        Answer::Groups(groups) => !groups.unseen.is_empty(),
        _ => false,
    }
}
