//! Runs `sdk.mjs` with node against simulators of this process, and looks at what it left in the company.

use muster_sim::{Company, Config, Limits, Seed, Simulator, User};
use serde::Serialize;
use tokio::process::Command;

use crate::{node, suite};

/// What the script is told.
#[derive(Debug, Serialize)]
struct Told {
    site: Access,
    /// A simulator that lets one call through in an hour.
    throttled: Access,
    scene: Scene,
}

/// How a simulator is reached.
#[derive(Debug, Serialize)]
struct Access {
    url: String,
    company: u64,
    client_id: String,
    client_secret: String,
}

/// What there is to find in the company, as the company itself says: ids, sorted.
#[derive(Debug, Serialize)]
struct Scene {
    active: Vec<u64>,
    everybody: Vec<u64>,
    /// Somebody active who is on the project.
    person: u64,
    project: u64,
    /// The active people of the project.
    members: Vec<u64>,
    inactive: u64,
}

impl Scene {
    /// Chooses a project and its first member, and takes the login of the last user away, who is somebody else.
    fn set(company: &mut Company) -> Self {
        let inactive = company.users().last().unwrap().id;
        company.set_active(inactive, false).unwrap();
        let ids = |keeps: &dyn Fn(&User) -> bool| -> Vec<u64> {
            company.users().filter(|user| keeps(user)).map(|user| user.id).collect()
        };
        let project = company.memberships().next().unwrap().project;
        let members = ids(&|user| user.active && company.membership(user.id, project).is_some());
        let person = *members.iter().find(|id| **id != company.service_account()).unwrap();
        let (active, everybody) = (ids(&|user| user.active), ids(&|_| true));
        Self { active, everybody, person, project, members, inactive }
    }
}

async fn simulator(limits: Limits) -> Simulator {
    let seed = Seed { seed: 7, users: 60, projects: 8, rfis: 40 };
    let company = Company::seeded(&seed);
    let config = Config { seed, limits, ..Config::default() };
    Simulator::start(config, company, ([127, 0, 0, 1], 0).into()).await.unwrap()
}

fn access(simulator: &Simulator) -> Access {
    let credentials = simulator.credentials();
    Access {
        url: simulator.base_url(),
        company: simulator.company_id(),
        client_id: credentials.client_id,
        client_secret: credentials.client_secret,
    }
}

#[tokio::test]
async fn procores_own_javascript_sdk_works_against_the_simulator_unchanged() {
    let folder = match node::with_the_sdk().await {
        Ok(folder) => folder,
        Err(missing) => return suite::skip("node", &missing),
    };
    let one_call = Limits { hourly: 1, ..Limits::NONE };
    let (site, throttled) = (simulator(Limits::NONE).await, simulator(one_call).await);
    let scene = site.with_company(Scene::set);
    let (person, project, inactive) = (scene.person, scene.project, scene.inactive);
    let user = |id: u64| site.with_company(|company| company.user(id).unwrap().clone());
    let before = user(person);

    let told = Told { site: access(&site), throttled: access(&throttled), scene };
    let told = serde_json::to_string(&told).unwrap();
    let mut script = Command::new("node");
    script.args(["--test-reporter=spec", "sdk.mjs"]).current_dir(folder);
    let (passed, said) = node::run(script.env("MUSTER_SIM", told).env("NO_COLOR", "1")).await.unwrap();
    assert!(passed, "sdk.mjs failed, and said:\n{said}");

    // What the script says that it did is what was done, and nothing beside it.
    let after = user(person);
    let job_title = Some("Gruista, 2ª torre".to_owned());
    assert_eq!(after, User { job_title, updated_at: after.updated_at, ..before });
    assert!(site.with_company(|company| company.membership(person, project).is_none()));
    assert!(!user(inactive).active);
    assert_eq!(throttled.calls().throttled, 2);
}
