//! Facts: what the host reads for a plan and the guard, beyond what the policy asked.

use std::collections::BTreeMap;

use crate::action::{Access, Action, Subject};
use crate::directory::{
    Activity, Contact, Group, Invitation, Item, ItemRef, Member, Membership, Presence, Profile, Project,
    Template, User, Vendor,
};
use crate::guard::Rules;
use crate::id::{ContactId, Email, GroupId, ProjectId, TemplateId, UserId, VendorId};
use crate::proposal::Proposal;
use crate::read::{Answer, HeldItems, Read, WrongAnswer};

/// Answers, each under its question.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    answers: BTreeMap<Read, Answer>,
}

impl Facts {
    /// Adds an answer. A later one to the same question takes the place of an earlier one.
    ///
    /// # Errors
    ///
    /// If it does not fit the question.
    pub fn add(&mut self, read: Read, answer: Answer) -> Result<(), WrongAnswer> {
        answer.fits(&read)?;
        self.answers.insert(read, answer);
        Ok(())
    }

    /// Forgets the answer to `read`: it may no longer hold.
    pub fn forget(&mut self, read: &Read) {
        self.answers.remove(read);
    }

    /// Returns the answers in the order of their questions.
    pub fn iter(&self) -> impl Iterator<Item = (&Read, &Answer)> {
        self.answers.iter()
    }

    /// Returns what is known of `read`.
    #[must_use]
    pub fn get(&self, read: &Read) -> Option<&Answer> {
        self.answers.get(read)
    }

    /// Returns the user, if they were asked for and there is one.
    #[must_use]
    pub fn user(&self, user: UserId) -> Option<&User> {
        match self.get(&Read::User { user })? {
            Answer::User(user) => user.as_ref(),
            _ => None,
        }
    }

    /// Returns whether the host's account sees no project at all, if that was asked for.
    #[must_use]
    pub fn sees_no_project(&self) -> bool {
        matches!(self.get(&Read::ActiveProjects), Some(Answer::Projects(projects)) if projects.is_empty())
    }

    /// Returns all users of the company, if they were asked for.
    #[must_use]
    pub fn all_users(&self) -> Option<&[User]> {
        match self.get(&Read::Users { who: Activity::All })? {
            Answer::Users(users) => Some(users),
            _ => None,
        }
    }

    /// Returns the users with exactly this address, if they were asked for.
    #[must_use]
    pub fn users_by_email(&self, email: &Email) -> Option<&[User]> {
        match self.get(&Read::UsersByEmail { email: email.clone() })? {
            Answer::Users(users) => Some(users),
            _ => None,
        }
    }

    /// Returns what is written down of a user, if it was asked for and there is one.
    #[must_use]
    pub fn profile(&self, user: UserId) -> Option<&Profile> {
        match self.get(&Read::Profile { user })? {
            Answer::Profile(profile) => profile.as_ref(),
            _ => None,
        }
    }

    /// Returns where the invitation of a user stands, if it was asked for and there is one.
    #[must_use]
    pub fn invitation(&self, user: UserId) -> Option<&Invitation> {
        match self.get(&Read::Invitation { user })? {
            Answer::Invitation(invitation) => invitation.as_ref(),
            _ => None,
        }
    }

    /// Returns a user as a member of a project, `Some(None)` for nobody of it, if that was asked for and can be seen.
    #[must_use]
    pub fn member(&self, user: UserId, project: ProjectId) -> Option<Option<&Member>> {
        match self.get(&Read::Member { user, project })? {
            Answer::Member(Presence::On(member)) => Some(Some(member)),
            Answer::Member(Presence::Off) => Some(None),
            _ => None,
        }
    }

    /// Returns a contact, if they were asked for and there is one.
    #[must_use]
    pub fn contact(&self, contact: ContactId) -> Option<&Contact> {
        match self.get(&Read::Contact { contact })? {
            Answer::Contact(contact) => contact.as_ref(),
            _ => None,
        }
    }

    /// Returns the contacts of a project, if they were asked for and can be seen.
    #[must_use]
    pub fn contacts_of_project(&self, project: ProjectId) -> Option<&[Contact]> {
        match self.get(&Read::ContactsOfProject { project })? {
            Answer::ContactsOfProject(contacts) => contacts.as_deref(),
            _ => None,
        }
    }

