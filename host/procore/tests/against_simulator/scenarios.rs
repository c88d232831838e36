//! The three scenarios of the user management guide (stitchflow.com, Procore user management API guide), in both dialects.

use muster_core::directory::{Activity, NewUser};
use muster_core::id::{Email, ProjectId, UserId};
use muster_procore::Dialect;

use crate::site::{Site, numbers};

/// Provision a new employee and add them to a project.
#[tokio::test]
async fn provision() {
    for dialect in Dialect::ALL {
        let site = Site::speaking(dialect, |_| {}).await;
        let (reads, writes) = (site.connect().reads(), site.connect().writes());
        let project = ProjectId::new(site.company.projects().find(|project| project.active).unwrap().id);
        let template = site.template("Project Engineer");
        site.run(async {
            let email: Email = "john.smith@example.com".parse().unwrap();
            assert!(reads.users_by_email(&email).await.unwrap().is_empty());
            let user = NewUser {
                email: email.clone(),
                first_name: Some("John".to_owned()),
                last_name: "Smith".to_owned(),
                job_title: None,
                employee: true,
                employee_id: None,
                vendor: None,
            };
            let id = writes.create_user(&user).await.unwrap();
            assert_eq!(reads.memberships(id).await.unwrap(), [], "{dialect}: no project, no access");
            writes.add_to_project(id, project, Some(template)).await.unwrap();

            let member = reads.member(id, project).await.unwrap().unwrap();
            assert_eq!(
                (member.active, member.template.map(|given| given.id)),
                (true, Some(template)),
                "{dialect}"
            );
            let found = reads.users_by_email(&email).await.unwrap();
            assert_eq!(
                numbers(&found, |user| user.id.get()),
                [id.get()],
                "{dialect}: there is one, and only one"
            );
            assert!(found[0].employee);
        })
        .await;
        assert_eq!(site.simulator.calls().writes, 2, "{dialect}");
    }
}

/// Deactivate a departed employee across the company.
#[tokio::test]
async fn deactivate() {
    for dialect in Dialect::ALL {
        let site = Site::speaking(dialect, |_| {}).await;
        let (reads, writes) = (site.connect().reads(), site.connect().writes());
        let (user, _) = site.member();
        let address: Email = site.company.user(user.get()).unwrap().email.parse().unwrap();
        site.run(async {
            let found = reads.users_by_email(&address).await.unwrap();
            assert_eq!(numbers(&found, |user| user.id.get()), [user.get()], "{dialect}");
            writes.deactivate_user(user).await.unwrap();
            let kept = reads.memberships(user).await.unwrap();
            assert!(!kept.is_empty(), "{dialect}: a login is taken away, not the projects");
            for membership in &kept {
                writes.remove_from_project(user, membership.project).await.unwrap();
            }
            assert!(!reads.user(user).await.unwrap().unwrap().active, "{dialect}");
            assert_eq!(reads.memberships(user).await.unwrap(), [], "{dialect}");
            let found = reads.users_by_email(&address).await.unwrap();
            assert_eq!(
                numbers(&found, |user| user.id.get()),
                [user.get()],
                "{dialect}: still in the directory"
            );
        })
        .await;
    }
}

/// Sync company users to an external directory: all of them, and what has changed since.
#[tokio::test]
async fn bulk_sync() {
    for dialect in Dialect::ALL {
        let site = Site::speaking(dialect, |_| {}).await;
        let (reads, writes) = (site.connect().reads(), site.connect().writes());
        site.run(async {
            let before = reads.users(Activity::All).await.unwrap();
            let listed: Vec<_> =
                before.iter().map(|user| (user.id.get(), user.active, user.email.clone())).collect();
            let expected = site.company.users().map(|user| (user.id, user.active, user.email.parse().ok()));
            assert_eq!(listed, expected.collect::<Vec<_>>(), "{dialect}: each once, with address and state");

            let (user, _) = site.member();
            site.clock.advance(std::time::Duration::from_secs(60));
            writes.deactivate_user(user).await.unwrap();
            let after = reads.users(Activity::All).await.unwrap();
            let newer =
                after.iter().zip(&before).filter(|(after, before)| after.updated_at > before.updated_at);
            let newer: Vec<UserId> = newer.map(|(after, _)| after.id).collect();
            assert_eq!(newer, [user], "{dialect}");
        })
        .await;
    }
}
