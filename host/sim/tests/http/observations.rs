//! Observations: their list, giving them to others, closing them, and what is refused.

use muster_sim::{Config, HeldAs, Kind, NewObservation, Observation, ObservationStatus, Switches};
use serde_json::{Value, json};

use crate::site::{Answer, Crew, Site, config, crew, keys};

/// Three observations of Leo's: one told, one said to be done, one closed.
struct Observed {
    site: Site,
    crew: Crew,
    ids: [u64; 3],
}

impl Observed {
    async fn new() -> Self {
        Self::with(Switches::default()).await
    }

    async fn with(switches: Switches) -> Self {
        let mut crew = crew();
        let statuses =
            [ObservationStatus::Initiated, ObservationStatus::ReadyForReview, ObservationStatus::Closed];
        let ids = statuses.map(|status| {
            let name = format!("Guardrail missing, {}", status.name());
            let new = NewObservation { status, ..NewObservation::open(crew.project, &name, crew.leo) };
            crew.company.add_observation(new).unwrap()
        });
        let site = Site::with(Config { switches, ..config() }, crew.company.clone()).await;
        Self { site, crew, ids }
    }

    async fn list(&self, query: &str) -> Answer {
        let project = self.crew.project;
        self.site.get(&format!("/rest/v1.0/observations/items?project_id={project}&{query}")).await
    }

    async fn change(&self, id: u64, fields: Value) -> Answer {
        let body = json!({ "project_id": self.crew.project, "observation": fields });
        self.site.patch(&format!("/rest/v1.0/observations/items/{id}"), body).await
    }

    /// Returns what every change has to send.
    async fn required(&self, id: u64) -> Value {
        let shown = self.list(&format!("filters[id][]={id}")).await.body[0].clone();
        json!({ "name": shown["name"], "type_id": shown["type"]["id"] })
    }

    async fn give(&self, id: u64, to: Value) -> Answer {
        let mut fields = self.required(id).await;
        fields["assignee_id"] = to;
        self.change(id, fields).await
    }

    fn item(&self, id: u64) -> Observation {
        self.site.simulator.with_company(|company| company.item::<Observation>(id).unwrap().clone())
    }
}

#[tokio::test]
async fn observations_are_filtered_by_people_status_and_words() {
    let observed = Observed::new().await;
    let [told, done, closed] = observed.ids;
    let Crew { leo, ana, project, .. } = observed.crew;
    let listed = async |query: String| observed.list(&query).await.ids();
    assert_eq!(listed(String::new()).await, [told, done, closed], "closed ones too");
    assert_eq!(listed(format!("filters[assignee_id][]={leo}&filters[assignee_id][]={ana}")).await.len(), 3);
    assert_eq!(listed(format!("filters[assignee_id][]={ana}")).await, [] as [u64; 0]);
    let open = "filters[status][]=0&filters[status][]=1&filters[status][]=2";
    assert_eq!(listed(open.to_owned()).await, [told, done]);
    assert_eq!(listed("filters[status][]=3".to_owned()).await, [closed]);
    assert_eq!(listed(format!("filters[id]={done}")).await, [done]);
    assert_eq!(listed("filters[search]=guardrail+CLOSED".to_owned()).await, [closed]);
    assert_eq!(listed("filters[priority][]=Urgent".to_owned()).await, [] as [u64; 0]);
    let kind = observed.required(told).await["type_id"].clone();
    assert_eq!(listed(format!("filters[type_id][]={kind}")).await.len(), 3);
    assert_eq!(listed("filters[type_id][]=1".to_owned()).await.len(), 0);
    assert_eq!(listed("per_page=2&page=2".to_owned()).await, [closed]);
    assert_eq!(observed.list("filters[status][]=open").await.status, 400, "statuses are asked for by number");
    assert_eq!(observed.site.get("/rest/v1.0/observations/items").await.status, 400);
    assert_eq!(observed.site.get("/rest/v1.0/observations/items?project_id=1").await.status, 404);

    let body = &observed.list(&format!("filters[id]={told}")).await.body[0];
    assert_eq!(keys(&body["assignee"]), ["id", "name", "vendor"]);
    assert_eq!((&body["assignee"]["id"], &body["status"]), (&json!(leo), &json!("initiated")));
    assert_eq!((&body["number"], &body["type"]["category"]), (&json!("1"), &json!("Safety")));
    let held = observed.site.simulator.with_company(|company| company.held_by(leo));
    let held = held.iter().filter(|held| held.kind == Kind::Observation);
    let held: Vec<_> = held.map(|held| (held.id, held.role, held.project)).collect();
    let role = HeldAs::Assignee;
    assert_eq!(held, [(told, role, Some(project)), (done, role, Some(project))]);
}

