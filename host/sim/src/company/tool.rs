//! The tools of a project: each is on or off there, and whoever is given an item of a tool must be able to work in it.
//!
//! What Procore's own name of a tool is (`engine_name` of `RestV10ProjectsProjectIdToolsGet`) its reference does not say; the
//! names here are the words of its paths. They are the names of tools in permission templates too.

use serde::{Deserialize, Serialize};

use super::{Company, Invalid, Level, Template, User};

/// A tool of a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tool {
    /// The first page.
    Home,
    /// The settings of the project.
    Admin,
    /// Who is on the project; its distribution groups too.
    Directory,
    /// Files.
    Documents,
    /// Drawings.
    Drawings,
    /// Questions.
    Rfi,
    /// What is submitted for approval.
    Submittals,
    /// What is left to be done at the end.
    PunchList,
    /// What somebody has seen on site.
    Observations,
    /// Things to do.
    TaskItems,
    /// What collides in the models.
    CoordinationIssues,
    /// Meetings and their topics.
    Meetings,
    /// Inspections, which paths call checklists.
    Checklists,
    /// Correspondence and custom tools, which paths call generic tools.
    Correspondence,
    /// Plans with items that people sign.
    ActionPlans,
    /// What happened on site.
    DailyLog,
}

impl Tool {
    /// Every tool, in the order of a project's menu.
    pub const ALL: [Self; 16] = [
        Self::Home,
        Self::Admin,
        Self::Directory,
        Self::Documents,
        Self::Drawings,
        Self::Rfi,
        Self::Submittals,
        Self::PunchList,
        Self::Observations,
        Self::TaskItems,
        Self::CoordinationIssues,
        Self::Meetings,
        Self::Checklists,
        Self::Correspondence,
        Self::ActionPlans,
        Self::DailyLog,
    ];

    /// Returns the name of its engine, which is its name in permission templates too.
    pub const fn engine(self) -> &'static str {
        self.names().0
    }

    /// Returns the title, as people read it.
    pub const fn title(self) -> &'static str {
        self.names().1
    }

    /// Returns whether it can't be switched off: `RestV10ProjectsProjectIdToolsPatch` names these two and one that is
    /// not here.
    pub const fn is_required(self) -> bool {
        matches!(self, Self::Home | Self::Admin)
    }

    const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Home => ("home", "Home"),
            Self::Admin => ("admin", "Admin"),
            Self::Directory => ("directory", "Directory"),
            Self::Documents => ("documents", "Documents"),
            Self::Drawings => ("drawings", "Drawings"),
            Self::Rfi => ("rfi", "RFIs"),
            Self::Submittals => ("submittals", "Submittals"),
            Self::PunchList => ("punch_list", "Punch List"),
            Self::Observations => ("observations", "Observations"),
            Self::TaskItems => ("task_items", "Tasks"),
            Self::CoordinationIssues => ("coordination_issues", "Coordination Issues"),
            Self::Meetings => ("meetings", "Meetings"),
            Self::Checklists => ("checklists", "Inspections"),
            Self::Correspondence => ("correspondence", "Correspondence"),
            Self::ActionPlans => ("action_plans", "Action Plans"),
            Self::DailyLog => ("daily_log", "Daily Log"),
        }
    }
}

impl Template {
    /// Returns whether whoever has this template may be given items of a tool in a place that needs a level there.
    pub fn takes(&self, tool: Tool, level: Level) -> bool {
        self.level(tool.engine()) >= level
    }
}

impl Company {
    /// Switches a tool of a project on or off. Every tool of a new project is on.
    pub fn set_tool(&mut self, project: u64, tool: Tool, on: bool) -> Result<(), Invalid> {
        if !self.projects.contains_key(&project) {
            return Err(Invalid::unknown("project_id", project));
        }
        if on {
            self.tools_off.remove(&(project, tool));
        } else if tool.is_required() {
            return Err(Invalid::new("tools", format!("{} can't be switched off", tool.engine())));
        } else {
            self.tools_off.insert((project, tool));
        }
        Ok(())
    }

    /// Returns whether a tool is on in a project.
    pub fn has_tool(&self, project: u64, tool: Tool) -> bool {
        !self.tools_off.contains(&(project, tool))
    }

