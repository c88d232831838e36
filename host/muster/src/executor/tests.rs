//! Runs against a simulator: what an interrupted attempt left behind is settled by reading, and nothing is done twice.

use std::net::{Ipv4Addr, SocketAddr};

use muster_core::approval::approve;
use muster_core::event::{Cause, Effective, Event, EventId, Kind, Urgency};
use muster_core::id::{ProjectId, UserId};
use muster_core::lower::lower;
use muster_core::verdict::Verdict;
use muster_procore::BatchAnswer;
use muster_sim::{Company, Config as SimConfig, Limits, NewMembership, NewProject, NewUser, Simulator};

use super::*;
use crate::app::Machine;
use crate::config::Config;
use crate::pipeline::{self, Conclusion};

/// A leaver on three projects, a plan for them, and everything that carries it out.
struct Scene {
    app: App,
    simulator: Simulator,
    leaver: u64,
    plan: Plan,
    verdict: Verdict,
    _folder: tempfile::TempDir,
}

const REMOVE: &str = "DELETE /rest/v1.0/projects/{project_id}/users/{id}/actions/remove";
const UPDATE: &str = "PATCH /rest/v1.3/companies/{company_id}/users/{id}";

impl Scene {
    async fn new() -> Self {
        let mut company = Company::new("Brightline Builders");
        let leaver = company.add_user(NewUser::named("Ana", "Diaz")).unwrap();
        for name in ["Harbor Point", "Mill Creek Plant", "Quarry Road Lofts"] {
            let project = company.add_project(NewProject::named(name));
            company.add_membership(NewMembership::new(leaver, project)).unwrap();
        }
        let folder = tempfile::tempdir().unwrap();
        let sim = SimConfig { limits: Limits::NONE, ..SimConfig::default() };
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let (simulator, path) = crate::simulation::start(sim, company, address, folder.path()).await.unwrap();
        let app = App::open(Config::read(&path, &[]).unwrap(), Machine::default()).await.unwrap();
        let now = clock::now();
        let effective = Effective { at: now, zone: None };
        let kind = Kind::Departed { user: UserId::new(leaver), urgency: Urgency::Immediate, effective };
        let event = Event { id: EventId::new(now, [1; 10]), occurred_at: now, cause: Cause::Hand, kind };
        let concluded = pipeline::plan(&app, &event).await.unwrap();
        let Conclusion::Plan(plan) = &concluded[0].conclusion else { panic!("no plan") };
        let (plan, verdict) = plan.as_ref().clone();
        Self { app, simulator, leaver, plan, verdict, _folder: folder }
    }

    fn approved(&self) -> Approved {
        approve(&self.plan, &self.verdict, &[], clock::now()).unwrap()
    }

    async fn run(&self) -> Result<RunState, ExecutorError> {
        run(&self.app, &self.approved(), &self.app.policies[0].binding.grant).await
    }

    /// Writes what an earlier process left in the journal.
    async fn journal(&self, entries: Vec<RunEntry>) {
        let (case, plan) = (self.plan.content().event.id, self.plan.digest());
        let entries = entries.into_iter().map(|entry| Entry::Run { case, plan, entry }).collect();
        self.app.store.append(clock::now(), entries, vec![]).await.unwrap();
    }

    fn started(&self) -> RunEntry {
        RunEntry::Started { calls: lower(&self.plan, self.plan.content().event.cut_off(clock::now())) }
    }
}

fn outcome(run: &RunState, step: StepNumber) -> (Outcome, String) {
    match &run.steps()[&step] {
        StepState::Ended(Ended { outcome, why }) => (*outcome, why.clone().unwrap_or_default()),
        other => panic!("{other:?}"),
    }
}

fn intended(call: u32) -> RunEntry {
    RunEntry::Intended { call, attempt: 1, steps: [call].into() }
}

#[tokio::test]
async fn a_run_does_every_step_once_reads_it_back_and_ends() {
    let scene = Scene::new().await;
    let run = scene.run().await.unwrap();
    assert_eq!(run.end(), Some(End::Done));
    let calls = scene.simulator.calls();
    assert_eq!((calls.of(UPDATE), calls.of(REMOVE), calls.writes), (1, 3, 4));
    assert!(matches!(scene.run().await, Err(ExecutorError::Ended { end: End::Done, .. })));
    assert_eq!(scene.simulator.calls().writes, 4, "a run that has ended sends nothing");
}

#[tokio::test]
async fn an_intent_that_was_never_sent_is_carried_out_once() {
    let scene = Scene::new().await;
    scene.journal(vec![scene.started(), intended(1)]).await;
    let run = scene.run().await.unwrap();
    assert_eq!(run.end(), Some(End::Done));
    assert_eq!(scene.simulator.calls().of(UPDATE), 1);
}

