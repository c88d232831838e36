//! What is missing: the questions that plan and guard still have to ask, given the answers so far.

use super::Facts;
use crate::action::{Access, Action, Subject};
use crate::directory::Handover;
use crate::guard::Rules;
use crate::id::UserId;
use crate::proposal::Proposal;
use crate::read::Read;

impl Facts {
    /// Returns the questions that still have to be asked for `own` to become a plan and be judged beside the other
    /// proposals of its case. What to ask may depend on earlier answers: ask until nothing is missing.
    #[must_use]
    pub fn missing(&self, own: &Proposal, case: &[Proposal], rules: &Rules) -> Vec<Read> {
        let actions = || own.steps.iter().map(|step| &step.action);
        let mut wanted = self.missing_for_guard(actions());
        wanted.extend(actions().filter_map(|action| match action {
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
        let mut wanted: Vec<_> = losing.iter().map(|user| Read::held_by(*user)).collect();
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
            if let Some(Handover { to, .. }) = action.handover() {
                wanted.extend([Read::User { user: to }, Read::Leaving { user: to }]);
            }
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
    use crate::directory::{Template, TemplateKind, User};
    use crate::id::TemplateId;
    use crate::read::{Answer, HeldItems};
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
}
