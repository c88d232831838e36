//! What tests of this crate build on: people, projects and a case about one of them.

use crate::action::Action;
use crate::digest::Digest;
use crate::directory::{
    HeldAs, Holder, Item, ItemKind, ItemRef, ItemStatus, Membership, Person, Project, User,
};
use crate::event::{Cause, Effective, Event, EventId, Kind, Urgency};
use crate::facts::Facts;
use crate::grant::Grant;
use crate::guard::{self, Case, Check, Finding, Rules};
use crate::id::{CompanyId, ItemId, ProjectId, UserId};
use crate::plan::{Pins, Plan, Target};
use crate::proposal::{Decision, Proposal, ProposedStep};
use crate::read::{Answer, HeldItems, Read};
use crate::text::{Reason, Words};
use crate::verdict::Verdict;

pub(crate) fn user(id: u64, name: &str) -> User {
    let email = format!("{}@example.com", name.to_lowercase().replace(' ', "."));
    User { email: email.parse().ok(), employee: true, ..User::named(UserId::new(id), name) }
}

pub(crate) fn project(id: u64) -> Project {
    Project { id: ProjectId::new(id), name: format!("Project {id}"), number: None, active: true, stage: None }
}

pub(crate) fn membership(user: u64, project: u64, project_name: &str) -> Membership {
    Membership {
        user: UserId::new(user),
        project: ProjectId::new(project),
        project_name: project_name.to_owned(),
        project_number: None,
        project_active: true,
        template_name: Some("Engineer".to_owned()),
        roles: vec![],
    }
}

pub(crate) fn holder(user: u64, held_as: HeldAs) -> Holder {
    Holder::new(Person { id: UserId::new(user), name: String::new() }, held_as)
}

pub(crate) fn item(project: u64, id: u64, holders: Vec<Holder>) -> Item {
    Item {
        item: ItemRef {
            kind: ItemKind::Rfi,
            project: ProjectId::new(project),
            within: None,
            id: ItemId::new(id),
        },
        number: id.to_string(),
        title: "Slab edge".to_owned(),
        status: ItemStatus::Open,
        due: None,
        link: None,
        holders,
    }
}

/// A case about one departure, made up step by step.
pub(crate) struct Scene {
    pub(crate) event: Event,
    pub(crate) proposal: Proposal,
    pub(crate) facts: Facts,
    pub(crate) grant: Grant,
    pub(crate) rules: Rules,
    pub(crate) dialect: String,
}

impl Scene {
    /// An immediate departure of this user. muster's own account is user 1.
    pub(crate) fn departure(user: u64) -> Self {
        let at = "2026-05-01T08:00:00Z".parse().unwrap();
        let effective = Effective { at, zone: None };
        let kind = Kind::Departed { user: UserId::new(user), urgency: Urgency::Immediate, effective };
        let mut facts = Facts::default();
        facts.add(Read::Me, Answer::Me(UserId::new(1))).unwrap();
        Self {
            event: Event { id: EventId::new(at, [1; 10]), occurred_at: at, cause: Cause::Hand, kind },
            proposal: Proposal {
                decision: Decision::Proposed(Words::new("leaves").unwrap()),
                steps: vec![],
                left: vec![],
            },
            facts,
            grant: Grant::default(),
            rules: Rules::default(),
            dialect: "reference".to_owned(),
        }
    }

    pub(crate) fn proposes(&mut self, action: Action) -> &mut Self {
        self.proposal.steps.push(ProposedStep { action, reason: Reason::new("because").unwrap() });
        self
    }

    pub(crate) fn deactivates(&mut self, user: u64) -> &mut Self {
        self.proposes(Action::Deactivate { user: UserId::new(user) })
    }

    pub(crate) fn removes(&mut self, user: u64, project: u64) -> &mut Self {
        self.proposes(Action::RemoveMembership { user: UserId::new(user), project: ProjectId::new(project) })
    }

    pub(crate) fn knows(&mut self, user: User) -> &mut Self {
        self.facts.add(Read::Leaving { user: user.id }, Answer::Leaving(false)).unwrap();
        self.facts.add(Read::User { user: user.id }, Answer::User(Some(user))).unwrap();
        self
    }

    pub(crate) fn on(&mut self, user: u64, projects: &[Project]) -> &mut Self {
        let rows = projects.iter().map(|project| membership(user, project.id.get(), &project.name)).collect();
        self.facts.add(Read::Memberships { user: UserId::new(user) }, Answer::Memberships(rows)).unwrap();
        self
    }

    pub(crate) fn holds(&mut self, user: u64, rows: Vec<Item>) -> &mut Self {
        let items = HeldItems { rows, ..HeldItems::default() };
        self.facts.add(Read::held_by(UserId::new(user)), Answer::Items(items)).unwrap();
        self
    }

    pub(crate) fn make(&self) -> Result<Plan, crate::plan::PlanError> {
        let target = Target {
            company: CompanyId::new(4),
            api_host: "127.0.0.1:80".to_owned(),
            dialect: self.dialect.clone(),
        };
        let digest = Digest::of_bytes(b"");
        let policy = Pins {
            name: "leavers".to_owned(),
            artifact: digest,
            runner: None,
            settings: digest,
            grant: digest,
        };
        Plan::make(target, self.event.clone(), policy, &self.proposal, &self.facts)
    }

    pub(crate) fn plan(&self) -> Plan {
        self.make().unwrap()
    }

    pub(crate) fn findings(&self, check: Check) -> Vec<Finding> {
        let plan = self.plan();
        let plans = [(&plan, &self.grant)];
        let case = Case::new(&plans, &self.facts, &self.rules, self.event.occurred_at);
        guard::check(case).into_iter().filter(|finding| finding.check == check).collect()
    }

    pub(crate) fn verdict(&self) -> Verdict {
        let plan = self.plan();
        let plans = [(&plan, &self.grant)];
        let case = Case::new(&plans, &self.facts, &self.rules, self.event.occurred_at);
        let login = self.event.cut_off(self.event.occurred_at);
        let urgent = login.map(|user| (user, guard::check(case.only_login_of(user))));
        let urgent = urgent.as_ref().map(|(user, findings)| (*user, findings.as_slice()));
        Verdict::weigh(&plan, &guard::check(case), urgent, &[])
    }
}
