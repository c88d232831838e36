//! Node and npm: whether they are there, and the SDK installed with them.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

use crate::suite::Missing;

const INSTALL: &str = "sudo apt-get install --yes nodejs npm (or brew install node, or https://nodejs.org)";
/// The first version with everything that the script uses: `fetch`, `node:test` and its reporters.
const OLDEST: [u32; 2] = [18, 15];
/// Only so that nothing hangs for ever.
const PATIENCE: Duration = Duration::from_secs(300);

/// Runs a program to its end and returns whether it succeeded and what it said, or `None` if it is not there.
pub(crate) async fn run(command: &mut Command) -> Option<(bool, String)> {
    command.stdin(Stdio::null()).kill_on_drop(true);
    let Ok(ended) = tokio::time::timeout(PATIENCE, command.output()).await else {
        return Some((false, format!("nothing within {PATIENCE:?}, so it was ended")));
    };
    let output = ended.ok()?;
    let said = [output.stdout, output.stderr].concat();
    Some((output.status.success(), String::from_utf8_lossy(&said).into_owned()))
}

/// Returns the folder in which the SDK is installed, with the script beside it.
pub(crate) async fn with_the_sdk() -> Result<PathBuf, Missing> {
    tools().await?;
    install().await
}

/// Makes sure that node and npm are there, and node is new enough.
async fn tools() -> Result<(), Missing> {
    let missing = |what: String| Missing { what, remedy: INSTALL };
    for tool in ["node", "npm"] {
        let version = match run(Command::new(tool).arg("--version")).await {
            Some((true, said)) => said.trim().to_owned(),
            Some((false, said)) => {
                return Err(missing(format!("{tool} does not start: {}", beginning(&said))));
            }
            None => return Err(missing(format!("{tool} is not installed"))),
        };
        let parts = version.trim_start_matches('v').split('.').map_while(|part| part.parse().ok());
        if tool == "node" && parts.collect::<Vec<u32>>().as_slice() < OLDEST.as_slice() {
            let [major, minor] = OLDEST;
            return Err(missing(format!("node {version} is too old: it takes {major}.{minor}")));
        }
    }
    Ok(())
}

/// Installs the SDK and puts the script beside it, in a folder of the build: the tree stays as it is.
async fn install() -> Result<PathBuf, Missing> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/sdk-js");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sdk-js");
    std::fs::create_dir_all(&folder).unwrap();
    for name in ["package.json", "package-lock.json", "sdk.mjs"] {
        std::fs::copy(source.join(name), folder.join(name)).unwrap();
    }
    // What npm has fetched once it does not ask for again, and it gives up early where there is no network.
    let flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"];
    let patience = ["--fetch-retries=1", "--fetch-timeout=30000"];
    let mut npm = Command::new("npm");
    match run(npm.arg("ci").args(flags).args(patience).current_dir(&folder)).await {
        Some((true, _)) => Ok(folder),
        Some((false, said)) => Err(Missing {
            what: format!("`npm ci` failed, and said:\n{}", beginning(&said)),
            remedy: "npm needs the registry that it is configured for, once",
        }),
        None => Err(Missing { what: "npm is gone".to_owned(), remedy: INSTALL }),
    }
}

/// Returns the first lines: npm says what went wrong first, and then where in its own code.
fn beginning(said: &str) -> String {
    said.trim().lines().take(6).collect::<Vec<_>>().join("\n")
}
