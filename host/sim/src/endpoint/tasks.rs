//! The tasks of a project, and who may be given one.

use std::cmp::Reverse;

use serde_json::{Map, Value};

use super::filter::Words;
use super::item::{ById, candidates, check_place, choice, find, has_ids, known, project};
use crate::company::{Company, Invalid, Level, Task, TaskStatus, Tool, User};
use crate::server::answer::{Answer, Reply};
use crate::server::field::{flag, ids, number, required_text, text, time};
use crate::server::gate::Scene;
use crate::server::page::paged;
use crate::server::query::Query;
use crate::server::request::Request;
use crate::view;

/// Whoever takes part in the tool may be given a task; Procore does not say who may.
const NEEDED: (Tool, Level) = (Tool::TaskItems, Level::Standard);

/// Serves `GET /rest/v1.0/task_items`: those that are done too, unless told otherwise.
pub(crate) fn list(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let (company, query) = (&*scene.company, &request.query);
    let statuses = known(query, "status", &TaskStatus::ALL.map(TaskStatus::name))?;
    let wanted: [ById<Task>; 3] = [
        (query.filter_ids("id")?, |task| vec![task.id]),
        (query.filter_ids("assigned_id")?, |task| task.assignees.clone()),
        (query.filter_ids("created_by_id")?, |task| vec![task.created_by]),
    ];
    let categories = query.filter_ids("task_item_category_id")?;
    let (created, due) = (query.filter_range("created_at")?, query.filter_range("due_date")?);
    let words = Words::of(query.filter("query").unwrap_or_default());
    let mut tasks: Vec<&Task> = company
        .items_of::<Task>(project(request)?)
        .filter(|task| has_ids(&wanted, task))
        .filter(|task| statuses.as_ref().is_none_or(|statuses| statuses.contains(&task.status.name())))
        .filter(|task| {
            let id = task.category.as_deref().and_then(|name| company.label_id(name));
            categories.as_ref().is_none_or(|ids| id.is_some_and(|id| ids.contains(&id)))
        })
        .filter(|task| created.is_none_or(|range| range.holds(task.created_at)))
        .filter(|task| due.is_none_or(|range| task.due_at.is_some_and(|due| range.holds(due))))
        .filter(|task| {
            words.stand_in(&[&task.title, &task.number, task.description.as_deref().unwrap_or_default()])
        })
        .collect();
    sort(company, query, &mut tasks);
    paged(request, scene.page_max, tasks, |task| view::task::listed(company, task))
}

/// Serves `GET /rest/v1.0/task_items/assignees`.
pub(crate) fn assignees(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let words = request.query.filter("search");
    candidates(scene, request, NEEDED, words, |user| view::user::person(scene.company, user.id))
}

/// Serves `PATCH /rest/v1.0/task_items/{id}`: what is sent is changed, and lists are replaced as a whole.
pub(crate) fn update(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let before: &Task = find(scene, request, "id")?;
    let mut task = before.clone();
    let numbers = ["assigned_id", "assignee_ids", "distribution_member_ids", "task_item_category_id"];
    apply(scene.company, &mut task, &request.nested_or_form("task_item", &numbers, &["private"])?)?;
    let (tool, level) = NEEDED;
    check_place(scene, "assignee_ids", (task.project, tool, level), &task.assignees, &before.assignees)?;
    scene.company.put_item(task.clone())?;
    let task = scene.company.item(task.id).unwrap_or(&task);
    Ok(Answer::ok(view::task::shown(scene.company, task)))
}

fn apply(company: &Company, task: &mut Task, fields: &Map<String, Value>) -> Result<(), Invalid> {
    for (field, value) in fields {
        match field.as_str() {
            "title" => task.title = required_text("title", value)?,
            "number" => task.number = required_text("number", value)?,
            "description" => task.description = text("description", value)?,
            "due_date" => task.due_at = time("due_date", value)?,
            "private" => task.private = flag("private", value)?,
            "distribution_member_ids" => task.distribution = ids("distribution_member_ids", value)?,
            "task_item_category_id" => {
                let unknown = || Invalid::new("task_item_category_id", "does not exist");
                let id = number("task_item_category_id", value)?;
                let name = |id| company.task_category(id).map(str::to_owned).ok_or_else(unknown);
                task.category = id.map(name).transpose()?;
            }
            "status" => {
                let name = choice("status", value, &TaskStatus::ALL.map(TaskStatus::name))?;
                let mut all = TaskStatus::ALL.into_iter();
                task.status = all.find(|status| status.name() == name).unwrap_or(task.status);
            }
            // The assignees follow below. What else there may be is unknown to Procore or not simulated, and overlooked.
            _ => {}
        }
    }
    // The old field for one assignee counts only where the new one is not sent.
    match (fields.get("assignee_ids"), fields.get("assigned_id")) {
        (Some(value), _) => task.assignees = ids("assignee_ids", value)?,
        (None, Some(value)) => task.assignees = number("assigned_id", value)?.into_iter().collect(),
        (None, None) => {}
    }
    Ok(())
}

fn sort(company: &Company, query: &Query, tasks: &mut [&Task]) {
    let Some(attribute) = query.value("sort") else { return };
    let key = |task: &Task| match attribute.trim_start_matches('-') {
        "number" => format!("{:0>12}", task.number),
        "title" => task.title.to_lowercase(),
        "assignee" => {
            let first = task.assignees.first().and_then(|id| company.user(*id));
            first.map(User::name).unwrap_or_default().to_lowercase()
        }
        "due_date" => task.due_at.map_or(String::new(), |due| due.to_string()),
        "status" => task.status.name().to_owned(),
        "category" => task.category.clone().unwrap_or_default(),
        _ => String::new(),
    };
    if attribute.starts_with('-') {
        tasks.sort_by_cached_key(|task| Reverse(key(task)));
    } else {
        tasks.sort_by_cached_key(|task| key(task));
    }
}
