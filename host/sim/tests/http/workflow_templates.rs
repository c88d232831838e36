//! Templates of workflows, which projects set up as presets.

use muster_sim::{NewPreset, NewProject, NewWorkflow, Preset, Workflow};
use serde_json::{Value, json};

use crate::site::{Crew, Site, crew, keys};

const TEMPLATES: &str = "/rest/v2.0/companies/{c}/workflows/templates";

/// Returns a company with workflows of letters and of commitments, and with three presets of one name in two projects; the other
/// project, and the type of the letters.
fn built() -> (Crew, u64, u64) {
    let mut crew = crew();
    let (project, pat, leo) = (crew.project, crew.pat, crew.leo);
    let company = &mut crew.company;
    let letters = company.add_correspondence_type("Letter", "LTR", &[]);
    let active = NewWorkflow::active(project, pat, &[leo]);
    let letter = NewWorkflow {
        tool: "correspondence".to_owned(),
        subtype: Some(letters),
        ..NewWorkflow::active(project, pat, &[leo])
    };
    for new in [active, letter] {
        company.add_workflow(new).unwrap();
    }
    let other = company.add_project(NewProject::named("Harbor"));
    for place in [project, project, other] {
        company.add_preset(NewPreset::new(place, "Large", pat, &[leo])).unwrap();
    }
    (crew, other, letters)
}

async fn listed(site: &Site) -> Vec<Value> {
    let answer = site.get(TEMPLATES).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.body["data"].as_array().unwrap().clone()
}

fn named<'a>(rows: &'a [Value], name: &str, tool: &str) -> &'a Value {
    rows.iter().find(|row| row["name"] == name && row["tool_type"] == tool).unwrap()
}

#[tokio::test]
async fn there_is_a_template_for_whatever_has_presets_or_workflows() {
    let (crew, other, letters) = built();
    let version = |tool: &str| {
        let mut workflows = crew.company.items_of::<Workflow>(crew.project);
        workflows.find(|workflow| workflow.tool == tool).unwrap().version.to_string()
    };
    let versions = ["commitments", "correspondence"].map(version);
    let preset = crew.company.items_of::<Preset>(other).next().unwrap().template.to_string();
    let site = Site::of(crew.company.clone()).await;
    let rows = listed(&site).await;
    let large = named(&rows, "Large", "commitments");
    let fields = [
        "archived_at",
        "assigned_projects_count",
        "created_at",
        "id",
        "latest_published_version",
        "name",
        "tool_subtype",
        "tool_type",
        "updated_at",
        "versions",
    ];
    assert_eq!(keys(large), fields);
    assert_eq!((&large["id"], &large["assigned_projects_count"]), (&json!(preset), &json!(2)));
    assert_eq!((&large["tool_subtype"], &large["archived_at"]), (&Value::Null, &Value::Null));
    let [review, letter] = ["commitments", "correspondence"].map(|tool| named(&rows, "Review", tool));
    assert_eq!(
        [review, letter].map(|row| row["latest_published_version"]["id"].clone()),
        versions.map(Value::from)
    );
    assert_eq!(
        (&review["assigned_projects_count"], &letter["tool_subtype"]),
        (&json!(0), &json!(letters.to_string()))
    );
    assert_eq!(rows.len(), 3, "those of one name are one");
    let page = site.get(&format!("{TEMPLATES}?per_page=2&page=2")).await;
    assert_eq!((page.body["data"].as_array().unwrap().len(), page.header("total")), (1, Some("3")));
}

#[tokio::test]
async fn a_template_that_is_archived_is_still_listed_and_its_presets_stay() {
    let (mut crew, other, _) = built();
    let unused = crew.company.add_workflow_template("prime_contracts", None, "Contracts").unwrap();
    let used = crew.company.items_of::<Preset>(other).next().unwrap().template;
    for id in [unused, used] {
        crew.company.archive_workflow_template(id).unwrap();
    }
    assert!(crew.company.archive_workflow_template(1).is_err());
    assert!(crew.company.add_workflow_template("funding", None, "Funds").is_err(), "no tool of projects");
    let site = Site::of(crew.company).await;
    let rows = listed(&site).await;
    let archived = |name, tool| named(&rows, name, tool)["archived_at"].is_string();
    assert!(archived("Contracts", "prime_contracts") && archived("Large", "commitments"));
    assert!(!archived("Review", "commitments"));
    let presets = format!(
        "/rest/v2.0/companies/{{c}}/projects/{other}/workflows/presets?filters[tool_type]=commitments"
    );
    assert_eq!(site.get(&presets).await.body["data"].as_array().unwrap().len(), 1);
}
