//! Coordination issues: their list, giving them to others, closing them, and what is refused.

use muster_sim::{Config, CoordinationIssue, Kind, NewCoordinationIssue, Switches};
use serde_json::{Value, json};

use crate::site::{Answer, Crew, Site, config, crew, keys};

/// An open issue of Leo's and a closed one of Ana's.
struct Issues {
    site: Site,
    crew: Crew,
    open: u64,
    closed: u64,
}

impl Issues {
    async fn new() -> Self {
        Self::with(Switches::default()).await
    }

    async fn with(switches: Switches) -> Self {
        let mut crew = crew();
        let duct = NewCoordinationIssue::open(crew.project, "Duct against beam at C-4", crew.leo);
        let pipe = NewCoordinationIssue {
            status: muster_sim::IssueStatus::Closed,
            ..NewCoordinationIssue::open(crew.project, "Pipe against tray at B-2", crew.ana)
        };
        let [open, closed] = [duct, pipe].map(|new| crew.company.add_coordination_issue(new).unwrap());
        let site = Site::with(Config { switches, ..config() }, crew.company.clone()).await;
        Self { site, crew, open, closed }
    }

    async fn list(&self, query: &str) -> Answer {
        let project = self.crew.project;
        self.site.get(&format!("/rest/v1.0/coordination_issues?project_id={project}&{query}")).await
    }

    async fn assign(&self, id: u64, to: Value) -> Answer {
        let assignment = json!({ "assignee_id": to });
        let body = json!({ "project_id": self.crew.project, "coordination_issue_assignment": assignment });
        self.site.post(&format!("/rest/v1.0/coordination_issues/{id}/assignments"), body).await
    }

    async fn change(&self, id: u64, fields: Value) -> Answer {
        let body = json!({ "project_id": self.crew.project, "coordination_issue": fields });
        self.site.patch(&format!("/rest/v1.0/coordination_issues/{id}"), body).await
    }

    fn issue(&self, id: u64) -> CoordinationIssue {
        self.site.simulator.with_company(|company| company.item::<CoordinationIssue>(id).unwrap().clone())
    }
}

#[tokio::test]
async fn issues_are_filtered_by_people_status_and_words() {
    let issues = Issues::new().await;
    let Crew { ana, leo, .. } = issues.crew;
    let (open, closed) = (issues.open, issues.closed);
    let listed = async |query: String| issues.list(&query).await.ids();
    assert_eq!(listed(String::new()).await, [open, closed]);
    assert_eq!(listed(format!("filters[assignee_id][]={leo}")).await, [open]);
    assert_eq!(listed("filters[status][]=open&filters[status][]=blocked".to_owned()).await, [open]);
    assert_eq!(listed(format!("filters[status][]=closed&filters[assignee_id][]={ana}")).await, [closed]);
    assert_eq!(listed(format!("filters[ids][]={closed}")).await, [closed]);
    assert_eq!(listed("filters[search]=tray".to_owned()).await, [closed]);
    assert_eq!(listed("filters[overdue]=true".to_owned()).await, [] as [u64; 0]);
    assert_eq!(listed("sort=-issue_number".to_owned()).await, [closed, open]);
    assert_eq!(listed("per_page=1&page=2".to_owned()).await, [closed]);
    assert_eq!(issues.list("view=compact").await.body, json!([{ "id": open }, { "id": closed }]));
    assert_eq!(issues.list("filters[status][]=lost").await.status, 400);
    let issue = &issues.list("").await.body[0];
    assert_eq!(keys(&issue["assignee"]), ["company_name", "id", "locale", "login", "name"]);
    assert_eq!(issue["assignee"]["company_name"], "Halvorsen Steel Erectors");
    let held = issues.site.simulator.with_company(|company| company.holdings());
    let held: Vec<_> = held.iter().filter(|held| held.kind == Kind::CoordinationIssue).collect();
    assert_eq!((held.len(), held[0].user, held[0].id), (1, leo, open));
}

