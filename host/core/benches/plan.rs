//! What a plan costs: `cargo bench --package muster-core --bench plan`.

#![expect(clippy::unwrap_used, reason = "a benchmark says what it measured, or fails")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use muster_core::action::Action;
use muster_core::digest::Digest;
use muster_core::directory::{Membership, User};
use muster_core::event::{Cause, Effective, Event, EventId, Kind, Urgency};
use muster_core::facts::Facts;
use muster_core::id::{CompanyId, ProjectId, UserId};
use muster_core::plan::{Pins, Plan, Target};
use muster_core::proposal::{Decision, Proposal, ProposedStep};
use muster_core::read::{Answer, HeldItems, Read};
use muster_core::text::{Reason, Words};

const STEPS: u64 = 1_000;

/// A leaver on a thousand projects, who is to be taken off all of them.
fn proposal() -> Proposal {
    let step = |project| ProposedStep {
        action: Action::RemoveMembership { user: UserId::new(5), project: ProjectId::new(project) },
        reason: Reason::new("leaves the company").unwrap(),
    };
    let decision = Decision::Proposed(Words::new("leaves immediately").unwrap());
    Proposal { decision, steps: (0..STEPS).map(step).collect(), left: vec![] }
}

fn facts() -> Facts {
    let mut facts = Facts::default();
    let user = User {
        id: UserId::new(5),
        name: "Ana Diaz".to_owned(),
        email: "ana@example.com".parse().ok(),
        job_title: None,
        active: true,
        employee: true,
        employee_id: None,
        vendor: None,
        company_template: None,
        default_template: None,
        updated_at: None,
    };
    let membership = |project| Membership {
        user: UserId::new(5),
        project: ProjectId::new(project),
        project_name: format!("Project {project}"),
        project_number: None,
        project_active: true,
        template_name: Some("Engineer".to_owned()),
        roles: vec!["Field Engineer".to_owned()],
    };
    let memberships = Answer::Memberships((0..STEPS).map(membership).collect());
    let known = [
        (Read::User { user: UserId::new(5) }, Answer::User(Some(user))),
        (Read::Memberships { user: UserId::new(5) }, memberships),
        (Read::held_by(UserId::new(5)), Answer::Items(HeldItems::default())),
    ];
    for (read, answer) in known {
        facts.add(read, answer).unwrap();
    }
    facts
}

fn plan(proposal: &Proposal, facts: &Facts) -> Plan {
    let at = "2026-05-01T08:00:00Z".parse().unwrap();
    let digest = Digest::of_bytes(b"");
    let effective = Effective { at, zone: None };
    let kind = Kind::Departed { user: UserId::new(5), urgency: Urgency::Immediate, effective };
    let event = Event { id: EventId::new(at, [3; 10]), occurred_at: at, cause: Cause::Hand, kind };
    let target = Target {
        company: CompanyId::new(4),
        api_host: "api.procore.com".to_owned(),
        dialect: "reference".to_owned(),
    };
    let policy =
        Pins { name: "p".to_owned(), artifact: digest, runner: None, settings: digest, grant: digest };
    Plan::make(target, event, policy, proposal, facts).unwrap()
}

fn plans(criterion: &mut Criterion) {
    let (proposal, facts) = (proposal(), facts());
    criterion.bench_function("plan and digest of 1,000 steps", |bencher| {
        bencher.iter(|| plan(black_box(&proposal), black_box(&facts)).digest());
    });
}

criterion_group!(benches, plans);
criterion_main!(benches);
