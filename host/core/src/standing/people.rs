//! Where steps on people, memberships, vendors and groups stand.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::Standing;
use crate::action::Action;
use crate::directory::{NewUser, ProfileField, User};
use crate::facts::Facts;
use crate::id::{ContactId, Email, GroupId, ProjectId, TemplateId, UserId};
use crate::plan::Before;

pub(super) fn standing(action: &Action, before: &Before, live: &Facts) -> Standing {
    let standing =
        match action {
            Action::CreateUser { user } => created(live, user),
            Action::UpdateProfile { user, fields } => profile(live, *user, fields, before),
            Action::ChangeEmail { user, email } => {
                live.user(*user).map(|now| address(now.email.as_ref(), email, before))
            }
            Action::Deactivate { user } => {
                live.user(*user).map(|now| activity(now.active, false, before, "has been reactivated"))
            }
            Action::Reactivate { user } => {
                live.user(*user).map(|now| activity(now.active, true, before, "has been deactivated"))
            }
            Action::DeleteUser { user } => deleted(live, *user),
            Action::Invite { user } => user.known().and_then(|user| invited(live, user, before)),
            Action::SetCompanyTemplate { user, template } => {
                user.known().and_then(|user| given(live, user, |now| now.company_template, *template, before))
            }
            Action::SetDefaultTemplate { user, template } => {
                user.known().and_then(|user| given(live, user, |now| now.default_template, *template, before))
            }
            Action::AddMembership { user, project, template } => {
                user.known().and_then(|user| added(live, user, *project, *template))
            }
            Action::SetMembershipTemplate { user, project, template } => {
                set(live, *user, *project, *template, before)
            }
            Action::RemoveMembership { user, project } => removed(live, *user, *project, before),
            Action::AddContact { contact, project } => on(live, *contact, *project)
                .map(|on| if on { Standing::AsWanted } else { Standing::AsBefore }),
            Action::RemoveContact { contact, project } => on(live, *contact, *project)
                .map(|on| if on { Standing::AsBefore } else { Standing::AsWanted }),
            Action::DeactivateContact { contact } => {
                live.contact(*contact).map(|now| activity(now.active, false, before, "has been reactivated"))
            }
            Action::ReactivateContact { contact } => {
                live.contact(*contact).map(|now| activity(now.active, true, before, "has been deactivated"))
            }
            Action::ReactivateVendor { vendor } => {
                live.vendor(*vendor).map(|now| activity(now.active, true, before, "has been deactivated"))
            }
            Action::LeaveGroup { user, project, group } => left(live, *user, *project, *group, before),
            Action::Reassign { .. } | Action::AddHolder { .. } | Action::CloseItem { .. } => None,
        };
    standing.unwrap_or(Standing::Unseen)
}

fn otherwise(how: impl Into<String>) -> Standing {
    Standing::Otherwise(how.into())
}

fn created(live: &Facts, new: &NewUser) -> Option<Standing> {
    Some(match live.users_by_email(&new.email)? {
        [] => Standing::AsBefore,
        [user] if !user.active => otherwise("is the address of somebody without a login"),
        [user] => match differing(user, new) {
            None => Standing::AsWanted,
            Some(field) => otherwise(format!("is the address of a user with another {field}")),
        },
        _ => otherwise("is the address of several people"),
    })
}

/// Returns what a user has otherwise than was wanted, as far as the directory shows it with the address.
fn differing(user: &User, new: &NewUser) -> Option<&'static str> {
    let differs = |wanted: &Option<String>, now: &Option<String>| wanted.is_some() && wanted != now;
    let vendor = user.vendor.as_ref().map(|vendor| vendor.id);
    [
        (differs(&new.job_title, &user.job_title), "job title"),
        (differs(&new.employee_id, &user.employee_id), "employee id"),
        (new.vendor.is_some() && new.vendor != vendor, "vendor"),
        (new.employee != user.employee, "employee flag"),
    ]
    .into_iter()
    .find_map(|(differs, field)| differs.then_some(field))
}

fn profile(
    live: &Facts,
    user: UserId,
    wanted: &BTreeMap<ProfileField, String>,
    before: &Before,
) -> Option<Standing> {
    let now = live.profile(user)?;
    let Before::Profile { fields: before } = before else { return None };
    let text =
        |fields: &BTreeMap<ProfileField, String>, field| fields.get(field).cloned().unwrap_or_default();
    let differing = wanted.iter().find(|(field, wanted)| text(&now.fields, field) != **wanted);
    Some(match differing {
        None => Standing::AsWanted,
        _ if wanted.keys().all(|field| text(&now.fields, field) == text(before, field)) => Standing::AsBefore,
        Some((field, _)) => otherwise(format!("has the {} {:?}", field.words(), text(&now.fields, field))),
    })
}

