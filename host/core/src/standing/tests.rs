//! Where steps stand: tables, one kind after the other.

use std::collections::BTreeMap;

use super::*;
use crate::directory::{
    Contact, Group, Invitation, Member, Membership, NewUser, Person, Presence, Profile, ProfileField,
    TemplateRef, Vendor,
};
use crate::id::{ContactId, GroupId, ProjectId, TemplateId, VendorId};
use crate::read::Answer;
use crate::testing;

fn live(read: Read, answer: Answer) -> Facts {
    let mut facts = Facts::default();
    facts.add(read, answer).unwrap();
    facts
}

fn step(action: Action, before: Before) -> Step {
    Step { number: 1, action, reason: crate::text::Reason::new("because").unwrap(), before }
}

#[test]
fn a_deactivation_stands_by_the_user_and_by_nothing_else() {
    let user = testing::user(5, "Ana Diaz");
    let id = user.id;
    let step = step(Action::Deactivate { user: id }, Before::User { email: None, active: true });
    let seen = |user| step.standing(&live(Read::User { user: id }, Answer::User(user)));
    assert_eq!(seen(Some(user.clone())), Standing::AsBefore);
    assert_eq!(seen(Some(crate::directory::User { active: false, ..user })), Standing::AsWanted);
    assert_eq!(seen(None), Standing::Unseen);
    assert_eq!(step.standing(&Facts::default()), Standing::Unseen);
}

#[test]
fn a_removal_does_not_fit_a_membership_that_somebody_changed() {
    let membership: Membership = testing::membership(5, 70, "Harbor Point");
    let (user, project) = (membership.user, membership.project);
    let before = Before::Membership { template_name: Some("Engineer".to_owned()), roles: vec![] };
    let step = step(Action::RemoveMembership { user, project }, before);
    let seen =
        |rows: Vec<Membership>| step.standing(&live(Read::Memberships { user }, Answer::Memberships(rows)));
    assert_eq!(seen(vec![membership.clone()]), Standing::AsBefore);
    assert_eq!(seen(vec![]), Standing::AsWanted);
    assert_eq!(
        seen(vec![Membership { project: ProjectId::new(71), ..membership.clone() }]),
        Standing::AsWanted
    );
    let changed = Membership { template_name: Some("Admin".to_owned()), ..membership };
    assert!(matches!(seen(vec![changed]), Standing::Otherwise(_)));
}

#[test]
fn a_hand_over_leaves_other_holders_out_of_account() {
    let holder = |user| testing::holder(user, HeldAs::Assignee);
    let item = testing::item(70, 1, vec![holder(5), holder(6)]);
    let action = Action::Reassign {
        item: item.item,
        held_as: HeldAs::Assignee,
        holder: UserId::new(5),
        to: UserId::new(9),
    };
    let before = Before::Item {
        number: "1".to_owned(),
        title: String::new(),
        status: ItemStatus::Open,
        holders: item.holders.clone(),
    };
    let step = step(action, before);
    let seen = |holders, status| {
        let item = Item { holders, status, ..item.clone() };
        step.standing(&live(Read::Item { item: item.item }, Answer::Item(Some(item))))
    };
    assert_eq!(seen(vec![holder(5), holder(7)], ItemStatus::Open), Standing::AsBefore);
    assert_eq!(seen(vec![holder(9), holder(7)], ItemStatus::Open), Standing::AsWanted);
    assert_eq!(seen(vec![holder(5), holder(9)], ItemStatus::Open), Standing::AsBefore);
    let required = testing::holder(9, HeldAs::RequiredAssignee);
    assert_eq!(seen(vec![required.clone()], ItemStatus::Open), Standing::AsWanted);
    assert_eq!(seen(vec![holder(5), required], ItemStatus::Open), Standing::AsBefore);
    assert!(matches!(seen(vec![holder(7)], ItemStatus::Open), Standing::Otherwise(_)));
    assert!(matches!(seen(vec![holder(5)], ItemStatus::Closed), Standing::Otherwise(_)));
}

/// Where a step stands before and after: by what was so when the plan was made, and by each of these answers.
fn stands(action: &Action, before: &Before, answers: Vec<Answer>, expected: &[&str]) {
    let step = step(action.clone(), before.clone());
    let read = action.proof().unwrap();
    let found: Vec<_> = answers
        .into_iter()
        .map(|answer| match step.standing(&live(read.clone(), answer)) {
            Standing::AsBefore => "before",
            Standing::AsWanted => "wanted",
            Standing::Otherwise(_) => "otherwise",
            Standing::Unseen => "unseen",
        })
        .collect();
    assert_eq!(found, expected, "{action:?} {before:?}");
    assert_eq!(step.standing(&Facts::default()), Standing::Unseen, "{action:?}: nothing was asked");
}

fn ana() -> crate::directory::User {
    testing::user(5, "Ana Diaz")
}

