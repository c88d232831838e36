//! A running simulator.

use std::net::SocketAddr;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::account::{Account, Permitted};
use crate::calls::Calls;
use crate::company::{Company, Invalid};
use crate::config::Config;
use crate::fault::Fault;
use crate::mishap::Mishap;
use crate::script::Script;
use crate::server::line::{Lines, Scissors};
use crate::server::token::Credentials;
use crate::server::{App, router};

/// Why a simulator could not be started.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nothing can listen at the address.
    #[error("can't listen at {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        source: std::io::Error,
    },
    /// A service account can't be added to the company.
    #[error("a service account can't be added: {0}")]
    Account(#[from] Invalid),
}

/// A simulator that answers until it is stopped or dropped.
#[derive(Debug)]
pub struct Simulator {
    app: Arc<App>,
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    server: JoinHandle<()>,
}

impl Simulator {
    /// Starts to serve a company at an address; port 0 takes any port that is free.
    pub async fn start(config: Config, company: Company, address: SocketAddr) -> Result<Self, Error> {
        let failed = |source| Error::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let app = Arc::new(App::new(config, company)?);
        let (stop, stopped) = oneshot::channel();
        let routes = router(Arc::clone(&app)).into_make_service_with_connect_info::<Scissors>();
        let server = tokio::spawn(async move {
            // A dropped sender stops the server as well. Serving itself does not fail: what goes wrong is one connection.
            let ended = async { drop(stopped.await) };
            let _ = axum::serve(Lines(listener), routes).with_graceful_shutdown(ended).await;
        });
        Ok(Self { app, address, stop, server })
    }

    /// Returns the URL that stands before every path, without a slash at its end.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns the address that the simulator listens at.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns what the app's own account proves itself with.
    pub fn credentials(&self) -> Credentials {
        self.app.credentials()
    }

    /// Returns all service accounts, the app's own first.
    pub fn accounts(&self) -> Vec<Account> {
        self.app.lock().accounts.all().to_vec()
    }

    /// Says who is signed in at `/oauth/authorize` from now on, or that whoever is asked says no. At first it is a person
    /// who is an admin of the company, if there is one, else the app's own account.
    pub fn sign_in_as(&self, user: Option<u64>) {
        self.app.lock().signs_in = user;
    }

    /// Says which projects a service account is for, from the next call on.
    ///
    /// # Errors
    ///
    /// Fails if there is no such account or project; then nothing is changed.
    pub fn permit(&self, account: &str, projects: Permitted) -> Result<(), Invalid> {
        let now = self.app.clock.now();
        let mut guard = self.app.lock();
        let state = &mut *guard;
        state.company.set_time(now);
        state.accounts.permit(&mut state.company, account, projects)
    }

    /// Returns the id of the company.
    pub fn company_id(&self) -> u64 {
        self.app.lock().company.id()
    }

    /// Looks at the company or changes it, between two calls. What is changed is stamped with the current time. `f` has the
    /// company to itself, so it must not ask this simulator for anything.
    pub fn with_company<R>(&self, f: impl FnOnce(&mut Company) -> R) -> R {
        let now = self.app.clock.now();
        let mut state = self.app.lock();
        state.company.set_time(now);
        f(&mut state.company)
    }

    /// Returns the time in the company.
    pub fn now(&self) -> Timestamp {
        self.app.clock.now()
    }

    /// Returns what was called so far.
    pub fn calls(&self) -> Calls {
        self.app.lock().calls.clone()
    }

    /// Returns every token that was given so far: what must be found nowhere else.
    pub fn tokens(&self) -> Vec<String> {
        self.app.lock().tokens.all()
    }

    /// Starts to count anew.
    pub fn reset_calls(&self) {
        self.app.lock().calls = Calls::default();
    }

    /// Sets what is to go wrong, instead of what was to go wrong before. Rules count calls from here.
    pub fn set_script(&self, script: Script) {
        self.app.lock().set_script(script);
    }

    /// Sets which changes are not made, instead of what was to go wrong before.
    pub fn set_faults(&self, faults: impl IntoIterator<Item = Fault>) {
        self.set_script(faults.into_iter().flat_map(Fault::rules).collect());
    }

    /// Sets what happens to single requests, instead of what was to happen before.
    pub fn set_mishaps(&self, mishaps: impl IntoIterator<Item = Mishap>) {
        self.app.lock().mishaps = Vec::from_iter(mishaps);
    }

    /// Returns the complete state of the company.
    pub fn export(&self) -> Value {
        self.app.lock().company.export()
    }

    /// Stops when all calls that are under way have been answered.
    pub async fn stop(self) {
        // Both fail only if the server has ended already.
        let _ = self.stop.send(());
        let _ = self.server.await;
    }
}
