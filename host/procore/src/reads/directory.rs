//! Contacts, vendors and distribution groups.

use muster_core::directory::{Activity, Contact, ContactDetails, Group, Vendor};
use muster_core::id::{ContactId, GroupId, ProjectId, VendorId};

use super::Reads;
use crate::endpoint::{contacts, groups, parties, vendors};
use crate::error::Error;

impl Reads {
    /// Returns the contacts of the company: people without a login.
    ///
    /// # Errors
    ///
    /// See [`Reads`].
    pub async fn contacts(&self, activity: Activity) -> Result<Vec<Contact>, Error> {
        contacts::all(&self.client, activity).await
    }

    /// Returns one contact, active or not, or `None` if there is none that we can see. Procore has no operation for it, so
    /// the lists are read, that of the active ones first.
    ///
    /// # Errors
    ///
    /// See [`Reads`].
    pub async fn contact(&self, contact: ContactId) -> Result<Option<Contact>, Error> {
        contacts::find(&self.client, contact).await
    }

    /// Returns how one contact can be reached, or `None` as [`contact`](Self::contact) does.
    ///
    /// # Errors
    ///
    /// See [`Reads`].
    pub async fn contact_details(&self, contact: ContactId) -> Result<Option<ContactDetails>, Error> {
        contacts::details(&self.client, contact).await
    }

    /// Returns the contacts on a project, active or not.
    ///
    /// # Errors
    ///
    /// See [`Reads`]; [`Error::is_not_visible`] tells that the project is closed to us.
    pub async fn contacts_of_project(&self, project: ProjectId) -> Result<Vec<Contact>, Error> {
        parties::of_project(&self.client, project).await
    }

    /// Returns the vendors of the company.
    ///
    /// # Errors
    ///
    /// See [`Reads`].
    pub async fn vendors(&self, activity: Activity) -> Result<Vec<Vendor>, Error> {
        vendors::all(&self.client, activity).await
    }

    /// Returns one vendor, active or not, or `None` if there is none that we can see.
    ///
    /// # Errors
    ///
    /// See [`Reads`].
    pub async fn vendor(&self, vendor: VendorId) -> Result<Option<Vendor>, Error> {
        vendors::show(&self.client, vendor).await
    }

    /// Returns the distribution groups of a project with their members. Procore may leave out groups whose members may not
    /// read submittals (developers.procore.com, list distribution groups).
    ///
    /// # Errors
    ///
    /// See [`Reads`]; [`Error::is_not_visible`] tells that the project is closed to us.
    pub async fn groups(&self, project: ProjectId) -> Result<Vec<Group>, Error> {
        groups::of_project(&self.client, project).await
    }

    /// Returns one distribution group, or `None` if there is none that we can see.
    ///
    /// # Errors
    ///
    /// See [`Reads`].
    pub async fn group(&self, project: ProjectId, group: GroupId) -> Result<Option<Group>, Error> {
        groups::show(&self.client, project, group).await
    }
}
