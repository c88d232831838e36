//! A company in which every call of the client has something to read or to change, and what to name in it.

use std::collections::BTreeMap;

use muster_core::directory::{Contact, Handover, HeldAs, Item, ItemKind, NewUser, ProfileField};
use muster_core::id::{ContactId, Email, GroupId, ItemId, ProjectId, TemplateId, UserId, VendorId};
use muster_procore::{BatchHandle, Dialect, NewMembership, Reads, SyncRow, Writes};
use muster_sim::{
    Company, NewActionPlan, NewCoordinationIssue, NewCorrespondence, NewInspection, NewMeeting,
    NewMeetingTopic, NewObservation, NewPlanAssignee, NewPreset, NewPunchItem, NewRfi, NewSubmittal, NewTask,
    NewWorkflow,
};
use serde_json::Value;

use crate::site::{Site, company};

/// A simulator, a connection to it, and what calls name.
pub(crate) struct Stage {
    pub(crate) site: Site,
    pub(crate) cast: Cast,
    base: Company,
}

/// What calls name.
#[derive(Clone)]
pub(crate) struct Cast {
    pub(crate) reads: Reads,
    pub(crate) writes: Writes,
    pub(crate) dialect: Dialect,
    /// An active member of every project but the first.
    pub(crate) user: UserId,
    pub(crate) email: Email,
    /// A user without a login.
    pub(crate) inactive: UserId,
    pub(crate) person: ContactId,
    /// The first project, and one of the user's.
    pub(crate) first: ProjectId,
    pub(crate) project: ProjectId,
    /// A template for any project, and one for the company's tools.
    pub(crate) template: TemplateId,
    pub(crate) company_template: TemplateId,
    /// A contact on that project.
    pub(crate) contact: Contact,
    /// A vendor out of use.
    pub(crate) vendor: VendorId,
    pub(crate) group: GroupId,
    /// An open item of that project of each kind, which the user holds in each role, as it was at the start.
    items: BTreeMap<ItemKind, Item>,
    /// Who could hold them, and holds none.
    pub(crate) next: UserId,
    pub(crate) batch: BatchHandle,
}

impl Cast {
    pub(crate) fn new_user(&self) -> NewUser {
        NewUser {
            email: "new@example.com".parse().unwrap(),
            first_name: None,
            last_name: "New".to_owned(),
            job_title: None,
            employee: false,
            employee_id: None,
            vendor: None,
        }
    }

    pub(crate) fn row(&self) -> SyncRow {
        let fields = [(ProfileField::City, "Provo".to_owned())].into();
        SyncRow { user: Some(self.user), fields, ..SyncRow::default() }
    }

    pub(crate) fn membership(&self) -> NewMembership {
        NewMembership { user: self.user, project: self.first, template: None }
    }

    pub(crate) fn item(&self, kind: ItemKind) -> &Item {
        &self.items[&kind]
    }

    pub(crate) fn pool(&self, kind: ItemKind) -> Option<ItemId> {
        self.item(kind).item.pool()
    }

    /// Returns the change that the user gives way.
    pub(crate) fn replaced(&self, held_as: HeldAs) -> Handover {
        Handover { held_as, from: Some(self.user), to: self.next }
    }

    /// Returns the change that somebody comes beside the user.
    pub(crate) fn joined(&self, held_as: HeldAs) -> Handover {
        Handover { held_as, from: None, to: self.next }
    }

    /// Returns the changes after which the user is asked only, and somebody else has to answer.
    pub(crate) fn relieved(&self) -> [Handover; 2] {
        let asked = Handover { held_as: HeldAs::Assignee, from: None, to: self.user };
        [self.replaced(HeldAs::RequiredAssignee), asked]
    }
}

/// How many rows a page has: every list of the company has more than one page.
const PAGE: u32 = 2;

