//! Rights: what Procore has to permit the service account for the functions that policies are granted.
//!
//! Powers are looked up in the manifest of the account's own tools and levels; nothing is tried that would change
//! anything. What the manifest can't say, such as which templates may be given, shows when a plan is carried out.

use std::collections::BTreeSet;
use std::fmt;

use muster_core::directory::{AccessLevel, Activity, HeldAs, ItemKind};
use muster_core::function::Function;
use muster_core::id::{ContactId, ProjectId, UserId, VendorId};
use muster_core::read::Read;
use muster_procore::Error;

use crate::app::App;

/// What a power needs: a level on a tool, or a single action of it below the level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Need {
    place: Place,
    tool: &'static str,
    level: AccessLevel,
    action: Option<&'static str>,
}

/// The permission that lets somebody who is no admin of a directory make and change people in it
/// (support.procore.com, grant granular permissions).
const EDITS: Option<&str> = Some("Create and Edit Users");

/// Where a tool is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Company,
    /// Each project that is acted in; looked up in one of them.
    Project,
}

/// A granted function that Procore does not permit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lacking {
    pub(crate) function: Function,
    need: Need,
}

impl fmt::Display for Lacking {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Need { place, tool, level, action } = self.need;
        let level = match level {
            AccessLevel::None | AccessLevel::ReadOnly => "read-only",
            AccessLevel::Standard => "standard",
            AccessLevel::Admin => "admin",
        };
        let place = match place {
            Place::Company => "the company",
            Place::Project => "projects",
        };
        let action = action.map(|action| format!(", or the permission {action:?}")).unwrap_or_default();
        write!(
            formatter,
            "{} (it needs the level {level} on the tool {tool} of {place}{action})",
            self.function
        )
    }
}

/// Returns what a power needs at least; nothing for what changes nothing.
///
/// Levels as Procore's support pages name them for the same change made by hand; addresses and permission templates need
/// a Directory admin (developers.procore.com, update company user).
fn needs(function: Function) -> Vec<Need> {
    use AccessLevel::{Admin, Standard};
    let (place, tool, level, action) = match function {
        Function::UserStepsSetCompanyTemplate
        | Function::UserStepsSetDefaultTemplate
        | Function::IdentityStepsChangeEmail
        | Function::ErasureDeleteUser
        | Function::VendorStepsReactivate => (Place::Company, "directory", Admin, None),
        Function::UserStepsCreate
        | Function::UserStepsUpdateProfile
        | Function::UserStepsDeactivate
        | Function::UserStepsReactivate
        | Function::UserStepsInvite
        | Function::ContactStepsDeactivate
        | Function::ContactStepsReactivate => (Place::Company, "directory", Admin, EDITS),
        Function::MembershipStepsAdd
        | Function::MembershipStepsRemove
        | Function::MembershipStepsSetTemplate
        | Function::MembershipStepsAddContact
        | Function::MembershipStepsRemoveContact
        | Function::GroupStepsLeave => (Place::Project, "directory", Admin, EDITS),
        Function::ItemStepsReassign | Function::ItemStepsAdd => return of_items(Admin),
        Function::ItemStepsClose => return of_items(Standard),
        _ => return Vec::new(),
    };
    vec![Need { place, tool, level, action }]
}

/// The tools of items as the manifest of rights names them. What it does not name nothing is said of.
const ITEM_TOOLS: [&str; 10] = [
    "rfi",
    "submittals",
    "punch_list",
    "observations",
    "task_items",
    "coordination_issues",
    "meetings",
    "checklists",
    "correspondence",
    "action_plans",
];

fn of_items(level: AccessLevel) -> Vec<Need> {
    ITEM_TOOLS.map(|tool| Need { place: Place::Project, tool, level, action: None }).to_vec()
}

/// Returns the read that tells whether a function that reads is permitted, about the account itself and one project; `None`
/// where there is nothing to ask about.
pub(crate) fn probe(function: Function, me: UserId, project: Option<ProjectId>) -> Option<Read> {
    Some(match function {
        Function::UsersShow | Function::UsersFindByEmail => Read::User { user: me },
        Function::UsersProfile => Read::Profile { user: me },
        Function::UsersInvitation => Read::Invitation { user: me },
        Function::UsersList => Read::ActiveUserCount,
        Function::ContactsList | Function::ContactsShow | Function::ContactsDetails => {
            Read::Contact { contact: ContactId::new(0) }
        }
        Function::ContactsOfProject => Read::ContactsOfProject { project: project? },
        Function::VendorsList => Read::Vendors { which: Activity::Active },
        Function::VendorsShow => Read::Vendor { vendor: VendorId::new(0) },
        Function::GroupsOfProject | Function::GroupsOfUser => Read::GroupsOfProject { project: project? },
        Function::MembershipsOfUser => Read::Memberships { user: me },
        Function::MembershipsOfProject | Function::MembershipsShow => Read::Members { project: project? },
        Function::ProjectsActive => Read::ActiveProjects,
        Function::ProjectsShow => Read::Project { project: project? },
        Function::TemplatesForCompany => Read::CompanyTemplates,
        Function::TemplatesForProjects => Read::ProjectTemplates,
        Function::TemplatesForAnyProject => Read::GlobalTemplates,
        Function::TemplatesAssignable => Read::AssignableTemplates { project: project? },
        Function::ItemsHeldBy
        | Function::ItemsOfProject
        | Function::ItemsShow
        | Function::ItemsCandidates => {
            let (kind, held_as) = (ItemKind::Rfi, HeldAs::Assignee);
            Read::Candidates { project: project?, kind, pool: None, held_as }
        }
        Function::ProjectsRoles => Read::RolesOfProject { project: project? },
        _ => return None,
    })
}

/// Returns which of the granted powers Procore does not permit the service account, as far as its own manifest tells.
/// `project`: where to look for the tools of projects; without one they are not looked at.
pub(crate) async fn lacking(app: &App, project: Option<ProjectId>) -> Result<Vec<Lacking>, Error> {
    let granted: BTreeSet<Function> =
        app.config.policies.iter().flat_map(|binding| binding.grant.allow.iter()).collect();
    let needs: Vec<_> = granted
        .into_iter()
        .flat_map(|function| needs(function).into_iter().map(move |need| (function, need)))
        .collect();
    let reads = app.connection.reads();
    let needed = |place| needs.iter().any(|(_, need)| need.place == place);
    let company = if needed(Place::Company) { Some(reads.company_rights().await?) } else { None };
    let project = match project.filter(|_| needed(Place::Project)) {
        Some(project) => Some(reads.project_rights(project).await?),
        None => None,
    };
    let lacks = |(function, need): (Function, Need)| {
        let rights = match need.place {
            Place::Company => company.as_ref(),
            Place::Project => project.as_ref(),
        };
        let rights = rights?;
        // A tool that the manifest does not name may have another name there: nothing is said of it.
        rights.tools().find(|(tool, _)| *tool == need.tool)?;
        let permitted = rights.level(need.tool) >= need.level
            || need.action.is_some_and(|action| rights.permits(need.tool, action));
        (!permitted).then_some(Lacking { function, need })
    };
    Ok(needs.into_iter().filter_map(lacks).collect())
}