#[test]
fn logins_addresses_and_templates_stand_by_the_user() {
    use crate::directory::User;
    let (user, shown) = (ana().id, |user: User| Answer::User(Some(user)));
    let login = |active| Before::User { email: ana().email, active };
    let inactive = || User { active: false, ..ana() };
    let both = || vec![shown(ana()), shown(inactive()), Answer::User(None)];
    stands(&Action::Deactivate { user }, &login(true), both(), &["before", "wanted", "unseen"]);
    stands(&Action::Deactivate { user }, &login(false), both(), &["otherwise", "wanted", "unseen"]);
    stands(&Action::Reactivate { user }, &login(false), both(), &["wanted", "before", "unseen"]);
    stands(&Action::Reactivate { user }, &login(true), both(), &["wanted", "otherwise", "unseen"]);
    let all = |ids: &[u64]| Answer::Users(ids.iter().map(|id| testing::user(*id, "Somebody")).collect());
    let seen = vec![all(&[4, 5]), all(&[4]), all(&[])];
    stands(&Action::DeleteUser { user }, &login(true), seen, &["before", "wanted", "unseen"]);

    let address = |text: &str| shown(User { email: text.parse().ok(), ..ana() });
    let change = Action::ChangeEmail { user, email: "Ana@elsewhere.example".parse().unwrap() };
    let seen = vec![
        shown(ana()),
        address("Ana@elsewhere.example"),
        address("ana@elsewhere.example"),
        address("other@example.com"),
    ];
    stands(&change, &login(true), seen, &["before", "wanted", "otherwise", "otherwise"]);

    let template = TemplateId::new(4);
    let with = |id: Option<u64>| User {
        company_template: id.map(TemplateId::new),
        default_template: id.map(TemplateId::new),
        ..ana()
    };
    let seen = || vec![shown(with(Some(3))), shown(with(Some(4))), shown(with(None))];
    for action in [
        Action::SetCompanyTemplate { user: UserRef::Known(user), template },
        Action::SetDefaultTemplate { user: UserRef::Known(user), template },
    ] {
        let before = Before::Template { template: Some(TemplateId::new(3)) };
        stands(&action, &before, seen(), &["before", "wanted", "otherwise"]);
        stands(&action, &Before::ToBeCreated {}, seen(), &["before", "wanted", "before"]);
    }
}

#[test]
fn a_creation_stands_by_whoever_has_the_address() {
    let email = "noa@example.com".parse().unwrap();
    let (first_name, job_title, employee_id, vendor) = (None, None, None, None);
    let last_name = "Berg".to_owned();
    let new = NewUser { email, first_name, last_name, job_title, employee: true, employee_id, vendor };
    let inactive = crate::directory::User { active: false, ..ana() };
    let outsider = crate::directory::User { employee: false, ..ana() };
    let seen = vec![vec![], vec![ana()], vec![inactive], vec![outsider], vec![ana(), ana()]];
    let seen = seen.into_iter().map(Answer::Users).collect();
    let expected = ["before", "wanted", "otherwise", "otherwise", "otherwise"];
    stands(&Action::CreateUser { user: new }, &Before::Nobody {}, seen, &expected);
}

#[test]
fn a_profile_stands_by_the_fields_that_change_and_by_no_others() {
    use ProfileField::{City, JobTitle, Zip};
    let fields = |pairs: &[(ProfileField, &str)]| -> BTreeMap<_, _> {
        pairs.iter().map(|(field, text)| (*field, (*text).to_owned())).collect()
    };
    let shown = |pairs| Answer::Profile(Some(Profile { fields: fields(pairs) }));
    let action = Action::UpdateProfile { user: ana().id, fields: fields(&[(City, ""), (JobTitle, "PM")]) };
    let before = Before::Profile { fields: fields(&[(City, "Reno")]) };
    let seen = vec![
        shown(&[(City, "Reno"), (Zip, "1")]),
        shown(&[(JobTitle, "PM"), (Zip, "2")]),
        shown(&[(JobTitle, "Engineer")]),
        Answer::Profile(None),
    ];
    stands(&action, &before, seen, &["before", "wanted", "otherwise", "unseen"]);
}

#[test]
fn an_invitation_stands_by_its_time_and_a_second_one_is_not_told_from_none() {
    let action = Action::Invite { user: UserRef::Known(ana().id) };
    let shown = |sent_at: Option<&str>| {
        let sent_at = sent_at.map(|at| at.parse().unwrap());
        Answer::Invitation(Some(Invitation { sent_at, last_login_at: None }))
    };
    let (old, new) = (Some("2026-05-01T08:00:00Z"), Some("2026-05-02T08:00:00Z"));
    let seen = || vec![shown(None), shown(old), shown(new), Answer::Invitation(None)];
    let never = Before::Invitation { sent_at: None };
    stands(&action, &never, seen(), &["before", "wanted", "wanted", "unseen"]);
    stands(&action, &Before::ToBeCreated {}, seen(), &["before", "wanted", "wanted", "unseen"]);
    let once = Before::Invitation { sent_at: old.map(|at| at.parse().unwrap()) };
    stands(&action, &once, seen(), &["before", "before", "wanted", "unseen"]);
    let read = action.proof().unwrap();
    let read_back =
        |before: &Before, at| step(action.clone(), before.clone()).read_back(&live(read.clone(), shown(at)));
    assert_eq!(read_back(&once, old), Standing::Unseen, "nothing would tell whether it was sent");
    assert_eq!(read_back(&never, None), Standing::AsBefore);
    assert_eq!(read_back(&once, new), Standing::AsWanted);
}

