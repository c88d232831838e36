//! Plays calls: sends each to the simulator, does the same to the model, and says where the two part.

mod choose;
mod many;

use std::collections::BTreeSet;

use muster_core::directory::{Contact, NewUser, TemplateKind};
use muster_core::id::{GroupId, ProjectId, TemplateId, UserId, VendorId};
use muster_procore::{Dialect, Error, ErrorKind, Reads, Settled, Writes};
use muster_sim::{Company, Script};

use crate::act::Act;
use crate::directory::Directory;
use crate::model::{Fate, Model};
use crate::site::Site;

use choose::{pick, texts};

type Pair = (UserId, ProjectId);

/// How many rows a page has: some lists have two pages.
const PAGE: u32 = 8;

/// A simulator and a model that ought to be like it.
pub(crate) struct Play {
    site: Site,
    reads: Reads,
    writes: Writes,
    model: Model,
    /// Whom calls may be about: not the account that calls.
    caller: UserId,
    projects: Vec<ProjectId>,
    dialect: Dialect,
}

/// Plays calls, under a script of faults, and returns where model, client and simulator part.
pub(crate) async fn play(
    dialect: Dialect,
    company: Company,
    script: Script,
    acts: &[Act],
) -> Result<(), String> {
    let mut play = Play::start(dialect, company).await;
    play.site.simulator.set_script(script);
    for (number, act) in acts.iter().enumerate() {
        let told = play.act(act).await;
        told.map_err(|why| format!("{dialect}: call {}, {act:?}: {why}", number + 1))?;
    }
    play.compare().await.map_err(|why| format!("{dialect}: {why}"))
}

impl Play {
    async fn start(dialect: Dialect, company: Company) -> Self {
        let templates = company.templates().map(|template| {
            let (kind, project) = match template.kind {
                muster_sim::TemplateKind::CompanyTools => (TemplateKind::Company, None),
                muster_sim::TemplateKind::Global => (TemplateKind::Global, None),
                muster_sim::TemplateKind::ProjectSpecific { project } => {
                    (TemplateKind::ProjectSpecific, Some(ProjectId::new(project)))
                }
            };
            (TemplateId::new(template.id), (kind, project))
        });
        let managed = company.memberships().filter(|membership| membership.managed);
        let managed = managed.map(|found| (UserId::new(found.user), ProjectId::new(found.project))).collect();
        let model = Model { directory: Directory::of(&company), templates: templates.collect(), managed };
        let caller = UserId::new(company.service_account());
        let projects = company.projects().map(|project| ProjectId::new(project.id)).collect();
        let site = Site::start(dialect, company, PAGE).await;
        let connection = site.connect();
        let (reads, writes) = (connection.reads(), connection.writes());
        Self { site, reads, writes, model, caller, projects, dialect }
    }

    async fn compare(&self) -> Result<(), String> {
        let kept = self.site.simulator.with_company(|company| Directory::of(company));
        let read = Directory::read(&self.reads, &self.projects).await.map_err(|error| error.to_string())?;
        let sides = [("the simulator", kept), ("the client", read)];
        let lines = sides.into_iter().flat_map(|(side, found)| {
            let lines = self.model.directory.differences(&found);
            lines.into_iter().map(move |line| format!("{side} has {line}"))
        });
        let lines: Vec<String> = lines.collect();
        if lines.is_empty() { Ok(()) } else { Err(lines.join("\n")) }
    }

    async fn act(&mut self, act: &Act) -> Result<(), String> {
        match act {
            Act::Create { .. } => self.create(act).await,
            Act::Sync { rows } => self.sync(rows).await,
            Act::PeopleActive { people, active } => self.set_people_active(people, *active).await,
            Act::AddMany { pairs, template, second } => {
                let pairs = self.pairs(pairs);
                self.add_many(&pairs, *template, *second).await
            }
            Act::RemoveMany { pairs, second } => {
                let pairs = self.pairs(pairs);
                self.remove_many(&pairs, *second).await
            }
            Act::All { template, there } => {
                let pairs = self.all_pairs();
                if *there {
                    self.add_many(&pairs, *template, true).await
                } else {
                    self.remove_many(&pairs, true).await
                }
            }
            Act::Delete { user } if self.dialect == Dialect::Reference => {
                let told = self.writes.delete_user(self.user(*user)).await;
                let kind = told.err().map(|error| error.kind());
                if kind == Some(ErrorKind::NotOffered) { Ok(()) } else { Err(format!("{kind:?}")) }
            }
            _ => self.one(act).await,
        }
    }

