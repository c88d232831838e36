//! A simulator behind a recorder, and the names of what is in its company.

use std::collections::BTreeMap;

use muster_core::id::CompanyId;
use muster_procore::{Connection, Dialect, SecretString, Settings, connect};
use muster_sim::{
    Clock, Company, Config, Limits, ManualClock, Membership, NewMembership, NewUser, RfiStatus, Seed,
    Simulator,
};

use crate::recorder::Recorder;

mod items;

/// A simulator behind a recorder.
pub(crate) struct Site {
    pub(crate) simulator: Simulator,
    pub(crate) recorder: Recorder,
    /// The company as it was at the start.
    pub(crate) company: Company,
    /// What the simulator serves and the client is to speak.
    pub(crate) dialect: Dialect,
    /// The ids of what the seed does not have, by name.
    made: Vec<(&'static str, u64)>,
}

impl Site {
    /// Starts both, with a company that is always the same: a seeded one with what seeds don't have.
    pub(crate) async fn start(dialect: Dialect) -> Self {
        Self::of(dialect, Config::default()).await
    }

    /// Starts both, and leaves to `config` what is not the same everywhere.
    pub(crate) async fn of(dialect: Dialect, config: Config) -> Self {
        let seed = Seed { seed: 7, users: 60, projects: 8, rfis: 60 };
        let served = match dialect {
            Dialect::Reference => muster_sim::Dialect::Reference,
            Dialect::Guide => muster_sim::Dialect::Guide,
        };
        // Time stands still, so that what is worked off later is worked off by being looked at alone.
        let clock = Clock::Manual(ManualClock::at("2026-07-02T08:00:00Z".parse().unwrap()));
        let config = Config { seed, limits: Limits::NONE, dialect: served, clock, ..config };
        let (company, made) = company(&seed);
        let simulator = Simulator::start(config, company.clone(), ([127, 0, 0, 1], 0).into()).await.unwrap();
        simulator.sign_in_as(Some(company.service_account()));
        let recorder = Recorder::start(simulator.base_url()).await;
        Self { simulator, recorder, company, dialect, made }
    }

    /// Connects the client through the recorder.
    pub(crate) fn connect(&self) -> Connection {
        let url: muster_procore::Url = self.recorder.base_url().parse().unwrap();
        let credentials = self.simulator.credentials();
        let secret = SecretString::from(credentials.client_secret);
        let company = CompanyId::new(self.simulator.company_id());
        let settings = Settings::new(url.clone(), url, company, credentials.client_id, secret);
        connect(Settings { dialect: self.dialect, ..settings }).unwrap()
    }

    /// Returns ids by the names that requests call them.
    pub(crate) fn names(&self) -> BTreeMap<&'static str, String> {
        let company = &self.company;
        let member = first(company);
        let active = |user: u64| company.user(user).unwrap().active;
        let elsewhere = |other: &&Membership| {
            other.project != member.project && company.membership(member.user, other.project).is_none()
        };
        let mut others = company.memberships().filter(elsewhere);
        let other = others
            .find(|other| active(other.user) && company.membership(other.user, member.project).is_none());
        let other = other.unwrap();
        let rfi = company.rfis().find(|rfi| rfi.status == RfiStatus::Open).unwrap();
        let template = member.template.or(other.template).unwrap();
        let credentials = self.simulator.credentials();
        let party = |user: u64| company.user(user).unwrap().party_id;
        let ids = [
            ("company", company.id()),
            ("user", member.user),
            ("party", party(member.user)),
            ("other", other.user),
            ("other_project", other.project),
            ("project", member.project),
            ("rfi", rfi.id),
            ("rfi_project", rfi.project),
            ("manager", rfi.manager),
            ("template", template),
            ("vendor", company.own_vendor()),
        ];
        let texts = [("client_id", credentials.client_id), ("client_secret", credentials.client_secret)];
        ids.into_iter()
            .chain(self.made.iter().copied())
            .map(|(name, id)| (name, id.to_string()))
            .chain(texts)
            .collect()
    }
}

/// Returns a company in which there is something of everything, with the ids of what was added.
fn company(seed: &Seed) -> (Company, Vec<(&'static str, u64)>) {
    let mut company = Company::seeded(seed);
    let first = first(&company);
    let (user, project) = (first.user, first.project);
    let mut made = Vec::new();
    for name in ["contact", "inactive_contact", "free_contact", "freer_contact"] {
        made.push((name, company.add_contact("Leo", name)));
    }
    let (contact, inactive) = (made[0].1, made[1].1);
    let mut known = company.contact(contact).unwrap().clone();
    known.email = Some("leo@example.com".to_owned());
    known.vendor = Some(company.own_vendor());
    company.put_contact(known).unwrap();
    made.push(("contact_membership", company.add_contact_membership(contact, project).unwrap()));
    company.add_contact_membership(inactive, project).unwrap();
    company.set_person_active(inactive, false).unwrap();
    company.add_distribution_group("Everybody", None, &[user]).unwrap();
    made.push(("group", company.add_distribution_group("Site", Some(project), &[user]).unwrap()));
    let lapsed = company.add_vendor("Lapsed Drywall", Some("Drywall"));
    company.set_vendor_active(lapsed, false).unwrap();
    company.add_vendor("Lapsed Roofing", Some("Roofing"));
    made.push(("inactive_vendor", lapsed));
    let own = Some(company.own_vendor());
    for name in ["inactive", "gone"] {
        let email = Some(format!("{name}@example.com"));
        let id = company.add_user(NewUser { email, vendor: own, ..NewUser::named("Ira", "Gone") }).unwrap();
        made.push((name, id));
        if name == "gone" {
            company.add_membership(NewMembership::new(id, project)).unwrap();
        } else {
            made.push(("inactive_party", company.user(id).unwrap().party_id));
        }
        company.set_active(id, false).unwrap();
    }
    made.extend(items::add(&mut company, project));
    (company, made)
}

/// Returns the first membership of somebody who is active and holds nothing.
fn first(company: &Company) -> &Membership {
    let holds = |user| company.rfis().any(|rfi| rfi.manager == user || rfi.assignees.contains(&user));
    let free = |user: u64| company.user(user).unwrap().active && !holds(user);
    company.memberships().find(|membership| free(membership.user)).unwrap()
}