fn address(now: Option<&Email>, wanted: &Email, before: &Before) -> Standing {
    match before {
        // Letter by letter: the same address in another spelling is a change that somebody may want.
        _ if now.map(Email::as_str) == Some(wanted.as_str()) => Standing::AsWanted,
        Before::User { email, .. } if now == email.as_ref() => Standing::AsBefore,
        _ => otherwise("has another address"),
    }
}

/// Something that is in use or not, and was so or not when the plan was made.
fn activity(now: bool, wanted: bool, before: &Before, changed: &str) -> Standing {
    match before {
        _ if now == wanted => Standing::AsWanted,
        Before::User { active, .. } | Before::Entry { active, .. } if *active == now => Standing::AsBefore,
        _ => otherwise(changed),
    }
}

/// Who is missing from a list with other people in it is gone.
fn deleted(live: &Facts, user: UserId) -> Option<Standing> {
    let users = live.all_users().filter(|users| !users.is_empty())?;
    let there = users.iter().any(|row| row.id == user);
    Some(if there { Standing::AsBefore } else { Standing::AsWanted })
}

fn invited(live: &Facts, user: UserId, before: &Before) -> Option<Standing> {
    let now: Option<Timestamp> = live.invitation(user)?.sent_at;
    let then = if let Before::Invitation { sent_at } = before { *sent_at } else { None };
    Some(if now > then { Standing::AsWanted } else { Standing::AsBefore })
}

fn given(
    live: &Facts,
    user: UserId,
    of: fn(&User) -> Option<TemplateId>,
    wanted: TemplateId,
    before: &Before,
) -> Option<Standing> {
    let now = of(live.user(user)?);
    Some(match before {
        _ if now == Some(wanted) => Standing::AsWanted,
        Before::Template { template } if now == *template => Standing::AsBefore,
        Before::ToBeCreated {} => Standing::AsBefore,
        _ => otherwise("has been given another permission template"),
    })
}

fn added(live: &Facts, user: UserId, project: ProjectId, wanted: Option<TemplateId>) -> Option<Standing> {
    Some(match live.member(user, project)? {
        None => Standing::AsBefore,
        Some(now) if wanted.is_none() || now.template.as_ref().map(|row| row.id) == wanted => {
            Standing::AsWanted
        }
        Some(now) => {
            let name = now.template.as_ref().map_or("none", |row| row.name.as_str());
            otherwise(format!("is on the project with the template {name:?}"))
        }
    })
}

fn set(
    live: &Facts,
    user: UserId,
    project: ProjectId,
    wanted: TemplateId,
    before: &Before,
) -> Option<Standing> {
    let Some(now) = live.member(user, project)? else { return Some(otherwise("is not on the project")) };
    let id = now.template.as_ref().map(|row| row.id);
    Some(match before {
        _ if id == Some(wanted) => Standing::AsWanted,
        Before::Member { template } if template.as_ref().map(|row| row.id) == id => Standing::AsBefore,
        _ => otherwise("has been given another permission template there"),
    })
}

fn removed(live: &Facts, user: UserId, project: ProjectId, before: &Before) -> Option<Standing> {
    live.memberships(user)?;
    Some(match (live.membership(user, project), before) {
        (None, _) => Standing::AsWanted,
        (Some(now), Before::Membership { template_name, roles })
            if now.template_name == *template_name && now.roles == *roles =>
        {
            Standing::AsBefore
        }
        (Some(now), _) => otherwise(format!(
            "is on the project with the template {:?} and the roles {:?}",
            now.template_name.as_deref().unwrap_or("none"),
            now.roles
        )),
    })
}

fn on(live: &Facts, contact: ContactId, project: ProjectId) -> Option<bool> {
    Some(live.contacts_of_project(project)?.iter().any(|row| row.id == contact))
}

fn left(live: &Facts, user: UserId, project: ProjectId, group: GroupId, before: &Before) -> Option<Standing> {
    let member = live.group(project, group)?.members.iter().any(|member| member.id == user);
    Some(match before {
        _ if !member => Standing::AsWanted,
        Before::Group { member: true, .. } => Standing::AsBefore,
        _ => otherwise("has been taken into the group"),
    })
}
