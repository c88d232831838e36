//! A login that can't wait, where the directory has holes: with the real policy, in the real sandbox.

use std::collections::{BTreeMap, BTreeSet};

use muster_core::artifact::{Origin, verify};
use muster_core::digest::Digest;
use muster_core::directory::{Membership, User};
use muster_core::event::{Cause, Effective, EventId, Kind, Urgency};
use muster_core::function::FunctionSet;
use muster_core::guard::Rules;
use muster_core::id::{CompanyId, ProjectId, UserId};
use muster_core::plan::{Pins, Target};
use muster_core::read::{Answer, HeldItems, Read};
use muster_core::tape::{self, Inputs, Tape};
use muster_engine::{Answering, Decided, Directory, Engine, NoAnswer, Settings};

use super::*;

const NOW: &str = "2026-05-01T08:00:00Z";
const ANA: UserId = UserId::new(5);

/// A directory about one leaver, with holes.
struct Holed {
    answers: BTreeMap<Read, Answer>,
    holes: BTreeSet<Read>,
}

impl Directory for Holed {
    fn answer(&self, read: Read) -> Answering<'_> {
        let answer = self.answers.get(&read).filter(|_| !self.holes.contains(&read)).cloned();
        Box::pin(async move {
            answer.ok_or_else(|| NoAnswer { read: Box::new(read), source: "503 Service Unavailable".into() })
        })
    }
}

fn directory(holes: &[Read]) -> Shared {
    let ana = User {
        id: ANA,
        name: "Ana Diaz".to_owned(),
        email: None,
        job_title: None,
        active: true,
        employee: true,
        employee_id: None,
        vendor: None,
        company_template: None,
        default_template: None,
        updated_at: None,
    };
    let membership = Membership {
        user: ANA,
        project: ProjectId::new(70),
        project_name: "Harbor Point".to_owned(),
        project_number: None,
        project_active: true,
        template_name: None,
        roles: vec![],
    };
    let answers = [
        (Read::User { user: ANA }, Answer::User(Some(ana))),
        (Read::Memberships { user: ANA }, Answer::Memberships(vec![membership])),
        (Read::held_by(ANA), Answer::Items(HeldItems::default())),
        (Read::Me, Answer::Me(UserId::new(1))),
    ];
    Arc::new(Holed { answers: answers.into(), holes: holes.iter().cloned().collect() })
}

/// Decides one departure with this component, with these holes, and concludes it; twice, the second time from the tape.
async fn concluded(component: &'static [u8], urgency: Urgency, holes: &[Read]) -> Concluded {
    let engine = Engine::new(&Settings::default()).unwrap();
    let artifact = verify(component, Origin::Builtin { name: "p".to_owned() }, None, usize::MAX).unwrap();
    let grant = Grant { allow: FunctionSet::all(), ..Grant::default() };
    let policy = engine.load(&artifact, "p", &grant).await.unwrap();
    let (now, digest) = (NOW.parse().unwrap(), Digest::of_bytes(b""));
    let effective = Effective { at: "2199-01-01T00:00:00Z".parse().unwrap(), zone: None };
    let kind = Kind::Departed { user: ANA, urgency, effective };
    let inputs = Arc::new(Inputs {
        event: Event { id: EventId::new(now, [2; 10]), occurred_at: now, cause: Cause::Hand, kind },
        now,
        seed: digest,
        settings: "{}".to_owned(),
        grant,
        after: vec![],
        rules: Rules::default(),
        target: Target {
            company: CompanyId::new(4),
            api_host: "p".to_owned(),
            dialect: "reference".to_owned(),
        },
        policy: Pins {
            name: "p".to_owned(),
            artifact: digest,
            runner: None,
            settings: digest,
            grant: digest,
        },
        engine: engine.identity(),
    });
    let decision = |decided: Decided, facts, holes| {
        let Decided { outcome, exchanges, dropped, reproducible, .. } = decided;
        let (format, inputs) = (tape::FORMAT.to_owned(), Inputs::clone(&inputs));
        Decision { tape: Tape { format, inputs, exchanges, facts, holes }, outcome, dropped, reproducible }
    };
    let live = directory(holes);
    let decided = policy.decide(Arc::clone(&inputs), Arc::clone(&live)).await;
    let mut decisions = [decision(decided, vec![], vec![])];
    gather::facts(&mut decisions, &Rules::default(), &live).await.unwrap();
    let first = conclude(decisions.into(), vec![]).unwrap().remove(0);

    let tape = first.tape.clone().unwrap();
    let recorded = Arc::new(crate::directory::Recorded::new(&tape));
    let again = policy.decide(Arc::clone(&inputs), recorded).await;
    let again =
        conclude(vec![decision(again, tape.facts.clone(), tape.holes.clone())], vec![]).unwrap().remove(0);
    assert_eq!(again.shortfall, first.shortfall);
    assert_eq!(decided_of(&again), decided_of(&first));
    first
}

