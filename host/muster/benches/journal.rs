//! What a call costs in the journal: `cargo bench --package muster-host --bench journal`.
//!
//! Beside it stands one `fdatasync` of the same disk: a call is an intent and an answer, each of which has to survive power
//! loss, so two of them are the least that a single run can do.

#![expect(clippy::unwrap_used, reason = "a benchmark says what it measured, or fails")]

use std::io::Write as _;
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use muster_host::bench::Journal;
use tokio::runtime::Runtime;

fn journal(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let mut group = criterion.benchmark_group("journal");
    let mut file = std::fs::File::create(folder.path().join("raw")).unwrap();
    group.bench_function("one fdatasync of 4 KiB", |bencher| {
        bencher.iter(|| {
            file.write_all(&[7; 4096]).unwrap();
            file.sync_data().unwrap();
        });
    });
    let journal = Arc::new(Journal::open(&folder.path().join("muster.db")).unwrap());
    group.bench_function("a journalled call", |bencher| {
        bencher.to_async(&runtime).iter(|| async { journal.call().await.unwrap() });
    });
    group.bench_function("ten journalled calls of ten runs at once", |bencher| {
        bencher.to_async(&runtime).iter(|| async {
            let calls = (0..10).map(|_| journal.call());
            futures_util::future::join_all(calls).await.into_iter().for_each(|call| call.unwrap());
        });
    });
    group.finish();
}

criterion_group!(benches, journal);
criterion_main!(benches);
