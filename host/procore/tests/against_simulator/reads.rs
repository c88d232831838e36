//! What is read is what the company has.

use std::collections::BTreeSet;

use muster_core::directory::{HeldAs, ItemKind, ItemStatus, TemplateKind};
use muster_core::id::{Email, ProjectId, UserId};
use muster_sim::{Config, Level, Limits, Rfi, RfiStatus};

use crate::site::{Site, item, numbers};

#[tokio::test]
async fn every_user_is_read_as_the_company_has_them() {
    let site = Site::without_limits().await;
    let reads = site.connect().reads();
    site.run(async {
        assert_eq!(reads.me().await.unwrap().get(), site.company.service_account());
        for expected in site.company.users() {
            let user = reads.user(UserId::new(expected.id)).await.unwrap().unwrap();
            assert_eq!(user.name, expected.name());
            assert_eq!(user.email.as_ref().map(Email::as_str), Some(expected.email.as_str()));
            assert_eq!((user.active, user.employee), (expected.active, expected.employee));
            assert_eq!(
                (user.job_title.as_ref(), user.employee_id.as_ref()),
                (expected.job_title.as_ref(), expected.employee_id.as_ref())
            );
            assert_eq!(user.vendor.as_ref().map(|vendor| vendor.id.get()), expected.vendor);
            assert_eq!(user.company_template.map(|id| id.get()), expected.company_template);
            assert_eq!(user.default_template.map(|id| id.get()), expected.default_template);
            assert_eq!(user.updated_at, Some(expected.updated_at));
            let address = expected.email.to_uppercase().parse().unwrap();
            assert_eq!(reads.users_by_email(&address).await.unwrap(), [user]);
        }
        assert_eq!(reads.user(UserId::new(1)).await.unwrap(), None);
        assert!(reads.users_by_email(&"nobody@example.com".parse().unwrap()).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn lists_of_people_templates_and_projects_are_those_of_the_company() {
    let site = Site::without_limits().await;
    let reads = site.connect().reads();
    let company = &site.company;
    site.run(async {
        let active: Vec<u64> = company.users().filter(|user| user.active).map(|user| user.id).collect();
        let users = reads.active_users().await.unwrap();
        assert_eq!(numbers(&users, |user| user.id.get()), active);
        assert_eq!(reads.active_user_count().await.unwrap(), active.len() as u64);
        let admins: Vec<u64> = active.iter().copied().filter(|id| company.is_company_admin(*id)).collect();
        assert_eq!(numbers(&reads.company_admins().await.unwrap(), |user| user.id.get()), admins);

        for template in reads.company_templates().await.unwrap() {
            let expected = company.template(template.id.get()).unwrap();
            assert_eq!((&template.name, template.kind), (&expected.name, TemplateKind::Company));
            assert_eq!(template.directory_admin, Some(expected.level("directory") == Level::Admin));
        }
        let of_projects = reads.project_templates().await.unwrap();
        assert!(of_projects.iter().any(|template| template.kind == TemplateKind::Global));
        assert!(of_projects.iter().all(|template| template.kind != TemplateKind::Company));

        let projects = reads.projects().await.unwrap();
        let active: Vec<u64> =
            company.projects().filter(|project| project.active).map(|project| project.id).collect();
        assert_eq!(numbers(&projects, |project| project.id.get()), active);
        for expected in company.projects() {
            let project = reads.project(ProjectId::new(expected.id)).await.unwrap().unwrap();
            assert_eq!((&project.name, project.number.as_ref()), (&expected.name, Some(&expected.number)));
            assert_eq!((project.active, project.stage.as_ref()), (expected.active, Some(&expected.stage)));
            assert!(!project.active || projects.contains(&project));
        }
        assert_eq!(reads.project(ProjectId::new(1)).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn memberships_and_rfis_are_those_of_the_company() {
    let site = Site::without_limits().await;
    let reads = site.connect().reads();
    let company = &site.company;
    site.run(async {
        for user in company.users() {
            let memberships = reads.memberships(UserId::new(user.id)).await.unwrap();
            let expected: Vec<u64> = company.projects_of(user.id).collect();
            assert_eq!(numbers(&memberships, |membership| membership.project.get()), expected);
            for membership in memberships {
                let expected = company.membership(user.id, membership.project.get()).unwrap();
                let template = expected.template.map(|id| company.template(id).unwrap().name.clone());
                assert_eq!(membership.template_name, template);
                assert_eq!(membership.roles.len(), expected.roles.len());
            }
        }
        for project in company.projects() {
            let id = ProjectId::new(project.id);
            let mut held = BTreeSet::new();
            for user in company.members(project.id).map(|membership| UserId::new(membership.user)) {
                let items = reads.open_items(id, ItemKind::Rfi, Some(user)).await.unwrap();
                assert!(items.iter().all(|item| item.is_open() && item.held_by(user).next().is_some()));
                held.extend(items.into_iter().map(|item| (user.get(), item.item.id.get())));
            }
            let holders = |rfi: &Rfi| {
                let people = rfi.assignees.iter().copied().chain([rfi.manager]);
                people.map(|user| (user, rfi.id)).collect::<Vec<_>>()
            };
            let open = company.rfis_of(project.id).filter(|rfi| !rfi.status.is_closed());
            assert_eq!(held, open.flat_map(holders).collect());

            for (role, expected) in [
                (
                    HeldAs::Assignee,
                    company.potential_assignees(project.id).map(|user| user.id).collect::<Vec<_>>(),
                ),
                (
                    HeldAs::RequiredAssignee,
                    company.potential_assignees(project.id).map(|user| user.id).collect(),
                ),
                (HeldAs::Manager, company.potential_managers(project.id).map(|user| user.id).collect()),
            ] {
                let candidates = reads.candidates(id, ItemKind::Rfi, None, role).await.unwrap();
                assert_eq!(numbers(&candidates.people, |person| person.id.get()), expected);
            }
        }
        for expected in company.rfis() {
            let rfi = item(ItemKind::Rfi, expected.project, expected.id);
            let item = reads.item(rfi).await.unwrap().unwrap();
            assert_eq!((&item.title, &item.number), (&expected.subject, &expected.number));
            assert_eq!((item.due, item.is_open()), (expected.due_date, !expected.status.is_closed()));
            assert_eq!(item.status == ItemStatus::Draft, expected.status == RfiStatus::Draft);
            let required = item.holders.iter().filter(|holder| holder.held_as == HeldAs::RequiredAssignee);
            assert_eq!(
                required.map(|holder| holder.person.id.get()).collect::<BTreeSet<_>>(),
                expected.required
            );
        }
        assert_eq!(reads.item(item(ItemKind::Rfi, 1, 1)).await.unwrap(), None);
        let nowhere = reads.open_items(ProjectId::new(1), ItemKind::Rfi, Some(UserId::new(1))).await;
        let nowhere = nowhere.unwrap_err();
        assert!(nowhere.is_not_visible());
    })
    .await;
}

#[tokio::test]
async fn a_list_is_complete_however_small_its_pages_are() {
    let config = Config { page_max: 7, limits: Limits::NONE, ..Config::default() };
    let site = Site::of(config).await;
    let users = site.run(site.connect().reads().active_users()).await.unwrap();
    let active = site.company.users().filter(|user| user.active).count();
    assert_eq!(users.len(), active);
    assert_eq!(site.simulator.calls().of("GET /rest/v1.3/users"), active.div_ceil(7) as u64);
}
