//! What the pipeline writes into the journal, and the bodies beside it.

use muster_core::action::Action;
use muster_core::approval::Approval;
use muster_core::digest::Digest;
use muster_core::event::{Event, EventId};
use muster_core::journal::{Decided, Entry};
use muster_core::proposal;
use muster_core::verdict::Verdict;

use super::{Concluded, Conclusion, Shortfall};
use crate::app::App;
use crate::clock;
use crate::store::{Body, StoreError};

/// An event became a case.
pub(super) async fn accepted(app: &App, event: &Event) -> Result<(), StoreError> {
    app.store.append(clock::now(), vec![Entry::Accepted { event: event.clone() }], vec![]).await
}

/// Policies were asked, and what they proposed was judged. Written together: a case is concluded whole.
pub(super) async fn concluded(app: &App, case: EventId, concluded: &[Concluded]) -> Result<(), StoreError> {
    let (mut entries, mut bodies, mut left) = (Vec::new(), Vec::new(), Vec::new());
    for one in concluded {
        let policy = one.policy.clone();
        let tape = one.tape.as_ref().map(|tape| Body::of("tape", tape)).transpose()?;
        let proposal = one.proposal.as_ref().map(|proposal| Body::of("proposal", proposal)).transpose()?;
        entries.push(Entry::Decided {
            case,
            policy: policy.clone(),
            decided: decided(&one.conclusion),
            tape: tape.as_ref().map(|tape| tape.digest),
            proposal: proposal.as_ref().map(|proposal| proposal.digest),
            reproducible: one.reproducible,
        });
        bodies.extend(tape.into_iter().chain(proposal));
        if let Conclusion::Plan(plan) = &one.conclusion {
            let (plan, verdict) = plan.as_ref();
            // The digest of this body is the digest of the plan.
            bodies.push(Body::of("plan", plan.content())?);
            left.extend(plan.content().steps.iter().filter_map(|step| match step.action {
                Action::RemoveMembership { user, project } => Some((user, project)),
                _ => None,
            }));
            entries.push(Entry::Planned { case, policy, plan: plan.digest() });
            entries.push(Entry::Judged { case, plan: plan.digest(), verdict: verdict.clone() });
        }
    }
    app.store.remember_left(left).await?;
    app.store.append(clock::now(), entries, bodies).await
}

/// Returns a conclusion as the journal has it.
pub(crate) fn decided(conclusion: &Conclusion) -> Decided {
    match conclusion {
        Conclusion::Plan(plan) => Decided::Decision(plan.0.content().decision.clone()),
        Conclusion::Nothing(words) => Decided::Decision(proposal::Decision::Nothing(words.clone())),
        Conclusion::Refusal(refusal) => Decided::Refusal(refusal.clone()),
        Conclusion::Short(Shortfall::NotLoaded(why)) => Decided::NotLoaded(why.clone()),
        Conclusion::Short(Shortfall::Fault(why)) => Decided::Fault(why.clone()),
        Conclusion::Short(Shortfall::NoAnswer(why)) => Decided::NoAnswer(why.clone()),
    }
}

/// A plan was judged again, before it is carried out.
pub(super) async fn judged(
    app: &App,
    case: EventId,
    plan: Digest,
    verdict: &Verdict,
) -> Result<(), StoreError> {
    app.store.append(clock::now(), vec![Entry::Judged { case, plan, verdict: verdict.clone() }], vec![]).await
}

/// Somebody approved a plan.
pub(crate) async fn approved(app: &App, case: EventId, approval: &Approval) -> Result<(), StoreError> {
    app.store.append(clock::now(), vec![Entry::Approved { case, approval: approval.clone() }], vec![]).await
}
