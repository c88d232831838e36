//! The complete state as JSON, for tests and people who compare before and after.
//!
//! This is the simulator's own form and not Procore's. The same state gives the same bytes: lists are sorted by id and
//! keys by name. Times stand apart under `times`, for a change that is taken back leaves its time behind.

use serde_json::{Value, json};

use super::batch::Batch;
use super::item::KINDS;
use super::{Company, Contact, ContactMembership, DistributionGroup, Mail, Meeting};
use super::{Membership, Project, Template, User, Vendor};

impl Company {
    /// Returns the complete state.
    pub fn export(&self) -> Value {
        let mut export = json!({
            "company": {
                "id": self.id,
                "name": self.name,
                "connected": self.connected,
                "own_vendor": self.own_vendor,
                "service_account": self.service_account,
            },
            "vendors": self.vendors.values().map(vendor).collect::<Vec<_>>(),
            "templates": self.templates.values().map(template).collect::<Vec<_>>(),
            "users": self.users.values().map(user).collect::<Vec<_>>(),
            "projects": self.projects.values().map(project).collect::<Vec<_>>(),
            "memberships": self.memberships.values().map(membership).collect::<Vec<_>>(),
            "contacts": self.contacts.values().map(contact).collect::<Vec<_>>(),
            "contact_memberships": self.contact_memberships.values().map(contact_membership).collect::<Vec<_>>(),
            "distribution_groups": self.distribution_groups.values().map(group).collect::<Vec<_>>(),
            "batches": self.batches.values().map(batch).collect::<Vec<_>>(),
            "tools_off": self.tools_off,
            "meetings": self.meetings.values().map(meeting).collect::<Vec<_>>(),
            "correspondence_types": self.correspondence_types.values().collect::<Vec<_>>(),
            "workflow_templates": self.workflow_templates().collect::<Vec<_>>(),
            "mails": self.all_mails().map(mail).collect::<Vec<_>>(),
            "times": self.times(),
        });
        for kind in KINDS {
            let (records, times) = (kind.export)(self);
            if let Some(lists) = export.as_object_mut() {
                lists.insert(kind.list.to_owned(), records);
            }
            if let Some(lists) = export.get_mut("times").and_then(Value::as_object_mut) {
                lists.insert(kind.list.to_owned(), times);
            }
        }
        export.sort_all_objects();
        export
    }

    fn times(&self) -> Value {
        json!({
            "vendors": self.vendors.values().map(|vendor| json!({
                "id": vendor.id, "created_at": vendor.created_at, "updated_at": vendor.updated_at,
            })).collect::<Vec<_>>(),
            "users": self.users.values().map(|user| json!({
                "id": user.id,
                "created_at": user.created_at,
                "updated_at": user.updated_at,
                "welcome_email_sent_at": user.welcome_email_sent_at,
                "last_login_at": user.last_login_at,
                "last_activated_at": user.last_activated_at,
            })).collect::<Vec<_>>(),
            "projects": self.projects.values().map(|project| json!({
                "id": project.id, "created_at": project.created_at, "updated_at": project.updated_at,
            })).collect::<Vec<_>>(),
            "memberships": self.memberships.values().map(|membership| json!({
                "id": membership.id, "created_at": membership.created_at,
            })).collect::<Vec<_>>(),
            "contacts": self.contacts.values().map(|contact| json!({
                "id": contact.id, "created_at": contact.created_at, "updated_at": contact.updated_at,
            })).collect::<Vec<_>>(),
            "contact_memberships": self.contact_memberships.values().map(|membership| json!({
                "id": membership.id, "created_at": membership.created_at,
            })).collect::<Vec<_>>(),
            "distribution_groups": self.distribution_groups.values().map(|group| json!({
                "id": group.id, "created_at": group.created_at, "updated_at": group.updated_at,
            })).collect::<Vec<_>>(),
            "batches": self.batches.values().map(|batch| json!({
                "id": batch.id, "accepted_at": batch.accepted_at,
            })).collect::<Vec<_>>(),
            "meetings": self.meetings.values().map(|meeting| json!({
                "id": meeting.id, "created_at": meeting.created_at, "updated_at": meeting.updated_at,
            })).collect::<Vec<_>>(),
            "invitations": self.invitations.iter().flat_map(|(user, sent)| sent.iter().map(move |invitation| json!({
                "user": user, "sent_at": invitation.sent_at, "ended_at": invitation.ended_at,
            }))).collect::<Vec<_>>(),
        })
    }
}

