//! Those who have to approve a submittal: what they said, how they are replaced, and how the submittal goes from step to step.
//!
//! Whoever has responded stays (support.procore.com, remove a submitter or approver from the submittal workflow).

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::ids::Space;
use super::submittal::Submittal;
use super::{Company, Invalid};

/// What somebody who was asked says to a submittal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubmittalResponse {
    /// It was submitted.
    Submitted,
    /// It is good.
    Approved,
    /// It is good but for what is noted.
    ApprovedAsNoted,
    /// It has to come again.
    ReviseAndResubmit,
    /// It is not good.
    Rejected,
    /// Somebody else has to say.
    Forwarded,
}

impl SubmittalResponse {
    /// What stands where nobody has responded yet, though it was asked.
    pub(crate) const PENDING: (&'static str, &'static str) = ("Pending", "pending");
    /// Every response there is.
    pub const ALL: [Self; 6] = [
        Self::Submitted,
        Self::Approved,
        Self::ApprovedAsNoted,
        Self::ReviseAndResubmit,
        Self::Rejected,
        Self::Forwarded,
    ];

    /// Returns the name, as people read it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Submitted => "Submitted",
            Self::Approved => "Approved",
            Self::ApprovedAsNoted => "Approved as Noted",
            Self::ReviseAndResubmit => "Revise and Resubmit",
            Self::Rejected => "Rejected",
            Self::Forwarded => "Forwarded for Review",
        }
    }

    /// Returns what it counts as.
    pub fn considered(self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::Approved => "approved",
            Self::ApprovedAsNoted => "approved_as_noted",
            Self::ReviseAndResubmit => "revise_and_resubmit",
            Self::Rejected => "rejected",
            Self::Forwarded => "forwarded",
        }
    }
}

/// Somebody has to approve a submittal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubmittalApprover {
    /// The id of the place in the workflow.
    pub id: u64,
    /// Who.
    pub user: u64,
    /// At which step, from 1.
    pub step: u64,
    /// What the one is to the submittal, such as `Submitter` or `Approver`.
    pub role: String,
    /// Whether it waits for the response.
    pub response_required: bool,
    /// What was said.
    pub response: Option<SubmittalResponse>,
    /// What was said besides.
    pub comment: Option<String>,
    /// In how many days a response is due.
    pub days_to_respond: Option<u64>,
    /// When it is due.
    pub due_date: Option<Date>,
    /// When the one was asked.
    pub sent_date: Option<Date>,
    /// When the one responded.
    pub returned_date: Option<Date>,
}

impl SubmittalApprover {
    /// Returns an approver who must respond and has not been asked yet.
    pub(super) fn new(id: u64, user: u64, step: u64) -> Self {
        Self {
            id,
            user,
            step,
            role: "Approver".to_owned(),
            response_required: true,
            response: None,
            comment: None,
            days_to_respond: None,
            due_date: None,
            sent_date: None,
            returned_date: None,
        }
    }
}

/// Somebody whom a workflow is to have.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    /// The place that is there already.
    pub(crate) approver: Option<u64>,
    /// The user; whoever is there already if it is missing.
    pub(crate) user: Option<u64>,
    /// What the one is to the submittal; as it was if it is missing.
    pub(crate) role: Option<String>,
    /// Whether it waits for the response; as it was if it is missing.
    pub(crate) response_required: Option<bool>,
    /// In how many days a response is due.
    pub(crate) days_to_respond: Option<u64>,
    /// When it is due.
    pub(crate) due_date: Option<Date>,
}

const FIELD: &str = "workflow_data";

impl Company {
    /// Responds to a submittal for somebody who was asked and has not responded yet.
    pub fn respond_to_submittal(
        &mut self,
        submittal: u64,
        user: u64,
        response: SubmittalResponse,
    ) -> Result<(), Invalid> {
        let found = self.item::<Submittal>(submittal).ok_or_else(|| Invalid::unknown("id", submittal))?;
        let mut changed = found.clone();
        let mut asked = changed.approvers.iter_mut().filter(|approver| approver.response.is_none());
        let approver = asked.find(|approver| approver.user == user);
        let approver = approver.ok_or_else(|| Invalid::unknown("user_id", user))?;
        approver.response = Some(response);
        approver.returned_date = Some(self.today());
        self.send_on(&mut changed);
        self.put_item(changed)
    }

