//! Reading RFIs, and who may be given one.

use muster_sim::{NewRfi, RfiStatus};
use serde_json::{Value, json};

use crate::site::{Answer, Crew, Site, crew, keys};

/// Adds to the one open RFI a draft of which Ana is manager and one that is closed.
async fn site() -> (Site, Crew, u64, u64) {
    let mut crew = crew();
    let (project, pat, ana, leo) = (crew.project, crew.pat, crew.ana, crew.leo);
    let draft =
        NewRfi { status: RfiStatus::Draft, ..NewRfi::open(project, "Roof drain location", ana, &[leo]) };
    let closed =
        NewRfi { status: RfiStatus::Closed, ..NewRfi::open(project, "Elevator pit depth", pat, &[leo]) };
    let [draft, closed] = [draft, closed].map(|new| crew.company.add_rfi(new).unwrap());
    let site = Site::of(crew.company.clone()).await;
    (site, crew, draft, closed)
}

async fn list(site: &Site, project: u64, query: &str) -> Answer {
    site.get(&format!("/rest/v1.0/projects/{project}/rfis?{query}")).await
}

#[tokio::test]
async fn rfis_are_filtered_by_their_people() {
    let (site, Crew { project, pat, ana, leo, kim, rfi, .. }, draft, closed) = site().await;
    let filtered = async |filter: String| list(&site, project, &filter).await.ids();
    assert_eq!(filtered(String::new()).await, [rfi, draft, closed]);
    assert_eq!(filtered(format!("filters[assigned_id]={leo}")).await, [rfi, draft, closed]);
    assert_eq!(filtered(format!("filters[assigned_id]={ana}")).await, [rfi]);
    assert_eq!(filtered(format!("filters[assigned_id][]={ana}&filters[assigned_id][]={kim}")).await, [rfi]);
    assert_eq!(filtered(format!("filters[rfi_manager_id]={pat}")).await, [rfi, closed]);
    assert_eq!(
        filtered(format!("filters[ball_in_court_id]={leo}")).await,
        [rfi],
        "closed ones are in no court"
    );
    assert_eq!(filtered(format!("filters[ball_in_court_id]={ana}")).await, [rfi, draft]);
    assert_eq!(filtered(format!("filters[id]={draft}")).await, [draft]);
    assert_eq!(filtered(format!("filters[assigned_id]={leo}&filters[rfi_manager_id]={ana}")).await, [draft]);
}

#[tokio::test]
async fn rfis_are_filtered_by_status_in_both_ways() {
    let (site, Crew { project, rfi, .. }, draft, closed) = site().await;
    let filtered = async |filter: &str| list(&site, project, filter).await.ids();
    assert_eq!(filtered("filters[status]=open").await, [rfi]);
    assert_eq!(filtered("filters[status][]=open&filters[status][]=draft").await, [rfi, draft]);
    assert_eq!(filtered("filters[status]=closed").await, [closed]);
    assert_eq!(list(&site, project, "filters[status]=lost").await.status, 400);
}

#[tokio::test]
async fn rfis_are_searched_sorted_and_paged() {
    let (site, Crew { project, rfi, .. }, draft, closed) = site().await;
    assert_eq!(list(&site, project, "search=ROOF").await.ids(), [draft]);
    assert_eq!(list(&site, project, "q=3").await.ids(), [closed], "by number");
    assert_eq!(list(&site, project, "filters[number]=1").await.ids(), [rfi]);
    let sorted = "sort[attribute]=subject&sort[direction]=desc";
    assert_eq!(list(&site, project, sorted).await.ids(), [rfi, draft, closed]);
    let page = list(&site, project, "per_page=2&page=2").await;
    assert_eq!((page.ids(), page.number("total")), (vec![closed], 3));
    assert_eq!(list(&site, 1, "").await.status, 404);
}