    /// Returns a vendor, if it was asked for and there is one.
    #[must_use]
    pub fn vendor(&self, vendor: VendorId) -> Option<&Vendor> {
        match self.get(&Read::Vendor { vendor })? {
            Answer::Vendor(vendor) => vendor.as_ref(),
            _ => None,
        }
    }

    /// Returns a distribution group, if it was asked for and there is one.
    #[must_use]
    pub fn group(&self, project: ProjectId, group: GroupId) -> Option<&Group> {
        match self.get(&Read::Group { project, group })? {
            Answer::Group(group) => group.as_ref(),
            _ => None,
        }
    }

    /// Returns a permission template, if a list was asked for that it stands in.
    #[must_use]
    pub fn template(&self, template: TemplateId) -> Option<&Template> {
        let lists = self.answers.values().filter_map(|answer| match answer {
            Answer::Templates(templates) => Some(templates),
            _ => None,
        });
        lists.flatten().find(|row| row.id == template)
    }

    /// Returns the projects that a user is on, if they were asked for.
    #[must_use]
    pub fn memberships(&self, user: UserId) -> Option<&[Membership]> {
        match self.get(&Read::Memberships { user })? {
            Answer::Memberships(memberships) => Some(memberships),
            _ => None,
        }
    }

    /// Returns a user's membership in a project, if it was asked for and there is one.
    #[must_use]
    pub fn membership(&self, user: UserId, project: ProjectId) -> Option<&Membership> {
        self.memberships(user)?.iter().find(|membership| membership.project == project)
    }

    /// Returns the project, if it was asked for and there is one.
    #[must_use]
    pub fn project(&self, project: ProjectId) -> Option<&Project> {
        match self.get(&Read::Project { project })? {
            Answer::Project(project) => project.as_ref(),
            _ => None,
        }
    }

    /// Returns what a user holds, if it was asked for.
    #[must_use]
    pub fn items_held_by(&self, user: UserId) -> Option<&HeldItems> {
        match self.get(&Read::ItemsHeldBy { user })? {
            Answer::Items(items) => Some(items),
            _ => None,
        }
    }

    /// Returns an item, if it or a holder of it was asked for and there is one.
    #[must_use]
    pub fn item(&self, item: ItemRef) -> Option<&Item> {
        match self.get(&Read::Item { item }) {
            Some(Answer::Item(item)) => item.as_ref(),
            _ => self
                .answers
                .values()
                .filter_map(|answer| if let Answer::Items(items) = answer { Some(&items.rows) } else { None })
                .flatten()
                .find(|row| row.item == item),
        }
    }

    /// Returns the permission templates for the company's own tools, if they were asked for.
    #[must_use]
    pub fn company_templates(&self) -> Option<&[Template]> {
        match self.get(&Read::CompanyTemplates)? {
            Answer::Templates(templates) => Some(templates),
            _ => None,
        }
    }

    /// Returns the company admins, if they were asked for.
    #[must_use]
    pub fn company_admins(&self) -> Option<&[User]> {
        match self.get(&Read::CompanyAdmins)? {
            Answer::Users(admins) => Some(admins),
            _ => None,
        }
    }

    /// Returns how many active users the company has, if that was asked for.
    #[must_use]
    pub fn active_user_count(&self) -> Option<u64> {
        match self.get(&Read::ActiveUserCount)? {
            Answer::Count(count) => Some(*count),
            _ => None,
        }
    }

    /// Returns the host's own account, if it was asked for.
    #[must_use]
    pub fn me(&self) -> Option<UserId> {
        match self.get(&Read::Me)? {
            Answer::Me(user) => Some(*user),
            _ => None,
        }
    }

