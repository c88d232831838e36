//! What each service account may see and do: 403 for what it may not, and 404 for what it can't see.

use std::collections::BTreeSet;

use muster_sim::{
    Company, Config, Dialect, NewAccount, NewMembership, NewProject, Permitted, Role, Simulator, TemplateKind,
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::site::{Answer, Crew, Site, config, crew, send, template};

/// A simulator with the usual accounts, and a project beside that of the crew.
struct Rights {
    site: Site,
    crew: Crew,
    other: u64,
}

impl Rights {
    async fn new() -> Self {
        let mut crew = crew();
        let other = crew.company.add_project(NewProject::named("Riverside Depot"));
        let company = crew.company.clone();
        let site = Site::with(Config { accounts: NewAccount::standard(), ..config() }, company).await;
        Self { site, crew, other }
    }

    /// Calls as another account.
    async fn call(&self, account: &str, method: Method, path: &str, body: Option<Value>) -> Answer {
        let accounts = self.site.simulator.accounts();
        let account = accounts.iter().find(|found| found.name == account).unwrap();
        let token = self.site.token_of(&account.credentials).await;
        let path = path.replace("{c}", &self.site.id.to_string());
        let request = self.site.bare(method, &path).bearer_auth(token);
        let request = request.header("Procore-Company-Id", self.site.id);
        send(match body {
            Some(body) => request.json(&body),
            None => request,
        })
        .await
    }

    async fn get(&self, account: &str, path: &str) -> Answer {
        self.call(account, Method::GET, path, None).await
    }

    async fn patch(&self, account: &str, user: u64, fields: Value) -> Answer {
        let path = format!("/rest/v1.3/companies/{{c}}/users/{user}");
        self.call(account, Method::PATCH, &path, Some(json!({ "user": fields }))).await
    }

    fn company<R>(&self, f: impl FnOnce(&mut Company) -> R) -> R {
        self.site.simulator.with_company(f)
    }
}

const PROJECTS: &str = "/rest/v1.1/projects?company_id={c}";

#[tokio::test]
async fn each_account_is_somebody_else_in_the_directory() {
    let rights = Rights::new().await;
    let accounts = rights.site.simulator.accounts();
    let names: Vec<&str> = accounts.iter().map(|account| account.name.as_str()).collect();
    assert_eq!(names, ["admin", "editor", "reader", "limited"]);
    assert_eq!(accounts[0].credentials, rights.site.simulator.credentials());
    for account in &accounts {
        let me = rights.get(&account.name, "/rest/v1.0/me").await;
        assert_eq!(me.body["id"], account.user);
        assert!(rights.site.get("/rest/v1.3/companies/{c}/users").await.ids().contains(&account.user));
    }
    let clients: BTreeSet<_> = accounts.iter().map(|account| &account.credentials.client_id).collect();
    assert_eq!(clients.len(), 4);
}

#[tokio::test]
async fn a_restored_company_keeps_the_users_of_its_accounts() {
    let rights = Rights::new().await;
    let fixture = send(rights.site.bare(Method::GET, "/sim/company")).await.text;
    let config = Config { accounts: NewAccount::standard(), ..config() };
    let again = Site::with(config, Company::from_json(&fixture).unwrap()).await;
    assert_eq!(again.simulator.accounts(), rights.site.simulator.accounts());
    assert_eq!(again.simulator.export(), rights.site.simulator.export());
}

#[tokio::test]
async fn an_account_whose_name_is_taken_or_unfit_can_not_be_added() {
    for name in ["admin", "two words"] {
        let new = NewAccount { name: name.to_owned(), role: Role::ReadOnly, projects: Permitted::All };
        let config = Config { accounts: vec![new], ..config() };
        let address = ([127, 0, 0, 1], 0).into();
        let error = Simulator::start(config, crew().company, address).await.unwrap_err();
        assert!(error.to_string().starts_with("a service account can't be added: "), "{error}");
    }
}

#[tokio::test]
async fn a_reader_reads_everything_and_writes_nothing() {
    let rights = Rights::new().await;
    let Crew { project, rfi, ana, .. } = rights.crew;
    let before = rights.site.simulator.export();
    for path in [
        "/rest/v1.3/companies/{c}/users".to_owned(),
        PROJECTS.to_owned(),
        format!("/rest/v1.0/projects/{project}/users"),
        format!("/rest/v1.0/projects/{project}/rfis/{rfi}"),
    ] {
        let (seen, all) = (rights.get("reader", &path).await, rights.site.get(&path).await);
        assert_eq!((seen.status, seen.body), (200, all.body), "{path}");
    }
    let denied = rights.patch("reader", ana, json!({ "is_active": false })).await;
    assert_eq!((denied.status, &denied.body["error"]["code"]), (403, &json!("403")));
    let message = denied.body["error"]["message"].as_str().unwrap();
    assert_eq!(message, "This needs the permission to create and edit users of the company.");
    let remove = format!("/rest/v1.0/projects/{project}/users/{ana}/actions/remove");
    assert_eq!(rights.call("reader", Method::DELETE, &remove, None).await.status, 403);
    let path = format!("/rest/v1.0/projects/{project}/rfis/{rfi}");
    let denied =
        rights.call("reader", Method::PATCH, &path, Some(json!({ "rfi": { "accepted": true } }))).await;
    assert_eq!(denied.status, 403);
    assert!(denied.text.contains("standard in the project's tool rfi"), "{}", denied.text);
    assert_eq!(rights.site.simulator.export(), before);
}

#[tokio::test]
async fn an_editor_edits_people_but_not_what_only_an_admin_may() {
    let rights = Rights::new().await;
    let Crew { ana, project, .. } = rights.crew;
    assert_eq!(rights.patch("editor", ana, json!({ "job_title": "Estimator" })).await.status, 200);
    let global = rights.company(|company| template(company, "Project Manager"));
    let tools = rights.company(|company| template(company, "Company Administrator"));
    for fields in [
        json!({ "email_address": "other@example.com" }),
        json!({ "default_permission_template_id": global }),
        json!({ "company_permission_template_id": tools }),
        json!({ "add_to_new_projects": true }),
    ] {
        let denied = rights.patch("editor", ana, fields.clone()).await;
        assert_eq!(denied.status, 403, "{fields}");
        let field = fields.as_object().unwrap().keys().next().unwrap();
        assert!(denied.text.contains(&format!("directory: {field}.")), "{}", denied.text);
        let same = rights.patch("admin", ana, fields).await;
        assert_eq!(same.status, 200);
    }
    let same = json!({ "email_address": "other@example.com", "add_to_new_projects": true });
    assert_eq!(rights.patch("editor", ana, same).await.status, 200, "what is sent as it is does not change");
    let remove = format!("/rest/v1.0/projects/{project}/users/{ana}/actions/remove");
    assert_eq!(rights.call("editor", Method::DELETE, &remove, None).await.status, 204);
}

#[tokio::test]
async fn an_editor_gives_only_templates_that_are_assignable() {
    let rights = Rights::new().await;
    let (Crew { ana, project, .. }, other) = (&rights.crew, rights.other);
    let [manager, guest] =
        ["Project Manager", "Subcontractor"].map(|name| rights.company(|company| template(company, name)));
    let assign = async |account: &str, template: u64| {
        let fields = json!({ "user_id": ana, "permission_template_id": template });
        let body = json!({ "permission_template_assignments": fields });
        let path = format!("/rest/v1.0/projects/{project}/permission_template_assignments");
        rights.call(account, Method::PATCH, &path, Some(body)).await
    };
    let denied = assign("editor", manager).await;
    assert_eq!(denied.status, 403);
    assert!(denied.text.contains(&format!("assign the template {manager}")), "{}", denied.text);
    assert_eq!(assign("editor", guest).await.status, 200);
    assert_eq!(assign("admin", manager).await.status, 200);
    assert_eq!(assign("reader", guest).await.status, 403);

    let add = async |template: u64| {
        let path = format!("/rest/v1.0/projects/{other}/users/{ana}/actions/add");
        let body = json!({ "user": { "permission_template_id": template } });
        rights.call("editor", Method::POST, &path, Some(body)).await.status
    };
    assert_eq!((add(manager).await, add(guest).await), (403, 201));

    let create = async |fields: Value| {
        let body = json!({ "user": fields });
        rights.call("editor", Method::POST, "/rest/v1.3/companies/{c}/users", Some(body)).await
    };
    let new = |email: &str, template: u64| json!({ "email_address": email, "last_name": "New", "default_permission_template_id": template });
    assert_eq!(create(new("one@example.com", manager)).await.status, 403);
    assert_eq!(create(new("two@example.com", guest)).await.status, 201);
    let tools = rights.company(|company| template(company, "Office Staff"));
    let fields = json!({
        "email_address": "three@example.com", "last_name": "New", "company_permission_template_id": tools,
    });
    assert_eq!(create(fields).await.status, 403);
    let listed = format!("/rest/v1.0/projects/{project}/permission_templates?filters[assignables_only]=true");
    assert_eq!(rights.get("editor", &listed).await.all("name"), ["Subcontractor", "Inspector", "Read Only"]);
}

#[tokio::test]
async fn an_editor_may_no_more_under_the_names_of_the_guide() {
    let crew = crew();
    let company = crew.company.clone();
    let config = Config { accounts: NewAccount::standard(), dialect: Dialect::Guide, ..config() };
    let rights = Rights { site: Site::with(config, company).await, other: crew.project, crew };
    let [manager, guest] =
        ["Project Manager", "Subcontractor"].map(|name| rights.company(|company| template(company, name)));
    let path = format!("/rest/v1.0/companies/{{c}}/users/{}", rights.crew.ana);
    let patch = async |fields: Value| {
        rights.call("editor", Method::PATCH, &path, Some(json!({ "user": fields }))).await.status
    };
    assert_eq!(patch(json!({ "login": "other@example.com" })).await, 403);
    assert_eq!(patch(json!({ "permission_template_id": guest })).await, 403);
    assert_eq!(patch(json!({ "job_title": "Estimator" })).await, 200);
    let create = async |login: &str, template: u64| {
        let fields = json!({ "login": login, "last_name": "New", "permission_template_id": template });
        let body = Some(json!({ "user": fields }));
        rights.call("editor", Method::POST, "/rest/v1.0/companies/{c}/users", body).await.status
    };
    assert_eq!(create("one@example.com", manager).await, 403);
    assert_eq!(create("two@example.com", guest).await, 201);
    assert_eq!(rights.call("editor", Method::DELETE, &path, None).await.status, 403);
}

#[tokio::test]
async fn a_sync_is_for_admins() {
    let rights = Rights::new().await;
    let path = "/rest/v1.3/companies/{c}/users/sync";
    let body = json!({ "updates": [{ "id": rights.crew.ana, "job_title": "Estimator" }] });
    for (account, status) in [("editor", 403), ("reader", 403), ("admin", 200), ("limited", 200)] {
        let answer = rights.call(account, Method::PATCH, path, Some(body.clone())).await;
        assert_eq!(answer.status, status, "{account}");
    }
}

#[tokio::test]
async fn rows_about_projects_that_are_not_there_for_the_caller_fail_alone() {
    let rights = Rights::new().await;
    let (Crew { ana, project, .. }, other) = (&rights.crew, rights.other);
    rights.site.simulator.permit("limited", Permitted::Only([other].into())).unwrap();
    let rows = [*project, other].map(|project| json!({ "user_id": ana, "project_id": project }));
    rights.company(|company| company.add_membership(NewMembership::new(*ana, other))).unwrap();
    let path = "/rest/v1.3/companies/{c}/users/bulk_remove";
    let answer = rights.call("limited", Method::POST, path, Some(json!({ "users": rows }))).await;
    let expected =
        json!({ ana.to_string(): { project.to_string(): "failure", other.to_string(): "success" } });
    assert_eq!((answer.status, answer.body), (200, expected));
    assert!(rights.company(|company| company.membership(*ana, *project).is_some()));
}

#[tokio::test]
async fn an_account_sees_the_projects_that_it_was_given_from_the_next_call_on() {
    let rights = Rights::new().await;
    let (Crew { project, ana, rfi, .. }, other) = (&rights.crew, rights.other);
    let paths = [
        format!("/rest/v1.0/projects/{project}?company_id={{c}}"),
        format!("/rest/v1.0/projects/{project}/users"),
        format!("/rest/v1.0/projects/{project}/rfis/{rfi}"),
        format!("/rest/v1.0/me?project_id={project}"),
    ];
    let assigned = format!("/rest/v1.0/companies/{{c}}/users/{ana}/project_assignments");
    let remove = format!("/rest/v1.0/projects/{project}/users/{ana}/actions/remove");
    for path in &paths {
        assert_eq!(rights.get("limited", path).await.status, 404, "{path}");
        assert_eq!(rights.site.get(path).await.status, 200, "{path}");
    }
    assert_eq!(rights.call("limited", Method::DELETE, &remove, None).await.status, 404);
    assert_eq!(rights.get("limited", PROJECTS).await.body, json!([]));
    assert_eq!(rights.get("limited", &assigned).await.body, json!([]));

    let put = |projects: Value| {
        send(rights.site.bare(Method::PUT, "/sim/accounts/limited/projects").json(&projects))
    };
    let set = put(json!({ "only": [project] })).await;
    assert_eq!((set.status, &set.body[3]["projects"]), (200, &json!({ "only": [project] })));
    for path in &paths {
        assert_eq!(rights.get("limited", path).await.status, 200, "{path}");
    }
    assert_eq!(rights.get("limited", PROJECTS).await.ids(), [*project]);
    assert_eq!(rights.get("limited", &assigned).await.all("project_id"), [*project]);
    put(json!("all")).await;
    assert_eq!(rights.get("limited", PROJECTS).await.ids(), rights.site.get(PROJECTS).await.ids());

    assert_eq!(put(json!({ "only": [other, 1] })).await.status, 400);
    assert_eq!(put(json!(["all"])).await.status, 400);
    let nobody =
        send(rights.site.bare(Method::PUT, "/sim/accounts/nobody/projects").json(&json!("all"))).await;
    assert_eq!(nobody.status, 404);
    assert!(rights.site.simulator.permit("limited", Permitted::Only([1].into())).is_err());
}

#[tokio::test]
async fn who_is_no_admin_sees_a_new_project_only_when_it_is_given() {
    let rights = Rights::new().await;
    let (Crew { project, .. }, other) = (&rights.crew, rights.other);
    assert_eq!(rights.get("reader", PROJECTS).await.ids().len(), 2);
    let new = rights.company(|company| company.add_project(NewProject::named("Harbor Point Tower C")));
    let path = format!("/rest/v1.0/projects/{new}/users");
    assert_eq!((rights.get("reader", &path).await.status, rights.site.get(&path).await.status), (404, 200));
    rights.site.simulator.permit("reader", Permitted::Only([*project, new].into())).unwrap();
    assert_eq!(rights.get("reader", &path).await.status, 200);
    assert_eq!(rights.get("reader", &format!("/rest/v1.0/projects/{other}/users")).await.status, 404);
}

#[tokio::test]
async fn a_level_in_a_project_comes_from_the_template_there() {
    let rights = Rights::new().await;
    let Crew { project, rfi, .. } = rights.crew;
    let reader = rights.site.simulator.accounts()[2].user;
    let path = format!("/rest/v1.0/projects/{project}/rfis/{rfi}");
    assert_eq!(rights.get("reader", &path).await.status, 200);
    rights.company(|company| {
        let membership = company.membership(reader, project).unwrap();
        let template = membership.template.unwrap();
        assert_eq!(company.template(template).unwrap().kind, TemplateKind::Global);
        company.set_level(template, "rfi", muster_sim::Level::None).unwrap();
    });
    assert_eq!(rights.get("reader", &path).await.status, 403);
}

#[tokio::test]
async fn the_list_of_accounts_shows_no_secret() {
    let rights = Rights::new().await;
    let listed = send(rights.site.bare(Method::GET, "/sim/accounts")).await;
    assert_eq!(listed.body[1]["role"], json!(Role::UserEditor));
    for account in rights.site.simulator.accounts() {
        assert!(!listed.text.contains(&account.credentials.client_secret));
        assert!(!format!("{account:?}").contains(&account.credentials.client_secret));
    }
}