fn decided_of(concluded: &Concluded) -> (muster_core::journal::Decided, Option<Digest>) {
    let plan = match &concluded.conclusion {
        Conclusion::Plan(plan) => Some(plan.0.digest()),
        _ => None,
    };
    (decided(&concluded.conclusion), plan)
}

fn plan(concluded: &Concluded) -> &Plan {
    match &concluded.conclusion {
        Conclusion::Plan(plan) => &plan.0,
        Conclusion::Short(shortfall) => panic!("{shortfall:?}"),
        _ => panic!("no plan"),
    }
}

#[tokio::test]
async fn where_procore_answers_everything_the_plan_is_whole() {
    let whole = concluded(crate::registry::OFFBOARDING, Urgency::Immediate, &[]).await;
    assert_eq!((plan(&whole).content().steps.len(), whole.shortfall.clone()), (2, None));
    assert!(!plan(&whole).leaves_something());
}

#[tokio::test]
async fn a_policy_that_gets_no_answer_still_takes_the_login_away() {
    for hole in [Read::held_by(ANA), Read::Memberships { user: ANA }] {
        let short =
            concluded(crate::registry::OFFBOARDING, Urgency::Immediate, std::slice::from_ref(&hole)).await;
        let content = plan(&short).content();
        assert_eq!(content.steps.len(), 1, "{hole:?}");
        assert!(
            content.decision.words().as_str().starts_with("only the login is taken away, since "),
            "{hole:?}"
        );
        assert!(
            matches!(&short.shortfall, Some(Shortfall::NoAnswer(why)) if why.contains("503")),
            "{hole:?}"
        );
    }
}

#[tokio::test]
async fn what_stays_may_be_unknown_but_not_who_loses_the_login() {
    // This policy asks for the user and nothing else; what stays behind is asked for by the host.
    let unknown = concluded(muster_test_guests::CUTOFF, Urgency::Immediate, &[Read::held_by(ANA)]).await;
    assert_eq!((plan(&unknown).content().unseen.len(), unknown.shortfall.clone()), (1, None));
    assert!(plan(&unknown).leaves_something());

    let nobody = concluded(muster_test_guests::CUTOFF, Urgency::Immediate, &[Read::Me]).await;
    let Conclusion::Plan(plan) = &nobody.conclusion else {
        assert!(matches!(&nobody.conclusion, Conclusion::Short(Shortfall::NoAnswer(_))));
        return;
    };
    panic!("without knowing whose account it is, nothing may be planned: {:?}", plan.1);
}

#[tokio::test]
async fn a_planned_departure_before_its_day_waits_for_a_procore_that_answers() {
    let hole = [Read::held_by(ANA)];
    let short = concluded(crate::registry::OFFBOARDING, Urgency::Planned, &hole).await;
    assert!(matches!(&short.conclusion, Conclusion::Short(Shortfall::NoAnswer(_))));
}