    /// Returns the questions that still have to be asked for `own` to become a plan and be judged beside the other
    /// proposals of its case. What to ask may depend on earlier answers: ask until nothing is missing.
    #[must_use]
    pub fn missing(&self, own: &Proposal, case: &[Proposal], rules: &Rules) -> Vec<Read> {
        let actions = || own.steps.iter().map(|step| &step.action);
        let mut wanted = self.missing_for_guard(actions());
        wanted.extend(actions().filter_map(|action| match action {
            Action::Reassign { to, .. } => Some(Read::User { user: *to }),
            Action::ChangeEmail { email, .. } => Some(Read::UsersByEmail { email: email.clone() }),
            Action::AddContact { contact, .. } | Action::RemoveContact { contact, .. } => {
                Some(Read::Contact { contact: *contact })
            }
            _ => None,
        }));
        // How an item stands may be known from its holder.
        wanted.extend(actions().filter(|action| action.item().is_none()).filter_map(Action::proof));
        let items = actions().filter_map(Action::item).filter(|item| self.item(*item).is_none());
        wanted.extend(items.map(|item| Read::Item { item }));
        wanted.extend(
            rules.belts.missing(case.iter().flat_map(|proposal| &proposal.steps).map(|step| &step.action)),
        );
        self.unknown(wanted)
    }

    /// Returns the questions whose answers tell what stays behind with people who lose access, and what things are
    /// called. A plan can be made without them; it then says that it does not know.
    #[must_use]
    pub fn wished(&self, own: &Proposal) -> Vec<Read> {
        let actions = || own.steps.iter().map(|step| &step.action);
        let losing = actions().filter(|action| action.takes_access()).filter_map(Action::user);
        let holding = actions().filter(|action| action.item().is_some()).filter_map(Action::user);
        let left = || own.left.iter().map(|left| left.holder);
        let (losing, holding): (Vec<_>, Vec<_>) = (losing.chain(left()).collect(), holding.collect());
        let mut wanted: Vec<_> = losing.iter().map(|user| Read::ItemsHeldBy { user: *user }).collect();
        for user in losing.into_iter().chain(holding) {
            wanted.extend([Read::User { user }, Read::Memberships { user }]);
            // What lies in a project that they are not on any more has its name from the project itself.
            let on = self.memberships(user).unwrap_or_default();
            let places = actions()
                .filter_map(Action::item)
                .chain(own.left.iter().map(|left| left.item))
                .map(|item| item.project);
            let places = places.filter(|place| on.iter().all(|row| row.project != *place));
            if self.memberships(user).is_some() {
                wanted.extend(places.map(|project| Read::Project { project }));
            }
        }
        // Who is on no project may be on some that can't be seen.
        let losing = actions().filter(|action| action.takes_access()).filter_map(Action::user);
        let on_none = |user| self.memberships(user).is_some_and(<[_]>::is_empty);
        wanted.extend(losing.filter(|user| on_none(*user)).map(|_| Read::ActiveProjects));
        // What a new membership is called.
        for action in actions() {
            if action.user().is_none() || (action.item().is_none() && !action.takes_access()) {
                wanted.extend(action.project().map(|project| Read::Project { project }));
            }
            if let Some(Subject::Contact(contact)) = action.subject() {
                wanted.push(Read::Contact { contact });
            }
            wanted.extend(action.template().map(|_| match action {
                Action::SetCompanyTemplate { .. } => Read::CompanyTemplates,
                _ => Read::ProjectTemplates,
            }));
        }
        self.unknown(wanted)
    }

