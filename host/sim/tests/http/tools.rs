//! The tools of a project, switched on and off, and the roles of its people.

use muster_sim::{Config, NewAccount, NewMembership, NewProject, NewUser, Switches, Tool, ToolOff};
use reqwest::Method;
use serde_json::{Value, json};

use crate::site::{Crew, Site, config, crew, keys, send, template};

#[tokio::test]
async fn the_tools_of_a_project_are_listed_with_their_titles() {
    let Crew { mut company, project, .. } = crew();
    let other = company.add_project(NewProject::named("Mill Creek Plant"));
    company.set_tool(project, Tool::PunchList, false).unwrap();
    let site = Site::of(company).await;
    let list = async |project: u64, query: &str| {
        site.get(&format!("/rest/v1.0/projects/{project}/tools?{query}")).await
    };
    let all = list(project, "").await;
    assert_eq!((all.status, all.number("total")), (200, Tool::ALL.len() as u64));
    assert_eq!(keys(&all.body[0]), ["engine_name", "id", "is_active", "position", "required", "title"]);
    let tool = |name: &str| {
        all.body.as_array().unwrap().iter().find(|tool| tool["engine_name"] == name).unwrap().clone()
    };
    assert_eq!((&tool("punch_list")["is_active"], &tool("rfi")["is_active"]), (&json!(false), &json!(true)));
    assert_eq!((&tool("rfi")["title"], &tool("home")["required"]), (&json!("RFIs"), &json!(true)));
    assert_eq!(list(project, "filters[is_active]=false").await.all("title"), ["Punch List"]);
    let active = list(project, "filters[is_active]=true").await.all("engine_name");
    assert!(!active.contains(&json!("punch_list")) && active.contains(&json!("submittals")));
    assert_eq!(list(other, "filters[is_active]=false").await.body, json!([]));
    assert_ne!(list(other, "").await.ids(), all.ids());
    let page = list(project, "per_page=3&page=2").await;
    assert_eq!(page.all("position"), [4, 5, 6]);
    assert_eq!(list(project, "filters[is_active]=maybe").await.status, 400);
    assert_eq!(list(1, "").await.status, 404);
}

#[tokio::test]
async fn a_tool_that_is_off_is_answered_404_or_403_and_everything_stays() {
    let Crew { mut company, project, rfi, .. } = crew();
    company.set_tool(project, Tool::Rfi, false).unwrap();
    for (tool_off, status) in [(ToolOff::NotFound, 404), (ToolOff::Forbidden, 403)] {
        let switches = Switches { tool_off, ..Switches::default() };
        let site = Site::with(Config { switches, ..config() }, company.clone()).await;
        let path = format!("/rest/v1.0/projects/{project}/rfis");
        assert_eq!(site.get(&path).await.status, status);
        assert_eq!(site.get(&format!("{path}/potential_assignees")).await.status, status);
        let change = json!({ "rfi": { "accepted": true } });
        assert_eq!(site.patch(&format!("{path}/{rfi}"), change).await.status, status);
        assert_eq!(site.get(&format!("/rest/v1.0/projects/{project}/users")).await.status, 200);
        site.simulator.with_company(|company| {
            company.set_tool(project, Tool::Rfi, true).unwrap();
            assert_eq!(company.rfi(rfi).unwrap().status, muster_sim::RfiStatus::Open);
        });
        assert_eq!(site.get(&path).await.ids(), [rfi]);
    }
}

#[tokio::test]
async fn an_account_may_be_forbidden_a_tool() {
    let Crew { mut company, project, .. } = crew();
    let engineer = template(&company, "Project Engineer");
    company.set_level(engineer, "rfi", muster_sim::Level::None).unwrap();
    let site = Site::with(Config { accounts: NewAccount::standard(), ..config() }, company).await;
    let editor = site.simulator.accounts().into_iter().find(|account| account.name == "editor").unwrap();
    let token = site.token_of(&editor.credentials).await;
    let status = async |path: String| {
        let request = site.bare(Method::GET, &path).bearer_auth(&token);
        send(request.header("Procore-Company-Id", site.id)).await.status
    };
    assert_eq!(status(format!("/rest/v1.0/projects/{project}/rfis")).await, 403);
    assert_eq!(status(format!("/rest/v1.0/projects/{project}/tools")).await, 200);
    assert_eq!(status(format!("/rest/v1.0/project_roles?project_id={project}")).await, 200);
}

#[tokio::test]
async fn roles_are_those_of_members_with_or_without_a_login() {
    let Crew { mut company, pat, leo, project, .. } = crew();
    let other = company.add_project(NewProject::named("Mill Creek Plant"));
    let max = company.add_user(NewUser::named("Max", "Ode")).unwrap();
    let membership = NewMembership::new(max, project).with_role("Safety Manager").with_role("Superintendent");
    company.add_membership(membership).unwrap();
    company.set_active(leo, false).unwrap();
    let contact = company.user(pat).unwrap().contact_id;
    let site = Site::of(company).await;
    let list = async |query: String| site.get(&format!("/rest/v1.0/project_roles?{query}")).await;
    let roles = list(format!("project_id={project}")).await;
    let of = |user: u64| -> Vec<&Value> {
        roles.body.as_array().unwrap().iter().filter(|row| row["user_id"] == user).collect()
    };
    let row = of(pat)[0];
    assert_eq!((&row["role"], &row["name"]), (&json!("Project Manager"), &json!("Pat Moore")));
    assert_eq!((&row["is_active"], &row["contact_id"]), (&json!(true), &json!(contact)));
    assert_eq!(of(leo)[0]["is_active"], json!(false));
    assert_eq!(
        (&of(max)[0]["role"], &of(max)[1]["role"]),
        (&json!("Safety Manager"), &json!("Superintendent"))
    );
    let ids = roles.ids();
    let different: std::collections::BTreeSet<_> = ids.iter().collect();
    assert_eq!(different.len(), ids.len());
    assert_eq!(list(format!("project_id={other}")).await.body, json!([]));
    assert_eq!(list(format!("project_id={project}&per_page=2&page=2")).await.ids(), ids[2..4]);
    assert_eq!(list(String::new()).await.status, 400);
    assert_eq!(list("project_id=1".to_owned()).await.status, 404);
}
