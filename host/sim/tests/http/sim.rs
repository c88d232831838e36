//! The simulator's own side: state, counters, the last requests and faults.

use muster_sim::{Company, Config, Fault, Seed, Simulator};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::site::{Crew, Site, crew, send};

#[tokio::test]
async fn the_state_lists_memberships_and_items_explicitly() {
    let Crew { company, pat, ana, leo, project, rfi, .. } = crew();
    let site = Site::of(company).await;
    let state = send(site.bare(Method::GET, "/sim/state")).await;
    assert_eq!(state.body, site.simulator.export());
    let membership =
        state.body["memberships"].as_array().unwrap().iter().find(|item| item["user"] == ana).unwrap();
    assert_eq!(membership["project"], project);
    assert_eq!(membership["roles"], json!(["Project Engineer"]));
    assert!(membership["template"].is_u64());
    let item = &state.body["rfis"][0];
    assert_eq!((&item["id"], &item["manager"]), (&json!(rfi), &json!(pat)));
    assert_eq!((&item["assignees"], &item["required"]), (&json!([ana, leo]), &json!([ana])));
    assert_eq!(item["status"], "open");
}

#[tokio::test]
async fn a_company_is_taken_out_and_served_again_exactly() {
    let Crew { company, ana, project, .. } = crew();
    let site = Site::of(company).await;
    site.delete(&format!("/rest/v1.0/projects/{project}/users/{ana}/actions/remove")).await;
    site.patch(&format!("/rest/v1.3/companies/{{c}}/users/{ana}"), json!({ "user": { "is_active": false } }))
        .await;
    let fixture = send(site.bare(Method::GET, "/sim/company")).await;
    let again = Site::of(Company::from_json(&fixture.text).unwrap()).await;
    assert_eq!(send(again.bare(Method::GET, "/sim/company")).await.text, fixture.text);
    assert_eq!(again.simulator.export(), site.simulator.export());
    for path in ["/rest/v1.3/users?company_id={c}", "/rest/v1.1/projects?company_id={c}"] {
        assert_eq!(again.get(path).await.text, site.get(path).await.text);
    }
    for site in [&site, &again] {
        let reactivated = format!("/rest/v1.0/companies/{{c}}/users/inactive/{ana}");
        assert_eq!(site.patch(&reactivated, json!({})).await.status, 200);
    }
    assert_eq!(again.simulator.export(), site.simulator.export(), "both go on in the same way");
}

#[tokio::test]
async fn equal_seeds_serve_equal_states_byte_for_byte() {
    let seed = Seed { seed: 11, users: 90, projects: 10, rfis: 40 };
    let mut bodies = Vec::new();
    for _ in 0..2 {
        let site = Site::of(Company::seeded(&seed)).await;
        bodies.push(send(site.bare(Method::GET, "/sim/state")).await.text);
    }
    assert_eq!(bodies[0], bodies[1]);
}

