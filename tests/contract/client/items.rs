//! What the client reads and changes of items: each kind in each role.

use muster_core::directory::{Handover, HeldAs, Holder, Item, ItemKind, ItemRef};
use muster_core::id::{ProjectId, UserId};

use super::Caller;

impl Caller<'_> {
    /// Reads what the holder of the site holds, hands each of it to the heir, role by role, and closes it.
    pub(super) async fn change_items(&mut self) {
        let (project, holder): (ProjectId, UserId) = (self.id("project"), self.id("holder"));
        call!(self.reads.kinds_on(project));
        call!(self.reads.project_roles(project));
        for kind in ItemKind::ALL {
            call!(self.reads.open_items(project, kind, None));
            let held = call!(self.reads.open_items(project, kind, Some(holder)));
            assert!(!held.is_empty(), "{kind:?}: nothing is held");
            for item in held {
                self.hand_over(item, holder).await;
            }
        }
        self.change_rfis().await;
    }

    async fn hand_over(&mut self, mut item: Item, holder: UserId) {
        let (named, kind, heir) = (item.item, item.item.kind, self.id("heir"));
        for held_as in kind.roles() {
            call!(self.reads.candidates(named.project, kind, named.pool(), *held_as));
        }
        let roles: Vec<HeldAs> = item.held_by(holder).collect();
        for held_as in roles {
            let is_this = |one: &&Holder| (one.person.id, one.held_as) == (holder, held_as);
            let fixed = item.holders.iter().find(is_this).unwrap().fixed;
            // Nobody can take a place that is fixed; where several may have it, somebody can come beside.
            if fixed.is_some() && !kind.takes_several(held_as) {
                continue;
            }
            let from = Some(holder).filter(|_| fixed.is_none());
            call!(self.writes.hand_over(&item, &[Handover { held_as, from, to: heir }]));
            item = call!(self.reads.item(named)).unwrap();
        }
        if kind.can_be_closed() {
            call!(self.writes.close_item(named));
        }
    }

    /// Hands over an RFI as one of several, and asks somebody only who had to answer, which is a change of one RFI.
    async fn change_rfis(&mut self) {
        let (kind, project) = (ItemKind::Rfi, self.id("rfi_project"));
        let rfi = ItemRef { kind, project, within: None, id: self.id("rfi") };
        let people = call!(self.reads.candidates(project, kind, None, HeldAs::Assignee)).people;
        let (to, other) = (people[0].id, people[1].id);
        let change = |held_as, from, to| Handover { held_as, from, to };
        call!(self.writes.hand_over_rfis(project, &[rfi.id], &[change(HeldAs::RequiredAssignee, None, to)]));
        let before = call!(self.reads.item(rfi)).unwrap();
        let changes = [change(HeldAs::RequiredAssignee, Some(to), other), change(HeldAs::Assignee, None, to)];
        call!(self.writes.hand_over(&before, &changes));
    }
}
