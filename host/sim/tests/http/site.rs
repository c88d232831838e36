//! A simulator for one test, with a clock that the test moves and a token to call with.

use std::time::Duration;

use jiff::Timestamp;
use muster_sim::{
    Clock, Company, Config, Credentials, Limits, ManualClock, NewMembership, NewProject, NewRfi, NewUser,
    Seed, Simulator,
};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};

/// What a call was answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) text: String,
    /// The body, `null` if it is no JSON.
    pub(crate) body: Value,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub(crate) fn number(&self, name: &str) -> u64 {
        self.header(name).unwrap().parse().unwrap()
    }

    /// Returns the URL of a rel of `Link`.
    pub(crate) fn link(&self, rel: &str) -> Option<String> {
        let rel = format!("rel=\"{rel}\"");
        let link = self.header("link")?.split(", ").find(|link| link.ends_with(&rel))?;
        Some(link.split_once('<')?.1.split_once('>')?.0.to_owned())
    }

    /// Returns the ids of a list.
    pub(crate) fn ids(&self) -> Vec<u64> {
        self.body.as_array().unwrap().iter().map(|item| item["id"].as_u64().unwrap()).collect()
    }

    /// Returns a key of every item of a list.
    pub(crate) fn all(&self, key: &str) -> Vec<Value> {
        self.body.as_array().unwrap().iter().map(|item| item[key].clone()).collect()
    }
}

/// Returns the keys of an object, sorted.
pub(crate) fn keys(object: &Value) -> Vec<&str> {
    let mut keys: Vec<_> = object.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

pub(crate) async fn send(request: RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let text = response.text().await.unwrap();
    let body = serde_json::from_str(&text).unwrap_or_default();
    Answer { status, headers, text, body }
}

/// A running simulator with what a test needs of it.
pub(crate) struct Site {
    pub(crate) simulator: Simulator,
    pub(crate) clock: ManualClock,
    pub(crate) client: Client,
    pub(crate) token: String,
    /// The id of the company.
    pub(crate) id: u64,
}

/// The time at which the clock of every test stands at first.
pub(crate) fn start() -> Timestamp {
    "2026-07-02T08:00:00Z".parse().unwrap()
}

pub(crate) fn config() -> Config {
    Config { limits: Limits::NONE, ..Config::default() }
}

impl Site {
    /// Serves a company without limits.
    pub(crate) async fn of(company: Company) -> Self {
        Self::with(config(), company).await
    }

    /// Serves the made-up company of 60 people.
    pub(crate) async fn seeded() -> Self {
        Self::of(Company::seeded(&Seed { seed: 7, users: 60, projects: 8, rfis: 40 })).await
    }

    pub(crate) async fn with(config: Config, company: Company) -> Self {
        let clock = ManualClock::at(start());
        let config = Config { clock: Clock::Manual(clock.clone()), ..config };
        let simulator = Simulator::start(config, company, ([127, 0, 0, 1], 0).into()).await.unwrap();
        let id = simulator.company_id();
        let mut site = Self { simulator, clock, client: Client::new(), token: String::new(), id };
        site.token = site.fetch_token().await;
        site
    }

    pub(crate) async fn fetch_token(&self) -> String {
        self.token_of(&self.simulator.credentials()).await
    }

    pub(crate) async fn token_of(&self, credentials: &Credentials) -> String {
        let body = json!({
            "grant_type": "client_credentials",
            "client_id": credentials.client_id,
            "client_secret": credentials.client_secret,
        });
        let answer = send(self.bare(Method::POST, "/oauth/token").json(&body)).await;
        answer.body["access_token"].as_str().unwrap().to_owned()
    }

    pub(crate) fn advance(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    /// Returns a request without token and company.
    pub(crate) fn bare(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.simulator.base_url()))
    }

    /// Returns a request as the app makes it. In the path, `{c}` stands for the company.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let path = path.replace("{c}", &self.id.to_string());
        self.bare(method, &path).bearer_auth(&self.token).header("Procore-Company-Id", self.id)
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        send(self.request(Method::GET, path)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Answer {
        send(self.request(Method::PATCH, path).json(&body)).await
    }

    /// Sends a form of several parts.
    pub(crate) async fn patch_form(&self, path: &str, parts: &[(&str, String)]) -> Answer {
        let part = |(name, value): &(&str, String)| {
            format!("--part\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let body = parts.iter().map(part).collect::<String>() + "--part--\r\n";
        let kind = "multipart/form-data; boundary=part";
        send(self.request(Method::PATCH, path).header("Content-Type", kind).body(body)).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        send(self.request(Method::POST, path).json(&body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        send(self.request(Method::DELETE, path)).await
    }
}

/// A company of three on one project, with an RFI: Pat manages it, and Ana and Leo were asked. Kim only looks on.
pub(crate) struct Crew {
    pub(crate) company: Company,
    pub(crate) pat: u64,
    pub(crate) ana: u64,
    pub(crate) leo: u64,
    pub(crate) kim: u64,
    pub(crate) project: u64,
    pub(crate) rfi: u64,
}

pub(crate) fn template(company: &Company, name: &str) -> u64 {
    company.template_by_name(name).unwrap().id
}

pub(crate) fn crew() -> Crew {
    let mut company = Company::new("Northgate Construction");
    let vendor = company.add_vendor("Halvorsen Steel Erectors", Some("Steel Erectors"));
    let project = company.add_project(NewProject::named("Harbor Point Tower B"));
    let mut add = |first: &str, last: &str, job: &str, vendor: Option<u64>, name: &str| {
        let template = template(&company, name);
        let job_title = Some(job.to_owned());
        let new =
            NewUser { job_title, vendor, default_template: Some(template), ..NewUser::named(first, last) };
        let id = company.add_user(new).unwrap();
        company.add_membership(NewMembership::new(id, project).with_role(job)).unwrap();
        id
    };
    let pat = add("Pat", "Moore", "Project Manager", None, "Project Manager");
    let ana = add("Ana", "Diaz", "Project Engineer", None, "Project Engineer");
    let leo = add("Leo", "Cruz", "Detailer", Some(vendor), "Subcontractor");
    let kim = add("Kim", "Ito", "Estimator", None, "Read Only");
    let mut new = NewRfi::open(project, "Slab edge dimension at grid C-4", pat, &[ana, leo]);
    new.required.insert(ana);
    let rfi = company.add_rfi(new).unwrap();
    Crew { company, pat, ana, leo, kim, project, rfi }
}
