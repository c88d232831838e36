//! How long guests that mean no good are suffered, under the default limits: prints the table of `tests/README.md`.
//!
//! Run it with `cargo bench --package muster-engine --bench hostile`. It is its own compiler: a child of it compiles what
//! it is given, as in the host.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark says what it measured, or fails")]

#[path = "../tests/engine/guests.rs"]
mod guests;
#[path = "../tests/engine/support.rs"]
#[expect(dead_code, clippy::panic, reason = "the tests need more of it")]
mod support;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use muster_core::artifact::{Origin, verify};
use muster_engine::{Compiler, Engine, Limits, Outcome, Settings, be_the_compiler};
use muster_test_guests::PUPPET;
use muster_test_guests::forge::{slow_to_compile, with_core_module};
use tokio::time::Instant;

use self::guests::{End, Hostile, hostile};
use self::support::{Company, artifact, ask, everything, immediate};

/// What tells this program to be a compiler.
const COMPILE: &str = "compile";

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    if let [verb, seconds, memory] = arguments.as_slice()
        && verb == COMPILE
    {
        return be_the_compiler(seconds.parse().unwrap(), memory.parse().unwrap()).into();
    }
    tokio::runtime::Runtime::new().unwrap().block_on(measure());
    ExitCode::SUCCESS
}

async fn measure() {
    let program = std::env::current_exe().unwrap();
    let compiler = Compiler::Child { program, arguments: vec![COMPILE.into()] };
    let limits =
        Limits { compile_time: Duration::from_secs(5), compile_memory: 512 << 20, ..Limits::default() };
    let engine = Engine::new(&Settings { limits: limits.clone(), compiler, cache: None }).unwrap();
    let good = engine.load(&artifact(PUPPET), "p", &everything()).await.unwrap();
    let mut all = hostile(&limits);
    let bomb = |what, blocks, locals, words| Hostile {
        what,
        component: with_core_module(PUPPET, &slow_to_compile(blocks, locals), false),
        settings: String::new(),
        end: End::NotLoaded(words),
    };
    all.push(bomb("is slow to compile (limit 5 s)", 10_000, 2_000, "compiling it took more than 5s"));
    all.push(bomb("takes memory to compile (limit 512 MiB)", 40_000, 8_000, "bytes of memory"));
    let mut company = Company::small();
    company.knows(support::user(1, &"long ".repeat(20_000_000)));
    for id in 8..11_000 {
        company.knows(support::user(id, "Somebody"));
    }
    let company = Arc::new(company);
    println!("| a guest that | ends so | decided in | next decision |\n| --- | --- | ---: | ---: |");
    for guest in all {
        let (ended, took) = one(&engine, &guest, &company, &limits).await;
        let begun = Instant::now();
        let next = r#"{"do":"deactivate","users":[5]}"#;
        ask(&good, immediate(), next, everything(), &company).await;
        let next = begun.elapsed();
        assert!(guest.is_as_told(&ended), "a guest that {} ended so: {ended:?}", guest.what);
        let words = ended.map_or_else(|error| error, |words| format!("decides: {words}"));
        let ended: String = words.replace('|', "/").chars().take(110).collect();
        println!("| {} | {ended} | {} | {} |", guest.what, shown(took), shown(next));
    }
}

/// Loads and asks a guest. Returns how it ended, and how long it took: of a guest that is asked the decision alone.
async fn one(
    engine: &Engine,
    guest: &Hostile,
    company: &Arc<Company>,
    limits: &Limits,
) -> (Result<String, String>, Duration) {
    let begun = Instant::now();
    let origin = Origin::File { path: "hostile.wasm".to_owned() };
    let loaded = match verify(guest.component.clone(), origin, None, limits.component_bytes) {
        Err(error) => Err(error.to_string()),
        Ok(bytes) => engine.load(&bytes, "p", &everything()).await.map_err(|error| words(&error)),
    };
    let policy = match loaded {
        Err(error) => return (Err(error), begun.elapsed()),
        Ok(policy) => policy,
    };
    let begun = Instant::now();
    let decided = ask(&policy, immediate(), &guest.settings, everything(), company).await;
    let ended = match decided.outcome {
        Outcome::Proposal(proposal) => Ok(proposal.decision.words().as_str().to_owned()),
        Outcome::Fault(fault) => Err(fault.to_string()),
        other => Err(format!("{other:?}")),
    };
    (ended, begun.elapsed())
}

fn words(mut error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    while let Some(cause) = error.source() {
        words += &format!(": {cause}");
        error = cause;
    }
    words
}

fn shown(time: Duration) -> String {
    match time.as_micros() {
        0..1_000 => format!("{} µs", time.as_micros()),
        1_000..1_000_000 => format!("{:.1} ms", time.as_secs_f64() * 1e3),
        _ => format!("{:.2} s", time.as_secs_f64()),
    }
}
