//! Between the types that wasmtime generates and those of the core: what goes to a guest here, what comes from one in
//! `convert/guest.rs`.

mod guest;
mod item;

pub(crate) use self::guest::*;
pub(crate) use self::item::{candidate, item, unseen};
use muster_core::directory as core;
use muster_core::event;
use muster_core::id::{ProjectId, UserId};

use crate::bindings::muster::policy::{
    contacts, events, groups, memberships, projects, templates, types, users, vendors,
};

pub(crate) fn user_id(id: UserId) -> types::UserId {
    types::UserId { value: id.get() }
}

pub(crate) fn project_id(id: ProjectId) -> types::ProjectId {
    types::ProjectId { value: id.get() }
}

pub(crate) fn timestamp(at: jiff::Timestamp) -> types::Timestamp {
    types::Timestamp { milliseconds: at.as_millisecond() }
}

fn effective(effective: &event::Effective) -> events::Effective {
    events::Effective { at: timestamp(effective.at), zone: effective.zone.clone() }
}

pub(crate) fn event(event: &event::Event) -> events::Event {
    let cause = match event.cause {
        event::Cause::Webhook => events::Cause::Webhook,
        event::Cause::Sync => events::Cause::Sync,
        event::Cause::Schedule => events::Cause::Schedule,
        event::Cause::Feed => events::Cause::Feed,
        event::Cause::Http => events::Cause::Http,
        event::Cause::Timer => events::Cause::Timer,
        event::Cause::Hand => events::Cause::Hand,
    };
    let occurred_at = timestamp(event.occurred_at);
    events::Event { id: event.id.to_string(), occurred_at, cause, kind: kind(&event.kind) }
}

fn kind(kind: &event::Kind) -> events::Kind {
    use event::Kind;
    match kind.clone() {
        Kind::Joined { user, email, employee_id, first_name, last_name, job_title, effective: at } => {
            events::Kind::Joined(events::Joined {
                user: user.map(user_id),
                email: email.map(|email| email.to_string()),
                employee_id,
                first_name,
                last_name,
                job_title,
                effective: effective(&at),
            })
        }
        Kind::Changed { user, changes, effective: at } => events::Kind::Changed(events::Changed {
            user: user_id(user),
            changes: changes
                .into_iter()
                .map(|event::Change { field, old, new }| events::Change { field, old, new })
                .collect(),
            effective: effective(&at),
        }),
        Kind::Departed { user, urgency, effective: at } => events::Kind::Departed(events::Departed {
            user: user_id(user),
            urgency: match urgency {
                event::Urgency::Immediate => events::Urgency::Immediate,
                event::Urgency::Planned => events::Urgency::Planned,
            },
            effective: effective(&at),
        }),
        Kind::Returned { user, effective: at } => {
            events::Kind::Returned(events::Returned { user: user_id(user), effective: effective(&at) })
        }
        Kind::InvitedLate { user, invited_at, days } => events::Kind::InvitedLate(events::InvitedLate {
            user: user_id(user),
            invited_at: timestamp(invited_at),
            days,
        }),
        Kind::VendorEnded { vendor, effective: at } => events::Kind::VendorEnded(events::VendorEnded {
            vendor: types::VendorId { value: vendor.get() },
            effective: effective(&at),
        }),
        Kind::ProjectClosed { project, effective: at } => {
            events::Kind::ProjectClosed(events::ProjectClosed {
                project: types::ProjectId { value: project.get() },
                effective: effective(&at),
            })
        }
        Kind::ContactDeparted { contact, effective: at } => {
            events::Kind::ContactDeparted(events::ContactEvent {
                contact: types::ContactId { value: contact.get() },
                effective: effective(&at),
            })
        }
        Kind::ContactReturned { contact, effective: at } => {
            events::Kind::ContactReturned(events::ContactEvent {
                contact: types::ContactId { value: contact.get() },
                effective: effective(&at),
            })
        }
        Kind::Scheduled { schedule, planned_for, user } => events::Kind::Scheduled(events::Scheduled {
            schedule,
            planned_for: effective(&planned_for),
            user: user.map(user_id),
        }),
        Kind::Due { timer, planned_for, user, note } => events::Kind::Due(events::Due {
            timer,
            planned_for: effective(&planned_for),
            user: user.map(user_id),
            note,
        }),
        Kind::Custom { name, user, data } => {
            events::Kind::Custom(events::Custom { name, user: user.map(user_id), data })
        }
    }
}

