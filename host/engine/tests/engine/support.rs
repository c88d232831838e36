//! A small company to ask about, and a policy loaded with a grant.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use muster_core::artifact::{Origin, Verified, verify};
use muster_core::digest::Digest;
use muster_core::directory::{
    Candidates, HeldAs, Holder, Item, ItemKind, ItemRef, ItemStatus, Membership, Person, User,
};
use muster_core::event::{Cause, Effective, Event, EventId, Kind, Urgency};
use muster_core::function::{Function, FunctionSet};
use muster_core::grant::Grant;
use muster_core::guard::Rules;
use muster_core::id::{CompanyId, ItemId, ProjectId, UserId};
use muster_core::plan::{Pins, Target};
use muster_core::proposal::Proposal;
use muster_core::read::{Answer, HeldItems, Read};
use muster_core::tape::Inputs;
use muster_engine::{
    Answering, Decided, Directory, Engine, Fault, Limits, NoAnswer, Outcome, Policy, Settings,
};

/// Answers from memory, and counts how often it was asked.
#[derive(Default)]
pub(crate) struct Company {
    pub(crate) answers: BTreeMap<Read, Answer>,
    pub(crate) asked: AtomicUsize,
}

impl Directory for Company {
    fn answer(&self, read: Read) -> Answering<'_> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let answer = self.answers.get(&read).cloned();
        Box::pin(async move {
            answer.ok_or_else(|| NoAnswer { read: Box::new(read), source: "503 Service Unavailable".into() })
        })
    }
}

pub(crate) fn user(id: u64, name: &str) -> User {
    User {
        id: UserId::new(id),
        name: name.to_owned(),
        email: format!("u{id}@example.com").parse().ok(),
        job_title: None,
        active: true,
        employee: true,
        employee_id: None,
        vendor: None,
        company_template: None,
        default_template: None,
        updated_at: None,
    }
}

pub(crate) fn person(id: u64) -> Person {
    Person { id: UserId::new(id), name: format!("User {id}") }
}

pub(crate) fn rfi(project: u64, id: u64, holders: &[(u64, HeldAs)]) -> Item {
    Item {
        item: ItemRef {
            kind: ItemKind::Rfi,
            project: ProjectId::new(project),
            within: None,
            id: ItemId::new(id),
        },
        number: id.to_string(),
        title: "Slab edge at grid C-4".to_owned(),
        status: ItemStatus::Open,
        due: None,
        link: None,
        holders: holders.iter().map(|(user, held_as)| Holder::new(person(*user), *held_as)).collect(),
    }
}

impl Company {
    /// User 5 is on projects 70 and 71 and holds three RFIs. User 6 could take those in project 70.
    pub(crate) fn small() -> Self {
        let mut company = Self::default();
        for (id, name) in [(5, "Ana Diaz"), (6, "Ben Ode"), (7, "Cy Lund")] {
            company.knows(user(id, name));
        }
        let membership = |project: u64| Membership {
            user: UserId::new(5),
            project: ProjectId::new(project),
            project_name: format!("Project {project}"),
            project_number: None,
            project_active: true,
            template_name: Some("Engineer".to_owned()),
            roles: vec![],
        };
        company.add(
            Read::Memberships { user: UserId::new(5) },
            Answer::Memberships(vec![membership(70), membership(71)]),
        );
        let rows = vec![
            rfi(70, 1, &[(5, HeldAs::Assignee), (6, HeldAs::Manager)]),
            rfi(70, 2, &[(5, HeldAs::Manager), (7, HeldAs::Assignee)]),
            rfi(71, 3, &[(5, HeldAs::Assignee)]),
        ];
        company.add(Read::held_by(UserId::new(5)), Answer::Items(HeldItems { rows, ..HeldItems::default() }));
        for held_as in [HeldAs::Assignee, HeldAs::RequiredAssignee, HeldAs::Manager] {
            for (project, people) in [(70, vec![person(5), person(6)]), (71, vec![person(5)])] {
                let read = Read::Candidates {
                    project: ProjectId::new(project),
                    kind: ItemKind::Rfi,
                    pool: None,
                    held_as,
                };
                company.add(read, Answer::Candidates(Some(Candidates { people, offered: true })));
            }
        }
        company
    }

    pub(crate) fn add(&mut self, read: Read, answer: Answer) {
        self.answers.insert(read, answer);
    }

    pub(crate) fn knows(&mut self, user: User) {
        if let Some(email) = user.email.clone() {
            self.add(Read::UsersByEmail { email }, Answer::Users(vec![user.clone()]));
        }
        self.add(Read::Leaving { user: user.id }, Answer::Leaving(false));
        self.add(Read::User { user: user.id }, Answer::User(Some(user)));
    }
}

pub(crate) const NOW: &str = "2026-05-01T08:00:00Z";

pub(crate) fn departed(urgency: Urgency, at: &str) -> Kind {
    Kind::Departed {
        user: UserId::new(5),
        urgency,
        effective: Effective { at: at.parse().unwrap(), zone: None },
    }
}

pub(crate) fn inputs(kind: Kind, settings: &str, grant: Grant) -> Inputs {
    let now = NOW.parse().unwrap();
    let digest = Digest::of_bytes(b"");
    Inputs {
        event: Event { id: EventId::new(now, [3; 10]), occurred_at: now, cause: Cause::Hand, kind },
        now,
        seed: digest,
        settings: settings.to_owned(),
        grant,
        after: vec![],
        rules: Rules::default(),
        target: Target {
            company: CompanyId::new(4),
            api_host: "127.0.0.1".to_owned(),
            dialect: "reference".to_owned(),
        },
        policy: Pins {
            name: "p".to_owned(),
            artifact: digest,
            runner: None,
            settings: digest,
            grant: digest,
        },
        engine: "any".to_owned(),
    }
}

pub(crate) fn artifact(bytes: &[u8]) -> Verified {
    verify(bytes, Origin::File { path: "policy.wasm".to_owned() }, None, 32 << 20).unwrap()
}

pub(crate) fn everything() -> Grant {
    Grant { allow: FunctionSet::all(), ..Grant::default() }
}

/// Small limits, so that runaways end soon.
pub(crate) fn limits() -> Limits {
    Limits { fuel: 20_000_000, memory: 8 << 20, reads: 50, steps: 50, log_bytes: 4096, ..Limits::default() }
}

pub(crate) async fn load(bytes: &[u8], limits: Limits) -> Policy {
    let engine = Engine::new(&Settings { limits, ..Settings::default() }).unwrap();
    engine.load(&artifact(bytes), "p", &everything()).await.unwrap()
}

pub(crate) async fn ask(
    policy: &Policy,
    kind: Kind,
    settings: &str,
    grant: Grant,
    company: &Arc<Company>,
) -> Decided {
    let directory: Arc<dyn Directory> = company.clone();
    policy.decide(Arc::new(inputs(kind, settings, grant)), directory).await
}

pub(crate) fn immediate() -> Kind {
    departed(Urgency::Immediate, NOW)
}

pub(crate) fn proposal(decided: Decided) -> Proposal {
    match decided.outcome {
        Outcome::Proposal(proposal) => proposal,
        other => panic!("{other:?}\n{}", decided.log),
    }
}

pub(crate) fn fault(decided: Decided) -> Fault {
    match decided.outcome {
        Outcome::Fault(fault) => fault,
        other => panic!("{other:?}\n{}", decided.log),
    }
}

pub(crate) fn set(functions: &[Function]) -> FunctionSet {
    functions.iter().copied().collect()
}