#[test]
fn memberships_stand_by_the_project_s_own_directory() {
    let (user, project) = (ana().id, ProjectId::new(70));
    let named = |id: u64| TemplateRef { id: TemplateId::new(id), name: format!("Template {id}") };
    let on = |template: Option<u64>| {
        let person = Person { id: user, name: "Ana Diaz".to_owned() };
        let template = template.map(named);
        Answer::Member(Presence::On(Member { person, email: None, active: true, template }))
    };
    let seen = || vec![Answer::Member(Presence::Off), on(Some(4)), on(Some(3)), on(None)];
    let add = |template| Action::AddMembership { user: UserRef::Known(user), project, template };
    let off = Before::NoMembership {};
    stands(&add(Some(TemplateId::new(4))), &off, seen(), &["before", "wanted", "otherwise", "otherwise"]);
    stands(&add(None), &off, seen(), &["before", "wanted", "wanted", "wanted"]);
    stands(&add(None), &off, vec![Answer::Member(Presence::Unseen)], &["unseen"]);
    let set = Action::SetMembershipTemplate { user, project, template: TemplateId::new(4) };
    let before = Before::Member { template: Some(named(3)) };
    stands(&set, &before, seen(), &["otherwise", "wanted", "before", "otherwise"]);
    stands(&set, &before, vec![Answer::Member(Presence::Unseen)], &["unseen"]);
}

#[test]
fn contacts_vendors_and_groups_stand_by_themselves() {
    let (contact, project) = (ContactId::new(12), ProjectId::new(70));
    let row = |active| Contact {
        id: contact,
        name: "Leo Cruz".to_owned(),
        last_name: "Cruz".to_owned(),
        active,
        employee: false,
        employee_id: None,
    };
    let entry = |active| Before::Entry { name: "Leo Cruz".to_owned(), active };
    let seen =
        || vec![Answer::Contact(Some(row(true))), Answer::Contact(Some(row(false))), Answer::Contact(None)];
    let (off, on) = (Action::DeactivateContact { contact }, Action::ReactivateContact { contact });
    stands(&off, &entry(true), seen(), &["before", "wanted", "unseen"]);
    stands(&off, &entry(false), seen(), &["otherwise", "wanted", "unseen"]);
    stands(&on, &entry(false), seen(), &["wanted", "before", "unseen"]);

    let of_project = |rows| Answer::ContactsOfProject(rows);
    let seen = || vec![of_project(Some(vec![])), of_project(Some(vec![row(false)])), of_project(None)];
    let add = Action::AddContact { contact, project };
    stands(&add, &Before::NoMembership {}, seen(), &["before", "wanted", "unseen"]);
    let remove = Action::RemoveContact { contact, project };
    stands(&remove, &Before::ContactOnProject {}, seen(), &["wanted", "before", "unseen"]);

    let (id, name) = (VendorId::new(8), "Gable Roofing".to_owned());
    let vendor =
        |active| Answer::Vendor(Some(Vendor { id, name: name.clone(), active, primary_contact: None }));
    let seen = vec![vendor(true), vendor(false), Answer::Vendor(None)];
    stands(&Action::ReactivateVendor { vendor: id }, &entry(false), seen, &["wanted", "before", "unseen"]);

    let (user, group) = (ana().id, GroupId::new(3));
    let shown = |members: &[u64]| {
        let members = members.iter().map(|id| Person { id: UserId::new(*id), name: String::new() });
        let (name, members) = ("Site mail".to_owned(), members.collect());
        Answer::Group(Some(Group { project, id: group, name, members }))
    };
    let leave = Action::LeaveGroup { user, project, group };
    let member = |member| Before::Group { name: "Site mail".to_owned(), member };
    let seen = || vec![shown(&[5, 6]), shown(&[6]), Answer::Group(None)];
    stands(&leave, &member(true), seen(), &["before", "wanted", "unseen"]);
    stands(&leave, &member(false), seen(), &["otherwise", "wanted", "unseen"]);
}

#[test]
fn an_action_about_somebody_who_is_still_to_be_created_has_no_proof() {
    let action = Action::Invite { user: UserRef::Created(1) };
    assert_eq!((action.proof(), action.user(), action.created()), (None, None, Some(1)));
    let about = action.about(UserId::new(9));
    assert_eq!((about.user(), about.created()), (Some(UserId::new(9)), None));
}
