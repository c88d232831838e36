//! The state of one decision, kept in its store: what the guest may do, what it asked, what it added.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use muster_core::action::Subject;
use muster_core::digest::Digest;
use muster_core::directory::{Item, ItemRef};
use muster_core::function::Function;
use muster_core::grant::People;
use muster_core::id::{ProjectId, UserId};
use muster_core::proposal::{Left, ProposedStep};
use muster_core::read::{Answer, Read};
use muster_core::tape::{Asked, Exchange, Inputs};
use wasmtime::component::ResourceTable;
use wasmtime::{ResourceLimiter, StoreLimits, StoreLimitsBuilder};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

use crate::directory::{Directory, NoAnswer};
use crate::fault::{Fault, Raised};
use crate::limits::Limits;
use crate::log::Log;
use crate::wasi::{self, VirtualClock};

/// What a store of a decision holds.
pub(crate) struct State {
    pub(crate) wasi: WasiCtx,
    pub(crate) table: ResourceTable,
    pub(crate) clock: VirtualClock,
    pub(crate) memory: Memory,
    pub(crate) log: Log,
    pub(crate) limits: Arc<Limits>,
    /// How often the guest may still be interrupted before it has computed for too long.
    pub(crate) ticks: u64,
    /// Whether the guest has waited for the directory since it was last interrupted.
    pub(crate) waited: bool,
    /// What the guest is waiting for.
    pub(crate) waiting: Option<Read>,
    pub(crate) steps: Vec<ProposedStep>,
    pub(crate) left: Vec<Left>,
    asking: Option<Asking>,
    exchanges: Vec<Exchange>,
    /// Where in `exchanges` a read was answered: asking again costs nothing and is not recorded again.
    answered: BTreeMap<Read, usize>,
    calls: usize,
    read_bytes: usize,
}

/// What a decision asks on behalf of. A guest that only describes itself has none and may call nothing.
pub(crate) struct Asking {
    pub(crate) inputs: Arc<Inputs>,
    pub(crate) directory: Arc<dyn Directory>,
}

/// Why a call was denied.
pub(crate) enum Denial {
    Withheld,
    OutOfScope,
}

impl State {
    pub(crate) fn new(asking: Option<Asking>, limits: &Arc<Limits>, ticks: u64) -> Self {
        let log = Log::new(limits.log_bytes);
        let (now, seed) = match &asking {
            Some(asking) => (asking.inputs.now, asking.inputs.seed),
            None => (Timestamp::UNIX_EPOCH, Digest::of_bytes(b"")),
        };
        let mut table = ResourceTable::new();
        table.set_max_capacity(limits.handles);
        Self {
            wasi: wasi::context(now, &seed, &log, limits),
            table,
            clock: VirtualClock::default(),
            memory: Memory::new(limits),
            log,
            limits: Arc::clone(limits),
            ticks,
            waited: false,
            waiting: None,
            steps: Vec::new(),
            left: Vec::new(),
            asking,
            exchanges: Vec::new(),
            answered: BTreeMap::new(),
            calls: 0,
            read_bytes: 0,
        }
    }

    /// Returns the inputs of the decision.
    pub(crate) fn inputs(&self) -> wasmtime::Result<&Arc<Inputs>> {
        let asking = self.asking.as_ref().ok_or(Raised(Fault::ImportInDescribe))?;
        Ok(&asking.inputs)
    }

    /// Counts a call and says whether it is denied: the function is withheld, or `about` lies outside the scope.
    ///
    /// This is the grant check of every host function. That the function is declared and allowed was checked when the
    /// policy was loaded: a component can call only what it imports.
    pub(crate) fn check(&mut self, function: Function, about: About) -> wasmtime::Result<Option<Denial>> {
        self.calls += 1;
        let limit = self.limits.reads.saturating_add(self.limits.steps);
        if self.calls > limit {
            return Err(Raised(Fault::Calls { limit }).into());
        }
        let inputs = self.inputs()?;
        let (grant, subject) = (&inputs.grant, inputs.event.concerns());
        if grant.withholds(function) {
            return Ok(Some(Denial::Withheld));
        }
        let whom = match about.whom {
            Whom::Nobody => true,
            Whom::One(whom) => grant.scope.reaches(whom, subject),
            Whom::Anybody => grant.scope.people == People::Company,
        };
        let project = about.project.is_none_or(|project| grant.scope.includes(project));
        Ok(if whom && project { None } else { Some(Denial::OutOfScope) })
    }

    /// Records a denial and puts it into words.
    pub(crate) fn denied(&mut self, function: Function, denial: &Denial, about: About) -> String {
        let message = match denial {
            Denial::Withheld => format!("{function} is withheld by the operator"),
            Denial::OutOfScope => format!("{function} was asked for {about}, outside the scope of the grant"),
        };
        self.exchanges.push(Exchange::Denied { function, message: message.clone() });
        message
    }

    /// Returns an item, if the directory has shown it in this decision.
    pub(crate) fn seen(&self, item: ItemRef) -> Option<&Item> {
        let shown = self.exchanges.iter().filter_map(Exchange::asked).flat_map(|asked| match &asked.answer {
            Answer::Items(items) => items.rows.as_slice(),
            Answer::Item(Some(item)) => std::slice::from_ref(item),
            _ => &[],
        });
        shown.into_iter().find(|shown| shown.item == item)
    }

