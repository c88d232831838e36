//! What stands before every operation: the company, unknown paths, bodies, and the headers of every answer.

use muster_sim::Company;
use reqwest::Method;
use serde_json::json;

use crate::site::{Site, crew, send};

#[tokio::test]
async fn a_call_without_the_company_header_is_refused_with_procores_text() {
    let site = Site::of(crew().company).await;
    let path = format!("/rest/v1.3/companies/{}/users", site.id);
    let answer = send(site.bare(Method::GET, &path).bearer_auth(&site.token)).await;
    assert_eq!(answer.status, 400);
    let message = answer.body["errors"][0].as_str().unwrap();
    assert!(
        message.starts_with("Missing Procore-Company-Id header! Each call your application makes"),
        "{message}"
    );
}

#[tokio::test]
async fn me_and_the_companies_need_no_header_until_a_company_is_named() {
    let site = Site::of(crew().company).await;
    let bare = |path: String| send(site.bare(Method::GET, &path).bearer_auth(&site.token));
    assert_eq!(bare("/rest/v1.0/me".into()).await.status, 200);
    let companies = bare("/rest/v1.0/companies".into()).await;
    assert_eq!((companies.status, companies.ids()), (200, vec![site.id]));
    assert_eq!(bare(format!("/rest/v1.0/me?company_id={}", site.id)).await.status, 400);
}

#[tokio::test]
async fn me_tells_the_name_only_within_a_company_or_project() {
    let crew = crew();
    let site = Site::of(crew.company).await;
    let me = site.get("/rest/v1.0/me").await.body;
    let service = site.simulator.with_company(|company| company.service_account());
    assert_eq!(me, json!({ "id": service, "login": "muster-service@northgate-construction.example" }));
    for path in
        ["/rest/v1.0/me?company_id={c}".to_owned(), format!("/rest/v1.0/me?project_id={}", crew.project)]
    {
        assert_eq!(site.get(&path).await.body["name"], "Muster Service Account");
    }
    assert_eq!(site.get("/rest/v1.0/me?project_id=1").await.status, 404);
    let me = site.get("/rest/v1.3/companies/{c}/me").await.body;
    assert_eq!((&me["id"], &me["add_to_new_projects"]), (&json!(service), &json!(false)));
    assert!(me["company_permission_template_id"].is_u64());
}

#[tokio::test]
async fn another_company_is_not_connected_wherever_it_is_named() {
    let site = Site::of(crew().company).await;
    let other = site.id + 1;
    let header = site.bare(Method::GET, "/rest/v1.1/projects").bearer_auth(&site.token);
    let header = header.header("Procore-Company-Id", other);
    let answers = [
        send(header).await,
        site.get(&format!("/rest/v1.3/companies/{other}/users")).await,
        site.get(&format!("/rest/v1.1/projects?company_id={other}")).await,
    ];
    for answer in answers {
        assert_eq!(answer.status, 403);
        assert_eq!(answer.body, json!({ "errors": ["App is not connected to this company."] }));
    }
    let garbled = site.bare(Method::GET, "/rest/v1.1/projects").bearer_auth(&site.token);
    assert_eq!(send(garbled.header("Procore-Company-Id", "Northgate")).await.status, 400);
}

#[tokio::test]
async fn an_app_that_is_not_installed_sees_the_companies_and_nothing_else() {
    let site = Site::of(crew().company).await;
    site.simulator.with_company(|company| company.set_connected(false));
    assert_eq!(site.get("/rest/v1.0/companies").await.status, 200);
    let answer = site.get("/rest/v1.3/companies/{c}/users").await;
    assert_eq!(
        (answer.status, answer.body["errors"][0].as_str()),
        (403, Some("App is not connected to this company."))
    );
}

#[tokio::test]
async fn paths_that_procore_does_not_have_are_not_found() {
    let crew = crew();
    let site = Site::of(crew.company).await;
    let unknown = [
        (Method::DELETE, format!("/rest/v1.0/projects/{}/users/{}", crew.project, crew.ana)),
        (Method::DELETE, format!("/rest/v1.3/companies/{{c}}/users/{}", crew.ana)),
        (Method::GET, "/rest/v9.0/me".to_owned()),
        (Method::PUT, "/rest/v1.0/me".to_owned()),
        (Method::POST, "/".to_owned()),
        (Method::GET, "/sim/secrets".to_owned()),
    ];
    for (method, path) in unknown {
        let answer = send(site.request(method.clone(), &path)).await;
        assert_eq!(answer.status, 404, "{method} {path}");
        assert_eq!(answer.body["error"]["message"], "Not Found");
    }
    assert_eq!(site.simulator.calls().unknown, 4);
    let still_there =
        site.simulator.with_company(|company| company.membership(crew.ana, crew.project).is_some());
    assert!(still_there);
}

#[tokio::test]
async fn ids_that_are_no_numbers_are_the_ids_of_nothing() {
    let site = Site::of(Company::new("Northgate Construction")).await;
    assert_eq!(site.get("/rest/v1.3/companies/{c}/users/ana").await.status, 404);
    assert_eq!(site.get("/rest/v1.0/projects/tower/users").await.status, 404);
}

#[tokio::test]
async fn a_parameter_that_procore_needs_is_asked_for() {
    let site = Site::of(crew().company).await;
    for path in ["/rest/v1.1/projects", "/rest/v1.3/users"] {
        let answer = site.get(path).await;
        assert_eq!(
            (answer.status, answer.body),
            (400, json!({ "errors": { "company_id": ["is missing"] } }))
        );
    }
}

#[tokio::test]
async fn bodies_must_be_json_and_not_too_large() {
    let crew = crew();
    let site = Site::of(crew.company).await;
    let path = format!("/rest/v1.3/companies/{{c}}/users/{}", crew.ana);
    let patch = |body: String, kind: &'static str| {
        send(site.request(Method::PATCH, &path).header("content-type", kind).body(body))
    };
    assert_eq!(patch("{\"user\":".into(), "application/json").await.status, 400);
    assert_eq!(patch("user[is_active]=false".into(), "application/x-www-form-urlencoded").await.status, 400);
    assert_eq!(patch("{\"user\":{}}".into(), "application/json; charset=utf-8").await.status, 200);
    let large = format!("{{\"user\":{{\"notes\":\"{}\"}}}}", "x".repeat(2 * 1024 * 1024));
    assert_eq!(patch(large, "application/json").await.status, 413);
}

#[tokio::test]
async fn every_answer_has_a_request_id_and_the_date_of_the_clock() {
    let site = Site::of(crew().company).await;
    let mut ids = Vec::new();
    for path in ["/rest/v1.0/me", "/rest/nowhere", "/nowhere", "/sim/calls", "/oauth/token"] {
        let answer = site.get(path).await;
        ids.push(answer.header("x-request-id").unwrap().to_owned());
        assert_eq!(answer.header("date"), Some("Thu, 02 Jul 2026 08:00:00 GMT"), "{path}");
    }
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 5);
    assert!(ids.iter().all(|id| id.len() == 36));
}
