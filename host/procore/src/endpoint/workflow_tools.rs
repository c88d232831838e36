//! What workflows of projects are for. Every question about them has to name it, so as few as possible are asked about.

use std::sync::Arc;
use std::time::Duration;

use muster_core::id::CompanyId;
use serde::Deserialize;

use super::held;
use crate::client::Client;
use crate::error::Error;
#[cfg(fuzzing)]
use crate::exchange::Answer;
use crate::page::{self, Data, List};

/// `RestV20CompaniesCompanyIdWorkflowsToolsGet`.
fn all(company: CompanyId) -> String {
    format!("/rest/v2.0/companies/{company}/workflows/tools")
}

/// `RestV20CompaniesCompanyIdWorkflowsTemplatesGet`.
fn templates(company: CompanyId) -> String {
    format!("/rest/v2.0/companies/{company}/workflows/templates")
}

/// How long it is remembered: a company makes its first template for a tool once in months, and the projects of one departure are
/// asked about within minutes.
pub(crate) const KEPT: Duration = Duration::from_secs(300);

/// Something that workflows are for: a tool, or a type of correspondence.
#[derive(Deserialize)]
pub(crate) struct Tool {
    #[serde(rename = "type")]
    pub(super) kind: String,
    /// Of correspondence only. Passed on as it came: it may have a sign.
    #[serde(default, deserialize_with = "held::number")]
    pub(super) subtype: Option<String>,
    /// Whether its items are in projects or belong to the company.
    pub(super) provider: Option<String>,
}

/// A template of the company, archived ones included: what they have started may still run.
#[derive(Deserialize)]
struct TemplateRow {
    #[serde(deserialize_with = "super::id")]
    id: u64,
    tool_type: Option<String>,
    #[serde(default, deserialize_with = "held::number")]
    tool_subtype: Option<String>,
}

impl Tool {
    /// Returns what names it in a question, under names such as `filters[tool_type]`.
    pub(super) fn query(&self, of_list: bool) -> Vec<(&'static str, &str)> {
        let names = if of_list {
            ["filters[tool_type]", "filters[tool_subtype]"]
        } else {
            ["tool_type", "tool_subtype"]
        };
        let values = [Some(self.kind.as_str()), self.subtype.as_deref()];
        let named = names.into_iter().zip(values).filter_map(|(name, value)| Some((name, value?)));
        named.filter(|(_, value)| !value.is_empty()).collect()
    }

    fn is_of_company(&self) -> bool {
        self.provider.as_deref() == Some("Company")
    }
}

impl TemplateRow {
    /// Returns whether it is for a tool, as far as it says: one that names no type of correspondence may be for any.
    fn is_for(&self, tool: &Tool) -> bool {
        let subtype = self.tool_subtype.as_deref().filter(|subtype| !subtype.is_empty());
        self.tool_type.as_deref() == Some(tool.kind.as_str())
            && (subtype.is_none() || subtype == tool.subtype.as_deref())
    }
}

/// Returns what workflows of projects are for: the tools for which the company has a template. A company without workflows has
/// nothing of the kind.
///
/// Both lists are of the company and not of a project, so they are asked for once and remembered.
pub(super) async fn tools(client: &Client, operation: &'static str) -> Result<Arc<Vec<Tool>>, Error> {
    client.workflow_tools.get(with_templates(client, operation)).await
}

async fn with_templates(client: &Client, operation: &'static str) -> Result<Vec<Tool>, Error> {
    let answer = client.read(operation, client.url(&all(client.company()), &[])).await?;
    let Data { data: tools } = answer.json::<Data<Vec<Tool>>>(operation)?;
    if tools.iter().all(Tool::is_of_company) {
        return Ok(Vec::new());
    }
    let url = client.url(&templates(client.company()), &[]);
    let list = List { operation, url, per_page: Some(held::PER_PAGE) };
    match page::all_in::<Data<Vec<TemplateRow>>, TemplateRow>(client, &list, |row| row.id).await {
        Ok(templates) => Ok(in_use(tools, Some(&templates))),
        Err(error) if error.is_not_visible() => Ok(in_use(tools, None)),
        Err(error) => Err(error),
    }
}

/// Returns the tools of projects that one of the templates is for. All of them are asked about where the templates can't be seen,
/// or where one is for what no tool is called: nowhere is it said that both lists spell it alike.
fn in_use(tools: Vec<Tool>, templates: Option<&[TemplateRow]>) -> Vec<Tool> {
    let known = |template: &TemplateRow| tools.iter().any(|tool| template.is_for(tool));
    let templates = templates.filter(|templates| templates.iter().all(known));
    let used = |tool: &Tool| templates.is_none_or(|templates| templates.iter().any(|one| one.is_for(tool)));
    tools.into_iter().filter(|tool| !tool.is_of_company() && used(tool)).collect()
}

/// Reads an answer as the lists of tools and of templates do.
#[cfg(fuzzing)]
pub(crate) fn read(answer: &Answer) -> Result<(), Error> {
    let tools = answer.json::<Data<Vec<Tool>>>("list workflows").map(drop);
    tools.and(answer.json::<Data<Vec<TemplateRow>>>("list workflows").map(drop))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn used(templates: Option<Value>) -> Vec<String> {
        let tools = json!([
            {"type": "commitments", "provider": "Project", "subtype": null},
            {"type": "prime_contracts", "provider": "Project"},
            {"type": "funding", "provider": "Company"},
            {"type": "correspondence", "provider": "Project", "subtype": "-7"},
            {"type": "correspondence", "provider": "Project", "subtype": "8"},
        ]);
        let templates: Option<Vec<TemplateRow>> = templates.map(|rows| serde_json::from_value(rows).unwrap());
        let used = in_use(serde_json::from_value(tools).unwrap(), templates.as_deref());
        used.iter()
            .map(|tool| format!("{}{}", tool.kind, tool.subtype.as_deref().unwrap_or_default()))
            .collect()
    }

    #[test]
    fn tools_without_a_template_are_left_out() {
        let archived =
            json!({"id": "1", "tool_type": "prime_contracts", "archived_at": "2025-01-01T00:00:00Z"});
        let letter = json!({"id": "2", "tool_type": "correspondence", "tool_subtype": "-7"});
        let of_company = json!({"id": "3", "tool_type": "funding"});
        assert_eq!(
            used(Some(json!([archived, letter, of_company]))),
            ["prime_contracts", "correspondence-7"]
        );
        assert_eq!(
            used(Some(json!([{"id": "4", "tool_type": "correspondence", "tool_subtype": 8}]))),
            ["correspondence8"]
        );
        assert!(used(Some(json!([]))).is_empty());
    }

    #[test]
    fn what_templates_do_not_say_is_asked_about() {
        let all = ["commitments", "prime_contracts", "correspondence-7", "correspondence8"];
        assert_eq!(used(None), all);
        let known = json!({"id": "1", "tool_type": "commitments"});
        for strange in [
            json!({"id": "2", "tool_type": "Prime Contracts"}),
            json!({"id": "2", "tool_type": "correspondence", "tool_subtype": "9"}),
            json!({"id": "2"}),
        ] {
            assert_eq!(used(Some(json!([known, strange]))), all);
        }
        for untold in [json!(null), json!("")] {
            let any = json!({"id": "3", "tool_type": "correspondence", "tool_subtype": untold});
            assert_eq!(used(Some(json!([any]))), ["correspondence-7", "correspondence8"]);
        }
    }
}
