//! Plain requests to everything that the simulator serves, without the client.

use std::collections::BTreeMap;

use muster_sim::{Account, Company, User};
use reqwest::{Client, Method, StatusCode, Url, redirect};
use serde_json::{Value, json};

use crate::catalog::Catalog;
use crate::check::scalar;
use crate::exchange::Exchange;
use crate::form;
use crate::schema::Schema;
use crate::site::Site;

mod items;
mod rows;

pub(crate) use items::ITEMS;
pub(crate) use rows::{GUIDE, REQUESTS, Row};

/// What a request is sent as.
#[derive(Clone, Copy, PartialEq)]
enum Caller {
    Somebody,
    Nobody,
    Foreigner,
}

/// Sends every request, then each operation with every parameter that the reference has for it, and then as somebody whom
/// the simulator has to refuse. Returns what was answered otherwise than expected.
pub(crate) async fn drive(site: &Site, catalog: &Catalog, rows: &[Row]) -> Vec<String> {
    let mut driver = Driver::new(site);
    let token = driver.token().await;
    let mut wrong = Vec::new();
    for (line, body, status) in rows {
        let line = driver.filled(line);
        let (got, answer) = driver.ask(&line, &driver.filled(body), Caller::Somebody, &token).await;
        if got != *status {
            wrong.push(format!("{line}: {got}, expected {status}: {answer}"));
        }
        driver.learn(&answer);
        if *status >= 300 || !line.contains(" /rest/") {
            continue;
        }
        if line.starts_with("GET ") {
            for line in with_parameters(catalog, &line) {
                let got = driver.send(&line, "", Caller::Somebody, &token).await;
                if got != 200 {
                    wrong.push(format!("{line}: {got}, though the reference has this parameter"));
                }
            }
        }
        for (caller, status) in [(Caller::Nobody, 401), (Caller::Foreigner, 403)] {
            let got = driver.send(&line, &driver.filled(body), caller, &token).await;
            let exempt = ["GET /rest/v1.0/me", "GET /rest/v1.0/companies"].contains(&line.as_str());
            if got != status && !(exempt && caller == Caller::Foreigner) {
                wrong.push(format!("{line}: {got} to somebody who is to get {status}"));
            }
        }
    }
    wrong
}

/// Sends every request once as a service account, whatever is answered.
pub(crate) async fn ask_all(site: &Site, rows: &[Row], account: &Account) {
    let mut driver = Driver::new(site);
    driver.names.insert("client_id", account.credentials.client_id.clone());
    driver.names.insert("client_secret", account.credentials.client_secret.clone());
    let token = driver.token().await;
    for (line, body, _) in rows {
        let (line, body) = (driver.filled(line), driver.filled(body));
        let (_, answer) = driver.ask(&line, &body, Caller::Somebody, &token).await;
        driver.learn(&answer);
    }
    driver.send(&driver.filled(rows[0].0), &driver.filled(rows[0].1), Caller::Nobody, &token).await;
}

/// Returns the request with each parameter of the reference that it does not have yet, and each of its choices.
fn with_parameters(catalog: &Catalog, line: &str) -> Vec<String> {
    let (path, query) = line.split_once('?').unwrap_or((line, ""));
    let (method, path) = path.split_once(' ').unwrap();
    let asked = Exchange { method: method.to_owned(), path: path.to_owned(), ..Exchange::default() };
    let Some(operation) = catalog.find(&asked) else { return Vec::new() };
    let mut lines = Vec::new();
    for (name, schema) in &operation.query.properties {
        if query.contains(&format!("{name}=")) || !schema.is_known() {
            continue;
        }
        // A company or project that is not there is refused, as is a cursor that was not given; a text may stand for a
        // choice.
        let own = ["company_id", "project_id", "filters[type]", "sort[attribute]", "cursor"];
        let own = own.contains(&name.as_str());
        if own {
            continue;
        }
        let name = match schema.kind() {
            Some("array") if !name.ends_with("[]") => format!("{name}[]"),
            _ => name.clone(),
        };
        for value in values(&name, schema) {
            let and = if query.is_empty() { "" } else { "&" };
            lines.push(format!("{method} {path}?{query}{and}{name}={value}"));
        }
    }
    lines
}

