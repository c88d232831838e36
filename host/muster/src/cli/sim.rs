//! `muster sim`

use std::collections::BTreeSet;
use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use clap::Args;
use muster_sim::{Company, Config, Fault, Limits, Seed};
use serde_json::json;

use super::Global;
use crate::exit::{Exit, Failure};
use crate::report::{self, BOLD, DIM, shown};
use crate::simulation;

/// Simulate a Procore with a company in it, over HTTP on this machine
///
/// Writes a configuration that reaches it. Ends with Ctrl-C; what was changed in it is gone then.
#[derive(Debug, Args)]
pub(super) struct Sim {
    /// Where the company comes from: the same number makes the same company
    #[arg(long, default_value_t = 7, value_name = "N")]
    seed: u64,
    /// How many users it has, about one in seven of them inactive
    #[arg(long, default_value_t = 500, value_name = "N")]
    users: usize,
    /// How many projects it has
    #[arg(long, default_value_t = 60, value_name = "N")]
    projects: usize,
    /// How many RFIs it has [default: four a project]
    #[arg(long, value_name = "N")]
    rfis: Option<usize>,
    /// The port on the loopback address; 0 takes one that is free
    #[arg(long, default_value_t = 4010, value_name = "P")]
    port: u16,
    /// How many requests it lets through: an hour, and in 10 seconds; or `none`. Procore documents 600/h,25/10s as an example
    #[arg(long, default_value = "3600/h,100/10s", value_name = "LIMITS")]
    limits: Limits,
    /// What it does wrong, may be repeated: ignore-removal, ignore-deactivation, ignore-reassignment, ignore-closing
    #[arg(long = "fault", value_name = "FAULT", value_parser = fault)]
    faults: Vec<Fault>,
    /// Where the configuration that reaches it is written
    #[arg(long, default_value = "muster-sim", value_name = "DIR")]
    dir: PathBuf,
}

impl Sim {
    pub(super) async fn run(self, global: &Global) -> Result<Exit, Failure> {
        let rfis = self.rfis.unwrap_or(self.projects.saturating_mul(4));
        let seed = Seed { seed: self.seed, users: self.users, projects: self.projects, rfis };
        let company = Company::seeded(&seed);
        let leaver = busiest(&company, usize::MAX);
        let config = Config { seed, limits: self.limits, ..Config::default() };
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port));
        let started = simulation::start(config, company, address, &self.dir).await;
        let (simulator, path) = started.map_err(|error| {
            Failure::new(Exit::Config, error).hint("name another --port or --dir; nothing else was started")
        })?;
        simulator.set_faults(self.faults.iter().copied().collect::<BTreeSet<_>>());
        let url = simulator.base_url();
        if global.is_json() {
            let (company, client) = (simulator.company_id(), simulator.credentials().client_id);
            report::json(
                &json!({ "url": url, "company": company, "client-id": client, "config": path, "leaver": leaver }),
            )?;
        } else {
            let mut out = report::stdout();
            writeln!(out, "{BOLD}simulated Procore{BOLD:#} on {url}")?;
            writeln!(
                out,
                "  {} users, {} projects, {rfis} RFIs, seed {}, limits {}",
                self.users, self.projects, self.seed, self.limits
            )?;
            writeln!(out, "  everything that is in it: {url}/sim/state; what was called: {url}/sim/calls")?;
            writeln!(out, "  configuration that reaches it: {}", path.display())?;
            let leaver = leaver.as_deref().unwrap_or("EMAIL");
            writeln!(out, "try, in another shell:")?;
            writeln!(out, "  muster --config {} plan --departed {}", path.display(), shown(leaver))?;
            writeln!(out, "{DIM}Ctrl-C ends it{DIM:#}")?;
        }
        tokio::signal::ctrl_c().await?;
        simulator.stop().await;
        Ok(Exit::Done)
    }
}

/// Returns the address of the active person on at most so many projects who holds most RFIs: a departure worth looking at.
pub(super) fn busiest(company: &Company, projects: usize) -> Option<String> {
    let holds = |user: u64| {
        let held = |rfi: &&muster_sim::Rfi| {
            !rfi.status.is_closed() && (rfi.manager == user || rfi.assignees.contains(&user))
        };
        company.rfis().filter(held).count()
    };
    let leaves = company.users().filter(|user| user.active && user.id != company.service_account());
    let few = leaves.filter(|user| company.projects_of(user.id).count() <= projects);
    let busiest = few.max_by_key(|user| (holds(user.id), company.projects_of(user.id).count()))?;
    Some(busiest.email.clone())
}

fn fault(name: &str) -> Result<Fault, String> {
    serde_json::from_value(json!(name)).map_err(|error| error.to_string())
}
