//! Workflows that run, and what a departure does to them.

use std::collections::BTreeSet;

use muster_sim::{HeldAs, Kind, NewMembership, NewUser, NewWorkflow, Tool, Workflow};
use reqwest::Method;
use serde_json::{Value, json};

use crate::site::{Answer, Crew, Site, crew, keys, send, template};

struct Workflows {
    site: Site,
    crew: Crew,
    /// One in which Leo has to answer and then Ana, and one that has ended.
    ids: [u64; 2],
    /// One of letters, in which Ana has to answer.
    letter: (u64, u64),
}

fn built() -> (Crew, [u64; 2], (u64, u64)) {
    let mut crew = crew();
    let (project, pat, ana, leo) = (crew.project, crew.pat, crew.ana, crew.leo);
    let company = &mut crew.company;
    let letters = company.add_correspondence_type("Letter", "LTR", &[]);
    let active = NewWorkflow::active(project, pat, &[leo]).then("Approval", &[ana]);
    let ended = NewWorkflow { ended: true, ..NewWorkflow::active(project, pat, &[leo]) };
    let letter = NewWorkflow {
        tool: "correspondence".to_owned(),
        subtype: Some(letters),
        ..NewWorkflow::active(project, pat, &[ana])
    };
    let ids = [active, ended].map(|new| company.add_workflow(new).unwrap());
    let letter = (letters, company.add_workflow(letter).unwrap());
    (crew, ids, letter)
}

async fn workflows() -> Workflows {
    let (crew, ids, letter) = built();
    let site = Site::of(crew.company.clone()).await;
    Workflows { site, crew, ids, letter }
}

/// Returns the ids of a list of version 2, which are texts.
fn ids(answer: &Answer) -> Vec<u64> {
    assert_eq!(answer.status, 200, "{}", answer.text);
    let rows = answer.body["data"].as_array().unwrap().iter();
    rows.map(|row| row["id"].as_str().unwrap().parse().unwrap()).collect()
}

impl Workflows {
    fn path(&self, rest: &str) -> String {
        format!("/rest/v2.0/companies/{{c}}/projects/{}/workflows/{rest}", self.crew.project)
    }

    async fn get(&self, rest: &str) -> Answer {
        self.site.get(&self.path(rest)).await
    }

    async fn show(&self, id: u64) -> Value {
        let answer = self.get(&format!("instances/{id}")).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.body["data"].clone()
    }

    async fn add(&self, id: u64, body: Value) -> Answer {
        self.site.post(&self.path(&format!("instances/{id}/additional_assignees")), body).await
    }

    /// Returns a body that adds somebody to the step that runs.
    async fn body(&self, id: u64, user: u64) -> Value {
        json!({
            "step_occurrence_id": self.show(id).await["current_step_occurrence"]["id"],
            "required": true,
            "reason": "original_assignee_left_company",
            "comment": "Leo leaves on Friday",
            "assignee_ids": [user.to_string()],
        })
    }

    fn state(&self, id: u64) -> Value {
        let export = self.site.simulator.export();
        let workflows = export["workflows"].as_array().unwrap();
        workflows.iter().find(|workflow| workflow["id"] == id).unwrap().clone()
    }
}

#[tokio::test]
async fn the_tools_with_workflows_are_those_of_projects_of_the_company_and_each_type_of_correspondence() {
    let workflows = workflows().await;
    let listed = workflows.site.get("/rest/v2.0/companies/{c}/workflows/tools").await;
    let rows = listed.body["data"].as_array().unwrap();
    assert_eq!(keys(&rows[0]), ["name", "provider", "subtype", "type"]);
    let row = |kind: &str| rows.iter().find(|row| row["type"] == kind).unwrap();
    assert_eq!(
        (&row("commitments")["provider"], &row("commitments")["subtype"]),
        (&json!("Project"), &Value::Null)
    );
    assert_eq!(row("funding")["provider"], "Company");
    let letters = row("correspondence");
    assert_eq!(
        (&letters["name"], &letters["subtype"]),
        (&json!("Letter"), &json!(workflows.letter.0.to_string()))
    );
}

