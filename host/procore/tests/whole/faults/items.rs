//! Every operation on items that are lists in lists, numbered by persons, or of the second generation of the API.

use muster_core::directory::{HeldAs, ItemKind};

use super::rows::{Class, Row, row};

pub(crate) fn reads() -> Vec<Row> {
    use HeldAs::{Assignee, Inspector, Manager, Member, PointOfContact, StepAssignee};
    use ItemKind::{
        ActionPlan, ActionPlanItem, Correspondence, DistributionGroup, Inspection, MeetingTopic, Workflow,
        WorkflowTemplate,
    };
    vec![
        row!(Read, cast.reads.project_roles(cast.project)),
        row!(Read, cast.reads.item(cast.item(MeetingTopic).item)),
        row!(Read, cast.reads.open_items(cast.project, MeetingTopic, Some(cast.user))),
        row!(Read, cast.reads.candidates(cast.project, MeetingTopic, None, Assignee)),
        row!(Read, cast.reads.item(cast.item(Inspection).item)),
        row!(Read, cast.reads.open_items(cast.project, Inspection, Some(cast.user))),
        row!(Read, cast.reads.candidates(cast.project, Inspection, None, Inspector)),
        row!(Read, cast.reads.candidates(cast.project, Inspection, None, PointOfContact)),
        row!(Read, cast.reads.item(cast.item(Correspondence).item)),
        row!(Read, cast.reads.open_items(cast.project, Correspondence, Some(cast.user))),
        row!(Read, cast.reads.candidates(cast.project, Correspondence, cast.pool(Correspondence), Assignee)),
        row!(Read, cast.reads.item(cast.item(ActionPlan).item)),
        row!(Read, cast.reads.open_items(cast.project, ActionPlan, Some(cast.user))),
        row!(Read, cast.reads.candidates(cast.project, ActionPlan, None, Manager)),
        row!(Read, cast.reads.item(cast.item(ActionPlanItem).item)),
        row!(Read, cast.reads.open_items(cast.project, ActionPlanItem, Some(cast.user))),
        row!(Read, cast.reads.item(cast.item(Workflow).item)),
        row!(Read, cast.reads.open_items(cast.project, Workflow, Some(cast.user))),
        row!(Read, cast.reads.candidates(cast.project, Workflow, cast.pool(Workflow), StepAssignee)),
        row!(Read, cast.reads.candidates(cast.project, Workflow, cast.pool(Workflow), Manager)),
        row!(Read, cast.reads.item(cast.item(WorkflowTemplate).item)),
        row!(Read, cast.reads.open_items(cast.project, WorkflowTemplate, Some(cast.user))),
        row!(
            Read,
            cast.reads.candidates(cast.project, WorkflowTemplate, cast.pool(WorkflowTemplate), StepAssignee)
        ),
        row!(Read, cast.reads.item(cast.item(DistributionGroup).item)),
        row!(Read, cast.reads.open_items(cast.project, DistributionGroup, Some(cast.user))),
        row!(Read, cast.reads.candidates(cast.project, DistributionGroup, None, Member)),
    ]
}

pub(crate) fn writes() -> Vec<Row> {
    use HeldAs::{Assignee, Inspector, Manager, Member, PointOfContact, StepAssignee};
    use ItemKind::{
        ActionPlan, ActionPlanItem, Correspondence, DistributionGroup, Inspection, MeetingTopic, Workflow,
        WorkflowTemplate,
    };
    vec![
        row!(Write, cast.writes.hand_over(cast.item(MeetingTopic), &[cast.replaced(Assignee)])),
        row!(Write, cast.writes.hand_over(cast.item(Inspection), &[cast.replaced(PointOfContact)])),
        row!(
            Write,
            cast.writes
                .hand_over(cast.item(Inspection), &[cast.replaced(Inspector), cast.replaced(PointOfContact)])
        ),
        row!(Write, cast.writes.hand_over(cast.item(Correspondence), &[cast.joined(Assignee)])),
        row!(Write, cast.writes.hand_over(cast.item(ActionPlan), &[cast.replaced(Manager)])),
        row!(Write, cast.writes.hand_over(cast.item(ActionPlanItem), &[cast.replaced(Assignee)])),
        row!(Write, cast.writes.hand_over(cast.item(Workflow), &[cast.joined(StepAssignee)])),
        row!(
            Write,
            cast.writes.hand_over(
                cast.item(WorkflowTemplate),
                &[cast.replaced(StepAssignee), cast.replaced(Manager)]
            )
        ),
        row!(Once, cast.writes.hand_over(cast.item(DistributionGroup), &[cast.replaced(Member)])),
        row!(Write, cast.writes.close_item(cast.item(MeetingTopic).item)),
        row!(Write, cast.writes.close_item(cast.item(Inspection).item)),
        row!(Write, cast.writes.close_item(cast.item(Correspondence).item)),
    ]
}
