//! Changes of several RFIs of a project at once.
//!
//! Lists are added to and taken from here, while a change of a single RFI replaces them. Every RFI must be sent the same
//! values, and either all of them are changed or none (`RestV10ProjectsProjectIdRfisPatch`; that nothing is changed by half is
//! our reading).

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{project, rfis};
use crate::company::{Invalid, Rfi};
use crate::server::answer::{Answer, Refusal, Reply};
use crate::server::field::ids;
use crate::server::gate::Scene;
use crate::server::request::Request;

/// How many RFIs one call may name. Procore's own bound is not known.
const MOST: usize = 500;
/// What adds to and takes from a list; everything else is as in a change of a single RFI.
const LISTS: [&str; 5] = [
    "add_assignee_ids",
    "remove_assignee_ids",
    "add_required_assignee_ids",
    "add_distribution_ids",
    "remove_distribution_ids",
];
/// What only a change of a single RFI knows.
const SINGLE: [&str; 7] = [
    "assignee_id",
    "assignee_ids",
    "required_assignee_ids",
    "distribution_ids",
    "draft",
    "accepted",
    "number",
];

/// Serves `PATCH /rest/v1.0/projects/{project_id}/rfis`, which is answered with nothing.
pub(crate) fn update(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let project = project(scene.company, request)?.id;
    let body = request.json()?;
    let rows = body.get("data").and_then(Value::as_array).ok_or_else(missing)?;
    if rows.is_empty() || rows.len() > MOST {
        return Err(Refusal::field("data", &format!("must hold 1 to {MOST} RFIs")));
    }
    let mut values: Option<Map<String, Value>> = None;
    let mut named = BTreeSet::new();
    for row in rows {
        let mut fields = row.as_object().cloned().ok_or_else(missing)?;
        let id = fields.remove("id").unwrap_or_default();
        let id = id.as_str().and_then(|text| text.parse().ok());
        let id: u64 = id.ok_or_else(|| Refusal::field("id", "must be a string of digits"))?;
        if !named.insert(id) {
            return Err(Refusal::field("id", &format!("{id} comes twice")));
        }
        if *values.get_or_insert_with(|| fields.clone()) != fields {
            return Err(Refusal::field("data", "must hold the same values for every RFI"));
        }
    }
    let values = values.unwrap_or_default();
    let mut changed = Vec::new();
    for id in named {
        let before = scene.company.rfi(id).filter(|rfi| rfi.project == project);
        let before = before.ok_or_else(Refusal::not_found)?;
        let mut rfi = before.clone();
        rfi.updated_at = scene.company.time();
        let mut fields = values.clone();
        fields.retain(|name, _| !LISTS.contains(&name.as_str()) && !SINGLE.contains(&name.as_str()));
        rfis::apply(&mut rfi, &fields)?;
        apply_lists(&mut rfi, &values)?;
        scene.company.check_rfi(&rfi, before)?;
        rfis::check_stuck(scene, &rfi, before)?;
        changed.push(rfi);
    }
    for rfi in changed {
        scene.company.put_rfi(rfi)?;
    }
    Ok(Answer::empty())
}

fn missing() -> Refusal {
    Refusal::bad_request("param is missing or the value is empty: data")
}

/// Takes away before it adds, so that whoever is in both lists stays.
fn apply_lists(rfi: &mut Rfi, values: &Map<String, Value>) -> Result<(), Invalid> {
    let list = |name: &'static str| values.get(name).map_or(Ok(Vec::new()), |value| ids(name, value));
    let (away, more) = (list("remove_assignee_ids")?, list("add_assignee_ids")?);
    change(&mut rfi.assignees, &away, &more);
    rfi.required.retain(|id| rfi.assignees.contains(id));
    let required = list("add_required_assignee_ids")?;
    if let Some(id) = required.iter().find(|id| !rfi.assignees.contains(id)) {
        let message = format!("{id} must also be among the assignees");
        return Err(Invalid::new("add_required_assignee_ids", message));
    }
    rfi.required.extend(required);
    let (away, more) = (list("remove_distribution_ids")?, list("add_distribution_ids")?);
    change(&mut rfi.distribution, &away, &more);
    Ok(())
}

fn change(list: &mut Vec<u64>, away: &[u64], more: &[u64]) {
    list.retain(|id| !away.contains(id));
    for id in more {
        if !list.contains(id) {
            list.push(*id);
        }
    }
}
