//! The directory as policies, plan and guard ask it: Procore itself, or a tape.

mod items;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use muster_core::directory::{Group, Membership, Presence};
use muster_core::id::{ProjectId, UserId};
use muster_core::read::{Answer, Groups, Read};
use muster_core::tape::{Exchange, Tape};
use muster_engine::{Answering, Directory, NoAnswer};
use muster_procore::{Error, Reads};
use tokio::time::Instant;

use crate::store::Store;

/// How many lists are asked for at the same time. The rate windows bound it as well.
const AT_ONCE: usize = 4;

/// Procore. Within one of these, equal reads are asked once: it is the directory of one moment.
pub(crate) struct Live {
    reads: Reads,
    store: Store,
    answers: Mutex<BTreeMap<Read, Answer>>,
}

/// Why there is no answer: Procore's fault, or the store's.
type Cause = Box<dyn std::error::Error + Send + Sync>;

impl Live {
    pub(crate) fn new(reads: Reads, store: Store) -> Self {
        Self { reads, store, answers: Mutex::default() }
    }

    fn remembered(&self, read: &Read) -> Option<Answer> {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner).get(read).cloned()
    }

    fn remember(&self, read: Read, answer: Answer) {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner).insert(read, answer);
    }

    async fn ask(&self, read: &Read) -> Result<Answer, Cause> {
        let reads = &self.reads;
        Ok(match read {
            Read::User { user } => Answer::User(reads.user(*user).await?),
            Read::UsersByEmail { email } => Answer::Users(reads.users_by_email(email).await?),
            Read::Users { who } => Answer::Users(reads.users(*who).await?),
            Read::Profile { user } => Answer::Profile(reads.profile(*user).await?),
            Read::Invitation { user } => Answer::Invitation(reads.invitation(*user).await?),
            Read::Contacts { who } => Answer::Contacts(reads.contacts(*who).await?),
            Read::Contact { contact } => Answer::Contact(reads.contact(*contact).await?),
            Read::ContactDetails { contact } => {
                Answer::ContactDetails(reads.contact_details(*contact).await?)
            }
            Read::ContactsOfProject { project } => {
                Answer::ContactsOfProject(seen(reads.contacts_of_project(*project).await)?)
            }
            Read::Vendors { which } => Answer::Vendors(reads.vendors(*which).await?),
            Read::Vendor { vendor } => Answer::Vendor(reads.vendor(*vendor).await?),
            Read::GroupsOfProject { project } => Answer::Groups(self.groups([*project]).await?),
            Read::GroupsOfUser { user } => {
                let projects = self.memberships(*user).await?.into_iter().map(|row| row.project);
                let mut groups = self.groups(projects).await?;
                groups.rows.retain(|group| group.members.iter().any(|member| member.id == *user));
                Answer::Groups(groups)
            }
            Read::Group { project, group } => {
                Answer::Group(seen(reads.group(*project, *group).await)?.flatten())
            }
            Read::Members { project } => Answer::Members(seen(reads.members(*project).await)?),
            Read::Member { user, project } => {
                Answer::Member(match seen(reads.member(*user, *project).await)? {
                    Some(Some(member)) => Presence::On(member),
                    Some(None) => Presence::Off,
                    None => Presence::Unseen,
                })
            }
            Read::Memberships { user } => Answer::Memberships(reads.memberships(*user).await?),
            Read::Project { project } => Answer::Project(reads.project(*project).await?),
            Read::ActiveProjects => Answer::Projects(reads.projects().await?),
            Read::CompanyTemplates => Answer::Templates(reads.company_templates().await?),
            Read::ProjectTemplates => Answer::Templates(reads.project_templates().await?),
            Read::GlobalTemplates => Answer::Templates(reads.global_templates().await?),
            Read::AssignableTemplates { project } => {
                Answer::Templates(reads.assignable_templates(*project).await?)
            }
            Read::ItemsHeldBy { user, project, kinds } => {
                Answer::Items(self.items_held_by(*user, *project, kinds).await?)
            }
            Read::ItemsOfProject { project } => {
                Answer::Items(self.open_items([*project].into(), &BTreeSet::new(), None).await?)
            }
            Read::Item { item } => Answer::Item(seen(reads.item(*item).await)?.flatten()),
            Read::Candidates { project, kind, pool, held_as } => {
                Answer::Candidates(seen(reads.candidates(*project, *kind, *pool, *held_as).await)?)
            }
            Read::RolesOfProject { project } => Answer::Roles(seen(reads.project_roles(*project).await)?),
            Read::Leaving { user } => Answer::Leaving(self.store.is_leaving(*user).await?),
            Read::CompanyAdmins => Answer::Users(reads.company_admins().await?),
            Read::ActiveUserCount => Answer::Count(reads.active_user_count().await?),
            Read::Me => Answer::Me(reads.me().await?),
        })
    }

    async fn memberships(&self, user: UserId) -> Result<Vec<Membership>, Cause> {
        let read = Read::Memberships { user };
        if let Some(Answer::Memberships(memberships)) = self.remembered(&read) {
            return Ok(memberships);
        }
        let memberships = self.reads.memberships(user).await?;
        self.remember(read, Answer::Memberships(memberships.clone()));
        Ok(memberships)
    }

    /// Procore lists distribution groups project by project.
    async fn groups(&self, projects: impl IntoIterator<Item = ProjectId>) -> Result<Groups, Cause> {
        let ask = |project| async move { Ok::<_, Error>((project, seen(self.reads.groups(project).await)?)) };
        let answers: Vec<(ProjectId, Option<Vec<Group>>)> =
            stream::iter(projects).map(ask).buffered(AT_ONCE).try_collect().await?;
        let mut groups = Groups::default();
        for (project, rows) in answers {
            match rows {
                Some(rows) => groups.rows.extend(rows),
                None => drop(groups.unseen.insert(project)),
            }
        }
        groups.rows.sort_by_key(|group| (group.project, group.id));
        Ok(groups)
    }
}

