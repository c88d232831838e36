//! Every function of the client, called once at least.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use futures_util::TryStreamExt;
use muster_core::directory::{Activity, NewUser, ProfileField};
use muster_core::id::{ContactId, Email, GroupId, Id, ProjectId, TemplateId, UserId, VendorId};
use muster_procore::{BatchAnswer, Dialect, NewMembership, Reads, SyncRow, Writes};

use crate::site::Site;

/// Calls a function of the client, which must not fail, and remembers that it was called.
macro_rules! call {
    ($caller:ident.$half:ident.$name:ident($($argument:expr),*)) => {{
        $caller.called.insert(stringify!($name));
        let answer = $caller.$half.$name($($argument),*).await;
        answer.unwrap_or_else(|error| panic!("{}: {error}", stringify!($name)))
    }};
}

mod items;

/// Calls every function of the client, and returns the names of those that it called.
pub(crate) async fn drive(site: &Site) -> BTreeSet<&'static str> {
    let connection = site.connect();
    let (reads, writes) = (connection.reads(), connection.writes());
    let mut caller = Caller { site, names: site.names(), reads, writes, called: BTreeSet::new() };
    caller.read_people().await;
    caller.read_directory().await;
    caller.change_users().await;
    caller.change_memberships().await;
    caller.change_directory().await;
    caller.change_items().await;
    caller.change_many().await;
    caller.called
}

struct Caller<'a> {
    site: &'a Site,
    names: BTreeMap<&'static str, String>,
    reads: Reads,
    writes: Writes,
    called: BTreeSet<&'static str>,
}

