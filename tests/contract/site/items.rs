//! What people hold in the company of a site: an item of each kind, of one and the same holder.

use muster_sim::{
    Company, NewActionPlan, NewCoordinationIssue, NewCorrespondence, NewInspection, NewMeeting,
    NewMeetingTopic, NewMembership, NewObservation, NewPlanAssignee, NewPreset, NewProject, NewPunchItem,
    NewRfi, NewSubmittal, NewTask, NewUser, NewWorkflow, StatusType, Submittal, SubmittalResponse, Tool,
};

/// Adds the items to a project, and returns their ids by the names that requests call them.
pub(super) fn add(company: &mut Company, project: u64) -> Vec<(&'static str, u64)> {
    let template = company.template_by_name("Project Manager").unwrap().id;
    let mut made = Vec::new();
    for name in ["holder", "heir"] {
        let email = Some(format!("{name}@example.com"));
        let user = company.add_user(NewUser { email, ..NewUser::named("Sam", name) }).unwrap();
        company.add_membership(NewMembership::new(user, project).with_template(template)).unwrap();
        made.push((name, user));
    }
    let [holder, heir] = [made[0].1, made[1].1];
    let party = |company: &Company, user| company.user(user).unwrap().party_id;
    let [holder_party, heir_party] = [holder, heir].map(|user| party(company, user));
    made.extend([("holder_party", holder_party), ("heir_party", heir_party)]);

    company.add_rfi(NewRfi::open(project, "Slab edge", holder, &[holder, heir])).unwrap();
    let required = [holder].into();
    company.add_rfi(NewRfi { required, ..NewRfi::open(project, "Rebar", heir, &[holder]) }).unwrap();
    let submittal = NewSubmittal::open(project, "Roof hatch", holder, &[&[holder], &[heir]]);
    made.push(("submittal", company.add_submittal(submittal).unwrap()));
    let answered = NewSubmittal::open(project, "Gutters", heir, &[&[heir]]);
    let answered = company.add_submittal(answered).unwrap();
    let mut known = company.item::<Submittal>(answered).unwrap().clone();
    known.approvers[0].response = Some(SubmittalResponse::Approved);
    company.put_item(known).unwrap();
    made.push(("answered", answered));
    company.add_distribution_group("Crane", Some(project), &[holder]).unwrap();
    let punch = NewPunchItem::open(project, "Scratched door", holder, &[holder]);
    made.push(("punch", company.add_punch_item(punch).unwrap()));
    let observation = NewObservation::open(project, "Loose railing", holder);
    made.push(("observation", company.add_observation(observation).unwrap()));
    let task = NewTask::open(project, "Order tiles", &[holder]);
    made.push(("task", company.add_task(task).unwrap()));
    let issue = NewCoordinationIssue::open(project, "Duct through beam", holder);
    made.push(("issue", company.add_coordination_issue(issue).unwrap()));

    let meeting = NewMeeting { attendees: vec![holder], ..NewMeeting::named(project, "Weekly") };
    let meeting = company.add_meeting(meeting).unwrap();
    made.push(("meeting", meeting));
    let topic = NewMeetingTopic::open(meeting, "Crane", &[holder]);
    made.push(("topic", company.add_meeting_topic(topic).unwrap()));
    let inspection = NewInspection::open(project, "Fire stopping", &[holder]);
    let inspection = NewInspection { point_of_contact: Some(holder), ..inspection };
    made.push(("inspection", company.add_inspection(inspection).unwrap()));
    let kind = company.add_correspondence_type("Notice", "N", &[("On Hold", StatusType::Open)]);
    made.push(("letter_type", kind));
    let letter = NewCorrespondence::open(project, kind, "Delay", &[holder]);
    made.push(("letter", company.add_correspondence(letter).unwrap()));
    let plan = company.add_action_plan(NewActionPlan::in_progress(project, "Facade", holder_party)).unwrap();
    made.push(("plan", plan));
    for (name, locked, signed) in
        [("plan_assignee", false, false), ("locked_assignee", true, false), ("signed_assignee", false, true)]
    {
        let assignee = NewPlanAssignee { locked, signed, ..NewPlanAssignee::open(plan, name, holder_party) };
        made.push((name, company.add_plan_assignee(assignee).unwrap()));
    }
    let workflow = NewWorkflow::active(project, holder, &[holder]).then("Sign", &[heir]);
    made.push(("workflow", company.add_workflow(workflow).unwrap()));
    let preset = NewPreset::new(project, "Commitments", holder, &[holder]);
    made.push(("preset", company.add_preset(preset).unwrap()));

    // A project in which nothing but what must be is on.
    let bare = company.add_project(NewProject::named("Bare"));
    for tool in Tool::ALL.into_iter().filter(|tool| !tool.is_required()) {
        company.set_tool(bare, tool, false).unwrap();
    }
    made.push(("bare_project", bare));
    made
}
