//! A simulator, and connections to it.

use std::time::Duration;

use muster_core::directory::{ItemKind, ItemRef};
use muster_core::id::{CompanyId, ItemId, ProjectId, TemplateId, UserId};
use muster_procore::{Connection, Dialect, SecretString, Settings, Timeouts, connect};
use muster_sim::{Clock, Company, Config, Limits, ManualClock, Rfi, RfiStatus, Seed, Simulator};

use crate::clock::fast;

/// A simulator whose clock goes with the tests' own.
pub(crate) struct Site {
    pub(crate) simulator: Simulator,
    pub(crate) clock: ManualClock,
    /// The company as it was at the start.
    pub(crate) company: Company,
    dialect: Dialect,
}

impl Site {
    pub(crate) async fn of(config: Config) -> Self {
        Self::with(config, |_| {}).await
    }

    /// Starts a simulator without limits that speaks a dialect, of a company to which something was added.
    pub(crate) async fn speaking(dialect: Dialect, add: impl FnOnce(&mut Company)) -> Self {
        let dialect = match dialect {
            Dialect::Reference => muster_sim::Dialect::Reference,
            Dialect::Guide => muster_sim::Dialect::Guide,
        };
        Self::with(Config { limits: Limits::NONE, dialect, ..Config::default() }, add).await
    }

    pub(crate) async fn with(config: Config, add: impl FnOnce(&mut Company)) -> Self {
        let dialect = match config.dialect {
            muster_sim::Dialect::Reference => Dialect::Reference,
            muster_sim::Dialect::Guide => Dialect::Guide,
        };
        let seed = Seed { seed: 7, users: 60, projects: 8, rfis: 60 };
        let clock = ManualClock::at("2026-07-02T08:00:00.4Z".parse().unwrap());
        let config = Config { seed, clock: Clock::Manual(clock.clone()), ..config };
        let mut company = Company::seeded(&seed);
        add(&mut company);
        let address = ([127, 0, 0, 1], 0).into();
        let simulator = Simulator::start(config, company.clone(), address).await.unwrap();
        Self { simulator, clock, company, dialect }
    }

    pub(crate) async fn without_limits() -> Self {
        Self::of(Config { limits: Limits::NONE, ..Config::default() }).await
    }

    pub(crate) fn settings(&self) -> Settings {
        let url: muster_procore::Url = self.simulator.base_url().parse().unwrap();
        let credentials = self.simulator.credentials();
        let secret = SecretString::from(credentials.client_secret);
        let company = CompanyId::new(self.simulator.company_id());
        let mut settings = Settings::new(url.clone(), url, company, credentials.client_id, secret);
        let long = Duration::from_secs(600);
        settings.dialect = self.dialect;
        settings.timeouts = Timeouts { connect: long, head: long, chunk: long, request: long };
        settings
    }

    pub(crate) fn connect(&self) -> Connection {
        connect(self.settings()).unwrap()
    }

    /// Returns the id of a template.
    pub(crate) fn template(&self, name: &str) -> TemplateId {
        TemplateId::new(self.company.template_by_name(name).unwrap().id)
    }

    pub(crate) async fn run<T>(&self, work: impl Future<Output = T>) -> T {
        fast(work, |step| self.clock.advance(step)).await
    }

    /// Returns an open RFI whose manager could be made its manager again, and that manager.
    pub(crate) fn open_rfi(&self) -> (ItemRef, UserId) {
        let managed = |rfi: &&Rfi| {
            let mut managers = self.company.potential_managers(rfi.project);
            rfi.status == RfiStatus::Open && managers.any(|user| user.id == rfi.manager)
        };
        let rfi = self.company.rfis().find(managed).unwrap();
        (item(ItemKind::Rfi, rfi.project, rfi.id), UserId::new(rfi.manager))
    }

    /// Returns an active user who is on some project and holds no RFI anywhere, and that project.
    pub(crate) fn member(&self) -> (UserId, ProjectId) {
        let company = &self.company;
        let holds = |user| company.rfis().any(|rfi| rfi.manager == user || rfi.assignees.contains(&user));
        let plain = |user| company.user(user).unwrap().active && !holds(user);
        let membership = company.memberships().find(|membership| plain(membership.user)).unwrap();
        (UserId::new(membership.user), ProjectId::new(membership.project))
    }
}

pub(crate) fn item(kind: ItemKind, project: u64, id: u64) -> ItemRef {
    ItemRef { kind, project: ProjectId::new(project), within: None, id: ItemId::new(id) }
}

pub(crate) fn numbers<T>(things: &[T], id: impl Fn(&T) -> u64) -> Vec<u64> {
    things.iter().map(id).collect()
}
