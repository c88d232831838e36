//! The users of a project: putting them on it, their templates, and their records.

use muster_sim::{NewProject, NewUser};
use reqwest::Method;
use serde_json::{Value, json};

use crate::site::{Crew, Site, crew, send, template};

fn add(project: u64, user: u64) -> String {
    format!("/rest/v1.0/projects/{project}/users/{user}/actions/add")
}

fn users(project: u64) -> String {
    format!("/rest/v1.0/projects/{project}/users")
}

#[tokio::test]
async fn a_user_is_added_with_a_template_or_the_default_one_or_none() {
    let Crew { mut company, pat, ana, .. } = crew();
    let project = company.add_project(NewProject::named("Mill Creek Plant"));
    let nobody = company.add_user(NewUser::named("Nia", "Okafor")).unwrap();
    let (manager, reader) = (template(&company, "Project Manager"), template(&company, "Read Only"));
    let site = Site::of(company).await;
    let answer = site.post(&add(project, ana), json!({ "user": { "permission_template_id": reader } })).await;
    assert_eq!((answer.status, &answer.body["id"]), (201, &json!(ana)));
    let shown = answer.body.as_object().unwrap();
    assert!(shown.values().all(|value| !value.is_null()) && !shown.contains_key("locale"), "{shown:?}");
    assert!(
        shown.contains_key("is_insurance_manager") && shown.contains_key("default_permission_template_id")
    );
    let bare = send(site.request(Method::POST, &add(project, pat))).await;
    assert_eq!(bare.status, 201, "a body is not needed");
    assert_eq!(site.post(&add(project, nobody), json!({})).await.status, 201);
    site.simulator.with_company(|company| {
        let template = |user| company.membership(user, project).unwrap().template;
        assert_eq!([template(ana), template(pat), template(nobody)], [Some(reader), Some(manager), None]);
    });
}

#[tokio::test]
async fn a_second_add_changes_nothing() {
    let Crew { company, ana, project, .. } = crew();
    let reader = template(&company, "Read Only");
    let site = Site::of(company).await;
    let before = site.simulator.export();
    let answer = site.post(&add(project, ana), json!({ "user": { "permission_template_id": reader } })).await;
    assert_eq!(answer.status, 201);
    assert_eq!(site.simulator.export(), before);
}

#[tokio::test]
async fn nobody_is_added_who_is_not_there_or_inactive_or_with_a_template_of_the_company() {
    let Crew { mut company, pat, ana, .. } = crew();
    let project = company.add_project(NewProject::named("Mill Creek Plant"));
    company.set_active(ana, false).unwrap();
    let office = template(&company, "Office Staff");
    let site = Site::of(company).await;
    let before = site.simulator.export();
    assert_eq!(site.post(&add(project, 1), json!({})).await.status, 404);
    assert_eq!(site.post(&add(1, pat), json!({})).await.status, 404);
    assert_eq!(site.post(&add(project, ana), json!({})).await.status, 400);
    for id in [json!(office), json!("7"), json!(1)] {
        let answer = site.post(&add(project, pat), json!({ "user": { "permission_template_id": id } })).await;
        assert_eq!((answer.status, answer.body["errors"]["permission_template_id"].is_array()), (400, true));
    }
    assert_eq!(site.simulator.export(), before);
}

#[tokio::test]
async fn the_template_of_a_member_is_changed_by_an_assignment() {
    let Crew { company, pat, ana, project, .. } = crew();
    let (reader, office) = (template(&company, "Read Only"), template(&company, "Office Staff"));
    let service = company.service_account();
    let site = Site::of(company).await;
    let path = format!("/rest/v1.0/projects/{project}/permission_template_assignments");
    let assign = async |user: Value, template: Value| {
        let fields = json!({ "user_id": user, "permission_template_id": template });
        site.patch(&path, json!({ "permission_template_assignments": fields })).await
    };
    let answer = assign(json!(ana), json!(reader)).await;
    let expected = json!({ "user_id": ana, "permission_template_id": reader, "project_id": project });
    assert_eq!((answer.status, &answer.body), (200, &expected));
    assert_eq!(
        site.simulator.with_company(|company| company.membership(ana, project).unwrap().template),
        Some(reader)
    );
    let before = site.simulator.export();
    for (user, template) in [(ana, office), (ana, 1), (service, reader), (1, reader)] {
        assert_eq!(assign(json!(user), json!(template)).await.status, 422, "{user} {template}");
    }
    assert_eq!(assign(json!(pat), Value::Null).await.status, 400);
    let list = json!({ "permission_template_assignments": [{ "user_id": ana }] });
    assert_eq!(site.patch(&path, list).await.status, 400, "an object, though its name is plural");
    assert_eq!(site.simulator.export(), before);
}

