//! What nobody knows of Procore, under every setting.

use muster_sim::{
    Config, ErrorForm, InactiveInvite, NewProject, NewUser, RowIds, SecondAdd, Spared, Switches,
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::site::{Crew, Site, config, crew, send, template};

async fn site(crew: &Crew, switches: Switches) -> Site {
    Site::with(Config { switches, ..config() }, crew.company.clone()).await
}

#[tokio::test]
async fn an_address_that_is_taken_and_a_missing_token_are_told_in_every_form() {
    let crew = crew();
    let user =
        json!({ "user": { "last_name": "D", "email_address": "ana.diaz@northgate-construction.example" } });
    for form in [ErrorForm::Fields, ErrorForm::List, ErrorForm::Code, ErrorForm::Nested, ErrorForm::Text] {
        let site = site(&crew, Switches { conflict: form, unauthorized: form, ..Switches::default() }).await;
        let conflict = site.post("/rest/v1.3/companies/{c}/users", user.clone()).await;
        let nobody = send(site.bare(Method::GET, "/rest/v1.0/me")).await;
        assert_eq!((conflict.status, nobody.status), (409, 401));
        assert!(nobody.header("www-authenticate").is_some());
        let found = match form {
            ErrorForm::Fields => conflict.body["errors"]["email_address"][0].is_string(),
            ErrorForm::List => conflict.body["errors"][0].is_string(),
            ErrorForm::Code => conflict.body["code"] == 409 && nobody.body["code"] == 401,
            ErrorForm::Nested => conflict.body["error"]["code"] == "409",
            ErrorForm::Text => conflict.text == "has already been taken",
        };
        assert!(found, "{form:?}: {}", conflict.text);
    }
}

#[tokio::test]
async fn a_call_that_names_no_company_is_refused_with_any_of_three_statuses() {
    for status in [400, 401, 403] {
        let switches = Switches { missing_company: status, ..Switches::default() };
        let site = site(&crew(), switches).await;
        let path = format!("/rest/v1.3/companies/{}/users", site.id);
        let answer = send(site.bare(Method::GET, &path).bearer_auth(&site.token)).await;
        assert_eq!(answer.status, status);
        assert!(answer.body["errors"][0].as_str().unwrap().starts_with("Missing Procore-Company-Id header!"));
    }
}

#[tokio::test]
async fn a_second_add_keeps_or_replaces_the_template_or_is_refused() {
    let crew = crew();
    let (engineer, reader) =
        (template(&crew.company, "Project Engineer"), template(&crew.company, "Read Only"));
    for (second_add, status, expected) in [
        (SecondAdd::Kept, 201, engineer),
        (SecondAdd::Replaced, 201, reader),
        (SecondAdd::Refused, 400, engineer),
    ] {
        let site = site(&crew, Switches { second_add, ..Switches::default() }).await;
        let path = format!("/rest/v1.0/projects/{}/users/{}/actions/add", crew.project, crew.ana);
        let answer = site.post(&path, json!({ "user": { "permission_template_id": reader } })).await;
        assert_eq!(answer.status, status);
        let found = site
            .simulator
            .with_company(|company| company.membership(crew.ana, crew.project).unwrap().template);
        assert_eq!(found, Some(expected));
    }
}

#[tokio::test]
async fn open_items_may_keep_somebody_on_a_project() {
    let crew = crew();
    let switches = Switches { open_items_block_removal: true, ..Switches::default() };
    let site = site(&crew, switches).await;
    let remove = |user| format!("/rest/v1.0/projects/{}/users/{user}/actions/remove", crew.project);
    for user in [crew.pat, crew.ana] {
        assert_eq!(site.delete(&remove(user)).await.status, 400);
    }
    assert_eq!(site.delete(&remove(crew.kim)).await.status, 204);
    let close = json!({ "rfi": { "accepted": true } });
    site.patch(&format!("/rest/v1.0/projects/{}/rfis/{}", crew.project, crew.rfi), close).await;
    assert_eq!(site.delete(&remove(crew.ana)).await.status, 204);
}

#[tokio::test]
async fn groups_may_not_keep_anybody() {
    let mut crew = crew();
    let rows = |user| json!({ "users": [{ "user_id": user, "project_id": crew.project }] });
    for user in [crew.ana, crew.leo] {
        crew.company.set_managed(user, crew.project, true);
    }
    let site = site(&crew, Switches { groups_block_removal: false, ..Switches::default() }).await;
    let remove = format!("/rest/v1.0/projects/{}/users/{}/actions/remove", crew.project, crew.ana);
    assert_eq!(site.delete(&remove).await.status, 204);
    let answer = site.post("/rest/v1.3/companies/{c}/users/bulk_remove", rows(crew.leo)).await;
    assert_eq!(answer.body[crew.leo.to_string()][crew.project.to_string()], "success");
}

#[tokio::test]
async fn an_inactive_user_may_be_invited_with_or_without_a_mail() {
    let mut crew = crew();
    crew.company.set_active(crew.ana, false).unwrap();
    for (inactive_invite, status, mails) in
        [(InactiveInvite::Refused, 400, 0), (InactiveInvite::Dropped, 202, 0), (InactiveInvite::Sent, 202, 1)]
    {
        let site = site(&crew, Switches { inactive_invite, ..Switches::default() }).await;
        let path = format!("/rest/v1.3/companies/{{c}}/users/{}/invite", crew.ana);
        assert_eq!(site.patch(&path, Value::Null).await.status, status);
        assert_eq!(site.simulator.with_company(|company| company.mails(crew.ana).len()), mails);
    }
}

#[tokio::test]
async fn admins_and_the_caller_may_be_spared_a_bulk_deactivation() {
    let mut crew = crew();
    let admin = NewUser {
        company_template: Some(template(&crew.company, "Company Administrator")),
        ..NewUser::named("Ada", "Min")
    };
    let admin = crew.company.add_user(admin).unwrap();
    let service = crew.company.service_account();
    let party = |user| crew.company.user(user).unwrap().party_id;
    let (ada, own, ana) = (party(admin), party(service), party(crew.ana));
    let usual = Switches::default();
    let cases = [
        (usual, 200, json!([ada, own, ana])),
        (Switches { bulk_admins: Spared::LeftOut, ..usual }, 200, json!([ana])),
        (Switches { bulk_admins: Spared::Refused, ..usual }, 400, Value::Null),
        (Switches { bulk_caller: Spared::LeftOut, ..usual }, 200, json!([ada, ana])),
        (Switches { bulk_caller: Spared::Refused, ..usual }, 400, Value::Null),
    ];
    for (switches, status, changed) in cases {
        let site = site(&crew, switches).await;
        let ids = json!({ "ids": [ada, own, ana] });
        let answer = site.post("/rest/v2.0/companies/{c}/people/bulk_deactivate", ids).await;
        assert_eq!((answer.status, &answer.body["data"]["ids"]), (status, &changed), "{switches:?}");
    }
}

#[tokio::test]
async fn a_token_may_end_with_the_login() {
    let mut crew = crew();
    crew.company.set_active(crew.company.service_account(), false).unwrap();
    for (deactivation_ends_tokens, status) in [(false, 200), (true, 401)] {
        let site = site(&crew, Switches { deactivation_ends_tokens, ..Switches::default() }).await;
        assert_eq!(site.get("/rest/v1.3/companies/{c}/users").await.status, status);
    }
}

#[tokio::test]
async fn rows_of_version_2_may_name_persons_and_be_fewer() {
    let crew = crew();
    let party = crew.company.user(crew.ana).unwrap().party_id;
    let switches = Switches { row_ids: RowIds::People, batch_max: 1, ..Switches::default() };
    let site = site(&crew, switches).await;
    let row = |user: u64| json!({ "user_id": user.to_string(), "project_id": crew.project.to_string() });
    let path = "/rest/v2.0/companies/{c}/users/bulk_remove";
    let answer = site.post(path, json!({ "users": [row(party)] })).await;
    assert_eq!(answer.body["data"][0][party.to_string()][crew.project.to_string()], "success");
    let other = site.post(path, json!({ "users": [row(crew.leo)] })).await;
    assert_eq!(other.body["data"][0][crew.leo.to_string()][crew.project.to_string()], "failure");
    assert_eq!(site.post(path, json!({ "users": [row(1), row(2)] })).await.status, 400);
}

#[tokio::test]
async fn a_membership_may_move_the_time_of_a_user() {
    let mut crew = crew();
    let other = crew.company.add_project(NewProject::named("Mill Creek Plant"));
    for (memberships_touch_users, moves) in [(false, false), (true, true)] {
        let site = site(&crew, Switches { memberships_touch_users, ..Switches::default() }).await;
        site.post(&format!("/rest/v1.0/projects/{other}/users/{}/actions/add", crew.ana), json!({})).await;
        site.delete(&format!("/rest/v1.0/projects/{}/users/{}/actions/remove", crew.project, crew.leo)).await;
        for user in [crew.ana, crew.leo] {
            let updated = site.simulator.with_company(|company| company.user(user).unwrap().updated_at);
            assert_eq!(updated == crate::site::start(), moves);
        }
    }
}

#[tokio::test]
async fn items_of_somebody_inactive_may_be_stuck() {
    let mut crew = crew();
    crew.company.set_active(crew.leo, false).unwrap();
    let path = format!("/rest/v1.0/projects/{}/rfis/{}", crew.project, crew.rfi);
    for (inactive_items_move, status) in [(true, 200), (false, 400)] {
        let site = site(&crew, Switches { inactive_items_move, ..Switches::default() }).await;
        let without_leo = json!({ "rfi": { "assignee_ids": [crew.ana] } });
        assert_eq!(site.patch(&path, without_leo).await.status, status);
        let without_ana = json!({ "rfi": { "assignee_ids": [crew.leo, crew.pat] } });
        let before = json!({ "rfi": { "assignee_ids": [crew.leo, crew.ana] } });
        if !inactive_items_move {
            assert_eq!(site.patch(&path, without_ana).await.status, 200, "those of others move");
            assert_eq!(site.patch(&path, before).await.status, 200);
        }
    }
}

/// Whoever leaves is left without a login under every setting, and what is left of the rest has been refused.
#[tokio::test]
async fn somebody_can_leave_under_every_setting_or_what_remains_is_refused() {
    for (name, switches) in Switches::each() {
        let mut crew = crew();
        crew.company.set_managed(crew.ana, crew.project, switches.row_ids == RowIds::People);
        let site = site(&crew, switches).await;
        let user = format!("/rest/v1.3/companies/{{c}}/users/{}", crew.ana);
        let access = site.patch(&user, json!({ "user": { "is_active": false } })).await;
        assert_eq!(access.status, 200, "{name}");
        let item = format!("/rest/v1.0/projects/{}/rfis/{}", crew.project, crew.rfi);
        let moved = site.patch(&item, json!({ "rfi": { "assignee_ids": [crew.leo] } })).await.status;
        let remove = format!("/rest/v1.0/projects/{}/users/{}/actions/remove", crew.project, crew.ana);
        let removed = site.delete(&remove).await.status;
        site.simulator.with_company(|company| {
            assert!(!company.user(crew.ana).unwrap().active, "{name}");
            let holds = company.rfi(crew.rfi).unwrap().assignees.contains(&crew.ana);
            assert_eq!((moved, holds), if holds { (400, true) } else { (200, false) }, "{name}");
            let member = company.membership(crew.ana, crew.project).is_some();
            assert_eq!((removed, member), if member { (400, true) } else { (204, false) }, "{name}");
        });
        assert_eq!(moved == 200, switches.inactive_items_move, "{name}");
    }
}
