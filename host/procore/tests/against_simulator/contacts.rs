//! Contacts, vendors and distribution groups.

use std::collections::BTreeSet;

use muster_core::directory::{Activity, ProfileField};
use muster_core::id::{ContactId, GroupId, ProjectId, UserId, VendorId};
use muster_procore::{Dialect, ErrorKind, Settled};
use muster_sim::Company;

use crate::site::{Site, numbers};

/// Adds two contacts, of whom the second is inactive, both on the first project.
fn two_contacts(company: &mut Company) {
    let project = company.projects().next().unwrap().id;
    for (first, last, active) in [("Leo", "Zzyzx", true), ("Mia", "Zzyzy", false)] {
        let id = company.add_contact(first, last);
        let mut contact = company.contact(id).unwrap().clone();
        contact.active = active;
        contact.email = Some(format!("{}@example.com", last.to_lowercase()));
        contact.job_title = Some("Foreman".to_owned());
        company.put_contact(contact).unwrap();
        company.add_contact_membership(id, project).unwrap();
    }
}

fn first_project(site: &Site) -> ProjectId {
    ProjectId::new(site.company.projects().next().unwrap().id)
}

#[tokio::test]
async fn contacts_are_those_of_the_company_and_of_its_projects() {
    let site = Site::speaking(Dialect::Reference, two_contacts).await;
    let reads = site.connect().reads();
    site.run(async {
        for activity in [Activity::Active, Activity::Inactive, Activity::All] {
            let expected = site.company.contacts().filter(|contact| activity.includes(contact.active));
            let expected: Vec<u64> = expected.map(|contact| contact.id).collect();
            let contacts = reads.contacts(activity).await.unwrap();
            assert_eq!(numbers(&contacts, |contact| contact.id.get()), expected, "{activity:?}");
        }
        for expected in site.company.contacts() {
            let id = ContactId::new(expected.id);
            let contact = reads.contact(id).await.unwrap().unwrap();
            assert_eq!((&contact.name, &contact.last_name), (&expected.name(), &expected.last_name));
            assert_eq!((contact.active, contact.employee), (expected.active, expected.employee));
            let details = reads.contact_details(id).await.unwrap().unwrap();
            assert_eq!(details.email, expected.email.as_ref().and_then(|email| email.parse().ok()));
            assert_eq!(details.profile.fields.get(&ProfileField::JobTitle), expected.job_title.as_ref());
        }
        assert_eq!(reads.contact(ContactId::new(1)).await.unwrap(), None);
        let on_project = reads.contacts_of_project(first_project(&site)).await.unwrap();
        let on_project: BTreeSet<u64> = on_project.iter().map(|contact| contact.id.get()).collect();
        let expected = site.company.contact_members(first_project(&site).get());
        assert_eq!(on_project, expected.map(|membership| membership.contact).collect());
    })
    .await;
}

#[tokio::test]
async fn a_contact_goes_and_comes_back_to_the_projects_it_was_on() {
    let site = Site::speaking(Dialect::Reference, two_contacts).await;
    let (reads, writes) = (site.connect().reads(), site.connect().writes());
    let project = first_project(&site);
    site.run(async {
        let added = |name: &str| name == "Zzyzx" || name == "Zzyzy";
        let all = reads.contacts(Activity::All).await.unwrap();
        let contacts: Vec<_> = all.into_iter().filter(|contact| added(&contact.last_name)).collect();
        assert_eq!(contacts.len(), 2);
        for contact in contacts {
            for active in [!contact.active, contact.active] {
                writes.set_contact_active(&contact, active).await.unwrap();
                assert_eq!(reads.contact(contact.id).await.unwrap().unwrap().active, active);
                let there = reads.contacts_of_project(project).await.unwrap();
                assert!(there.iter().any(|there| there.id == contact.id && there.active == active));
            }
            writes.remove_contact_from_project(contact.id, project).await.unwrap();
            let there = reads.contacts_of_project(project).await.unwrap();
            assert!(there.iter().all(|there| there.id != contact.id));
            writes.add_contact_to_project(contact.id, project).await.unwrap();
            let there = reads.contacts_of_project(project).await.unwrap();
            assert!(there.iter().any(|there| there.id == contact.id));
        }
    })
    .await;
}

#[tokio::test]
async fn users_are_not_taken_off_projects_as_contacts() {
    let site = Site::speaking(Dialect::Reference, |_| {}).await;
    let (reads, writes) = (site.connect().reads(), site.connect().writes());
    let (user, project) = site.member();
    site.run(async {
        let person = reads.person_ids(&[user]).await.unwrap()[&user];
        assert_eq!(person.get(), site.company.user(user.get()).unwrap().party_id);
        let error = writes.remove_contact_from_project(person, project).await.unwrap_err();
        assert_eq!((error.kind(), error.settled()), (ErrorKind::Invalid, Settled::Refused), "{error}");
        assert!(reads.member(user, project).await.unwrap().is_some());
    })
    .await;
}

#[tokio::test]
async fn vendors_are_those_of_the_company() {
    let inactive = |company: &mut Company| {
        let last = company.vendors().last().unwrap().id;
        company.set_vendor_active(last, false).unwrap();
    };
    let site = Site::speaking(Dialect::Reference, inactive).await;
    let reads = site.connect().reads();
    site.run(async {
        for activity in [Activity::Active, Activity::Inactive, Activity::All] {
            let expected = site.company.vendors().filter(|vendor| activity.includes(vendor.active));
            let expected: Vec<u64> = expected.map(|vendor| vendor.id).collect();
            let vendors = reads.vendors(activity).await.unwrap();
            assert_eq!(numbers(&vendors, |vendor| vendor.id.get()), expected, "{activity:?}");
            for vendor in vendors {
                assert_eq!(reads.vendor(vendor.id).await.unwrap(), Some(vendor));
            }
        }
        assert_eq!(reads.vendor(VendorId::new(1)).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn somebody_leaves_a_group_and_the_others_stay() {
    let mut group = 0;
    let site = Site::speaking(Dialect::Reference, |company| {
        let project = company.projects().next().unwrap().id;
        let members: Vec<u64> = company.members(project).map(|membership| membership.user).take(3).collect();
        group = company.add_distribution_group("Safety", Some(project), &members).unwrap();
    })
    .await;
    let (reads, writes) = (site.connect().reads(), site.connect().writes());
    let (project, group) = (first_project(&site), GroupId::new(group));
    site.run(async {
        let before = reads.group(project, group).await.unwrap().unwrap();
        assert_eq!((before.name.as_str(), before.members.len()), ("Safety", 3));
        assert!(reads.groups(project).await.unwrap().contains(&before));
        let (leaver, rest) = before.members.split_first().unwrap();
        let rest: Vec<UserId> = rest.iter().map(|person| person.id).collect();
        writes.set_group_members(project, group, &rest).await.unwrap();
        let after = reads.group(project, group).await.unwrap().unwrap();
        assert_eq!(after.members.iter().map(|person| person.id).collect::<Vec<_>>(), rest);
        assert!(after.members.iter().all(|person| person.id != leaver.id));
        assert_eq!(reads.group(project, GroupId::new(1)).await.unwrap(), None);
    })
    .await;
}
