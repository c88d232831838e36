//! Who is on which project, with which template and in which roles.
//!
//! A membership says nothing of whether the login works: deactivating a user keeps all memberships, and only a removal
//! ends one.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ids::Space;
use super::{Company, Invalid, User};

/// A user on a project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    /// The id of the membership itself.
    pub id: u64,
    /// The user.
    pub user: u64,
    /// The project.
    pub project: u64,
    /// The permission template on this project.
    pub template: Option<u64>,
    /// The names of the roles on this project.
    pub roles: Vec<String>,
    /// Whether the membership comes from Procore's Groups, which alone may end it.
    pub managed: bool,
    /// When the user was added.
    pub created_at: Timestamp,
}

/// What is needed to put a user on a project.
#[derive(Debug, Clone)]
pub struct NewMembership {
    /// The user.
    pub user: u64,
    /// The project.
    pub project: u64,
    /// The permission template; the user's default one when it is missing.
    pub template: Option<u64>,
    /// The names of the roles.
    pub roles: Vec<String>,
}

impl NewMembership {
    /// Returns a membership with the user's default template and no role.
    pub fn new(user: u64, project: u64) -> Self {
        Self { user, project, template: None, roles: Vec::new() }
    }

    /// Returns the same with a template.
    pub fn with_template(mut self, template: u64) -> Self {
        self.template = Some(template);
        self
    }

    /// Returns the same with one role more.
    pub fn with_role(mut self, role: &str) -> Self {
        self.roles.push(role.to_owned());
        self
    }
}

impl Company {
    /// Puts a user on a project and returns the id of the membership.
    pub fn add_membership(&mut self, new: NewMembership) -> Result<u64, Invalid> {
        let NewMembership { user, project, template, roles } = new;
        let member = self.user(user).ok_or_else(|| Invalid::unknown("user_id", user))?;
        let template = template.or(member.default_template);
        if !self.projects.contains_key(&project) {
            return Err(Invalid::unknown("project_id", project));
        }
        self.check_template(template, project)?;
        if self.memberships.contains_key(&(project, user)) {
            return Err(Invalid::new("user_id", format!("{user} is already on this project")));
        }
        let id = self.ids.next(Space::Membership);
        let membership =
            Membership { id, user, project, template, roles, managed: false, created_at: self.now };
        self.memberships.insert((project, user), membership);
        self.projects_by_user.insert((user, project));
        self.touch_member(user);
        Ok(id)
    }

    /// Gives a member of a project another template there.
    pub fn set_template(&mut self, user: u64, project: u64, template: u64) -> Result<(), Invalid> {
        self.check_template(Some(template), project)?;
        let membership = self.memberships.get_mut(&(project, user));
        membership.ok_or_else(|| Invalid::unknown("user_id", user))?.template = Some(template);
        self.unsettle(user);
        Ok(())
    }

    /// Says that a membership comes from Procore's Groups, or that it does not. Without the membership nothing happens.
    pub fn set_managed(&mut self, user: u64, project: u64, managed: bool) {
        if let Some(membership) = self.memberships.get_mut(&(project, user)) {
            membership.managed = managed;
        }
    }

    /// Takes a user off a project and returns the membership that was. Items stay with the user.
    pub fn remove_membership(&mut self, user: u64, project: u64) -> Option<Membership> {
        self.projects_by_user.remove(&(user, project));
        let was = self.memberships.remove(&(project, user))?;
        self.unsettle(user);
        self.touch_member(user);
        Some(was)
    }

    /// Returns a user's membership of a project.
    pub fn membership(&self, user: u64, project: u64) -> Option<&Membership> {
        self.memberships.get(&(project, user))
    }

    /// Returns all memberships, by project and then by user.
    pub fn memberships(&self) -> impl Iterator<Item = &Membership> {
        self.memberships.values()
    }

    /// Returns the memberships of a project, of inactive users too.
    pub fn members(&self, project: u64) -> impl Iterator<Item = &Membership> {
        self.memberships.range((project, 0)..=(project, u64::MAX)).map(|(_, membership)| membership)
    }

    /// Returns the ids of the projects that a user is on.
    pub fn projects_of(&self, user: u64) -> impl Iterator<Item = u64> {
        self.projects_by_user.range((user, 0)..=(user, u64::MAX)).map(|(_, project)| *project)
    }

    fn touch_member(&mut self, user: u64) {
        if let Some(user) = self.users.get_mut(&user).filter(|_| self.memberships_touch_users) {
            user.updated_at = self.now;
        }
    }

    fn check_template(&self, template: Option<u64>, project: u64) -> Result<(), Invalid> {
        match template.filter(|id| self.project_template(*id, project).is_none()) {
            Some(id) => {
                Err(Invalid::new("permission_template_id", format!("{id} can't be used on this project")))
            }
            None => Ok(()),
        }
    }

    /// Returns the active members of a project with their memberships.
    pub(crate) fn active_members(&self, project: u64) -> impl Iterator<Item = (&User, &Membership)> {
        self.members(project)
            .filter_map(|membership| Some((self.user(membership.user)?, membership)))
            .filter(|(user, _)| user.active)
    }
}
