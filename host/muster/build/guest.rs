//! Builds a Rust policy to a WebAssembly component with the cargo that runs the build script.
//!
//! It never calls rustup and never asks the network: what guests depend on, the crate whose build script this is names as
//! build dependencies, so that cargo has fetched it before.

use std::path::{Path, PathBuf};
use std::process::Command;

const TARGET: &str = "wasm32-wasip2";

/// Builds the package at `folder` (from the workspace's root) and returns where its component is.
pub(crate) fn build(root: &Path, folder: &str, package: &str) -> Result<PathBuf, String> {
    let root = root.canonicalize().map_err(|error| format!("{}: {error}", root.display()))?;
    for input in [folder, "policies/sdk", "wit", "Cargo.lock", "Cargo.toml"] {
        say(&format!("rerun-if-changed={}", root.join(input).display()));
    }
    has_target()?;
    // Beside the profiles of the outer build, which holds the lock of its own: shared by all build scripts.
    let out = PathBuf::from(variable("OUT_DIR")?);
    let target = out.ancestors().nth(4).ok_or("OUT_DIR is not where cargo puts it")?.join("guests");
    let mut cargo = Command::new(variable("CARGO")?);
    cargo.args([
        "build",
        "--offline",
        "--locked",
        "--profile",
        "guest",
        "--target",
        TARGET,
        "--package",
        package,
    ]);
    cargo.arg("--manifest-path").arg(root.join("Cargo.toml")).arg("--target-dir").arg(&target);
    // What the outer build was told about its own compiler does not hold for the guest.
    for name in [
        "RUSTFLAGS",
        "CARGO_ENCODED_RUSTFLAGS",
        "RUSTC_WRAPPER",
        "RUSTC_WORKSPACE_WRAPPER",
        "CARGO_BUILD_TARGET",
    ] {
        cargo.env_remove(name);
    }
    let built = cargo.output().map_err(|error| format!("cargo could not be started: {error}"))?;
    if !built.status.success() {
        return Err(format!("{package} was not built:\n{}", String::from_utf8_lossy(&built.stderr)));
    }
    Ok(target.join(TARGET).join("guest").join(format!("{}.wasm", package.replace('-', "_"))))
}

fn has_target() -> Result<(), String> {
    let rustc = variable("RUSTC")?;
    let asked = Command::new(rustc).args(["--print", "target-libdir", "--target", TARGET]).output();
    let folder = asked.map_err(|error| format!("rustc could not be started: {error}"))?;
    let folder = String::from_utf8_lossy(&folder.stdout).trim().to_owned();
    if Path::new(&folder).is_dir() {
        return Ok(());
    }
    Err(format!(
        "the target {TARGET}, for which policies are built, is not installed. Install it with:\n\n    rustup target add {TARGET}\n"
    ))
}

/// Tells cargo something.
pub(crate) fn say(what: &str) {
    println!("cargo:{what}");
}

#[expect(clippy::disallowed_methods, reason = "this is how cargo speaks to a build script")]
fn variable(name: &str) -> Result<String, String> {
    std::env::var(name).map_err(|error| format!("cargo did not set {name}: {error}"))
}
