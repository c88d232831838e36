//! Requests for information.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use muster_core::directory::{
    Candidates, Handover, HeldAs, Holder, Item, ItemKind, ItemRef, ItemStatus, Person,
};
use muster_core::id::{Id, ItemId, ProjectId, UserId};
use reqwest::{Method, Url};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{PersonRow, filled, held, not_sent};
use crate::client::Client;
use crate::error::Error;
#[cfg(fuzzing)]
use crate::exchange::Answer;

/// `RestV10ProjectsProjectIdRfisGet`, and `RestV10ProjectsProjectIdRfisPatch` for many at once.
fn all(project: ProjectId) -> String {
    format!("/rest/v1.0/projects/{project}/rfis")
}

/// `RestV10ProjectsProjectIdRfisIdPatch`.
fn one(project: ProjectId, rfi: ItemId) -> String {
    format!("/rest/v1.0/projects/{project}/rfis/{rfi}")
}

/// `RestV10ProjectsProjectIdRfisPotentialAssigneesGet` and `RestV10ProjectsProjectIdRfisPotentialRfiManagersGet`.
fn candidates_for(project: ProjectId, held_as: HeldAs) -> String {
    let list = match held_as {
        HeldAs::Manager => "potential_rfi_managers",
        _ => "potential_assignees",
    };
    format!("/rest/v1.0/projects/{project}/rfis/{list}")
}

#[derive(Deserialize)]
struct RfiRow {
    id: u64,
    #[serde(default, deserialize_with = "held::number")]
    number: Option<String>,
    #[serde(default, deserialize_with = "held::number")]
    full_number: Option<String>,
    subject: Option<String>,
    status: Status,
    due_date: Option<Date>,
    link: Option<String>,
    assignees: Vec<AssigneeRow>,
    /// The one assignee of older RFIs, also among `assignees` in newer ones.
    assignee: Option<PersonRow>,
    rfi_manager: Option<PersonRow>,
}

#[derive(Deserialize)]
struct AssigneeRow {
    id: u64,
    name: Option<String>,
    response_required: bool,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum Status {
    Open,
    Draft,
    Closed,
    ClosedWithRevision,
    ClosedDraft,
}

/// Who comes to an RFI and who gives way: what nobody named here does to it meanwhile stays.
#[derive(Default, Serialize)]
struct Moves {
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    add_assignee_ids: BTreeSet<u64>,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    remove_assignee_ids: BTreeSet<u64>,
    /// They have to be assignees too.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    add_required_assignee_ids: BTreeSet<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rfi_manager_id: Option<u64>,
}

/// The same for one RFI of a call. Procore wants the number as a text here, and the same moves for all of a call.
#[derive(Serialize)]
struct MovesOf<'a> {
    id: String,
    #[serde(flatten)]
    moves: &'a Moves,
}

impl Moves {
    /// Returns what makes `after` out of `before`, or `None` where somebody who has to answer is to be asked only: no move
    /// says that.
    fn between(before: &Item, after: &Item, changes: &[Handover]) -> Option<Self> {
        let required = |item: &Item| set(held::holding(item, HeldAs::RequiredAssignee));
        let assigned = |item: &Item| &required(item) | &set(held::holding(item, HeldAs::Assignee));
        let (had_to, asked) = (required(before), assigned(before));
        let (have_to, are_asked) = (required(after), assigned(after));
        if had_to.difference(&have_to).any(|user| are_asked.contains(user)) {
            return None;
        }
        Some(Self {
            add_assignee_ids: &are_asked - &asked,
            remove_assignee_ids: &asked - &are_asked,
            add_required_assignee_ids: &have_to - &had_to,
            rfi_manager_id: held::taking(changes, HeldAs::Manager),
        })
    }

    /// Returns what the changes are for any RFI, or why nothing is.
    fn of(changes: &[Handover]) -> Result<Self, &'static str> {
        let mut moves = Self::default();
        for change in changes {
            let to = change.to.get();
            match change.held_as {
                HeldAs::Manager if moves.rfi_manager_id.is_some_and(|manager| manager != to) => {
                    return Err("an RFI has one manager");
                }
                HeldAs::Manager => moves.rfi_manager_id = Some(to),
                HeldAs::Assignee => drop(moves.add_assignee_ids.insert(to)),
                HeldAs::RequiredAssignee => {
                    moves.add_assignee_ids.insert(to);
                    moves.add_required_assignee_ids.insert(to);
                }
                _ => return Err("nobody holds an RFI in this role"),
            }
            if change.held_as != HeldAs::Manager {
                moves.remove_assignee_ids.extend(change.from.map(Id::get));
            }
        }
        if moves.add_assignee_ids.is_disjoint(&moves.remove_assignee_ids) {
            return Ok(moves);
        }
        Err("somebody would come and give way at once")
    }

    fn is_none(&self) -> bool {
        self.add_assignee_ids.is_empty()
            && self.remove_assignee_ids.is_empty()
            && self.add_required_assignee_ids.is_empty()
            && self.rfi_manager_id.is_none()
    }
}

