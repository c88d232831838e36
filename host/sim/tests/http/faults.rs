//! What goes wrong by script: every trouble over real connections, and at which calls it strikes.

use std::time::Duration;

use muster_sim::{
    Config, Dialect, Fault, NewCoordinationIssue, NewPunchItem, NewSubmittal, NewTask, Rule, Script, Trouble,
    When,
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::site::{Crew, Site, config, crew, send};

const ME: &str = "/rest/v1.0/me";
const UPDATE: &str = "PATCH /rest/v1.3/companies/{company_id}/users/{id}";

impl Site {
    fn script(&self, script: &str) {
        self.simulator.set_script(script.parse().unwrap());
    }

    /// Returns the status of a call, or nothing if the connection ended without an answer.
    async fn status(&self, path: &str) -> Option<u16> {
        let response = self.request(Method::GET, path).send().await.ok()?;
        let status = response.status().as_u16();
        response.bytes().await.ok().map(|_| status)
    }

    async fn last(&self) -> Value {
        let requests = send(self.bare(Method::GET, "/sim/requests")).await;
        requests.body.as_array().unwrap().last().unwrap().clone()
    }
}

async fn deactivate(site: &Site, user: u64) -> Result<reqwest::Response, reqwest::Error> {
    let path = format!("/rest/v1.3/companies/{{c}}/users/{user}");
    site.request(Method::PATCH, &path).json(&json!({ "user": { "is_active": false } })).send().await
}

fn active(site: &Site, user: u64) -> bool {
    site.simulator.with_company(|company| company.user(user).unwrap().active)
}

#[tokio::test]
async fn a_connection_that_is_dropped_before_leaves_everything_as_it_was() {
    let Crew { company, ana, .. } = crew();
    let site = Site::of(company).await;
    site.script(&format!("drop-before {UPDATE} first=1"));
    assert!(deactivate(&site, ana).await.is_err());
    assert!(active(&site, ana));
    let last = site.last().await;
    assert_eq!((&last["status"], &last["faults"]), (&Value::Null, &json!(["drop-before"])));
    assert_eq!(deactivate(&site, ana).await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_connection_that_is_dropped_after_has_its_effect() {
    let Crew { company, ana, leo, .. } = crew();
    let site = Site::of(company).await;
    site.script(&format!("drop-after {UPDATE}"));
    assert!(deactivate(&site, ana).await.is_err());
    site.script(&format!("broken-off {UPDATE}"));
    let half = deactivate(&site, leo).await.unwrap();
    assert_eq!(half.status(), 200, "the head is sent whole");
    assert!(half.bytes().await.is_err());
    assert!(!active(&site, ana) && !active(&site, leo));
    assert_eq!(site.simulator.calls().of(UPDATE), 2);
}

#[tokio::test]
async fn an_answer_without_a_body_that_breaks_off_is_not_sent() {
    let Crew { company, ana, project, .. } = crew();
    let site = Site::of(company).await;
    site.script("broken-off *");
    let path = format!("/rest/v1.0/projects/{project}/users/{ana}/actions/remove");
    assert!(site.request(Method::DELETE, &path).send().await.is_err());
    assert!(site.simulator.with_company(|company| company.membership(ana, project).is_none()));
}

#[tokio::test]
async fn a_service_in_difficulties_refuses_with_or_without_retry_after() {
    let Crew { company, ana, .. } = crew();
    let site = Site::of(company).await;
    for status in [500, 502, 503, 429] {
        site.script(&format!("{status} {UPDATE}"));
        let answer = deactivate(&site, ana).await.unwrap();
        assert_eq!(
            (answer.status(), answer.headers().get("retry-after")),
            (status.try_into().unwrap(), None)
        );
        assert!(answer.headers().contains_key("x-rate-limit-remaining"));
        site.script(&format!("{status},retry-after=30 {UPDATE}"));
        assert_eq!(deactivate(&site, ana).await.unwrap().headers()["retry-after"], "30");
    }
    assert!(active(&site, ana));
    assert_eq!((site.simulator.calls().throttled, site.simulator.calls().of(UPDATE)), (2, 6));
}

#[tokio::test]
async fn bodies_are_truncated_or_malformed_or_a_page() {
    let site = Site::of(crew().company).await;
    let whole = site.get(ME).await;
    for fault in ["truncated", "malformed"] {
        site.script(&format!("{fault} GET {ME}"));
        let answer = site.get(ME).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, whole.header("content-type")));
        assert!(serde_json::from_str::<Value>(&answer.text).is_err(), "{}", answer.text);
        assert!(whole.text.contains(&answer.text) && answer.text.len() < whole.text.len());
    }
    site.script("html *");
    let answer = site.get(ME).await;
    assert_eq!((answer.status, answer.header("content-type")), (502, Some("text/html; charset=utf-8")));
    assert!(answer.text.contains("<h1>502 Bad Gateway</h1>"));
}

#[tokio::test]
async fn a_token_expires_in_the_middle_and_a_new_one_works() {
    let site = Site::of(crew().company).await;
    site.script("token-expires * nth=2");
    assert_eq!(site.status(ME).await, Some(200));
    assert_eq!(site.get(ME).await.body["message"], "The access token expired");
    assert_eq!(site.status(ME).await, Some(401), "it stays expired");
    let renewed = Site { token: site.fetch_token().await, ..site };
    assert_eq!(renewed.status(ME).await, Some(200));
}

#[tokio::test]
async fn a_change_that_is_not_made_is_answered_as_if_it_were() {
    let Crew { company, ana, leo, project, .. } = crew();
    let site = Site::of(company).await;
    let before = site.simulator.export();
    site.script(&format!("not-made {UPDATE} sending=is_active"));
    let answer = deactivate(&site, ana).await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.json::<Value>().await.unwrap()["is_active"], false);
    assert_eq!(site.simulator.export(), before);
    let path = format!("/rest/v1.3/companies/{{c}}/users/{ana}");
    let renamed = site.patch(&path, json!({ "user": { "job_title": "Estimator" } })).await;
    assert_eq!((renamed.status, active(&site, ana)), (200, true));
    assert_eq!(
        site.get(&path).await.body["job_title"],
        "Estimator",
        "the field is not the one that was named"
    );
    site.script("not-made *");
    for user in [ana, leo] {
        let remove = format!("/rest/v1.0/projects/{project}/users/{user}/actions/remove");
        assert_eq!(site.delete(&remove).await.status, 204);
        assert!(site.simulator.with_company(|company| company.membership(user, project).is_some()));
    }
    let unknown = site.delete(&format!("/rest/v1.0/projects/{project}/users/1/actions/remove")).await;
    assert_eq!(unknown.status, 404, "what can't be done is refused all the same");
}

