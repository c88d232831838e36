//! Grants: what the operator allows one policy, on whom and where.
//!
//! Absent means denied (invariant 3). A policy whose declared list goes beyond its grant does not load; what the grant
//! withholds, or what lies outside its scope, answers `denied` when the policy asks.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::action::Subject;
use crate::function::{Function, FunctionSet};
use crate::id::ProjectId;

/// What the operator allows one policy.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Grant {
    /// The functions that it may import.
    pub allow: FunctionSet,
    /// Functions that it may import but whose every call is denied: how an operator tries a policy with less.
    #[serde(default)]
    pub withhold: FunctionSet,
    /// On whom and where.
    #[serde(default)]
    pub scope: Scope,
}

/// On whom and where a grant holds. It bounds reads and powers alike.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Scope {
    /// About whom a policy may ask more than the directory shows of everybody, and whom it may change.
    #[serde(default)]
    pub people: People,
    /// In which projects.
    #[serde(default)]
    pub projects: Projects,
}

/// Whom a grant reaches. Looking somebody up in the directory is not bounded by it: a successor has to be found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum People {
    /// The subject of the event, and nobody else.
    #[default]
    Subject,
    /// Everybody in the company, and every vendor.
    Company,
}

/// Where a grant reaches.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Projects {
    /// Every project that the host's account can see.
    #[default]
    All,
    /// These projects.
    Only(#[schemars(with = "BTreeSet<String>")] BTreeSet<ProjectId>),
}

impl Scope {
    /// Returns whether the grant reaches `whom` in a case about `subject`.
    #[must_use]
    pub fn reaches(&self, whom: Subject, subject: Option<Subject>) -> bool {
        self.people == People::Company || subject == Some(whom)
    }

    /// Returns whether the grant reaches into `project`.
    #[must_use]
    pub fn includes(&self, project: ProjectId) -> bool {
        match &self.projects {
            Projects::All => true,
            Projects::Only(projects) => projects.contains(&project),
        }
    }
}

/// A declared list that goes beyond its grant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the policy {policy:?} declares {missing}, which its grant does not allow")]
pub struct NotGranted {
    /// The policy as the configuration names it.
    pub policy: String,
    /// What is missing.
    pub missing: FunctionSet,
    /// The line that would allow it.
    pub line: String,
}

impl Grant {
    /// Checks that everything declared is allowed.
    ///
    /// # Errors
    ///
    /// If it is not: with the functions, and the line to put into the policy's entry of the configuration.
    pub fn covers(&self, policy: &str, declared: FunctionSet) -> Result<(), NotGranted> {
        let missing = declared.without(self.allow);
        if missing.is_empty() {
            return Ok(());
        }
        let allowed: FunctionSet = self.allow.iter().chain(missing.iter()).collect();
        let names: Vec<_> = allowed.iter().map(|function| format!("{:?}", function.name())).collect();
        let line = format!("allow = [{}]", names.join(", "));
        Err(NotGranted { policy: policy.to_owned(), missing, line })
    }

    /// Returns whether every call of `function` is denied.
    #[must_use]
    pub const fn withholds(&self, function: Function) -> bool {
        self.withhold.contains(function)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{ContactId, UserId};

    fn set(functions: &[Function]) -> FunctionSet {
        functions.iter().copied().collect()
    }

    #[test]
    fn what_is_absent_is_denied_naming_it_and_the_line_to_add() {
        let grant = Grant { allow: set(&[Function::UsersShow]), ..Grant::default() };
        assert!(grant.covers("leavers", set(&[Function::UsersShow])).is_ok());
        let error =
            grant.covers("leavers", set(&[Function::UserStepsDeactivate, Function::UsersShow])).unwrap_err();
        assert_eq!(
            error.to_string(),
            r#"the policy "leavers" declares `user-steps.deactivate`, which its grant does not allow"#
        );
        assert_eq!(error.line, r#"allow = ["user-steps.deactivate", "users.show"]"#);
    }

    #[test]
    fn a_scope_reaches_its_subject_by_default_and_every_project() {
        let (one, two) = (Subject::User(UserId::new(1)), Subject::Contact(ContactId::new(1)));
        let scope = Scope::default();
        assert!(scope.reaches(one, Some(one)) && !scope.reaches(two, Some(one)) && !scope.reaches(two, None));
        assert!(scope.includes(ProjectId::new(9)));
        let narrow: Scope =
            serde_json::from_str(r#"{"people":"company","projects":{"only":["7"]}}"#).unwrap();
        assert!(narrow.reaches(two, Some(one)) && narrow.includes(ProjectId::new(7)));
        assert!(!narrow.includes(ProjectId::new(9)));
    }
}
