//! Contacts, vendors and distribution groups.

use muster_core::directory::Contact;
use muster_core::id::{ContactId, GroupId, ProjectId, UserId, VendorId};

use super::Writes;
use crate::endpoint::{contacts, groups, parties, vendors};
use crate::error::Error;

impl Writes {
    /// Takes a contact out of use, or back into it and onto the projects that it was on. Its last name is sent again as it
    /// was read, since Procore requires it.
    ///
    /// # Errors
    ///
    /// See [`Writes`].
    pub async fn set_contact_active(&self, contact: &Contact, active: bool) -> Result<(), Error> {
        contacts::set_active(&self.client, contact, active).await
    }

    /// Puts a contact on a project.
    ///
    /// # Errors
    ///
    /// See [`Writes`].
    pub async fn add_contact_to_project(&self, contact: ContactId, project: ProjectId) -> Result<(), Error> {
        parties::add(&self.client, contact, project).await
    }

    /// Takes a contact off a project.
    ///
    /// # Errors
    ///
    /// See [`Writes`]; [`Invalid`](crate::ErrorKind::Invalid) if Procore skipped it, which it says of whoever is no contact.
    pub async fn remove_contact_from_project(
        &self,
        contact: ContactId,
        project: ProjectId,
    ) -> Result<(), Error> {
        parties::remove(&self.client, contact, project).await
    }

    /// Takes a vendor back into use, so that its users can be reactivated.
    ///
    /// # Errors
    ///
    /// See [`Writes`].
    pub async fn reactivate_vendor(&self, vendor: VendorId) -> Result<(), Error> {
        vendors::reactivate(&self.client, vendor).await
    }

    /// Sets who is in a distribution group. The list replaces what was there, so read [`group`](crate::Reads::group) first:
    /// whoever joins between the two is lost.
    ///
    /// # Errors
    ///
    /// See [`Writes`].
    pub async fn set_group_members(
        &self,
        project: ProjectId,
        group: GroupId,
        members: &[UserId],
    ) -> Result<(), Error> {
        groups::set_members(&self.client, project, group, members).await
    }
}