    /// Asks the directory, or remembers what it answered before.
    pub(crate) async fn ask(&mut self, read: Read) -> wasmtime::Result<Answer> {
        if let Some(Exchange::Asked(asked)) = self.answered.get(&read).and_then(|at| self.exchanges.get(*at))
        {
            return Ok(asked.answer.clone());
        }
        if self.answered.len() >= self.limits.reads {
            return Err(Raised(Fault::Reads { limit: self.limits.reads }).into());
        }
        let asking = self.asking.as_ref().ok_or(Raised(Fault::ImportInDescribe))?;
        let directory = Arc::clone(&asking.directory);
        self.waiting = Some(read.clone());
        let answer = directory.answer(read.clone()).await?;
        self.waiting = None;
        self.waited = true;
        answer
            .fits(&read)
            .map_err(|wrong| NoAnswer { read: Box::new(read.clone()), source: wrong.into() })?;
        self.read_bytes = self.read_bytes.saturating_add(size(&answer));
        if self.read_bytes > self.limits.read_bytes {
            return Err(Raised(Fault::ReadBytes { limit: self.limits.read_bytes }).into());
        }
        self.answered.insert(read.clone(), self.exchanges.len());
        self.exchanges.push(Exchange::Asked(Box::new(Asked { read, answer: answer.clone() })));
        Ok(answer)
    }

    /// Adds a step and returns its number.
    pub(crate) fn add(&mut self, step: ProposedStep) -> wasmtime::Result<u32> {
        self.room()?;
        self.steps.push(step);
        Ok(u32::try_from(self.steps.len()).unwrap_or(u32::MAX))
    }

    /// Adds an item that stays.
    pub(crate) fn leave(&mut self, left: Left) -> wasmtime::Result<()> {
        self.room()?;
        self.left.push(left);
        Ok(())
    }

    fn room(&self) -> wasmtime::Result<()> {
        if self.steps.len() + self.left.len() < self.limits.steps {
            return Ok(());
        }
        Err(Raised(Fault::Steps { limit: self.limits.steps }).into())
    }

    /// Returns what was asked so far, for the tape.
    pub(crate) fn take_exchanges(&mut self) -> Vec<Exchange> {
        std::mem::take(&mut self.exchanges)
    }
}

/// Returns how many bytes an answer takes up on a tape.
fn size(answer: &Answer) -> usize {
    struct Count(usize);
    impl std::io::Write for Count {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut count = Count(0);
    // What can't be written as JSON has no end: it counts as too much.
    serde_json::to_writer(&mut count, answer).map_or(usize::MAX, |()| count.0)
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

/// Whom and what a call is about, as far as a scope bounds it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct About {
    pub(crate) whom: Whom,
    pub(crate) project: Option<ProjectId>,
}

/// Whom a call is about.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) enum Whom {
    /// Nobody whom a scope would bound.
    #[default]
    Nobody,
    /// One person or vendor.
    One(Subject),
    /// Somebody who is not there yet: whoever may change everybody may do that.
    Anybody,
}

impl About {
    pub(crate) fn whom(whom: Subject) -> Self {
        Self { whom: Whom::One(whom), project: None }
    }

    pub(crate) fn person(user: UserId) -> Self {
        Self::whom(Subject::User(user))
    }

    pub(crate) fn project(project: ProjectId) -> Self {
        Self { whom: Whom::Nobody, project: Some(project) }
    }

    pub(crate) fn both(user: UserId, project: ProjectId) -> Self {
        Self { project: Some(project), ..Self::person(user) }
    }
}

impl std::fmt::Display for About {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.whom, self.project) {
            (Whom::One(whom), Some(project)) => write!(formatter, "{whom} in project {project}"),
            (Whom::One(whom), None) => write!(formatter, "{whom}"),
            (Whom::Anybody, _) => formatter.write_str("somebody who is no user yet"),
            (Whom::Nobody, Some(project)) => write!(formatter, "project {project}"),
            (Whom::Nobody, None) => formatter.write_str("the company"),
        }
    }
}

/// Bounds memory and tables, and remembers the peak.
pub(crate) struct Memory {
    counts: StoreLimits,
    most: usize,
    most_elements: usize,
    peak: usize,
}

impl Memory {
    fn new(limits: &Limits) -> Self {
        // How many instances, tables and memories a component may have is bounded by the slots of the pool as well.
        let counts = StoreLimitsBuilder::new().instances(32).tables(32).memories(8).build();
        Self { counts, most: limits.memory, most_elements: limits.table_elements, peak: 0 }
    }

    /// Returns the most bytes that one memory had.
    pub(crate) fn peak(&self) -> usize {
        self.peak
    }
}

impl ResourceLimiter for Memory {
    fn memory_growing(&mut self, _: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        if desired > self.most {
            return Err(Raised(Fault::Memory { limit: self.most }).into());
        }
        self.peak = self.peak.max(desired);
        Ok(true)
    }

    fn table_growing(&mut self, _: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        if desired > self.most_elements {
            return Err(Raised(Fault::Table { limit: self.most_elements }).into());
        }
        Ok(true)
    }

    fn instances(&self) -> usize {
        self.counts.instances()
    }

    fn tables(&self) -> usize {
        self.counts.tables()
    }

    fn memories(&self) -> usize {
        self.counts.memories()
    }
}
