//! `muster sim`

use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use clap::Args;
use muster_sim::{Clock, Company, Config, Dialect, Limits, NewAccount, Script, Seed, Switches};
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
    #[arg(long, default_value_t = 500, value_name = "N", value_parser = at_most(200_000))]
    users: usize,
    /// How many projects it has
    #[arg(long, default_value_t = 60, value_name = "N", value_parser = at_most(20_000))]
    projects: usize,
    /// How many RFIs it has [default: four a project]
    #[arg(long, value_name = "N", value_parser = at_most(1_000_000))]
    rfis: Option<usize>,
    /// The port on the loopback address; 0 takes one that is free
    #[arg(long, default_value_t = 4010, value_name = "P")]
    port: u16,
    /// How many requests it lets through: an hour, and in 10 seconds; or `none`. Procore documents 600/h,25/10s as an example
    #[arg(long, default_value = "3600/h,100/10s", value_name = "LIMITS")]
    limits: Limits,
    /// What it does wrong, may be repeated: `not-made DELETE /rest/v1.0/projects/{project_id}/users/{id}/actions/remove`,
    /// `503,retry-after=30 * percent=10`, `storm=7`, or by name: ignore-removal, ignore-deactivation, ignore-reassignment,
    /// ignore-closing
    #[arg(long = "fault", value_name = "FAULT")]
    faults: Vec<Script>,
    /// The reading of Procore's API that it serves: `reference`, or `guide`
    #[arg(long, default_value = "reference", value_name = "DIALECT", value_parser = dialect)]
    dialect: Dialect,
    /// What nobody knows of Procore, set otherwise than is most likely, may be repeated, for example second-add=refused
    #[arg(long = "switch", value_name = "NAME=VALUE")]
    switches: Vec<String>,
    /// Add service accounts that may do less: `editor`, `reader`, and `limited`, which sees no project until it is permitted.
    /// For each a configuration of its own is written
    #[arg(long)]
    accounts: bool,
    /// What time it is there: `real`, a time at which the clock stands, or `TIME,running`
    #[arg(long, default_value = "real", value_name = "CLOCK")]
    clock: Clock,
    /// Serve the company of this file, as `/sim/company` gives it, and not a seeded one
    #[arg(long, value_name = "FILE", conflicts_with_all = ["users", "projects", "rfis"])]
    company: Option<PathBuf>,
    /// Where the configuration that reaches it is written
    #[arg(long, default_value = "muster-sim", value_name = "DIR")]
    dir: PathBuf,
}

impl Sim {
    pub(super) async fn run(self, global: &Global) -> Result<Exit, Failure> {
        let rfis = self.rfis.unwrap_or(self.projects.saturating_mul(4));
        let seed = Seed { seed: self.seed, users: self.users, projects: self.projects, rfis };
        let company = match &self.company {
            Some(path) => fixture(path)?,
            None => Company::seeded(&seed),
        };
        let leaver = busiest(&company, usize::MAX);
        let config = Config {
            seed,
            limits: self.limits,
            dialect: self.dialect,
            switches: switches(&self.switches)?,
            accounts: if self.accounts { NewAccount::standard() } else { Vec::new() },
            clock: self.clock.clone(),
            ..Config::default()
        };
        let (users, projects) = (company.users().count(), company.projects().count());
        let rfis = company.rfis().count();
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port));
        let started = simulation::start(config, company, address, &self.dir).await;
        let (simulator, path) = started.map_err(|error| {
            Failure::new(Exit::Config, error).hint("name another --port or --dir; nothing else was started")
        })?;
        simulator.set_script(self.faults.into_iter().flatten().collect());
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
                "  {users} users, {projects} projects, {rfis} RFIs, seed {}, limits {}",
                self.seed, self.limits
            )?;
            writeln!(out, "  to look at: {url}/; all of it: {url}/sim/state; to keep: {url}/sim/company")?;
            writeln!(out, "  configuration that reaches it: {}", path.display())?;
            for account in simulator.accounts().iter().skip(1) {
                let config = self.dir.join(simulation::Names::of(account).config);
                writeln!(out, "  as the service account {}: {}", shown(&account.name), config.display())?;
            }
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

fn dialect(name: &str) -> Result<Dialect, String> {
    match name {
        "reference" => Ok(Dialect::Reference),
        "guide" => Ok(Dialect::Guide),
        _ => Err("`reference` or `guide` is expected".to_owned()),
    }
}

/// Parses a number of things of which a company has no more: a slip must not fill the memory.
fn at_most(most: usize) -> impl Fn(&str) -> Result<usize, String> + Clone {
    move |text| match text.parse() {
        Ok(number) if number <= most => Ok(number),
        _ => Err(format!("a number of at most {most} is expected")),
    }
}

/// The largest company that is read.
const MOST_BYTES: u64 = 512 << 20;

/// Reads a company from a file.
fn fixture(path: &Path) -> Result<Company, Failure> {
    let unreadable =
        |why: String| Failure::new(Exit::Usage, format!("{} can't be read: {why}", path.display()));
    let about = std::fs::metadata(path).map_err(|error| unreadable(error.to_string()))?;
    if !about.is_file() || about.len() > MOST_BYTES {
        return Err(unreadable(format!("a file of at most {MOST_BYTES} bytes is expected")));
    }
    let text = std::fs::read_to_string(path).map_err(|error| unreadable(error.to_string()))?;
    Company::from_json(&text).map_err(|error| {
        Failure::new(Exit::Usage, error).hint("a fixture is what /sim/company of a simulator gives")
    })
}

/// Sets switches otherwise than usual.
fn switches(texts: &[String]) -> Result<Switches, Failure> {
    let mut switches = json!(Switches::default());
    for text in texts {
        let settings = Switches::each();
        let found = settings.into_iter().find(|(name, _)| name == text);
        let (Some((_, found)), Some((key, _))) = (found, text.split_once('=')) else {
            let known: Vec<_> = Switches::each().into_iter().skip(1).map(|(name, _)| name).collect();
            let error = format!("{text:?} is no switch: it is one of {}", known.join(", "));
            return Err(Failure::new(Exit::Usage, error));
        };
        if let (Some(all), Some(one)) = (switches.as_object_mut(), json!(found).get(key)) {
            all.insert(key.to_owned(), one.clone());
        }
    }
    serde_json::from_value(switches).map_err(|error| Failure::new(Exit::Bug, error))
}