#[tokio::test]
async fn a_deletion_may_leave_behind_what_refers_to_whoever_was_deleted() {
    for orphans in [false, true] {
        let Crew { mut company, kim, project, .. } = crew();
        let group = company.add_distribution_group("Site team", Some(project), &[kim]).unwrap();
        let site = Site::with(Config { dialect: Dialect::Guide, ..config() }, company).await;
        if orphans {
            site.script("orphans *");
        }
        let path = format!("/rest/v1.0/companies/{{c}}/users/{kim}");
        assert_eq!(site.delete(&path).await.status, 204);
        assert_eq!(site.get(&path).await.status, 404);
        let memberships = site.get(&format!("/rest/v1.0/projects/{project}/project_memberships")).await;
        let left = memberships.all("party_id").contains(&Value::Null);
        let named = site.simulator.with_company(|company| {
            company.distribution_groups().find(|found| found.id == group).unwrap().users.contains(&kim)
        });
        assert_eq!((left, named), (orphans, orphans));
    }
}

#[tokio::test]
async fn what_is_swallowed_in_one_dialect_is_in_the_other() {
    let Crew { company, ana, project, .. } = crew();
    let site = Site::with(Config { dialect: Dialect::Guide, ..config() }, company).await;
    site.simulator.set_faults(Fault::ALL);
    let remove = format!("/rest/v1.0/projects/{project}/users/{ana}");
    assert_eq!(site.delete(&remove).await.status, 204);
    let path = format!("/rest/v1.0/companies/{{c}}/users/{ana}");
    assert_eq!(site.patch(&path, json!({ "user": { "is_active": false } })).await.status, 200);
    assert!(active(&site, ana));
    assert!(site.simulator.with_company(|company| company.membership(ana, project).is_some()));
}

