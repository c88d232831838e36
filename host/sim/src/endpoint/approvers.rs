//! What somebody who was asked says to a submittal, and whom it is forwarded to.

use serde_json::{Map, Value};

use super::item::{check_place, project};
use crate::company::{Invalid, Level, Submittal, SubmittalResponse, Tool};
use crate::server::answer::{Answer, Refusal, Reply};
use crate::server::field::{date, number, text};
use crate::server::gate::Scene;
use crate::server::request::Request;
use crate::view;

/// Serves `PATCH /rest/v1.0/submittal_approvers/{id}`: a response, and perhaps somebody who has to respond instead. That the
/// other one comes into the same step is our reading.
pub(crate) fn update(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let (project, id) = (project(request)?, request.id("id")?);
    let submittal = request.query.number("submittal_id")?;
    let submittal = submittal.ok_or_else(|| Refusal::field("submittal_id", "is missing"))?;
    let found = scene.company.item::<Submittal>(submittal).filter(|found| found.project == project);
    let mut submittal = found.ok_or_else(Refusal::not_found)?.clone();
    if !submittal.approvers.iter().any(|approver| approver.id == id) {
        return Err(Refusal::not_found());
    }
    let fields = request.nested("submittal_approver")?;
    // The response is what 400 is documented for; everything else is 422.
    let response = fields.get("submittal_response_id").unwrap_or(&Value::Null);
    let response =
        number("submittal_response_id", response)?.and_then(|id| scene.company.submittal_response(id));
    let response = response.ok_or_else(|| Refusal::field("submittal_response_id", "is invalid"))?;
    let changed = respond(scene, &mut submittal, id, response, &fields);
    let shown = changed.map_err(|invalid| Refusal::unprocessable(&invalid))?;
    let views = submittal.approvers.iter().filter(|approver| shown.contains(&approver.id));
    Ok(Answer::ok(views.map(|approver| view::submittal::answered(scene.company, approver)).collect()))
}

/// Returns the ids of those who are changed or new.
fn respond(
    scene: &mut Scene<'_>,
    submittal: &mut Submittal,
    id: u64,
    response: SubmittalResponse,
    fields: &Map<String, Value>,
) -> Result<Vec<u64>, Invalid> {
    if submittal.status.is_closed() {
        return Err(Invalid::new("submittal_approver", "can't be changed once the submittal is closed"));
    }
    let today = scene.company.today();
    let approver = submittal.approvers.iter_mut().find(|approver| approver.id == id);
    let approver = approver.ok_or_else(|| Invalid::new("id", "does not exist"))?;
    if approver.response.is_some() {
        return Err(Invalid::new("submittal_approver", format!("{} has responded already", approver.user)));
    }
    let mut shown = vec![id];
    approver.response = Some(response);
    approver.returned_date = Some(today);
    if let Some(comment) = fields.get("comment") {
        approver.comment = text("comment", comment)?;
    }
    let from = approver.user;
    if let Some(forward) = fields.get("forward_to").filter(|forward| !forward.is_null()) {
        let to = number("forward_to", forward.get("user_id").unwrap_or(&Value::Null))?;
        let to = to.ok_or_else(|| Invalid::new("forward_to", "user_id is missing"))?;
        let due = date("forward_to", forward.get("due_date").unwrap_or(&Value::Null))?;
        let needed = (submittal.project, Tool::Submittals, Level::Standard);
        check_place(scene, "forward_to", needed, &[to], &[from])?;
        shown.push(scene.company.forward(submittal, id, to, due)?);
    }
    scene.company.send_on(submittal);
    scene.company.put_item(submittal.clone())?;
    Ok(shown)
}
