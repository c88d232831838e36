//! What can be read. Nothing here changes anything.

use std::fmt;
use std::sync::Arc;

use futures_util::stream::Stream;
use muster_core::directory::{Activity, HeldAs, Item, Membership, Person, Project, Template, User};
use muster_core::id::{Email, ItemId, ProjectId, UserId};

use crate::client::Client;
use crate::endpoint::{admins, me, memberships, projects, rfis, templates, users};
use crate::error::Error;

/// The half of a connection that can't change anything. Clones are cheap and share everything.
///
/// Every operation may fail with any [`ErrorKind`](crate::ErrorKind) that its request can meet; failures that another
/// try may cure have then been repeated already. Before it is sent, a request waits until the rate permits it, which may
/// take as long as the hour that is spent lasts. Lists are complete or an error, and sorted by id.
#[derive(Clone)]
pub struct Reads {
    client: Arc<Client>,
}

impl Reads {
    pub(crate) fn new(client: Arc<Client>) -> Self {
        Self { client }
    }

    /// Returns the id of the user that the credentials belong to.
    ///
    /// # Errors
    ///
    /// See [`Reads`].
    pub async fn me(&self) -> Result<UserId, Error> {
        me::show(&self.client).await
    }

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
        users::active(&self.client).await
    }

    /// Returns the permission templates for the company's own tools, with whether they give *admin* on the directory.
    ///
    /// # Errors
    ///
    /// See [`Reads`].
    pub async fn company_templates(&self) -> Result<Vec<Template>, Error> {
        templates::company(&self.client).await
    }

    /// Returns the permission templates for project tools, without what they allow.
    ///
    /// # Errors
    ///
    /// See [`Reads`].
    pub async fn project_templates(&self) -> Result<Vec<Template>, Error> {
        templates::project(&self.client).await
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

    /// Returns one project, active or not, or `None` if there is none or we can't see it.
    ///
    /// # Errors
    ///
    /// See [`Reads`].
    pub async fn project(&self, project: ProjectId) -> Result<Option<Project>, Error> {
        projects::show(&self.client, project).await
    }

    /// Returns the active projects that we can see.
    ///
    /// # Errors
    ///
    /// See [`Reads`].
    pub async fn projects(&self) -> Result<Vec<Project>, Error> {
        projects::active(&self.client).await
    }

    /// Returns one RFI, open or not, or `None` if it, its project or its tool is absent or invisible.
    ///
    /// # Errors
    ///
    /// See [`Reads`]; [`Error::is_not_visible`] tells that the tool is closed to us.
    pub async fn rfi(&self, project: ProjectId, rfi: ItemId) -> Result<Option<Item>, Error> {
        rfis::show(&self.client, project, rfi).await
    }

    /// Returns the open RFIs and drafts of a project that a user holds, in whatever role.
    ///
    /// # Errors
    ///
    /// See [`Reads`]; [`Error::is_not_visible`] tells that the project or its tool is closed to us.
    pub async fn open_rfis_held_by(&self, project: ProjectId, user: UserId) -> Result<Vec<Item>, Error> {
        rfis::open_held_by(&self.client, project, user).await
    }

    /// Returns who could take over an RFI of a project in a role.
    ///
    /// # Errors
    ///
    /// See [`Reads`]; [`Error::is_not_visible`] tells that the project or its tool is closed to us.
    pub async fn rfi_candidates(&self, project: ProjectId, held_as: HeldAs) -> Result<Vec<Person>, Error> {
        rfis::candidates(&self.client, project, held_as).await
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
}

impl fmt::Debug for Reads {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Reads").field("company", &self.client.company()).finish_non_exhaustive()
    }
}