#[tokio::test]
async fn a_call_that_was_sent_before_the_process_ended_is_not_sent_again() {
    let scene = Scene::new().await;
    scene.journal(vec![scene.started(), intended(1)]).await;
    scene.app.connection.writes().deactivate_user(UserId::new(scene.leaver)).await.unwrap();
    let run = scene.run().await.unwrap();
    assert_eq!(run.end(), Some(End::Done));
    assert_eq!(scene.simulator.calls().of(UPDATE), 1, "settled by reading, not by repeating");
    let (outcome, why) = outcome(&run, 1);
    assert_eq!(outcome, Outcome::Done);
    assert!(why.contains("muster ended before an answer was written down"), "{why}");
}

#[tokio::test]
async fn what_procore_promised_to_an_earlier_process_is_waited_for_and_read_back() {
    let scene = Scene::new().await;
    // More pairs than Procore works off at once, the leaver's three projects among them.
    let user = UserId::new(scene.leaver);
    let pairs: Vec<_> = scene.simulator.with_company(|company| {
        for number in 0..60 {
            let project = company.add_project(NewProject::named(&format!("Lot {number}")));
            company.add_membership(NewMembership::new(scene.leaver, project)).unwrap();
        }
        company.projects_of(scene.leaver).map(|project| (user, ProjectId::new(project))).collect()
    });
    let answer = scene.app.connection.writes().remove_from_projects_v2(&pairs).await.unwrap();
    let BatchAnswer::Later(handle) = answer else { panic!("{answer:?}") };
    // The process that sent it ended after it had written down the promise.
    let removals: Vec<_> = lower(&scene.plan, None).into_iter().filter(|call| call.number > 1).collect();
    assert_eq!(removals.len(), 3);
    let mut entries = vec![scene.started()];
    for call in &removals {
        let answers = [(call.number, StepAnswer::Later { handle: handle.to_string() })].into();
        entries
            .extend([intended(call.number), RunEntry::Answered { call: call.number, attempt: 1, answers }]);
    }
    scene.journal(entries).await;
    let run = scene.run().await.unwrap();
    assert_eq!(run.end(), Some(End::Done));
    let calls = scene.simulator.calls();
    assert_eq!((calls.of(REMOVE), calls.of(UPDATE)), (0, 1), "nothing that was promised is done twice");
    assert!(calls.of("GET /rest/v2.0/companies/{company_id}/users/bulk/status/{id}") > 1, "it took its time");
}

#[tokio::test]
async fn a_promise_that_procore_forgot_is_settled_by_reading() {
    let scene = Scene::new().await;
    let answers = [(2, StepAnswer::Later { handle: "00000000-0000-0000-0000-000000000000".to_owned() })];
    let answered = RunEntry::Answered { call: 2, attempt: 1, answers: answers.into() };
    scene.journal(vec![scene.started(), intended(2), answered]).await;
    let run = scene.run().await.unwrap();
    assert_eq!(run.end(), Some(End::Done));
    assert_eq!(scene.simulator.calls().of(REMOVE), 3, "it was not done, so it is done now");
}

#[tokio::test]
async fn an_answer_that_was_not_read_back_yet_is_read_back_first() {
    let scene = Scene::new().await;
    let answers = [(1, StepAnswer::Done {})].into();
    scene
        .journal(vec![scene.started(), intended(1), RunEntry::Answered { call: 1, attempt: 1, answers }])
        .await;
    let run = scene.run().await.unwrap();
    // Procore never did it: the journal's answer is not believed, and the step is not repeated blindly either.
    let (outcome, why) = outcome(&run, 1);
    assert_eq!(outcome, Outcome::Failed, "{why}");
    assert_eq!((run.end(), scene.simulator.calls().of(UPDATE)), (Some(End::Failed), 0));
}

#[tokio::test]
async fn somebody_who_becomes_protected_keeps_what_is_left_of_their_access() {
    let mut scene = Scene::new().await;
    scene.app.config.rules.protected = [scene.leaver.to_string().parse().unwrap()].into();
    let run = scene.run().await.unwrap();
    let (outcome, why) = outcome(&run, 1);
    assert_eq!(outcome, Outcome::Skipped);
    assert!(why.contains("the guard refuses it now") && why.contains("protected"), "{why}");
    assert_eq!((run.end(), scene.simulator.calls().writes), (Some(End::Failed), 0));
}

#[tokio::test]
async fn nothing_is_sent_when_the_intent_can_not_be_written_down() {
    let scene = Scene::new().await;
    let store = rusqlite::Connection::open(&scene.app.config.store).unwrap();
    let full = "CREATE TRIGGER full BEFORE INSERT ON entries WHEN NEW.entry LIKE '%\"intended\"%'
        BEGIN SELECT RAISE(ABORT, 'disk full'); END";
    store.execute_batch(full).unwrap();
    let error = scene.run().await.unwrap_err();
    assert!(matches!(error, ExecutorError::Store(_)), "{error}");
    assert_eq!(scene.simulator.calls().writes, 0);
    store.execute_batch("DROP TRIGGER full").unwrap();
    assert_eq!(scene.run().await.unwrap().end(), Some(End::Done));
}
