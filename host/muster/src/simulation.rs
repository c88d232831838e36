//! A simulated Procore with a configuration that reaches it: what `sim` and `demo` start.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use muster_sim::{Account, Company, Config, Dialect, Simulator};

/// The first line of a configuration that muster wrote for a simulator, and may therefore write again.
const MARK: &str = "# Written by `muster sim` for its simulated Procore. It is written anew at every start.";

/// Why there is no simulation.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SimulationError {
    #[error(transparent)]
    Start(#[from] muster_sim::Error),
    #[error("{path:?} is there already and was not written by `muster sim`; it was not touched")]
    NotOurs { path: PathBuf },
    #[error("the configuration for the simulator can't be written: {path:?}")]
    Write {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
}

/// Starts a simulator and writes into `folder` the configuration that reaches it. Returns its path as well.
pub(crate) async fn start(
    config: Config,
    company: Company,
    address: SocketAddr,
    folder: &Path,
) -> Result<(Simulator, PathBuf), SimulationError> {
    let path = folder.join(crate::config::FILE);
    let secret = folder.join("client-secret");
    match std::fs::read_to_string(&path) {
        Ok(text) if text.starts_with(MARK) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && !secret.exists() => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(SimulationError::NotOurs { path: secret });
        }
        _ => return Err(SimulationError::NotOurs { path }),
    }
    let dialect = match config.dialect {
        Dialect::Reference => "reference",
        Dialect::Guide => "guide",
    };
    let simulator = Simulator::start(config, company, address).await?;
    let failed = |source| SimulationError::Write { path: path.clone(), source };
    std::fs::create_dir_all(folder).map_err(failed)?;
    for account in simulator.accounts() {
        let Names { config, secret, store } = Names::of(&account);
        write_secret(&folder.join(&secret), &account.credentials.client_secret).map_err(failed)?;
        let text = text(&simulator, dialect, &account.credentials.client_id, &secret, &store);
        std::fs::write(folder.join(config), text).map_err(failed)?;
    }
    Ok((simulator, path))
}

/// What the files of a service account are called. The app's own has the names that are looked for first.
pub(crate) struct Names {
    pub(crate) config: String,
    secret: String,
    store: String,
}

impl Names {
    pub(crate) fn of(account: &Account) -> Self {
        let name = match account.name.as_str() {
            "admin" => String::new(),
            name => format!("-{name}"),
        };
        Self {
            config: format!("muster{name}.toml"),
            secret: format!("client-secret{name}"),
            store: format!("muster{name}.db"),
        }
    }
}

fn write_secret(path: &Path, secret: &str) -> std::io::Result<()> {
    // Anew, so that a mode which an older file has does not stay.
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    std::io::Write::write_all(&mut options.open(path)?, secret.as_bytes())
}

fn text(simulator: &Simulator, dialect: &str, client: &str, secret: &str, store: &str) -> String {
    let (url, company) = (simulator.base_url(), simulator.company_id());
    let inspected = muster_engine::inspect(crate::registry::OFFBOARDING);
    let mut allow = String::new();
    for function in inspected.iter().flat_map(|inspected| inspected.declared.iter()) {
        // Writing to a string can't fail.
        let _ = write!(allow, "\n    {:?},  # {}", function.name(), function.words());
    }
    format!(
        r#"{MARK}
version = 1

# Whoever can run muster here may approve, by name.
approvals = "local"

[procore]
company = {company}
api = "{url}"
login = "{url}"
dialect = "{dialect}"
client-id = "{client}"
client-secret = {{ file = "{secret}" }}

[store]
path = "{store}"

[[policy]]
name = "offboarding"
source = "builtin:offboarding"
# What the policy may at most do. Take a line away, and it does not load.
allow = [{allow}
]

[policy.settings]
# What neither the project's RFI manager nor anybody named here can hold goes to whom the project offers.
anybody = true
"#
    )
}