/// Returns the company, the number of the project where most is, and that of the user.
fn furnished() -> (Company, u64, u64) {
    let mut company = company();
    let projects: Vec<u64> = company.projects().map(|project| project.id).collect();
    let manager = company.template_by_name("Project Manager").unwrap().id;
    let users: Vec<u64> =
        company.users().map(|user| user.id).filter(|user| *user != company.service_account()).collect();
    let named =
        |name: &str| company.users().find(|user| user.first_name.as_deref() == Some(name)).unwrap().id;
    let (bea, project) = (named("Bea"), projects[1]);
    for user in &users {
        if company.membership(*user, project).is_none() {
            let new = muster_sim::NewMembership::new(*user, project);
            company.add_membership(new.with_template(manager)).unwrap();
        }
        company.set_template(*user, project, manager).unwrap();
    }
    for at in &projects[2..] {
        company.add_membership(muster_sim::NewMembership::new(bea, *at)).unwrap();
    }
    // Procore's search is fuzzy: it finds the longer addresses, too.
    for (number, user) in users.iter().filter(|user| **user != bea).enumerate() {
        let mut user = company.user(*user).unwrap().clone();
        user.email = format!("{}bea@example.com", "x".repeat(number + 1));
        user.active = number % 2 == 0;
        company.put_user(user).unwrap();
    }
    let mut user = company.user(bea).unwrap().clone();
    user.email = "bea@example.com".to_owned();
    company.put_user(user).unwrap();
    let letters = company.add_correspondence_type("Letter", "LTR", &[]);
    for number in 0..3 {
        for active in [true, false] {
            let vendor = company.add_vendor(&format!("Vendor {number}{active}"), None);
            company.set_vendor_active(vendor, active).unwrap();
            let contact = company.add_contact("Contact", &format!("Number {number}{active}"));
            let mut changed = company.contact(contact).unwrap().clone();
            changed.active = active;
            company.put_contact(changed).unwrap();
            company.add_contact_membership(contact, project).unwrap();
        }
        company.add_distribution_group(&format!("Group {number}"), Some(project), &[bea]).unwrap();
        let required = [bea].into();
        let rfi = NewRfi { required, ..NewRfi::open(project, "Which colour?", bea, &[bea]) };
        company.add_rfi(rfi).unwrap();
        company.add_submittal(NewSubmittal::open(project, "Beams", bea, &[&[bea], &[bea]])).unwrap();
        company.add_punch_item(NewPunchItem::open(project, "Paint", bea, &[bea])).unwrap();
        company.add_observation(NewObservation::open(project, "Loose rail", bea)).unwrap();
        company.add_task(NewTask::open(project, "Audit", &[bea])).unwrap();
        company.add_coordination_issue(NewCoordinationIssue::open(project, "Pipe", bea)).unwrap();
        let meeting = company.add_meeting(NewMeeting::named(project, "Weekly")).unwrap();
        company.add_meeting_topic(NewMeetingTopic::open(meeting, "Hoist", &[bea])).unwrap();
        let contact =
            NewInspection { point_of_contact: Some(bea), ..NewInspection::open(project, "Rebar", &[bea]) };
        company.add_inspection(contact).unwrap();
        company.add_correspondence(NewCorrespondence::open(project, letters, "Delay", &[bea])).unwrap();
        let party = company.user(bea).unwrap().party_id;
        let plan = company.add_action_plan(NewActionPlan::in_progress(project, "Roof", party)).unwrap();
        company.add_plan_assignee(NewPlanAssignee::open(plan, "Water test", party)).unwrap();
        company.add_workflow(NewWorkflow::active(project, bea, &[bea])).unwrap();
        company.add_preset(NewPreset::new(project, "Approval", bea, &[bea])).unwrap();
    }
    (company, project, bea)
}

impl Stage {
    pub(crate) async fn start(dialect: Dialect) -> Self {
        let (company, project, user) = furnished();
        let site = Site::start(dialect, company.clone(), PAGE).await;
        let connection = site.connect();
        let (reads, writes) = (connection.reads(), connection.writes());
        let template = |name: &str| TemplateId::new(company.template_by_name(name).unwrap().id);
        let first = ProjectId::new(company.projects().next().unwrap().id);
        let inactive = company.users().find(|user| !user.active).unwrap();
        let found = company
            .contacts()
            .find(|contact| contact.active && company.contact_membership(contact.id, project).is_some());
        let contact = found.unwrap();
        let pairs: Vec<NewMembership> = (1..=51)
            .map(|nobody| NewMembership { user: UserId::new(nobody), project: first, template: None })
            .collect();
        let muster_procore::BatchAnswer::Later(batch) = writes.add_to_projects_v2(&pairs).await.unwrap()
        else {
            panic!("51 pairs are answered at once")
        };
        let mut items = BTreeMap::new();
        for kind in ItemKind::ALL {
            let open =
                reads.open_items(ProjectId::new(project), kind, Some(UserId::new(user))).await.unwrap();
            let held: Vec<HeldAs> = open[0].held_by(UserId::new(user)).collect();
            let least = kind.roles().len() - usize::from(kind == ItemKind::Rfi);
            assert_eq!((open.len(), held.len()), (3, least), "{kind:?}: {held:?}");
            items.extend(open.into_iter().next().map(|item| (kind, item)));
        }
        let others = company.users().filter(|other| other.active && other.id != user);
        let next = others.map(|user| user.id).find(|id| *id != company.service_account()).unwrap();
        let cast = Cast {
            reads,
            writes,
            dialect,
            user: UserId::new(user),
            email: "bea@example.com".parse().unwrap(),
            inactive: UserId::new(inactive.id),
            person: ContactId::new(company.user(user).unwrap().party_id),
            first,
            project: ProjectId::new(project),
            template: template("Owner"),
            company_template: template("Office Staff"),
            contact: Contact {
                id: ContactId::new(contact.id),
                name: contact.name(),
                last_name: contact.last_name.clone(),
                active: true,
                employee: contact.employee,
                employee_id: None,
            },
            vendor: VendorId::new(company.vendors().find(|vendor| !vendor.active).unwrap().id),
            group: GroupId::new(company.distribution_groups().last().unwrap().id),
            items,
            next: UserId::new(next),
            batch,
        };
        let base = site.simulator.with_company(|company| company.clone());
        Self { site, cast, base }
    }

    /// Makes everything as it was at the start, but for what the client knows.
    pub(crate) async fn clear(&self) {
        self.site.simulator.set_script("".parse().unwrap());
        // Waits as long as the last answers asked, and gets a token that works.
        self.cast.reads.me().await.unwrap();
        self.site.simulator.with_company(|company| company.clone_from(&self.base));
        self.site.simulator.reset_calls();
    }

    /// Returns the company with all that is in it, but for the tokens of changes, which are new each time.
    pub(crate) fn state(&self) -> Value {
        let mut state = self.site.simulator.with_company(|company| company.to_json());
        forget_tokens(&mut state);
        state
    }
}

fn forget_tokens(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.remove("tokens");
            fields.values_mut().for_each(forget_tokens);
        }
        Value::Array(rows) => rows.iter_mut().for_each(forget_tokens),
        _ => {}
    }
}
