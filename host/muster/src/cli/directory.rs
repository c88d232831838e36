//! `muster directory`

use std::collections::{BTreeMap, BTreeSet};

use clap::{Args, Subcommand, ValueEnum};
use muster_core::directory::{Activity, ItemKind};
use muster_core::id::{Email, ProjectId, UserId};
use muster_core::read::{Answer, HeldItems, Read};
use muster_engine::{Directory as _, NoAnswer};

use super::{Global, departure, failure};
use crate::app;
use crate::clock;
use crate::config::Config;
use crate::directory::Live;
use crate::exit::{Exit, Failure};
use crate::report::{self, Gone, Held, ItemsReport};
use crate::store::Store;

/// Look something up in Procore's directory
#[derive(Debug, Args)]
pub(super) struct Directory {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    Items(Items),
}

/// List everything that a person holds, in every tool and project: what others wait for
///
/// Procore has no such list. With --all, everything in active projects is listed that is held by people who can't act on it: who
/// have no login, or are not on the project any more. Nothing is changed.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  muster directory items pat@example.com\n  muster directory items --all --csv > stuck.csv"
)]
struct Items {
    /// Whose items: the exact e-mail address of a user
    #[arg(value_name = "EMAIL", required_unless_present = "all", conflicts_with = "all")]
    email: Option<Email>,
    /// What everybody holds who can't act on it
    #[arg(long)]
    all: bool,
    /// Only items of these kinds
    #[arg(long, value_name = "KIND", value_parser = kind, value_delimiter = ',')]
    kind: Vec<ItemKind>,
    /// What is listed together; in each group what is overdue comes first
    #[arg(long, value_enum, default_value_t)]
    by: By,
    /// Print comma-separated values, for a spreadsheet
    #[arg(long)]
    csv: bool,
}

/// What is listed together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum By {
    /// What lies in the same project.
    #[default]
    Project,
    /// What is of the same kind.
    Kind,
}

impl Directory {
    pub(super) async fn run(self, global: &Global) -> Result<Exit, Failure> {
        let What::Items(items) = self.what;
        items.run(global).await
    }
}

impl Items {
    async fn run(self, global: &Global) -> Result<Exit, Failure> {
        if self.csv && global.is_json() {
            let error = "--csv and --output json both say how items are printed";
            return Err(Failure::new(Exit::Usage, error).hint("leave one of them out"));
        }
        let config = global.config()?;
        let connection = app::connect(&config).await?;
        let store = Store::open(&config.store, config.target.company)?;
        let live = Live::new(connection.reads().clone(), store);
        let kinds: BTreeSet<ItemKind> = self.kind.iter().copied().collect();
        let no_answer = |error: NoAnswer| failure::of_no_answer(&config, error);
        let mut held = match &self.email {
            Some(email) => of_one(&live, &config, &connection, email, kinds).await,
            None => {
                sees_projects(&live, &config).await?;
                of_all(&live, &kinds).await.map_err(no_answer)
            }
        }?;
        held.name(&live).await.map_err(no_answer)?;
        let report = held.report(self.by);
        failure::heard(match (self.csv, global.is_json()) {
            (true, _) => report.csv(),
            (false, true) => report::json(&report),
            (false, false) => report.table(&mut report::stdout()),
        })?;
        if self.csv {
            // A sheet has no place for it.
            report.hidden().for_each(|line| failure::note(&line));
        }
        Ok(Exit::Done)
    }
}

/// What was found, and what the projects are called.
struct Found {
    items: HeldItems,
    whose: Whose,
    projects: BTreeMap<ProjectId, String>,
}

/// Whose items are listed.
enum Whose {
    One(UserId),
    /// Of those who can't act on them, with the reason: in one project, or wherever they are.
    Gone {
        inactive: BTreeSet<UserId>,
        members: BTreeMap<ProjectId, BTreeSet<UserId>>,
    },
}

async fn of_one(
    live: &Live,
    config: &Config,
    connection: &muster_procore::Connection,
    email: &Email,
    kinds: BTreeSet<ItemKind>,
) -> Result<Found, Failure> {
    let user = departure::find(config, connection, email).await?;
    let no_answer = |error| failure::of_no_answer(config, error);
    let Answer::Items(items) =
        live.answer(Read::ItemsHeldBy { user, project: None, kinds }).await.map_err(no_answer)?
    else {
        return Err(Failure::new(Exit::Bug, "items were asked for, and something else was answered"));
    };
    let mut projects = BTreeMap::new();
    sees_projects(live, config).await?;
    if let Answer::Memberships(rows) = live.answer(Read::Memberships { user }).await.map_err(no_answer)? {
        projects.extend(rows.into_iter().map(|row| (row.project, row.project_name)));
    }
    Ok(Found { items, whose: Whose::One(user), projects })
}

