//! The port through which policies, plan and guard ask the directory.

use std::pin::Pin;

use muster_core::read::{Answer, Read};

/// An answer on its way.
pub type Answering<'a> = Pin<Box<dyn Future<Output = Result<Answer, NoAnswer>> + Send + 'a>>;

/// Something that answers reads: Procore itself, or a tape.
///
/// Answers must fit their reads ([`Answer::fits`]), and an implementation answers equal reads of one case equally.
pub trait Directory: Send + Sync {
    /// Answers one read. A thing that does not exist or can't be seen is an answer; an error ends the decision.
    fn answer(&self, read: Read) -> Answering<'_>;
}

/// A read that was not answered. The decision that asked it ends: a policy must not improvise around a hole.
#[derive(Debug, thiserror::Error)]
#[error("the read {read:?} was not answered")]
pub struct NoAnswer {
    /// What was asked.
    pub read: Box<Read>,
    /// Why there is no answer.
    #[source]
    pub source: Box<dyn std::error::Error + Send + Sync>,
}
