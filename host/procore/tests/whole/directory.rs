//! What is compared: a directory, as the model has it, as the client reads it, and as the simulator keeps it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use muster_core::directory::{Activity, ProfileField};
use muster_core::id::{ContactId, Email, GroupId, ProjectId, TemplateId, UserId, VendorId};
use muster_procore::{Error, Reads};
use muster_sim::{Company, User};

/// A directory, with what changes in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Directory {
    pub(crate) users: BTreeMap<UserId, Login>,
    pub(crate) memberships: BTreeMap<(UserId, ProjectId), Option<TemplateId>>,
    /// Whether they are active.
    pub(crate) contacts: BTreeMap<ContactId, bool>,
    pub(crate) guests: BTreeSet<(ContactId, ProjectId)>,
    /// Whether they are active.
    pub(crate) vendors: BTreeMap<VendorId, bool>,
    pub(crate) groups: BTreeMap<(ProjectId, GroupId), BTreeSet<UserId>>,
}

/// A user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Login {
    pub(crate) email: Option<Email>,
    /// Without the initials: nothing says which ones somebody new has.
    pub(crate) fields: BTreeMap<ProfileField, String>,
    pub(crate) employee: bool,
    pub(crate) active: bool,
    pub(crate) vendor: Option<VendorId>,
    pub(crate) company_template: Option<TemplateId>,
    pub(crate) default_template: Option<TemplateId>,
    pub(crate) invited: bool,
}

impl Directory {
    /// Returns the directory that a simulator keeps.
    pub(crate) fn of(company: &Company) -> Self {
        let group = |group: &muster_sim::DistributionGroup| {
            let users = group.users.iter().copied().map(UserId::new).collect();
            Some(((ProjectId::new(group.project?), GroupId::new(group.id)), users))
        };
        let parties = company.projects().flat_map(|project| company.contact_members(project.id));
        Self {
            users: company.users().map(|user| (UserId::new(user.id), login(user))).collect(),
            memberships: company
                .memberships()
                .map(|membership| {
                    let pair = (UserId::new(membership.user), ProjectId::new(membership.project));
                    (pair, membership.template.map(TemplateId::new))
                })
                .collect(),
            contacts: company.contacts().map(|found| (ContactId::new(found.id), found.active)).collect(),
            guests: parties
                .map(|party| (ContactId::new(party.contact), ProjectId::new(party.project)))
                .collect(),
            vendors: company.vendors().map(|found| (VendorId::new(found.id), found.active)).collect(),
            groups: company.distribution_groups().filter_map(group).collect(),
        }
    }

    /// Reads the directory of a company with these projects.
    pub(crate) async fn read(reads: &Reads, projects: &[ProjectId]) -> Result<Self, Error> {
        let mut directory = Self::default();
        let mut of_users = BTreeSet::new();
        for listed in reads.users(Activity::All).await? {
            let id = listed.id;
            let user = reads.user(id).await?;
            assert_eq!(user.as_ref(), Some(&listed), "the list and the user alone differ");
            let mut fields = reads.profile(id).await?.unwrap_or_default().fields;
            fields.remove(&ProfileField::Initials);
            let invitation = reads.invitation(id).await?;
            let login = Login {
                email: listed.email,
                fields,
                employee: listed.employee,
                active: listed.active,
                vendor: listed.vendor.map(|vendor| vendor.id),
                company_template: listed.company_template,
                default_template: listed.default_template,
                invited: invitation.is_some_and(|invitation| invitation.sent_at.is_some()),
            };
            directory.users.insert(id, login);
            of_users.extend(reads.memberships(id).await?.iter().map(|found| (id, found.project)));
        }
        for project in projects.iter().copied() {
            for member in reads.members(project).await? {
                let template = member.template.map(|template| template.id);
                directory.memberships.insert((member.person.id, project), template);
            }
            let contacts = reads.contacts_of_project(project).await?;
            directory.guests.extend(contacts.iter().map(|contact| (contact.id, project)));
            for group in reads.groups(project).await? {
                let members = group.members.iter().map(|person| person.id).collect();
                directory.groups.insert((project, group.id), members);
            }
        }
        let of_projects: BTreeSet<_> = directory.memberships.keys().copied().collect();
        assert_eq!(of_users, of_projects, "users and projects differ on who is where");
        let contacts = reads.contacts(Activity::All).await?;
        directory.contacts = contacts.iter().map(|found| (found.id, found.active)).collect();
        let vendors = reads.vendors(Activity::All).await?;
        directory.vendors = vendors.iter().map(|found| (found.id, found.active)).collect();
        Ok(directory)
    }

    /// Returns in what another directory is not as this one, line by line.
    pub(crate) fn differences(&self, other: &Self) -> Vec<String> {
        let mut lines = Vec::new();
        compare("user", &self.users, &other.users, &mut lines);
        compare("membership", &self.memberships, &other.memberships, &mut lines);
        compare("contact", &self.contacts, &other.contacts, &mut lines);
        let [one, two] = [self, other].map(|one| one.guests.iter().map(|guest| (*guest, ())).collect());
        compare("contact on project", &one, &two, &mut lines);
        compare("vendor", &self.vendors, &other.vendors, &mut lines);
        compare("group", &self.groups, &other.groups, &mut lines);
        lines
    }
}

fn compare<K: Ord + Debug, V: PartialEq + Debug>(
    what: &str,
    expected: &BTreeMap<K, V>,
    found: &BTreeMap<K, V>,
    lines: &mut Vec<String>,
) {
    let keys: BTreeSet<&K> = expected.keys().chain(found.keys()).collect();
    for key in keys {
        let (expected, found) = (expected.get(key), found.get(key));
        if expected != found {
            lines.push(format!("{what} {key:?}: {found:?} instead of {expected:?}"));
        }
    }
}

fn login(user: &User) -> Login {
    use ProfileField::*;
    let texts = [
        (FirstName, &user.first_name),
        (LastName, &Some(user.last_name.clone())),
        (JobTitle, &user.job_title),
        (EmployeeId, &user.employee_id),
        (Address, &user.address),
        (City, &user.city),
        (StateCode, &user.state_code),
        (CountryCode, &user.country_code),
        (Zip, &user.zip),
        (BusinessPhone, &user.business_phone),
        (MobilePhone, &user.mobile_phone),
    ];
    Login {
        email: user.email.parse().ok(),
        fields: texts
            .into_iter()
            .filter_map(|(field, text)| Some((field, text.clone()?)))
            .filter(|(_, text)| !text.is_empty())
            .collect(),
        employee: user.employee,
        active: user.active,
        vendor: user.vendor.map(VendorId::new),
        company_template: user.company_template.map(TemplateId::new),
        default_template: user.default_template.map(TemplateId::new),
        invited: user.welcome_email_sent_at.is_some(),
    }
}
