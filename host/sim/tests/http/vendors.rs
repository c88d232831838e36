//! The companies in the directory.

use muster_sim::Vendor;
use serde_json::{Value, json};

use crate::site::{Crew, Site, crew};

const VENDORS: &str = "/rest/v1.0/vendors";
const INACTIVE: &str = "/rest/v1.0/companies/{c}/vendors/inactive";

async fn site() -> (Site, u64, u64, u64) {
    let Crew { mut company, leo, .. } = crew();
    let own = company.own_vendor();
    let steel = company.user(leo).unwrap().vendor.unwrap();
    let glass = company.add_vendor("Abreu Glass", Some("Glazing"));
    company.set_vendor_active(glass, false).unwrap();
    (Site::of(company).await, own, steel, glass)
}

#[tokio::test]
async fn active_and_inactive_vendors_stand_in_two_lists() {
    let (site, own, steel, glass) = site().await;
    let list = site.get(&format!("{VENDORS}?company_id={{c}}&sort=name")).await;
    assert_eq!(list.ids(), [steel, own]);
    assert_eq!(
        (&list.body[1]["company_vendor"], &list.body[0]["company_vendor"]),
        (&json!(true), &json!(false))
    );
    assert_eq!(list.body[0]["trades"][0]["name"], "Steel Erectors");
    assert_eq!((&list.body[0]["contact_count"], &list.body[0]["is_active"]), (&json!(1), &json!(true)));
    assert_eq!(site.get(VENDORS).await.status, 400, "the company must be named");
    let inactive = site.get(INACTIVE).await;
    assert_eq!(inactive.ids(), [glass]);
    let link =
        format!("{}/rest/v1.0/companies/{}/vendors/inactive/{glass}", site.simulator.base_url(), site.id);
    assert_eq!(inactive.body[0]["_links"]["reactivate"], link);
    let compact = site.get(&format!("{VENDORS}?company_id={{c}}&view=compact&filters[search]=steel")).await;
    assert_eq!(compact.body, json!([{ "id": steel, "name": "Halvorsen Steel Erectors" }]));
    assert_eq!(site.get(&format!("{VENDORS}?company_id={{c}}&filters[id][]={own}")).await.ids(), [own]);
}

#[tokio::test]
async fn one_vendor_is_shown_active_or_not() {
    let (site, _, steel, glass) = site().await;
    let shown = site.get(&format!("{VENDORS}/{glass}?company_id={{c}}")).await;
    assert_eq!((shown.status, &shown.body["is_active"]), (200, &json!(false)));
    assert_eq!(shown.body["bidding"]["small_business"], false);
    let normal = site.get(&format!("{VENDORS}/{glass}?company_id={{c}}&view=normal")).await;
    assert!(normal.body.get("bidding").is_none() && normal.body["website"].is_null());
    assert!(normal.body["primary_contact"].is_null());
    let leo = site.simulator.with_company(|company| {
        let leo = company.users().find(|user| user.vendor == Some(steel)).unwrap().clone();
        let vendor = company.vendor(steel).unwrap().clone();
        company.put_vendor(Vendor { primary_contact: Some(leo.id), ..vendor.clone() }).unwrap();
        assert!(company.put_vendor(Vendor { primary_contact: Some(1), ..vendor }).is_err());
        leo
    });
    let shown = site.get(&format!("{VENDORS}/{steel}?company_id={{c}}")).await;
    let contact = &shown.body["primary_contact"];
    assert_eq!((&contact["id"], &contact["email_address"]), (&json!(leo.contact_id), &json!(leo.email)));
    assert_eq!(site.get(&format!("{VENDORS}/1?company_id={{c}}")).await.status, 404);
}

#[tokio::test]
async fn a_vendor_is_changed_where_the_body_says_so() {
    let (site, _, steel, _) = site().await;
    let path = format!("{VENDORS}/{steel}");
    let body = |vendor: Value| json!({ "company_id": site.id, "vendor": vendor });
    let answer = site
        .patch(&path, body(json!({ "name": "Halvorsen Steel", "city": "Boise", "prequalified": true })))
        .await;
    assert_eq!((answer.status, &answer.body["name"]), (200, &json!("Halvorsen Steel")));
    assert_eq!((&answer.body["city"], &answer.body["prequalified"]), (&json!("Boise"), &json!(true)));
    let before = site.simulator.export();
    for unfit in [json!({ "name": "" }), json!({ "city": 7 }), json!({ "is_active": "no" })] {
        assert_eq!(site.patch(&path, body(unfit)).await.status, 400);
    }
    assert_eq!(site.patch(&path, json!({ "vendor": { "name": "A" } })).await.status, 400);
    assert_eq!(
        site.patch(&path, json!({ "company_id": site.id, "company": { "name": "A" } })).await.status,
        400
    );
    assert_eq!(site.patch(&path, json!({ "company_id": 1, "vendor": {} })).await.status, 403);
    assert_eq!(site.simulator.export(), before);
}

#[tokio::test]
async fn a_vendor_comes_back_without_its_people() {
    let (site, _, steel, glass) = site().await;
    let leo = site.simulator.with_company(|company| {
        let leo = company.users().find(|user| user.vendor == Some(steel)).unwrap().id;
        company.set_active(leo, false).unwrap();
        leo
    });
    let body = json!({ "company_id": site.id, "vendor": { "name": "Halvorsen Steel Erectors", "is_active": false } });
    assert_eq!(site.patch(&format!("{VENDORS}/{steel}"), body).await.body["is_active"], false);
    let answer = site.patch(&format!("{INACTIVE}/{steel}"), Value::Null).await;
    assert_eq!((answer.status, &answer.body["is_active"]), (200, &json!(true)));
    assert!(!site.simulator.with_company(|company| company.user(leo).unwrap().active));
    assert_eq!(site.patch(&format!("{INACTIVE}/{steel}"), Value::Null).await.status, 404);
    assert_eq!(site.patch(&format!("{INACTIVE}/{glass}"), Value::Null).await.status, 200);
}
