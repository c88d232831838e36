//! What decisions cost: `cargo bench --package muster-engine --bench decide`.
//!
//! A no-op decision stands beside a bare wasmtime embedding that instantiates the same component and makes the same call,
//! in the same run: pooled, a fresh store, fuel, epochs and all of WASI linked, and none of muster's limits, tape or grant.

#![expect(clippy::unwrap_used, reason = "a benchmark says what it measured, or fails")]

#[path = "../tests/engine/support.rs"]
#[expect(dead_code, clippy::panic, reason = "the tests need more of it")]
mod support;

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use muster_core::action::Subject;
use muster_core::directory::{Candidates, HeldAs, Membership};
use muster_core::function::Function;
use muster_core::grant::Grant;
use muster_core::id::{ProjectId, UserId};
use muster_core::read::{Answer, HeldItems, Read};
use muster_engine::{Engine, Limits, Policy, Settings};
use muster_test_guests::{IDLE, OFFBOARDING, PUPPET};
use tokio::runtime::Runtime;
use tokio::time::Instant;

use self::support::{Company, ask, everything, immediate, inputs, person, rfi};

mod bare {
    //! An embedding as wasmtime's own documentation has it.

    use wasmtime::component::types::ComponentItem;
    use wasmtime::component::{Component, Linker, ResourceTable, Val};
    use wasmtime::{Config, Engine, InstanceAllocationStrategy, PoolingAllocationConfig, Store};
    use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

    wasmtime::component::bindgen!({ path: "../../wit", world: "policy", exports: { default: async } });

    use self::exports::muster::policy::guest::Decision;
    use self::muster::policy::events::{Cause, Departed, Effective, Event, Kind, Urgency};
    use self::muster::policy::types::{Denied, Timestamp, UserId};

    pub(super) struct State {
        wasi: WasiCtx,
        table: ResourceTable,
    }

    impl WasiView for State {
        fn ctx(&mut self) -> WasiCtxView<'_> {
            WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
        }
    }

    pub(super) struct Bare {
        engine: Engine,
        policy: PolicyPre<State>,
    }

    /// Links what the component imports of muster besides the clock, to be refused.
    fn refuse_the_rest(engine: &Engine, linker: &mut Linker<State>, component: &Component) {
        for (name, import) in component.component_type().imports(engine) {
            let ComponentItem::ComponentInstance(instance) = import.ty else { continue };
            if !name.starts_with("muster:policy/") || name.starts_with("muster:policy/clock") {
                continue;
            }
            let mut interface = linker.instance(name).unwrap();
            for (function, export) in instance.exports(engine) {
                if let ComponentItem::ComponentFunc(_) = export.ty {
                    let refuse = |_: wasmtime::StoreContextMut<'_, State>, _, _: &[Val], _: &mut [Val]| {
                        Err(wasmtime::Error::msg("only the clock is there"))
                    };
                    interface.func_new(function, refuse).unwrap();
                }
            }
        }
    }

    impl Bare {
        pub(super) fn new(component: &[u8]) -> Self {
            let mut config = Config::new();
            config.consume_fuel(true).epoch_interruption(true);
            config.allocation_strategy(InstanceAllocationStrategy::Pooling(PoolingAllocationConfig::new()));
            let engine = Engine::new(&config).unwrap();
            let mut linker = Linker::<State>::new(&engine);
            wasmtime_wasi::p2::add_to_linker_async(&mut linker).unwrap();
            let mut clock = linker.instance("muster:policy/clock@0.1.0").unwrap();
            let now = |_: wasmtime::StoreContextMut<'_, State>,
                       ()|
             -> wasmtime::Result<(Result<Timestamp, Denied>,)> {
                Ok((Ok(Timestamp { milliseconds: 1_777_622_400_000 }),))
            };
            clock.func_wrap("now", now).unwrap();
            let component = Component::new(&engine, component).unwrap();
            refuse_the_rest(&engine, &mut linker, &component);
            let policy = PolicyPre::new(linker.instantiate_pre(&component).unwrap()).unwrap();
            Self { engine, policy }
        }

        pub(super) async fn decide(&self, settings: &str) -> String {
            let state = State { wasi: WasiCtx::builder().build(), table: ResourceTable::new() };
            let mut store = Store::new(&self.engine, state);
            store.set_fuel(500_000_000).unwrap();
            store.set_epoch_deadline(1_000);
            let at = Timestamp { milliseconds: 1_777_622_400_000 };
            let effective = Effective { at, zone: None };
            let kind = Kind::Departed(Departed {
                user: UserId { value: 5 },
                urgency: Urgency::Immediate,
                effective,
            });
            let event = Event { id: "e".to_owned(), occurred_at: at, cause: Cause::Hand, kind };
            let policy = self.policy.instantiate_async(&mut store).await.unwrap();
            match policy.muster_policy_guest().call_decide(&mut store, &event, settings).await.unwrap() {
                Ok(Decision::Nothing(words)) => words,
                other => format!("{other:?}"),
            }
        }
    }
}

