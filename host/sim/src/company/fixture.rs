//! The whole company as JSON that can be read again: every record with all that Procore would hold, and the state of what
//! gives out ids, so that a restored company goes on exactly as the one before would have.
//!
//! Records are lists; what can be found out from them is not written.

use std::collections::BTreeMap;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::batch::Batch;
use super::item::KINDS;
use super::{
    ActionPlan, Company, Contact, ContactMembership, Correspondence, CorrespondenceType, DistributionGroup,
    Meeting, MeetingTopic, Membership, PlanAssignee, Preset, Project, Template, User, Vendor,
    WorkflowTemplate,
};

/// Why a text is no company.
#[derive(Debug, thiserror::Error)]
pub enum FixtureError {
    /// It is not JSON of the form that [`Company::to_json`] gives.
    #[error("the company can't be read: {0}")]
    Json(#[from] serde_json::Error),
    /// A record names something that is not there.
    #[error("the company does not hold together: {what} names {missing}, which is not there")]
    Missing {
        /// Who names it.
        what: String,
        /// What is not there.
        missing: String,
    },
}

impl Company {
    /// Returns the company with all that is needed to restore it with [`Company::from_json`].
    pub fn to_json(&self) -> Value {
        // Nothing in a company is without a form in JSON: keys are texts and numbers are whole.
        serde_json::to_value(self).unwrap_or_default()
    }

    /// Restores a company.
    ///
    /// # Errors
    ///
    /// Fails if the text has another form than [`Company::to_json`] gives, or if a record names something that is not
    /// there. Only items and memberships may name users who are not there: a careless deletion leaves such.
    pub fn from_json(text: &str) -> Result<Self, FixtureError> {
        let mut company: Self = serde_json::from_str(text)?;
        company.check()?;
        company.index();
        Ok(company)
    }

    fn check(&self) -> Result<(), FixtureError> {
        let missing = |what: &str, id: u64, kind: &str, missing: u64| FixtureError::Missing {
            what: format!("{what} {id}"),
            missing: format!("{kind} {missing}"),
        };
        if !self.vendors.contains_key(&self.own_vendor) {
            return Err(missing("company", self.id, "vendor", self.own_vendor));
        }
        if !self.users.contains_key(&self.service_account) {
            return Err(missing("company", self.id, "user", self.service_account));
        }
        for user in self.users.values() {
            if let Some(id) = user.vendor.filter(|id| !self.vendors.contains_key(id)) {
                return Err(missing("user", user.id, "vendor", id));
            }
            let mut templates = [user.company_template, user.default_template].into_iter().flatten();
            if let Some(id) = templates.find(|id| !self.templates.contains_key(id)) {
                return Err(missing("user", user.id, "template", id));
            }
        }
        for membership in self.memberships.values() {
            if !self.projects.contains_key(&membership.project) {
                return Err(missing("membership", membership.id, "project", membership.project));
            }
            if let Some(id) = membership.template.filter(|id| !self.templates.contains_key(id)) {
                return Err(missing("membership", membership.id, "template", id));
            }
        }
        for membership in self.contact_memberships.values() {
            if !self.projects.contains_key(&membership.project) {
                return Err(missing("membership", membership.id, "project", membership.project));
            }
            if !self.contacts.contains_key(&membership.contact) {
                return Err(missing("membership", membership.id, "contact", membership.contact));
            }
        }
        for kind in KINDS {
            if let Some((item, project)) = (kind.astray)(self) {
                return Err(missing(kind.list, item, "project", project));
            }
        }
        if let Some(found) = self.meetings.values().find(|found| !self.projects.contains_key(&found.project))
        {
            return Err(missing("meeting", found.id, "project", found.project));
        }
        let mut topics = self.items::<MeetingTopic>();
        if let Some(topic) = topics.find(|topic| !self.meetings.contains_key(&topic.meeting)) {
            return Err(missing("meeting topic", topic.id, "meeting", topic.meeting));
        }
        let mut letters = self.items::<Correspondence>();
        if let Some(item) = letters.find(|item| !self.correspondence_types.contains_key(&item.kind)) {
            return Err(missing("correspondence", item.id, "type of correspondence", item.kind));
        }
        let mut assignees = self.items::<PlanAssignee>();
        if let Some(found) = assignees.find(|found| self.item::<ActionPlan>(found.plan).is_none()) {
            return Err(missing("assignee of an action plan", found.id, "action plan", found.plan));
        }
        let mut presets = self.items::<Preset>();
        if let Some(found) = presets.find(|found| !self.workflow_templates.contains_key(&found.template)) {
            return Err(missing("preset", found.id, "workflow template", found.template));
        }
        match self.tools_off.iter().find(|(project, _)| !self.projects.contains_key(project)) {
            Some((project, tool)) => Err(missing(tool.engine(), *project, "project", *project)),
            None => Ok(()),
        }
    }

    /// Finds out what is not written.
    fn index(&mut self) {
        self.users_by_party = self.users.values().map(|user| (user.party_id, user.id)).collect();
        self.projects_by_user = self.memberships.keys().map(|(project, user)| (*user, *project)).collect();
        if self.emails.is_empty() {
            self.emails = self.users.values().map(|user| (user.email.to_lowercase(), user.id)).collect();
        }
    }
}

/// A record that is found by what is in it.
pub(super) trait Keyed {
    /// What it is found by.
    type Key: Ord;

