//! A site to test on: a sealed folder, a simulated company, and the binary with a configuration that reaches it.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use muster_sim::{
    Company, Config, Dialect, Fault, Limits, NewMembership, NewProject, NewRfi, NewUser, Simulator,
};
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};

/// A policy's entry in a configuration.
pub(crate) struct Entry {
    pub(crate) name: &'static str,
    pub(crate) source: String,
    pub(crate) allow: Vec<String>,
    /// More lines of the entry, and its tables.
    pub(crate) more: String,
}

/// A folder with a configuration, and a simulator that it reaches.
pub(crate) struct Site {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) simulator: Simulator,
    dialect: Dialect,
    /// Where the simulator answers, while a test waits for the binary.
    runtime: Runtime,
}

/// What a command came to.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    /// Returns stdout, having made sure of the exit code.
    pub(crate) fn expect(self, code: i32) -> String {
        assert_eq!(self.code, code, "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self.stdout
    }

    /// Returns stdout as JSON, having made sure of the exit code.
    pub(crate) fn json(self, code: i32) -> Value {
        serde_json::from_str(&self.expect(code)).unwrap()
    }

    /// Returns stderr, having made sure of the exit code.
    pub(crate) fn refused(self, code: i32) -> String {
        assert_eq!(self.code, code, "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self.stderr
    }
}

/// Runs the binary in `folder`, with nothing of the environment but a home.
pub(crate) fn muster(folder: &Path, arguments: &[&str]) -> Ran {
    let mut command = command(folder);
    let Output { status, stdout, stderr } = command.args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran { code: status.code().unwrap(), stdout: text(stdout), stderr: text(stderr) }
}

/// Returns the binary, sealed off, with a cache of compiled policies that all tests share.
pub(crate) fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_muster"));
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compiled");
    command.env_clear().env("HOME", folder).current_dir(folder).arg("--cache-dir").arg(cache);
    command
}

/// The policy that is part of the binary, with all that it declares.
pub(crate) fn offboarding() -> Entry {
    entry(
        "offboarding",
        "builtin:offboarding".to_owned(),
        muster_test_guests::OFFBOARDING,
        "settings.anybody = true",
    )
}

/// A policy that does what these settings say.
pub(crate) fn puppet(folder: &Path, name: &'static str, more: &str) -> Entry {
    let path = folder.join("puppet.wasm");
    std::fs::write(&path, muster_test_guests::PUPPET).unwrap();
    entry(name, format!("file:{}", path.display()), muster_test_guests::PUPPET, more)
}

fn entry(name: &'static str, source: String, component: &[u8], more: &str) -> Entry {
    let declared = muster_engine::inspect(component).unwrap().declared;
    let allow = declared.iter().map(|function| function.name().to_owned()).collect();
    Entry { name, source, allow, more: more.to_owned() }
}

impl Site {
    /// Starts a simulator with this company and writes a configuration for it, `offboarding` in it.
    pub(crate) fn new(company: Company) -> Self {
        Self::with(company, Config::default())
    }

    /// The same with a simulator that behaves so, but for its limits: there are none.
    pub(crate) fn with(company: Company, config: Config) -> Self {
        let dialect = config.dialect;
        let config = Config { limits: Limits::NONE, ..config };
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let simulator = runtime.block_on(Simulator::start(config, company, address)).unwrap();
        let site = Self { folder: tempfile::tempdir().unwrap(), simulator, runtime, dialect };
        let secret = site.path("client-secret");
        std::fs::write(&secret, &site.simulator.credentials().client_secret).unwrap();
        #[cfg(unix)]
        std::fs::set_permissions(&secret, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        site.configure("", &[offboarding()]);
        site
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes the configuration anew. `tables` are more tables of it.
    pub(crate) fn configure(&self, tables: &str, policies: &[Entry]) {
        let (url, company) = (self.simulator.base_url(), self.simulator.company_id());
        let client = self.simulator.credentials().client_id;
        let dialect = match self.dialect {
            Dialect::Reference => "reference",
            Dialect::Guide => "guide",
        };
        let mut text = format!(
            "version = 1\napprovals = \"local\"\n\n[procore]\ncompany = {company}\napi = \"{url}\"\nlogin = \"{url}\"\n\
             client-id = \"{client}\"\nclient-secret = {{ file = \"client-secret\" }}\n\
             dialect = \"{dialect}\"\n\n{tables}\n"
        );
        for Entry { name, source, allow, more } in policies {
            text +=
                &format!("[[policy]]\nname = {name:?}\nsource = {source:?}\nallow = {allow:?}\n{more}\n\n");
        }
        std::fs::write(self.path("muster.toml"), text).unwrap();
    }

    /// Runs a command. Whatever it says, it says no secret.
    pub(crate) fn muster(&self, arguments: &[&str]) -> Ran {
        let ran = muster(self.folder.path(), arguments);
        for secret in self.secrets() {
            let said = ran.stdout.contains(&secret) || ran.stderr.contains(&secret);
            assert!(!said, "{arguments:?} says a secret");
        }
        ran
    }

    /// Returns what must be found nowhere but where it belongs: the client's secret, and every token so far.
    fn secrets(&self) -> Vec<String> {
        let mut secrets = self.simulator.tokens();
        secrets.push(self.simulator.credentials().client_secret);
        secrets
    }

    /// Returns every file that a command has left, but for the one that holds the secret.
    pub(crate) fn left(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let (mut folders, mut files) = (vec![self.folder.path().to_owned()], Vec::new());
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                match std::fs::symlink_metadata(&path).unwrap().file_type() {
                    kind if kind.is_dir() => folders.push(path),
                    kind if kind.is_file() && !path.ends_with("client-secret") => {
                        let bytes = std::fs::read(&path).unwrap();
                        files.push((path, bytes));
                    }
                    _ => {}
                }
            }
        }
        files
    }