impl Caller<'_> {
    fn id<T>(&self, name: &str) -> Id<T> {
        Id::new(self.names[name].parse().unwrap())
    }

    async fn read_people(&mut self) {
        let (user, project): (UserId, ProjectId) = (self.id("user"), self.id("project"));
        let email: Email = self.site.company.user(user.get()).unwrap().email.parse().unwrap();
        call!(self.reads.speaks(self.site.dialect));
        call!(self.reads.me());
        call!(self.reads.user(user));
        call!(self.reads.user(UserId::new(1)));
        call!(self.reads.users_by_email(&email));
        call!(self.reads.active_user_count());
        call!(self.reads.active_users());
        for activity in [Activity::Active, Activity::Inactive, Activity::All] {
            call!(self.reads.users(activity));
            call!(self.reads.contacts(activity));
            call!(self.reads.vendors(activity));
        }
        self.called.insert("stream_users");
        let streamed: Vec<_> = self.reads.stream_users(Activity::Active).try_collect().await.unwrap();
        assert!(!streamed.is_empty());
        call!(self.reads.profile(user));
        call!(self.reads.invitation(user));
        call!(self.reads.invitation(self.id("inactive")));
        call!(self.reads.company_admins());
        self.site.recorder.hide(Some("user_access_levels"));
        // Without levels in the list, templates are shown one by one; there are none there either.
        assert!(self.reads.company_admins().await.is_err());
        self.site.recorder.hide(None);
        call!(self.reads.memberships(user));
        call!(self.reads.members(project));
        call!(self.reads.member(user, project));
        call!(self.reads.member(self.id("gone"), project));
        call!(self.reads.person_ids(&[user, self.id("inactive")]));
    }

    async fn read_directory(&mut self) {
        let project: ProjectId = self.id("project");
        call!(self.reads.company_templates());
        call!(self.reads.project_templates());
        call!(self.reads.global_templates());
        call!(self.reads.assignable_templates(project));
        call!(self.reads.company_rights());
        call!(self.reads.project_rights(project));
        call!(self.reads.contact(self.id("contact")));
        call!(self.reads.contact_details(self.id("contact")));
        call!(self.reads.contacts_of_project(project));
        call!(self.reads.vendor(self.id("vendor")));
        call!(self.reads.groups(project));
        call!(self.reads.group(project, self.id("group")));
        call!(self.reads.project(project));
        call!(self.reads.projects());
    }

    async fn change_users(&mut self) {
        let user: UserId = self.id("user");
        let new = NewUser {
            email: "new@example.com".parse().unwrap(),
            first_name: Some("Ada".to_owned()),
            last_name: "New".to_owned(),
            job_title: Some("Engineer".to_owned()),
            employee: true,
            employee_id: Some("E-9".to_owned()),
            vendor: Some(self.id("vendor")),
        };
        let made = call!(self.writes.create_user(&new));
        let fields = BTreeMap::from([
            (ProfileField::JobTitle, "Estimator".to_owned()),
            (ProfileField::City, String::new()),
        ]);
        call!(self.writes.update_profile(user, &fields));
        call!(self.writes.change_email(user, &"moved@example.com".parse().unwrap()));
        let company_template = self.site.company.user(user.get()).unwrap().company_template;
        let company_template = TemplateId::new(company_template.unwrap_or(1));
        let templates = call!(self.reads.company_templates());
        let company_template = templates.iter().map(|one| one.id).find(|id| *id != company_template).unwrap();
        call!(self.writes.set_company_template(made, company_template));
        let global = call!(self.reads.global_templates())[0].id;
        call!(self.writes.set_default_template(made, global));
        call!(self.writes.invite_user(made));
        call!(self.writes.deactivate_user(made));
        call!(self.writes.reactivate_user(made));
        if self.site.dialect == Dialect::Guide {
            call!(self.writes.delete_user(made));
        } else {
            // Procore's reference has no such operation, which the client says itself: nothing is sent.
            self.called.insert("delete_user");
            assert!(self.writes.delete_user(made).await.is_err());
        }
    }

    async fn change_memberships(&mut self) {
        let (user, project): (UserId, ProjectId) = (self.id("user"), self.id("other_project"));
        let template: TemplateId = self.id("template");
        call!(self.writes.add_to_project(user, project, None));
        call!(self.writes.remove_from_project(user, project));
        call!(self.writes.add_to_project(user, project, Some(template)));
        call!(self.writes.set_project_template(user, project, template));
    }

    async fn change_directory(&mut self) {
        let (project, contact): (ProjectId, ContactId) = (self.id("project"), self.id("contact"));
        let known = call!(self.reads.contact(contact)).unwrap();
        call!(self.writes.set_contact_active(&known, false));
        call!(self.writes.set_contact_active(&known, true));
        let free: ContactId = self.id("free_contact");
        call!(self.writes.add_contact_to_project(free, project));
        call!(self.writes.remove_contact_from_project(free, project));
        let vendor: VendorId = self.id("inactive_vendor");
        call!(self.writes.reactivate_vendor(vendor));
        let group: GroupId = self.id("group");
        call!(self.writes.set_group_members(project, group, &[]));
    }

    async fn change_many(&mut self) {
        let (user, project): (UserId, ProjectId) = (self.id("user"), self.id("project"));
        let pairs = [(user, project), (UserId::new(5), project)];
        let pair = |(user, project)| NewMembership { user, project, template: Some(self.id("template")) };
        let new = pairs.map(pair);
        call!(self.writes.remove_from_projects(&pairs));
        call!(self.writes.add_to_projects(&new));
        call!(self.writes.remove_from_projects_v2(&pairs[..1]));
        call!(self.writes.add_to_projects_v2(&new));
        let users: Vec<u64> = self.site.company.users().map(|user| user.id).take(51).collect();
        let many: Vec<_> = users.into_iter().map(|user| (UserId::new(user), project)).collect();
        let later = call!(self.writes.remove_from_projects_v2(&many));
        let BatchAnswer::Later(batch) = later else { panic!("51 pairs are too many for one answer") };
        call!(self.reads.batch(&batch));
        let people = call!(self.reads.person_ids(&[user]));
        call!(self.writes.set_people_active(&[people[&user]], false));
        call!(self.writes.set_people_active(&[people[&user]], true));
        let fields = BTreeMap::from([(ProfileField::LastName, "Synced".to_owned())]);
        let new = SyncRow {
            email: Some("synced@example.com".parse().unwrap()),
            employee: Some(true),
            fields,
            ..SyncRow::default()
        };
        let old = |user| SyncRow { user: Some(user), active: Some(true), ..SyncRow::default() };
        call!(self.writes.sync_users(&[new, old(user), old(UserId::new(5))]));
    }
}

/// Returns the operations that the client says that it sends: each endpoint names them where it has their paths.
pub(crate) fn operations() -> BTreeSet<String> {
    texts("endpoint")
        .iter()
        .flat_map(|text| {
            let starts = text.match_indices("`RestV").map(|(at, _)| &text[at..]);
            starts.map(|rest| rest.split('`').nth(1).unwrap().to_owned()).collect::<Vec<_>>()
        })
        .collect()
}

/// Returns the names of the functions that the client has, as its own text tells them.
pub(crate) fn functions() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for text in ["reads", "writes"].iter().flat_map(|half| texts(half)) {
        // A stream is no future, and its name says so.
        for start in ["    pub async fn ", "    pub fn stream"] {
            for (at, _) in text.match_indices(start) {
                let rest = text[at..].split("fn ").nth(1).unwrap();
                found.insert(rest[..rest.find(['(', '<']).unwrap()].to_owned());
            }
        }
    }
    found
}

/// Returns the texts of a module of the client and of those below it.
fn texts(module: &str) -> Vec<String> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut paths, mut texts) = (vec![source.join(format!("{module}.rs")), source.join(module)], Vec::new());
    while let Some(path) = paths.pop() {
        if path.is_dir() {
            paths.extend(std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        } else {
            texts.push(std::fs::read_to_string(path).unwrap());
        }
    }
    texts
}
