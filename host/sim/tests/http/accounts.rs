//! Logins: invitations with their reminders, and giving logins back one by one and many at once.

use muster_sim::{Company, NewUser};
use serde_json::{Value, json};

use crate::site::{Crew, Site, crew, start};

const DAY: u64 = 24 * 60 * 60;

fn invite(id: u64) -> String {
    format!("/rest/v1.3/companies/{{c}}/users/{id}/invite")
}

fn inactive(id: u64) -> String {
    format!("/rest/v1.0/companies/{{c}}/users/inactive/{id}")
}

fn days(site: &Site, user: u64) -> Vec<u8> {
    site.simulator.with_company(|company| company.mails(user).into_iter().map(|mail| mail.day).collect())
}

#[tokio::test]
async fn an_invitation_is_followed_by_reminders_on_days_3_7_and_14() {
    let Crew { company, ana, .. } = crew();
    let site = Site::of(company).await;
    let answer = site.patch(&invite(ana), Value::Null).await;
    assert_eq!((answer.status, answer.text.as_str()), (202, ""));
    let shown = site.get("/rest/v1.3/companies/{c}/users?filters[search]=ana.diaz").await;
    assert_eq!(shown.body[0]["welcome_email_sent_at"], start().to_string());
    assert_eq!(days(&site, ana), [0]);
    for (wait, expected) in
        [(3 * DAY - 1, &[0][..]), (1, &[0, 3]), (4 * DAY, &[0, 3, 7]), (30 * DAY, &[0, 3, 7, 14])]
    {
        site.advance(wait);
        assert_eq!(days(&site, ana), expected);
    }
    let state = site.simulator.export();
    let mails: Vec<_> =
        state["mails"].as_array().unwrap().iter().filter(|mail| mail["user"] == ana).collect();
    assert_eq!(mails.len(), 4);
    assert_eq!(mails[1]["sent_at"], "2026-07-05T08:00:00Z");
}

#[tokio::test]
async fn reminders_end_with_a_login_a_new_invitation_or_the_end_of_the_account() {
    let Crew { company, pat, ana, leo, .. } = crew();
    let mut site = Site::of(company).await;
    for user in [pat, ana, leo] {
        site.patch(&invite(user), Value::Null).await;
    }
    site.advance(4 * DAY);
    site.token = site.fetch_token().await;
    site.simulator.with_company(|company| company.log_in(pat)).unwrap();
    site.patch(&invite(ana), Value::Null).await;
    site.patch(&format!("/rest/v1.3/companies/{{c}}/users/{leo}"), json!({ "user": { "is_active": false } }))
        .await;
    site.advance(4 * DAY);
    site.token = site.fetch_token().await;
    assert_eq!(days(&site, pat), [0, 3]);
    assert_eq!(days(&site, ana), [0, 3, 0, 3], "the days are counted anew");
    site.patch(&inactive(leo), Value::Null).await;
    site.advance(30 * DAY);
    site.token = site.fetch_token().await;
    assert_eq!(days(&site, leo), [0, 3], "an account that comes back is not reminded");
    site.patch(&invite(pat), Value::Null).await;
    site.patch(&invite(pat), Value::Null).await;
    site.advance(30 * DAY);
    assert_eq!(days(&site, pat), [0, 3, 0, 0], "whoever logged in once needs no reminder");
}

#[tokio::test]
async fn nobody_is_invited_who_has_no_login_or_is_not_there() {
    let Crew { mut company, ana, .. } = crew();
    company.set_active(ana, false).unwrap();
    let site = Site::of(company).await;
    let before = site.simulator.export();
    assert_eq!(site.patch(&invite(ana), Value::Null).await.status, 400);
    assert_eq!(site.patch(&invite(1), Value::Null).await.status, 404);
    assert_eq!(site.simulator.export(), before);
}