#[tokio::test]
async fn workflows_are_listed_by_the_type_of_their_items_and_who_has_to_answer_now() {
    let workflows = workflows().await;
    let ([active, ended], (letters, letter)) = (workflows.ids, workflows.letter);
    let Crew { pat, ana, leo, .. } = workflows.crew;
    let found = async |query: String| ids(&workflows.get(&format!("instances?{query}")).await);
    let commitments = "filters[tool_type]=commitments";
    assert_eq!(found(commitments.to_owned()).await, [active, ended]);
    assert_eq!(found(format!("{commitments}&filters[active]=true")).await, [active]);
    assert_eq!(
        found(format!("{commitments}&filters[assignee_id]={leo}")).await,
        [active],
        "the other has ended"
    );
    assert_eq!(
        found(format!("{commitments}&filters[assignee_id]={ana}")).await,
        [] as [u64; 0],
        "her step comes"
    );
    assert_eq!(found(format!("{commitments}&filters[assignee_id]={pat}")).await, [] as [u64; 0], "a manager");
    assert_eq!(found("filters[tool_type]=prime_contracts".to_owned()).await, [] as [u64; 0]);
    let of_letters = format!("filters[tool_type]=correspondence&filters[tool_subtype]={letters}");
    assert_eq!(found(of_letters.clone()).await, [letter]);
    assert_eq!(found(format!("{of_letters}&filters[assignee_id]={ana}")).await, [letter]);
    let item = workflows.show(active).await["item_id"].clone();
    assert_eq!(found(format!("{commitments}&filters[item_id]={}", item.as_str().unwrap())).await, [active]);
    for query in ["", "filters[assignee_id]=1", "filters[tool_type]=correspondence"] {
        let refused = workflows.get(&format!("instances?{query}")).await;
        assert_eq!((refused.status, &refused.body["error"]["code"]), (400, &json!("400")), "{query}");
    }
}

#[tokio::test]
async fn a_long_list_is_read_by_its_cursor_to_the_end_and_not_by_pages() {
    let (mut crew, [first, ended], _) = built();
    let new = NewWorkflow::active(crew.project, crew.pat, &[crew.leo]);
    let more: Vec<u64> = (0..23).map(|_| crew.company.add_workflow(new.clone()).unwrap()).collect();
    let (project, site) = (crew.project, Site::of(crew.company).await);
    let path = format!(
        "/rest/v2.0/companies/{{c}}/projects/{project}/workflows/instances?filters[tool_type]=commitments"
    );
    let mut answer = site.get(&path).await;
    assert_eq!(
        (ids(&answer).len(), answer.header("per-page"), answer.header("total")),
        (10, Some("10"), None)
    );
    assert!(answer.link("last").is_none());
    let mut found = ids(&answer);
    let mut pages = 1;
    while let Some(next) = answer.link("next") {
        let request = site.client.get(next).bearer_auth(&site.token).header("Procore-Company-Id", site.id);
        answer = send(request).await;
        found.extend(ids(&answer));
        pages += 1;
    }
    assert_eq!((found, pages), ([&[first, ended][..], &more[..]].concat(), 3));
    assert_eq!(ids(&site.get(&format!("{path}&page=2")).await).first(), Some(&first), "pages are not known");
    assert_eq!(ids(&site.get(&format!("{path}&per_page=500")).await).len(), 25);
    assert_eq!(site.get(&format!("{path}&cursor=2")).await.status, 400);
}

