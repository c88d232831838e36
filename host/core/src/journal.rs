//! Journal entries: the append-only truth about a company's cases.
//!
//! State is a fold of these (invariant 6). Entries are small and versioned; what is large (plans, tapes) lies beside them
//! under its digest. How entries are stored, ordered and made durable belongs to the store.

use serde::{Deserialize, Serialize};

use crate::approval::Approval;
use crate::digest::Digest;
use crate::event::{Event, EventId};
use crate::proposal::{Decision, Refusal};
use crate::run::RunEntry;
use crate::verdict::Verdict;

/// The version of entries that is written, and the newest that is read.
pub const VERSION: u32 = 1;

/// One line of the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case", deny_unknown_fields)]
pub enum Entry {
    /// An event was accepted and became a case.
    Accepted {
        /// The event; its id names the case.
        event: Event,
    },
    /// A policy was asked.
    Decided {
        /// The case.
        case: EventId,
        /// The policy as the configuration names it.
        policy: String,
        /// What came of it.
        decided: Decided,
        /// The tape of the decision, among the bodies; `None` if the policy could not be asked.
        tape: Option<Digest>,
        /// What it proposed, among the bodies; `None` if nothing.
        proposal: Option<Digest>,
        /// Whether the tape leads to the same again: not where time ended it.
        reproducible: bool,
    },
    /// A decision became a plan.
    Planned {
        /// The case.
        case: EventId,
        /// The policy as the configuration names it.
        policy: String,
        /// The plan, among the bodies.
        plan: Digest,
    },
    /// A plan was judged: when it was made, and again when it was to be carried out.
    Judged {
        /// The case.
        case: EventId,
        /// The plan.
        plan: Digest,
        /// What the guard said.
        verdict: Verdict,
    },
    /// A person said yes.
    Approved {
        /// The case.
        case: EventId,
        /// To what, who, until when.
        approval: Approval,
    },
    /// Something happened in the run of a plan.
    Run {
        /// The case.
        case: EventId,
        /// The plan that is carried out.
        plan: Digest,
        /// What happened.
        entry: RunEntry,
    },
}

/// What came of asking a policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decided {
    /// It decided.
    Decision(Decision),
    /// It could not be loaded, so it was not asked.
    NotLoaded(String),
    /// It said why it can't decide.
    Refusal(Refusal),
    /// It is at fault: it trapped, ran out of something, or proposed what makes no sense.
    Fault(String),
    /// Procore did not answer what it asked.
    NoAnswer(String),
}

impl Entry {
    /// Returns the case that the entry belongs to.
    #[must_use]
    pub fn case(&self) -> EventId {
        match self {
            Self::Accepted { event } => event.id,
            Self::Decided { case, .. }
            | Self::Planned { case, .. }
            | Self::Judged { case, .. }
            | Self::Approved { case, .. }
            | Self::Run { case, .. } => *case,
        }
    }

    /// Returns the plan that the entry is about, if it is about one.
    #[must_use]
    pub fn plan(&self) -> Option<Digest> {
        match self {
            Self::Accepted { .. } | Self::Decided { .. } => None,
            Self::Planned { plan, .. } | Self::Judged { plan, .. } | Self::Run { plan, .. } => Some(*plan),
            Self::Approved { approval, .. } => Some(approval.plan),
        }
    }
}