    /// Returns the questions that still have to be asked for the guard to judge `actions`, but for what its belts need.
    #[must_use]
    pub fn missing_for_guard<'a>(&self, actions: impl Iterator<Item = &'a Action>) -> Vec<Read> {
        let mut wanted = Vec::new();
        for action in actions {
            wanted.extend(action.user().map(|user| Read::User { user }));
            wanted.extend((action.access() != Access::Leaves).then_some(Read::Me));
            if let Some(user) = action.may_cost_an_admin() {
                wanted.extend(self.asks_about_admins(user));
            }
            match action {
                Action::RemoveMembership { user, .. } => wanted.push(Read::Memberships { user: *user }),
                Action::SetCompanyTemplate { .. } => wanted.push(Read::CompanyTemplates),
                // Whoever was an admin becomes one again.
                Action::Reactivate { user } => wanted.extend(
                    self.user(*user).and_then(|user| user.company_template).map(|_| Read::CompanyTemplates),
                ),
                _ => {}
            }
        }
        self.unknown(wanted)
    }

    fn unknown(&self, mut wanted: Vec<Read>) -> Vec<Read> {
        wanted.retain(|read| !self.answers.contains_key(read));
        wanted.sort();
        wanted.dedup();
        wanted
    }

    /// Returns what has to be asked to tell whether `user` is a company admin, and who else is.
    fn asks_about_admins(&self, user: UserId) -> Option<Read> {
        let template = self.user(user).filter(|user| user.active)?.company_template?;
        let Some(templates) = self.company_templates() else { return Some(Read::CompanyTemplates) };
        // A template that Procore does not describe may make an admin: only the list of admins can tell then.
        let known = templates.iter().find(|row| row.id == template).and_then(|row| row.directory_admin);
        (known != Some(false)).then_some(Read::CompanyAdmins)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::TemplateKind;
    use crate::id::TemplateId;
    use crate::testing::{Scene, project, user};

    fn template(directory_admin: Option<bool>) -> Answer {
        let (id, name) = (TemplateId::new(30), "Office".to_owned());
        Answer::Templates(vec![Template { id, name, kind: TemplateKind::Company, directory_admin }])
    }

    /// Everything that is asked for one deactivation, in order, when a directory answers with these.
    fn asked(company_template: Option<u64>, templates: &Answer) -> Vec<Read> {
        let mut scene = Scene::departure(5);
        scene.deactivates(5);
        let (mut known, mut asked) = (Facts::default(), Vec::new());
        let person = User { company_template: company_template.map(TemplateId::new), ..user(5, "Ana Diaz") };
        loop {
            let case = std::slice::from_ref(&scene.proposal);
            let mut missing = known.missing(&scene.proposal, case, &scene.rules);
            missing.extend(known.wished(&scene.proposal));
            let Some(read) = missing.first().cloned() else { return asked };
            let answer = match &read {
                Read::User { .. } => Answer::User(Some(person.clone())),
                Read::Memberships { .. } => Answer::Memberships(vec![]),
                Read::ItemsHeldBy { .. } => Answer::Items(HeldItems::default()),
                Read::CompanyTemplates => templates.clone(),
                Read::CompanyAdmins => Answer::Users(vec![person.clone()]),
                Read::Me => Answer::Me(UserId::new(1)),
                Read::ActiveProjects => Answer::Projects(vec![project(70)]),
                other => panic!("{other:?}"),
            };
            known.add(read.clone(), answer).unwrap();
            asked.push(read);
        }
    }

    #[test]
    fn the_list_of_admins_is_asked_for_only_where_somebody_may_be_one() {
        let rows = [
            (None, Some(true), false, false),
            (Some(30), Some(false), true, false),
            (Some(30), Some(true), true, true),
            (Some(30), None, true, true),
            (Some(31), Some(false), true, true),
        ];
        for (company_template, directory_admin, templates, admins) in rows {
            let asked = asked(company_template, &template(directory_admin));
            assert_eq!(
                asked.contains(&Read::CompanyTemplates),
                templates,
                "{company_template:?} {directory_admin:?}"
            );
            assert_eq!(
                asked.contains(&Read::CompanyAdmins),
                admins,
                "{company_template:?} {directory_admin:?}"
            );
            assert!(!asked.contains(&Read::ActiveUserCount), "one person can't be too many");
        }
    }

    #[test]
    fn a_hand_over_needs_no_item_that_is_known_from_its_holder() {
        let mut scene = Scene::departure(5);
        let rfi = crate::testing::item(70, 1, vec![]);
        scene.proposes(Action::CloseItem { item: rfi.item });
        let missing = |scene: &Scene| scene.facts.missing(&scene.proposal, &[], &scene.rules);
        assert_eq!(missing(&scene), [Read::Item { item: rfi.item }]);
        scene.holds(5, vec![rfi]).on(5, &[project(70)]);
        assert_eq!(missing(&scene), []);
    }

    #[test]
    fn an_answer_that_does_not_fit_is_not_taken() {
        let mut facts = Facts::default();
        let error = facts.add(Read::Me, Answer::Count(3)).unwrap_err();
        assert_eq!(error.to_string(), "the read Me was answered with a number");
        assert_eq!(facts, Facts::default());
    }
}
