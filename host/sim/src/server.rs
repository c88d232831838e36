//! The HTTP side: every request is read completely, answered under one lock, and written after it is given back.
//!
//! The lock is never held over an await, so that each call sees and leaves a state in which no other call is half done.

pub(crate) mod admin;
pub(crate) mod answer;
pub(crate) mod caller;
pub(crate) mod field;
pub(crate) mod gate;
mod html;
pub(crate) mod line;
pub(crate) mod multipart;
mod oauth;
pub(crate) mod operation;
mod overview;
pub(crate) mod page;
pub(crate) mod query;
pub(crate) mod request;
mod rights;
pub(crate) mod token;
pub(crate) mod trouble;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Response;
use axum::routing::on;
use jiff::Timestamp;
use jiff::fmt::rfc2822;

use crate::account::Accounts;
use crate::calls::{Calls, Entry, Log};
use crate::clock::Clock;
use crate::company::{Company, Invalid};
use crate::config::{Config, Dialect};
use crate::dice::Dice;
use crate::limits::{Limits, Windows};
use crate::mishap::{Happens, Mishap};
use crate::script::{Running, Script};
use crate::switches::Switches;
use answer::{Answer, Refusal};
use line::Scissors;
use operation::{Action, Operation, operations};
use request::Request;
use token::{Credentials, Tokens};
use trouble::{Outcome, Sent};

/// No call of Procore's API needs more.
const BODY_MAX: usize = 1024 * 1024;

/// What does not change while the simulator runs, and the lock around what does.
#[derive(Debug)]
pub(crate) struct App {
    /// Where time comes from.
    pub(crate) clock: Clock,
    own: Credentials,
    limits: Limits,
    token_lifetime: Duration,
    page_max: u32,
    retry_after_on_429: bool,
    dialect: Dialect,
    switches: Switches,
    state: Mutex<State>,
}

/// What changes while the simulator runs.
#[derive(Debug)]
pub(crate) struct State {
    /// The company.
    pub(crate) company: Company,
    /// Where time comes from.
    pub(crate) clock: Clock,
    /// What was called.
    pub(crate) calls: Calls,
    /// What is to go wrong.
    pub(crate) script: Running,
    /// What is to happen to single requests.
    pub(crate) mishaps: Vec<Mishap>,
    /// Who signs in when somebody is asked to; nobody agrees if there is none.
    pub(crate) signs_in: Option<u64>,
    /// Who may call.
    pub(crate) accounts: Accounts,
    log: Log,
    pub(crate) tokens: Tokens,
    /// By client id.
    windows: BTreeMap<String, Windows>,
    dice: Dice,
    seed: u64,
}

impl State {
    /// Sets what is to go wrong, instead of what was to go wrong before.
    pub(crate) fn set_script(&mut self, script: Script) {
        self.script = Running::new(script, self.seed);
    }
}

impl App {
    /// Makes the app that serves a company.
    pub(crate) fn new(config: Config, mut company: Company) -> Result<Self, Invalid> {
        company.set_memberships_touch_users(config.switches.memberships_touch_users);
        let seed = config.seed.seed;
        let mut dice = Dice::new(seed);
        let own = Credentials::draw(&mut dice);
        let mut accounts = Accounts::new(&company, own.clone());
        for account in config.accounts {
            accounts.add(&mut company, &mut dice, account)?;
        }
        let person = |id: &u64| *id != company.service_account() && company.is_company_admin(*id);
        let signs_in = company.users().map(|user| user.id).find(person).unwrap_or(company.service_account());
        let clock = config.clock.clone();
        Ok(Self {
            clock: config.clock,
            own,
            limits: config.limits,
            token_lifetime: config.token_lifetime,
            page_max: config.page_max,
            retry_after_on_429: config.retry_after_on_429,
            dialect: config.dialect,
            switches: config.switches,
            state: Mutex::new(State {
                company,
                clock,
                accounts,
                signs_in: Some(signs_in),
                calls: Calls::default(),
                script: Running::new(Script::default(), seed),
                seed,
                mishaps: Vec::new(),
                log: Log::default(),
                tokens: Tokens::default(),
                windows: BTreeMap::new(),
                dice,
            }),
        })
    }

