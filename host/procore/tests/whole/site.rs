//! A small company, a simulator of it, and connections to it.

use std::time::Duration;

use muster_core::id::CompanyId;
use muster_procore::{Connection, Dialect, SecretString, Settings, Url, connect};
use muster_sim::{
    Category, Clock, Company, Config, Level, Limits, ManualClock, NewMembership, NewProject, NewUser,
    Simulator, TemplateKind,
};

/// How many projects the company has: with its users they make more pairs than are answered at once.
pub(crate) const PROJECTS: usize = 6;

/// The users at the start; the last two belong to a vendor that is inactive.
const USERS: [&str; 9] = ["Abe", "Bea", "Cid", "Dot", "Eve", "Fay", "Gus", "Hal", "Ida"];

/// Returns a company in which everything is there once: people with a login and without, of a vendor in use and of one that
/// is not, templates of each kind, a membership that a group manages, and a distribution group.
pub(crate) fn company() -> Company {
    let mut company = Company::new("Small Construction");
    let projects: Vec<u64> = (1..=PROJECTS)
        .map(|number| company.add_project(NewProject::named(&format!("Site {number}"))))
        .collect();
    let kind = TemplateKind::ProjectSpecific { project: projects[0] };
    company.add_template("Only Site 1", kind, Category::Internal, &[("directory", Level::ReadOnly)]);
    let vendors = [company.add_vendor("Working Ltd", None), company.add_vendor("Resting Ltd", None)];
    let global = company.template_by_name("Superintendent").unwrap().id;
    let users: Vec<u64> =
        USERS.iter().map(|name| company.add_user(NewUser::named(name, "Old")).unwrap()).collect();
    for (number, id) in users.iter().enumerate() {
        let mut user = company.user(*id).unwrap().clone();
        user.employee = number % 2 == 0;
        user.vendor = Some(vendors[usize::from(number >= 7)]);
        user.default_template = (number % 3 == 0).then_some(global);
        user.active = number % 4 != 3;
        user.employee_id = user.employee_id.filter(|_| user.employee);
        company.put_user(user).unwrap();
        let project = projects[number % PROJECTS];
        company.add_membership(NewMembership::new(*id, project).with_template(global)).unwrap();
    }
    company.set_managed(users[0], projects[0], true);
    company.add_distribution_group("Safety", Some(projects[0]), &[users[0], users[6]]).unwrap();
    company.set_vendor_active(vendors[1], false).unwrap();
    for (name, active) in [("Leo", true), ("Mia", true), ("Noa", false)] {
        let id = company.add_contact(name, "Guest");
        let mut contact = company.contact(id).unwrap().clone();
        contact.active = active;
        company.put_contact(contact).unwrap();
        company.add_contact_membership(id, projects[1]).unwrap();
    }
    company
}

/// A simulator whose clock stands until somebody waits.
pub(crate) struct Site {
    pub(crate) simulator: Simulator,
    pub(crate) clock: ManualClock,
    dialect: Dialect,
}

impl Site {
    /// Starts a simulator whose lists have at most so many rows a page.
    pub(crate) async fn start(dialect: Dialect, company: Company, page_max: u32) -> Self {
        let spoken = match dialect {
            Dialect::Reference => muster_sim::Dialect::Reference,
            Dialect::Guide => muster_sim::Dialect::Guide,
        };
        let clock = ManualClock::at("2026-07-02T08:00:00.4Z".parse().unwrap());
        let config = Config {
            clock: Clock::Manual(clock.clone()),
            dialect: spoken,
            // Never reached, and the shorter one has less left, so that it is the one that answers speak of.
            limits: Limits { hourly: 10_000_000, spike: 1_000_000 },
            page_max,
            ..Config::default()
        };
        let simulator = Simulator::start(config, company, ([127, 0, 0, 1], 0).into()).await.unwrap();
        Self { simulator, clock, dialect }
    }

    pub(crate) fn connect(&self) -> Connection {
        let url: Url = self.simulator.base_url().parse().unwrap();
        let credentials = self.simulator.credentials();
        let secret = SecretString::from(credentials.client_secret);
        let company = CompanyId::new(self.simulator.company_id());
        let mut settings = Settings::new(url.clone(), url, company, credentials.client_id, secret);
        settings.dialect = self.dialect;
        connect(settings).unwrap()
    }

    /// Lets the simulator work on what it goes on with after an answer.
    pub(crate) fn wait(&self) {
        self.clock.advance(Duration::from_secs(10));
    }
}
