//! What goes to a guest of items.

use muster_core::directory as core;
use muster_core::read::UnseenTool;

use super::{person, project_id};
use crate::bindings::muster::policy::{items, types};

pub(crate) fn kind(kind: core::ItemKind) -> items::ItemKind {
    use core::ItemKind;
    match kind {
        ItemKind::Rfi => items::ItemKind::Rfi,
        ItemKind::Submittal => items::ItemKind::Submittal,
        ItemKind::PunchItem => items::ItemKind::PunchItem,
        ItemKind::Observation => items::ItemKind::Observation,
        ItemKind::Task => items::ItemKind::Task,
        ItemKind::CoordinationIssue => items::ItemKind::CoordinationIssue,
        ItemKind::MeetingTopic => items::ItemKind::MeetingTopic,
        ItemKind::Inspection => items::ItemKind::Inspection,
        ItemKind::Correspondence => items::ItemKind::Correspondence,
        ItemKind::ActionPlan => items::ItemKind::ActionPlan,
        ItemKind::ActionPlanItem => items::ItemKind::ActionPlanItem,
        ItemKind::Workflow => items::ItemKind::Workflow,
        ItemKind::WorkflowTemplate => items::ItemKind::WorkflowTemplate,
        ItemKind::DistributionGroup => items::ItemKind::DistributionGroup,
    }
}

fn held_as(held_as: core::HeldAs) -> items::HeldAs {
    use core::HeldAs;
    match held_as {
        HeldAs::Assignee => items::HeldAs::Assignee,
        HeldAs::RequiredAssignee => items::HeldAs::RequiredAssignee,
        HeldAs::Manager => items::HeldAs::Manager,
        HeldAs::Approver => items::HeldAs::Approver,
        HeldAs::FinalApprover => items::HeldAs::FinalApprover,
        HeldAs::Inspector => items::HeldAs::Inspector,
        HeldAs::PointOfContact => items::HeldAs::PointOfContact,
        HeldAs::StepAssignee => items::HeldAs::StepAssignee,
        HeldAs::Member => items::HeldAs::Member,
    }
}

pub(crate) fn item(item: core::Item) -> items::Item {
    let core::ItemRef { kind: of, project, within, id } = item.item;
    items::Item {
        item: items::ItemRef {
            kind: kind(of),
            project: project_id(project),
            within: within.map(|within| within.get()),
            id: id.get(),
        },
        number: item.number,
        title: item.title,
        status: match item.status {
            core::ItemStatus::Open => items::ItemStatus::Open,
            core::ItemStatus::Draft => items::ItemStatus::Draft,
            core::ItemStatus::Closed => items::ItemStatus::Closed,
        },
        due: item.due.map(|due| types::Date {
            year: due.year(),
            month: due.month().unsigned_abs(),
            day: due.day().unsigned_abs(),
        }),
        link: item.link,
        holders: item.holders.into_iter().map(holder).collect(),
    }
}

fn holder(holder: core::Holder) -> items::Holder {
    items::Holder {
        person: person(holder.person),
        held_as: held_as(holder.held_as),
        fixed: holder.fixed.map(|fixed| fixed.to_string()),
    }
}

pub(crate) fn unseen(tool: UnseenTool) -> items::UnseenTool {
    items::UnseenTool { project: project_id(tool.project), kind: kind(tool.kind) }
}

pub(crate) fn candidate(candidate: core::Candidate) -> items::Candidate {
    items::Candidate {
        person: person(candidate.person),
        fit: match candidate.fit {
            core::Fit::Manages => items::Fit::Manages,
            core::Fit::Knows => items::Fit::Knows,
            core::Fit::Offered => items::Fit::Offered,
            core::Fit::OnProject => items::Fit::OnProject,
            core::Fit::Holds => items::Fit::Holds,
        },
        why: candidate.fit.words().to_owned(),
    }
}
