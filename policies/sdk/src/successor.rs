//! Successors: who takes over what somebody leaves behind, by rules that every policy shares.
//!
//! Rules are asked in order; the first whose person may hold the item wins. Nobody is ever chosen who has no login, who
//! is about to leave as well, whom the project does not offer for the item, or who gives way themselves.
//!
//! ```no_run
//! use muster_policy::successor::{Found, Rule, Successors};
//! use muster_policy::{Denied, User, item_steps, items};
//!
//! fn hand_over(leaver: &User) -> Result<(), Denied> {
//!     let held = items::held_by(leaver.id, None, &[])?;
//!     let rules = vec![Rule::ItemManager, Rule::ProjectManager, Rule::Named("pat@example.com".to_owned())];
//!     let mut successors = Successors::new(leaver, &held.rows, rules);
//!     for item in &held.rows {
//!         for holder in item.holders.iter().filter(|holder| holder.person.id == leaver.id) {
//!             match successors.find(item, holder.held_as)? {
//!                 Found::Somebody { user, why } => {
//!                     item_steps::reassign(item.item, holder.held_as, leaver.id, user, &why)?;
//!                 }
//!                 Found::Nobody { why } => item_steps::leave(item.item, holder.held_as, leaver.id, &why)?,
//!             }
//!         }
//!     }
//!     Ok(())
//! }
//! ```

use std::collections::HashMap;

use serde::Deserialize;

use crate::items::Candidate;
use crate::{Denied, HeldAs, Item, ProjectId, User, UserId, items, projects, users, vendors};

/// The role of Procore's own for who leads a project.
const PROJECT_MANAGER: &str = "Project Manager";

/// How a successor is looked for. In settings a rule is its name, or a table with its name as the key:
/// `["item-manager", { project-role = "Superintendent" }, { named = "pat@example.com" }]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// The active user with this address.
    Named(String),
    /// The first row that fits the item.
    Table(Vec<Row>),
    /// Who manages the item; where that is the leaver, or nobody, who manages most of what the leaver holds in the same
    /// project.
    ItemManager,
    /// Somebody who has this role in the item's project.
    ProjectRole(String),
    /// Somebody who has the role `Project Manager` in the item's project.
    ProjectManager,
    /// The primary contact of the leaver's vendor.
    VendorLead,
    /// The best of those whom the tool offers for the item. Where it offers nobody, since Procore does not say who may hold it,
    /// nobody is guessed.
    Anybody,
}

/// A row of a table of successors. What it does not name fits everything.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Row {
    /// The number or the name of a project.
    #[serde(default)]
    pub project: Option<String>,
    /// The kind of item, for example `punch-item`.
    #[serde(default)]
    pub kind: Option<String>,
    /// The address of the successor.
    pub to: String,
}

/// What came of looking for a successor.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// Somebody takes it over.
    Somebody {
        /// Who.
        user: UserId,
        /// By which rule, for the person who approves.
        why: String,
    },
    /// Nobody does.
    Nobody {
        /// Why, for the person who has to find somebody.
        why: String,
    },
}

/// Looks for successors of one person. What it reads it remembers.
#[derive(Debug)]
pub struct Successors<'a> {
    leaver: &'a User,
    held: &'a [Item],
    rules: Vec<Rule>,
    by_address: HashMap<String, Option<UserId>>,
    /// Why somebody can't take anything over; `None`: they can.
    unfit: HashMap<u64, Option<&'static str>>,
    notes: Vec<String>,
}

impl<'a> Successors<'a> {
    /// Makes one for `leaver`, who holds `held`.
    #[must_use]
    pub fn new(leaver: &'a User, held: &'a [Item], rules: Vec<Rule>) -> Self {
        let (by_address, unfit) = (HashMap::new(), HashMap::new());
        Self { leaver, held, rules, by_address, unfit, notes: Vec::new() }
    }

    /// Returns what the person who reads the plan should know: whom a rule names who can't take anything over.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Looks for somebody who takes `item` over in the role `held_as`.
    ///
    /// # Errors
    ///
    /// If one of the reads is denied.
    pub fn find(&mut self, item: &Item, held_as: HeldAs) -> Result<Found, Denied> {
        let candidates = items::candidates(item.item, held_as)?;
        for rule in self.rules.clone() {
            for (user, why) in self.proposed(&rule, item, &candidates)? {
                let can = user != self.leaver.id && candidates.iter().any(|row| row.person.id == user);
                if can && self.unfit(user)?.is_none() {
                    return Ok(Found::Somebody { user, why });
                }
            }
        }
        let others = || candidates.iter().filter(|row| row.person.id != self.leaver.id);
        let told = others().any(|row| row.fit != Fit::OnProject);
        let why = match others {
            true => "none of the successors can hold it in this project",
            false => "nobody in this project can hold it",
        };
        Ok(Found::Nobody { why: why.to_owned() })
    }

    /// Returns whom a rule proposes, best first.
    fn proposed(
        &mut self,
        rule: &Rule,
        item: &Item,
        candidates: &[Candidate],
    ) -> Result<Vec<(UserId, String)>, Denied> {
        let one =
            |user: Option<UserId>, why: &str| user.map(|user| (user, why.to_owned())).into_iter().collect();
        Ok(match rule {
            Rule::Named(email) => one(self.at(email)?, "the named successor"),
            Rule::Table(rows) => {
                let to = self.row(rows, item)?;
                one(to.map(|email| self.at(&email)).transpose()?.flatten(), "the successor by the table")
            }
            Rule::ItemManager => one(self.manager(item), "manages it, or most of these items"),
            Rule::ProjectRole(role) => with_role(item.item.project, role)?,
            Rule::ProjectManager => with_role(item.item.project, PROJECT_MANAGER)?,
            Rule::VendorLead => one(self.vendor_lead()?, "the primary contact of the vendor"),
            Rule::Anybody => candidates.iter().map(|row| (row.person.id, row.why.clone())).collect(),
        })
    }

