//! Users of the company and of projects.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::stream::Stream;
use muster_core::directory::{Activity, Invitation, Member, Membership, Profile, User};
use muster_core::id::{ContactId, Email, ProjectId, UserId};

use super::Reads;
use crate::endpoint::{admins, contacts, invitations, members, memberships, profiles, users};
use crate::error::Error;

impl Reads {
    /// Returns one user, active or not, or `None` if there is none or we can't see it: Procore does not say which
    /// (developers.procore.com, error reference). So `None` is no sign of departure.
    ///
    /// # Errors
    ///
    /// See [`Reads`].
    pub async fn user(&self, user: UserId) -> Result<Option<User>, Error> {
        users::show(&self.client, user).await
    }

    /// Returns the users with exactly this address (without regard to case), active or not.
    ///
    /// # Errors
    ///
    /// See [`Reads`].
    pub async fn users_by_email(&self, email: &Email) -> Result<Vec<User>, Error> {
        users::by_email(&self.client, email).await
    }

    /// Returns how many active users the company has, in one call.
    ///
    /// # Errors
    ///
    /// See [`Reads`]; also [`Malformed`](crate::ErrorKind::Malformed) if the answer has no `Total`.
    pub async fn active_user_count(&self) -> Result<u64, Error> {
        users::count_active(&self.client).await
    }

    /// Returns the active users of the company.
    ///
    /// # Errors
    ///
    /// See [`Reads`].
    pub async fn active_users(&self) -> Result<Vec<User>, Error> {
        users::all(&self.client, Activity::Active).await
    }

    /// Returns the users of the company.
    ///
    /// # Errors
    ///
    /// See [`Reads`].
    pub async fn users(&self, activity: Activity) -> Result<Vec<User>, Error> {
        users::all(&self.client, activity).await
    }

    /// Gives the users of the company one by one, while their pages are read, in the order in which Procore has them. No more
    /// than a page of them is held.
    ///
    /// # Errors
    ///
    /// See [`Reads`], each as the last thing that comes; also [`Unsteady`](crate::ErrorKind::Unsteady) as soon as rows were
    /// lost or repeated between two pages. Then those that came are not all, so nothing may be concluded from whom is
    /// missing: unlike a list, a stream can't start again.
    pub fn stream_users(&self, activity: Activity) -> impl Stream<Item = Result<User, Error>> + Send + use<> {
        users::stream(Arc::clone(&self.client), activity)
    }

    /// Returns what is written down of a user, active or not, or `None` as [`user`](Self::user) does.
    ///
    /// # Errors
    ///
    /// See [`Reads`].
    pub async fn profile(&self, user: UserId) -> Result<Option<Profile>, Error> {
        profiles::of_user(&self.client, user).await
    }

    /// Returns where the invitation of a user stands, or `None` as [`user`](Self::user) does.
    ///
    /// # Errors
    ///
    /// See [`Reads`]; also [`Malformed`](crate::ErrorKind::Malformed) if no answer says whether there was one.
    pub async fn invitation(&self, user: UserId) -> Result<Option<Invitation>, Error> {
        invitations::of_user(&self.client, user).await
    }

    /// Returns the company admins; at least one.
    ///
    /// Procore has no such list. Our reading: active users whose company template gives *admin* on the directory.
    /// Whoever has that level without a template is missing, so the answer errs towards fewer admins.
    ///
    /// # Errors
    ///
    /// See [`Reads`]; also [`AdminsUnknown`](crate::ErrorKind::AdminsUnknown) if Procore's answers don't tell, or tell of
    /// none at all.
    pub async fn company_admins(&self) -> Result<Vec<User>, Error> {
        admins::list(&self.client).await
    }

    /// Returns the memberships of a user in active and inactive projects, whether the user is active or not.
    ///
    /// # Errors
    ///
    /// See [`Reads`].
    pub async fn memberships(&self, user: UserId) -> Result<Vec<Membership>, Error> {
        memberships::of_user(&self.client, user).await
    }

    /// Returns everybody with a membership in a project, active or not, as its own directory shows them.
    ///
    /// # Errors
    ///
    /// See [`Reads`]; [`Error::is_not_visible`] tells that the project is closed to us.
    pub async fn members(&self, project: ProjectId) -> Result<Vec<Member>, Error> {
        members::of_project(&self.client, project).await
    }

    /// Returns a user as the directory of a project shows them, or `None` if there is no such membership.
    ///
    /// # Errors
    ///
    /// See [`Reads`]; [`Error::is_not_visible`] tells that the project is closed to us.
    pub async fn member(&self, user: UserId, project: ProjectId) -> Result<Option<Member>, Error> {
        members::show(&self.client, user, project).await
    }

    /// Returns the numbers that users have as people of the directory, which is what
    /// [`set_people_active`](crate::Writes::set_people_active) counts in. Users whom Procore does not show are missing.
    ///
    /// # Errors
    ///
    /// See [`Reads`].
    pub async fn person_ids(&self, users: &[UserId]) -> Result<BTreeMap<UserId, ContactId>, Error> {
        contacts::of_users(&self.client, users).await
    }
}