    /// Returns what the app's own account proves itself with.
    pub(crate) fn credentials(&self) -> Credentials {
        self.own.clone()
    }

    /// Takes the lock. A test that failed while it held the lock must not hide behind the tests that fail after it.
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, operation: Option<&Operation>, request: &Request) -> Outcome {
        let mut guard = self.lock();
        let state = &mut *guard;
        // Asked under the lock, so that a later call never has an earlier time.
        let now = self.clock.now();
        state.company.set_time(now);
        let mut outcome: Outcome = match operation.map(|operation| (operation, operation.action)) {
            Some((operation, Action::Rest(run))) => {
                gate::pass(self, state, Some((operation, run)), request, now)
            }
            Some((operation, Action::Token(run))) => {
                state.calls.count(Some(operation.name));
                trouble::under(state, operation, request, |state, request, _| run(self, state, request))
            }
            Some((_, Action::Admin(run))) => run(state, request).unwrap_or_else(Answer::from).into(),
            None if request.path.starts_with("/rest/") => gate::pass(self, state, None, request, now),
            None => Answer::from(Refusal::not_found()).into(),
        };
        let answer = &mut outcome.answer;
        answer.header("x-request-id", request_id(&mut state.dice));
        if let Ok(date) = rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&now) {
            answer.header("Date", date);
        }
        if request.path != "/" && !request.path.starts_with("/sim/") {
            state.log.add(entry(request, &outcome, now));
        }
        outcome
    }
}

/// Returns the routes of all operations.
pub(crate) fn router(app: Arc<App>) -> Router {
    let mut router = Router::new();
    for operation in operations(app.dialect) {
        let app = Arc::clone(&app);
        let handler = move |request| serve(app, Some(operation), request);
        router = router.route(operation.path(), on(operation.method(), handler));
    }
    // Procore knows a path and a method together: a known path with another method is as unknown as any other.
    let other = Arc::clone(&app);
    router
        .fallback(move |request| serve(app, None, request))
        .method_not_allowed_fallback(move |request| serve(other, None, request))
}

async fn serve(
    app: Arc<App>,
    operation: Option<&'static Operation>,
    request: axum::extract::Request,
) -> Response<Body> {
    let (mut parts, body) = request.into_parts();
    let line = parts.extensions.remove::<ConnectInfo<Scissors>>();
    let body = axum::body::to_bytes(body, BODY_MAX).await.ok();
    let request = Request::new(parts, operation, body).read_form().await;
    let mishap = Mishap::of(&app.lock().mishaps, &request.method, &request.target);
    let outcome = match mishap {
        Some(Happens::Answered { status, body }) => {
            let proof = request.header("authorization").unwrap_or_default();
            Answer::error(status, body.replace("{authorization}", proof)).into()
        }
        Some(Happens::Late(by)) => {
            let outcome = app.answer(operation, &request);
            Outcome { late: outcome.late + by, ..outcome }
        }
        None => app.answer(operation, &request),
    };
    let (response, sent) = outcome.into_response().await;
    if let (Sent::Nothing, Some(ConnectInfo(line))) = (sent, line) {
        line.cut();
    }
    response
}

/// Ids of requests look like UUIDs; nothing reads them.
fn request_id(dice: &mut Dice) -> String {
    [8, 4, 4, 4, 12].map(|len| dice.hex(len)).join("-")
}

fn entry(request: &Request, outcome: &Outcome, time: Timestamp) -> Entry {
    let (method, path) = (request.method.clone(), request.target.clone());
    let status = Some(outcome.answer.status.as_u16()).filter(|_| outcome.sent != Sent::Nothing);
    Entry { time, method, path, status, faults: outcome.troubles.clone() }
}