fn vendor(vendor: &Vendor) -> Value {
    json!({
        "id": vendor.id,
        "name": vendor.name,
        "domain": vendor.domain,
        "trade": vendor.trade,
        "active": vendor.active,
        "primary_contact": vendor.primary_contact,
        "details": vendor.details,
    })
}

fn template(template: &Template) -> Value {
    json!({
        "id": template.id,
        "name": template.name,
        "type": template.kind.name(),
        "project": match template.kind {
            super::TemplateKind::ProjectSpecific { project } => Some(project),
            _ => None,
        },
        "category": template.category,
        "levels": template.levels,
        "actions": template.actions,
        "assignable": template.assignable,
    })
}

fn user(user: &User) -> Value {
    json!({
        "id": user.id,
        "contact_id": user.contact_id,
        "party_id": user.party_id,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "initials": user.initials,
        "email": user.email,
        "job_title": user.job_title,
        "active": user.active,
        "employee": user.employee,
        "employee_id": user.employee_id,
        "vendor": user.vendor,
        "company_template": user.company_template,
        "default_template": user.default_template,
        "add_to_new_projects": user.add_to_new_projects,
        "address": user.address,
        "city": user.city,
        "state_code": user.state_code,
        "country_code": user.country_code,
        "zip": user.zip,
        "business_phone": user.business_phone,
        "business_phone_extension": user.business_phone_extension,
        "mobile_phone": user.mobile_phone,
        "fax_number": user.fax_number,
        "email_signature": user.email_signature,
        "notes": user.notes,
        "origin_id": user.origin_id,
        "origin_data": user.origin_data,
        "work_classification_id": user.work_classification_id,
        "locale": user.locale,
    })
}

fn project(project: &Project) -> Value {
    json!({
        "id": project.id,
        "name": project.name,
        "number": project.number,
        "active": project.active,
        "stage": project.stage,
        "type": project.kind,
        "region": project.region,
        "program": project.program,
        "address": project.address,
        "city": project.city,
        "state_code": project.state_code,
        "zip": project.zip,
        "tz_name": project.tz_name,
        "start_date": project.start_date,
        "completion_date": project.completion_date,
        "value": project.value,
        "origin_id": project.origin_id,
        "created_by": project.created_by,
    })
}

fn membership(membership: &Membership) -> Value {
    json!({
        "id": membership.id,
        "user": membership.user,
        "project": membership.project,
        "template": membership.template,
        "roles": membership.roles,
        "managed": membership.managed,
    })
}

fn contact(contact: &Contact) -> Value {
    json!({
        "id": contact.id,
        "first_name": contact.first_name,
        "last_name": contact.last_name,
        "email": contact.email,
        "job_title": contact.job_title,
        "active": contact.active,
        "employee": contact.employee,
        "employee_id": contact.employee_id,
        "vendor": contact.vendor,
        "origin_id": contact.origin_id,
        "work_classification_id": contact.work_classification_id,
    })
}

fn contact_membership(membership: &ContactMembership) -> Value {
    json!({ "id": membership.id, "contact": membership.contact, "project": membership.project })
}

fn group(group: &DistributionGroup) -> Value {
    json!({
        "id": group.id,
        "name": group.name,
        "description": group.description,
        "project": group.project,
        "users": group.users,
        "tokens": group.tokens,
    })
}

fn batch(batch: &Batch) -> Value {
    json!({ "id": batch.id, "rows": batch.rows, "done": batch.done, "failures": batch.failures, "looks": batch.looks })
}

fn meeting(meeting: &Meeting) -> Value {
    json!({
        "id": meeting.id,
        "project": meeting.project,
        "title": meeting.title,
        "position": meeting.position,
        "location": meeting.location,
        "occurred": meeting.occurred,
        "private": meeting.private,
        "starts_at": meeting.starts_at,
        "ends_at": meeting.ends_at,
        "attendees": meeting.attendees,
        "categories": meeting.categories,
        "created_by": meeting.created_by,
    })
}

fn mail(mail: Mail) -> Value {
    json!({ "user": mail.user, "day": mail.day, "sent_at": mail.sent_at })
}