    /// Plays what concerns one thing and is made or refused.
    async fn one(&mut self, act: &Act) -> Result<(), String> {
        let before = self.model.clone();
        let (user, project, template) = (
            |number: u8| self.user(number),
            |number: u8| self.project(number),
            |number: u8| self.template(number),
        );
        let (writes, model) = (&self.writes, &mut before.clone());
        let (told, fate) = match act {
            Act::Update { user: who, fields } => {
                let (who, fields) = (user(*who), texts(fields));
                let fate = if fields.is_empty() { Fate::Made } else { model.update(who, &fields) };
                (writes.update_profile(who, &fields).await, fate)
            }
            Act::ChangeEmail { user: who, address } => {
                let (who, email) = (user(*who), self.address(*address));
                (writes.change_email(who, &email).await, model.change_email(who, &email))
            }
            Act::CompanyTemplate { user: who, template: which } => {
                let (who, which) = (user(*who), template(*which));
                (writes.set_company_template(who, which).await, model.set_company_template(who, which))
            }
            Act::DefaultTemplate { user: who, template: which } => {
                let (who, which) = (user(*who), template(*which));
                (writes.set_default_template(who, which).await, model.set_default_template(who, which))
            }
            Act::Invite { user: who } => (writes.invite_user(user(*who)).await, model.invite(user(*who))),
            Act::Deactivate { user: who } => {
                (writes.deactivate_user(user(*who)).await, model.deactivate(user(*who)))
            }
            Act::Reactivate { user: who } => {
                (writes.reactivate_user(user(*who)).await, model.reactivate(user(*who)))
            }
            Act::Delete { user: who } => (writes.delete_user(user(*who)).await, model.delete(user(*who))),
            Act::Add { user: who, project: at, template: which } => {
                let (who, at, which) = (user(*who), project(*at), which.map(template));
                (writes.add_to_project(who, at, which).await, model.add((who, at), which))
            }
            Act::Remove { user: who, project: at } => {
                let (who, at) = (user(*who), project(*at));
                (writes.remove_from_project(who, at).await, model.remove((who, at)))
            }
            Act::Template { user: who, project: at, template: which } => {
                let (who, at, which) = (user(*who), project(*at), template(*which));
                (writes.set_project_template(who, at, which).await, model.set_template((who, at), which))
            }
            Act::ContactActive { contact, active } => {
                let Some(contact) = self.read_contact(*contact).await? else { return Ok(()) };
                let fate = model.set_contact_active(contact.id, *active);
                (writes.set_contact_active(&contact, *active).await, fate)
            }
            Act::AddContact { contact, project: at } => {
                let (contact, at) = (self.contact(*contact), project(*at));
                (writes.add_contact_to_project(contact, at).await, model.add_contact(contact, at))
            }
            Act::RemoveContact { contact, project: at } => {
                let (contact, at) = (self.contact(*contact), project(*at));
                (writes.remove_contact_from_project(contact, at).await, model.remove_contact(contact, at))
            }
            Act::ReactivateVendor { vendor } => {
                let vendor = pick(*vendor, self.model.directory.vendors.keys(), VendorId::new(1));
                (writes.reactivate_vendor(vendor).await, model.reactivate_vendor(vendor))
            }
            Act::Group { group, members } => {
                let nothing = (self.projects[0], GroupId::new(1));
                let (at, group) = pick(*group, self.model.directory.groups.keys(), nothing);
                let members: BTreeSet<UserId> = members.iter().copied().map(user).collect();
                let list: Vec<UserId> = members.iter().copied().collect();
                (writes.set_group_members(at, group, &list).await, model.set_group((at, group), &members))
            }
            _ => return Err("it is played elsewhere".to_owned()),
        };
        if is_made(&told, fate)? {
            self.model = model.clone();
        }
        Ok(())
    }

    async fn create(&mut self, act: &Act) -> Result<(), String> {
        let Act::Create { address, employee, vendor, job_title } = act else {
            return Err("it creates nobody".to_owned());
        };
        let active = self.model.directory.vendors.iter().find(|(_, active)| **active);
        let user = NewUser {
            email: self.address(*address),
            first_name: Some("New".to_owned()),
            last_name: format!("Number {address}"),
            job_title: job_title.map(|number| format!("Job {number}")),
            employee: *employee,
            employee_id: employee.then(|| format!("N-{address}")),
            vendor: active.map(|(vendor, _)| *vendor).filter(|_| *vendor),
        };
        let told = self.writes.create_user(&user).await;
        let mut model = self.model.clone();
        let fate = model.create(&user, told.as_ref().ok().copied());
        if is_made(&told, fate)? {
            self.model = model;
        }
        Ok(())
    }

    async fn read_contact(&self, number: u8) -> Result<Option<Contact>, String> {
        self.reads.contact(self.contact(number)).await.map_err(|error| error.to_string())
    }
}

/// Returns whether a change was made, if that agrees with what had to become of it.
fn is_made<T>(told: &Result<T, Error>, fate: Fate) -> Result<bool, String> {
    match (told, fate) {
        (Ok(_), Fate::Made | Fate::Open) => Ok(true),
        (Err(error), Fate::Refused | Fate::Open) if error.settled() == Settled::Refused => Ok(false),
        (Ok(_), _) => Err(format!("made instead of {fate:?}")),
        (Err(error), _) => Err(format!("{error} instead of {fate:?}")),
    }
}