fn load(runtime: &Runtime, bytes: &[u8]) -> Policy {
    let settings =
        Settings { limits: Limits { reads: 1_000_000, ..Limits::default() }, ..Settings::default() };
    let engine = Engine::new(&settings).unwrap();
    runtime.block_on(engine.load(&support::artifact(bytes), "p", &everything())).unwrap()
}

/// User 5 on 50 projects, holding two RFIs in each, which user 6 can take over.
fn fifty_projects() -> Company {
    let mut company = Company::small();
    let projects = 100..150;
    let membership = |project: u64| Membership {
        user: UserId::new(5),
        project: ProjectId::new(project),
        project_name: format!("Project {project}"),
        project_number: None,
        project_active: true,
        template_name: Some("Engineer".to_owned()),
        roles: vec![],
    };
    let memberships = projects.clone().map(membership).collect();
    company.add(Read::Memberships { user: UserId::new(5) }, Answer::Memberships(memberships));
    let held = |project: u64| {
        [1, 2].map(|item| rfi(project, project * 10 + item, &[(5, HeldAs::Assignee), (6, HeldAs::Manager)]))
    };
    let rows = projects.clone().flat_map(held).collect();
    let read = Read::held_by(UserId::new(5));
    company.add(read, Answer::Items(HeldItems { rows, ..HeldItems::default() }));
    for project in projects {
        for held_as in [HeldAs::Assignee, HeldAs::RequiredAssignee, HeldAs::Manager] {
            let kind = muster_core::directory::ItemKind::Rfi;
            let read = Read::Candidates { project: ProjectId::new(project), kind, pool: None, held_as };
            let people = vec![person(5), person(6)];
            company.add(read, Answer::Candidates(Some(Candidates { people, offered: true })));
        }
    }
    company
}

fn decisions(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let mut group = criterion.benchmark_group("decision");
    let bare = bare::Bare::new(IDLE);
    group.bench_function("no-op, bare wasmtime", |bencher| {
        bencher.to_async(&runtime).iter(|| bare.decide("{}"))
    });
    let idle = load(&runtime, IDLE);
    let company = Arc::new(Company::small());
    let one = Arc::new(inputs(immediate(), "{}", everything()));
    group.bench_function("no-op", |bencher| {
        bencher.to_async(&runtime).iter(|| {
            let directory: Arc<dyn muster_engine::Directory> = company.clone();
            idle.decide(Arc::clone(&one), directory)
        });
    });
    let offboarding = load(&runtime, OFFBOARDING);
    let company = Arc::new(fifty_projects());
    group.bench_function("offboarding, 50 projects and 100 RFIs", |bencher| {
        bencher.to_async(&runtime).iter(|| ask(&offboarding, immediate(), "{}", everything(), &company));
    });
    group.finish();
}

/// How many calls a decision makes, of which one is timed as the difference to a decision that makes none.
const CALLS: u32 = 10_000;
/// How many such decisions one measurement is made of.
const TIMES: u32 = 20;

/// Returns the time of one call.
fn one_call(mut decide: impl FnMut(u32)) -> Duration {
    let mut timed = |calls| {
        let begun = Instant::now();
        (0..TIMES).for_each(|_| decide(calls));
        begun.elapsed()
    };
    let (with, without) = (timed(CALLS), timed(0));
    with.saturating_sub(without) / (CALLS * TIMES)
}

fn host_calls(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let settings = |calls: u32| format!(r#"{{"do":"now","times":{calls}}}"#);
    let iterations = |iterations: u64, one: Duration| one.mul_f64(iterations as f64);
    let mut group = criterion.benchmark_group("host call");
    group.sample_size(10);
    let bare = bare::Bare::new(PUPPET);
    group.bench_function("clock.now, bare wasmtime", |bencher| {
        let decide = |calls| drop(black_box(runtime.block_on(bare.decide(&settings(calls)))));
        bencher.iter_custom(|times| iterations(times, one_call(decide)));
    });
    let puppet = load(&runtime, PUPPET);
    let company = Arc::new(Company::small());
    group.bench_function("clock.now, with its grant check", |bencher| {
        let decide = |calls| {
            let settings = settings(calls);
            let asked = ask(&puppet, immediate(), &settings, everything(), &company);
            drop(black_box(runtime.block_on(asked)));
        };
        bencher.iter_custom(|times| iterations(times, one_call(decide)));
    });
    group.finish();
    let grant = Grant { withhold: [Function::UsersShow].into_iter().collect(), ..everything() };
    let ana = Subject::User(UserId::new(5));
    criterion.bench_function("grant check alone", |bencher| {
        bencher.iter(|| {
            let withheld = black_box(&grant).withholds(black_box(Function::ClockNow));
            let reached = grant.scope.reaches(black_box(ana), Some(ana));
            let included = grant.scope.includes(black_box(ProjectId::new(70)));
            (withheld, reached, included)
        });
    });
}

criterion_group!(benches, decisions, host_calls);
criterion_main!(benches);
