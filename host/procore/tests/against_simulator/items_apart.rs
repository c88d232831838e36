//! Items that stand in lists of lists, name people by other numbers, or are of the second generation of the API: who holds
//! them, who could, how they are handed over and closed.

use std::collections::{BTreeMap, BTreeSet};

use muster_core::directory::{Fixed, Handover, HeldAs, Item, ItemKind, ItemRef, ItemStatus};
use muster_core::id::{ItemId, ProjectId, UserId};
use muster_procore::{Dialect, ErrorKind, Settled};
use muster_sim::{Company, Config, Limits, Switches, ToolOff};

use crate::apart::{KINDS, furnish, furnished};
use crate::items::{roles, shown};
use crate::site::{Site, numbers};

/// Returns whether somebody can be taken off items of a kind.
fn moves(kind: ItemKind) -> bool {
    kind != ItemKind::Workflow
}

/// What the company says that a user holds, or anybody: items with the roles in which they are held.
type Held = BTreeSet<(u64, u64, String)>;

fn held(company: &Company, project: u64, kind: ItemKind, user: Option<u64>) -> Held {
    let held = company.holdings().into_iter().filter(|held| held.project == Some(project));
    let held = held.filter(|held| held.kind.name() == kind.name());
    let held: Held = held.map(|held| (held.id, held.user, held.role.name().to_owned())).collect();
    let theirs =
        |id: u64| user.is_none_or(|user| held.iter().any(|(held, by, _)| (*held, *by) == (id, user)));
    held.iter().filter(|(id, ..)| theirs(*id)).cloned().collect()
}

fn found(items: &[Item]) -> Held {
    let name = |held_as: HeldAs| serde_json::to_value(held_as).unwrap().as_str().unwrap().to_owned();
    let held = items.iter().flat_map(|item| roles(item).into_iter().map(|held| (item.item.id.get(), held)));
    held.map(|(id, (user, held_as))| (id, user, name(held_as))).collect()
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
                let expected = held(&site.company, crew.project.get(), kind, user.map(UserId::get));
                assert_eq!(found(&items), expected, "{kind:?} {user:?}");
            }
            let item = shown(&reads, crew.item(kind)).await;
            let open = reads.open_items(crew.project, kind, Some(crew.ana)).await.unwrap();
            let listed = open.iter().find(|listed| listed.item == item.item).unwrap();
            assert_eq!((&listed.holders, listed.status), (&item.holders, item.status), "{kind:?}");
            assert!(!listed.title.is_empty(), "{listed:?}");
            let nowhere = ItemRef { id: ItemId::new(1), ..crew.item(kind) };
            assert_eq!(reads.item(nowhere).await.unwrap(), None, "{kind:?}");
            assert_eq!(reads.item(ItemRef { project: ProjectId::new(1), ..nowhere }).await.unwrap(), None);
        }
        let topics = reads.open_items(crew.project, ItemKind::MeetingTopic, Some(crew.ana)).await.unwrap();
        assert_eq!(topics[0].item.within, crew.item(ItemKind::MeetingTopic).within);
        let drafts = reads.open_items(crew.project, ItemKind::Correspondence, Some(crew.ana)).await.unwrap();
        assert_eq!(drafts.iter().filter(|item| item.status == ItemStatus::Draft).count(), 1);
        let locked = shown(&reads, crew.locked).await;
        assert_eq!(locked.holders.iter().map(|held| held.fixed).collect::<Vec<_>>(), [Some(Fixed::Locked)]);
    })
    .await;
}

/// In a made-up company too: what is switched off is told, and of the rest nothing is missed.
#[tokio::test]
async fn whatever_is_in_a_company_is_found() {
    let site = Site::without_limits().await;
    let (company, reads) = (&site.company, site.connect().reads());
    site.run(async {
        let mut seen = BTreeMap::<ItemKind, usize>::new();
        for project in company.projects().filter(|project| project.active) {
            for (kind, tool) in KINDS {
                let expected = held(company, project.id, kind, None);
                match reads.open_items(ProjectId::new(project.id), kind, None).await {
                    Ok(items) => assert_eq!(found(&items), expected, "{kind:?}"),
                    Err(error) => {
                        assert!(error.is_not_visible(), "{kind:?}: {error}");
                        assert!(
                            tool.is_some_and(|tool| !company.has_tool(project.id, tool)),
                            "{kind:?}: {error}"
                        );
                        continue;
                    }
                }
                *seen.entry(kind).or_default() += expected.len();
                let holders: BTreeSet<u64> = expected.iter().map(|(_, user, _)| *user).collect();
                for user in holders.into_iter().take(3) {
                    let items = reads.open_items(ProjectId::new(project.id), kind, Some(UserId::new(user)));
                    let expected = held(company, project.id, kind, Some(user));
                    assert_eq!(found(&items.await.unwrap()), expected, "{kind:?}");
                }
            }
        }
        assert!(seen.len() == KINDS.len() && seen.values().all(|count| *count > 0), "{seen:?}");
    })
    .await;
}

