//! The smallest useful policy: one read, one power.

use muster_policy::{Decision, Event, Kind, NoSettings, Policy, Refusal, Urgency, user_steps, users};

struct CutOff;

muster_policy::export!(CutOff);

impl Policy for CutOff {
    type Settings = NoSettings;

    fn decide(event: Event, _: NoSettings) -> Result<Decision, Refusal> {
        let Kind::Departed(departed) = event.kind else {
            return Err(Refusal::Event("only departures".to_owned()));
        };
        match users::show(departed.user)? {
            Some(_) if departed.urgency == Urgency::Planned => {
                Ok(Decision::Nothing("it has time".to_owned()))
            }
            Some(user) if user.active => {
                user_steps::deactivate(user.id, "leaves the company")?;
                Ok(Decision::Proposed(format!("{} leaves", user.name)))
            }
            _ => Ok(Decision::Nothing("no login to take away".to_owned())),
        }
    }
}
