//! Facts: what the host reads for a plan and the guard, beyond what the policy asked.

mod missing;

use std::collections::BTreeMap;

use crate::directory::{
    Activity, Contact, Group, Invitation, Item, ItemRef, Member, Membership, Presence, Profile, Project,
    Template, User, Vendor,
};
use crate::id::{ContactId, Email, GroupId, ProjectId, TemplateId, UserId, VendorId};
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

    /// Returns everything that a user holds, if it was asked for.
    #[must_use]
    pub fn items_held_by(&self, user: UserId) -> Option<&HeldItems> {
        match self.get(&Read::held_by(user))? {
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

    /// Returns whether a user is about to leave, if it was asked for.
    #[must_use]
    pub fn leaving(&self, user: UserId) -> Option<bool> {
        match self.get(&Read::Leaving { user })? {
            Answer::Leaving(leaving) => Some(*leaving),
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_does_not_fit_is_not_taken() {
        let mut facts = Facts::default();
        let error = facts.add(Read::Me, Answer::Count(3)).unwrap_err();
        assert_eq!(error.to_string(), "the read Me was answered with a number");
        assert_eq!(facts, Facts::default());
    }
}
