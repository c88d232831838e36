//! The client against the simulator, which reads Procore's documents for itself.

#![cfg(test)]

#[path = "scripted/clock.rs"]
mod clock;

use std::collections::BTreeSet;
use std::time::Duration;

use muster_core::directory::{HeldAs, ItemStatus, TemplateKind};
use muster_core::id::{CompanyId, Email, ItemId, ProjectId, UserId};
use muster_procore::{Connection, ErrorKind, RfiPeople, SecretString, Settings, Settled, Timeouts, connect};
use muster_sim::{
    Clock, Company, Config, Fault, Level, Limits, ManualClock, Rfi, RfiStatus, Seed, Simulator,
};
use tokio::task::JoinSet;

use clock::{fast, quickly};

/// A simulator whose clock goes with the tests' own.
struct Site {
    simulator: Simulator,
    clock: ManualClock,
    /// The company as it was at the start.
    company: Company,
}

impl Site {
    async fn of(config: Config) -> Self {
        let seed = Seed { seed: 7, users: 60, projects: 8, rfis: 60 };
        let clock = ManualClock::at("2026-07-02T08:00:00.4Z".parse().unwrap());
        let config = Config { seed, clock: Clock::Manual(clock.clone()), ..config };
        let company = Company::seeded(&seed);
        let address = ([127, 0, 0, 1], 0).into();
        let simulator = Simulator::start(config, company.clone(), address).await.unwrap();
        Self { simulator, clock, company }
    }

    async fn without_limits() -> Self {
        Self::of(Config { limits: Limits::NONE, ..Config::default() }).await
    }

    fn settings(&self) -> Settings {
        let url: muster_procore::Url = self.simulator.base_url().parse().unwrap();
        let credentials = self.simulator.credentials();
        let secret = SecretString::from(credentials.client_secret);
        let company = CompanyId::new(self.simulator.company_id());
        let mut settings = Settings::new(url.clone(), url, company, credentials.client_id, secret);
        let long = Duration::from_secs(600);
        settings.timeouts = Timeouts { connect: long, head: long, chunk: long, request: long };
        settings
    }

    fn connect(&self) -> Connection {
        connect(self.settings()).unwrap()
    }

    async fn run<T>(&self, work: impl Future<Output = T>) -> T {
        fast(work, |step| self.clock.advance(step)).await
    }

    /// Returns an open RFI whose manager could be made its manager again: its project, its number, its manager and its
    /// assignees.
    fn open_rfi(&self) -> (ProjectId, ItemId, UserId, Vec<UserId>) {
        let managed = |rfi: &&Rfi| {
            let mut managers = self.company.potential_managers(rfi.project);
            rfi.status == RfiStatus::Open && managers.any(|user| user.id == rfi.manager)
        };
        let rfi = self.company.rfis().find(managed).unwrap();
        let assignees = rfi.assignees.iter().copied().map(UserId::new).collect();
        (ProjectId::new(rfi.project), ItemId::new(rfi.id), UserId::new(rfi.manager), assignees)
    }

    /// Returns an active user who is on some project and holds no RFI anywhere, and that project.
    fn member(&self) -> (UserId, ProjectId) {
        let company = &self.company;
        let holds = |user| company.rfis().any(|rfi| rfi.manager == user || rfi.assignees.contains(&user));
        let plain = |user| company.user(user).unwrap().active && !holds(user);
        let membership = company.memberships().find(|membership| plain(membership.user)).unwrap();
        (UserId::new(membership.user), ProjectId::new(membership.project))
    }
}

fn numbers<T>(things: &[T], id: impl Fn(&T) -> u64) -> Vec<u64> {
    things.iter().map(id).collect()
}

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
                let items = reads.open_rfis_held_by(id, user).await.unwrap();
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
                let candidates = reads.rfi_candidates(id, role).await.unwrap();
                assert_eq!(numbers(&candidates, |person| person.id.get()), expected);
            }
        }
        for expected in company.rfis() {
            let (project, id) = (ProjectId::new(expected.project), ItemId::new(expected.id));
            let item = reads.rfi(project, id).await.unwrap().unwrap();
            assert_eq!((&item.title, &item.number), (&expected.subject, &expected.number));
            assert_eq!((item.due, item.is_open()), (expected.due_date, !expected.status.is_closed()));
            assert_eq!(item.status == ItemStatus::Draft, expected.status == RfiStatus::Draft);
            let required = item.holders.iter().filter(|holder| holder.held_as == HeldAs::RequiredAssignee);
            assert_eq!(
                required.map(|holder| holder.person.id.get()).collect::<BTreeSet<_>>(),
                expected.required
            );
        }
        assert_eq!(reads.rfi(ProjectId::new(1), ItemId::new(1)).await.unwrap(), None);
        let nowhere = reads.open_rfis_held_by(ProjectId::new(1), UserId::new(1)).await.unwrap_err();
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

