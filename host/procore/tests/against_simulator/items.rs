//! Items of every kind: who holds them, who could, how they are handed over and closed.

use std::collections::BTreeSet;

use muster_core::directory::{Handover, HeldAs, Item, ItemKind, ItemRef, ItemStatus};
use muster_core::id::{ProjectId, UserId};
use muster_procore::{Dialect, ErrorKind, Reads, Settled};
use muster_sim::{
    Company, Config, Level, Limits, NewCoordinationIssue, NewMembership, NewObservation, NewProject,
    NewPunchItem, NewRfi, NewSubmittal, NewTask, NewUser, PunchResponse, PunchStatus, SubmittalResponse,
    SubmittalStatus, Switches, TaskStatus, Tool, ToolOff,
};

use crate::site::{Site, item, numbers};

/// The kinds, with the tool that each is of.
pub(crate) const KINDS: [(ItemKind, Tool); 6] = [
    (ItemKind::Rfi, Tool::Rfi),
    (ItemKind::Submittal, Tool::Submittals),
    (ItemKind::PunchItem, Tool::PunchList),
    (ItemKind::Observation, Tool::Observations),
    (ItemKind::Task, Tool::TaskItems),
    (ItemKind::CoordinationIssue, Tool::CoordinationIssues),
];

/// A project with items of every kind.
#[derive(Clone, Copy)]
pub(crate) struct Crew {
    pub(crate) project: ProjectId,
    /// Holds one of everything, in every role.
    pub(crate) ana: UserId,
    /// Holds it beside Ana where several can.
    pub(crate) ben: UserId,
    /// Could take it over.
    pub(crate) cem: UserId,
    /// Could so too.
    pub(crate) dot: UserId,
    /// Is not on the project.
    pub(crate) eve: UserId,
    /// The ids of what Ana holds, in the order of the kinds.
    ids: [u64; 6],
}

impl Crew {
    /// Returns what Ana holds of a kind.
    pub(crate) fn item(&self, kind: ItemKind) -> ItemRef {
        let place = KINDS.iter().position(|(known, _)| *known == kind).unwrap();
        item(kind, self.project.get(), self.ids[place])
    }
}

/// Adds the project, its people and its items to a company.
pub(crate) fn furnish(company: &mut Company) -> Crew {
    let project = company.add_project(NewProject::named("Items"));
    let template = company.template_by_name("Project Manager").unwrap().id;
    let user = |name: &str| company.add_user(NewUser::named(name, "Holder")).unwrap();
    let [ana, ben, cem, dot, eve] = ["Ana", "Ben", "Cem", "Dot", "Eve"].map(user);
    for user in [ana, ben, cem, dot] {
        company.add_membership(NewMembership::new(user, project).with_template(template)).unwrap();
    }
    let both = [ana, ben];
    let mut ids = [0; 6];
    // What Ana holds stands between what others hold, and beside what is done.
    for turn in 0..3 {
        let (manager, people): (u64, &[u64]) = if turn == 1 { (ana, &both) } else { (dot, &[ben]) };
        let required = people.iter().copied().filter(|user| *user == ana).collect();
        let rfi = NewRfi { required, ..NewRfi::open(project, "Slab edge", manager, people) };
        let made = [
            company.add_rfi(rfi).unwrap(),
            company.add_submittal(NewSubmittal::open(project, "Beams", manager, &[people, people])).unwrap(),
            company.add_punch_item(NewPunchItem::open(project, "Paint", manager, people)).unwrap(),
            company.add_observation(NewObservation::open(project, "Rail", people[0])).unwrap(),
            company.add_task(NewTask::open(project, "Audit", people)).unwrap(),
            company.add_coordination_issue(NewCoordinationIssue::open(project, "Pipe", people[0])).unwrap(),
        ];
        if turn == 1 {
            ids = made;
        }
    }
    done(company, project, ana);
    let [ana, ben, cem, dot, eve] = [ana, ben, cem, dot, eve].map(UserId::new);
    Crew { project: ProjectId::new(project), ana, ben, cem, dot, eve, ids }
}

