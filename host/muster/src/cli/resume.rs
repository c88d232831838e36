//! `muster runs resume` and `muster runs cancel`

use super::apply::{carry_out, json_of, os_user, print};
use super::{Global, case, failure, runs};
use crate::app::App;
use crate::case::{Case, Status};
use crate::executor::{self, ExecutorError};
use crate::exit::{Exit, Failure};
use crate::report::{self, outcomes};

/// Takes up one run, or all that have not ended. What stops one stops no other.
pub(super) async fn resume(global: &Global, plan: Option<String>) -> Result<Exit, Failure> {
    let app = global.app().await?;
    let plans = match plan {
        Some(plan) => {
            let (case, digest) = Case::of_plan(&app.store, &plan).await?;
            let begun = case.plan(digest).is_some_and(|(_, state)| state.run.has_begun());
            if !begun {
                let error = format!("the run of plan {} was never begun", digest.short());
                return Err(Failure::new(Exit::Usage, error).hint("`muster apply PLAN` begins it"));
            }
            vec![digest]
        }
        None => app.store.interrupted().await?,
    };
    if plans.is_empty() {
        failure::note("every run that was begun has ended");
    }
    let (mut exit, mut documents) = (Exit::Done, Vec::new());
    for plan in plans {
        let came_to = match carry_out(&app, &plan.to_string(), None).await {
            Ok((case, ran)) if global.is_json() => {
                documents.push(json_of(&case, &ran));
                Ok(case::exit_of_runs(&ran))
            }
            Ok((case, ran)) => print(global, &case, ran),
            Err(failure) => Err(failure),
        };
        exit = exit.worse(came_to.unwrap_or_else(|failure| {
            documents.push(failure::json(&failure));
            failure::say(&failure);
            failure.exit
        }));
    }
    if global.is_json() {
        failure::heard(report::json(&documents))?;
    }
    Ok(exit)
}

/// Says which runs were interrupted, where there are some.
pub(super) async fn remind(app: &App) -> Result<(), Failure> {
    let mut interrupted = app.store.interrupted().await?;
    // What another process is carrying out at this moment is not interrupted.
    interrupted.retain(|plan| executor::lease(app, *plan).is_ok());
    if let Some(first) = interrupted.first() {
        let others = interrupted.len() - 1;
        let more = if others == 0 { String::new() } else { format!(" and {others} more") };
        failure::note(&format!(
            "the run of plan {}{more} has begun and not ended: `muster runs resume` takes it up",
            first.short()
        ));
    }
    Ok(())
}

/// Calls a plan off.
pub(super) async fn cancel(global: &Global, plan: &str, name: Option<&str>) -> Result<Exit, Failure> {
    // Without policies: one that does not load must not keep a plan from being called off.
    let mut config = global.config()?;
    config.policies.clear();
    let app = App::open(config, global.machine()).await?;
    let (case, digest) = Case::of_plan(&app.store, plan).await?;
    let (_, state) =
        case.plan(digest).ok_or_else(|| Failure::new(Exit::Bug, "the plan is not in its case"))?;
    if let Status::Ended(_) = state.status() {
        let error = format!("the run of plan {} has ended; there is nothing to call off", digest.short());
        return Err(Failure::new(Exit::Refused, error).hint("`muster runs show PLAN` shows how it ended"));
    }
    // Who it was is said by the system; what they call themselves stands behind it, and can't take its place.
    let by = match name {
        Some(name) => {
            format!("{}, as {:?}, unauthenticated", os_user(), name.chars().take(80).collect::<String>())
        }
        None => os_user(),
    };
    let run = executor::cancel(&app, &state.plan, &by).await.map_err(|error| match error {
        held @ ExecutorError::Lease(_) => Failure::new(Exit::Refused, held)
            .hint("it is being carried out: end that process (Ctrl-C), and call the plan off then"),
        other => other.into(),
    })?;
    if global.is_json() {
        report::json(&runs::json_of_state(&run))?;
    } else {
        outcomes(&mut report::stdout(), &state.plan, &run)?;
    }
    Ok(Exit::Done)
}
