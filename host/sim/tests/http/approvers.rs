//! Those who have to approve submittals: how they are replaced, what they say, and whom they forward to.

use muster_sim::{SubmittalResponse, SubmittalStatus, Switches};
use serde_json::{Value, json};

use crate::site::{Answer, Crew};
use crate::submittals::Submittals;

impl Submittals {
    async fn workflow(&self) -> Value {
        self.site.get(&format!("{}/workflow_data", self.path(self.open))).await.body
    }

    /// Returns the ids of the places in the workflow.
    fn places(&self) -> Vec<u64> {
        self.submittal(self.open).approvers.iter().map(|approver| approver.id).collect()
    }

    /// Returns the users of each step.
    fn steps(&self) -> Vec<(u64, u64)> {
        self.submittal(self.open).approvers.iter().map(|approver| (approver.step, approver.user)).collect()
    }

    async fn set_workflow(&self, parts: &[(&str, String)]) -> Answer {
        let number = [("submittal[number]", "1".to_owned())];
        self.site.patch_form(&self.path(self.open), &[&number[..], parts].concat()).await
    }

    /// Sends a workflow as JSON in a part of a form.
    async fn set_steps(&self, steps: Value) -> Answer {
        self.set_workflow(&[("submittal[workflow_data]", steps.to_string())]).await
    }

    async fn respond(&self, place: u64, fields: Value) -> Answer {
        let (project, submittal) = (self.crew.project, self.open);
        let path =
            format!("/rest/v1.0/submittal_approvers/{place}?project_id={project}&submittal_id={submittal}");
        self.site.patch(&path, json!({ "submittal_approver": fields })).await
    }

    async fn response(&self) -> Value {
        let listed = self.list(&format!("filters[id]={}", self.open)).await;
        listed.body[0]["approvers"][0]["response"]["id"].clone()
    }
}

#[tokio::test]
async fn a_workflow_names_people_by_their_places() {
    let submittals = Submittals::new().await;
    let workflow = submittals.workflow().await;
    let [leo, ana, pat] = submittals.places()[..] else { panic!() };
    let numbers: Vec<_> = workflow["steps"].as_array().unwrap().iter().map(|step| &step["number"]).collect();
    assert_eq!(numbers, [1, 2, 3]);
    let of: Vec<_> = workflow["steps"].as_array().unwrap().iter().map(|step| &step["approver_ids"]).collect();
    assert_eq!(of, [&json!([leo]), &json!([ana]), &json!([pat])]);
    let first = &workflow["approvers"][0];
    assert_eq!((&first["id"], &first["name"]), (&json!(leo), &json!("Leo Cruz")));
    assert_eq!(
        (&first["company_name"], &first["response_required"]),
        (&json!("Halvorsen Steel Erectors"), &json!(true))
    );
    assert_eq!(submittals.site.get(&format!("{}/workflow_data", submittals.path(1))).await.status, 404);
}

#[tokio::test]
async fn a_workflow_can_not_be_changed_in_json() {
    let submittals = Submittals::new().await;
    let before = submittals.site.simulator.export();
    let fields = json!({ "number": "1", "workflow_data": [] });
    let refused =
        submittals.site.patch(&submittals.path(submittals.open), json!({ "submittal": fields })).await;
    assert_eq!((refused.status, refused.body), (400, json!({ "errors": ["Error Updating Approvers."] })));
    assert_eq!(submittals.site.simulator.export(), before);
}

#[tokio::test]
async fn whoever_has_not_responded_is_replaced_in_a_form() {
    let submittals = Submittals::new().await;
    let Crew { pat, ana, leo, .. } = submittals.crew;
    let places = submittals.places();
    let part = |step: usize, name: &str| format!("submittal[workflow_data][{step}][0][{name}]");
    let names: Vec<String> = (0..3).map(|step| part(step, "submittal_log_approver_id")).collect();
    let mut parts: Vec<(&str, String)> = Vec::new();
    for (name, place) in names.iter().zip(&places) {
        parts.push((name, place.to_string()));
    }
    let (to, days) = (part(1, "login_information_id"), part(1, "days_to_respond"));
    parts.extend([(to.as_str(), pat.to_string()), (days.as_str(), "5".to_owned())]);
    let changed = submittals.set_workflow(&parts).await;
    assert_eq!(changed.status, 200, "{}", changed.text);
    assert_eq!(submittals.steps(), [(1, leo), (2, pat), (3, pat)]);
    assert_eq!(submittals.places(), places, "the places stay");
    let approver = &changed.body["approvers"][1];
    assert_eq!((&approver["days_to_respond"], &approver["sent_date"]), (&json!(5), &json!("2026-07-02")));

    // Without its place, somebody new stands in a step; who is not sent is gone.
    let steps = json!([
        [{ "submittal_log_approver_id": places[0] }],
        [{ "login_information_id": ana, "response_required": false }, { "login_information_id": pat }],
    ]);
    let changed = submittals.set_steps(steps).await;
    assert_eq!(changed.status, 200, "{}", changed.text);
    assert_eq!(submittals.steps(), [(1, leo), (2, ana), (2, pat)]);
    assert_ne!(submittals.places()[1], places[1]);
    assert_eq!(submittals.submittal(submittals.open).ball_in_court(), [ana, pat]);
    submittals.site.simulator.with_company(|company| {
        company.respond_to_submittal(submittals.open, pat, SubmittalResponse::Approved).unwrap();
    });
    let after = submittals.submittal(submittals.open);
    assert_eq!((after.current_step(), after.ball_in_court()), (None, vec![pat]), "nobody waits for Ana");
}