fn set(users: Vec<u64>) -> BTreeSet<u64> {
    users.into_iter().collect()
}

fn narrowed(client: &Client, rfi: ItemRef) -> Url {
    client.url(&all(rfi.project), &[("filters[id][]", rfi.id.to_string().as_str())])
}

/// Returns one RFI, open or not.
///
/// From the list, not from the answer that shows one RFI: only the rows of the list say whose answer is required
/// (developers.procore.com, list RFIs and show RFI), and without that nobody could be replaced without forgetting it.
pub(crate) async fn show(client: &Client, rfi: ItemRef) -> Result<Option<Item>, Error> {
    held::item::<RfiRow>(client, "show RFI", narrowed(client, rfi), rfi).await
}

/// Returns the open RFIs and drafts of a project, or those of them that a user holds in whatever role.
///
/// There is no filter for both roles, so it takes two lists. Statuses are sent as an array, since the single form was seen
/// to be ignored.
pub(crate) async fn open(
    client: &Client,
    project: ProjectId,
    holder: Option<UserId>,
) -> Result<Vec<Item>, Error> {
    let user = holder.map(|user| user.to_string());
    let roles: &[&str] = match holder {
        Some(_) => &["filters[assigned_id]", "filters[rfi_manager_id]"],
        None => &[""],
    };
    let mut items = BTreeMap::new();
    for role in roles {
        let mut url = client.url(&all(project), &[]);
        url.query_pairs_mut().extend_pairs(user.iter().map(|user| (role, user)));
        url.query_pairs_mut().extend_pairs(["open", "draft"].map(|status| ("filters[status][]", status)));
        let read = held::items::<RfiRow>(client, "list RFIs", url, project).await?;
        items.extend(read.into_iter().map(|item| (item.item.id, item)));
    }
    Ok(items.into_values().collect())
}

/// Returns who could hold an RFI of this project in this role, sorted by id.
pub(crate) async fn candidates(
    client: &Client,
    project: ProjectId,
    held_as: HeldAs,
) -> Result<Candidates, Error> {
    let url = client.url(&candidates_for(project, held_as), &[]);
    held::offered(client, "list RFI candidates", url).await
}

/// Changes who holds an RFI, with the operation for many: it alone takes who comes and who gives way, so that what others
/// change meanwhile stays.
///
/// Only where somebody no longer has to answer but is still asked, as when a hand-over is undone, the operation for one RFI
/// is used: it alone can say that, and takes whole lists, so they are read once more.
pub(crate) async fn hand_over(client: &Client, before: &Item, changes: &[Handover]) -> Result<(), Error> {
    let operation = "hand over RFI";
    let after = held::after(before, changes);
    if let Some(moves) = Moves::between(before, &after, changes) {
        return send(client, operation, before.item.project, &[before.item.id], &moves).await;
    }
    held::unchanged::<RfiRow>(client, operation, narrowed(client, before.item), before).await?;
    let required = held::holding(&after, HeldAs::RequiredAssignee);
    let mut assigned = held::holding(&after, HeldAs::Assignee);
    assigned.extend(&required);
    assigned.sort_unstable();
    let mut fields = json!({ "assignee_ids": assigned, "required_assignee_ids": required });
    if let (Some(manager), Some(fields)) = (held::taking(changes, HeldAs::Manager), fields.as_object_mut()) {
        fields.insert("rfi_manager_id".to_owned(), json!(manager));
    }
    update(client, operation, before.item, fields).await
}

/// Changes who holds RFIs of a project, all in the same way.
pub(crate) async fn hand_over_many(
    client: &Client,
    project: ProjectId,
    rfis: &[ItemId],
    changes: &[Handover],
) -> Result<(), Error> {
    let operation = "hand over RFIs";
    let moves = Moves::of(changes).map_err(|why| not_sent(operation, why))?;
    send(client, operation, project, rfis, &moves).await
}

async fn send(
    client: &Client,
    operation: &'static str,
    project: ProjectId,
    rfis: &[ItemId],
    moves: &Moves,
) -> Result<(), Error> {
    if rfis.is_empty() || moves.is_none() {
        return Ok(());
    }
    let data: Vec<MovesOf<'_>> = rfis.iter().map(|rfi| MovesOf { id: rfi.to_string(), moves }).collect();
    let url = client.url(&all(project), &[]);
    client.write(operation, Method::PATCH, url, Some(json!({ "data": data }))).await
}

