//! How much memory the client takes for a company of 100,000 users, measured on a process that does nothing else.
//!
//! One process is the simulator. It starts this very test again, which is then the client and tells what the kernel says of it.

#![cfg(test)]
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "one process tells the other, and both tell a person"
)]

use std::process::Command;

use futures_util::TryStreamExt;
use muster_core::directory::Activity;
use muster_core::id::CompanyId;
use muster_procore::{SecretString, Settings, Url, connect};
use muster_sim::{Company, Config, Limits, Seed, Simulator};

const USERS: usize = 100_000;

/// How many KiB the client may have had at its most.
const MOST: u64 = 60 << 10;

/// What the argument begins with that tells the client where the simulator is. To the test runner it is one more name of a test.
const SIMULATOR: &str = "simulator=";

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_thousand_users_are_read_in_60_mib() {
    if let Some(told) =
        std::env::args().find_map(|argument| argument.strip_prefix(SIMULATOR).map(str::to_owned))
    {
        return read(&told).await;
    }
    if peak().is_none() {
        eprintln!("skipped: this system has no /proc/self/status to read a peak from");
        return;
    }
    let seed = Seed { seed: 7, users: USERS, projects: 0, rfis: 0 };
    let company = Company::seeded(&seed);
    let all = company.users().count();
    let config = Config { seed, limits: Limits::NONE, ..Config::default() };
    let simulator = Simulator::start(config, company, ([127, 0, 0, 1], 0).into()).await.unwrap();
    let credentials = simulator.credentials();
    let about = [
        simulator.base_url(),
        simulator.company_id().to_string(),
        credentials.client_id,
        credentials.client_secret,
    ];
    let mut client = Command::new(std::env::current_exe().unwrap());
    client.args(["--exact", "a_hundred_thousand_users_are_read_in_60_mib", "--nocapture"]);
    client.arg(format!("{SIMULATOR}{}", about.join(",")));
    let said = tokio::task::spawn_blocking(move || client.output().unwrap()).await.unwrap();
    let (out, err) = (String::from_utf8_lossy(&said.stdout), String::from_utf8_lossy(&said.stderr));
    assert!(said.status.success(), "{out}{err}");
    let number = |name: &str| -> u64 {
        let line = out.lines().find_map(|line| line.strip_prefix(name));
        line.unwrap_or_else(|| panic!("no {name} in:\n{out}{err}")).trim().parse().unwrap()
    };
    assert_eq!(number("users:"), all as u64);
    let peak = number("peak in KiB:");
    assert!(peak <= MOST, "{peak} KiB");
    eprintln!("{all} users, peak {peak} KiB");
}

/// Reads all users and says how many there are, and how much memory that took.
async fn read(told: &str) {
    let [url, company, id, secret] = told.split(',').collect::<Vec<_>>().try_into().unwrap();
    let url: Url = url.parse().unwrap();
    let company: CompanyId = company.parse().unwrap();
    let settings = Settings::new(url.clone(), url, company, id, SecretString::from(secret));
    let users = connect(settings).unwrap().reads().stream_users(Activity::All);
    let count = users.try_fold(0_u64, async |count, _user| Ok(count + 1)).await.unwrap();
    println!("\nusers: {count}\npeak in KiB: {}", peak().unwrap());
}

/// Returns the most memory that this process ever had, in KiB, where the system tells.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}
