//! The compiler: from the bytes of a component to native code, where that can't run away.
//!
//! A compile can be neither bounded nor cancelled inside a process. So foreign bytes are compiled by a child: the same
//! program, told to be nothing but a compiler, with an empty environment and limits on its time and memory that the
//! system enforces. It gets the bytes through a pipe and gives code back through another.

use std::ffi::OsString;
use std::io::{Read as _, Write as _};
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, Command};

use crate::engine::tunables;
use crate::limits::Limits;

/// The most bytes of code that are taken from a child. An 18 MB component comes to 40 MB.
const MOST_CODE: u64 = 512 << 20;
/// The most bytes that are taken of what a child says.
const MOST_WORDS: u64 = 4 << 10;
/// How a child says that the bytes are at fault.
const REFUSED: i32 = 1;
/// How a child says that it can't be a compiler here.
const UNABLE: i32 = 2;

/// Where components are compiled.
#[derive(Debug, Clone, Default)]
pub enum Compiler {
    /// In this process and without bounds: only for bytes that were made here, as those of tests and benchmarks.
    #[default]
    Here,
    /// In a child, which has to call [`be_the_compiler`].
    Child {
        /// The program.
        program: PathBuf,
        /// What tells it to be a compiler.
        arguments: Vec<OsString>,
    },
}

/// Why a component was not compiled.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CompileError {
    /// The bytes are at fault.
    #[error("{0}")]
    Refused(String),
    /// It took too long.
    #[error("compiling it took more than {limit:?}")]
    Time {
        /// The limit, of processor time and of the clock.
        limit: Duration,
    },
    /// It took too much memory.
    #[error("compiling it took more than {limit} bytes of memory")]
    Memory {
        /// The limit.
        limit: usize,
    },
    /// The code is larger than anything that is expected.
    #[error("its code is larger than {MOST_CODE} bytes")]
    Size,
    /// The compiler ended otherwise.
    #[error("the compiler stopped ({how}); its last words: {words:?}")]
    Stopped {
        /// How.
        how: String,
        /// What it said.
        words: String,
    },
    /// There is no compiler.
    #[error("the compiler can't be started: {0}")]
    NoCompiler(String),
}

impl Compiler {
    /// Compiles a component.
    pub(crate) async fn compile(&self, component: &[u8], limits: &Limits) -> Result<Vec<u8>, CompileError> {
        match self {
            Self::Here => {
                let component = component.to_vec();
                let compiled = tokio::task::spawn_blocking(move || compile(&component)).await;
                compiled.map_err(|error| CompileError::NoCompiler(error.to_string()))?
            }
            Self::Child { program, arguments } => {
                let no_compiler =
                    |error: std::io::Error| CompileError::NoCompiler(format!("{program:?}: {error}"));
                let child = Command::new(program)
                    .args(arguments)
                    .arg(limits.compile_time.as_millis().div_ceil(1000).to_string())
                    .arg(limits.compile_memory.to_string())
                    .env_clear()
                    .stdin(Stdio::piped())
                    .stdout(Stdio::piped())
                    .stderr(Stdio::piped())
                    .kill_on_drop(true)
                    .spawn()
                    .map_err(no_compiler)?;
                let limit = limits.compile_time;
                // A child that only waits uses no processor time, so the clock counts as well. Dropped, it is killed.
                let answer = tokio::time::timeout(limit, answer(child, component)).await;
                let (status, code, words) =
                    answer.map_err(|_| CompileError::Time { limit })?.map_err(no_compiler)?;
                if code.len() as u64 > MOST_CODE {
                    return Err(CompileError::Size);
                }
                if status.success() { Ok(code) } else { Err(failure(status, words, limits)) }
            }
        }
    }
}

