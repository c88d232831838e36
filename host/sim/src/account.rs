//! Service accounts: who calls, what with, and which projects it may call for.
//!
//! Each acts as a user of the directory and may do what that user's templates allow. The first one, `admin`, is the app's
//! own: an admin of the directory that sees every project. Others are added by [`Config::accounts`](crate::Config).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::company::{Company, Invalid};
use crate::dice::Dice;
use crate::server::token::Credentials;

/// What a service account may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Everything in the directories of the company and of its projects.
    DirectoryAdmin,
    /// "Create and Edit Users": people, and those templates that are assignable, but no addresses, company templates or
    /// default templates of others.
    UserEditor,
    /// Nothing but look.
    ReadOnly,
}

/// The projects that a service account was given (developers.procore.com, developer managed service accounts).
///
/// As JSON: `"all"`, or `{"only":[…]}` with their ids.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Permitted {
    /// All of them, those to come too.
    All,
    /// These; every other one is as if it were not there.
    Only(BTreeSet<u64>),
}

impl Permitted {
    /// Returns whether a project is among them.
    pub fn holds(&self, project: u64) -> bool {
        match self {
            Self::All => true,
            Self::Only(projects) => projects.contains(&project),
        }
    }
}

/// A service account that is to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAccount {
    /// The name, for the address of its user and for whoever changes it.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// For which projects.
    pub projects: Permitted,
}

impl NewAccount {
    /// Returns the usual ones beside the app's own: `editor`, `reader`, and `limited`, an admin to whom no project was
    /// given yet.
    pub fn standard() -> Vec<Self> {
        let new = |name: &str, role, projects| Self { name: name.to_owned(), role, projects };
        vec![
            new("editor", Role::UserEditor, Permitted::All),
            new("reader", Role::ReadOnly, Permitted::All),
            new("limited", Role::DirectoryAdmin, Permitted::Only(BTreeSet::new())),
        ]
    }
}

/// A service account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Account {
    /// The name.
    pub name: String,
    /// The user that it acts as.
    pub user: u64,
    /// What it may do.
    pub role: Role,
    /// For which projects.
    pub projects: Permitted,
    /// What it proves itself with.
    #[serde(skip)]
    pub credentials: Credentials,
}

/// The service accounts, the app's own one first.
#[derive(Debug)]
pub(crate) struct Accounts(Vec<Account>);

impl Accounts {
    /// Returns the app's own account.
    pub(crate) fn new(company: &Company, credentials: Credentials) -> Self {
        let (name, user) = ("admin".to_owned(), company.service_account());
        Self(vec![Account { name, user, role: Role::DirectoryAdmin, projects: Permitted::All, credentials }])
    }

    /// Adds an account, its user and what the user needs.
    pub(crate) fn add(
        &mut self,
        company: &mut Company,
        dice: &mut Dice,
        new: NewAccount,
    ) -> Result<(), Invalid> {
        let NewAccount { name, role, projects } = new;
        if self.0.iter().any(|account| account.name == name) {
            return Err(Invalid::new("name", format!("{name} is taken")));
        }
        let user = company.add_service_user(&name, role)?;
        let credentials = Credentials::draw(dice);
        self.0.push(Account { name: name.clone(), user, role, projects: Permitted::All, credentials });
        self.permit(company, &name, projects)
    }

    /// Returns all accounts.
    pub(crate) fn all(&self) -> &[Account] {
        &self.0
    }

    /// Returns the account of a client.
    pub(crate) fn of_client(&self, client_id: &str) -> Option<&Account> {
        self.0.iter().find(|account| account.credentials.client_id == client_id)
    }

    /// Says which projects an account is for. Who is no admin becomes a member of them and of no other.
    pub(crate) fn permit(
        &mut self,
        company: &mut Company,
        name: &str,
        projects: Permitted,
    ) -> Result<(), Invalid> {
        let unknown = || Invalid::new("name", format!("{name} does not exist"));
        let account = self.0.iter_mut().find(|account| account.name == name).ok_or_else(unknown)?;
        if let Permitted::Only(ids) = &projects
            && let Some(id) = ids.iter().find(|id| company.project(**id).is_none())
        {
            return Err(Invalid::unknown("projects", *id));
        }
        company.put_service_user_on(account.user, account.role, &projects)?;
        account.projects = projects;
        Ok(())
    }
}
