//! What people hold in the company of a site: an item of each kind, of one and the same holder.

use muster_sim::{
    Company, NewCoordinationIssue, NewMembership, NewObservation, NewProject, NewPunchItem, NewTask, NewUser,
    Tool,
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
    let holder = made[0].1;
    let observation = NewObservation::open(project, "Loose railing", holder);
    made.push(("observation", company.add_observation(observation).unwrap()));
    let punch = NewPunchItem::open(project, "Scratched door", holder, &[holder]);
    made.push(("punch", company.add_punch_item(punch).unwrap()));
    let task = NewTask::open(project, "Order tiles", &[holder]);
    made.push(("task", company.add_task(task).unwrap()));
    let issue = NewCoordinationIssue::open(project, "Duct through beam", holder);
    made.push(("issue", company.add_coordination_issue(issue).unwrap()));

    // A project in which nothing but what must be is on.
    let bare = company.add_project(NewProject::named("Bare"));
    for tool in Tool::ALL.into_iter().filter(|tool| !tool.is_required()) {
        company.set_tool(bare, tool, false).unwrap();
    }
    made.push(("bare_project", bare));
    made
}