#[tokio::test]
async fn an_assignment_is_made_and_remembered() {
    let issues = Issues::new().await;
    let Crew { ana, leo, pat, .. } = issues.crew;
    let service = issues.site.simulator.with_company(|company| company.service_account());
    let made = issues.assign(issues.open, json!(ana)).await;
    assert_eq!(made.status, 201, "{}", made.text);
    assert_eq!((&made.body["old_assignee_id"], &made.body["new_assignee_id"]), (&json!(leo), &json!(ana)));
    assert_eq!(
        (&made.body["created_by_id"], &made.body["coordination_issue_id"]),
        (&json!(service), &json!(issues.open))
    );
    let changed = issues.change(issues.open, json!({ "assignee_id": pat })).await;
    assert_eq!((changed.status, &changed.body["assignee"]["id"]), (200, &json!(pat)));
    let issue = issues.issue(issues.open);
    let history: Vec<_> = issue.history.iter().map(|change| (change.old, change.new)).collect();
    assert_eq!(history, [(Some(leo), Some(ana)), (Some(ana), Some(pat))]);
    assert_eq!((issue.assignee, issue.updated_by), (Some(pat), service));
    assert_ne!(issue.history[0].id, issue.history[1].id);
}

#[tokio::test]
async fn who_may_not_hold_an_issue_is_refused_and_nothing_changes() {
    let issues = Issues::new().await;
    let Crew { kim, pat, .. } = issues.crew;
    issues.site.simulator.with_company(|company| company.set_active(pat, false)).unwrap();
    let before = issues.site.simulator.export();
    for nobody in [json!(kim), json!(pat), json!(1), json!(null), json!("x")] {
        let refused = issues.assign(issues.open, nobody.clone()).await;
        assert_eq!(refused.status, 400);
        assert!(refused.body["errors"]["assignee_id"][0].is_string(), "{}", refused.text);
    }
    for (field, value) in [
        ("assignee_id", json!(kim)),
        ("title", json!("x".repeat(81))),
        ("title", json!(" ")),
        ("status", json!("blocked")),
        ("status", json!("ready_for_review")),
        ("priority", json!("huge")),
    ] {
        let refused = issues.change(issues.open, json!({ field: value })).await;
        assert_eq!(refused.status, 400, "{field}");
        assert!(refused.body["errors"][field][0].is_string(), "{}", refused.text);
    }
    assert_eq!(issues.site.simulator.export(), before);
    assert_eq!(issues.assign(1, json!(kim)).await.status, 404);
}

#[tokio::test]
async fn an_issue_is_closed_and_only_its_assignee_offers_it_for_review() {
    let issues = Issues::new().await;
    let closed = issues.change(issues.open, json!({ "status": "closed" })).await;
    assert_eq!((closed.status, &closed.body["status"]), (200, &json!("closed")));
    let service = issues.site.simulator.with_company(|company| {
        company.reassign_issue(issues.open, Some(company.service_account()), issues.crew.pat).unwrap();
        company.service_account()
    });
    assert_eq!(issues.issue(issues.open).assignee, Some(service));
    let ready = issues.change(issues.open, json!({ "status": "ready_for_review" })).await;
    assert_eq!((ready.status, &ready.body["status"]), (200, &json!("ready_for_review")));
}

#[tokio::test]
async fn candidates_have_a_company_and_a_language() {
    let issues = Issues::new().await;
    let Crew { leo, kim, project, .. } = issues.crew;
    let path = format!("/rest/v1.0/coordination_issues/assignees?project_id={project}");
    let listed = issues.site.get(&path).await;
    assert!(listed.ids().contains(&leo) && !listed.ids().contains(&kim));
    assert_eq!(keys(&listed.body[0]), ["company_name", "id", "locale", "login", "name"]);
}

#[tokio::test]
async fn what_somebody_inactive_holds_may_be_stuck() {
    for (inactive_items_move, made, changed) in [(true, 201, 200), (false, 400, 400)] {
        let issues = Issues::with(Switches { inactive_items_move, ..Switches::default() }).await;
        let Crew { ana, leo, .. } = issues.crew;
        issues.site.simulator.with_company(|company| company.set_active(leo, false)).unwrap();
        assert_eq!(issues.change(issues.open, json!({ "assignee_id": ana })).await.status, changed);
        issues.site.simulator.with_company(|company| {
            company.reassign_issue(issues.open, Some(leo), leo).unwrap();
        });
        assert_eq!(issues.assign(issues.open, json!(ana)).await.status, made);
    }
}
