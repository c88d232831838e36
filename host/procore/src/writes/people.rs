//! One user at a time.

use std::collections::BTreeMap;

use muster_core::directory::{NewUser, ProfileField};
use muster_core::id::{Email, ProjectId, TemplateId, UserId};

use super::Writes;
use crate::endpoint::{accounts, invitations, memberships};
use crate::error::Error;

impl Writes {
    /// Makes a user of the company and returns the id. Nobody is put on a project by it, and no mail is documented to be
    /// sent: see [`invite_user`](Self::invite_user).
    ///
    /// # Errors
    ///
    /// See [`Writes`]; [`Conflict`](crate::ErrorKind::Conflict) if anybody has the address, inactive people included.
    pub async fn create_user(&self, user: &NewUser) -> Result<UserId, Error> {
        accounts::create(&self.client, user).await
    }

    /// Changes what is written down of a user; an empty text clears its field. With nothing to change, nothing is sent.
    ///
    /// # Errors
    ///
    /// See [`Writes`]; [`Invalid`](crate::ErrorKind::Invalid), with nothing sent, for an empty last name.
    pub async fn update_profile(
        &self,
        user: UserId,
        fields: &BTreeMap<ProfileField, String>,
    ) -> Result<(), Error> {
        accounts::update_profile(&self.client, user, fields).await
    }

    /// Changes the address of a user, which is the login. Procore lets only admins of the directory do it
    /// (developers.procore.com, update company user).
    ///
    /// # Errors
    ///
    /// See [`Writes`].
    pub async fn change_email(&self, user: UserId, email: &Email) -> Result<(), Error> {
        accounts::change_email(&self.client, user, email).await
    }

    /// Sets the permission template of a user for the company's own tools, which may make a company admin. Procore lets only
    /// admins of the directory do it.
    ///
    /// # Errors
    ///
    /// See [`Writes`].
    pub async fn set_company_template(&self, user: UserId, template: TemplateId) -> Result<(), Error> {
        accounts::set_company_template(&self.client, user, template).await
    }

    /// Sets the permission template that new memberships of a user get. Procore lets only admins of the directory do it.
    ///
    /// # Errors
    ///
    /// See [`Writes`].
    pub async fn set_default_template(&self, user: UserId, template: TemplateId) -> Result<(), Error> {
        accounts::set_default_template(&self.client, user, template).await
    }

    /// Sends a user the mail that gives a first login, once more if there was one.
    ///
    /// # Errors
    ///
    /// See [`Writes`].
    pub async fn invite_user(&self, user: UserId) -> Result<(), Error> {
        invitations::send(&self.client, user).await
    }

    /// Takes a user's login away, in the whole company. Memberships and items stay as they are.
    ///
    /// # Errors
    ///
    /// See [`Writes`].
    pub async fn deactivate_user(&self, user: UserId) -> Result<(), Error> {
        accounts::deactivate(&self.client, user).await
    }

    /// Gives an inactive user's login back, and with it every membership and its permissions (support.procore.com,
    /// reactivate a user). Not while the user's vendor is inactive.
    ///
    /// # Errors
    ///
    /// See [`Writes`].
    pub async fn reactivate_user(&self, user: UserId) -> Result<(), Error> {
        accounts::reactivate(&self.client, user).await
    }

    /// Erases a user for good, in the dialect `guide`. Records may be left that refer to somebody who is no more, or keep the
    /// user from being erased, perhaps without a word.
    ///
    /// # Errors
    ///
    /// See [`Writes`]; [`NotOffered`](crate::ErrorKind::NotOffered), with nothing sent, in the dialect `reference`: Procore
    /// has no such operation.
    pub async fn delete_user(&self, user: UserId) -> Result<(), Error> {
        accounts::delete(&self.client, user).await
    }

    /// Puts a user of the company on a project. Without a template Procore gives the user's own for new memberships, and no
    /// access if there is none (our reading).
    ///
    /// # Errors
    ///
    /// See [`Writes`].
    pub async fn add_to_project(
        &self,
        user: UserId,
        project: ProjectId,
        template: Option<TemplateId>,
    ) -> Result<(), Error> {
        memberships::add(&self.client, user, project, template).await
    }

    /// Takes a user out of a project. Items stay as they are.
    ///
    /// # Errors
    ///
    /// See [`Writes`].
    pub async fn remove_from_project(&self, user: UserId, project: ProjectId) -> Result<(), Error> {
        memberships::remove(&self.client, user, project).await
    }

    /// Sets the permission template of a user on a project.
    ///
    /// # Errors
    ///
    /// See [`Writes`].
    pub async fn set_project_template(
        &self,
        user: UserId,
        project: ProjectId,
        template: TemplateId,
    ) -> Result<(), Error> {
        memberships::set_template(&self.client, user, project, template).await
    }
}