    /// Returns whether a user may be newly given an item of a tool in a project: an active login, a membership, and a
    /// template there that gives at least `level` in the tool. Most places need [`Level::Standard`], those of managers
    /// [`Level::Admin`].
    pub fn may_hold(&self, user: u64, project: u64, tool: Tool, level: Level) -> bool {
        let template = self.membership(user, project).and_then(|membership| membership.template);
        self.user(user).is_some_and(|user| user.active)
            && template.and_then(|id| self.template(id)).is_some_and(|template| template.takes(tool, level))
    }

    /// Returns those of whom [`Company::may_hold`] is true, in the order of their ids.
    pub fn candidates(&self, project: u64, tool: Tool, level: Level) -> impl Iterator<Item = &User> {
        self.active_members(project)
            .filter(move |(_, membership)| {
                let template = membership.template.and_then(|id| self.template(id));
                template.is_some_and(|template| template.takes(tool, level))
            })
            .map(|(user, _)| user)
    }

    /// Checks that of `new`, those who are not among `before` may hold an item of a tool. Whoever holds it already may
    /// stay, even without a login.
    pub(crate) fn check_holders(
        &self,
        field: &'static str,
        (project, tool, level): (u64, Tool, Level),
        new: &[u64],
        before: &[u64],
    ) -> Result<(), Invalid> {
        let mut new = new.iter().filter(|id| !before.contains(id));
        match new.find(|id| !self.may_hold(**id, project, tool, level)) {
            Some(id) => Err(Invalid::new(field, format!("{id} can't be given items of {}", tool.title()))),
            None => Ok(()),
        }
    }

    /// Checks that nobody inactive among `before` is missing from `new`: what the switch `inactive_items_move` forbids.
    pub(crate) fn check_none_leaves(
        &self,
        field: &'static str,
        new: &[u64],
        before: &[u64],
    ) -> Result<(), Invalid> {
        let inactive = |id: &u64| self.user(*id).is_some_and(|user| !user.active);
        match before.iter().find(|id| !new.contains(id) && inactive(id)) {
            Some(id) => Err(Invalid::new(field, format!("{id} is inactive and can't be replaced"))),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::company::{NewMembership, NewProject, NewUser};

    #[test]
    fn every_tool_is_named_as_it_is_written() {
        for tool in Tool::ALL {
            assert_eq!(serde_json::to_value(tool).unwrap(), tool.engine());
        }
        let names: BTreeSet<_> = Tool::ALL.map(Tool::engine).into();
        assert_eq!(names.len(), Tool::ALL.len());
    }

    #[test]
    fn a_tool_is_on_until_it_is_switched_off_and_some_can_not_be() {
        let mut company = Company::new("Northgate");
        let [one, other] = ["A", "B"].map(|name| company.add_project(NewProject::named(name)));
        company.set_tool(one, Tool::Rfi, false).unwrap();
        assert!(!company.has_tool(one, Tool::Rfi) && company.has_tool(other, Tool::Rfi));
        company.set_tool(one, Tool::Rfi, true).unwrap();
        assert!(company.has_tool(one, Tool::Rfi));
        assert_eq!(company.set_tool(one, Tool::Home, false).unwrap_err().field, "tools");
        assert_eq!(company.set_tool(1, Tool::Rfi, false).unwrap_err().field, "project_id");
    }

    #[test]
    fn who_may_hold_has_a_login_a_membership_and_the_level() {
        let mut company = Company::new("Northgate");
        let project = company.add_project(NewProject::named("A"));
        let user = company.add_user(NewUser::named("Leo", "Cruz")).unwrap();
        let may = |company: &Company, level| company.may_hold(user, project, Tool::PunchList, level);
        assert!(!may(&company, Level::Standard), "not on the project");
        let template = company.template_by_name("Subcontractor").unwrap().id;
        company.add_membership(NewMembership::new(user, project).with_template(template)).unwrap();
        assert!(may(&company, Level::Standard) && !may(&company, Level::Admin));
        assert_eq!(company.candidates(project, Tool::PunchList, Level::Standard).count(), 1);
        company.set_active(user, false).unwrap();
        assert!(!may(&company, Level::Standard), "no login");
        assert_eq!(company.candidates(project, Tool::PunchList, Level::Standard).count(), 0);
    }
}
