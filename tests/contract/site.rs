//! A simulator behind a recorder, and the names of what is in its company.

use std::collections::BTreeMap;

use muster_core::id::CompanyId;
use muster_procore::{Connection, SecretString, Settings, connect};
use muster_sim::{Company, Config, Limits, NewMembership, NewUser, RfiStatus, Seed, Simulator, User};

use crate::recorder::Recorder;

/// A simulator behind a recorder.
pub(crate) struct Site {
    pub(crate) simulator: Simulator,
    pub(crate) recorder: Recorder,
    /// The company as it was at the start.
    pub(crate) company: Company,
}

impl Site {
    /// Starts both, with a company that is always the same: a seeded one with what seeds don't have.
    pub(crate) async fn start() -> Self {
        let seed = Seed { seed: 7, users: 60, projects: 8, rfis: 60 };
        let config = Config { seed, limits: Limits::NONE, ..Config::default() };
        let company = company(&seed);
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
        let member = memberships.next().unwrap();
        let other = memberships.find(|other| other.user != member.user && other.project != member.project);
        let other = other.unwrap();
        let rfi = company.rfis().find(|rfi| rfi.status == RfiStatus::Open).unwrap();
        let own = company.own_vendor();
        let gone = company.members(member.project).find(|member| !company.user(member.user).unwrap().active);
        let gone = gone.unwrap().user;
        let of_own = |user: &&User| !user.active && user.vendor == Some(own) && user.id != gone;
        let inactive = company.users().find(of_own).unwrap().id;
        let lapsed = company.vendors().find(|vendor| !vendor.active).unwrap();
        let contacts: Vec<u64> = company.contacts().map(|contact| contact.id).collect();
        let contact = company.contact_members(member.project).next().unwrap();
        let group = |of_project: bool| {
            company.distribution_groups().find(|group| group.project.is_some() == of_project).unwrap().id
        };
        let template = member.template.or(other.template).unwrap();
        let credentials = self.simulator.credentials();
        let party = |user: u64| company.user(user).unwrap().party_id;
        let ids = [
            ("company", company.id()),
            ("user", member.user),
            ("party", party(member.user)),
            ("other", other.user),
            ("other_project", other.project),
            ("inactive", inactive),
            ("inactive_party", party(inactive)),
            ("gone", gone),
            ("project", member.project),
            ("rfi", rfi.id),
            ("rfi_project", rfi.project),
            ("manager", rfi.manager),
            ("template", template),
            ("vendor", own),
            ("inactive_vendor", lapsed.id),
            ("contact", contacts[0]),
            ("inactive_contact", contacts[1]),
            ("free_contact", contacts[2]),
            ("freer_contact", contacts[3]),
            ("contact_membership", contact.id),
            ("group", group(true)),
        ];
        let texts = [("client_id", credentials.client_id), ("client_secret", credentials.client_secret)];
        ids.into_iter().map(|(name, id)| (name, id.to_string())).chain(texts).collect()
    }
}

/// Returns a company in which there is something of everything.
fn company(seed: &Seed) -> Company {
    let mut company = Company::seeded(seed);
    let project = company.memberships().find(|member| company.user(member.user).unwrap().active);
    let (user, project) = project.map(|member| (member.user, member.project)).unwrap();
    let contacts = ["Cruz", "Lind", "Okafor", "Varga"].map(|name| company.add_contact("Leo", name));
    let mut known = company.contact(contacts[0]).unwrap().clone();
    known.email = Some("leo@example.com".to_owned());
    known.vendor = Some(company.own_vendor());
    company.put_contact(known).unwrap();
    for contact in &contacts[..2] {
        company.add_contact_membership(*contact, project).unwrap();
    }
    company.set_person_active(contacts[1], false).unwrap();
    company.add_distribution_group("Everybody", None, &[user]).unwrap();
    company.add_distribution_group("Site", Some(project), &[user]).unwrap();
    for vendor in ["Lapsed Drywall", "Lapsed Roofing"] {
        let lapsed = company.add_vendor(vendor, Some("Drywall"));
        company.set_vendor_active(lapsed, false).unwrap();
    }
    let own = Some(company.own_vendor());
    for (number, name) in ["Ira", "Uma", "Eli"].into_iter().enumerate() {
        let email = format!("{name}@example.com").to_lowercase();
        let new = NewUser { email: Some(email), vendor: own, ..NewUser::named(name, "Gone") };
        let gone = company.add_user(new).unwrap();
        if number == 2 {
            company.add_membership(NewMembership::new(gone, project)).unwrap();
        }
        company.set_active(gone, false).unwrap();
    }
    company
}