#[tokio::test]
async fn every_change_shows_when_it_is_read_back() {
    let site = Site::without_limits().await;
    let (reads, writes) = (site.connect().reads(), site.connect().writes());
    let ((user, project), (rfi_project, rfi, manager, assignees)) = (site.member(), site.open_rfi());
    site.run(async {
        writes.remove_from_project(user, project).await.unwrap();
        assert!(
            reads.memberships(user).await.unwrap().iter().all(|membership| membership.project != project)
        );
        writes.deactivate_user(user).await.unwrap();
        assert!(!reads.user(user).await.unwrap().unwrap().active);
        let left = site.company.projects_of(user.get()).count() - 1;
        assert_eq!(reads.memberships(user).await.unwrap().len(), left, "memberships outlive the login");

        let candidates = reads.rfi_candidates(rfi_project, HeldAs::Manager).await.unwrap();
        let next =
            candidates.iter().map(|person| person.id).find(|id| *id != manager && *id != user).unwrap();
        let people = RfiPeople {
            assignees: Some(vec![next]),
            required_assignees: Some(vec![next]),
            manager: Some(next),
        };
        writes.set_rfi_people(rfi_project, rfi, people).await.unwrap();
        let item = reads.rfi(rfi_project, rfi).await.unwrap().unwrap();
        assert_eq!(item.held_by(next).collect::<Vec<_>>(), [HeldAs::RequiredAssignee, HeldAs::Manager]);
        assert!(assignees.iter().all(|old| *old == next || item.held_by(*old).next().is_none()));
        let only = RfiPeople { manager: Some(manager), ..RfiPeople::default() };
        writes.set_rfi_people(rfi_project, rfi, only).await.unwrap();
        let item = reads.rfi(rfi_project, rfi).await.unwrap().unwrap();
        assert_eq!(item.held_by(next).collect::<Vec<_>>(), [HeldAs::RequiredAssignee], "the rest stays");

        writes.close_rfi(rfi_project, rfi).await.unwrap();
        assert!(!reads.rfi(rfi_project, rfi).await.unwrap().unwrap().is_open());
        assert!(
            reads.open_rfis_held_by(rfi_project, next).await.unwrap().iter().all(|item| item.item.id != rfi)
        );
    })
    .await;
    assert_eq!(site.simulator.calls().writes, 5);
}

#[tokio::test]
async fn a_change_that_procore_swallows_is_seen_by_reading_back() {
    let site = Site::without_limits().await;
    let (reads, writes) = (site.connect().reads(), site.connect().writes());
    let ((user, project), (rfi_project, rfi, manager, _)) = (site.member(), site.open_rfi());
    site.simulator.set_faults(Fault::ALL);
    site.run(async {
        writes.remove_from_project(user, project).await.unwrap();
        assert!(
            reads.memberships(user).await.unwrap().iter().any(|membership| membership.project == project)
        );
        writes.deactivate_user(user).await.unwrap();
        assert!(reads.user(user).await.unwrap().unwrap().active);
        let candidates = reads.rfi_candidates(rfi_project, HeldAs::Manager).await.unwrap();
        let next = candidates.iter().map(|person| person.id).find(|id| *id != manager).unwrap();
        let people = RfiPeople { manager: Some(next), ..RfiPeople::default() };
        writes.set_rfi_people(rfi_project, rfi, people).await.unwrap();
        let item = reads.rfi(rfi_project, rfi).await.unwrap().unwrap();
        assert_eq!(item.held_by(manager).last(), Some(HeldAs::Manager));
    })
    .await;
}