#[tokio::test]
async fn a_reactivated_user_is_back_on_every_project_with_the_same_template() {
    let Crew { company, ana, project, rfi, .. } = crew();
    let site = Site::of(company).await;
    let before = site.simulator.export();
    site.patch(&format!("/rest/v1.3/companies/{{c}}/users/{ana}"), json!({ "user": { "is_active": false } }))
        .await;
    let users = format!("/rest/v1.0/projects/{project}/users");
    assert!(!site.get(&users).await.ids().contains(&ana));
    site.advance(60);
    let answer = site.patch(&inactive(ana), Value::Null).await;
    assert_eq!((answer.status, &answer.body["is_active"]), (200, &json!(true)));
    assert_eq!(answer.body["permission_template"]["name"], "Project Engineer");
    assert_eq!(answer.body["last_activated_at"], "2026-07-02T08:01:00Z");
    assert!(answer.body["contact_id"].is_u64() && answer.body.get("party_id").is_none());
    assert!(site.get(&users).await.ids().contains(&ana));
    let after = site.simulator.export();
    for part in ["users", "memberships", "rfis"] {
        assert_eq!(after[part], before[part], "{part} of {rfi}");
    }
    assert_eq!(site.patch(&inactive(ana), Value::Null).await.status, 404, "an active user is not there");
}

#[tokio::test]
async fn an_inactive_vendor_keeps_its_users_inactive_until_it_is_reactivated() {
    let Crew { mut company, leo, .. } = crew();
    let vendor = company.user(leo).unwrap().vendor.unwrap();
    company.set_active(leo, false).unwrap();
    company.set_vendor_active(vendor, false).unwrap();
    let site = Site::of(company).await;
    let answer = site.patch(&inactive(leo), Value::Null).await;
    assert_eq!((answer.status, answer.body["errors"]["vendor"].is_array()), (400, true));
    site.simulator.with_company(|company| company.set_vendor_active(vendor, true)).unwrap();
    assert_eq!(site.patch(&inactive(leo), Value::Null).await.status, 200);
}

fn party(company: &Company, user: u64) -> u64 {
    company.user(user).unwrap().party_id
}

#[tokio::test]
async fn many_people_are_changed_by_the_ids_of_persons_and_only_changes_are_answered() {
    let Crew { mut company, ana, leo, kim, .. } = crew();
    let contact = company.add_contact("Ray", "Holt");
    company.set_active(kim, false).unwrap();
    let [ana_party, leo_party, kim_party] = [ana, leo, kim].map(|user| party(&company, user));
    let site = Site::of(company).await;
    let ids = json!({ "ids": [ana_party, contact, kim_party, leo, 1, ana_party] });
    let answer = site.post("/rest/v2.0/companies/{c}/people/bulk_deactivate", ids).await;
    assert_eq!((answer.status, &answer.body), (200, &json!({ "data": { "ids": [ana_party, contact] } })));
    site.simulator.with_company(|company| {
        assert!(!company.user(ana).unwrap().active && !company.contact(contact).unwrap().active);
        assert!(company.user(leo).unwrap().active, "an id of a user is not that of a person");
    });
    let ids = json!({ "ids": [ana_party, contact, leo_party] });
    let answer = site.post("/rest/v2.0/companies/{c}/people/bulk_activate", ids).await;
    assert_eq!(answer.body["data"]["ids"], json!([ana_party, contact]));
}

#[tokio::test]
async fn people_of_an_inactive_vendor_are_left_out_of_an_activation() {
    let Crew { mut company, leo, .. } = crew();
    let vendor = company.user(leo).unwrap().vendor.unwrap();
    company.set_active(leo, false).unwrap();
    company.set_vendor_active(vendor, false).unwrap();
    let ids = json!({ "ids": [party(&company, leo)] });
    let site = Site::of(company).await;
    let answer = site.post("/rest/v2.0/companies/{c}/people/bulk_activate", ids).await;
    assert_eq!((answer.status, &answer.body["data"]["ids"]), (200, &json!([])));
}

#[tokio::test]
async fn a_bulk_change_takes_up_to_a_thousand_numbers() {
    let Crew { mut company, .. } = crew();
    let new = NewUser { inactive: true, ..NewUser::named("Nia", "Okafor") };
    let user = company.add_user(new).unwrap();
    let party = party(&company, user);
    let site = Site::of(company).await;
    let path = "/rest/v2.0/companies/{c}/people/bulk_activate";
    let ids: Vec<u64> = (1..=1001).collect();
    for body in [json!({ "ids": ids }), json!({ "ids": [party.to_string()] }), json!({}), json!({ "ids": 7 })]
    {
        assert_eq!(site.post(path, body).await.status, 400);
    }
    assert_eq!(site.post(path, json!({ "ids": [party] })).await.body["data"]["ids"], json!([party]));
}
