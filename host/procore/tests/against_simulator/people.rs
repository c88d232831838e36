//! Users of the company: made, changed, invited, deactivated and reactivated, and what shows of it.

use std::collections::BTreeMap;

use futures_util::TryStreamExt;
use muster_core::directory::{Activity, NewUser, ProfileField, User};
use muster_core::id::{ProjectId, TemplateId, UserId};
use muster_procore::{Dialect, ErrorKind, Settled};
use muster_sim::{Config, Template, TemplateKind};

use crate::site::{Site, numbers};

fn ana(address: &str) -> NewUser {
    NewUser {
        email: address.parse().unwrap(),
        first_name: Some("Ana".to_owned()),
        last_name: "Diaz".to_owned(),
        job_title: Some("Engineer".to_owned()),
        employee: true,
        employee_id: Some("E-1".to_owned()),
        vendor: None,
    }
}

#[tokio::test]
async fn users_are_listed_by_what_they_are_and_shown_with_what_is_written_down() {
    for dialect in Dialect::ALL {
        let site = Site::speaking(dialect, |_| {}).await;
        let reads = site.connect().reads();
        site.run(async {
            for activity in [Activity::Active, Activity::Inactive, Activity::All] {
                let expected: Vec<u64> = site
                    .company
                    .users()
                    .filter(|user| activity.includes(user.active))
                    .map(|user| user.id)
                    .collect();
                let users = reads.users(activity).await.unwrap();
                assert_eq!(numbers(&users, |user| user.id.get()), expected, "{dialect} {activity:?}");
            }
            for expected in site.company.users() {
                let id = UserId::new(expected.id);
                let profile = reads.profile(id).await.unwrap().unwrap();
                let field = |field| profile.fields.get(&field).cloned();
                assert_eq!(field(ProfileField::LastName).as_ref(), Some(&expected.last_name));
                assert_eq!(field(ProfileField::JobTitle), expected.job_title);
                assert_eq!(field(ProfileField::MobilePhone), expected.mobile_phone);
                let invitation = reads.invitation(id).await.unwrap().unwrap();
                assert_eq!(invitation.last_login_at, expected.last_login_at);
                assert_eq!(invitation.sent_at, expected.welcome_email_sent_at);
            }
            assert_eq!(reads.profile(UserId::new(1)).await.unwrap(), None);
            assert_eq!(reads.invitation(UserId::new(1)).await.unwrap(), None);
        })
        .await;
    }
}

#[tokio::test]
async fn the_same_comes_out_in_both_dialects() {
    let mut seen = Vec::new();
    for dialect in Dialect::ALL {
        let site = Site::speaking(dialect, |_| {}).await;
        let reads = site.connect().reads();
        let project = ProjectId::new(site.company.projects().next().unwrap().id);
        let all = site.run(async {
            let users = reads.users(Activity::All).await.unwrap();
            let mut each = Vec::new();
            for user in &users {
                assert_eq!(reads.user(user.id).await.unwrap().as_ref(), Some(user), "{dialect}");
                let found = reads.users_by_email(user.email.as_ref().unwrap()).await.unwrap();
                assert_eq!(found, std::slice::from_ref(user), "{dialect}");
                each.push((reads.profile(user.id).await.unwrap(), reads.invitation(user.id).await.unwrap()));
            }
            let streamed: Vec<User> = reads.stream_users(Activity::All).try_collect().await.unwrap();
            let admins = reads.company_admins().await.unwrap();
            let members = reads.members(project).await.unwrap();
            let count = reads.active_user_count().await.unwrap();
            (users, each, streamed, admins, members, count)
        });
        seen.push(all.await);
    }
    assert_eq!(seen[0], seen[1]);
}

