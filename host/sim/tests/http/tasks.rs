//! Tasks: their list, giving them to others, closing them, and what is refused.

use muster_sim::{Config, HeldAs, Kind, NewTask, Switches, Task, TaskStatus};
use serde_json::{Value, json};

use crate::site::{Answer, Crew, Site, config, crew, keys};

/// A task of Ana and Leo, one of Ana that is under way, and one of Leo that is void.
struct Tasks {
    site: Site,
    crew: Crew,
    ids: [u64; 3],
}

impl Tasks {
    async fn new() -> Self {
        Self::with(Switches::default()).await
    }

    async fn with(switches: Switches) -> Self {
        let mut crew = crew();
        let (project, ana, leo) = (crew.project, crew.ana, crew.leo);
        let ids = [
            NewTask::open(project, "Close out permits", &[ana, leo]),
            NewTask {
                status: TaskStatus::InProgress,
                ..NewTask::open(project, "Collect insurance certificates", &[ana])
            },
            NewTask { status: TaskStatus::Void, ..NewTask::open(project, "Order signage", &[leo]) },
        ]
        .map(|new| crew.company.add_task(new).unwrap());
        let site = Site::with(Config { switches, ..config() }, crew.company.clone()).await;
        Self { site, crew, ids }
    }

    async fn list(&self, query: &str) -> Answer {
        self.site.get(&format!("/rest/v1.0/task_items?project_id={}&{query}", self.crew.project)).await
    }

    async fn change(&self, id: u64, fields: Value) -> Answer {
        let path = format!("/rest/v1.0/task_items/{id}?project_id={}", self.crew.project);
        self.site.patch(&path, json!({ "task_item": fields })).await
    }
}

#[tokio::test]
async fn tasks_are_filtered_by_people_status_and_words() {
    let tasks = Tasks::new().await;
    let Crew { ana, leo, project, .. } = tasks.crew;
    let [first, second, void] = tasks.ids;
    let listed = async |query: String| tasks.list(&query).await.ids();
    assert_eq!(listed(String::new()).await, [first, second, void]);
    assert_eq!(listed(format!("filters[assigned_id]={leo}")).await, [first, void], "not only the first one");
    assert_eq!(listed(format!("filters[assigned_id]={ana}")).await, [first, second]);
    let open = "filters[status][]=initiated&filters[status][]=in_progress&filters[status][]=ready_for_review";
    assert_eq!(listed(open.to_owned()).await, [first, second]);
    assert_eq!(listed(format!("filters[id]={void}")).await, [void]);
    assert_eq!(listed("filters[query]=PERMITS".to_owned()).await, [first]);
    assert_eq!(listed("sort=-title".to_owned()).await, [void, second, first]);
    assert_eq!(listed("per_page=1&page=3".to_owned()).await, [void]);
    assert_eq!(tasks.list("filters[status][]=done").await.status, 400);
    assert_eq!(tasks.site.get("/rest/v1.0/task_items").await.status, 400);
    let task = &tasks.list("").await.body[0];
    assert_eq!(keys(&task["assignee"]), ["id", "login", "name"]);
    assert_eq!((&task["assignee"]["id"], &task["assignees"][1]["id"]), (&json!(ana), &json!(leo)));
    assert_eq!(task["assignees"][0]["date_notified"], "2026-01-05");
    let held = tasks.site.simulator.with_company(|company| company.held_by(leo));
    let held: Vec<_> = held.iter().filter(|held| held.kind == Kind::Task).collect();
    assert_eq!((held.len(), held[0].id, held[0].role), (1, first, HeldAs::Assignee));
    assert_eq!(held[0].project, Some(project));
}