#[tokio::test]
async fn a_workflow_tells_everybody_in_it_and_whose_turn_it_is() {
    let workflows = workflows().await;
    let Crew { pat, ana, leo, .. } = workflows.crew;
    let shown = workflows.show(workflows.ids[0]).await;
    assert_eq!(shown["workflow_manager"]["id"], pat.to_string());
    assert_eq!(shown["current_step_occurrence"]["name"], "Review");
    let groups = &shown["responsible_group_memberships"];
    let login = "leo.cruz@halvorsen-steel-erectors.example";
    let leo = json!({ "id": leo.to_string(), "name": "Leo Cruz", "login": login });
    assert_eq!(
        (&groups[0]["assignees"][0], &groups[1]["assignees"][0]["id"]),
        (&leo, &json!(ana.to_string()))
    );
    let company = json!({ "name": "Halvorsen Steel Erectors" });
    let leo = json!({ "id": leo["id"], "name": "Leo Cruz", "login": login, "company": company });
    let responses = &shown["current_step_occurrence"]["response_occurrences"];
    let mut asked = leo.clone();
    asked["required"] = json!(true);
    assert_eq!((&responses[0]["assignee"], responses.as_array().unwrap().len()), (&asked, 1));
    assert_eq!(responses[0]["submitted_at"], Value::Null);
    assert_ne!(groups[0]["responsible_group_uuid"], groups[1]["responsible_group_uuid"]);
    assert_eq!((&shown["all_assignees"][0], shown["all_assignees"].as_array().unwrap().len()), (&leo, 2));
    let ended = workflows.show(workflows.ids[1]).await;
    assert_eq!((&ended["current_step_occurrence"], ended["ended_at"].is_string()), (&Value::Null, true));
    assert_eq!(workflows.get("instances/1").await.status, 404);
}