    /// Returns who has an address and a login. Anybody else is noted, and passed over.
    fn at(&mut self, email: &str) -> Result<Option<UserId>, Denied> {
        if let Some(known) = self.by_address.get(email) {
            return Ok(*known);
        }
        let found = users::find_by_email(email)?;
        let user = match found.as_slice() {
            [user] if user.active => Ok(user.id),
            [_] => Err("has no active login"),
            [] => Err("is not in the directory"),
            _ => Err("is the address of several people"),
        };
        let user = match user {
            Ok(user) => self.unfit(user)?.map_or(Ok(user), Err),
            unfit => unfit,
        };
        if let Err(why) = user {
            self.notes.push(format!("{email} {why} and takes nothing over"));
        }
        self.by_address.insert(email.to_owned(), user.ok());
        Ok(user.ok())
    }

    /// Returns why somebody can't take anything over.
    fn unfit(&mut self, user: UserId) -> Result<Option<&'static str>, Denied> {
        if let Some(known) = self.unfit.get(&user.value) {
            return Ok(*known);
        }
        let why = match users::show(user)? {
            None => Some("is not in the directory"),
            Some(user) if !user.active => Some("has no active login"),
            Some(_) if users::is_leaving(user)? => Some("is about to leave as well"),
            Some(_) => None,
        };
        self.unfit.insert(user.value, why);
        Ok(why)
    }

    fn row(&self, rows: &[Row], item: &Item) -> Result<Option<String>, Denied> {
        for row in rows {
            let kind = row.kind.as_deref().is_none_or(|kind| kind == kind_name(item));
            if kind && self.is_project(row.project.as_deref(), item.item.project)? {
                return Ok(Some(row.to.clone()));
            }
        }
        Ok(None)
    }

    fn is_project(&self, wanted: Option<&str>, project: ProjectId) -> Result<bool, Denied> {
        let Some(wanted) = wanted else { return Ok(true) };
        let project = projects::show(project)?;
        Ok(project.is_some_and(|project| project.number.as_deref() == Some(wanted) || project.name == wanted))
    }

    /// Returns who manages the item or, where that is the leaver or nobody, most of the leaver's items in the same project.
    fn manager(&self, item: &Item) -> Option<UserId> {
        let of = |item: &Item| {
            let manager = item.holders.iter().find(|holder| holder.held_as == HeldAs::Manager)?;
            Some(manager.person.id).filter(|user| *user != self.leaver.id)
        };
        let here = self.held.iter().filter(|other| other.item.project == item.item.project);
        let others: Vec<_> = here.filter_map(of).collect();
        let times = |user: &UserId| others.iter().filter(|other| *other == user).count();
        of(item).or_else(|| others.iter().copied().max_by_key(times))
    }

    fn vendor_lead(&mut self) -> Result<Option<UserId>, Denied> {
        let Some(vendor) = &self.leaver.vendor else { return Ok(None) };
        let lead = vendors::show(vendor.id)?.and_then(|vendor| vendor.primary_contact);
        lead.map(|email| self.at(&email)).transpose().map(Option::flatten)
    }
}

/// Returns who has a role in a project. A project whose roles can't be seen has nobody to offer.
fn with_role(project: ProjectId, role: &str) -> Result<Vec<(UserId, String)>, Denied> {
    let roles = projects::roles(project)?.unwrap_or_default();
    let fits = roles.into_iter().filter(|row| row.role.eq_ignore_ascii_case(role));
    Ok(fits.map(|row| (row.person.id, format!("{} of the project", row.role))).collect())
}

fn kind_name(item: &Item) -> &'static str {
    use crate::ItemKind as Kind;
    match item.item.kind {
        Kind::Rfi => "rfi",
        Kind::Submittal => "submittal",
        Kind::PunchItem => "punch-item",
        Kind::Observation => "observation",
        Kind::Task => "task",
        Kind::CoordinationIssue => "coordination-issue",
        Kind::MeetingTopic => "meeting-topic",
        Kind::Inspection => "inspection",
        Kind::Correspondence => "correspondence",
        Kind::ActionPlan => "action-plan",
        Kind::ActionPlanItem => "action-plan-item",
        Kind::Workflow => "workflow",
        Kind::WorkflowTemplate => "workflow-template",
        Kind::DistributionGroup => "distribution-group",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_read_from_settings_as_names_and_tables() {
        let rules: Vec<Rule> = serde_json::from_str(
            r#"["item-manager", {"project-role": "Superintendent"}, {"named": "pat@example.com"},
                {"table": [{"project": "A-17", "kind": "task", "to": "sam@example.com"}]}, "anybody"]"#,
        )
        .unwrap();
        assert_eq!(rules.len(), 5);
        assert_eq!(rules[0], Rule::ItemManager);
        assert_eq!(rules[1], Rule::ProjectRole("Superintendent".to_owned()));
        let Rule::Table(rows) = &rules[3] else { panic!("{rules:?}") };
        assert_eq!((rows[0].project.as_deref(), rows[0].to.as_str()), (Some("A-17"), "sam@example.com"));
        assert!(serde_json::from_str::<Rule>(r#""whoever""#).is_err());
        assert!(serde_json::from_str::<Rule>(r#"{"table": [{"projects": "A", "to": "x"}]}"#).is_err());
    }
}
