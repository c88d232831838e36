//! The simulator's own side, under `/sim`: for tests and for people who look at a demonstration.
//!
//! It asks for no token, counts as no call and shows no secret.

use std::time::Duration;

use serde_json::{Value, json};

use super::State;
use super::answer::{Answer, Refusal, Reply};
use super::request::Request;
use crate::account::Permitted;
use crate::calls::Calls;
use crate::clock::Clock;
use crate::script::Script;

/// Serves `GET /sim/state`.
pub(crate) fn state(state: &mut State, _request: &Request) -> Reply {
    Ok(Answer::ok(state.company.export()))
}

/// Serves `GET /sim/company`: what [`Company::from_json`](crate::Company::from_json) restores.
pub(crate) fn company(state: &mut State, _request: &Request) -> Reply {
    Ok(Answer::ok(state.company.to_json()))
}

/// Serves `GET /sim/calls`.
pub(crate) fn calls(state: &mut State, _request: &Request) -> Reply {
    Ok(Answer::ok(json!(state.calls)))
}

/// Serves `POST /sim/calls/reset`.
pub(crate) fn reset_calls(state: &mut State, _request: &Request) -> Reply {
    state.calls = Calls::default();
    Ok(Answer::no_content())
}

/// Serves `GET /sim/requests`.
pub(crate) fn requests(state: &mut State, _request: &Request) -> Reply {
    Ok(Answer::ok(json!(state.log.entries())))
}

/// Serves `GET /sim/clock`.
pub(crate) fn clock(state: &mut State, _request: &Request) -> Reply {
    let manual = matches!(state.clock, Clock::Manual(_));
    Ok(Answer::ok(json!({ "now": state.clock.now(), "manual": manual })))
}

/// Serves `PUT /sim/clock`: moves the clock forward. The machine's clock moves for nobody.
pub(crate) fn move_clock(state: &mut State, request: &Request) -> Reply {
    const FIELD: &str = "advance_seconds";
    let seconds = request.json()?.get(FIELD).and_then(Value::as_u64);
    let seconds = seconds.ok_or_else(|| Refusal::field(FIELD, "must be an integer, 0 or more"))?;
    let Clock::Manual(hand) = &state.clock else {
        return Err(Refusal::bad_request("The simulator runs on the machine's clock, which can't be moved."));
    };
    hand.advance(Duration::from_secs(seconds));
    state.company.set_time(state.clock.now());
    clock(state, request)
}

/// Serves `GET /sim/accounts`, without secrets.
pub(crate) fn accounts(state: &mut State, _request: &Request) -> Reply {
    Ok(Answer::ok(json!(state.accounts.all())))
}

/// Serves `PUT /sim/accounts/{name}/projects`: the projects are instead of those before.
pub(crate) fn permit(state: &mut State, request: &Request) -> Reply {
    let name = request.text_id("name")?;
    if !state.accounts.all().iter().any(|account| account.name == name) {
        return Err(Refusal::not_found());
    }
    let projects: Result<Permitted, _> = serde_json::from_value(request.json()?);
    let projects = projects.map_err(|error| Refusal::bad_request(&error.to_string()))?;
    state.accounts.permit(&mut state.company, name, projects)?;
    accounts(state, request)
}

/// Serves `GET /sim/faults`.
pub(crate) fn faults(state: &mut State, _request: &Request) -> Reply {
    Ok(Answer::ok(json!(state.script.script())))
}

/// Serves `PUT /sim/faults`: the rules are instead of those before, and count from here.
pub(crate) fn set_faults(state: &mut State, request: &Request) -> Reply {
    let script: Result<Script, _> = serde_json::from_value(request.json()?);
    let script = script.map_err(|error| Refusal::bad_request(&error.to_string()))?;
    state.set_script(script);
    faults(state, request)
}