/// Returns nothing where a project or its tool is closed to us: that is an answer.
fn seen<T>(answer: Result<T, Error>) -> Result<Option<T>, Error> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(error) if error.is_not_visible() => Ok(None),
        Err(error) => Err(error),
    }
}

impl Directory for Live {
    fn answer(&self, read: Read) -> Answering<'_> {
        Box::pin(async move {
            if let Some(answer) = self.remembered(&read) {
                return Ok(answer);
            }
            let no_answer = |source| NoAnswer { read: Box::new(read.clone()), source };
            let answer = self.ask(&read).await.map_err(no_answer)?;
            self.remember(read, answer.clone());
            Ok(answer)
        })
    }
}

/// A directory that answers only until a moment, but for what it was asked before: somebody's login waits to be cut.
pub(crate) struct Hurried {
    pub(crate) inner: Shared,
    pub(crate) until: Instant,
}

/// There was no time left to ask.
#[derive(Debug, thiserror::Error)]
#[error("a login waits to be cut, so no more is read for this case: `urgent-time` under `[limits]` is over")]
struct NoTime;

impl Directory for Hurried {
    fn answer(&self, read: Read) -> Answering<'_> {
        Box::pin(async move {
            // What the directory remembers it answers at once, which counts even when the time is over.
            let answer = tokio::time::timeout_at(self.until, self.inner.answer(read.clone())).await;
            answer.unwrap_or_else(|_| Err(NoAnswer { read: Box::new(read), source: NoTime.into() }))
        })
    }
}

/// The answers of a tape, its holes, and nothing beyond.
pub(crate) struct Recorded {
    answers: BTreeMap<Read, Answer>,
    holes: BTreeMap<Read, String>,
}

/// A replay asks something that was not answered then either, or was not asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotOnTape {
    /// The recorded decision did not ask it.
    #[error("the tape does not hold the answer: the policy asks otherwise than when it was recorded")]
    Unasked,
    /// It was not answered then either.
    #[error("{0}")]
    Hole(String),
}

impl Recorded {
    pub(crate) fn new(tape: &Tape) -> Self {
        let asked = tape.exchanges.iter().filter_map(Exchange::asked);
        let holes = tape.holes.iter().map(|hole| (hole.read.clone(), hole.why.clone()));
        Self {
            answers: asked.map(|asked| (asked.read.clone(), asked.answer.clone())).collect(),
            holes: holes.collect(),
        }
    }
}

impl Directory for Recorded {
    fn answer(&self, read: Read) -> Answering<'_> {
        let answer = self.answers.get(&read).cloned().ok_or_else(|| match self.holes.get(&read) {
            Some(why) => NotOnTape::Hole(why.clone()),
            None => NotOnTape::Unasked,
        });
        Box::pin(
            async move { answer.map_err(|source| NoAnswer { read: Box::new(read), source: source.into() }) },
        )
    }
}

/// A directory to be shared by the decisions of one case.
pub(crate) type Shared = Arc<dyn Directory>;