/// Makes sure that the service account sees projects at all: a list that is empty for want of rights would be taken for good
/// news.
async fn sees_projects(live: &Live, config: &Config) -> Result<(), Failure> {
    let answer = live.answer(Read::ActiveProjects).await;
    match answer.map_err(|error| failure::of_no_answer(config, error))? {
        Answer::Projects(projects) if projects.is_empty() => {
            let error = "the service account sees no project, so nothing can be said of what is held in them";
            let hint = "give the app its projects in Procore (Company Admin, App Management); `muster doctor` looks again";
            Err(Failure::new(Exit::Procore, error).hint(hint))
        }
        _ => Ok(()),
    }
}

async fn of_all(live: &Live, kinds: &BTreeSet<ItemKind>) -> Result<Found, NoAnswer> {
    let mut projects = BTreeMap::new();
    if let Answer::Projects(rows) = live.answer(Read::ActiveProjects).await? {
        projects.extend(rows.into_iter().map(|row| (row.id, row.name)));
    }
    let mut inactive = BTreeSet::new();
    if let Answer::Users(users) = live.answer(Read::Users { who: Activity::Inactive }).await? {
        inactive.extend(users.into_iter().map(|user| user.id));
    }
    let mut members = BTreeMap::new();
    for project in projects.keys() {
        // Where it can't be seen who is on a project, nobody is said to be off it.
        if let Answer::Members(Some(rows)) = live.answer(Read::Members { project: *project }).await? {
            members.insert(*project, rows.into_iter().map(|row| row.person.id).collect());
        }
    }
    let read = Read::ActiveProjects;
    let items = live.open_items(projects.keys().copied().collect(), kinds, None).await;
    let items = items.map_err(|source| NoAnswer { read: Box::new(read), source })?;
    Ok(Found { items, whose: Whose::Gone { inactive, members }, projects })
}

impl Found {
    /// Looks up what projects are called that nobody is on any more.
    async fn name(&mut self, live: &Live) -> Result<(), NoAnswer> {
        let unseen = self.items.unseen.iter().map(|tool| tool.project);
        let places: BTreeSet<_> = self.items.rows.iter().map(|row| row.item.project).chain(unseen).collect();
        for project in places {
            if !self.projects.contains_key(&project)
                && let Answer::Project(Some(found)) = live.answer(Read::Project { project }).await?
            {
                self.projects.insert(project, found.name);
            }
        }
        Ok(())
    }

    fn report(self, by: By) -> ItemsReport {
        let today = clock::now().to_zoned(jiff::tz::TimeZone::system()).date();
        let mut rows = Vec::new();
        for item in &self.items.rows {
            for holder in &item.holders {
                let Some(gone) = self.whose.lists(item.item.project, holder.person.id) else { continue };
                let project = self.projects.get(&item.item.project).cloned().unwrap_or_default();
                rows.push(Held::new(item, holder, project, gone, today));
            }
        }
        match by {
            By::Project => rows.sort_by_key(|row| (row.project(), row.urgency(), row.which())),
            By::Kind => rows.sort_by_key(|row| (row.kind(), row.urgency(), row.project(), row.which())),
        }
        let unseen = self
            .items
            .unseen
            .into_iter()
            .map(|tool| (self.projects.get(&tool.project).cloned().unwrap_or_default(), tool));
        let unseen = unseen.collect();
        let people_unseen = match &self.whose {
            Whose::One(_) => BTreeMap::new(),
            Whose::Gone { members, .. } => {
                let hidden = self.projects.iter().filter(|(project, _)| !members.contains_key(*project));
                hidden.map(|(project, name)| (*project, name.clone())).collect()
            }
        };
        ItemsReport { by_kind: by == By::Kind, rows, unseen, people_unseen }
    }
}

impl Whose {
    /// Returns whether what somebody holds is listed, with why they can't act on it where that is the question.
    fn lists(&self, project: ProjectId, holder: UserId) -> Option<Option<Gone>> {
        match self {
            Self::One(user) => (*user == holder).then_some(None),
            Self::Gone { inactive, .. } if inactive.contains(&holder) => Some(Some(Gone::Inactive)),
            Self::Gone { members, .. } => {
                let off = members.get(&project).is_some_and(|members| !members.contains(&holder));
                off.then_some(Some(Gone::OffProject))
            }
        }
    }
}

fn kind(text: &str) -> Result<ItemKind, String> {
    let known = ItemKind::ALL.into_iter().find(|kind| kind.name() == text);
    known.ok_or_else(|| {
        let names = ItemKind::ALL.map(ItemKind::name);
        format!("there is no such kind; the kinds are {}", names.join(", "))
    })
}
