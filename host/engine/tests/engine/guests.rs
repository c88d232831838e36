//! Guests that mean no good, and how each of them ends: for the test that holds it, and the benchmark that times it.

use muster_engine::{Fault, Limits};
use muster_test_guests::PUPPET;
use muster_test_guests::forge::{with_core_module, with_padding, with_text};

/// A guest that means no good.
pub(crate) struct Hostile {
    /// What it does.
    pub(crate) what: &'static str,
    pub(crate) component: Vec<u8>,
    pub(crate) settings: String,
    pub(crate) end: End,
}

/// How a guest ends.
pub(crate) enum End {
    /// It does not load, in these words.
    NotLoaded(&'static str),
    /// It is at fault, in these words.
    Fault(String),
    /// It decides: nothing is to be done, in these words. What it tried came to nothing.
    Decides(&'static str),
}

impl Hostile {
    /// Returns whether it ended as it should: deciding with these words, or not deciding, because of these.
    pub(crate) fn is_as_told(&self, ended: &Result<String, String>) -> bool {
        match (&self.end, ended) {
            (End::NotLoaded(words), Err(ended)) => ended.contains(words),
            (End::Fault(words), Err(ended)) => ended.contains(words.as_str()),
            (End::Decides(words), Ok(ended)) => ended == words,
            _ => false,
        }
    }
}

fn puppet(what: &'static str, settings: &str, fault: &Fault) -> Hostile {
    Hostile {
        what,
        component: PUPPET.to_vec(),
        settings: settings.to_owned(),
        end: End::Fault(fault.to_string()),
    }
}

fn trapped(what: &'static str, settings: &str, words: &str) -> Hostile {
    let end = End::Fault(words.to_owned());
    Hostile { what, component: PUPPET.to_vec(), settings: settings.to_owned(), end }
}

fn harmless(what: &'static str, settings: &str, words: &'static str) -> Hostile {
    let end = End::Decides(words);
    Hostile { what, component: PUPPET.to_vec(), settings: settings.to_owned(), end }
}

fn component(what: &'static str, component: Vec<u8>, words: &'static str) -> Hostile {
    Hostile { what, component, settings: String::new(), end: End::NotLoaded(words) }
}

/// A core module that does something when it is instantiated.
fn at_start(what: &'static str, declared: &str, does: &str, words: &'static str) -> Hostile {
    let module = format!("(module {declared} (func $start {does}) (start $start))");
    component(what, with_core_module(PUPPET, &module, true), words)
}

/// Returns all of them, and how they end under these limits.
pub(crate) fn hostile(limits: &Limits) -> Vec<Hostile> {
    let mut all = running(limits);
    all.extend(talking(limits));
    all.extend(reaching());
    all.extend(misshapen());
    all
}

/// Those that use up what they run on.
fn running(limits: &Limits) -> Vec<Hostile> {
    let Limits { fuel, memory, handles, .. } = *limits;
    vec![
        puppet("loops without end", r#"{"do":"spin"}"#, &Fault::OutOfFuel { limit: fuel }),
        puppet("calls itself without end", r#"{"do":"recurse"}"#, &Fault::Stack),
        puppet("takes memory without end", r#"{"do":"eat"}"#, &Fault::Memory { limit: memory }),
        puppet("takes handles without end", r#"{"do":"hoard"}"#, &Fault::Handles { limit: handles }),
        trapped("fills its memory over and over", r#"{"do":"fill"}"#, "the policy used up its"),
        trapped("traps after a step", r#"{"do":"trap","user":5}"#, "the policy stopped: wasm trap"),
        trapped("panics", r#"{"do":"panic","message":"cut my strings"}"#, "cut my strings"),
        puppet("ends its process", r#"{"do":"exit","status":0}"#, &Fault::Exit { status: 0 }),
        puppet("ends its process with a failure", r#"{"do":"exit","status":1}"#, &Fault::Exit { status: 1 }),
        at_start("loops while it is instantiated", "", "(loop (br 0))", "used up its"),
        at_start(
            "grows a table",
            "(table 1 funcref)",
            "(drop (table.grow (ref.null func) (i32.const 100000)))",
            "wanted a table of more than 20000 elements",
        ),
        at_start("grows a memory", "(memory 1)", "(drop (memory.grow (i32.const 65000)))", "bytes of memory"),
        component(
            "starts with a memory that is too large",
            with_core_module(PUPPET, "(module (memory 65000))", true),
            "memory",
        ),
        component(
            "starts with a table that is too large",
            with_core_module(PUPPET, "(module (table 1000000 funcref))", true),
            "table",
        ),
        component("is made of forty instances", many("(module)", 40), "instances"),
        component("has forty memories", many("(module (memory 1))", 40), "instances"),
    ]
}

/// Those that say or ask too much.
fn talking(limits: &Limits) -> Vec<Hostile> {
    let Limits { call_bytes, reads, read_bytes, steps, .. } = *limits;
    let ten_megabytes = r#"{"do":"long-reason","user":5,"characters":10000000}"#;
    vec![
        puppet("asks one thing for ever", r#"{"do":"ask","user":5}"#, &Fault::Calls { limit: reads + steps }),
        puppet("asks new things for ever", r#"{"do":"ask-on","from":8}"#, &Fault::Reads { limit: reads }),
        puppet("asks for long answers", r#"{"do":"ask","user":1}"#, &Fault::ReadBytes { limit: read_bytes }),
        puppet("adds steps for ever", r#"{"do":"flood","user":5}"#, &Fault::Steps { limit: steps }),
        puppet("gives a reason of 10 MB", ten_megabytes, &Fault::CallBytes { limit: call_bytes }),
        trapped(
            "gives a reason that is a little too long",
            r#"{"do":"long-reason","user":5,"characters":501}"#,
            "the reason of a step: a text of 501 characters, where at most 500 are allowed",
        ),
        trapped("gives a reason that is no UTF-8", r#"{"do":"bad-text","user":5}"#, "utf-8"),
        harmless("prints 1 MB", r#"{"do":"print","bytes":1000000}"#, "printed"),
        trapped("asks for 1 TB of randomness", r#"{"do":"random","bytes":1099511627776}"#, "exceeds limit"),
        harmless("sleeps for a year", r#"{"do":"sleep","seconds":31536000}"#, "slept"),
    ]
}

/// Those that reach for what is not theirs.
fn reaching() -> Vec<Hostile> {
    vec![
        harmless(
            "opens files and sockets",
            r#"{"do":"reach"}"#,
            "file: NotFound, folder: NotFound, new file: NotFound, tcp: PermissionDenied, \
             listener: PermissionDenied, udp: PermissionDenied, name: Uncategorized",
        ),
        harmless("leaves a mark in memory", r#"{"do":"mark"}"#, "marked"),
        harmless("looks for the mark of another decision", r#"{"do":"find-mark"}"#, "0 marks"),
        component(
            "imports wasi:http",
            with_text(PUPPET, "wasi:cli/stderr", "wasi:http/types"),
            "wasi:http/types",
        ),
        component(
            "imports what nobody offers",
            with_text(PUPPET, "wasi:cli/stderr", "wasi:sql/tables"),
            "wasi:sql/tables",
        ),
        component(
            "says something else of itself than its section does",
            with_text(PUPPET, r#""version":"0.1.0""#, r#""version":"9.9.9""#),
            "describes itself otherwise",
        ),
    ]
}

/// Those whose bytes are the trouble.
fn misshapen() -> Vec<Hostile> {
    let middle = PUPPET.len() / 2;
    let (half, other) = PUPPET.split_at(middle);
    let scrambled = [half, &[0xff; 64], other].concat();
    vec![
        component("is a text", b"(component)".to_vec(), "not WebAssembly"),
        component("is a core module", b"\0asm\x01\0\0\0".to_vec(), "a core module"),
        component("is cut in half", half.to_vec(), "not a valid component"),
        component("is scrambled", scrambled, "not a valid component"),
        component("has 200 MB", with_padding(PUPPET, 200 << 20), "bytes"),
    ]
}

/// A component that instantiates a core module this many times, on top of its own.
fn many(module: &str, times: usize) -> Vec<u8> {
    (0..times).fold(PUPPET.to_vec(), |component, _| with_core_module(&component, module, true))
}
