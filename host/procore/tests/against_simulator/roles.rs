//! Whom others turn to: who has which role in a project, and who speaks for a vendor.

use std::collections::BTreeSet;

use muster_core::directory::Activity;
use muster_core::id::{ProjectId, VendorId};
use muster_procore::Dialect;
use muster_sim::{Membership, Vendor};

use crate::site::Site;

#[tokio::test]
async fn roles_are_those_of_the_members_with_a_login_or_without() {
    let site = Site::speaking(Dialect::Reference, |company| {
        let plays = |member: &&Membership| !member.roles.is_empty();
        let leaves = company.memberships().find(plays).unwrap().user;
        company.set_active(leaves, false).unwrap();
    })
    .await;
    let (company, reads) = (&site.company, site.connect().reads());
    site.run(async {
        let (mut all, mut inactive) = (0, 0);
        for project in company.projects() {
            let roles = reads.project_roles(ProjectId::new(project.id)).await.unwrap();
            assert!(roles.is_sorted());
            let found: BTreeSet<(u64, String)> =
                roles.into_iter().map(|role| (role.person.id.get(), role.role)).collect();
            let of_member = |member: &Membership| {
                let user = member.user;
                member.roles.iter().map(|role| (user, role.clone())).collect::<Vec<_>>()
            };
            let expected: BTreeSet<_> = company.members(project.id).flat_map(of_member).collect();
            assert_eq!(found, expected);
            all += found.len();
            inactive += found.iter().filter(|(user, _)| !company.user(*user).unwrap().active).count();
        }
        assert!(all > inactive && inactive > 0, "{inactive} of {all}");
        assert!(reads.project_roles(ProjectId::new(1)).await.unwrap_err().is_not_visible());
    })
    .await;
}

#[tokio::test]
async fn a_vendor_names_whom_others_turn_to_first() {
    let site = Site::without_limits().await;
    let (company, reads) = (&site.company, site.connect().reads());
    let address = |vendor: &Vendor| {
        let user = vendor.primary_contact.and_then(|id| company.user(id));
        user.map(|user| user.email.to_lowercase())
    };
    site.run(async {
        let mut named = 0;
        for vendor in reads.vendors(Activity::All).await.unwrap() {
            let expected = address(company.vendor(vendor.id.get()).unwrap());
            let found = vendor.primary_contact.as_ref().map(|email| email.as_str().to_lowercase());
            assert_eq!(found, expected);
            named += usize::from(found.is_some());
        }
        assert!(named > 1, "{named}");
        let own = VendorId::new(company.own_vendor());
        let shown = reads.vendor(own).await.unwrap().unwrap();
        assert_eq!(
            shown.primary_contact.map(|email| email.as_str().to_lowercase()),
            address(company.vendor(own.get()).unwrap())
        );
    })
    .await;
}
