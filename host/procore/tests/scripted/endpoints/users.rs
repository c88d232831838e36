//! How users are listed, searched and shown, in both dialects.

use muster_core::directory::{Activity, ProfileField, User};
use muster_core::id::{TemplateId, UserId};
use muster_procore::{Dialect, ErrorKind};
use serde_json::{Value, json};

use super::{USER, user};
use crate::clock::quickly;
use crate::routes::{sent, serve};

const FLAT: &str = "GET /rest/v1.3/users?company_id=1";
const GUIDES: &str = "GET /rest/v1.0/companies/1/users?";

/// Two users of whom one is active, as the reference or the guide lists them.
fn two(address: &str) -> Value {
    json!([
        user(8, json!({address: "ben@example.com", "is_active": false})),
        user(7, json!({address: "ana@example.com"})),
    ])
}

fn ids(users: &[User]) -> Vec<u64> {
    users.iter().map(|user| user.id.get()).collect()
}

#[tokio::test]
async fn each_user_says_whether_it_is_active_whatever_was_asked_for() {
    for (dialect, path, address) in
        [(Dialect::Reference, FLAT, "email_address"), (Dialect::Guide, GUIDES, "login")]
    {
        let routes = [(path, 200, two(address)), (FLAT, 200, two("email_address"))];
        let (server, connection) = serve(dialect, routes).await;
        let reads = connection.reads();
        let [active, inactive, all] = quickly(async {
            let list = async |activity| reads.users(activity).await.unwrap();
            [list(Activity::Active).await, list(Activity::Inactive).await, list(Activity::All).await]
        })
        .await;
        assert_eq!((ids(&active), ids(&inactive), ids(&all)), (vec![7], vec![8], vec![7, 8]), "{dialect}");
        assert_eq!(active[0].email, "ana@example.com".parse().ok());
        // Nothing documents what the filter does where it is false.
        assert!(sent(&server).iter().all(|line| !line.contains("=false")), "{:?}", sent(&server));
        let filtered = sent(&server).iter().any(|line| line.contains("filters[active]=true"));
        assert_eq!(filtered, dialect == Dialect::Reference);
    }
}

#[tokio::test]
async fn a_search_is_compared_exactly() {
    for (dialect, path, address) in [
        (
            Dialect::Reference,
            "GET /rest/v1.3/users?company_id=1&filters[search]=Ana@Example.com",
            "email_address",
        ),
        (Dialect::Guide, "GET /rest/v1.0/companies/1/users?search=Ana@Example.com", "login"),
    ] {
        let rows = json!([
            user(7, json!({address: "ana@example.com"})),
            user(9, json!({address: "diana@example.com"})),
            user(5, json!({address: "ANA@example.com", "is_active": false})),
        ]);
        let (_server, connection) = serve(dialect, [(path, 200, rows.clone()), (FLAT, 200, rows)]).await;
        let found = quickly(connection.reads().users_by_email(&"Ana@Example.com".parse().unwrap())).await;
        assert_eq!(ids(&found.unwrap()), [5, 7], "{dialect}");
    }
}

#[tokio::test]
async fn what_the_guide_leaves_out_of_a_user_is_read_in_the_list_of_the_reference() {
    let row = user(7, json!({"login": "ana@example.com", "permission_template_id": 27, "vendor_id": 4}));
    let full = json!([
        user(6, json!({"company_permission_template_id": 2})),
        user(
            7,
            json!({
                "email_address": "old@example.com", "company_permission_template_id": 1, "employee_id": "E-1",
                "vendor": {"id": 4, "name": "V"}, "zip": "12345", "is_active": false,
            })
        ),
    ]);
    let show = ("GET /rest/v1.0/companies/1/users/7", 200, row);
    let flat = "GET /rest/v1.3/users?company_id=1&filters[search]=ana@example.com";
    let (server, connection) = serve(Dialect::Guide, [show.clone(), (flat, 200, full)]).await;
    let reads = connection.reads();
    let (shown, profile) = quickly(async {
        (reads.user(USER).await.unwrap().unwrap(), reads.profile(USER).await.unwrap().unwrap())
    })
    .await;
    assert_eq!(
        (shown.email, shown.active),
        ("ana@example.com".parse().ok(), true),
        "the guide's own word counts"
    );
    assert_eq!(shown.default_template, Some(TemplateId::new(27)));
    assert_eq!(shown.company_template, Some(TemplateId::new(1)));
    assert_eq!((shown.employee_id.as_deref(), shown.vendor.unwrap().name.as_str()), (Some("E-1"), "V"));
    assert_eq!(profile.fields.get(&ProfileField::Zip).map(String::as_str), Some("12345"));
    assert!(sent(&server)[0].starts_with("GET /rest/v1.0/companies/1/users/7"));

    let (_server, connection) = serve(Dialect::Guide, [show, (flat, 200, json!([]))]).await;
    let error = quickly(connection.reads().user(USER)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Malformed, "nothing is made up");
}