/// Adds what is a draft, and what somebody held that is done, or whose part in it is.
fn done(company: &mut Company, project: u64, user: u64) {
    let task = NewTask { status: TaskStatus::Void, ..NewTask::open(project, "Void", &[user]) };
    company.add_task(task).unwrap();
    for status in [SubmittalStatus::Distributed, SubmittalStatus::Draft] {
        let submittal = NewSubmittal { status, ..NewSubmittal::open(project, "Glass", user, &[&[user]]) };
        company.add_submittal(submittal).unwrap();
    }
    for status in [PunchStatus::Closed, PunchStatus::Draft] {
        let punch = NewPunchItem { status, ..NewPunchItem::open(project, "Door", user, &[user]) };
        company.add_punch_item(punch).unwrap();
    }
    let answered = company.add_submittal(NewSubmittal::open(project, "Steel", user, &[&[user]])).unwrap();
    company.respond_to_submittal(answered, user, SubmittalResponse::Approved).unwrap();
    let resolved = company.add_punch_item(NewPunchItem::open(project, "Window", user, &[user])).unwrap();
    let mut punch = company.item::<muster_sim::PunchItem>(resolved).unwrap().clone();
    punch.assignments[0].status = PunchResponse::Resolved;
    company.put_item(punch).unwrap();
}

/// Starts a simulator with such a project.
pub(crate) async fn furnished() -> (Site, Crew) {
    let mut crew = None;
    let site = Site::speaking(Dialect::Reference, |company| crew = Some(furnish(company))).await;
    (site, crew.unwrap())
}

/// Returns who holds an item, without names: whoever is to come has none yet.
pub(crate) fn roles(item: &Item) -> BTreeSet<(u64, HeldAs)> {
    item.holders.iter().map(|held| (held.person.id.get(), held.held_as)).collect()
}

fn name(held_as: HeldAs) -> String {
    serde_json::to_value(held_as).unwrap().as_str().unwrap().to_owned()
}

pub(crate) async fn shown(reads: &Reads, item: ItemRef) -> Item {
    reads.item(item).await.unwrap().unwrap()
}

/// What the company says that a user holds, or anybody: items with the roles in which they are held.
type Held = BTreeSet<(u64, u64, String)>;

fn held(company: &Company, project: ProjectId, kind: ItemKind, user: Option<UserId>) -> Held {
    let held = company.holdings().into_iter().filter(|held| held.project == Some(project.get()));
    let held = held.filter(|held| held.kind.name() == kind.name());
    let held: Held = held.map(|held| (held.id, held.user, held.role.name().to_owned())).collect();
    let theirs =
        |id: u64| user.is_none_or(|user| held.iter().any(|(held, by, _)| (*held, *by) == (id, user.get())));
    held.iter().filter(|(id, ..)| theirs(*id)).cloned().collect()
}

#[tokio::test]
async fn everybody_holds_what_the_company_says() {
    let (site, crew) = furnished().await;
    let reads = site.connect().reads();
    site.run(async {
        for (kind, _) in KINDS {
            for user in [None, Some(crew.ana), Some(crew.ben), Some(crew.cem), Some(crew.dot)] {
                let items = reads.open_items(crew.project, kind, user).await.unwrap();
                assert!(items.iter().all(Item::is_open) && items.is_sorted_by_key(|item| item.item));
                let found = items.iter().flat_map(|item| {
                    roles(item).into_iter().map(|(user, held_as)| (item.item.id.get(), user, name(held_as)))
                });
                assert_eq!(
                    found.collect::<Held>(),
                    held(&site.company, crew.project, kind, user),
                    "{kind:?}"
                );
            }
            let item = shown(&reads, crew.item(kind)).await;
            let open = reads.open_items(crew.project, kind, Some(crew.ana)).await.unwrap();
            assert!(open.contains(&item), "{kind:?}: {item:?}");
            assert!(!item.title.is_empty() && !item.number.is_empty(), "{item:?}");
            assert_eq!(reads.item(self::item(kind, crew.project.get(), 1)).await.unwrap(), None);
            assert_eq!(reads.item(self::item(kind, 1, 1)).await.unwrap(), None, "nor the project");
        }
        for kind in [ItemKind::Submittal, ItemKind::PunchItem] {
            let open = reads.open_items(crew.project, kind, Some(crew.ana)).await.unwrap();
            assert_eq!(open.iter().filter(|item| item.status == ItemStatus::Draft).count(), 1, "{kind:?}");
        }
        let calls = site.simulator.calls().operations;
        let sent = calls.iter().filter(|(operation, _)| *operation != "POST /oauth/token");
        assert_eq!(reads.requests(), sent.map(|(_, count)| count).sum::<u64>());
    })
    .await;
}

