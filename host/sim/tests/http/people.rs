//! The lists of the company's people: who is in which of them, filters, orders and views.

use serde_json::{Value, json};

use crate::site::{Crew, Site, crew, send, start};

const USERS: &str = "/rest/v1.3/companies/{c}/users";
const ALL: &str = "/rest/v1.3/users?company_id={c}";
const INACTIVE: &str = "/rest/v1.0/companies/{c}/users/inactive";

async fn site() -> (Site, u64, u64, u64, u64) {
    let Crew { company, pat, ana, leo, kim, .. } = crew();
    let site = Site::of(company).await;
    site.simulator.with_company(|company| company.set_active(ana, false)).unwrap();
    (site, pat, ana, leo, kim)
}

#[tokio::test]
async fn the_list_of_users_hides_inactive_people() {
    let (site, pat, ana, leo, kim) = site().await;
    let service = site.simulator.with_company(|company| company.service_account());
    let mut ids = site.get(USERS).await.ids();
    ids.sort_unstable();
    let mut expected = vec![pat, leo, kim, service];
    expected.sort_unstable();
    assert_eq!(ids, expected);
    assert!(site.get(ALL).await.ids().contains(&ana));
    assert_eq!(site.get(INACTIVE).await.ids(), [ana]);
}

#[tokio::test]
async fn a_listed_user_has_the_fields_of_the_reference() {
    let (site, pat, ..) = site().await;
    let answer = site.get(&format!("{USERS}?filters[search]=pat.moore")).await;
    let user = &answer.body[0];
    assert_eq!(user["id"], pat);
    assert_eq!(user["name"], "Pat Moore");
    assert_eq!(user["email_address"], "pat.moore@northgate-construction.example");
    assert_eq!(user["permission_template"]["name"], "Project Manager");
    assert_eq!(user["permission_template"]["type"], "global");
    assert_eq!(user["permission_template"]["project_specific"], false);
    assert_eq!(user["company_permission_template"], Value::Null);
    assert_eq!(user["vendor"]["name"], "Northgate Construction");
    assert_eq!((&user["is_active"], &user["is_employee"]), (&json!(true), &json!(true)));
    assert_eq!(user["created_at"], "2026-01-05T09:00:00Z");
    assert!(user.get("login").is_none() && user.get("default_permission_template_id").is_none());
    assert!(user["party_id"].is_u64() && user["contact_id"].is_u64());
    assert!(user.get("verified_employee").is_none());
}

#[tokio::test]
async fn views_show_more_or_only_ids() {
    let (site, ..) = site().await;
    let extended = site.get(&format!("{USERS}?view=extended")).await;
    assert!(extended.body[0].get("verified_employee").is_some());
    let ids = site.get(&format!("{USERS}?view=ids_only")).await;
    assert!(ids.body.as_array().unwrap().iter().all(Value::is_u64));
    let other = site.get(&format!("{USERS}?view=everything")).await;
    assert!(other.body[0].get("verified_employee").is_none() && other.body[0]["id"].is_u64());
}

#[tokio::test]
async fn the_flat_list_shows_everybody_with_the_ids_of_templates() {
    let (site, _, ana, ..) = site().await;
    let all = site.get(ALL).await;
    assert_eq!(all.number("total"), 5);
    let active = site.get(&format!("{ALL}&filters[active]=true")).await;
    assert_eq!((active.number("total"), active.ids().contains(&ana)), (4, false));
    let inactive = site.get(&format!("{ALL}&filters[active]=false")).await;
    assert_eq!(inactive.ids(), [ana]);
    let user = &inactive.body[0];
    assert!(user["default_permission_template_id"].is_u64());
    assert!(user.get("permission_template").is_none());
    assert_eq!(site.get(&format!("{ALL}&filters[active]=maybe")).await.status, 400);
}

#[tokio::test]
async fn the_list_of_inactive_people_knows_no_search_and_shows_the_way_back() {
    let (site, _, ana, ..) = site().await;
    let answer = site.get(&format!("{INACTIVE}?filters[search]=nobody-is-called-that")).await;
    assert_eq!(answer.ids(), [ana]);
    let link = format!("{}/rest/v1.0/companies/{}/users/inactive/{ana}", site.simulator.base_url(), site.id);
    assert_eq!(answer.body[0]["_links"], json!({ "reactivate": link }));
    assert_eq!(answer.body[0]["is_active"], false);
}

#[tokio::test]
async fn a_search_is_fuzzy_over_names_addresses_jobs_and_vendors() {
    let (site, pat, ana, leo, kim) = site().await;
    let search = async |text: &str| site.get(&format!("{USERS}?filters[search]={text}")).await.ids();
    assert_eq!(search("CRUZ").await, [leo]);
    assert_eq!(search("ito").await, [kim]);
    assert_eq!(search("halvorsen").await, [leo], "by the name of the vendor");
    assert_eq!(search("project manager").await, [pat], "by the job title");
    assert_eq!(search("pat.moore@northgate").await, [pat]);
    assert_eq!(search("ana.diaz").await, [] as [u64; 0], "inactive people are not found here");
    assert_eq!(site.get(&format!("{ALL}&filters[search]=ana.diaz")).await.ids(), [ana]);
    assert_eq!(search("construction").await.len(), 3, "whoever works there is found as well");
    assert_eq!(search("").await.len(), 4, "an empty search asks for nothing");
}

