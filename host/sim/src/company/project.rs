//! The projects of the company.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::ids::Space;
use super::{Company, Invalid};

/// A project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Project {
    /// The id.
    pub id: u64,
    /// The name.
    pub name: String,
    /// The project number.
    pub number: String,
    /// Whether it is active.
    pub active: bool,
    /// The name of its stage.
    pub stage: String,
    /// The name of its type.
    pub kind: Option<String>,
    /// The name of its region.
    pub region: Option<String>,
    /// The name of its program.
    pub program: Option<String>,
    /// The street address.
    pub address: Option<String>,
    /// The city.
    pub city: Option<String>,
    /// The state, as in ISO 3166.
    pub state_code: Option<String>,
    /// The postal code.
    pub zip: Option<String>,
    /// The zone of its clocks, as in the tz database.
    pub tz_name: String,
    /// When the contract was signed.
    pub start_date: Option<Date>,
    /// When it is to be complete.
    pub completion_date: Option<Date>,
    /// What it is worth, in dollars.
    pub value: Option<u64>,
    /// The id that another system has for it.
    pub origin_id: Option<String>,
    /// Who made it.
    pub created_by: u64,
    /// When the record was made.
    pub created_at: Timestamp,
    /// When the record was last changed.
    pub updated_at: Timestamp,
}

/// What is needed to add a project.
#[derive(Debug, Clone, Default)]
pub struct NewProject {
    /// The name.
    pub name: String,
    /// The project number; made up when it is missing.
    pub number: Option<String>,
    /// Whether it is over.
    pub inactive: bool,
    /// The name of its stage; `Course of Construction` when it is missing.
    pub stage: Option<String>,
}

impl NewProject {
    /// Returns an active project with a name.
    pub fn named(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }
}

impl Company {
    /// Adds a project and returns its id.
    pub fn add_project(&mut self, new: NewProject) -> u64 {
        let id = self.ids.next(Space::Project);
        let stage = new.stage.unwrap_or_else(|| "Course of Construction".to_owned());
        self.label(&stage);
        let number =
            new.number.unwrap_or_else(|| format!("{:02}-{:04}", 24 + id % 3, self.projects.len() + 1001));
        let project = Project {
            id,
            name: new.name,
            number,
            active: !new.inactive,
            stage,
            kind: None,
            region: None,
            program: None,
            address: None,
            city: None,
            state_code: None,
            zip: None,
            tz_name: "America/Denver".to_owned(),
            start_date: None,
            completion_date: None,
            value: None,
            origin_id: None,
            created_by: self.service_account,
            created_at: self.now,
            updated_at: self.now,
        };
        self.projects.insert(id, project);
        id
    }

    /// Puts a changed project in the place of the one with its id.
    pub fn put_project(&mut self, mut project: Project) -> Result<(), Invalid> {
        if !self.projects.contains_key(&project.id) {
            return Err(Invalid::unknown("id", project.id));
        }
        let labels =
            [Some(&project.stage), project.kind.as_ref(), project.region.as_ref(), project.program.as_ref()];
        for name in labels.into_iter().flatten() {
            self.label(name);
        }
        project.updated_at = self.now;
        self.projects.insert(project.id, project);
        Ok(())
    }

    /// Returns a project.
    pub fn project(&self, id: u64) -> Option<&Project> {
        self.projects.get(&id)
    }

    /// Returns the first project with a name.
    pub fn project_by_name(&self, name: &str) -> Option<&Project> {
        self.projects.values().find(|project| project.name == name)
    }

    /// Returns all projects in the order of their ids.
    pub fn projects(&self) -> impl Iterator<Item = &Project> {
        self.projects.values()
    }
}
