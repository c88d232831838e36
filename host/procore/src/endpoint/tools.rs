//! The tools of a project, and which of them are switched on.

use std::collections::BTreeSet;

use muster_core::directory::ItemKind;
use muster_core::id::ProjectId;
use serde::Deserialize;

use super::held::PER_PAGE;
use crate::client::Client;
use crate::error::Error;
#[cfg(fuzzing)]
use crate::exchange::Answer;
use crate::page::{self, List};

/// `RestV10ProjectsProjectIdToolsGet`, without a filter: what is off is listed too, so that it is told from what is missing.
fn all(project: ProjectId) -> String {
    format!("/rest/v1.0/projects/{project}/tools")
}

#[derive(Deserialize)]
struct ToolRow {
    #[serde(deserialize_with = "super::id")]
    id: u64,
    engine_name: Option<String>,
    is_active: bool,
}

/// Returns the names that the tool of a kind may have. Procore documents one of them, `checklists` for inspections (the
/// example of the operation); the others are the words of its paths, in singular and plural.
///
/// Workflows and distribution groups are in no tool of their own.
const fn names(kind: ItemKind) -> &'static [&'static str] {
    match kind {
        ItemKind::Rfi => &["rfi", "rfis"],
        ItemKind::Submittal => &["submittal", "submittals", "submittal_log", "submittal_logs"],
        ItemKind::PunchItem => &["punch_list", "punch_lists", "punch_item", "punch_items"],
        ItemKind::Observation => &["observation", "observations"],
        ItemKind::Task => &["task", "tasks", "task_item", "task_items"],
        ItemKind::CoordinationIssue => &["coordination_issue", "coordination_issues"],
        ItemKind::MeetingTopic => &["meeting", "meetings"],
        ItemKind::Inspection => &["checklist", "checklists", "inspection", "inspections"],
        ItemKind::Correspondence => &["correspondence", "correspondences", "generic_tool", "generic_tools"],
        ItemKind::ActionPlan | ItemKind::ActionPlanItem => &["action_plan", "action_plans"],
        ItemKind::Workflow | ItemKind::WorkflowTemplate | ItemKind::DistributionGroup => &[],
    }
}

/// What the engine of a type of correspondence is called, with its number behind it (developers.procore.com, correspondence).
const TYPE_OF_CORRESPONDENCE: &str = "generic_tool_";

/// Returns the kinds of items whose tools are switched on in a project. A kind is off only where a tool of that name says so
/// and none of that name says otherwise: what is not known is asked for.
pub(crate) async fn kinds_on(client: &Client, project: ProjectId) -> Result<BTreeSet<ItemKind>, Error> {
    let url = client.url(&all(project), &[]);
    let list = List { operation: "list tools", url, per_page: Some(PER_PAGE) };
    let rows = page::all(client, &list, |row: &ToolRow| row.id).await?;
    Ok(ItemKind::ALL.into_iter().filter(|kind| is_on(*kind, &rows)).collect())
}

fn is_on(kind: ItemKind, rows: &[ToolRow]) -> bool {
    let named = |row: &&ToolRow| {
        row.engine_name.as_deref().is_some_and(|name| {
            // A type that is off says nothing of the others, of which not all may be listed.
            let is_type = row.is_active && name.starts_with(TYPE_OF_CORRESPONDENCE);
            names(kind).contains(&name) || (kind == ItemKind::Correspondence && is_type)
        })
    };
    let mut tools = rows.iter().filter(named).peekable();
    tools.peek().is_none() || tools.any(|tool| tool.is_active)
}

/// Reads an answer as the list does.
#[cfg(fuzzing)]
pub(crate) fn read(answer: &Answer) -> Result<BTreeSet<ItemKind>, Error> {
    let rows: Vec<ToolRow> = answer.json("list tools")?;
    Ok(ItemKind::ALL.into_iter().filter(|kind| is_on(*kind, &rows)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn off(rows: &[(Option<&str>, bool)]) -> Vec<&'static str> {
        let row = |(name, is_active): &(Option<&str>, bool)| ToolRow {
            id: 0,
            engine_name: name.map(str::to_owned),
            is_active: *is_active,
        };
        let rows: Vec<ToolRow> = rows.iter().map(row).collect();
        ItemKind::ALL.into_iter().filter(|kind| !is_on(*kind, &rows)).map(ItemKind::name).collect()
    }

    #[test]
    fn only_what_a_project_says_is_off_is_off() {
        assert!(off(&[]).is_empty());
        assert!(off(&[(None, false), (Some("budget"), false), (Some("checklists"), true)]).is_empty());
        assert_eq!(off(&[(Some("checklists"), false)]), ["inspection"]);
        assert_eq!(off(&[(Some("action_plans"), false)]), ["action-plan", "action-plan-item"]);
        assert!(off(&[(Some("punch_list"), false), (Some("punch_items"), true)]).is_empty());
    }

    #[test]
    fn correspondence_is_on_as_long_as_one_of_its_types_is() {
        let (tool, types) = ("correspondence", "generic_tool_126094");
        assert_eq!(off(&[(Some(tool), false), (Some(types), false)]), ["correspondence"]);
        assert!(off(&[(Some(tool), false), (Some(types), true)]).is_empty());
        assert!(off(&[(Some(types), false)]).is_empty(), "there may be other types");
    }

    #[test]
    fn no_name_is_that_of_two_tools() {
        let mut seen = BTreeSet::new();
        for kind in ItemKind::ALL.into_iter().filter(|kind| *kind != ItemKind::ActionPlanItem) {
            assert!(names(kind).iter().all(|name| seen.insert(name)), "{kind:?}");
        }
    }
}
