//! What muster's things are and what is allowed.
//!
//! This crate is pure: no input or output, no clock, no randomness, no async. Everything that decides whether somebody
//! loses access is a function here, so that it can be tested without a sandbox and without Procore.

pub mod action;
pub mod approval;
pub mod artifact;
pub mod digest;
pub mod directory;
pub mod event;
pub mod facts;
pub mod function;
pub mod grant;
pub mod guard;
pub mod id;
pub mod inverse;
pub mod journal;
pub mod lower;
pub mod plan;
pub mod proposal;
pub mod read;
pub mod run;
pub mod standing;
pub mod tape;
#[cfg(test)]
mod testing;
pub mod text;
pub mod verdict;