#[tokio::test]
async fn rows_are_added_and_deleted_while_a_list_is_paged() {
    let site = Site::of(crew().company).await;
    let path = "/rest/v1.3/companies/{c}/users?per_page=2";
    let all = site.get("/rest/v1.3/companies/{c}/users").await.ids();
    assert_eq!(all.len(), 5);
    let pages = async || {
        let (first, second) = (site.get(path).await, site.get(&format!("{path}&page=2")).await);
        let totals = (first.number("total"), second.number("total"));
        ([first.ids(), second.ids()].concat(), totals)
    };
    site.script("row-added * first=1");
    assert_eq!(pages().await, (vec![all[0], all[1], all[1], all[2]], (5, 6)));
    assert_eq!(pages().await, (all[..4].to_vec(), (5, 5)), "only the first later page was struck");
    site.script("row-deleted *");
    assert_eq!(pages().await, (vec![all[0], all[1], all[3], all[4]], (5, 4)));
}

#[tokio::test]
async fn a_late_answer_has_its_effect_at_once() {
    let Crew { company, ana, .. } = crew();
    let site = Site::of(company).await;
    site.script(&format!("late=600s {UPDATE}"));
    let path = format!("/rest/v1.3/companies/{{c}}/users/{ana}");
    let body = json!({ "user": { "is_active": false } });
    let request = site.request(Method::PATCH, &path).json(&body).timeout(Duration::from_millis(500));
    assert!(request.send().await.unwrap_err().is_timeout());
    assert!(!active(&site, ana));
}

#[tokio::test]
async fn a_rule_strikes_the_calls_that_it_names() {
    let site = Site::of(crew().company).await;
    let calls = async |count: usize| {
        let mut statuses = Vec::new();
        for _ in 0..count {
            statuses.push(site.status(ME).await.unwrap());
        }
        statuses
    };
    site.script("500 * nth=2; 502 GET /rest/v1.0/me first=1");
    site.status("/rest/v1.0/companies").await;
    assert_eq!(calls(3).await, [500, 200, 200], "both strike, the first rule counts");
    let chance = || Script::from_iter([Rule::new(Trouble::Html, "*").unwrap().at(When::Percent(50))]);
    site.simulator.set_script(chance());
    let first = calls(40).await;
    assert!(first.contains(&200) && first.contains(&502));
    site.simulator.set_script(chance());
    assert_eq!(calls(40).await, first, "chance is the same every time");
}

#[tokio::test]
async fn the_token_endpoint_has_troubles_too() {
    let site = Site::of(crew().company).await;
    let ask = || {
        let credentials = site.simulator.credentials();
        let form = [
            ("grant_type", "client_credentials".to_owned()),
            ("client_id", credentials.client_id),
            ("client_secret", credentials.client_secret),
        ];
        site.bare(Method::POST, "/oauth/token").form(&form).send()
    };
    site.script("drop-after POST /oauth/token nth=1; 503 POST /oauth/token nth=2");
    let before = site.simulator.tokens().len();
    assert!(ask().await.is_err());
    assert_eq!(site.simulator.tokens().len(), before + 1, "it was given out all the same");
    assert_eq!(ask().await.unwrap().status(), 503);
    assert_eq!(ask().await.unwrap().status(), 200);
}