/// Closes an RFI; an official answer alone does not.
pub(crate) async fn close(client: &Client, rfi: ItemRef) -> Result<(), Error> {
    update(client, "close RFI", rfi, json!({ "accepted": true })).await
}

async fn update(client: &Client, operation: &'static str, rfi: ItemRef, fields: Value) -> Result<(), Error> {
    let url = client.url(&one(rfi.project, rfi.id), &[]);
    client.write(operation, Method::PATCH, url, Some(json!({ "rfi": fields }))).await
}

impl held::Row for RfiRow {
    fn id(&self) -> u64 {
        self.id
    }

    fn item(&self, project: ProjectId) -> Item {
        let status = match self.status {
            Status::Open => ItemStatus::Open,
            Status::Draft => ItemStatus::Draft,
            Status::Closed | Status::ClosedWithRevision | Status::ClosedDraft => ItemStatus::Closed,
        };
        let listed = |id| self.assignees.iter().any(|assignee| assignee.id == id);
        let older = self.assignee.iter().filter(|assignee| !listed(assignee.id));
        let mut holders: Vec<Holder> = self.assignees.iter().map(assignee).collect();
        holders.extend(held::holders(older, HeldAs::Assignee));
        holders.extend(held::holders(&self.rfi_manager, HeldAs::Manager));
        holders.sort();
        Item {
            item: held::named(ItemKind::Rfi, project, self.id),
            number: filled(self.full_number.clone()).or(filled(self.number.clone())).unwrap_or_default(),
            title: self.subject.clone().unwrap_or_default(),
            status,
            due: self.due_date,
            link: self.link.clone(),
            holders,
        }
    }
}

fn assignee(row: &AssigneeRow) -> Holder {
    let held_as = if row.response_required { HeldAs::RequiredAssignee } else { HeldAs::Assignee };
    let person = Person { id: Id::new(row.id), name: row.name.clone().unwrap_or_default() };
    Holder::new(person, held_as)
}

/// Reads an answer as the list of RFIs does.
#[cfg(fuzzing)]
pub(crate) fn read(answer: &Answer, project: ProjectId) -> Result<Vec<Item>, Error> {
    held::read::<RfiRow>(answer, "list RFIs", project)
}

/// Reads an answer as the list of candidates does.
#[cfg(fuzzing)]
pub(crate) fn read_candidates(answer: &Answer) -> Result<Vec<Person>, Error> {
    let rows: Vec<PersonRow> = answer.json("list RFI candidates")?;
    Ok(rows.into_iter().map(Person::from).collect())
}

#[cfg(test)]
mod tests {
    use super::held::Row;
    use super::*;

    fn read(more: Value) -> Result<Item, serde_json::Error> {
        let mut row = json!({"id": 5, "status": "open", "subject": "Wall", "assignees": []});
        row.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        Ok(serde_json::from_value::<RfiRow>(row)?.item(ProjectId::new(1)))
    }

    fn holders(item: &Item) -> Vec<(u64, HeldAs)> {
        item.holders.iter().map(|holder| (holder.person.id.get(), holder.held_as)).collect()
    }

    #[test]
    fn everybody_who_holds_an_rfi_is_listed_once_a_role() {
        let item = read(json!({
            "assignees": [
                {"id": 9, "name": "Pat", "response_required": true},
                {"id": 3, "name": null, "response_required": false}],
            "assignee": {"id": 9, "name": "Pat"},
            "rfi_manager": {"id": 9, "name": "Pat"}
        }));
        let expected = [(3, HeldAs::Assignee), (9, HeldAs::RequiredAssignee), (9, HeldAs::Manager)];
        assert_eq!(holders(&item.unwrap()), expected);
        let older = read(json!({"assignee": {"id": 9, "name": "Pat"}})).unwrap();
        assert_eq!(holders(&older), [(9, HeldAs::Assignee)]);
    }

    #[test]
    fn the_number_that_people_see_is_kept_in_every_spelling() {
        let number = |more| read(more).unwrap().number;
        assert_eq!(number(json!({"number": "4", "full_number": "A-4"})), "A-4");
        assert_eq!(number(json!({"number": 4})), "4");
        assert_eq!(number(json!({"number": null})), "");
    }

    #[test]
    fn every_closed_status_is_closed_and_an_unknown_one_an_error() {
        for closed in ["closed", "closed_with_revision", "closed_draft"] {
            assert!(!read(json!({"status": closed})).unwrap().is_open());
        }
        assert!(read(json!({"status": "recycled"})).is_err());
        assert!(read(json!({"assignees": null})).is_err());
        assert!(read(json!({"due_date": "soon"})).is_err());
        assert_eq!(read(json!({"due_date": "2026-09-04"})).unwrap().due.unwrap().to_string(), "2026-09-04");
    }
}