#[tokio::test]
async fn tools_offer_those_who_may_hold_their_items() {
    let mut crew = None;
    let site = Site::speaking(Dialect::Reference, |company| {
        let found = furnish(company);
        let template = company.template_by_name("Inspector").unwrap().id;
        company.set_template(found.ben.get(), found.project.get(), template).unwrap();
        company.set_active(found.dot.get(), false).unwrap();
        crew = Some(found);
    })
    .await;
    let crew = crew.unwrap();
    let reads = site.connect().reads();
    site.run(async {
        for (kind, _) in KINDS {
            let offered = !matches!(kind, ItemKind::MeetingTopic | ItemKind::DistributionGroup);
            for held_as in kind.roles() {
                let pool = crew.item(kind).pool();
                let found = reads.candidates(crew.project, kind, pool, *held_as).await.unwrap();
                let ids = numbers(&found.people, |person| person.id.get());
                assert_eq!(found.offered, offered, "{kind:?}");
                assert!(ids.contains(&crew.ana.get()) && ids.contains(&crew.cem.get()), "{kind:?} {ids:?}");
                assert!(!ids.contains(&crew.dot.get()) && !ids.contains(&crew.eve.get()), "{kind:?}");
                let manages = *held_as == HeldAs::Manager;
                assert!(!manages || !ids.contains(&crew.ben.get()), "{kind:?}: {ids:?}");
                assert!(offered || ids.contains(&crew.ben.get()), "{kind:?}: on the project with a login");
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
                // In a template somebody comes beside others only where it has one group.
                let joins = kind.takes_several(held_as) && kind != ItemKind::WorkflowTemplate;
                let beside = joins.then_some((None, crew.dot));
                let instead = moves(kind).then_some((Some(crew.ana), crew.cem));
                for (from, to) in [instead, beside].into_iter().flatten() {
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
    for (kind, _) in KINDS.into_iter().filter(|(kind, _)| moves(*kind)) {
        let (site, crew) = furnished().await;
        let (reads, writes) = (site.connect().reads(), site.connect().writes());
        site.run(async {
            let before = shown(&reads, crew.item(kind)).await;
            let change = |held_as| Handover { held_as, from: Some(crew.ana), to: crew.cem };
            let changes: Vec<Handover> = before.held_by(crew.ana).map(change).collect();
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
async fn who_stays_where_nobody_can_move_them_is_refused_and_nothing_is_sent() {
    let (site, crew) = furnished().await;
    let (reads, writes) = (site.connect().reads(), site.connect().writes());
    site.run(async {
        for (item, held_as) in [
            (crew.locked, HeldAs::Assignee),
            (crew.item(ItemKind::Workflow), HeldAs::StepAssignee),
            (crew.item(ItemKind::Workflow), HeldAs::Manager),
        ] {
            let before = shown(&reads, item).await;
            let fixed = before.holders.iter().find(|held| held.held_as == held_as).unwrap().fixed.unwrap();
            let change = Handover { held_as, from: Some(crew.ana), to: crew.cem };
            let error = writes.hand_over(&before, &[change]).await.unwrap_err();
            assert_eq!((error.kind(), error.settled()), (ErrorKind::Invalid, Settled::Refused), "{error}");
            assert!(error.words().unwrap().contains(&fixed.to_string()), "{error}");
        }
        assert_eq!(site.simulator.calls().writes, 0);
    })
    .await;
}

#[tokio::test]
async fn whoever_may_not_hold_an_item_is_refused_and_nothing_changes() {
    let (site, crew) = furnished().await;
    let (reads, writes) = (site.connect().reads(), site.connect().writes());
    site.run(async {
        // Mail goes to whoever is in a group, on the project or not.
        for (kind, _) in KINDS.into_iter().filter(|(kind, _)| *kind != ItemKind::DistributionGroup) {
            for held_as in kind.roles().iter().copied() {
                let before = shown(&reads, crew.item(kind)).await;
                let from = moves(kind).then_some(crew.ana);
                let change = Handover { held_as, from, to: crew.eve };
                let error = writes.hand_over(&before, &[change]).await.unwrap_err();
                let found = (error.kind(), error.settled());
                assert_eq!(found, (ErrorKind::Invalid, Settled::Refused), "{kind:?}: {error}");
                assert_eq!(shown(&reads, crew.item(kind)).await, before, "{kind:?} {held_as:?}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_closed_is_nobodys_any_more_and_what_can_not_be_is_not_tried() {
    let (site, crew) = furnished().await;
    let (reads, writes) = (site.connect().reads(), site.connect().writes());
    site.run(async {
        for (kind, _) in KINDS {
            let (item, sent) = (crew.item(kind), site.simulator.calls().writes);
            let closed = writes.close_item(item).await;
            if !kind.can_be_closed() {
                assert_eq!(closed.unwrap_err().kind(), ErrorKind::NotOffered, "{kind:?}");
                assert_eq!(site.simulator.calls().writes, sent, "{kind:?}");
                continue;
            }
            closed.unwrap();
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
        for (kind, tool) in KINDS.into_iter().filter_map(|(kind, tool)| Some((kind, tool?))) {
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
                let off = KINDS.into_iter().filter(|(_, of)| *of == Some(tool)).map(|(kind, _)| kind);
                assert_eq!(off.filter(|kind| on.contains(kind)).count(), 0, "{on:?}");
                let error = reads.open_items(crew.project, kind, Some(crew.ana)).await.unwrap_err();
                assert!(error.is_not_visible(), "{error}");
            })
            .await;
        }
    }
}
