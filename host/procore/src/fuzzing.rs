//! What the fuzzer reaches: answers as they come from Procore, without a network to come over.
//!
//! Each function panics where a promise of this crate is broken. Only built with `--cfg fuzzing`.

use std::time::Duration;

use muster_core::directory::{Handover, HeldAs};
use muster_core::id::{ProjectId, UserId};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{StatusCode, Url};

use crate::endpoint::{
    batches, bulk, contacts, coordination_issues, correspondence, groups, inspections, invitations, me,
    meetings, members, memberships, observations, parties, plans, presets, profiles, projects, punch_items,
    rfis, rights, roles, submittals, sync, tasks, templates, tools, users, vendors, workflow_tools,
    workflows,
};
use crate::error::Error;
use crate::exchange::Answer;
use crate::{pace, page};

/// A secret that refusals may repeat and that must not come out again.
pub const SECRET: &str = "canary-secret";

/// Reads a body as every operation would that reads one.
pub fn body(body: &[u8]) {
    let answer = Answer { status: StatusCode::OK, headers: HeaderMap::new(), body: body.to_vec() };
    let project = ProjectId::new(70);
    let change = Handover { held_as: HeldAs::Approver, from: Some(UserId::new(5)), to: UserId::new(6) };
    let errors = [
        batches::read(&answer).err(),
        bulk::read_answer(&answer).err(),
        contacts::read(&answer).err(),
        coordination_issues::read(&answer, project).err(),
        correspondence::read(&answer, project).err(),
        correspondence::read_candidates(&answer).err(),
        correspondence::read_statuses(&answer).err(),
        groups::read(&answer, project).err(),
        inspections::read(&answer, project).err(),
        inspections::read_candidates(&answer).err(),
        invitations::read(&answer).err(),
        meetings::read(&answer).err(),
        meetings::read_shown(&answer, project).err(),
        members::read(&answer).err(),
        observations::read(&answer, project).err(),
        parties::read(&answer).err(),
        plans::read(&answer, project).err(),
        plans::read_items(&answer, project).err(),
        plans::read_candidates(&answer).err(),
        presets::read(&answer).err(),
        presets::read_shown(&answer, project).err(),
        profiles::read(&answer).err(),
        rights::read_answer(&answer).err(),
        roles::read(&answer).err(),
        sync::read(&answer).err(),
        vendors::read(&answer).err(),
        me::read(&answer).err(),
        memberships::read(&answer, UserId::new(5)).err(),
        projects::read(&answer).err(),
        punch_items::read(&answer, project).err(),
        rfis::read(&answer, project).err(),
        rfis::read_candidates(&answer).err(),
        submittals::read(&answer, project).err(),
        submittals::read_workflow(&answer, change).err(),
        tasks::read(&answer, project).err(),
        templates::read(&answer).err(),
        tools::read(&answer).err(),
        users::read(&answer).err(),
        workflow_tools::read(&answer).err(),
        workflows::read(&answer).err(),
        workflows::read_shown(&answer, project).err(),
    ];
    errors.iter().flatten().for_each(bounded);
}

/// Reads what a refusal says.
pub fn refusal(status: u16, content_type: &str, body: &[u8]) {
    let Ok(status) = StatusCode::from_u16(status) else { return };
    let mut headers = HeaderMap::new();
    if let Ok(content_type) = HeaderValue::from_str(content_type) {
        headers.insert("content-type", content_type);
    }
    let error = Error::answered("deactivate user", status, &headers, body, &[SECRET]);
    bounded(&error);
    assert!(!error.to_string().contains(SECRET), "a secret came out again: {error}");
}

/// Reads what the head of an answer says: how a list goes on, and how long to pause. `head` has a header a line.
pub fn head(status: u16, head: &str, pages: &[u8]) {
    let Ok(base) =
        "https://api.procore.com/rest/v1.3/users?company_id=1&filters%5Bactive%5D=true".parse::<Url>()
    else {
        return;
    };
    let mut headers = HeaderMap::new();
    for (name, value) in head.lines().filter_map(|line| line.split_once(':')) {
        if let (Ok(name), Ok(value)) =
            (name.trim().parse::<HeaderName>(), HeaderValue::from_str(value.trim()))
        {
            headers.append(name, value);
        }
    }
    for url in page::walk_over(&base, pages, &headers) {
        assert!(url.origin() == base.origin() && url.path() == base.path(), "led away: {url}");
        assert!(url.username().is_empty() && url.password().is_none(), "led away: {url}");
        let company = url.query_pairs().filter(|(name, value)| name == "company_id" && value == "1");
        assert_eq!(company.count(), 1, "led to another list: {url}");
    }
    if let Ok(status) = StatusCode::from_u16(status) {
        let pause = pace::asked_pause(status, &headers);
        assert!(pause.is_none_or(|pause| pause <= Duration::from_secs(3601)), "{pause:?}");
    }
}

fn bounded(error: &Error) {
    let words = error.words().unwrap_or_default();
    assert!(words.chars().count() <= 300 && !words.chars().any(char::is_control), "{words:?}");
}
