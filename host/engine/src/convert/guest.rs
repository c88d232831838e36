//! What comes from a guest. Its numbers and strings are bounded here.

use std::collections::BTreeMap;

use muster_core::action::UserRef;
use muster_core::artifact::Description;
use muster_core::directory::{Activity, HeldAs, ItemKind, ItemRef, NewUser, ProfileField};
use muster_core::event::KindName;
use muster_core::id::{ContactId, Email, GroupId, ItemId, ProjectId, TemplateId, UserId, VendorId};
use muster_core::proposal::{Decision, Refusal, RefusalCause};
use muster_core::text::{Bounded, Words, is_obeyed, shown};

use crate::bindings::exports::muster::policy::guest as wit;
use crate::bindings::muster::policy::{events, items, types, user_steps};
use crate::fault::Fault;

pub(crate) fn to_user_id(id: types::UserId) -> UserId {
    UserId::new(id.value)
}

pub(crate) fn to_project_id(id: types::ProjectId) -> ProjectId {
    ProjectId::new(id.value)
}

pub(crate) fn to_item_ref(item: items::ItemRef) -> ItemRef {
    ItemRef {
        kind: to_item_kind(item.kind),
        project: to_project_id(item.project),
        within: item.within.map(ItemId::new),
        id: ItemId::new(item.id),
    }
}

pub(crate) fn to_item_kind(kind: items::ItemKind) -> ItemKind {
    match kind {
        items::ItemKind::Rfi => ItemKind::Rfi,
        items::ItemKind::Submittal => ItemKind::Submittal,
        items::ItemKind::PunchItem => ItemKind::PunchItem,
        items::ItemKind::Observation => ItemKind::Observation,
        items::ItemKind::Task => ItemKind::Task,
        items::ItemKind::CoordinationIssue => ItemKind::CoordinationIssue,
        items::ItemKind::MeetingTopic => ItemKind::MeetingTopic,
        items::ItemKind::Inspection => ItemKind::Inspection,
        items::ItemKind::Correspondence => ItemKind::Correspondence,
        items::ItemKind::ActionPlan => ItemKind::ActionPlan,
        items::ItemKind::ActionPlanItem => ItemKind::ActionPlanItem,
        items::ItemKind::Workflow => ItemKind::Workflow,
        items::ItemKind::WorkflowTemplate => ItemKind::WorkflowTemplate,
        items::ItemKind::DistributionGroup => ItemKind::DistributionGroup,
    }
}

pub(crate) fn to_held_as(held_as: items::HeldAs) -> HeldAs {
    match held_as {
        items::HeldAs::Assignee => HeldAs::Assignee,
        items::HeldAs::RequiredAssignee => HeldAs::RequiredAssignee,
        items::HeldAs::Manager => HeldAs::Manager,
        items::HeldAs::Approver => HeldAs::Approver,
        items::HeldAs::FinalApprover => HeldAs::FinalApprover,
        items::HeldAs::Inspector => HeldAs::Inspector,
        items::HeldAs::PointOfContact => HeldAs::PointOfContact,
        items::HeldAs::StepAssignee => HeldAs::StepAssignee,
        items::HeldAs::Member => HeldAs::Member,
    }
}

/// Bounds a text of the guest. `what` names it in the fault.
pub(crate) fn to_text<const MAX: usize>(text: String, what: &str) -> Result<Bounded<MAX>, Fault> {
    Bounded::new(text).map_err(|error| Fault::Text { what: format!("{what}: {error}") })
}

pub(crate) fn to_decision(decision: wit::Decision) -> Result<Decision, Fault> {
    let words = |text| to_text(text, "the words of its decision");
    Ok(match decision {
        wit::Decision::Proposed(text) => Decision::Proposed(words(text)?),
        wit::Decision::Nothing(text) => Decision::Nothing(words(text)?),
        wit::Decision::Hold(text) => Decision::Hold(words(text)?),
    })
}

pub(crate) fn to_refusal(refusal: wit::Refusal) -> Result<Refusal, Fault> {
    let (cause, text) = match refusal {
        wit::Refusal::Settings(text) => (RefusalCause::Settings, text),
        wit::Refusal::Event(text) => (RefusalCause::Event, text),
        wit::Refusal::Denied(denied) => (RefusalCause::Denied, denied.message),
        wit::Refusal::Directory(text) => (RefusalCause::Directory, text),
    };
    let words: Words = to_text(text, "the words of its refusal")?;
    Ok(Refusal { cause, words })
}

