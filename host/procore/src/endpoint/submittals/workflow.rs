//! Who has to answer a submittal, step by step, and how Procore wants it told.
//!
//! What it is told with is written down nowhere but in Procore's SDK for Python (2024): a list of steps, each a list of
//! people. How a form spells lists in lists is our reading: by their places, from 0.

use std::collections::BTreeMap;

use muster_core::directory::Handover;
use muster_core::id::UserId;
use serde::Deserialize;
use serde_json::Value;

use crate::endpoint::{PersonRow, held, not_sent};
use crate::error::Error;

/// Somebody who has to answer, or has answered.
#[derive(Deserialize)]
pub(super) struct ApproverRow {
    #[serde(deserialize_with = "crate::endpoint::id")]
    id: u64,
    /// Perhaps nobody any more.
    #[serde(deserialize_with = "Option::deserialize")]
    pub(super) user: Option<PersonRow>,
    approver_type: Option<String>,
    response: Option<ResponseRow>,
    returned_date: Option<String>,
    response_required: Option<bool>,
    days_to_respond: Option<u64>,
    due_date: Option<String>,
    /// The step.
    #[serde(deserialize_with = "crate::endpoint::id")]
    workflow_group_number: u64,
}

#[derive(Deserialize)]
struct ResponseRow {
    name: Option<String>,
    /// What the answer means, which every company names as it likes (`pending` and eight others).
    considered: Option<String>,
}

/// The steps. Whether the numbers in them are those of approvers or of users the reference does not say, so they are only
/// counted.
#[derive(Deserialize)]
pub(super) struct WorkflowRow {
    steps: Vec<StepRow>,
}

#[derive(Deserialize)]
struct StepRow {
    #[serde(deserialize_with = "crate::endpoint::id")]
    number: u64,
    approver_ids: Vec<Value>,
}

/// Somebody in a step, as it is to be.
#[derive(Clone)]
pub(super) struct Approver {
    user: u64,
    /// The number of the approver, for whoever was there before.
    known_as: Option<u64>,
    waiting: bool,
    role: String,
    response_required: Option<bool>,
    days_to_respond: Option<u64>,
    due_date: Option<String>,
}

impl ApproverRow {
    /// Returns whether this answer is still to come.
    pub(super) fn is_waiting(&self) -> bool {
        match &self.response {
            Some(response) => {
                let meaning = response.considered.as_deref().or(response.name.as_deref());
                meaning.is_none_or(|meaning| meaning.eq_ignore_ascii_case("pending"))
            }
            None => self.returned_date.is_none(),
        }
    }

    fn approver(&self) -> Option<Approver> {
        Some(Approver {
            user: self.user.as_ref()?.id,
            known_as: Some(self.id),
            waiting: self.is_waiting(),
            role: self.approver_type.clone().unwrap_or_else(|| APPROVER.to_owned()),
            response_required: self.response_required,
            days_to_respond: self.days_to_respond,
            due_date: self.due_date.clone(),
        })
    }
}

/// The role of whoever is new beside nobody; the other one is that of who hands the submittal in.
const APPROVER: &str = "Approver";

impl WorkflowRow {
    /// Returns the people of each step, in order. As many as the steps say, or others have changed them meanwhile.
    pub(super) fn steps(
        mut self,
        operation: &'static str,
        approvers: &[ApproverRow],
    ) -> Result<Vec<Vec<Approver>>, Error> {
        let mut steps = BTreeMap::<u64, Vec<Approver>>::new();
        for row in approvers {
            let unnamed = || not_sent(operation, "Procore does not say who one of the approvers is");
            let approver = row.approver().ok_or_else(unnamed)?;
            steps.entry(row.workflow_group_number).or_default().push(approver);
        }
        self.steps.retain(|step| !step.approver_ids.is_empty());
        self.steps.sort_by_key(|step| step.number);
        let told = self.steps.iter().map(|step| step.approver_ids.len());
        if !told.eq(steps.values().map(Vec::len)) {
            return Err(held::stale(operation));
        }
        Ok(steps.into_values().collect())
    }
}

/// Makes a change. Whoever has answered stays; whoever gives way does so in each step that waits for them; and whoever comes
/// beside the others does so in the step whose turn it is.
pub(super) fn hand_over(steps: &mut Vec<Vec<Approver>>, change: Handover) {
    let to = change.to.get();
    if let Some(from) = change.from {
        steps.iter_mut().for_each(|step| give_way(step, from, to));
    }
    if steps.iter().flatten().any(|approver| approver.waiting && approver.user == to) {
        return;
    }
    let turn = steps.iter().position(|step| step.iter().any(|approver| approver.waiting));
    let new = Approver {
        user: to,
        known_as: None,
        waiting: true,
        role: APPROVER.to_owned(),
        response_required: Some(true),
        days_to_respond: None,
        due_date: None,
    };
    match turn.and_then(|turn| steps.get_mut(turn)) {
        Some(step) => step.push(new),
        None => steps.push(vec![new]),
    }
}

/// Puts somebody in the place of somebody else, in which they are new, unless they have one in this step already.
fn give_way(step: &mut Vec<Approver>, from: UserId, to: u64) {
    let gives_way = |approver: &Approver| approver.waiting && approver.user == from.get();
    if step.iter().any(|approver| approver.waiting && approver.user == to) {
        step.retain(|approver| !gives_way(approver));
        return;
    }
    for approver in step.iter_mut().filter(|approver| gives_way(approver)) {
        (approver.user, approver.known_as) = (to, None);
    }
}

