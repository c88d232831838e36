//! The users that service accounts act as. They stand in the directory like everybody else.

use std::collections::BTreeMap;

use super::template::{Category, Level, TemplateKind};
use super::{Company, Invalid, NewMembership, NewUser};
use crate::account::{Permitted, Role};

/// The template of who creates and edits users and is no admin.
const EDITORS: &str = "User Editor";

impl Company {
    /// Adds the user of a service account, or takes the one that a restored company has already.
    pub(crate) fn add_service_user(&mut self, name: &str, role: Role) -> Result<u64, Invalid> {
        let template = match role {
            Role::DirectoryAdmin => self.template_by_name("Integration").map(|template| template.id),
            Role::UserEditor => Some(self.template_for_editors()),
            Role::ReadOnly => self.template_by_name("Field Staff").map(|template| template.id),
        };
        let domain = self.vendor(self.own_vendor).map_or("nowhere.example", |vendor| &vendor.domain);
        let email = format!("muster-{name}@{domain}");
        if let Some(user) = self.user_by_email(&email) {
            return Ok(user.id);
        }
        let (last_name, email) = (format!("Muster Service Account {name}"), Some(email));
        let id =
            self.add_user(NewUser { last_name, email, company_template: template, ..NewUser::default() })?;
        let mut user = self.user(id).ok_or_else(|| Invalid::unknown("id", id))?.clone();
        (user.employee, user.employee_id) = (false, None);
        self.put_user(user)?;
        Ok(id)
    }

    /// Makes the user of a service account a member of these projects and of no other. An admin needs no membership.
    pub(crate) fn put_service_user_on(
        &mut self,
        user: u64,
        role: Role,
        projects: &Permitted,
    ) -> Result<(), Invalid> {
        let template = match role {
            Role::DirectoryAdmin => return Ok(()),
            Role::UserEditor => "Project Engineer",
            Role::ReadOnly => "Read Only",
        };
        let template = self.template_by_name(template).map(|template| template.id);
        let all: Vec<u64> = self.projects().map(|project| project.id).collect();
        for project in all {
            if !projects.holds(project) {
                self.remove_membership(user, project);
            } else if self.membership(user, project).is_none() {
                self.add_membership(NewMembership { template, ..NewMembership::new(user, project) })?;
            }
        }
        Ok(())
    }

    /// Returns the template for editors of users, which is made when it is asked for.
    fn template_for_editors(&mut self) -> u64 {
        if let Some(found) = self.template_by_name(EDITORS) {
            return found.id;
        }
        // What members of projects may give to others, these may too.
        let assignable = self.template_by_name("Project Engineer").map(|found| found.assignable.clone());
        let levels = [("directory", Level::ReadOnly)];
        let id = self.add_template(EDITORS, TemplateKind::CompanyTools, Category::Internal, &levels);
        if let Some(template) = self.templates.get_mut(&id) {
            let edits = BTreeMap::from([("create_and_edit_users".to_owned(), true)]);
            template.actions.insert("directory".to_owned(), edits);
            template.assignable = assignable.unwrap_or_default();
        }
        id
    }
}