pub(crate) fn user(user: core::User) -> users::User {
    users::User {
        id: user_id(user.id),
        name: user.name,
        email: user.email.map(|email| email.to_string()),
        job_title: user.job_title,
        active: user.active,
        employee: user.employee,
        employee_id: user.employee_id,
        vendor: user.vendor.map(|vendor| users::Vendor {
            id: types::VendorId { value: vendor.id.get() },
            name: vendor.name,
        }),
        company_template: user.company_template.map(|id| types::TemplateId { value: id.get() }),
        default_template: user.default_template.map(|id| types::TemplateId { value: id.get() }),
    }
}

pub(crate) fn invitation(invitation: &core::Invitation) -> users::Invited {
    users::Invited {
        sent_at: invitation.sent_at.map(timestamp),
        last_login_at: invitation.last_login_at.map(timestamp),
    }
}

pub(crate) fn fields(profile: core::Profile) -> Vec<types::Field> {
    let field = |(name, value)| types::Field { name: profile_field(name), value };
    profile.fields.into_iter().map(field).collect()
}

fn profile_field(field: core::ProfileField) -> types::ProfileField {
    use core::ProfileField as From;
    use types::ProfileField as To;
    match field {
        From::FirstName => To::FirstName,
        From::LastName => To::LastName,
        From::JobTitle => To::JobTitle,
        From::EmployeeId => To::EmployeeId,
        From::Initials => To::Initials,
        From::Address => To::Address,
        From::City => To::City,
        From::StateCode => To::StateCode,
        From::CountryCode => To::CountryCode,
        From::Zip => To::Zip,
        From::BusinessPhone => To::BusinessPhone,
        From::MobilePhone => To::MobilePhone,
    }
}

pub(crate) fn contact(contact: core::Contact) -> contacts::Contact {
    contacts::Contact {
        id: types::ContactId { value: contact.id.get() },
        name: contact.name,
        active: contact.active,
        employee: contact.employee,
        employee_id: contact.employee_id,
    }
}

pub(crate) fn contact_details(details: core::ContactDetails) -> contacts::ContactDetails {
    contacts::ContactDetails {
        email: details.email.map(|email| email.to_string()),
        fields: fields(details.profile),
    }
}

pub(crate) fn vendor(vendor: core::Vendor) -> vendors::Vendor {
    vendors::Vendor {
        id: types::VendorId { value: vendor.id.get() },
        name: vendor.name,
        active: vendor.active,
        primary_contact: vendor.primary_contact.map(|email| email.to_string()),
    }
}

pub(crate) fn group(group: core::Group) -> groups::Group {
    groups::Group {
        project: project_id(group.project),
        id: types::GroupId { value: group.id.get() },
        name: group.name,
        members: group.members.into_iter().map(person).collect(),
    }
}

pub(crate) fn member(member: core::Member) -> memberships::Member {
    memberships::Member {
        person: person(member.person),
        email: member.email.map(|email| email.to_string()),
        active: member.active,
        template: member.template.map(|template| types::TemplateRef {
            id: types::TemplateId { value: template.id.get() },
            name: template.name,
        }),
    }
}

pub(crate) fn membership(membership: core::Membership) -> memberships::Membership {
    memberships::Membership {
        user: user_id(membership.user),
        project: types::ProjectId { value: membership.project.get() },
        project_name: membership.project_name,
        project_number: membership.project_number,
        project_active: membership.project_active,
        template_name: membership.template_name,
        roles: membership.roles,
    }
}

pub(crate) fn project(project: core::Project) -> projects::Project {
    projects::Project {
        id: types::ProjectId { value: project.id.get() },
        name: project.name,
        number: project.number,
        active: project.active,
        stage: project.stage,
    }
}

pub(crate) fn project_role(role: core::ProjectRole) -> projects::ProjectRole {
    projects::ProjectRole { role: role.role, person: person(role.person) }
}

pub(crate) fn template(template: core::Template) -> templates::Template {
    templates::Template {
        id: types::TemplateId { value: template.id.get() },
        name: template.name,
        directory_admin: template.directory_admin,
    }
}

pub(crate) fn person(person: core::Person) -> types::Person {
    types::Person { id: user_id(person.id), name: person.name }
}
