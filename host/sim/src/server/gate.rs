//! What every call under `/rest` has to pass before its operation is asked, and what every answer carries.
//!
//! The order is that of Procore's gateway: who calls, whether there is anything left of the windows, whether the token
//! still works, and only then the company. So a call that fails has counted all the same.

use axum::http::StatusCode;
use jiff::Timestamp;

use super::answer::{Answer, Refusal, Reply, whole_second};
use super::caller::Caller;
use super::operation::{Operation, Run};
use super::request::Request;
use super::rights;
use super::trouble::{self, Outcome};
use super::{App, State};
use crate::account::Permitted;
use crate::company::Company;
use crate::limits::Windows;
use crate::script::Trouble;
use crate::switches::Switches;

/// What an operation works on.
pub(crate) struct Scene<'a> {
    /// The company.
    pub(crate) company: &'a mut Company,
    /// The largest page of most lists.
    pub(crate) page_max: u32,
    /// Who calls.
    pub(crate) caller: Caller,
    /// What nobody knows of Procore.
    pub(crate) switches: Switches,
}

/// Lets a call through to its operation, or refuses it.
pub(crate) fn pass(
    app: &App,
    state: &mut State,
    operation: Option<(&Operation, Run)>,
    request: &Request,
    now: Timestamp,
) -> Outcome {
    let grant = request.token().and_then(|token| state.tokens.find(token));
    // Calls of nobody share windows of their own.
    let client = grant.map(|grant| grant.holder.client.clone()).unwrap_or_default();
    let standing = state.windows.entry(client).or_insert_with(|| Windows::new(app.limits)).take(now);
    let mut outcome = match operation {
        _ if !standing.passed => {
            Answer::from(Refusal::throttled(standing, now, app.retry_after_on_429)).into()
        }
        Some((operation, run)) => trouble::under(state, operation, request, |state, request, troubles| {
            let caller = check_token(app, state, request, now);
            let caller = caller.map_err(|why| Refusal::unauthorized(why, app.switches.unauthorized))?;
            check_company(app, &state.company, operation, request)?;
            rights::check(&state.company, &caller, operation.name, request, app.switches)?;
            admit(app, state, run, request, troubles, caller)
        }),
        None => {
            let refusal = match check_token(app, state, request, now) {
                Ok(_) => Refusal::not_found(),
                Err(why) => Refusal::unauthorized(why, app.switches.unauthorized),
            };
            Answer::from(refusal).into()
        }
    };
    if outcome.answer.status == StatusCode::TOO_MANY_REQUESTS {
        state.calls.throttled += 1;
    } else {
        state.calls.count(operation.map(|(operation, _)| operation.name));
    }
    let answer = &mut outcome.answer;
    answer.header("X-Rate-Limit-Limit", standing.limit);
    answer.header("X-Rate-Limit-Remaining", standing.remaining);
    answer.header("X-Rate-Limit-Reset", whole_second(standing.reset));
    outcome
}

/// Checks that the caller's token works, and returns whose it is: that of whoever signed in, else of the service account.
pub(super) fn check_token(
    app: &App,
    state: &State,
    request: &Request,
    now: Timestamp,
) -> Result<Caller, &'static str> {
    const INVALID: &str = "The access token is invalid";
    const REVOKED: &str = "The access token was revoked";
    let grant = request.token().and_then(|token| state.tokens.find(token)).ok_or(INVALID)?;
    if grant.revoked {
        return Err(REVOKED);
    }
    if now >= grant.expires {
        return Err("The access token expired");
    }
    let account = state.accounts.of_client(&grant.holder.client).ok_or(INVALID)?;
    let caller = match grant.holder.user {
        Some(user) => Caller { user, permitted: Permitted::All },
        None => Caller { user: account.user, permitted: account.projects.clone() },
    };
    if ends_tokens(app, state, caller.user) { Err(REVOKED) } else { Ok(caller) }
}

/// Returns whether a user's tokens have ended with the login.
pub(super) fn ends_tokens(app: &App, state: &State, user: u64) -> bool {
    app.switches.deactivation_ends_tokens && !state.company.user(user).is_some_and(|user| user.active)
}

/// Lets the operation work on the company, or on a copy that nobody sees again.
fn admit(
    app: &App,
    state: &mut State,
    run: Run,
    request: &Request,
    troubles: &[Trouble],
    caller: Caller,
) -> Reply {
    let (page_max, switches) = (app.page_max, app.switches);
    let undone = troubles.iter().any(|trouble| matches!(trouble, Trouble::NotMade | Trouble::Orphans));
    let before = undone.then(|| state.company.clone());
    let company = &mut state.company;
    let reply = run(&mut Scene { company: &mut *company, page_max, caller, switches }, request);
    match before {
        Some(before) if troubles.contains(&Trouble::NotMade) => *company = before,
        Some(before) => company.keep_references(&before),
        None => {}
    }
    reply
}

/// Checks that the header, the path and the query name a company that the app is connected to.
fn check_company(
    app: &App,
    company: &Company,
    operation: &Operation,
    request: &Request,
) -> Result<(), Refusal> {
    const MISSING: &str = "Missing Procore-Company-Id header! Each call your application makes to the Procore API must \
                           contain a request header that includes the Procore-Company-Id field. This request header \
                           field specifies the id of the company into which you are making the call.";
    let narrowed = ["company_id", "project_id"].iter().any(|name| request.query.value(name).is_some());
    let exempt = match operation.name {
        "GET /rest/v1.0/companies" => true,
        "GET /rest/v1.0/me" => !narrowed,
        _ => false,
    };
    if exempt {
        return Ok(());
    }
    let header = request.header("procore-company-id").filter(|value| !value.is_empty());
    let header = header.ok_or_else(|| Refusal::missing_company(app.switches.missing_company, MISSING))?;
    let header = header.parse().map_err(|_| Refusal::field("Procore-Company-Id", "must be an integer"))?;
    let mut named: Vec<u64> = vec![header];
    if request.has_id("company_id") {
        named.push(request.id("company_id")?);
    }
    named.extend(request.query.number("company_id")?);
    if company.is_connected() && named.into_iter().all(|id| id == company.id()) {
        Ok(())
    } else {
        Err(Refusal::not_connected())
    }
}
