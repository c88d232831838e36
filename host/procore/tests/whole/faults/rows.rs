//! Every operation of the client, ready to be called.

use std::pin::Pin;

use futures_util::TryStreamExt;
use muster_core::directory::{Activity, HeldAs, ItemKind, ProfileField};
use muster_procore::Error;

use super::stage::Cast;

/// What kind of operation it is: what may be repeated, and what its answer must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    Read,
    /// A read that gives rows away before it has all of them.
    Stream,
    /// A change whose answer says no more than its status.
    Write,
    /// The same, to which Procore answers without a body.
    Bare,
    /// A change whose answer is what was asked for.
    Told,
    /// A change that Procore documents to make only once under its token.
    Once,
}

/// One operation.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) class: Class,
    pub(crate) call: fn(Cast) -> Calling,
}

pub(crate) type Calling = Pin<Box<dyn Future<Output = Result<(), Error>>>>;

macro_rules! row {
    ($class:ident, $cast:ident.$half:ident.$name:ident($($argument:expr),*)) => {
        Row {
            name: stringify!($name),
            class: Class::$class,
            call: |$cast| Box::pin(async move { $cast.$half.$name($($argument),*).await.map(drop) }),
        }
    };
}

pub(crate) use row;

pub(crate) fn reads() -> Vec<Row> {
    vec![
        row!(Read, cast.reads.me()),
        row!(Read, cast.reads.speaks(cast.dialect)),
        row!(Read, cast.reads.user(cast.user)),
        row!(Read, cast.reads.profile(cast.user)),
        row!(Read, cast.reads.invitation(cast.inactive)),
        row!(Read, cast.reads.users_by_email(&cast.email)),
        row!(Read, cast.reads.active_user_count()),
        row!(Read, cast.reads.active_users()),
        row!(Read, cast.reads.users(Activity::All)),
        Row {
            name: "stream_users",
            class: Class::Stream,
            call: |cast| {
                let stream = cast.reads.stream_users(Activity::All);
                Box::pin(stream.try_for_each(|_| std::future::ready(Ok(()))))
            },
        },
        row!(Read, cast.reads.company_admins()),
        row!(Read, cast.reads.memberships(cast.user)),
        row!(Read, cast.reads.members(cast.project)),
        row!(Read, cast.reads.member(cast.inactive, cast.project)),
        row!(Read, cast.reads.person_ids(&[cast.user, cast.inactive])),
        row!(Read, cast.reads.contacts(Activity::All)),
        row!(Read, cast.reads.contact(cast.contact.id)),
        row!(Read, cast.reads.contact_details(cast.contact.id)),
        row!(Read, cast.reads.contacts_of_project(cast.project)),
        row!(Read, cast.reads.vendors(Activity::All)),
        row!(Read, cast.reads.vendor(cast.vendor)),
        row!(Read, cast.reads.groups(cast.project)),
        row!(Read, cast.reads.group(cast.project, cast.group)),
        row!(Read, cast.reads.company_templates()),
        row!(Read, cast.reads.project_templates()),
        row!(Read, cast.reads.global_templates()),
        row!(Read, cast.reads.assignable_templates(cast.project)),
        row!(Read, cast.reads.company_rights()),
        row!(Read, cast.reads.project_rights(cast.project)),
        row!(Read, cast.reads.batch(&cast.batch)),
        row!(Read, cast.reads.project(cast.project)),
        row!(Read, cast.reads.projects()),
        row!(Read, cast.reads.kinds_on(cast.project)),
        row!(Read, cast.reads.item(cast.item(ItemKind::Rfi).item)),
        row!(Read, cast.reads.open_items(cast.project, ItemKind::Rfi, Some(cast.user))),
        row!(Read, cast.reads.candidates(cast.project, ItemKind::Rfi, None, HeldAs::Assignee)),
        row!(Read, cast.reads.candidates(cast.project, ItemKind::Rfi, None, HeldAs::Manager)),
        row!(Read, cast.reads.item(cast.item(ItemKind::Submittal).item)),
        row!(Read, cast.reads.open_items(cast.project, ItemKind::Submittal, Some(cast.user))),
        row!(Read, cast.reads.candidates(cast.project, ItemKind::Submittal, None, HeldAs::Approver)),
        row!(Read, cast.reads.item(cast.item(ItemKind::PunchItem).item)),
        row!(Read, cast.reads.open_items(cast.project, ItemKind::PunchItem, Some(cast.user))),
        row!(Read, cast.reads.candidates(cast.project, ItemKind::PunchItem, None, HeldAs::Assignee)),
        row!(Read, cast.reads.candidates(cast.project, ItemKind::PunchItem, None, HeldAs::Manager)),
        row!(Read, cast.reads.candidates(cast.project, ItemKind::PunchItem, None, HeldAs::FinalApprover)),
        row!(Read, cast.reads.item(cast.item(ItemKind::Observation).item)),
        row!(Read, cast.reads.open_items(cast.project, ItemKind::Observation, Some(cast.user))),
        row!(Read, cast.reads.candidates(cast.project, ItemKind::Observation, None, HeldAs::Assignee)),
        row!(Read, cast.reads.item(cast.item(ItemKind::Task).item)),
        row!(Read, cast.reads.open_items(cast.project, ItemKind::Task, Some(cast.user))),
        row!(Read, cast.reads.candidates(cast.project, ItemKind::Task, None, HeldAs::Assignee)),
        row!(Read, cast.reads.item(cast.item(ItemKind::CoordinationIssue).item)),
        row!(Read, cast.reads.open_items(cast.project, ItemKind::CoordinationIssue, Some(cast.user))),
        row!(Read, cast.reads.candidates(cast.project, ItemKind::CoordinationIssue, None, HeldAs::Assignee)),
    ]
}