#[tokio::test]
async fn a_post_to_the_users_of_a_project_makes_a_new_user() {
    let Crew { company, ana, project, .. } = crew();
    let reader = template(&company, "Read Only");
    let site = Site::of(company).await;
    let user = json!({ "user": {
        "email_address": "nia@x.example", "last_name": "Okafor", "permission_template_id": reader, "origin_id": "HR-9",
    } });
    let answer = site.post(&users(project), user.clone()).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    assert!(answer.body.as_object().unwrap().values().all(|value| !value.is_null()));
    assert!(answer.body.get("origin_id").is_none(), "the operation does not take it");
    let id = answer.body["id"].as_u64().unwrap();
    assert!(site.get("/rest/v1.3/companies/{c}/users").await.ids().contains(&id));
    assert_eq!(
        site.simulator.with_company(|company| company.membership(id, project).unwrap().template),
        Some(reader)
    );
    let before = site.simulator.export();
    let again = site.post(&users(project), user).await;
    assert_eq!((again.status, again.body["errors"]["email_address"].is_array()), (400, true));
    let existing =
        site.post(&users(project), json!({ "user": { "id": ana, "permission_template_id": reader } })).await;
    assert_eq!(existing.status, 400, "somebody who is there already is not added like this");
    let named = json!({ "email_address": ["can't be blank"], "last_name": ["can't be blank"] });
    assert_eq!(existing.body["errors"], named);
    assert_eq!(
        site.delete(&format!("{}/{ana}", users(project))).await.status,
        404,
        "there is no such operation"
    );
    assert_eq!(site.delete(&format!("/rest/v1.3/companies/{{c}}/users/{ana}")).await.status, 404);
    assert_eq!(site.simulator.export(), before);
}

#[tokio::test]
async fn a_change_on_a_project_changes_the_record_that_all_projects_share() {
    let Crew { company, ana, kim, project, .. } = crew();
    let reader = template(&company, "Read Only");
    let site = Site::of(company).await;
    let path = format!("{}/{ana}", users(project));
    let change =
        json!({ "user": { "job_title": "Lead", "permission_template_id": reader, "origin_id": "HR-1" } });
    let answer = site.patch(&path, change).await;
    assert_eq!((answer.status, &answer.body["job_title"]), (200, &json!("Lead")));
    site.simulator.with_company(|company| {
        let user = company.user(ana).unwrap();
        assert_eq!((user.job_title.as_deref(), user.origin_id.as_deref()), (Some("Lead"), None));
        assert_ne!(
            company.membership(ana, project).unwrap().template,
            Some(reader),
            "it is not a field here"
        );
    });
    assert_eq!(site.patch(&path, json!({ "user": { "is_active": false } })).await.status, 200);
    assert_eq!(
        site.get("/rest/v1.0/companies/{c}/users/inactive").await.ids(),
        [ana],
        "in the whole company"
    );
    assert_eq!(site.patch(&path, json!({ "user": { "is_active": true } })).await.status, 400);
    let stranger = format!("{}/{kim}", users(1));
    assert_eq!(site.patch(&stranger, json!({ "user": {} })).await.status, 404);
}

#[tokio::test]
async fn inactive_members_stand_in_a_list_of_their_own_and_come_back_from_there() {
    let Crew { mut company, pat, ana, project, .. } = crew();
    company.set_active(ana, false).unwrap();
    let site = Site::of(company).await;
    let path = format!("{}/inactive", users(project));
    let list = site.get(&path).await;
    assert_eq!(list.ids(), [ana]);
    let link = format!("{}{path}/{ana}", site.simulator.base_url());
    assert_eq!(list.body[0]["_links"]["reactivate"], link);
    let shown = site.get(&format!("{}/{ana}", users(project))).await;
    assert_eq!((shown.status, &shown.body["is_active"]), (200, &json!(false)));
    assert!(shown.body.as_object().unwrap().values().all(|value| !value.is_null()));
    let back = site.patch(&format!("{path}/{ana}"), Value::Null).await;
    assert_eq!((back.status, &back.body["is_active"]), (200, &json!(true)));
    assert!(site.get("/rest/v1.3/companies/{c}/users").await.ids().contains(&ana), "in the whole company");
    for user in [ana, pat, 1] {
        assert_eq!(site.patch(&format!("{path}/{user}"), Value::Null).await.status, 404);
    }
    assert_eq!(site.get(&format!("{}/1", users(project))).await.status, 404);
}

#[tokio::test]
async fn a_membership_of_groups_is_not_removed_one_by_one() {
    let Crew { mut company, ana, project, .. } = crew();
    company.set_managed(ana, project, true);
    let site = Site::of(company).await;
    assert_eq!(site.delete(&format!("{}/{ana}/actions/remove", users(project))).await.status, 400);
    assert!(site.simulator.with_company(|company| company.membership(ana, project).is_some()));
}

#[tokio::test]
async fn everybody_with_a_login_is_assignable_and_shown_with_the_template_there() {
    let Crew { mut company, pat, ana, leo, kim, project, .. } = crew();
    let nia = company.add_user(NewUser::named("Nia", "Okafor")).unwrap();
    company.set_active(ana, false).unwrap();
    let site = Site::of(company).await;
    let path = format!("/rest/v1.0/projects/{project}/assignable_users");
    let answer = site.get(&path).await;
    let ids = answer.ids();
    assert!([pat, leo, kim, nia].iter().all(|id| ids.contains(id)) && !ids.contains(&ana));
    assert!(answer.header("total").is_none(), "the list has no pages");
    let found = site.get(&format!("{path}?filters[search]=cruz")).await;
    assert_eq!(found.ids(), [leo]);
    assert_eq!(found.body[0]["assigned_to_project"], true);
    assert_eq!(found.body[0]["vendor"]["name"], "Halvorsen Steel Erectors");
    assert!(found.body[0]["project_permission_template_id"].is_u64());
    let outside = site.get(&format!("{path}?filters[search]=okafor")).await;
    assert_eq!(outside.body[0]["assigned_to_project"], false);
    assert_eq!(outside.body[0]["project_permission_template_id"], Value::Null);
}
