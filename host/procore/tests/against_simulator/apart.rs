//! A project with items that stand in lists of lists, name people by other numbers, or are of the second generation of the API.

use std::collections::BTreeMap;

use muster_core::directory::{ItemKind, ItemRef};
use muster_core::id::{ItemId, ProjectId, UserId};
use muster_procore::Dialect;
use muster_sim::{
    Company, NewActionPlan, NewCorrespondence, NewInspection, NewMeeting, NewMeetingTopic, NewMembership,
    NewPlanAssignee, NewPreset, NewProject, NewUser, NewWorkflow, PlanStatus, Tool, TopicStatus,
};

use crate::site::{Site, item};

/// The kinds, with the tool that each is of, if it is of one.
pub(crate) const KINDS: [(ItemKind, Option<Tool>); 8] = [
    (ItemKind::MeetingTopic, Some(Tool::Meetings)),
    (ItemKind::Inspection, Some(Tool::Checklists)),
    (ItemKind::Correspondence, Some(Tool::Correspondence)),
    (ItemKind::ActionPlan, Some(Tool::ActionPlans)),
    (ItemKind::ActionPlanItem, Some(Tool::ActionPlans)),
    (ItemKind::Workflow, None),
    (ItemKind::WorkflowTemplate, None),
    (ItemKind::DistributionGroup, None),
];

/// A project with items of every kind.
#[derive(Clone)]
pub(crate) struct Crew {
    pub(crate) project: ProjectId,
    /// Holds one of everything, in every role.
    pub(crate) ana: UserId,
    /// Holds it beside Ana where several can.
    pub(crate) ben: UserId,
    /// Could take it over.
    pub(crate) cem: UserId,
    /// Could so too.
    pub(crate) dot: UserId,
    /// Is not on the project.
    pub(crate) eve: UserId,
    /// What Ana holds that can be moved.
    items: BTreeMap<ItemKind, ItemRef>,
    /// What she has to sign, and nobody else can.
    pub(crate) locked: ItemRef,
}

impl Crew {
    /// Returns what Ana holds of a kind.
    pub(crate) fn item(&self, kind: ItemKind) -> ItemRef {
        self.items[&kind]
    }
}

/// Adds the project, its people and its items to a company.
pub(crate) fn furnish(company: &mut Company) -> Crew {
    let project = company.add_project(NewProject::named("Apart"));
    let template = company.template_by_name("Project Manager").unwrap().id;
    let user = |name: &str| company.add_user(NewUser::named(name, "Apart")).unwrap();
    let [ana, ben, cem, dot, eve] = ["Ana", "Ben", "Cem", "Dot", "Eve"].map(user);
    for user in [ana, ben, cem, dot] {
        company.add_membership(NewMembership::new(user, project).with_template(template)).unwrap();
    }
    let mut items = talked(company, project, [ana, ben, dot]);
    let locked = planned(company, project, [ana, ben], &mut items);
    running(company, project, [ana, ben, dot], &mut items);
    let [ana, ben, cem, dot, eve] = [ana, ben, cem, dot, eve].map(UserId::new);
    Crew { project: ProjectId::new(project), ana, ben, cem, dot, eve, items, locked }
}

/// Adds what people talk, write and walk about. What Ana holds stands between what others hold and what is done.
fn talked(company: &mut Company, project: u64, [ana, ben, dot]: [u64; 3]) -> BTreeMap<ItemKind, ItemRef> {
    let mut items = BTreeMap::new();
    let letter = company.add_correspondence_type("Claim", "CLM", &[]);
    company.add_correspondence_type("Memo", "MEM", &[]);
    for people in [&[ben][..], &[ana, ben], &[dot]] {
        let meeting = company.add_meeting(NewMeeting::named(project, "Weekly")).unwrap();
        company.add_meeting_topic(NewMeetingTopic::open(meeting, "Crane", &[ben])).unwrap();
        let topic = company.add_meeting_topic(NewMeetingTopic::open(meeting, "Hoist", people)).unwrap();
        let contact = Some(people[0]);
        let new =
            NewInspection { point_of_contact: contact, ..NewInspection::open(project, "Rebar", people) };
        let inspection = company.add_inspection(new).unwrap();
        let letters = NewCorrespondence::open(project, letter, "Delay", people);
        let written = company.add_correspondence(letters).unwrap();
        if people.contains(&ana) {
            let within = |within, item: ItemRef| ItemRef { within: Some(ItemId::new(within)), ..item };
            let topic = within(meeting, item(ItemKind::MeetingTopic, project, topic));
            let letter = within(letter, item(ItemKind::Correspondence, project, written));
            let inspection = item(ItemKind::Inspection, project, inspection);
            items.extend([topic, inspection, letter].map(|item| (item.kind, item)));
            let closed = TopicStatus::Closed;
            let closed = NewMeetingTopic { status: closed, ..NewMeetingTopic::open(meeting, "Done", &[ana]) };
            company.add_meeting_topic(closed).unwrap();
        }
    }
    for status in ["Draft", "Closed"] {
        let new = NewCorrespondence::open(project, letter, "Weather", &[ana]);
        company.add_correspondence(NewCorrespondence { status: status.to_owned(), ..new }).unwrap();
    }
    items
}

