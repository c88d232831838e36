//! `muster demo`

use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr};

use clap::Args;
use muster_core::event::Event;
use muster_core::id::UserId;
use muster_sim::{
    Company, Config as SimConfig, Invalid, Limits, NewMembership, NewProject, NewRfi, Seed, Simulator,
};
use serde_json::json;

use super::departure::Departure;
use super::{Global, case, runs, sim};
use crate::app::App;
use crate::config::Config;
use crate::exit::{Exit, Failure};
use crate::pipeline::{self, Judged};
use crate::report::{self, BOLD, DIM, shown};
use crate::simulation;

/// Show the whole product at work on a simulated company: one departure, from the event to the proof
///
/// Everything is real but the company: the simulated Procore answers over HTTP on a free port, the policy decides in its
/// sandbox, every change is sent, journaled and read back. Nothing is left behind.
#[derive(Debug, Args)]
pub(super) struct Demo {
    /// Where the company comes from: the same number makes the same company
    #[arg(long, default_value_t = 7, value_name = "N")]
    seed: u64,
}

impl Demo {
    pub(super) async fn run(self, global: &Global) -> Result<Exit, Failure> {
        let folder = tempfile::tempdir()?;
        let seed = Seed { seed: self.seed, users: 500, projects: 60, rfis: 240 };
        let mut company = Company::seeded(&seed);
        let leaver = leaver(&mut company).map_err(|error| Failure::new(Exit::Bug, error))?;
        let sim = SimConfig { seed, limits: Limits::NONE, ..SimConfig::default() };
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let started = simulation::start(sim, company, address, folder.path()).await;
        let (simulator, path) = started.map_err(|error| Failure::new(Exit::Config, error))?;
        let app = App::open(Config::read(&path, &[])?, global.machine()).await?;

        let mut out = Talk { out: report::stdout(), silent: global.is_json() };
        out.stage(
            "a company",
            &format!("500 users and 60 projects in a simulated Procore on {}", simulator.base_url()),
        )?;
        let departure = Departure::immediate(leaver.parse().map_err(|error| Failure::new(Exit::Bug, error))?);
        let event = departure.event(&app).await?;
        out.stage("an event", &format!("{} leaves the company, immediately", shown(&leaver)))?;

        let concluded = pipeline::plan(&app, &event).await?;
        out.stage(
            "a policy proposes, the host makes a plan, the guard checks it",
            "nothing has changed yet",
        )?;
        out.print(|out| case::print(out, &concluded, false))?;

        let ran = pipeline::carry_out(&app, &event, Judged::of(&app, &concluded)).await?;
        out.stage("the plan is applied", "every call journaled before it was sent, every change read back")?;
        out.print(|out| case::print_runs(out, &ran))?;

        out.stage("what Procore shows now", "asked over HTTP, beside the run")?;
        let proof = proof(&app, &simulator, &event).await?;
        out.print(|out| writeln!(out, "  {proof}"))?;

        let again = pipeline::plan(&app, &departure.event(&app).await?).await?;
        out.stage("the same event again", "a run that is repeated changes nothing")?;
        out.print(|out| case::print(out, &again, false))?;

        if global.is_json() {
            let runs: Vec<_> = ran.iter().map(runs::json_of_run).collect();
            let (concluded, again) = (case::json(&concluded), case::json(&again));
            report::json(&json!({ "policies": concluded, "runs": runs, "proof": proof, "again": again }))?;
        }
        simulator.stop().await;
        Ok(case::exit(&concluded, false).worse(case::exit_of_runs(&ran)))
    }
}

/// Prints the stages, or nothing where one JSON document is wanted at the end.
struct Talk<W> {
    out: W,
    silent: bool,
}

impl<W: Write> Talk<W> {
    fn stage(&mut self, title: &str, words: &str) -> std::io::Result<()> {
        self.print(|out| writeln!(out, "\n{BOLD}{title}{BOLD:#} {DIM}{words}{DIM:#}"))
    }

    fn print(&mut self, print: impl FnOnce(&mut W) -> std::io::Result<()>) -> std::io::Result<()> {
        if self.silent { Ok(()) } else { print(&mut self.out) }
    }
}

/// Picks somebody on a handful of projects, and puts them on one more, alone: its RFI is one that nobody can take.
fn leaver(company: &mut Company) -> Result<String, Invalid> {
    let email = sim::busiest(company, 6).unwrap_or_default();
    let leaver = company.user_by_email(&email).map_or(0, |user| user.id);
    let project = company.add_project(NewProject::named("Pier 9 Utility Vault"));
    let template = company.template_by_name("Project Manager").map(|template| template.id);
    let membership = NewMembership::new(leaver, project);
    company.add_membership(match template {
        Some(template) => membership.with_template(template),
        None => membership,
    })?;
    company.add_rfi(NewRfi::open(project, "Sump pump discharge routing", leaver, &[leaver]))?;
    Ok(email)
}

/// Asks how things stand, through the client and not through the run.
async fn proof(app: &App, simulator: &Simulator, event: &Event) -> Result<String, Failure> {
    let user = event.subject().unwrap_or(UserId::new(0));
    let reads = app.connection.reads();
    let failed = |error| Failure::new(Exit::Procore, error);
    let active = reads.user(user).await.map_err(failed)?.is_some_and(|user| user.active);
    let projects = reads.memberships(user).await.map_err(failed)?.len();
    let login = if active { "works" } else { "does not work any more" };
    let calls = simulator.calls();
    Ok(format!(
        "the login {login}; on {projects} projects; {} calls in all, {} of them writing",
        calls.total(),
        calls.writes
    ))
}