#[tokio::test]
async fn what_is_changed_about_a_user_shows_and_nothing_else_does() {
    for dialect in Dialect::ALL {
        let site = Site::speaking(dialect, |_| {}).await;
        let (reads, writes) = (site.connect().reads(), site.connect().writes());
        let company = |template: &&Template| template.kind == TemplateKind::CompanyTools;
        let company = TemplateId::new(site.company.templates().find(company).unwrap().id);
        site.run(async {
            let id = writes.create_user(&ana("ana@example.com")).await.unwrap();
            let made = reads.user(id).await.unwrap().unwrap();
            assert_eq!(
                (made.name.as_str(), made.active, made.employee),
                ("Ana Diaz", true, true),
                "{dialect}"
            );
            assert_eq!(made.employee_id.as_deref(), Some("E-1"));
            assert_eq!(reads.memberships(id).await.unwrap(), []);
            assert_eq!(reads.invitation(id).await.unwrap().unwrap().sent_at, None);

            let fields = |job: &str| BTreeMap::from([(ProfileField::JobTitle, job.to_owned())]);
            writes.update_profile(id, &fields("Foreman")).await.unwrap();
            assert_eq!(reads.user(id).await.unwrap().unwrap().job_title.as_deref(), Some("Foreman"));
            writes.update_profile(id, &fields("")).await.unwrap();
            writes.change_email(id, &"diaz@example.com".parse().unwrap()).await.unwrap();
            writes.set_default_template(id, site.template("Project Engineer")).await.unwrap();
            writes.set_company_template(id, company).await.unwrap();
            writes.invite_user(id).await.unwrap();
            assert!(reads.invitation(id).await.unwrap().unwrap().sent_at.is_some());
            let changed = reads.user(id).await.unwrap().unwrap();
            let expected = User {
                email: "diaz@example.com".parse().ok(),
                job_title: None,
                default_template: Some(site.template("Project Engineer")),
                company_template: Some(company),
                updated_at: changed.updated_at,
                ..made
            };
            assert_eq!(changed, expected, "{dialect}");
        })
        .await;
    }
}

#[tokio::test]
async fn nobody_gets_an_address_that_somebody_has_active_or_not() {
    for dialect in Dialect::ALL {
        let site = Site::speaking(dialect, |_| {}).await;
        let writes = site.connect().writes();
        for active in [true, false] {
            let taken = site.company.users().find(|user| user.active == active).unwrap().email.to_uppercase();
            let error = site.run(writes.create_user(&ana(&taken))).await.unwrap_err();
            assert_eq!(
                (error.kind(), error.settled()),
                (ErrorKind::Conflict, Settled::Refused),
                "{dialect} {error}"
            );
        }
    }
}

#[tokio::test]
async fn a_login_comes_back_with_its_memberships_and_not_while_the_vendor_is_inactive() {
    for dialect in Dialect::ALL {
        let site = Site::speaking(dialect, |_| {}).await;
        let (reads, writes) = (site.connect().reads(), site.connect().writes());
        let (user, project) = site.member();
        let vendor = site.company.user(user.get()).unwrap().vendor.unwrap();
        site.run(async {
            let (before, member) =
                (reads.memberships(user).await.unwrap(), reads.member(user, project).await.unwrap().unwrap());
            writes.deactivate_user(user).await.unwrap();
            assert!(!reads.user(user).await.unwrap().unwrap().active);
            let gone = reads.member(user, project).await.unwrap().unwrap();
            assert_eq!((gone.active, &gone.template), (false, &member.template));
            assert!(reads.members(project).await.unwrap().contains(&gone));
            assert_eq!(reads.memberships(user).await.unwrap(), before);

            site.simulator.with_company(|company| company.set_vendor_active(vendor, false)).unwrap();
            let refused = writes.reactivate_user(user).await.unwrap_err();
            assert_eq!(refused.settled(), Settled::Refused, "{refused}");
            let vendor = muster_core::id::VendorId::new(vendor);
            assert!(!reads.vendor(vendor).await.unwrap().unwrap().active);
            writes.reactivate_vendor(vendor).await.unwrap();
            assert!(reads.vendor(vendor).await.unwrap().unwrap().active);
            writes.reactivate_user(user).await.unwrap();
            assert!(reads.user(user).await.unwrap().unwrap().active);
            assert_eq!(reads.member(user, project).await.unwrap(), Some(member));
        })
        .await;
    }
}