/// Returns values that a parameter may have.
fn values(name: &str, schema: &Schema) -> Vec<String> {
    if let Some(choices) = &schema.choices {
        return choices.iter().filter(|choice| !choice.is_null()).map(scalar::spelled).collect();
    }
    let one = match (schema.kind(), name) {
        (Some("array"), _) => return schema.items.as_deref().map_or(Vec::new(), |items| values(name, items)),
        (Some("boolean"), _) => return vec!["true".to_owned(), "false".to_owned()],
        (Some("integer"), "per_page") => "3",
        (Some("integer"), _) => "1",
        (_, "updated_after") => "2020-01-01",
        (_, "filters[created_at]" | "filters[updated_at]" | "filters[due_date]") => "2020-01-01...2030-01-01",
        (Some("string"), "filters[status][]") => "closed",
        (Some("string"), _) if name.ends_with("_id]") || name.ends_with("subtype]") => "1",
        (Some("string"), _) => "a",
        _ => return Vec::new(),
    };
    vec![one.to_owned()]
}

/// Returns more rows of a bulk change than are worked off at once.
fn many(company: &Company, project: u64) -> String {
    let row = |user: &User| format!(r#"{{"user_id":"{}","project_id":"{project}"}}"#, user.id);
    company.users().take(51).map(row).collect::<Vec<_>>().join(",")
}

struct Driver<'a> {
    site: &'a Site,
    client: Client,
    names: BTreeMap<&'static str, String>,
}

impl<'a> Driver<'a> {
    fn new(site: &'a Site) -> Self {
        let mut names = site.names();
        names.insert("many", many(&site.company, names["other_project"].parse().unwrap()));
        let client = Client::builder().no_proxy().redirect(redirect::Policy::none()).build().unwrap();
        Self { site, client, names }
    }

    /// Remembers what later requests name.
    fn learn(&mut self, answer: &Value) {
        let places = [
            ("batch", "/data/0/batch_id"),
            ("refresh_token", "/refresh_token"),
            ("code", "/code"),
            ("observation_type", "/0/type/id"),
            ("assignment", "/0/assignments/0/id"),
            ("approver", "/0/approvers/0/id"),
            ("asked", "/approvers/0/id"),
            ("response", "/0/approvers/0/response/id"),
            ("step", "/data/current_step_occurrence/id"),
            ("step_group", "/data/responsible_group_memberships/0/responsible_group_uuid"),
        ];
        for (name, place) in places {
            match answer.pointer(place) {
                Some(Value::String(found)) => _ = self.names.insert(name, found.clone()),
                Some(Value::Number(found)) => _ = self.names.insert(name, found.to_string()),
                _ => {}
            }
        }
    }

    /// Puts ids where their names are.
    fn filled(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (name, id) in &self.names {
            text = text.replace(&format!("{{{name}}}"), id);
        }
        text
    }

    async fn token(&self) -> String {
        let (line, form, _) = rows::TOKEN;
        let url = format!("{}{}", self.site.recorder.base_url(), line.trim_start_matches("POST "));
        let form = self.filled(form);
        let request = self.client.post(url).header("content-type", "application/x-www-form-urlencoded");
        let answer: Value = request.body(form).send().await.unwrap().json().await.unwrap();
        answer["access_token"].as_str().unwrap().to_owned()
    }

    async fn send(&self, line: &str, body: &str, caller: Caller, token: &str) -> StatusCode {
        self.ask(line, body, caller, token).await.0
    }

    /// Returns the status and the body, or the query of where the answer sends the caller to.
    async fn ask(&self, line: &str, body: &str, caller: Caller, token: &str) -> (StatusCode, Value) {
        let (method, target) = line.split_once(' ').unwrap();
        let method: Method = method.parse().unwrap();
        let mut request = self.client.request(method, format!("{}{target}", self.site.recorder.base_url()));
        if target == "/oauth/token/info" {
            request = request.bearer_auth(token);
        }
        if target.starts_with("/rest/") {
            let company = if caller == Caller::Foreigner { "1" } else { &self.names["company"] };
            request = request.header("procore-company-id", company);
            if caller != Caller::Nobody {
                request = request.bearer_auth(token);
            }
        }
        if body.starts_with('{') {
            request = request.header("content-type", "application/json").body(body.to_owned());
        } else if let Some(form) = body.strip_prefix('+') {
            let (media, form) = form::of_parts(&form::pairs(form));
            request = request.header("content-type", media).body(form);
        } else if !body.is_empty() {
            let form = "application/x-www-form-urlencoded";
            request = request.header("content-type", form).body(body.to_owned());
        }
        let answer = request.send().await.unwrap();
        let status = answer.status();
        let location = answer.headers().get("location").map(|to| to.to_str().unwrap().parse().unwrap());
        let query = |to: Url| json!(to.query_pairs().into_owned().collect::<BTreeMap<String, String>>());
        (status, location.map(query).unwrap_or(answer.json().await.unwrap_or_default()))
    }
}