#[tokio::test]
async fn somebody_can_be_added_to_the_step_that_runs_and_nobody_leaves_it() {
    let workflows = workflows().await;
    let Crew { pat, ana, leo, .. } = workflows.crew;
    let id = workflows.ids[0];
    let held = |user| -> Vec<(HeldAs, u64)> {
        let held = workflows.site.simulator.with_company(|company| company.held_by(user));
        let held = held.into_iter().filter(|held| held.kind == Kind::Workflow);
        held.map(|held| (held.role, held.id)).collect()
    };
    assert_eq!(held(leo), [(HeldAs::StepAssignee, id)]);
    assert_eq!(held(pat), [(HeldAs::Manager, id), (HeldAs::Manager, workflows.letter.1)]);
    assert_eq!(held(ana), [(HeldAs::StepAssignee, workflows.letter.1)], "her step of the other comes later");
    let answer = workflows.add(id, workflows.body(id, pat).await).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let data = &answer.body["data"];
    assert_eq!(data["responsible_group_memberships"][0]["assignees"].as_array().unwrap().len(), 1);
    let step = &data["current_step_occurrence"];
    let field = &step["step_histories"][0]["details"][0]["fields"][0];
    assert_eq!(
        (&field["label"], &field["value"]),
        (&json!("Reason"), &json!("original_assignee_left_company"))
    );
    assert_eq!(step["response_occurrences"][1]["assignee"]["id"], pat.to_string());
    let all: BTreeSet<u64> = data["all_assignees"]
        .as_array()
        .unwrap()
        .iter()
        .map(|person| person["id"].as_str().unwrap().parse().unwrap())
        .collect();
    assert_eq!(all, BTreeSet::from([pat, ana, leo]));
    let asked = data["current_step_occurrence"]["response_occurrences"].as_array().unwrap();
    let asked: Vec<_> = asked.iter().map(|one| one["assignee"]["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(asked, [leo, pat].map(|user| user.to_string()), "the step asks nobody of the others");
    for user in [pat, leo] {
        let query = format!("instances?filters[tool_type]=commitments&filters[assignee_id]={user}");
        assert_eq!(ids(&workflows.get(&query).await), [id]);
    }
    assert_eq!(held(leo), [(HeldAs::StepAssignee, id)], "Leo is named as before");
    let again = workflows.add(id, workflows.body(id, pat).await).await;
    assert_eq!(again.status, 422, "once is enough");
}

#[tokio::test]
async fn a_departure_stops_the_workflow_until_somebody_is_added() {
    for leave in ["deactivation", "removal", "bulk"] {
        let workflows = workflows().await;
        let Crew { project, pat, leo, .. } = workflows.crew;
        let id = workflows.ids[0];
        assert_eq!(workflows.state(id)["stopped"], false);
        let answer = match leave {
            "deactivation" => {
                let path = format!("/rest/v1.3/companies/{{c}}/users/{leo}");
                workflows.site.patch(&path, json!({ "user": { "is_active": false } })).await
            }
            "removal" => {
                let path = format!("/rest/v1.0/projects/{project}/users/{leo}/actions/remove");
                workflows.site.delete(&path).await
            }
            _ => {
                let person = workflows.crew.company.user(leo).unwrap().party_id;
                let body = json!({ "ids": [person] });
                workflows.site.post("/rest/v2.0/companies/{c}/people/bulk_deactivate", body).await
            }
        };
        assert!(answer.status < 300, "{leave}: {}", answer.text);
        let state = workflows.state(id);
        assert_eq!((&state["stopped"], &state["ended_at"]), (&json!(true), &Value::Null), "{leave}");
        assert_eq!(workflows.state(workflows.ids[1])["stopped"], false, "it has ended");
        assert_eq!(workflows.state(workflows.letter.1)["stopped"], false, "Leo is not in it");
        let active = workflows.get("instances?filters[tool_type]=commitments&filters[active]=true").await;
        assert_eq!(ids(&active), [id], "nothing of it is seen in the list");
        workflows.add(id, workflows.body(id, pat).await).await;
        assert_eq!(workflows.state(id)["stopped"], false, "{leave}");
    }
}

#[tokio::test]
async fn a_departure_stops_nothing_where_somebody_was_added_before() {
    let workflows = workflows().await;
    let Crew { project, pat, ana, leo, .. } = workflows.crew;
    let id = workflows.ids[0];
    workflows.add(id, workflows.body(id, pat).await).await;
    let leave = |user| {
        workflows.site.simulator.with_company(|company| company.set_active(user, false)).unwrap();
        workflows.state(id)["stopped"].clone()
    };
    assert_eq!(leave(ana), false, "her step comes later");
    assert_eq!(leave(leo), false, "Pat can answer");
    assert_eq!(leave(pat), true, "now nobody can");
    workflows.site.simulator.with_company(|company| {
        company.set_active(leo, true).unwrap();
        company.remove_membership(ana, project);
    });
    assert_eq!(workflows.state(id)["stopped"], true, "it does not go on by itself");
}

#[tokio::test]
async fn one_that_names_somebody_who_is_gone_is_stopped_from_the_beginning() {
    let mut crew = crew();
    crew.company.set_active(crew.leo, false).unwrap();
    let stopped = |company: &muster_sim::Company, id| company.item::<Workflow>(id).unwrap().stopped;
    let new = NewWorkflow::active(crew.project, crew.pat, &[crew.ana, crew.leo]);
    let id = crew.company.add_workflow(new).unwrap();
    assert!(stopped(&crew.company, id));
    let later = NewWorkflow::active(crew.project, crew.pat, &[crew.ana]).then("Approval", &[crew.leo]);
    let id = crew.company.add_workflow(later).unwrap();
    assert!(!stopped(&crew.company, id));
}

#[tokio::test]
async fn additions_that_make_no_sense_are_refused() {
    let (mut crew, [id, ended], _) = built();
    let stranger = crew.company.add_user(NewUser::named("Uma", "Rao")).unwrap();
    let inspector = template(&crew.company, "Inspector");
    let blind = crew.company.add_user(NewUser::named("Ida", "Lund")).unwrap();
    crew.company.add_membership(NewMembership::new(blind, crew.project).with_template(inspector)).unwrap();
    crew.company.set_active(crew.ana, false).unwrap();
    let site = Site::of(crew.company.clone()).await;
    let workflows = Workflows { site, crew, ids: [id, ended], letter: (0, 0) };
    let Crew { pat, ana, leo, .. } = workflows.crew;
    let before = workflows.site.simulator.export();
    for user in [stranger, ana, blind, leo, 1] {
        let refused = workflows.add(id, workflows.body(id, user).await).await;
        assert_eq!(
            (refused.status, &refused.body["error"]["details"][0]["source"]),
            (422, &json!("assignee_ids"))
        );
    }
    let good = workflows.body(id, pat).await;
    for (field, value, status) in [
        ("step_occurrence_id", json!("1"), 422),
        ("assignee_ids", json!([]), 422),
        ("assignee_ids", json!([pat]), 400),
        ("assignee_ids", json!(null), 400),
        ("reason", json!("left"), 400),
        ("reason", json!(null), 400),
        ("required", json!(null), 400),
    ] {
        let mut body = good.clone();
        body[field] = value;
        assert_eq!(workflows.add(id, body.clone()).await.status, status, "{body}");
    }
    assert_eq!(workflows.add(ended, good.clone()).await.status, 422);
    assert_eq!(workflows.add(1, good).await.status, 404);
    assert_eq!(workflows.site.simulator.export(), before);
}

#[tokio::test]
async fn candidates_are_asked_for_by_the_type_of_the_items() {
    let workflows = workflows().await;
    let Crew { project, pat, ana, leo, kim, .. } = workflows.crew;
    let sorted = |mut ids: Vec<u64>| {
        ids.sort_unstable();
        ids
    };
    let found = async |rest: &str| sorted(ids(&workflows.get(rest).await));
    assert_eq!(found("possible_assignees?tool_type=commitments").await, sorted(vec![pat, ana, leo, kim]));
    let letters = format!("tool_type=correspondence&tool_subtype={}", workflows.letter.0);
    assert_eq!(found(&format!("possible_assignees?{letters}")).await, sorted(vec![pat, ana, leo]));
    assert_eq!(found("workflow_managers?tool_type=commitments").await, [pat], "managers are fewer");
    let page = workflows.get("possible_assignees?tool_type=commitments&per_page=3&page=2").await;
    assert_eq!((ids(&page).len(), page.number("total")), (1, 4));
    assert_eq!(keys(&page.body["data"][0]), ["id", "login", "name"]);
    for rest in ["possible_assignees", "workflow_managers", "possible_assignees?tool_type=correspondence"] {
        assert_eq!(workflows.get(rest).await.status, 400, "{rest}");
    }
    workflows.site.simulator.with_company(|company| {
        company.set_active(leo, false).unwrap();
        company.remove_membership(kim, project);
    });
    assert_eq!(found("possible_assignees?tool_type=commitments").await, sorted(vec![pat, ana]));
}

#[tokio::test]
async fn who_is_no_admin_of_the_directory_adds_nobody() {
    let workflows = workflows().await;
    let id = workflows.ids[0];
    let body = workflows.body(id, workflows.crew.pat).await;
    let integration = workflows.site.simulator.with_company(|company| company.service_account());
    workflows.site.simulator.with_company(|company| {
        let mut user = company.user(integration).unwrap().clone();
        user.company_template = Some(template(company, "Field Staff"));
        company.put_user(user).unwrap();
        let engineer = template(company, "Project Engineer");
        company
            .add_membership(NewMembership::new(integration, workflows.crew.project).with_template(engineer))
            .unwrap();
    });
    assert_eq!(workflows.get(&format!("instances/{id}")).await.status, 200);
    assert_eq!(workflows.add(id, body).await.status, 403);
    let path = workflows.path(&format!("instances/{id}/additional_assignees"));
    assert_eq!(send(workflows.site.request(Method::GET, &path)).await.status, 404);
    workflows
        .site
        .simulator
        .with_company(|company| company.set_tool(workflows.crew.project, Tool::Directory, false))
        .unwrap();
    assert_eq!(workflows.get(&format!("instances/{id}")).await.status, 404);
}
