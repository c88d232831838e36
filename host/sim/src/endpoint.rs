//! Procore's operations, one file for each kind of record: what is asked, what becomes of it, and what is answered.
//!
//! The gate stands before them and knows the caller; here nobody asks for tokens, windows or the company.

pub(crate) mod accounts;
pub(crate) mod action_plans;
pub(crate) mod approvers;
pub(crate) mod assignments;
pub(crate) mod bulk;
pub(crate) mod contacts;
pub(crate) mod coordination;
pub(crate) mod correspondence;
pub(crate) mod distribution;
mod filter;
pub(crate) mod guide;
pub(crate) mod inspections;
mod item;
pub(crate) mod me;
pub(crate) mod meetings;
pub(crate) mod members;
pub(crate) mod memberships;
pub(crate) mod observations;
pub(crate) mod people;
pub(crate) mod permissions;
pub(crate) mod presets;
mod profile;
pub(crate) mod projects;
pub(crate) mod punch;
pub(crate) mod rfi_batch;
pub(crate) mod rfis;
pub(crate) mod roles;
pub(crate) mod submittals;
pub(crate) mod sync;
pub(crate) mod tasks;
pub(crate) mod templates;
pub(crate) mod tools;
pub(crate) mod users;
pub(crate) mod vendors;
pub(crate) mod workflows;

use crate::company::{Company, Project};
use crate::server::answer::Refusal;
use crate::server::request::Request;

/// Returns the project that the path names.
fn project<'a>(company: &'a Company, request: &Request) -> Result<&'a Project, Refusal> {
    company.project(request.id("project_id")?).ok_or_else(Refusal::not_found)
}

/// Refuses a request without the parameter that says which company; the gate has compared it with the company's id.
fn need_company(request: &Request) -> Result<(), Refusal> {
    match request.query.value("company_id") {
        Some(_) => Ok(()),
        None => Err(Refusal::field("company_id", "is missing")),
    }
}