#[tokio::test]
async fn refused_changes_are_told_in_procores_words() {
    let site = Site::without_limits().await;
    let writes = site.connect().writes();
    let (project, rfi, ..) = site.open_rfi();
    let people = RfiPeople { assignees: Some(vec![UserId::new(1)]), ..RfiPeople::default() };
    let (absent, invalid) = site
        .run(async {
            let absent = writes.deactivate_user(UserId::new(1)).await.unwrap_err();
            (absent, writes.set_rfi_people(project, rfi, people).await.unwrap_err())
        })
        .await;
    assert_eq!(
        (absent.kind(), absent.settled(), absent.words()),
        (ErrorKind::NotFound, Settled::Refused, Some("Not Found"))
    );
    assert_eq!((invalid.kind(), invalid.settled()), (ErrorKind::Invalid, Settled::Refused));
    assert!(invalid.words().is_some() && invalid.request_id().is_some(), "{invalid}");
}

#[tokio::test]
async fn a_company_that_the_app_is_not_connected_to_is_forbidden() {
    let site = Site::without_limits().await;
    site.simulator.with_company(|company| company.set_connected(false));
    let error = site.run(site.connect().reads().me()).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.words()),
        (ErrorKind::Forbidden, Some("App is not connected to this company."))
    );
}

#[tokio::test]
async fn wrong_credentials_are_not_accepted() {
    let site = Site::without_limits().await;
    let mut settings = site.settings();
    settings.client_secret = SecretString::from("something else");
    let error = site.run(connect(settings).unwrap().reads().me()).await.unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::NotAuthenticated, "fetch token"));
}

#[tokio::test]
async fn a_token_that_ends_is_renewed_in_time_or_when_procore_says_so() {
    let config =
        Config { token_lifetime: Duration::from_secs(100), limits: Limits::NONE, ..Config::default() };
    let site = Site::of(config).await;
    let reads = site.connect().reads();
    site.run(async {
        for _ in 0..3 {
            reads.me().await.unwrap();
            tokio::time::sleep(Duration::from_secs(95)).await;
        }
    })
    .await;
    assert_eq!(site.simulator.calls().of("POST /oauth/token"), 3, "in time, so that nothing is refused");
    assert_eq!(site.simulator.calls().of("GET /rest/v1.0/me"), 3);
    let reads = site.connect().reads();
    quickly(reads.me()).await.unwrap();
    site.clock.advance(Duration::from_secs(200));
    quickly(reads.me()).await.unwrap();
    assert_eq!(site.simulator.calls().of("POST /oauth/token"), 5);
    assert_eq!(site.simulator.calls().of("GET /rest/v1.0/me"), 6, "one was refused");
}

#[tokio::test]
async fn neither_window_is_ever_overrun_however_many_calls_come_at_once() {
    let config = Config { limits: "60/h,5/10s".parse().unwrap(), ..Config::default() };
    let site = Site::of(config).await;
    let connection = site.connect();
    let users: Vec<UserId> = site.company.users().map(|user| UserId::new(user.id)).take(60).collect();
    site.run(async {
        let mut tasks = JoinSet::new();
        for user in users.iter().cycle().take(100).copied() {
            let reads = connection.reads();
            tasks.spawn(async move { reads.user(user).await.unwrap().unwrap() });
        }
        tasks.join_all().await
    })
    .await;
    assert_eq!(site.simulator.calls().throttled, 0);
    assert_eq!(site.simulator.calls().of("GET /rest/v1.3/companies/{company_id}/users/{id}"), 100);
    assert_eq!(connection.budget().hour.limit, Some(60));
}

#[tokio::test]
async fn calls_that_others_use_up_are_waited_for_with_or_without_retry_after() {
    for retry_after_on_429 in [true, false] {
        let config = Config { limits: "25/10s".parse().unwrap(), retry_after_on_429, ..Config::default() };
        let site = Site::of(config).await;
        let (user, _) = site.member();
        site.run(async {
            let mut tasks = JoinSet::new();
            for connection in [site.connect(), site.connect()] {
                for _ in 0..60 {
                    let reads = connection.reads();
                    tasks.spawn(async move { reads.user(user).await.unwrap() });
                }
            }
            tasks.join_all().await
        })
        .await;
        let calls = site.simulator.calls();
        assert_eq!(calls.of("GET /rest/v1.3/companies/{company_id}/users/{id}"), 120);
        assert!(calls.throttled > 0, "two clients that don't know of each other must meet");
    }
}
