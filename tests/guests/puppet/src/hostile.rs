//! What a policy does that means no good, or was written without care.

#![expect(
    unsafe_code,
    reason = "a policy is a stranger's code, and may do with its own memory what it likes"
)]

use std::hint::black_box;
use std::mem::MaybeUninit;

use wasip2::clocks::monotonic_clock;
use wasip2::random::random::get_random_bytes;

pub(crate) fn trap() -> ! {
    std::process::abort()
}

pub(crate) fn spin() -> ! {
    loop {
        black_box(());
    }
}

#[expect(unconditional_recursion, reason = "that is what it is for")]
pub(crate) fn recurse(depth: u64) -> u64 {
    black_box(depth) + recurse(black_box(depth + 1))
}

pub(crate) fn eat() -> ! {
    let mut eaten = Vec::new();
    loop {
        eaten.push(black_box(vec![1u8; 1 << 20]));
    }
}

pub(crate) fn not_utf8() -> String {
    // SAFETY: it isn't UTF-8, which is the point: the host has to notice.
    unsafe { String::from_utf8_unchecked(vec![b'a', 0xff, 0xc0, b'z']) }
}

pub(crate) fn fill() -> ! {
    let mut filled = vec![0u8; 4 << 20];
    loop {
        black_box(&mut filled).fill(black_box(1));
    }
}

pub(crate) fn random(bytes: u64) -> String {
    format!("{} bytes", get_random_bytes(bytes).len())
}

pub(crate) fn hoard() -> ! {
    loop {
        std::mem::forget(monotonic_clock::subscribe_duration(1));
    }
}

/// Returns what came of opening a file, listing the root, and every kind of socket and name.
pub(crate) fn reach() -> String {
    let outcomes = [
        ("file", std::fs::read("/etc/passwd").err()),
        ("folder", std::fs::read_dir("/").err()),
        ("new file", std::fs::write("/tmp/left-by-a-policy", "x").err()),
        ("tcp", std::net::TcpStream::connect("127.0.0.1:80").err()),
        ("listener", std::net::TcpListener::bind("127.0.0.1:0").err()),
        ("udp", std::net::UdpSocket::bind("127.0.0.1:0").err()),
        ("name", std::net::ToSocketAddrs::to_socket_addrs("localhost:80").err()),
    ];
    let words = outcomes.iter().map(|(what, error)| match error {
        Some(error) => format!("{what}: {:?}", error.kind()),
        None => format!("{what}: worked"),
    });
    words.collect::<Vec<_>>().join(", ")
}

/// What the mark looks like when it is not looked at: kept apart, so that looking for it does not find the search.
const HIDDEN: [u8; 16] = *b"_uzs.ruk6xsq2ort";

fn revealed() -> [u8; 16] {
    black_box(HIDDEN).map(|byte| byte ^ 0x1f)
}

pub(crate) fn mark() -> String {
    let mark = revealed();
    let marked: Vec<u8> = mark.iter().copied().cycle().take(1 << 20).collect();
    black_box(marked.leak());
    "marked".to_owned()
}

pub(crate) fn find_mark() -> String {
    let mark = revealed();
    // Memory that was never written to may hold what somebody else left: as much of it as there is.
    let mut fresh: Vec<MaybeUninit<u8>> = Vec::with_capacity(2 << 20);
    fresh.resize(2 << 20, MaybeUninit::uninit());
    // SAFETY: WebAssembly memory is always initialised, if only by the host.
    let fresh: Vec<u8> = fresh.into_iter().map(|byte| unsafe { byte.assume_init() }).collect();
    let found = black_box(&fresh).windows(mark.len()).filter(|window| *window == mark).count();
    format!("{found} marks")
}