    /// Gives a submittal the workflow that is wanted, step by step. It is not asked who may hold it.
    pub(crate) fn set_workflow(
        &mut self,
        submittal: &mut Submittal,
        wanted: &[Vec<Wanted>],
    ) -> Result<(), Invalid> {
        let ids = self.ids.clone();
        // What is refused gives out no ids.
        self.fill_workflow(submittal, wanted).inspect_err(|_| self.ids = ids)
    }

    fn fill_workflow(&mut self, submittal: &mut Submittal, wanted: &[Vec<Wanted>]) -> Result<(), Invalid> {
        if submittal.status.is_closed() {
            return Err(Invalid::new(FIELD, "can't be changed once the submittal is closed"));
        }
        let mut before = std::mem::take(&mut submittal.approvers);
        for (step, wanted) in (1..).zip(wanted) {
            for one in wanted {
                let kept = one.approver.map(|id| {
                    let index = before.iter().position(|approver| approver.id == id);
                    index.map(|index| before.remove(index)).ok_or_else(|| Invalid::unknown(FIELD, id))
                });
                let mut approver = match (kept.transpose()?, one.user) {
                    (Some(approver), _) => approver,
                    (None, Some(user)) => SubmittalApprover::new(self.ids.next(Space::Approver), user, step),
                    (None, None) => return Err(Invalid::new(FIELD, "names nobody")),
                };
                let user = one.user.unwrap_or(approver.user);
                if approver.response.is_some() && (user, step) != (approver.user, approver.step) {
                    return Err(responded(&approver));
                }
                let here = submittal.approvers.iter().filter(|other| other.step == step);
                if here.into_iter().any(|other| other.user == user) {
                    return Err(Invalid::new(FIELD, format!("{user} comes twice in step {step}")));
                }
                if user != approver.user {
                    (approver.user, approver.sent_date) = (user, None);
                }
                approver.step = step;
                approver.role = one.role.clone().unwrap_or(approver.role);
                approver.response_required = one.response_required.unwrap_or(approver.response_required);
                approver.days_to_respond = one.days_to_respond.or(approver.days_to_respond);
                approver.due_date = one.due_date.or(approver.due_date);
                submittal.approvers.push(approver);
            }
        }
        match before.iter().find(|approver| approver.response.is_some()) {
            Some(approver) => Err(responded(approver)),
            None => {
                self.send_on(submittal);
                Ok(())
            }
        }
    }

    /// Adds somebody to the step of an approver, who has to respond instead.
    pub(crate) fn forward(
        &mut self,
        submittal: &mut Submittal,
        approver: u64,
        to: u64,
        due_date: Option<Date>,
    ) -> Result<u64, Invalid> {
        let from = submittal.approvers.iter().position(|found| found.id == approver);
        let from = from.ok_or_else(|| Invalid::unknown("id", approver))?;
        let (step, required) = submittal
            .approvers
            .get(from)
            .map_or((1, true), |approver| (approver.step, approver.response_required));
        let asked = |found: &&SubmittalApprover| {
            found.step == step && (found.response.is_none() || found.id == approver)
        };
        if submittal.approvers.iter().filter(asked).any(|found| found.user == to) {
            return Err(Invalid::new("forward_to", format!("{to} is asked already")));
        }
        let id = self.ids.next(Space::Approver);
        let mut new = SubmittalApprover::new(id, to, step);
        (new.response_required, new.due_date) = (required, due_date);
        submittal.approvers.insert(from + 1, new);
        Ok(id)
    }

    /// Asks everybody of the step that a submittal is at who was not asked yet.
    pub(crate) fn send_on(&self, submittal: &mut Submittal) {
        let (step, today) = (submittal.current_step(), self.today());
        if submittal.status != super::SubmittalStatus::Draft {
            for approver in submittal.approvers.iter_mut().filter(|approver| Some(approver.step) == step) {
                approver.sent_date = approver.sent_date.or(Some(today));
            }
        }
    }

    /// Returns the day that it is in UTC.
    pub(crate) fn today(&self) -> Date {
        self.now.to_zoned(TimeZone::UTC).date()
    }
}

fn responded(approver: &SubmittalApprover) -> Invalid {
    Invalid::new(FIELD, format!("{} has responded and can't be removed, moved or replaced", approver.user))
}