#[tokio::test]
async fn scripts_are_set_over_http_in_every_form_and_refused_with_a_reason() {
    let site = Site::of(crew().company).await;
    let put = async |script: Value| send(site.bare(Method::PUT, "/sim/faults").json(&script)).await;
    let rule = json!({ "fault": "503,retry-after=7", "operation": format!("GET {ME}"), "when": "first=1" });
    let set = put(json!([rule, "html GET /rest/v1.1/projects"])).await;
    let second = json!({ "fault": "html", "operation": "GET /rest/v1.1/projects", "when": "every" });
    assert_eq!((set.status, set.body), (200, json!([rule, second])));
    assert_eq!(site.get(ME).await.number("retry-after"), 7);
    let refused = put(json!(["html GET /rest/v9/me"])).await;
    assert_eq!(refused.status, 400);
    assert!(refused.text.contains("there is GET /rest/v1.0/me"), "{}", refused.text);
    assert_eq!(site.get("/rest/v1.1/projects").await.status, 502, "the script before still plays");
    assert!(!put(json!(["storm=4"])).await.body.as_array().unwrap().is_empty());
}

#[tokio::test]
async fn a_storm_ends_every_call_in_an_answer_or_a_lost_connection() {
    let mut seen = Vec::new();
    for _ in 0..2 {
        let site = Site::of(crew().company).await;
        site.script("storm=11");
        let mut statuses = Vec::new();
        for _ in 0..60 {
            statuses.push(site.status("/rest/v1.3/companies/{c}/users?page=2&per_page=2").await);
        }
        seen.push(statuses);
    }
    assert_eq!(seen[0], seen[1]);
    assert!(seen[0].iter().any(|status| *status != Some(200)), "{:?}", seen[0]);
}

#[tokio::test]
async fn giving_items_of_any_kind_to_others_can_be_dropped_silently() {
    let Crew { mut company, pat, ana, leo, project, rfi, .. } = crew();
    let punch = company.add_punch_item(NewPunchItem::open(project, "Touch up paint", pat, &[ana])).unwrap();
    let submittal = company.add_submittal(NewSubmittal::open(project, "Steel", pat, &[&[ana]])).unwrap();
    let task = company.add_task(NewTask::open(project, "Close out permits", &[ana])).unwrap();
    let issue = company.add_coordination_issue(NewCoordinationIssue::open(project, "Duct", ana)).unwrap();
    let site = Site::of(company).await;
    site.simulator.set_faults([Fault::IgnoreReassignment, Fault::IgnoreClosing]);
    let before = site.simulator.export();
    let rows = json!({ "data": [{ "id": rfi.to_string(), "add_assignee_ids": [pat] }] });
    assert_eq!(site.patch(&format!("/rest/v1.0/projects/{project}/rfis"), rows).await.status, 200);
    let fields = json!({ "name": "Touch up paint", "login_information_ids": [leo] });
    let fields = json!({ "project_id": project, "punch_item": fields });
    let given = site.patch(&format!("/rest/v1.1/punch_items/{punch}"), fields).await;
    assert_eq!(given.body["assignments"][0]["login_information"]["id"], leo);
    let parts = [
        ("submittal[number]", "1".to_owned()),
        ("submittal[workflow_data][0][0][login_information_id]", leo.to_string()),
    ];
    let given =
        site.patch_form(&format!("/rest/v1.1/projects/{project}/submittals/{submittal}"), &parts).await;
    assert_eq!(given.body["approvers"][0]["user"]["id"], leo, "{}", given.text);
    let closed = json!({ "task_item": { "status": "closed" } });
    let closed = site.patch(&format!("/rest/v1.0/task_items/{task}?project_id={project}"), closed).await;
    assert_eq!(closed.body["status"], "closed");
    let assignment = json!({ "assignee_id": leo });
    let assignment = json!({ "project_id": project, "coordination_issue_assignment": assignment });
    let made = site.post(&format!("/rest/v1.0/coordination_issues/{issue}/assignments"), assignment).await;
    assert_eq!((made.status, &made.body["new_assignee_id"]), (201, &json!(leo)));
    assert_eq!(site.simulator.export(), before);
}
