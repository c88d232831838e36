//! Many people at once: synced, activated, put on projects and taken off.

use std::collections::BTreeMap;

use muster_core::directory::{Activity, ProfileField};
use muster_core::id::{ContactId, ProjectId, UserId};
use muster_procore::{BatchAnswer, BatchStatus, Dialect, NewMembership, PairAnswer, RowAnswer, SyncRow};

use crate::site::Site;

/// Returns active users who are not on a project, and that project.
fn outsiders(site: &Site, number: usize) -> (Vec<UserId>, ProjectId) {
    let projects = site.company.projects().filter(|project| project.active);
    let (users, project) = projects
        .map(|project| {
            let outside = |user: u64| site.company.membership(user, project.id).is_none();
            let users = site.company.users().filter(|user| user.active && outside(user.id));
            (users.map(|user| UserId::new(user.id)).collect::<Vec<_>>(), ProjectId::new(project.id))
        })
        .max_by_key(|(users, _)| users.len())
        .unwrap();
    assert!(users.len() >= number, "{} outside", users.len());
    (users.into_iter().take(number).collect(), project)
}

#[tokio::test]
async fn rows_are_synced_each_for_itself() {
    let site = Site::speaking(Dialect::Reference, |_| {}).await;
    let (reads, writes) = (site.connect().reads(), site.connect().writes());
    site.run(async {
        let active = reads.users(Activity::Active).await.unwrap();
        let inactive = reads.users(Activity::Inactive).await.unwrap();
        let (leaver, returner) = (active.last().unwrap(), &inactive[0]);
        let row = |user, active| SyncRow { user: Some(user), active: Some(active), ..SyncRow::default() };
        let new = |email: &str| SyncRow {
            email: email.parse().ok(),
            fields: [(ProfileField::LastName, "New".to_owned())].into(),
            ..SyncRow::default()
        };
        let rows = [
            row(leaver.id, false),
            row(returner.id, true),
            row(UserId::new(1), false),
            new("new@example.com"),
            new(active[0].email.as_ref().unwrap().as_str()),
        ];
        let answer = writes.sync_users(&rows).await.unwrap();
        let [done, back, unknown, made, taken] = answer.rows.as_slice() else { panic!("{answer:?}") };
        assert_eq!((done, back), (&RowAnswer::Done(leaver.id), &RowAnswer::Done(returner.id)));
        assert_eq!(unknown, &RowAnswer::Refused("id: Entity with this ID not found".to_owned()));
        assert!(matches!(taken, RowAnswer::Refused(why) if why.starts_with("email_address: ")), "{taken:?}");
        let RowAnswer::Done(made) = made else { panic!("{made:?}") };
        assert_eq!(reads.user(*made).await.unwrap().unwrap().email, "new@example.com".parse().ok());
        assert!(!reads.user(leaver.id).await.unwrap().unwrap().active);
        assert!(reads.user(returner.id).await.unwrap().unwrap().active);
    })
    .await;
}

#[tokio::test]
async fn people_are_activated_by_their_numbers_as_people() {
    let mut leo = 0;
    let site = Site::speaking(Dialect::Reference, |company| leo = company.add_contact("Leo", "Cruz")).await;
    let (reads, writes) = (site.connect().reads(), site.connect().writes());
    let leo = ContactId::new(leo);
    site.run(async {
        let active = reads.users(Activity::Active).await.unwrap();
        // Others may belong to a vendor that is inactive, and then they are left out.
        let own = active.iter().rev().filter(|user| user.employee);
        let users: Vec<UserId> = own.take(3).map(|user| user.id).collect();
        let people = reads.person_ids(&users).await.unwrap();
        assert_eq!(people.len(), 3);
        let mut asked: Vec<ContactId> = people.values().copied().collect();
        asked.push(leo);
        for active in [false, true] {
            let changed = writes.set_people_active(&asked, active).await.unwrap();
            assert_eq!(changed, asked.iter().copied().collect());
            assert!(
                writes.set_people_active(&asked, active).await.unwrap().is_empty(),
                "they are so already"
            );
            for user in &users {
                assert_eq!(reads.user(*user).await.unwrap().unwrap().active, active);
            }
            assert_eq!(reads.contact(leo).await.unwrap().unwrap().active, active);
            // Found whether active or not.
            assert_eq!(reads.person_ids(&users).await.unwrap(), people);
        }
    })
    .await;
}