#[tokio::test]
async fn a_listed_rfi_names_people_by_login_and_name() {
    let (site, Crew { project, ana, leo, pat, .. }, ..) = site().await;
    let answer = list(&site, project, "filters[status]=open").await;
    let rfi = &answer.body[0];
    let person = |id: u64, login: &str, name: &str| json!({ "id": id, "login": login, "name": name });
    assert_eq!(rfi["assignee"], person(ana, "ana.diaz@northgate-construction.example", "Ana Diaz"));
    assert_eq!(rfi["rfi_manager"], person(pat, "pat.moore@northgate-construction.example", "Pat Moore"));
    assert_eq!(rfi["ball_in_court"]["id"], ana);
    let required =
        |index: usize| (rfi["assignees"][index]["id"].clone(), &rfi["assignees"][index]["response_required"]);
    assert_eq!(required(0), (json!(ana), &json!(true)));
    assert_eq!(required(1), (json!(leo), &json!(false)));
    assert_eq!((&rfi["number"], &rfi["full_number"]), (&json!("1"), &json!("1")));
    assert_eq!((&rfi["status"], &rfi["time_resolved"]), (&json!("open"), &Value::Null));
    assert_eq!(rfi["received_from"], Value::Null);
    assert_eq!(rfi["questions"][0]["errors"], json!([]));
    assert!(rfi.get("ball_in_court_role").is_none());
}

#[tokio::test]
async fn one_rfi_is_shown_with_the_role_that_has_to_act() {
    let (site, Crew { project, pat, rfi, .. }, draft, closed) = site().await;
    let show = async |id: u64| site.get(&format!("/rest/v1.0/projects/{project}/rfis/{id}")).await;
    let open = show(rfi).await.body;
    assert_eq!((&open["ball_in_court_role"], &open["accepted"]), (&json!("assignees"), &json!(false)));
    assert_eq!(open["distribution_list"], json!([]));
    assert!(open["assignees"][0].get("response_required").is_none(), "only the list tells");
    let draft = show(draft).await.body;
    assert_eq!((&draft["ball_in_court_role"], &draft["draft"]), (&json!("RFI manager"), &json!(true)));
    let closed = show(closed).await.body;
    assert_eq!((&closed["ball_in_court"], &closed["ball_in_courts"]), (&Value::Null, &json!([])));
    assert_eq!((&closed["accepted"], &closed["rfi_manager"]["id"]), (&json!(true), &json!(pat)));
    assert_eq!(show(1).await.status, 404);
    let elsewhere = site
        .simulator
        .with_company(|company| company.add_project(muster_sim::NewProject::named("Mill Creek Plant")));
    assert_eq!(site.get(&format!("/rest/v1.0/projects/{elsewhere}/rfis/{rfi}")).await.status, 404);
}

#[tokio::test]
async fn candidates_are_active_members_whose_template_allows_it() {
    let (site, Crew { project, pat, ana, leo, .. }, ..) = site().await;
    let candidates = async |kind: &str| {
        let mut ids = site.get(&format!("/rest/v1.0/projects/{project}/rfis/{kind}")).await.ids();
        ids.sort_unstable();
        ids
    };
    let sorted = |mut ids: Vec<u64>| {
        ids.sort_unstable();
        ids
    };
    assert_eq!(candidates("potential_assignees").await, sorted(vec![pat, ana, leo]));
    assert_eq!(candidates("potential_rfi_managers").await, sorted(vec![pat, ana]), "managers are fewer");
    site.simulator.with_company(|company| company.set_active(ana, false)).unwrap();
    assert_eq!(candidates("potential_assignees").await, sorted(vec![pat, leo]));
    assert_eq!(candidates("potential_rfi_managers").await, [pat]);
    let listed = site.get(&format!("/rest/v1.0/projects/{project}/rfis/potential_rfi_managers")).await;
    assert_eq!(keys(&listed.body[0]), ["id", "locale", "login", "name"]);
    assert_eq!(listed.number("total"), 1);
    assert_eq!(site.get("/rest/v1.0/projects/1/rfis/potential_assignees").await.status, 404);
}