    /// Returns what it is found by.
    fn key(&self) -> Self::Key;
}

macro_rules! keyed_by_id {
    ($($record:ty),*) => {$(
        impl Keyed for $record {
            type Key = u64;

            fn key(&self) -> u64 {
                self.id
            }
        }
    )*};
}

keyed_by_id!(
    User,
    Vendor,
    Template,
    Project,
    Contact,
    DistributionGroup,
    Meeting,
    CorrespondenceType,
    WorkflowTemplate
);

impl Keyed for Membership {
    type Key = (u64, u64);

    fn key(&self) -> (u64, u64) {
        (self.project, self.user)
    }
}

impl Keyed for ContactMembership {
    type Key = (u64, u64);

    fn key(&self) -> (u64, u64) {
        (self.project, self.contact)
    }
}

impl Keyed for Batch {
    type Key = String;

    fn key(&self) -> String {
        self.id.clone()
    }
}

/// Writes records as a list.
pub(super) fn serialize<T, S>(records: &BTreeMap<T::Key, T>, serializer: S) -> Result<S::Ok, S::Error>
where
    T: Keyed + Serialize,
    S: Serializer,
{
    serializer.collect_seq(records.values())
}

/// Reads records from a list in which none may come twice.
pub(super) fn deserialize<'de, T, D>(deserializer: D) -> Result<BTreeMap<T::Key, T>, D::Error>
where
    T: Keyed + Deserialize<'de>,
    D: Deserializer<'de>,
{
    let list = Vec::<T>::deserialize(deserializer)?;
    let len = list.len();
    let records: BTreeMap<_, _> = list.into_iter().map(|record| (record.key(), record)).collect();
    if records.len() == len { Ok(records) } else { Err(D::Error::custom("a record comes twice")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::Seed;

    fn seeded() -> Company {
        let mut company = Company::seeded(&Seed { seed: 5, users: 60, projects: 8, rfis: 30 });
        let [one, other] = [5, 6].map(|index| company.users().nth(index).unwrap().id);
        company.share_email(one, other);
        let contact = company.add_contact("Sam", "Poe");
        let project = company.projects().next().unwrap().id;
        company.add_contact_membership(contact, project).unwrap();
        company.add_distribution_group("Site team", Some(project), &[]).unwrap();
        company.invite(other).unwrap();
        company
    }

    #[test]
    fn a_restored_company_is_the_same_and_goes_on_in_the_same_way() {
        let company = seeded();
        let text = company.to_json().to_string();
        let restored = Company::from_json(&text).unwrap();
        assert_eq!(restored.to_json().to_string(), text);
        // The derived form shows all fields, those too that are found out again.
        assert_eq!(format!("{restored:?}"), format!("{company:?}"));
        let [one, other] = [company, restored].map(|mut company| {
            let user = company.add_user(crate::company::NewUser::named("New", "Person")).unwrap();
            (user, company.export())
        });
        assert_eq!(one, other);
    }

    #[test]
    fn addresses_may_be_left_out() {
        let company = Company::seeded(&Seed { seed: 5, users: 20, projects: 3, rfis: 3 });
        let mut json = company.to_json();
        json.as_object_mut().unwrap().remove("emails");
        assert_eq!(Company::from_json(&json.to_string()).unwrap().emails, company.emails);
    }

    #[test]
    fn what_was_written_before_there_were_other_kinds_of_items_can_be_read() {
        let mut json = seeded().to_json();
        let lists =
            ["tools_off", "observations", "tasks", "coordination_issues", "punch_items", "submittals"];
        assert!(lists.iter().all(|list| !json[list].as_array().unwrap().is_empty()));
        json.as_object_mut().unwrap().retain(|name, _| !lists.contains(&name.as_str()));
        let company = Company::from_json(&json.to_string()).unwrap();
        assert_eq!(company.items::<crate::company::Task>().count(), 0);
        assert!(company.rfis().next().is_some());
    }

    #[test]
    fn what_does_not_hold_together_is_refused_with_its_place() {
        let company = seeded();
        let refused = |change: fn(&mut Value)| {
            let mut json = company.to_json();
            change(&mut json);
            Company::from_json(&json.to_string()).unwrap_err().to_string()
        };
        let error = refused(|json| json["memberships"][0]["project"] = 1.into());
        assert!(error.contains("names project 1, which is not there"), "{error}");
        let error = refused(|json| json["users"][3]["vendor"] = 1.into());
        assert!(error.contains("names vendor 1"), "{error}");
        for (list, key, named) in [
            ("meetings", "project", "names project 1"),
            ("meeting_topics", "meeting", "names meeting 1"),
            ("correspondence", "kind", "names type of correspondence 1"),
            ("plan_assignees", "plan", "names action plan 1"),
            ("presets", "project", "names project 1"),
            ("presets", "template", "names workflow template 1"),
        ] {
            let mut json = company.to_json();
            json[list][0][key] = 1.into();
            let error = Company::from_json(&json.to_string()).unwrap_err().to_string();
            assert!(error.contains(named), "{list}: {error}");
        }
        let error = refused(|json| json["users"][0] = json["users"][1].clone());
        assert!(error.contains("a record comes twice"), "{error}");
        let error = refused(|json| json["punch_items"][0]["project"] = 1.into());
        assert!(error.contains("punch_items") && error.contains("names project 1"), "{error}");
        let error = refused(|json| json["tools_off"][0][0] = 1.into());
        assert!(error.contains("names project 1"), "{error}");
        let error = refused(|json| json["tasks"][0] = json["tasks"][1].clone());
        assert!(error.contains("a record comes twice"), "{error}");
        let error = refused(|json| json["people"] = 1.into());
        assert!(error.contains("unknown field `people`"), "{error}");
        assert!(Company::from_json("{").unwrap_err().to_string().contains("line 1"));
    }
}