pub(crate) fn to_description(description: wit::Description) -> Description {
    let kind = |kind| match kind {
        events::KindName::Joined => KindName::Joined,
        events::KindName::Changed => KindName::Changed,
        events::KindName::Departed => KindName::Departed,
        events::KindName::Returned => KindName::Returned,
        events::KindName::InvitedLate => KindName::InvitedLate,
        events::KindName::VendorEnded => KindName::VendorEnded,
        events::KindName::ProjectClosed => KindName::ProjectClosed,
        events::KindName::ContactDeparted => KindName::ContactDeparted,
        events::KindName::ContactReturned => KindName::ContactReturned,
        events::KindName::Scheduled => KindName::Scheduled,
        events::KindName::Due => KindName::Due,
        events::KindName::Custom => KindName::Custom,
    };
    Description {
        name: description.name,
        version: description.version,
        summary: description.summary,
        kinds: description.kinds.into_iter().map(kind).collect(),
        settings_schema: description.settings_schema,
    }
}

pub(crate) fn to_contact_id(id: types::ContactId) -> ContactId {
    ContactId::new(id.value)
}

pub(crate) fn to_vendor_id(id: types::VendorId) -> VendorId {
    VendorId::new(id.value)
}

pub(crate) fn to_template_id(id: types::TemplateId) -> TemplateId {
    TemplateId::new(id.value)
}

pub(crate) fn to_group_id(id: types::GroupId) -> GroupId {
    GroupId::new(id.value)
}

pub(crate) fn to_user_ref(user: types::UserRef) -> UserRef {
    match user {
        types::UserRef::Known(user) => UserRef::Known(to_user_id(user)),
        types::UserRef::Created(step) => UserRef::Created(step.number),
    }
}

pub(crate) fn to_activity(who: types::Activity) -> Activity {
    match who {
        types::Activity::Active => Activity::Active,
        types::Activity::Inactive => Activity::Inactive,
        types::Activity::All => Activity::All,
    }
}

/// The longest text of a field: no name, address or phone needs more.
const FIELD: usize = 250;

fn field_text(text: String) -> Result<String, Fault> {
    let bounded: Bounded<FIELD> = to_text(text, "a field of a user")?;
    Ok(bounded.as_str().to_owned())
}

fn filled(text: Option<String>) -> Result<Option<String>, Fault> {
    text.filter(|text| !text.trim().is_empty()).map(field_text).transpose()
}

/// Reads an address that a step is to write. Stricter than one that is only looked for: nobody should get an address that
/// looks like another one, or like two.
pub(crate) fn to_email(email: &str) -> Result<Email, Fault> {
    let fault = |what: String| Fault::Text { what: format!("the address of a user: {what}") };
    let odd = |character: char| is_obeyed(character) || ",;<>\"()\\".contains(character);
    if email.matches('@').count() > 1 || email.chars().any(odd) {
        return Err(fault(format!("{:?} is no address to give anybody", shown(email).to_string())));
    }
    email.parse().map_err(|error| fault(format!("{error}")))
}

pub(crate) fn to_new_user(user: user_steps::NewUser) -> Result<NewUser, Fault> {
    let last_name = filled(Some(user.last_name))?
        .ok_or_else(|| Fault::Text { what: "the last name of a user: there is none".to_owned() })?;
    Ok(NewUser {
        email: to_email(&user.email)?,
        first_name: filled(user.first_name)?,
        last_name,
        job_title: filled(user.job_title)?,
        employee: user.employee,
        employee_id: filled(user.employee_id)?,
        vendor: user.vendor.map(to_vendor_id),
    })
}

pub(crate) fn to_fields(fields: Vec<types::Field>) -> Result<BTreeMap<ProfileField, String>, Fault> {
    let mut texts = BTreeMap::new();
    for types::Field { name, value } in fields {
        let name = to_profile_field(name);
        if texts.insert(name, field_text(value)?).is_some() {
            return Err(Fault::Text { what: format!("the fields of a user: {} twice", name.words()) });
        }
    }
    Ok(texts)
}

fn to_profile_field(field: types::ProfileField) -> ProfileField {
    use ProfileField as To;
    use types::ProfileField as From;
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