/// Returns the fields of a form that says who is in each step.
pub(super) fn fields(steps: &[Vec<Approver>]) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    for (step, people) in steps.iter().enumerate() {
        for (place, approver) in people.iter().enumerate() {
            // Procore takes one of both, and the days where both are there.
            let days = approver.days_to_respond.map(|days| days.to_string());
            let due = approver.due_date.clone().filter(|_| days.is_none());
            let texts = [
                ("login_information_id", Some(approver.user.to_string())),
                ("approver_type", Some(approver.role.clone())),
                ("response_required", approver.response_required.map(|required| required.to_string())),
                ("days_to_respond", days),
                ("due_date", due),
                ("submittal_log_approver_id", approver.known_as.map(|id| id.to_string())),
            ];
            let name = |field| format!("submittal[workflow_data][{step}][{place}][{field}]");
            fields.extend(texts.into_iter().filter_map(|(field, text)| Some((name(field), text?))));
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use muster_core::directory::HeldAs;
    use serde_json::json;

    use super::*;
    use crate::error::ErrorKind;

    fn approver(id: u64, user: u64, step: u64, response: Value) -> ApproverRow {
        let row = json!({"id": id, "user": {"id": user, "name": "N"}, "workflow_group_number": step,
                         "response": response, "response_required": true, "returned_date": null});
        serde_json::from_value(row).unwrap()
    }

    fn steps(approvers: &[ApproverRow], told: Value) -> Result<Vec<Vec<Approver>>, Error> {
        let row: WorkflowRow = serde_json::from_value(json!({ "steps": told })).unwrap();
        row.steps("hand over submittal", approvers)
    }

    fn users(steps: &[Vec<Approver>]) -> Vec<Vec<(u64, Option<u64>)>> {
        let people = |step: &Vec<Approver>| step.iter().map(|one| (one.user, one.known_as)).collect();
        steps.iter().map(people).collect()
    }

    /// Somebody who has handed it in, whose turn it is together with another, and who comes once more.
    fn usual() -> Vec<Vec<Approver>> {
        let pending = || json!({"name": "Pending", "considered": "pending"});
        let approvers = [
            approver(12, 6, 1, pending()),
            approver(11, 5, 1, pending()),
            approver(10, 5, 0, json!({"name": "Submitted", "considered": "submitted"})),
            approver(13, 5, 4, Value::Null),
        ];
        let told = json!([
            {"number": 2, "approver_ids": [13]},
            {"number": "0", "approver_ids": [10]},
            {"number": 1, "approver_ids": ["11", "12"]},
            {"number": 3, "approver_ids": []},
        ]);
        steps(&approvers, told).unwrap()
    }

    fn handed(steps: &mut Vec<Vec<Approver>>, from: Option<u64>, to: u64) -> Vec<Vec<(u64, Option<u64>)>> {
        let change = Handover { held_as: HeldAs::Approver, from: from.map(UserId::new), to: UserId::new(to) };
        hand_over(steps, change);
        users(steps)
    }

    #[test]
    fn whoever_gives_way_does_so_wherever_they_still_have_to_answer() {
        let (first, other, last) = ((5, Some(10)), (6, Some(12)), (5, Some(13)));
        assert_eq!(users(&usual()), [vec![first], vec![other, (5, Some(11))], vec![last]]);
        let replaced = handed(&mut usual(), Some(5), 7);
        assert_eq!(replaced, [vec![first], vec![other, (7, None)], vec![(7, None)]], "an answer stays");
        let joined = handed(&mut usual(), Some(5), 6);
        assert_eq!(joined, [vec![first], vec![other], vec![(6, None)]], "nobody is twice in a step");
    }

    #[test]
    fn whoever_comes_beside_others_does_so_where_it_goes_on() {
        let beside = handed(&mut usual(), None, 7);
        assert_eq!(beside[1], [(6, Some(12)), (5, Some(11)), (7, None)]);
        assert_eq!((beside.len(), beside[0].len(), beside[2].len()), (3, 1, 1));
        assert_eq!(handed(&mut usual(), None, 6), users(&usual()), "who is there already is not added");
        assert_eq!(handed(&mut Vec::new(), None, 7), [[(7, None)]]);
    }

    #[test]
    fn steps_that_do_not_agree_with_the_approvers_are_refused() {
        let known = [approver(10, 5, 1, Value::Null)];
        for told in [json!([]), json!([{"number": 1, "approver_ids": [10, 11]}])] {
            assert_eq!(steps(&known, told).err().unwrap().kind(), ErrorKind::Stale);
        }
        let [mut gone] = known;
        gone.user = None;
        let error = steps(&[gone], json!([{"number": 1, "approver_ids": [10]}])).err().unwrap();
        assert_eq!(error.kind(), ErrorKind::Invalid);
    }

    #[test]
    fn an_answer_is_to_come_unless_it_came() {
        let waiting = |response| approver(10, 5, 0, response).is_waiting();
        assert!(!waiting(json!({"name": "OK", "considered": "approved"})));
        assert!(!waiting(json!({"name": "Approved"})));
        assert!(waiting(json!({"name": "Wartet", "considered": "pending"})));
        assert!(waiting(json!({"name": "Pending"})));
        assert!(waiting(Value::Null));
    }
}