/// Feeds a child, and takes what it answers, bounded.
async fn answer(mut child: Child, component: &[u8]) -> std::io::Result<(ExitStatus, Vec<u8>, String)> {
    let (input, output, talk) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let feed = async move {
        if let Some(mut input) = input {
            // A child that ends early says why itself.
            let _ = input.write_all(component).await;
        }
    };
    let ((), code, words) = tokio::join!(feed, bounded(output, MOST_CODE + 1), bounded(talk, MOST_WORDS));
    let (code, words) = (code?, words?);
    if code.len() as u64 > MOST_CODE {
        child.kill().await?;
    }
    Ok((child.wait().await?, code, String::from_utf8_lossy(&words).trim().to_owned()))
}

async fn bounded(pipe: Option<impl AsyncRead + Unpin>, most: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if let Some(pipe) = pipe {
        pipe.take(most).read_to_end(&mut bytes).await?;
    }
    Ok(bytes)
}

/// Tells from how a child ended what went wrong.
fn failure(status: ExitStatus, words: String, limits: &Limits) -> CompileError {
    if status.code() == Some(REFUSED) {
        return CompileError::Refused(words);
    }
    if status.code() == Some(UNABLE) {
        return CompileError::NoCompiler(words);
    }
    #[cfg(unix)]
    if std::os::unix::process::ExitStatusExt::signal(&status) == Some(rustix::process::Signal::XCPU.as_raw())
    {
        return CompileError::Time { limit: limits.compile_time };
    }
    // Rust's allocator says so before it aborts; a thread without memory for its stack is another way to notice.
    if ["memory allocation of", "Cannot allocate memory", "OutOfMemory"]
        .iter()
        .any(|sign| words.contains(sign))
    {
        return CompileError::Memory { limit: limits.compile_memory };
    }
    CompileError::Stopped { how: status.to_string(), words }
}

/// Compiles what comes through stdin, writes the code to stdout and says on stderr why not. Returns the exit code.
///
/// This is what a child does and all that it does; `seconds` and `memory` are the last arguments that it was given.
#[must_use]
pub fn be_the_compiler(seconds: u64, memory: u64) -> u8 {
    match compile_what_comes(seconds, memory) {
        Ok(()) => 0,
        Err((exit, words)) => {
            // Nobody is left to hear that stderr is closed.
            let _ = std::io::stderr().write_all(words.as_bytes());
            exit as u8
        }
    }
}

fn compile_what_comes(seconds: u64, memory: u64) -> Result<(), (i32, String)> {
    let unable = |error: std::io::Error| (UNABLE, error.to_string());
    limit_this_process(seconds, memory).map_err(|words| (UNABLE, words))?;
    let mut component = Vec::new();
    std::io::stdin().read_to_end(&mut component).map_err(unable)?;
    let code = compile(&component).map_err(|error| (REFUSED, error.to_string()))?;
    std::io::stdout().write_all(&code).map_err(unable)
}

#[cfg(unix)]
fn limit_this_process(seconds: u64, memory: u64) -> Result<(), String> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    // Past the first of two limits on time the system says so by a signal of its own, past the second it kills. Of memory
    // what can be written to counts, not what is only reserved: threads and allocators reserve a lot.
    let limits = [
        (Resource::Cpu, seconds, seconds + 1),
        (Resource::Data, memory, memory),
        (Resource::Core, 0, 0),
        (Resource::Fsize, 0, 0),
    ];
    for (resource, current, maximum) in limits {
        // A limit that this process has already can be lowered, not raised.
        let most = getrlimit(resource).maximum.unwrap_or(u64::MAX);
        let limit = Rlimit { current: Some(current.min(most)), maximum: Some(maximum.min(most)) };
        setrlimit(resource, limit).map_err(|error| format!("no limit can be set: {error}"))?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn limit_this_process(_: u64, _: u64) -> Result<(), String> {
    Ok(()) // The clock of the parent is the only limit there.
}

fn compile(component: &[u8]) -> Result<Vec<u8>, CompileError> {
    let refused = |error: wasmtime::Error| CompileError::Refused(format!("{error:#}"));
    let engine = wasmtime::Engine::new(&tunables()).map_err(refused)?;
    engine.precompile_component(component).map_err(refused)
}