#[tokio::test]
async fn an_observation_is_given_to_somebody_else_in_json_and_in_a_form() {
    let observed = Observed::new().await;
    let Crew { leo, ana, project, .. } = observed.crew;
    let id = observed.ids[0];
    let given = observed.give(id, json!(ana)).await;
    assert_eq!((given.status, &given.body["assignee"]["id"]), (200, &json!(ana)));
    assert_eq!(observed.item(id).assignee, Some(ana));
    let required = observed.required(id).await;
    let parts = [
        ("project_id", project.to_string()),
        ("observation[name]", "7".to_owned()),
        ("observation[type_id]", required["type_id"].to_string()),
        ("observation[assignee_id]", leo.to_string()),
        ("observation[distribution_member_ids][]", ana.to_string()),
    ];
    let given = observed.site.patch_form(&format!("/rest/v1.0/observations/items/{id}"), &parts).await;
    assert_eq!((given.status, &given.body["assignee"]["id"]), (200, &json!(leo)), "{}", given.text);
    assert_eq!(
        (&given.body["name"], &given.body["distribution_members"][0]["id"]),
        (&json!("7"), &json!(ana))
    );
    let none = observed.give(id, Value::Null).await;
    assert_eq!((none.status, &none.body["assignee"]), (200, &Value::Null));
}

#[tokio::test]
async fn who_may_not_hold_an_observation_is_refused_and_nothing_changes() {
    let observed = Observed::new().await;
    let Crew { kim, pat, .. } = observed.crew;
    let id = observed.ids[0];
    observed.site.simulator.with_company(|company| company.set_active(pat, false)).unwrap();
    let before = observed.site.simulator.export();
    for nobody in [kim, pat, 1] {
        let refused = observed.give(id, json!(nobody)).await;
        assert_eq!(refused.status, 400);
        assert!(refused.body["errors"]["assignee_id"][0].is_string(), "{}", refused.text);
    }
    let required = observed.required(id).await;
    for (fields, named) in [
        (json!({ "type_id": required["type_id"] }), "name"),
        (json!({ "name": "" , "type_id": required["type_id"] }), "name"),
        (json!({ "name": "N" }), "type_id"),
        (json!({ "name": "N", "type_id": 1 }), "type_id"),
        (json!({ "name": "N", "type_id": required["type_id"], "status": "3" }), "status"),
        (json!({ "name": "N", "type_id": required["type_id"], "assignee_id": "x" }), "assignee_id"),
    ] {
        let refused = observed.change(id, fields).await;
        assert_eq!(refused.status, 400);
        assert!(refused.body["errors"][named][0].is_string(), "{}", refused.text);
    }
    assert_eq!(observed.site.simulator.export(), before);
    let path = format!("/rest/v1.0/observations/items/{id}");
    assert_eq!(
        observed.site.patch(&path, json!({ "observation": required })).await.status,
        400,
        "no project"
    );
    let elsewhere = json!({ "project_id": 1, "observation": required });
    assert_eq!(observed.site.patch(&path, elsewhere).await.status, 404);
}

#[tokio::test]
async fn candidates_are_those_who_take_part_in_the_tool() {
    let observed = Observed::new().await;
    let Crew { ana, leo, pat, project, .. } = observed.crew;
    let path = format!("/rest/v1.0/observations/assignees?project_id={project}");
    let mut ids = observed.site.get(&path).await.ids();
    ids.sort_unstable();
    let mut expected = vec![ana, leo, pat];
    expected.sort_unstable();
    assert_eq!(ids, expected, "Kim only looks on");
    observed.site.simulator.with_company(|company| company.set_active(leo, false)).unwrap();
    assert!(!observed.site.get(&path).await.ids().contains(&leo));
    assert_eq!(observed.site.get("/rest/v1.0/observations/assignees").await.status, 400);
}

#[tokio::test]
async fn an_observation_is_closed_and_opened_again() {
    let observed = Observed::new().await;
    let id = observed.ids[0];
    let mut fields = observed.required(id).await;
    fields["status"] = json!("closed");
    let closed = observed.change(id, fields.clone()).await;
    assert_eq!((closed.status, &closed.body["closed_at"]), (200, &json!("2026-07-02T08:00:00Z")));
    assert!(observed.site.simulator.with_company(|company| company.held_by(observed.crew.leo)).len() < 3);
    fields["status"] = json!("not_accepted");
    assert_eq!(observed.change(id, fields).await.body["closed_at"], Value::Null);
}

#[tokio::test]
async fn what_somebody_inactive_holds_may_be_stuck() {
    for (inactive_items_move, status) in [(true, 200), (false, 400)] {
        let observed = Observed::with(Switches { inactive_items_move, ..Switches::default() }).await;
        let Crew { leo, ana, .. } = observed.crew;
        observed.site.simulator.with_company(|company| company.set_active(leo, false)).unwrap();
        assert_eq!(observed.give(observed.ids[0], json!(leo)).await.status, 200, "who holds it may stay");
        assert_eq!(observed.give(observed.ids[0], json!(ana)).await.status, status);
    }
}
