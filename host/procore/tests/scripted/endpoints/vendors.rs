//! Vendors.

use muster_core::directory::{Activity, Vendor};
use muster_core::id::VendorId;
use muster_procore::{Dialect, ErrorKind};
use serde_json::{Value, json};

use crate::clock::quickly;
use crate::routes::{sent, serve};

const ACTIVE: &str = "GET /rest/v1.0/vendors?company_id=1";
const INACTIVE: &str = "GET /rest/v1.0/companies/1/vendors/inactive?";
const SHOW: &str = "GET /rest/v1.0/vendors/4?company_id=1";

fn vendor(id: u64, active: bool) -> Value {
    json!({"id": id, "name": format!("V{id}"), "is_active": active})
}

fn ids(vendors: &[Vendor]) -> Vec<u64> {
    vendors.iter().map(|vendor| vendor.id.get()).collect()
}

#[tokio::test]
async fn each_vendor_says_whether_it_is_active() {
    let active = json!([vendor(5, true), vendor(4, true), vendor(6, false)]);
    let inactive = json!([vendor(6, false)]);
    let (_server, connection) =
        serve(Dialect::Reference, [(ACTIVE, 200, active), (INACTIVE, 200, inactive)]).await;
    let reads = connection.reads();
    quickly(async {
        assert_eq!(ids(&reads.vendors(Activity::Active).await.unwrap()), [4, 5]);
        assert_eq!(ids(&reads.vendors(Activity::Inactive).await.unwrap()), [6]);
        assert_eq!(ids(&reads.vendors(Activity::All).await.unwrap()), [4, 5, 6]);
    })
    .await;
    let silent = json!([{"id": 4, "name": "V4"}]);
    let (_server, connection) = serve(Dialect::Reference, [(ACTIVE, 200, silent)]).await;
    let error = quickly(connection.reads().vendors(Activity::Active)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Malformed);
}

#[tokio::test]
async fn a_vendor_that_is_not_shown_is_looked_for_among_the_inactive_ones() {
    let show = async |routes: Vec<(&'static str, u16, Value)>| {
        let (_server, connection) = serve(Dialect::Reference, routes).await;
        let vendor = quickly(connection.reads().vendor(VendorId::new(4))).await.unwrap();
        vendor.map(|vendor| (vendor.name, vendor.active))
    };
    let named = |active| Some(("V4".to_owned(), active));
    assert_eq!(show(vec![(SHOW, 200, vendor(4, true))]).await, named(true));
    assert_eq!(show(vec![(SHOW, 200, vendor(4, false))]).await, named(false));
    assert_eq!(show(vec![(INACTIVE, 200, json!([vendor(4, false)]))]).await, named(false));
    assert_eq!(show(vec![(INACTIVE, 200, json!([vendor(6, false)]))]).await, None);
}

#[tokio::test]
async fn whom_others_turn_to_first_is_told_by_the_address_if_it_is_one() {
    for (contact, expected) in [
        (json!({"id": 60, "first_name": "Ana", "email_address": "ana@example.com"}), Some("ana@example.com")),
        (json!({"id": 60, "email_address": null}), None),
        (json!({"id": 60, "email_address": "by phone"}), None),
        (json!(null), None),
    ] {
        let mut row = vendor(4, true);
        row["primary_contact"] = contact;
        let (_server, connection) = serve(Dialect::Reference, [(SHOW, 200, row)]).await;
        let shown = quickly(connection.reads().vendor(VendorId::new(4))).await.unwrap().unwrap();
        assert_eq!(shown.primary_contact.as_ref().map(|address| address.as_str()), expected);
    }
}

#[tokio::test]
async fn a_vendor_is_reactivated_by_its_own_operation() {
    let (server, connection) = serve(Dialect::Guide, [("PATCH", 200, json!({}))]).await;
    quickly(connection.writes().reactivate_vendor(VendorId::new(4))).await.unwrap();
    assert_eq!(sent(&server), ["PATCH /rest/v1.0/companies/1/vendors/inactive/4"]);
}
