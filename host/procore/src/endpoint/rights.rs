//! What our own account may do, tool by tool.

use std::collections::{BTreeMap, BTreeSet};

use muster_core::directory::AccessLevel;
use muster_core::id::ProjectId;
use serde::Deserialize;

use crate::client::Client;
use crate::error::Error;
#[cfg(fuzzing)]
use crate::exchange::Answer;
use crate::reads::Rights;

/// `RestV10SettingsPermissionsGet`, for the company or for one project.
const PATH: &str = "/rest/v1.0/settings/permissions";

#[derive(Deserialize)]
struct RightsBody {
    tools: Vec<ToolRow>,
}

#[derive(Deserialize)]
struct ToolRow {
    name: String,
    user_access_level: Option<LevelRow>,
    permitted_actions: Option<Vec<ActionRow>>,
}

#[derive(Deserialize)]
struct ActionRow {
    action_name: Option<String>,
}

#[derive(Deserialize)]
struct LevelRow {
    name: Option<String>,
}

/// Returns what our account may do with the tools of the company.
pub(crate) async fn of_company(client: &Client) -> Result<Rights, Error> {
    read(client, "company_id", client.company().get()).await
}

/// Returns what our account may do with the tools of a project.
pub(crate) async fn of_project(client: &Client, project: ProjectId) -> Result<Rights, Error> {
    read(client, "project_id", project.get()).await
}

async fn read(client: &Client, scope: &str, id: u64) -> Result<Rights, Error> {
    let operation = "show own rights";
    let url = client.url(PATH, &[(scope, &id.to_string())]);
    let body: RightsBody = client.read(operation, url).await?.json(operation)?;
    Ok(rights(body))
}

/// A level that is not understood is none: an account that seems to lack something is looked at again by a person. Where
/// a tool comes twice, the lower level counts for the same reason.
fn rights(body: RightsBody) -> Rights {
    let (mut tools, mut actions) = (BTreeMap::new(), BTreeSet::new());
    for row in body.tools {
        let tool = Rights::key(&row.name);
        let named = row.permitted_actions.into_iter().flatten().filter_map(|action| action.action_name);
        actions.extend(named.map(|action| (tool.clone(), Rights::key(&action))));
        let level = row.user_access_level.and_then(|level| understood(&level.name?));
        let level = level.unwrap_or(AccessLevel::None);
        tools.entry(tool).and_modify(|known: &mut AccessLevel| *known = level.min(*known)).or_insert(level);
    }
    Rights { tools, actions }
}

/// Levels are spelled as in permission templates, in any case and with any sign between the words.
fn understood(level: &str) -> Option<AccessLevel> {
    match Rights::key(level).as_str() {
        "none" => Some(AccessLevel::None),
        "read" | "read_only" => Some(AccessLevel::ReadOnly),
        "standard" => Some(AccessLevel::Standard),
        "admin" => Some(AccessLevel::Admin),
        _ => None,
    }
}

/// Reads an answer as the operation does.
#[cfg(fuzzing)]
pub(crate) fn read_answer(answer: &Answer) -> Result<Rights, Error> {
    answer.json("show own rights").map(rights)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_level_is_read_in_any_case_and_never_guessed() {
        let tool = |name: &str, level: serde_json::Value| json!({"name": name, "user_access_level": level});
        let body = json!({"tools": [
            tool("directory", json!({"id": 4, "name": "Admin"})),
            tool("Daily Log", json!({"name": "Read Only"})),
            tool("rfi", json!({"name": "read_only"})),
            tool("rfi", json!({"name": "standard"})),
            tool("punch_list", json!({"name": "galactic"})),
            tool("meetings", json!(null)),
            {"name": "users", "permitted_actions": [{"action_name": "create_and_edit_users"}, {"id": 1}]},
        ]});
        let rights = rights(serde_json::from_value(body).unwrap());
        assert_eq!(rights.level("Directory"), AccessLevel::Admin);
        assert_eq!(rights.level("daily_log"), AccessLevel::ReadOnly);
        assert_eq!(rights.level("rfi"), AccessLevel::ReadOnly);
        assert!(rights.permits("users", "Create and Edit Users"));
        assert!(!rights.permits("directory", "Create and Edit Users"));
        for tool in ["punch_list", "meetings", "never heard of"] {
            assert_eq!(rights.level(tool), AccessLevel::None, "{tool}");
        }
    }
}