#[tokio::test]
async fn a_search_for_an_address_also_finds_longer_ones() {
    let (site, ..) = site().await;
    let ids = site.simulator.with_company(|company| {
        ["joana.ruiz@x.example", "ana.ruiz@x.example"].map(|email| {
            let new =
                muster_sim::NewUser { email: Some(email.into()), ..muster_sim::NewUser::named("J", "Ruiz") };
            company.add_user(new).unwrap()
        })
    });
    let found = site.get(&format!("{USERS}?filters[search]=ana.ruiz@x.example")).await.ids();
    assert!(ids.iter().all(|id| found.contains(id)));
}

#[tokio::test]
async fn a_plain_search_parameter_is_overlooked() {
    let (site, ..) = site().await;
    assert_eq!(site.get(&format!("{USERS}?search=nobody&updated_after=2099-01-01")).await.number("total"), 4);
}

#[tokio::test]
async fn people_are_filtered_by_vendor_origin_trade_and_time() {
    let (site, pat, _, leo, kim) = site().await;
    let (own, other) = site.simulator.with_company(|company| {
        let mut user = company.user(kim).unwrap().clone();
        user.origin_id = Some("HR-17".into());
        company.put_user(user).unwrap();
        (company.own_vendor(), company.user(leo).unwrap().vendor.unwrap())
    });
    let filtered = async |filter: &str| site.get(&format!("{USERS}?{filter}")).await.ids();
    assert_eq!(filtered(&format!("filters[vendor_id]={other}")).await, [leo]);
    let both = format!("filters[vendor_id][]={other}&filters[vendor_id][]={own}&filters[search]=o");
    let found = filtered(&both).await;
    assert!([pat, leo, kim].iter().all(|id| found.contains(id)));
    assert_eq!(filtered("filters[origin_id]=HR-17").await, [kim]);
    assert_eq!(filtered("filters[trade_id][]=1").await, [] as [u64; 0]);
    let today = start().strftime("%Y-%m-%d").to_string();
    assert_eq!(filtered(&format!("filters[updated_at]={today}...{today}")).await, [kim]);
    assert_eq!(filtered(&format!("filters[updated_at]=\"2026-01-01...{today}\"")).await.len(), 4);
    assert_eq!(filtered(&format!("filters[created_at]={today}...{today}")).await, [] as [u64; 0]);
    for unreadable in ["filters[updated_at]=yesterday", "filters[vendor_id]=Halvorsen"] {
        assert_eq!(site.get(&format!("{USERS}?{unreadable}")).await.status, 400);
    }
}

#[tokio::test]
async fn people_are_sorted_as_asked() {
    let (site, pat, _, leo, kim) = site().await;
    let service = site.simulator.with_company(|company| company.service_account());
    let sorted = async |sort: &str| site.get(&format!("{USERS}?sort={sort}")).await.ids();
    assert_eq!(sorted("name").await, [leo, kim, pat, service], "by last name");
    assert_eq!(sorted("full_name").await, [kim, leo, service, pat]);
    assert_eq!(sorted("-name").await, [service, pat, kim, leo]);
    assert_eq!(sorted("job_title,-email").await, [service, leo, kim, pat]);
    assert_eq!(sorted("vendor_name").await[0], leo);
    assert_eq!(sorted("projects").await[0], service);
}

#[tokio::test]
async fn one_user_is_shown_active_or_not() {
    let (site, pat, ana, ..) = site().await;
    for (id, active) in [(pat, true), (ana, false)] {
        let answer = site.get(&format!("{USERS}/{id}")).await;
        assert_eq!((answer.status, &answer.body["id"]), (200, &json!(id)));
        assert_eq!(answer.body["is_active"], active);
        assert_eq!(answer.body["locale"], "en");
        assert!(answer.body["default_permission_template_id"].is_u64());
        assert!(answer.body.get("permission_template").is_none());
    }
    assert_eq!(site.get(&format!("{USERS}/1")).await.status, 404);
}

#[tokio::test]
async fn a_seeded_company_is_served_whole() {
    let site = Site::seeded().await;
    let answer = site.get(&format!("{ALL}&per_page=1000")).await;
    assert_eq!(answer.number("total"), 61);
    let listed = site.get(&format!("{USERS}?per_page=1000")).await.number("total");
    let inactive = site.get(&format!("{INACTIVE}?per_page=1000")).await.number("total");
    assert_eq!(listed + inactive, 61);
    assert!(answer.ids().iter().any(|id| *id > u64::from(u32::MAX)));
    let raw = send(site.request(reqwest::Method::GET, ALL)).await;
    assert_eq!(raw.header("content-type"), Some("application/json; charset=utf-8"));
}