#[tokio::test]
async fn whoever_has_responded_stays_and_unfit_workflows_are_refused() {
    let submittals = Submittals::new().await;
    let Crew { pat, ana, leo, kim, .. } = submittals.crew;
    let places = submittals.places();
    let before = submittals.site.simulator.with_company(|company| company.to_json());
    let kept = json!([{ "submittal_log_approver_id": places[0] }]);
    for steps in [
        json!([[{ "login_information_id": leo }], [{ "login_information_id": ana }]]),
        json!([[{ "submittal_log_approver_id": places[0], "login_information_id": pat }]]),
        json!([[{ "login_information_id": ana }], kept]),
        json!([kept, [{ "login_information_id": kim }]]),
        json!([kept, [{ "login_information_id": 1 }]]),
        json!([kept, [{ "submittal_log_approver_id": 1 }]]),
        json!([kept, [{ "response_required": true }]]),
        json!([kept, [{ "login_information_id": ana }, { "login_information_id": ana }]]),
        json!([kept, { "login_information_id": ana }]),
        json!("nobody"),
    ] {
        let refused = submittals.set_steps(steps.clone()).await;
        assert_eq!(refused.status, 422, "{steps}: {}", refused.text);
        assert!(refused.body["errors"]["workflow_data"][0].is_string(), "{}", refused.text);
    }
    let after = submittals.site.simulator.with_company(|company| company.to_json());
    assert!(after["submittals"] == before["submittals"] && after["ids"] == before["ids"]);
    let mut submittal = submittals.submittal(submittals.open);
    submittal.status = SubmittalStatus::Closed;
    submittals.site.simulator.with_company(|company| company.put_item(submittal)).unwrap();
    assert_eq!(
        submittals.set_steps(json!([kept])).await.status,
        422,
        "a closed one has no workflow to change"
    );
}

#[tokio::test]
async fn a_response_moves_the_submittal_on() {
    let submittals = Submittals::new().await;
    let Crew { pat, .. } = submittals.crew;
    let (places, response) = (submittals.places(), submittals.response().await);
    let fields = json!({ "submittal_response_id": response, "comment": "Fine." });
    let answered = submittals.respond(places[1], fields.clone()).await;
    assert_eq!((answered.status, answered.ids()), (200, vec![places[1]]), "{}", answered.text);
    assert_eq!(
        (&answered.body[0]["submittal_response_id"], &answered.body[0]["returned_date"]),
        (&response, &json!("2026-07-02"))
    );
    let submittal = submittals.submittal(submittals.open);
    assert_eq!(submittal.ball_in_court(), [pat]);
    assert_eq!(submittal.approvers[2].sent_date.unwrap().to_string(), "2026-07-02");
    let again = submittals.respond(places[1], fields.clone()).await;
    assert_eq!((again.status, again.body["errors"]["submittal_approver"][0].is_string()), (422, true));
    for unknown in [json!({}), json!({ "submittal_response_id": 1 })] {
        assert_eq!(submittals.respond(places[2], unknown).await.status, 400);
    }
    assert_eq!(submittals.respond(1, fields).await.status, 404);
}

#[tokio::test]
async fn somebody_else_has_to_respond_to_what_is_forwarded() {
    let submittals = Submittals::new().await;
    let Crew { pat, ana, leo, kim, .. } = submittals.crew;
    let (places, response) = (submittals.places(), submittals.response().await);
    let forward = |to: Value| json!({ "submittal_response_id": response, "forward_to": to });
    let before = submittals.site.simulator.export();
    for to in [
        json!({ "user_id": kim }),
        json!({ "user_id": ana }),
        json!({}),
        json!({ "user_id": leo, "due_date": "?" }),
    ] {
        let refused = submittals.respond(places[1], forward(to)).await;
        assert_eq!(
            (refused.status, refused.body["errors"]["forward_to"][0].is_string()),
            (422, true),
            "{}",
            refused.text
        );
    }
    assert_eq!(submittals.site.simulator.export(), before);
    let to = json!({ "user_id": pat, "due_date": "2026-07-20" });
    let forwarded = submittals.respond(places[1], forward(to)).await;
    assert_eq!((forwarded.status, forwarded.ids().len()), (200, 2), "{}", forwarded.text);
    assert_eq!(submittals.steps(), [(1, leo), (2, ana), (2, pat), (3, pat)]);
    let submittal = submittals.submittal(submittals.open);
    assert_eq!(submittal.ball_in_court(), [pat]);
    assert_eq!(submittal.approvers[2].due_date.unwrap().to_string(), "2026-07-20");
    assert_eq!(submittal.approvers[2].id, forwarded.ids()[1]);
}

#[tokio::test]
async fn the_place_of_somebody_inactive_may_be_stuck() {
    for (inactive_items_move, status) in [(true, 200), (false, 422)] {
        let submittals = Submittals::with(Switches { inactive_items_move, ..Switches::default() }).await;
        let Crew { pat, ana, .. } = submittals.crew;
        submittals.site.simulator.with_company(|company| company.set_active(ana, false)).unwrap();
        let (places, response) = (submittals.places(), submittals.response().await);
        let steps = json!([
            [{ "submittal_log_approver_id": places[0] }],
            [{ "submittal_log_approver_id": places[1], "login_information_id": pat }],
        ]);
        assert_eq!(submittals.set_steps(steps).await.status, status);
        if !inactive_items_move {
            let forward = json!({ "submittal_response_id": response, "forward_to": { "user_id": pat } });
            assert_eq!(submittals.respond(places[1], forward).await.status, status);
        }
    }
}