#[tokio::test]
async fn a_user_joins_a_project_gets_another_template_and_leaves() {
    for dialect in Dialect::ALL {
        let site = Site::speaking(dialect, |_| {}).await;
        let (reads, writes) = (site.connect().reads(), site.connect().writes());
        let project = ProjectId::new(site.company.projects().find(|project| project.active).unwrap().id);
        site.run(async {
            let user = writes.create_user(&ana("ana@example.com")).await.unwrap();
            let template = async || reads.member(user, project).await.unwrap().map(|member| member.template);
            assert_eq!(template().await, None);
            let engineer = site.template("Project Engineer");
            writes.add_to_project(user, project, Some(engineer)).await.unwrap();
            let given = template().await.unwrap().unwrap();
            assert_eq!((given.id, given.name.as_str()), (engineer, "Project Engineer"), "{dialect}");
            let other = reads.assignable_templates(project).await.unwrap();
            let other = other.into_iter().find(|template| template.id != engineer).unwrap();
            writes.set_project_template(user, project, other.id).await.unwrap();
            assert_eq!(template().await.unwrap().unwrap().name, other.name);
            writes.remove_from_project(user, project).await.unwrap();
            assert_eq!(template().await, None);
            writes.add_to_project(user, project, None).await.unwrap();
            assert_eq!(template().await, Some(None), "no template, no access");
        })
        .await;
    }
}

#[tokio::test]
async fn members_are_those_of_the_company_with_their_templates() {
    for dialect in Dialect::ALL {
        let site = Site::speaking(dialect, |_| {}).await;
        let reads = site.connect().reads();
        site.run(async {
            for project in site.company.projects() {
                let members = reads.members(ProjectId::new(project.id)).await.unwrap();
                let mut expected: Vec<_> = site.company.members(project.id).collect();
                expected.sort_by_key(|membership| membership.user);
                assert_eq!(members.len(), expected.len(), "{dialect}");
                for (member, expected) in members.iter().zip(expected) {
                    let user = site.company.user(expected.user).unwrap();
                    assert_eq!((member.person.id.get(), member.active), (user.id, user.active));
                    assert_eq!(
                        (&member.person.name, &member.email),
                        (&user.name(), &user.email.parse().ok())
                    );
                    let template = expected.template.and_then(|id| site.company.template(id));
                    let named = template.map(|template| (template.id, template.name.as_str()));
                    let found =
                        member.template.as_ref().map(|template| (template.id.get(), template.name.as_str()));
                    assert_eq!(found, named, "{dialect}");
                }
            }
        })
        .await;
    }
}

#[tokio::test]
async fn only_the_guide_erases_users() {
    let site = Site::of(Config::default()).await;
    let refused = site.run(site.connect().writes().delete_user(UserId::new(1))).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::NotOffered);
    assert_eq!(site.simulator.calls().total(), 0);

    let site = Site::speaking(Dialect::Guide, |_| {}).await;
    let (reads, writes) = (site.connect().reads(), site.connect().writes());
    site.run(async {
        let user = writes.create_user(&ana("ana@example.com")).await.unwrap();
        writes.delete_user(user).await.unwrap();
        assert_eq!(reads.user(user).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn each_server_is_heard_to_speak_its_own_dialect() {
    for spoken in Dialect::ALL {
        let site = Site::speaking(spoken, |_| {}).await;
        let reads = site.connect().reads();
        let heard = site
            .run(async { [reads.speaks(Dialect::Reference).await, reads.speaks(Dialect::Guide).await] })
            .await;
        for (asked, heard) in Dialect::ALL.into_iter().zip(heard) {
            match heard {
                Ok(()) => assert_eq!(asked, spoken),
                Err(error) => {
                    assert_ne!(asked, spoken, "{error}");
                    assert_eq!(error.kind(), ErrorKind::OtherDialect, "{error}");
                }
            }
        }
        assert_eq!(site.simulator.calls().writes, 0);
    }
}