fn digest(export: &Value) -> String {
    let digest = Sha256::digest(export.to_string().as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn the_company_of_the_usual_seed_is_always_the_same() {
    // A new digest means that a list has changed in every seeded company: that is allowed, but never by accident.
    const DIGESTS: &[(&str, &str)] = &[
        ("action_plans", "8c8ec8a6540df642"),
        ("batches", "643d5437104296e2"),
        ("company", "a3c64b1c4d653891"),
        ("contact_memberships", "1ec00803e2f8bcb5"),
        ("contacts", "bc29cb870ea89550"),
        ("coordination_issues", "7b6efe206531984d"),
        ("correspondence", "a822abda94ac9920"),
        ("correspondence_types", "f289ae6f91d9797f"),
        ("distribution_groups", "97b0b42c9af75ffa"),
        ("inspections", "df144cd9028c4311"),
        ("mails", "e6336eaf121e65d3"),
        ("meeting_topics", "ae157b979eb1f3c6"),
        ("meetings", "9285d6c7d73466bc"),
        ("memberships", "6c23b0070d672037"),
        ("observations", "52c0bc8079081e2e"),
        ("plan_assignees", "c42782910f9cc9cc"),
        ("projects", "79bf6f3ee605415c"),
        ("punch_items", "ddc1eb5a95f42f90"),
        ("rfis", "6bb4f38ebe7c3634"),
        ("submittals", "abe0ffccce2ef103"),
        ("tasks", "74adb05cf338adc8"),
        ("templates", "584bb6ed591078da"),
        ("tools_off", "9fa7d8e7dac208cd"),
        ("users", "9e6f1e33b686e7c8"),
        ("vendors", "3bf7284d70cfc88a"),
        ("workflow_presets", "9540716aa3f11987"),
        ("workflow_templates", "70bad2af2d00a200"),
        ("workflows", "ace9c7d1c0829e1e"),
    ];
    let export = Company::seeded(&Seed::default()).export();
    let lists = export.as_object().unwrap().iter().filter(|(name, _)| *name != "times");
    let found: Vec<(&str, String)> = lists
        .map(|(name, list)| (name.as_str(), digest(&json!([list, export["times"][name]]))))
        .map(|(name, digest)| (name, digest[..16].to_owned()))
        .collect();
    let found: Vec<_> = found.iter().map(|(name, digest)| (*name, digest.as_str())).collect();
    assert_eq!(found, DIGESTS);
}

#[test]
fn what_stands_in_a_directory_beside_users_changes_no_draw_of_them() {
    // The digest of the usual company when it had nothing but users, vendors, templates, projects, memberships and RFIs.
    let mut export = Company::seeded(&Seed::default()).export();
    let first = ["company", "vendors", "templates", "users", "projects", "memberships", "rfis", "times"];
    let tools = [
        "directory",
        "rfi",
        "submittals",
        "punch_list",
        "observations",
        "drawings",
        "daily_log",
        "documents",
    ];
    let tools_of_companies = ["reports", "schedule", "permissions"];
    let keep = |object: &mut Value, keys: &[&str]| {
        object.as_object_mut().unwrap().retain(|key, _| keys.contains(&key.as_str()))
    };
    let drop = |object: &mut Value, keys: &[&str]| {
        object.as_object_mut().unwrap().retain(|key, _| !keys.contains(&key.as_str()))
    };
    keep(&mut export, &first);
    keep(&mut export["times"], &first);
    for template in export["templates"].as_array_mut().unwrap() {
        keep(&mut template["levels"], &[&tools[..], &tools_of_companies].concat());
    }
    for (list, field) in [
        ("vendors", "details"),
        ("vendors", "primary_contact"),
        ("templates", "assignable"),
        ("memberships", "managed"),
    ] {
        export[list].as_array_mut().unwrap().iter_mut().for_each(|record| drop(record, &[field]));
    }
    // Some vendors were made inactive afterwards.
    for vendor in export["vendors"].as_array_mut().unwrap() {
        vendor["active"] = json!(true);
    }
    for times in export["times"]["vendors"].as_array_mut().unwrap() {
        times["updated_at"] = times["created_at"].clone();
    }
    assert_eq!(digest(&export), "e42123f9fcdf7ce3300a6b465e4e30f9b39a8af65e425ded9431ca4bf4ad08c0");
}

#[tokio::test]
async fn calls_are_counted_by_operation() {
    let Crew { company, ana, leo, project, .. } = crew();
    let site = Site::of(company).await;
    send(site.bare(Method::POST, "/sim/calls/reset")).await;
    site.get("/rest/v1.3/companies/{c}/users").await;
    site.get("/rest/v1.3/companies/{c}/users?page=2").await;
    for user in [ana, leo, 1] {
        site.delete(&format!("/rest/v1.0/projects/{project}/users/{user}/actions/remove")).await;
    }
    site.get("/rest/v1.0/nowhere").await;
    let calls = send(site.bare(Method::GET, "/sim/calls")).await;
    let expected = json!({
        "operations": {
            "DELETE /rest/v1.0/projects/{project_id}/users/{id}/actions/remove": 3,
            "GET /rest/v1.3/companies/{company_id}/users": 2,
        },
        "unknown": 1,
        "throttled": 0,
        "writes": 3,
    });
    assert_eq!(calls.body, expected);
    assert_eq!(site.simulator.calls().total(), 6);
    let reset = send(site.bare(Method::POST, "/sim/calls/reset")).await;
    assert_eq!(reset.status, 204);
    assert_eq!(site.simulator.calls(), muster_sim::Calls::default());
}

#[tokio::test]
async fn the_last_requests_are_remembered_without_tokens() {
    let site = Site::of(crew().company).await;
    site.get("/rest/v1.1/projects?company_id={c}&page=1").await;
    site.advance(60);
    site.get("/rest/v1.0/nowhere").await;
    let requests = send(site.bare(Method::GET, "/sim/requests")).await;
    let path = format!("/rest/v1.1/projects?company_id={}&page=1", site.id);
    let expected = json!([
        { "time": "2026-07-02T08:00:00Z", "method": "POST", "path": "/oauth/token", "status": 200 },
        { "time": "2026-07-02T08:00:00Z", "method": "GET", "path": path, "status": 200 },
        { "time": "2026-07-02T08:01:00Z", "method": "GET", "path": "/rest/v1.0/nowhere", "status": 404 },
    ]);
    assert_eq!(requests.body, expected);
    assert!(!requests.text.contains(&site.token));
    for _ in 0..230 {
        site.get("/rest/v1.0/me").await;
    }
    let requests = send(site.bare(Method::GET, "/sim/requests")).await;
    assert_eq!(requests.body.as_array().unwrap().len(), 200);
}

#[tokio::test]
async fn faults_are_set_and_taken_away_over_http() {
    let Crew { company, ana, project, .. } = crew();
    let site = Site::of(company).await;
    assert_eq!(send(site.bare(Method::GET, "/sim/faults")).await.body, json!([]));
    let put = async |faults| send(site.bare(Method::PUT, "/sim/faults").json(&faults)).await;
    let set = put(json!(Fault::ALL)).await;
    let rules = Fault::ALL.into_iter().flat_map(Fault::rules).count();
    assert_eq!((set.status, set.body.as_array().unwrap().len()), (200, rules));
    let remove = format!("/rest/v1.0/projects/{project}/users/{ana}/actions/remove");
    assert_eq!(site.delete(&remove).await.status, 204);
    assert_eq!(site.delete(&remove).await.status, 204, "nothing happened the first time");
    assert_eq!(put(json!(["ignore-everything"])).await.status, 400);
    assert_eq!(put(json!({})).await.status, 400);
    assert_eq!(put(json!([])).await.body, json!([]));
    assert_eq!(site.delete(&remove).await.status, 204);
    assert_eq!(site.delete(&remove).await.status, 404);
}

#[tokio::test]
async fn a_stopped_simulator_answers_no_more() {
    let site = Site::of(crew().company).await;
    let url = format!("{}/sim/calls", site.simulator.base_url());
    assert!(site.client.get(&url).send().await.is_ok());
    site.simulator.stop().await;
    assert!(site.client.get(&url).send().await.is_err());
}

#[tokio::test]
async fn an_address_that_is_taken_is_reported() {
    let site = Site::of(crew().company).await;
    let taken = site.simulator.address();
    let error = Simulator::start(Config::default(), crew().company, taken).await.unwrap_err();
    assert_eq!(error.to_string(), format!("can't listen at {taken}"));
}

#[tokio::test]
async fn a_test_that_failed_inside_does_not_stop_the_simulator() {
    let site = Site::of(crew().company).await;
    let simulator = &site.simulator;
    let failed =
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| simulator.with_company(|_| panic!("no"))));
    assert!(failed.is_err());
    assert_eq!(site.get("/rest/v1.0/me").await.status, 200);
}

#[tokio::test]
async fn the_usual_configuration_serves_500_people_under_the_real_clock() {
    let config = Config::default();
    let company = Company::seeded(&config.seed);
    let simulator = Simulator::start(config, company, ([127, 0, 0, 1], 0).into()).await.unwrap();
    let state = reqwest::get(format!("{}/sim/state", simulator.base_url())).await.unwrap();
    let state: serde_json::Value = state.json().await.unwrap();
    assert_eq!(state["users"].as_array().unwrap().len(), 501);
    assert_eq!(simulator.with_company(|company| company.projects().count()), 60);
    simulator.stop().await;
}
