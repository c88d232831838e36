//! A simulator behind a recorder, and the names of what is in its company.

use std::collections::BTreeMap;

use muster_core::id::CompanyId;
use muster_procore::{Connection, SecretString, Settings, connect};
use muster_sim::{Company, Config, Limits, RfiStatus, Seed, Simulator};

use crate::recorder::Recorder;

/// A simulator behind a recorder.
pub(crate) struct Site {
    pub(crate) simulator: Simulator,
    pub(crate) recorder: Recorder,
    /// The company as it was at the start.
    pub(crate) company: Company,
}

impl Site {
    /// Starts both, with a company that is always the same.
    pub(crate) async fn start() -> Self {
        let seed = Seed { seed: 7, users: 60, projects: 8, rfis: 60 };
        let config = Config { seed, limits: Limits::NONE, ..Config::default() };
        let company = Company::seeded(&seed);
        let simulator = Simulator::start(config, company.clone(), ([127, 0, 0, 1], 0).into()).await.unwrap();
        let recorder = Recorder::start(simulator.base_url()).await;
        Self { simulator, recorder, company }
    }

    /// Connects the client through the recorder.
    pub(crate) fn connect(&self) -> Connection {
        let url: muster_procore::Url = self.recorder.base_url().parse().unwrap();
        let credentials = self.simulator.credentials();
        let secret = SecretString::from(credentials.client_secret);
        let company = CompanyId::new(self.simulator.company_id());
        connect(Settings::new(url.clone(), url, company, credentials.client_id, secret)).unwrap()
    }

    /// Returns ids by the names that requests call them.
    pub(crate) fn names(&self) -> BTreeMap<&'static str, String> {
        let company = &self.company;
        let holds = |user| company.rfis().any(|rfi| rfi.manager == user || rfi.assignees.contains(&user));
        let free = |user: u64| company.user(user).unwrap().active && !holds(user);
        let mut memberships = company.memberships().filter(|membership| free(membership.user));
        let (member, other) = (memberships.next().unwrap(), memberships.last().unwrap());
        let rfi = company.rfis().find(|rfi| rfi.status == RfiStatus::Open).unwrap();
        let inactive = company.users().find(|user| !user.active).unwrap();
        let template = member.template.or(other.template).unwrap();
        let credentials = self.simulator.credentials();
        let text = |id: u64| id.to_string();
        BTreeMap::from([
            ("company", text(company.id())),
            ("user", text(member.user)),
            ("other", text(other.user)),
            ("inactive", text(inactive.id)),
            ("project", text(member.project)),
            ("rfi", text(rfi.id)),
            ("rfi_project", text(rfi.project)),
            ("manager", text(rfi.manager)),
            ("template", text(template)),
            ("client_id", credentials.client_id),
            ("client_secret", credentials.client_secret),
        ])
    }
}
