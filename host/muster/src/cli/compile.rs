//! `muster compile`, which only muster itself calls: a policy is compiled by a child, whose time and memory have limits.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use muster_engine::{Compiler, be_the_compiler};

/// Compile a component from stdin to stdout
#[derive(Debug, Args)]
pub(super) struct Compile {
    /// Seconds of processor time
    seconds: u64,
    /// Bytes of memory
    memory: u64,
}

impl Compile {
    pub(super) fn run(&self) -> ExitCode {
        be_the_compiler(self.seconds, self.memory).into()
    }
}

/// Returns how this binary is started as a compiler.
pub(super) fn child() -> Compiler {
    // The link leads to what is running even after the file was replaced by a newer version.
    let itself = PathBuf::from("/proc/self/exe");
    let program = if itself.exists() { itself } else { std::env::current_exe().unwrap_or_default() };
    Compiler::Child { program, arguments: vec!["compile".into()] }
}
