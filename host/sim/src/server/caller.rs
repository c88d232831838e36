//! Who calls, and what the caller may see and do: what the directory gives to the user that the caller acts as, within
//! the projects that the service account was given.

use crate::account::Permitted;
use crate::company::{Company, Level, Template};

/// The caller of an operation.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    /// The user whom the caller acts as.
    pub(crate) user: u64,
    /// The projects that there are for the caller.
    pub(crate) permitted: Permitted,
}

const DIRECTORY: &str = "directory";
const EDITS: &str = "create_and_edit_users";

impl Caller {
    /// Returns whether the caller is an admin of the company's directory. Whether a token outlives the login is for the gate
    /// to say; as long as it works, the rights are the same.
    pub(crate) fn is_admin(&self, company: &Company) -> bool {
        self.level(company, DIRECTORY) == Level::Admin
    }

    /// Returns whether there is such a project for the caller: admins see every one that the account was given, others
    /// those that they are on.
    pub(crate) fn may_see(&self, company: &Company, project: u64) -> bool {
        self.permitted.holds(project)
            && company.project(project).is_some()
            && (self.is_admin(company) || company.membership(self.user, project).is_some())
    }

    /// Returns how far the caller may go in a tool of the company.
    pub(crate) fn level(&self, company: &Company, tool: &str) -> Level {
        self.template(company).map_or(Level::None, |template| template.level(tool))
    }

    /// Returns how far the caller may go in a tool of a project. An admin of a directory is an admin of every tool there.
    pub(crate) fn level_on(&self, company: &Company, project: u64, tool: &str) -> Level {
        if !self.may_see(company, project) {
            return Level::None;
        }
        match self.template_on(company, project) {
            _ if self.is_admin(company) => Level::Admin,
            Some(template) if template.level(DIRECTORY) == Level::Admin => Level::Admin,
            Some(template) => template.level(tool),
            None => Level::None,
        }
    }

    /// Returns whether the caller may create and edit users of the company.
    pub(crate) fn edits_users(&self, company: &Company) -> bool {
        self.is_admin(company)
            || self.template(company).is_some_and(|template| template.allows(DIRECTORY, EDITS))
    }

    /// Returns whether the caller may add people to a project and edit them there.
    pub(crate) fn edits_users_on(&self, company: &Company, project: u64) -> bool {
        let template = self.template_on(company, project);
        self.level_on(company, project, DIRECTORY) == Level::Admin
            || template.is_some_and(|template| template.allows(DIRECTORY, EDITS))
    }

    /// Returns whether the caller may give a template to somebody, on a project or as what new projects begin with.
    pub(crate) fn may_assign(&self, company: &Company, project: Option<u64>, template: u64) -> bool {
        let own = match project {
            Some(project) if self.level_on(company, project, DIRECTORY) == Level::Admin => return true,
            Some(project) => self.template_on(company, project),
            None => self.template(company),
        };
        self.is_admin(company)
            || own.is_some_and(|own| own.allows(DIRECTORY, EDITS) && own.assignable.contains(&template))
    }

    fn template<'a>(&self, company: &'a Company) -> Option<&'a Template> {
        company.template(company.user(self.user)?.company_template?)
    }

    fn template_on<'a>(&self, company: &'a Company, project: u64) -> Option<&'a Template> {
        company.template(company.membership(self.user, project)?.template?)
    }
}
