//! What every call under `/rest` has to pass before its operation is asked, and what every answer carries.
//!
//! The order is that of Procore's gateway: who calls, whether there is anything left of the windows, whether the token
//! still works, and only then the company. So a call that fails has counted all the same.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::answer::{Answer, Refusal, Reply, whole_second};
use super::operation::{Operation, Run};
use super::request::Request;
use super::{App, State};
use crate::company::Company;
use crate::fault::Fault;
use crate::limits::Windows;
use crate::switches::Switches;

/// What an operation works on.
pub(crate) struct Scene<'a> {
    /// The company.
    pub(crate) company: &'a mut Company,
    /// The largest page of most lists.
    pub(crate) page_max: u32,
    /// The faults that apply to this operation.
    pub(crate) faults: BTreeSet<Fault>,
    /// The user whom the caller acts as.
    pub(crate) caller: u64,
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
) -> Answer {
    let grant = request.token().and_then(|token| state.tokens.find(token));
    let working = match grant {
        Some(grant) if now < grant.expires => Ok(()),
        Some(_) => Err("The access token expired"),
        None => Err("The access token is invalid"),
    };
    // Calls of nobody share windows of their own.
    let client = grant.map(|grant| grant.client.clone()).unwrap_or_default();
    let standing = state.windows.entry(client).or_insert_with(|| Windows::new(app.limits)).take(now);
    let reply = if standing.passed {
        state.calls.count(operation.map(|(operation, _)| operation.name));
        let refuse = |message| Refusal::unauthorized(message, app.switches.unauthorized);
        working.map_err(refuse).and_then(|()| admit(app, state, operation, request))
    } else {
        state.calls.throttled += 1;
        Err(Refusal::throttled(standing, now, app.retry_after_on_429))
    };
    let mut answer = reply.unwrap_or_else(Answer::from);
    answer.header("X-Rate-Limit-Limit", standing.limit);
    answer.header("X-Rate-Limit-Remaining", standing.remaining);
    answer.header("X-Rate-Limit-Reset", whole_second(standing.reset));
    answer
}

fn admit(app: &App, state: &mut State, operation: Option<(&Operation, Run)>, request: &Request) -> Reply {
    let (operation, run) = operation.ok_or_else(Refusal::not_found)?;
    check_company(app, &state.company, operation, request)?;
    let caller = state.company.service_account();
    let active = state.company.user(caller).is_some_and(|user| user.active);
    if app.switches.deactivation_ends_tokens && !active {
        return Err(Refusal::unauthorized("The access token was revoked", app.switches.unauthorized));
    }
    let faults = Fault::of(&state.faults, operation.name);
    let (company, page_max, switches) = (&mut state.company, app.page_max, app.switches);
    run(&mut Scene { company, page_max, faults, caller, switches }, request)
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