#[tokio::test]
async fn tools_offer_those_who_may_hold_their_items() {
    let mut crew = None;
    let site = Site::speaking(Dialect::Reference, |company| {
        let found = furnish(company);
        let template = company.template_by_name("Subcontractor").unwrap().id;
        company.set_template(found.ben.get(), found.project.get(), template).unwrap();
        company.set_active(found.dot.get(), false).unwrap();
        crew = Some(found);
    })
    .await;
    let crew = crew.unwrap();
    let reads = site.connect().reads();
    site.run(async {
        for (kind, tool) in KINDS {
            for held_as in kind.roles() {
                let found = reads.candidates(crew.project, kind, None, *held_as).await.unwrap();
                let ids = numbers(&found.people, |person| person.id.get());
                let level = if *held_as == HeldAs::Manager { Level::Admin } else { Level::Standard };
                let may = site.company.candidates(crew.project.get(), tool, level).map(|user| user.id);
                let offered = kind != ItemKind::Submittal;
                assert_eq!(found.offered, offered, "{kind:?}");
                if offered {
                    assert_eq!(ids, may.collect::<Vec<_>>(), "{kind:?} {held_as:?}");
                } else {
                    let members = site.company.members(crew.project.get());
                    let active = members.filter(|member| site.company.user(member.user).unwrap().active);
                    assert_eq!(ids, active.map(|member| member.user).collect::<Vec<_>>());
                }
                assert!(!ids.contains(&crew.dot.get()) && !ids.contains(&crew.eve.get()), "{kind:?}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn every_role_is_handed_over_alone_and_everybody_else_stays() {
    for (kind, _) in KINDS {
        let (site, crew) = furnished().await;
        let (reads, writes) = (site.connect().reads(), site.connect().writes());
        site.run(async {
            for held_as in kind.roles().iter().copied() {
                let beside = kind.takes_several(held_as).then_some((None, crew.dot));
                for (from, to) in [Some((Some(crew.ana), crew.cem)), beside].into_iter().flatten() {
                    let before = shown(&reads, crew.item(kind)).await;
                    let change = Handover { held_as, from, to };
                    writes.hand_over(&before, &[change]).await.unwrap();
                    let mut wanted = before.clone();
                    wanted.hand_over(change, "");
                    let after = shown(&reads, crew.item(kind)).await;
                    assert_eq!(roles(&after), roles(&wanted), "{kind:?} {change:?}");
                    assert_ne!(roles(&after), roles(&before), "{kind:?} {change:?}");
                    assert_eq!((&after.title, &after.number), (&before.title, &before.number), "{kind:?}");
                }
            }
        })
        .await;
    }
}

#[tokio::test]
async fn all_roles_are_handed_over_in_one_request() {
    for (kind, _) in KINDS {
        let (site, crew) = furnished().await;
        let (reads, writes) = (site.connect().reads(), site.connect().writes());
        site.run(async {
            let before = shown(&reads, crew.item(kind)).await;
            let changes: Vec<Handover> = before
                .held_by(crew.ana)
                .map(|held_as| Handover { held_as, from: Some(crew.ana), to: crew.cem })
                .collect();
            writes.hand_over(&before, &changes).await.unwrap();
            let after = shown(&reads, crew.item(kind)).await;
            assert_eq!(after.held_by(crew.ana).count(), 0, "{kind:?}");
            assert!(after.held_by(crew.cem).eq(before.held_by(crew.ana)), "{kind:?}");
            assert!(after.held_by(crew.ben).eq(before.held_by(crew.ben)), "{kind:?}");
            assert_eq!(site.simulator.calls().writes, 1, "{kind:?}");
        })
        .await;
    }
}

#[tokio::test]
async fn many_rfis_are_handed_over_in_one_request_whoever_else_holds_them() {
    let (site, crew) = furnished().await;
    let (reads, writes) = (site.connect().reads(), site.connect().writes());
    site.run(async {
        let open = reads.open_items(crew.project, ItemKind::Rfi, None).await.unwrap();
        let ids: Vec<_> = open.iter().map(|item| item.item.id).collect();
        let change = |held_as, from, to| Handover { held_as, from, to };
        let changes = [
            change(HeldAs::RequiredAssignee, Some(crew.ana), crew.cem),
            change(HeldAs::Assignee, Some(crew.ben), crew.dot),
            change(HeldAs::Manager, None, crew.cem),
        ];
        writes.hand_over_rfis(crew.project, &ids, &changes).await.unwrap();
        let after = reads.open_items(crew.project, ItemKind::Rfi, None).await.unwrap();
        assert_eq!((ids.len(), after.len(), site.simulator.calls().writes), (3, 3, 1));
        let wanted =
            [(crew.cem, HeldAs::RequiredAssignee), (crew.cem, HeldAs::Manager), (crew.dot, HeldAs::Assignee)];
        let wanted: BTreeSet<_> = wanted.map(|(user, held_as)| (user.get(), held_as)).into();
        assert!(after.iter().all(|item| roles(item) == wanted), "{after:?}");
    })
    .await;
}

#[tokio::test]
async fn whoever_may_not_hold_an_item_is_refused_and_nothing_changes() {
    let (site, crew) = furnished().await;
    let (reads, writes) = (site.connect().reads(), site.connect().writes());
    site.run(async {
        for (kind, _) in KINDS {
            for held_as in kind.roles().iter().copied() {
                let before = shown(&reads, crew.item(kind)).await;
                let change = Handover { held_as, from: Some(crew.ana), to: crew.eve };
                let error = writes.hand_over(&before, &[change]).await.unwrap_err();
                assert_eq!(
                    (error.kind(), error.settled()),
                    (ErrorKind::Invalid, Settled::Refused),
                    "{error}"
                );
                assert_eq!(shown(&reads, crew.item(kind)).await, before, "{kind:?} {held_as:?}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_closed_is_nobodys_any_more() {
    let (site, crew) = furnished().await;
    let (reads, writes) = (site.connect().reads(), site.connect().writes());
    site.run(async {
        for (kind, _) in KINDS {
            let item = crew.item(kind);
            writes.close_item(item).await.unwrap();
            assert_eq!(shown(&reads, item).await.status, ItemStatus::Closed, "{kind:?}");
            let open = reads.open_items(crew.project, kind, None).await.unwrap();
            assert!(!open.is_empty() && open.iter().all(|open| open.item != item), "{kind:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_tool_that_is_off_is_told_and_is_no_empty_list() {
    for tool_off in [ToolOff::NotFound, ToolOff::Forbidden] {
        for (kind, tool) in KINDS {
            let mut crew = None;
            let switches = Switches { tool_off, ..Switches::default() };
            let config = Config { limits: Limits::NONE, switches, ..Config::default() };
            let site = Site::with(config, |company| {
                let found = furnish(company);
                company.set_tool(found.project.get(), tool, false).unwrap();
                crew = Some(found);
            })
            .await;
            let crew = crew.unwrap();
            let reads = site.connect().reads();
            site.run(async {
                let on = reads.kinds_on(crew.project).await.unwrap();
                let off: Vec<_> = ItemKind::ALL.into_iter().filter(|kind| !on.contains(kind)).collect();
                assert_eq!(off, [kind]);
                let error = reads.open_items(crew.project, kind, Some(crew.ana)).await.unwrap_err();
                assert!(error.is_not_visible(), "{error}");
            })
            .await;
        }
    }
}