#[tokio::test]
async fn pairs_are_worked_off_and_a_template_that_is_there_stays() {
    let site = Site::speaking(Dialect::Reference, |_| {}).await;
    let (reads, writes) = (site.connect().reads(), site.connect().writes());
    let (users, project) = outsiders(&site, 3);
    let engineer = site.template("Project Engineer");
    site.run(async {
        let new = |user: &UserId, template| NewMembership { user: *user, project, template: Some(template) };
        let memberships: Vec<_> = users.iter().map(|user| new(user, engineer)).collect();
        let pairs: Vec<_> = users.iter().map(|user| (*user, project)).collect();
        let done: BTreeMap<_, _> = pairs.iter().map(|pair| (*pair, PairAnswer::Done)).collect();
        assert_eq!(writes.add_to_projects(&memberships).await.unwrap(), done);
        let again = new(&users[0], site.template("Read Only"));
        let nobody = NewMembership { user: UserId::new(1), ..again };
        let answer = writes.add_to_projects(&[again, nobody]).await.unwrap();
        assert_eq!(answer[&pairs[0]], PairAnswer::Done);
        assert!(matches!(answer[&(UserId::new(1), project)], PairAnswer::Refused(_)), "{answer:?}");
        let member = reads.member(users[0], project).await.unwrap().unwrap();
        assert_eq!(member.template.unwrap().id, engineer, "the template stays");

        assert_eq!(writes.remove_from_projects(&pairs).await.unwrap(), done);
        assert_eq!(writes.add_to_projects_v2(&memberships).await.unwrap(), BatchAnswer::Now(done.clone()));
        site.simulator.with_company(|company| company.set_managed(users[0].get(), project.get(), true));
        let BatchAnswer::Now(answer) = writes.remove_from_projects_v2(&pairs).await.unwrap() else {
            panic!("three pairs are few")
        };
        assert_eq!(answer[&pairs[0]], PairAnswer::SkippedManaged);
        assert_eq!(answer[&pairs[1]], PairAnswer::Done);
        for (user, there) in [(users[0], true), (users[1], false)] {
            let memberships = reads.memberships(user).await.unwrap();
            assert_eq!(memberships.iter().any(|membership| membership.project == project), there);
        }
    })
    .await;
}

#[tokio::test]
async fn many_pairs_are_worked_off_after_the_answer_and_asked_for_over_another_connection() {
    let site = Site::speaking(Dialect::Reference, |_| {}).await;
    let (reads, writes) = (site.connect().reads(), site.connect().writes());
    let users: Vec<UserId> =
        site.company.users().filter(|user| user.active).map(|user| UserId::new(user.id)).collect();
    let projects: Vec<ProjectId> =
        site.company.projects().map(|project| ProjectId::new(project.id)).take(2).collect();
    site.run(async {
        let memberships: Vec<_> = users
            .iter()
            .flat_map(|user| projects.iter().map(|project| (*user, *project)))
            .map(|(user, project)| NewMembership { user, project, template: None })
            .collect();
        assert!(memberships.len() > 50);
        let answer = writes.add_to_projects_v2(&memberships).await.unwrap();
        let BatchAnswer::Later(handle) = answer else { panic!("{answer:?}") };
        let kept = handle.to_string();
        let reads_later = site.connect().reads();
        let mut looks = 0;
        let failures = loop {
            looks += 1;
            match reads_later.batch(&kept.parse().unwrap()).await.unwrap() {
                BatchStatus::Running => {}
                BatchStatus::Ended { failures } => break failures,
            }
        };
        assert!(looks > 1, "it was done at once");
        assert_eq!(failures, Vec::<String>::new());
        for project in projects {
            let members = reads.members(project).await.unwrap();
            assert!(users.iter().all(|user| members.iter().any(|member| member.person.id == *user)));
        }
    })
    .await;
}