#[tokio::test]
async fn a_profile_is_what_has_a_text_in_it() {
    let row = user(7, json!({"first_name": "Ana", "city": "", "zip": null, "mobile_phone": "+1 555"}));
    let (_server, connection) =
        serve(Dialect::Reference, [("GET /rest/v1.3/companies/1/users/7", 200, row)]).await;
    let reads = connection.reads();
    quickly(async {
        let profile = reads.profile(USER).await.unwrap().unwrap();
        let expected = [(ProfileField::FirstName, "Ana"), (ProfileField::MobilePhone, "+1 555")];
        assert_eq!(profile.fields, expected.map(|(field, text)| (field, text.to_owned())).into());
        assert_eq!(reads.profile(UserId::new(9)).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_profile_of_somebody_else_or_with_more_than_texts_is_malformed() {
    for row in [user(8, json!({})), json!({"city": "Rome"}), user(7, json!({"city": ["Rome"]}))] {
        let (_server, connection) = serve(Dialect::Reference, [("GET", 200, row)]).await;
        let error = quickly(connection.reads().profile(USER)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Malformed, "{error}");
    }
}

#[tokio::test]
async fn whether_somebody_was_invited_is_looked_up_in_the_list_that_says_so() {
    let shown = |active: bool| user(7, json!({"email_address": "ana@example.com", "is_active": active}));
    let row = |sent: Value| json!([{"id": 6, "welcome_email_sent_at": null}, {"id": 7, "welcome_email_sent_at": sent}]);
    let show = "GET /rest/v1.3/companies/1/users/7";
    let active = "GET /rest/v1.3/companies/1/users?filters[search]=ana@example.com";
    let inactive = "GET /rest/v1.0/companies/1/users/inactive?";
    let at = "2026-01-02T10:00:00Z";
    for (shown, list, sent_at, expected) in [
        (shown(true), active, json!(at), Some(at)),
        (shown(true), active, json!(null), None),
        (shown(false), inactive, json!(at), Some(at)),
    ] {
        let (_server, connection) =
            serve(Dialect::Reference, [(show, 200, shown), (list, 200, row(sent_at))]).await;
        let invitation = quickly(connection.reads().invitation(USER)).await.unwrap().unwrap();
        assert_eq!(invitation.sent_at, expected.map(|at| at.parse().unwrap()), "{list}");
    }
}

#[tokio::test]
async fn the_guides_invitations_are_in_the_list_of_people() {
    let shown = user(7, json!({"login": "ana@example.com"}));
    let people = json!([
        {"id": 7, "user_id": 6, "welcome_email_sent_at": "2026-01-02T10:00:00Z"},
        {"id": 92, "user_id": 7, "welcome_email_sent_at": null, "last_login_at": "2026-01-03T10:00:00Z"},
    ]);
    let list = "GET /rest/v1.0/companies/1/people?view=extended&filters[search]=ana@example.com";
    let (_server, connection) = serve(
        Dialect::Guide,
        [
            ("GET /rest/v1.0/companies/1/users/7", 200, shown.clone()),
            (FLAT, 200, json!([shown])),
            (list, 200, people),
        ],
    )
    .await;
    let invitation = quickly(connection.reads().invitation(USER)).await.unwrap().unwrap();
    assert_eq!((invitation.sent_at, invitation.last_login_at.is_some()), (None, true));
}

#[tokio::test]
async fn that_nobody_was_invited_is_never_guessed() {
    for list in [json!([]), json!([{"id": 7}]), json!([{"id": 8, "welcome_email_sent_at": null}])] {
        let show = ("GET /rest/v1.3/companies/1/users/7", 200, user(7, json!({})));
        let (_server, connection) =
            serve(Dialect::Reference, [show, ("GET /rest/v1.3/companies/1/users?", 200, list)]).await;
        let error = quickly(connection.reads().invitation(USER)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Malformed, "{error}");
    }
}