    /// Runs a command that prints JSON.
    pub(crate) fn json(&self, arguments: &[&str], code: i32) -> Value {
        let mut all = vec!["--output", "json"];
        all.extend(arguments);
        self.muster(&all).json(code)
    }

    /// Does something that takes the network.
    pub(crate) fn wait<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    pub(crate) fn set_fault(&self, fault: Fault) {
        self.simulator.set_faults([fault]);
    }

    /// Returns the writing requests so far, oldest first, as `METHOD /path`.
    pub(crate) fn writes(&self) -> Vec<String> {
        let requests = self.runtime.block_on(get(&format!("{}/sim/requests", self.simulator.base_url())));
        let line = |request: &Value| {
            format!("{} {}", request["method"].as_str().unwrap(), request["path"].as_str().unwrap())
        };
        let lines = requests.as_array().unwrap().iter().map(line);
        lines.filter(|line| !line.starts_with("GET ") && line.contains("/rest/")).collect()
    }
}

/// Every test that has a site ends by looking for its secrets in whatever was left there.
impl Drop for Site {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let secrets = self.secrets();
        for (path, bytes) in self.left() {
            for secret in &secrets {
                let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
                assert!(!found, "a secret was left in {}", path.display());
            }
        }
    }
}

/// Opens a page as a browser would, wherever it leads.
pub(crate) async fn get_text(url: &str) -> String {
    reqwest::get(url).await.unwrap().text().await.unwrap()
}

/// Asks for a JSON document.
pub(crate) async fn get(url: &str) -> Value {
    reqwest::get(url).await.unwrap().json().await.unwrap()
}

/// A small company about one leaver: Ana, on two projects. In the first, Ben can take over what she holds; the second is
/// hers alone, and so is its RFI.
pub(crate) struct Small {
    pub(crate) company: Company,
    pub(crate) ana: u64,
    pub(crate) ben: u64,
    pub(crate) shared: u64,
    pub(crate) alone: u64,
    /// Held by Ana as assignee, managed by Ben.
    pub(crate) movable: u64,
    /// Held by Ana alone, in every role.
    pub(crate) stuck: u64,
}

pub(crate) const ANA: &str = "ana.diaz@brightline.example";

impl Small {
    pub(crate) fn new() -> Self {
        let mut company = Company::new("Brightline Builders");
        let admin = company.template_by_name("Company Administrator").map(|template| template.id);
        let add = |company: &mut Company, first: &str, last: &str, template| {
            let email = format!("{}.{}@brightline.example", first.to_lowercase(), last.to_lowercase());
            let new =
                NewUser { email: Some(email), company_template: template, ..NewUser::named(first, last) };
            company.add_user(new).unwrap()
        };
        add(&mut company, "Cleo", "Admin", admin);
        add(&mut company, "Dov", "Admin", admin);
        let ana = add(&mut company, "Ana", "Diaz", None);
        let ben = add(&mut company, "Ben", "Ode", None);
        let manager = company.template_by_name("Project Manager").unwrap().id;
        let shared = company.add_project(NewProject::named("Harbor Point"));
        let alone = company.add_project(NewProject::named("Pier 9 Utility Vault"));
        for (user, project) in [(ana, shared), (ben, shared), (ana, alone)] {
            company.add_membership(NewMembership::new(user, project).with_template(manager)).unwrap();
        }
        let movable = company.add_rfi(NewRfi::open(shared, "Slab edge at grid C-4", ben, &[ana])).unwrap();
        let stuck = company.add_rfi(NewRfi::open(alone, "Sump pump discharge", ana, &[ana])).unwrap();
        Self { company, ana, ben, shared, alone, movable, stuck }
    }

    /// Starts a site with this company.
    pub(crate) fn site(&self) -> Site {
        Site::new(self.company.clone())
    }
}