pub(crate) fn writes() -> Vec<Row> {
    vec![
        row!(Told, cast.writes.create_user(&cast.new_user())),
        row!(
            Write,
            cast.writes.update_profile(cast.user, &[(ProfileField::City, "Provo".to_owned())].into())
        ),
        row!(Write, cast.writes.change_email(cast.user, &"new@example.com".parse().unwrap())),
        row!(Write, cast.writes.set_company_template(cast.user, cast.company_template)),
        row!(Write, cast.writes.set_default_template(cast.user, cast.template)),
        row!(Bare, cast.writes.invite_user(cast.user)),
        row!(Write, cast.writes.deactivate_user(cast.user)),
        row!(Write, cast.writes.reactivate_user(cast.inactive)),
        row!(Bare, cast.writes.delete_user(cast.inactive)),
        row!(Told, cast.writes.sync_users(&[cast.row()])),
        row!(Told, cast.writes.set_people_active(&[cast.person], false)),
        row!(Write, cast.writes.add_to_project(cast.user, cast.first, Some(cast.template))),
        row!(Bare, cast.writes.remove_from_project(cast.user, cast.project)),
        row!(Write, cast.writes.set_project_template(cast.user, cast.project, cast.template)),
        row!(Told, cast.writes.add_to_projects(&[cast.membership()])),
        row!(Told, cast.writes.remove_from_projects(&[(cast.user, cast.project)])),
        row!(Told, cast.writes.add_to_projects_v2(&[cast.membership()])),
        row!(Told, cast.writes.remove_from_projects_v2(&[(cast.user, cast.project)])),
        row!(Write, cast.writes.set_contact_active(&cast.contact, false)),
        row!(Write, cast.writes.add_contact_to_project(cast.contact.id, cast.first)),
        row!(Told, cast.writes.remove_contact_from_project(cast.contact.id, cast.project)),
        row!(Write, cast.writes.reactivate_vendor(cast.vendor)),
        row!(Once, cast.writes.set_group_members(cast.project, cast.group, &[])),
        row!(
            Bare,
            cast.writes.hand_over_rfis(
                cast.project,
                &[cast.item(ItemKind::Rfi).item.id],
                &[cast.replaced(HeldAs::RequiredAssignee)]
            )
        ),
        row!(
            Bare,
            cast.writes.hand_over(
                cast.item(ItemKind::Rfi),
                &[cast.replaced(HeldAs::RequiredAssignee), cast.replaced(HeldAs::Manager)]
            )
        ),
        row!(Write, cast.writes.hand_over(cast.item(ItemKind::Rfi), &cast.relieved())),
        row!(Write, cast.writes.hand_over(cast.item(ItemKind::Submittal), &[cast.replaced(HeldAs::Manager)])),
        row!(
            Write,
            cast.writes.hand_over(cast.item(ItemKind::Submittal), &[cast.replaced(HeldAs::Approver)])
        ),
        row!(
            Write,
            cast.writes.hand_over(cast.item(ItemKind::PunchItem), &[cast.replaced(HeldAs::Assignee)])
        ),
        row!(
            Write,
            cast.writes.hand_over(
                cast.item(ItemKind::PunchItem),
                &[cast.joined(HeldAs::Assignee), cast.replaced(HeldAs::FinalApprover)]
            )
        ),
        row!(
            Write,
            cast.writes.hand_over(cast.item(ItemKind::Observation), &[cast.replaced(HeldAs::Assignee)])
        ),
        row!(Write, cast.writes.hand_over(cast.item(ItemKind::Task), &[cast.replaced(HeldAs::Assignee)])),
        row!(
            Write,
            cast.writes.hand_over(cast.item(ItemKind::CoordinationIssue), &[cast.replaced(HeldAs::Assignee)])
        ),
        row!(Write, cast.writes.close_item(cast.item(ItemKind::Rfi).item)),
        row!(Write, cast.writes.close_item(cast.item(ItemKind::Submittal).item)),
        row!(Write, cast.writes.close_item(cast.item(ItemKind::PunchItem).item)),
        row!(Write, cast.writes.close_item(cast.item(ItemKind::Observation).item)),
        row!(Write, cast.writes.close_item(cast.item(ItemKind::Task).item)),
        row!(Write, cast.writes.close_item(cast.item(ItemKind::CoordinationIssue).item)),
    ]
}