/// Adds plans and what has to be signed, and returns what only Ana can sign.
fn planned(
    company: &mut Company,
    project: u64,
    [ana, ben]: [u64; 2],
    items: &mut BTreeMap<ItemKind, ItemRef>,
) -> ItemRef {
    let [ana, ben] = [ana, ben].map(|user| company.user(user).unwrap().party_id);
    let guest = company.add_contact("Gil", "Guest");
    company.add_contact_membership(guest, project).unwrap();
    let plan = company.add_action_plan(NewActionPlan::in_progress(project, "Roof", ana)).unwrap();
    for status in [PlanStatus::Draft, PlanStatus::Completed] {
        let new = NewActionPlan { status, ..NewActionPlan::in_progress(project, "Walls", ana) };
        company.add_action_plan(new).unwrap();
    }
    let mut sign = |party, locked, signed| {
        let new = NewPlanAssignee { locked, signed, ..NewPlanAssignee::open(plan, "Water test", party) };
        item(ItemKind::ActionPlanItem, project, company.add_plan_assignee(new).unwrap())
    };
    sign(ben, false, false);
    let open = sign(ana, false, false);
    let locked = sign(ana, true, false);
    sign(ana, false, true);
    items.insert(ItemKind::ActionPlanItem, open);
    items.insert(ItemKind::ActionPlan, item(ItemKind::ActionPlan, project, plan));
    locked
}

/// Adds workflows that run or have run, templates and groups.
fn running(
    company: &mut Company,
    project: u64,
    [ana, ben, dot]: [u64; 3],
    items: &mut BTreeMap<ItemKind, ItemRef>,
) {
    let both = [ana, ben];
    let workflow =
        company.add_workflow(NewWorkflow::active(project, ana, &both).then("Sign", &[dot])).unwrap();
    // Ana is asked later, only manages, or is done with it.
    company.add_workflow(NewWorkflow::active(project, dot, &[ben]).then("Sign", &[ana])).unwrap();
    company.add_workflow(NewWorkflow::active(project, ana, &[dot])).unwrap();
    let ended = NewWorkflow { ended: true, ..NewWorkflow::active(project, ana, &both) };
    company.add_workflow(ended).unwrap();
    let letter = company.correspondence_types().next().unwrap().id;
    let of_letters = NewWorkflow {
        tool: "correspondence".to_owned(),
        subtype: Some(letter),
        ..NewWorkflow::active(project, dot, &[ana])
    };
    company.add_workflow(of_letters).unwrap();
    let preset = NewPreset::new(project, "Approval", ana, &both).with_group("Signatories", &[ana]);
    let preset = company.add_preset(preset).unwrap();
    company.add_preset(NewPreset::new(project, "Review", dot, &[ben])).unwrap();
    let group = company.add_distribution_group("Field", Some(project), &both).unwrap();
    company.add_distribution_group("Office", Some(project), &[dot]).unwrap();
    let named = [
        (ItemKind::Workflow, workflow),
        (ItemKind::WorkflowTemplate, preset),
        (ItemKind::DistributionGroup, group),
    ];
    items.extend(named.map(|(kind, id)| (kind, item(kind, project, id))));
}

/// Starts a simulator with such a project.
pub(crate) async fn furnished() -> (Site, Crew) {
    let mut crew = None;
    let site = Site::speaking(Dialect::Reference, |company| crew = Some(furnish(company))).await;
    (site, crew.unwrap())
}