#[tokio::test]
async fn a_list_of_assignees_replaces_the_one_before() {
    let tasks = Tasks::new().await;
    let Crew { ana, leo, pat, .. } = tasks.crew;
    let id = tasks.ids[0];
    let assignees = || -> Vec<u64> {
        tasks.site.simulator.with_company(|company| company.item::<Task>(id).unwrap().assignees.clone())
    };
    let changed = tasks.change(id, json!({ "assignee_ids": [pat, leo, pat] })).await;
    assert_eq!((changed.status, &changed.body["assignee"]["id"]), (200, &json!(pat)));
    assert_eq!(assignees(), [pat, leo]);
    tasks.change(id, json!({ "assigned_id": ana })).await;
    assert_eq!(assignees(), [ana], "the old field is a list of one");
    tasks.change(id, json!({ "assigned_id": ana, "assignee_ids": [leo] })).await;
    assert_eq!(assignees(), [leo], "the new field counts");
    tasks.change(id, json!({ "title": "Close out all permits" })).await;
    assert_eq!(assignees(), [leo]);
    let path = format!("/rest/v1.0/task_items/{id}?project_id={}", tasks.crew.project);
    let parts = [ana, pat].map(|id| ("task_item[assignee_ids][]", id.to_string()));
    assert_eq!(tasks.site.patch_form(&path, &parts).await.status, 200);
    assert_eq!(assignees(), [ana, pat]);
}

#[tokio::test]
async fn who_may_not_hold_a_task_is_refused_and_nothing_changes() {
    let tasks = Tasks::new().await;
    let Crew { kim, pat, ana, .. } = tasks.crew;
    let id = tasks.ids[0];
    tasks.site.simulator.with_company(|company| company.set_active(pat, false)).unwrap();
    let before = tasks.site.simulator.export();
    for nobody in [kim, pat, 1] {
        let refused = tasks.change(id, json!({ "assignee_ids": [ana, nobody] })).await;
        assert_eq!(refused.status, 400);
        assert!(refused.body["errors"]["assignee_ids"][0].is_string(), "{}", refused.text);
    }
    for (field, value) in
        [("status", json!("done")), ("task_item_category_id", json!(1)), ("due_date", json!("soon"))]
    {
        let refused = tasks.change(id, json!({ field: value })).await;
        assert_eq!(refused.status, 400, "{field}");
        assert!(refused.body["errors"][field][0].is_string(), "{}", refused.text);
    }
    assert_eq!(tasks.site.simulator.export(), before);
    let path = format!("/rest/v1.0/task_items/{id}?project_id=1");
    assert_eq!(tasks.site.patch(&path, json!({ "task_item": {} })).await.status, 404);
}

#[tokio::test]
async fn a_task_is_closed_and_has_a_time_at_which_it_is_due() {
    let tasks = Tasks::new().await;
    let fields = json!({ "status": "closed", "due_date": "2026-07-09" });
    let closed = tasks.change(tasks.ids[0], fields).await;
    assert_eq!(
        (&closed.body["status"], &closed.body["due_date"]),
        (&json!("closed"), &json!("2026-07-09T00:00:00Z"))
    );
    assert_eq!(closed.body["updated_at"], "2026-07-02T08:00:00Z");
    let at = json!({ "due_date": "2026-07-09T12:30:00Z" });
    assert_eq!(tasks.change(tasks.ids[0], at).await.body["due_date"], "2026-07-09T12:30:00Z");
}

#[tokio::test]
async fn candidates_are_found_by_words_too() {
    let tasks = Tasks::new().await;
    let Crew { leo, kim, project, .. } = tasks.crew;
    let path = format!("/rest/v1.0/task_items/assignees?project_id={project}");
    let all = tasks.site.get(&path).await;
    assert_eq!((all.ids().len(), all.ids().contains(&kim)), (3, false));
    assert_eq!(tasks.site.get(&format!("{path}&filters[search]=halvorsen")).await.ids(), [leo]);
    assert_eq!(keys(&all.body[0]), ["id", "login", "name"]);
}

#[tokio::test]
async fn what_somebody_inactive_holds_may_be_stuck() {
    for (inactive_items_move, status) in [(true, 200), (false, 400)] {
        let tasks = Tasks::with(Switches { inactive_items_move, ..Switches::default() }).await;
        let Crew { ana, leo, pat, .. } = tasks.crew;
        tasks.site.simulator.with_company(|company| company.set_active(leo, false)).unwrap();
        assert_eq!(tasks.change(tasks.ids[0], json!({ "assignee_ids": [leo, pat] })).await.status, 200);
        assert_eq!(tasks.change(tasks.ids[0], json!({ "assignee_ids": [ana] })).await.status, status);
    }
}
