//! What items of every kind have in common, and where they are kept.
//!
//! A kind is a record that is an [`Item`], a field of [`Company`] that keeps its records, and a line in [`KINDS`]: state,
//! fixture, holdings and the page for people follow from these.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::holding::{HeldAs, Holding, Kind};
use super::{
    ActionPlan, Company, CoordinationIssue, Correspondence, Inspection, Invalid, MeetingTopic, Observation,
    PlanAssignee, Preset, PunchItem, Rfi, Submittal, Task, Workflow,
};

/// Every kind of item that has a record of its own.
pub(super) const KINDS: &[Entry] = &[
    // In the order in which they came.
    Entry::of::<Rfi>(),
    Entry::of::<Observation>(),
    Entry::of::<Task>(),
    Entry::of::<CoordinationIssue>(),
    Entry::of::<PunchItem>(),
    Entry::of::<MeetingTopic>(),
    Entry::of::<Inspection>(),
    Entry::of::<Correspondence>(),
    Entry::of::<ActionPlan>(),
    Entry::of::<PlanAssignee>(),
    Entry::of::<Workflow>(),
    Entry::of::<Preset>(),
    Entry::of::<Submittal>(),
];

/// A record that people of a project hold.
pub trait Item: Clone + Serialize + DeserializeOwned + 'static {
    /// The kind.
    const KIND: Kind;
    /// The name of the list of all records in the state that tests compare.
    const LIST: &'static str;
    /// The fields that are times, wherever they stand in the record: a change that is taken back leaves them behind.
    const TIMES: &'static [&'static str] = &["created_at", "updated_at"];

    /// Returns where the company keeps the records.
    fn kept(company: &Company) -> &Items<Self>;
    /// Returns the same to change it.
    fn kept_mut(company: &mut Company) -> &mut Items<Self>;
    /// Returns the id, which no other item of the kind has.
    fn id(&self) -> u64;
    /// Returns the project.
    fn project(&self) -> u64;
    /// Returns the number within the project, or what stands for it.
    fn number(&self) -> String;
    /// Returns what it is about.
    fn title(&self) -> &str;
    /// Returns the status as Procore names it.
    fn status(&self) -> &str;
    /// Returns whether anybody still has to do something.
    fn is_open(&self) -> bool;
    /// Returns who holds it while it is open: users with what they are to it.
    fn holders(&self) -> Vec<(HeldAs, u64)>;
    /// Returns the users whom the record names in any place.
    fn people(&self) -> BTreeSet<u64>;
    /// Says when the record was last changed.
    fn touch(&mut self, now: Timestamp);
}

/// Writes what is the same in every [`Item`]: which field of the company keeps it, its id, its project and its last change.
macro_rules! kept_in {
    ($field:ident) => {
        fn kept(company: &Company) -> &Items<Self> {
            &company.$field
        }

        fn kept_mut(company: &mut Company) -> &mut Items<Self> {
            &mut company.$field
        }

        fn id(&self) -> u64 {
            self.id
        }

        fn project(&self) -> u64 {
            self.project
        }

        fn touch(&mut self, now: jiff::Timestamp) {
            self.updated_at = now;
        }
    };
}

pub(super) use kept_in;

/// The records of a kind.
#[derive(Debug, Clone)]
pub struct Items<T> {
    records: BTreeMap<u64, T>,
    by_project: BTreeSet<(u64, u64)>,
}

impl<T> Default for Items<T> {
    fn default() -> Self {
        Self { records: BTreeMap::new(), by_project: BTreeSet::new() }
    }
}

impl<T: Item> Items<T> {
    pub(super) fn insert(&mut self, item: T) {
        self.by_project.insert((item.project(), item.id()));
        self.records.insert(item.id(), item);
    }

    pub(super) fn count_of(&self, project: u64) -> usize {
        self.by_project.range((project, 0)..=(project, u64::MAX)).count()
    }

    fn of(&self, project: u64) -> impl Iterator<Item = &T> {
        self.by_project.range((project, 0)..=(project, u64::MAX)).filter_map(|(_, id)| self.records.get(id))
    }
}

impl<T: Item> Serialize for Items<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.records.values())
    }
}

impl<'de, T: Item> Deserialize<'de> for Items<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut items = Self::default();
        for item in Vec::<T>::deserialize(deserializer)? {
            if items.records.contains_key(&item.id()) {
                return Err(D::Error::custom("a record comes twice"));
            }
            items.insert(item);
        }
        Ok(items)
    }
}

impl Company {
    /// Returns an item of a kind, such as `item::<Rfi>(id)`.
    pub fn item<T: Item>(&self, id: u64) -> Option<&T> {
        T::kept(self).records.get(&id)
    }

    /// Returns all items of a kind in the order of their ids.
    pub fn items<T: Item>(&self) -> impl Iterator<Item = &T> {
        T::kept(self).records.values()
    }

    /// Returns the items of a kind of a project in the order of their ids.
    pub fn items_of<T: Item>(&self, project: u64) -> impl Iterator<Item = &T> {
        T::kept(self).of(project)
    }

    /// Puts a changed item in the place of the one with its id. Its project can't change, and whoever is new to it must be
    /// there, though perhaps not allowed to hold it: they may have been when they were given it.
    pub fn put_item<T: Item>(&mut self, mut item: T) -> Result<(), Invalid> {
        let before = self.item::<T>(item.id()).ok_or_else(|| Invalid::unknown("id", item.id()))?;
        if before.project() != item.project() {
            return Err(Invalid::new("project_id", "can't be changed"));
        }
        self.check_named(&item, Some(before))?;
        item.touch(self.now);
        T::kept_mut(self).insert(item);
        Ok(())
    }

    /// Adds an item of which everything is known, and returns the id.
    pub(super) fn insert_item<T: Item>(&mut self, item: T) -> Result<u64, Invalid> {
        if !self.projects.contains_key(&item.project()) {
            return Err(Invalid::unknown("project_id", item.project()));
        }
        self.check_named(&item, None)?;
        let id = item.id();
        T::kept_mut(self).insert(item);
        Ok(id)
    }

    /// Returns whether any item names a user.
    pub(crate) fn has_items(&self, user: u64) -> bool {
        KINDS.iter().any(|kind| (kind.names)(self, user))
    }

    /// Returns what the page for people shows of every item.
    pub(crate) fn all_items(&self) -> impl Iterator<Item = Shown<'_>> {
        KINDS.iter().flat_map(|kind| (kind.shown)(self))
    }

    /// Returns how many items of a project are open.
    pub(crate) fn open_items(&self, project: u64) -> usize {
        KINDS.iter().map(|kind| (kind.open)(self, project)).sum()
    }

    fn check_named<T: Item>(&self, item: &T, before: Option<&T>) -> Result<(), Invalid> {
        let known = before.map(T::people).unwrap_or_default();
        match item.people().into_iter().find(|id| !self.users.contains_key(id) && !known.contains(id)) {
            Some(id) => Err(Invalid::unknown("user_id", id)),
            None => Ok(()),
        }
    }
}

/// What the page for people shows of an item.
pub(crate) struct Shown<'a> {
    pub(crate) kind: Kind,
    pub(crate) id: u64,
    pub(crate) project: u64,
    pub(crate) number: String,
    pub(crate) title: &'a str,
    pub(crate) status: &'a str,
    pub(crate) holders: Vec<(HeldAs, u64)>,
}

/// What the rest of the company needs of a kind, whatever its records are.
pub(super) struct Entry {
    /// [`Item::LIST`].
    pub(super) list: &'static str,
    pub(super) holdings: fn(&Company, &mut Vec<Holding>),
    /// The records without their times, and the times alone.
    pub(super) export: fn(&Company) -> (Value, Value),
    /// An item whose project is not there, and the project.
    pub(super) astray: fn(&Company) -> Option<(u64, u64)>,
    names: fn(&Company, u64) -> bool,
    open: fn(&Company, u64) -> usize,
    shown: for<'a> fn(&'a Company) -> Vec<Shown<'a>>,
}

impl Entry {
    const fn of<T: Item>() -> Self {
        Self {
            list: T::LIST,
            holdings: holdings::<T>,
            export: export::<T>,
            astray: |company| {
                let mut items = company.items::<T>();
                let astray = items.find(|item| !company.projects.contains_key(&item.project()))?;
                Some((astray.id(), astray.project()))
            },
            names: |company, user| company.items::<T>().any(|item| item.people().contains(&user)),
            open: |company, project| company.items_of::<T>(project).filter(|item| item.is_open()).count(),
            shown: shown::<T>,
        }
    }
}

fn holdings<T: Item>(company: &Company, all: &mut Vec<Holding>) {
    for item in company.items::<T>().filter(|item| item.is_open()) {
        let (kind, project, id) = (T::KIND, Some(item.project()), item.id());
        let held = item.holders().into_iter();
        all.extend(held.map(|(role, user)| Holding { user, kind, role, project, id }));
    }
}

fn export<T: Item>(company: &Company) -> (Value, Value) {
    let split = |item: &T| {
        // Nothing in a record is without a form in JSON: keys are texts and numbers are whole.
        let mut record = serde_json::to_value(item).unwrap_or_default();
        let mut times = take_times(&mut record, T::TIMES);
        if let Value::Object(times) = &mut times {
            times.insert("id".to_owned(), item.id().into());
        }
        (record, times)
    };
    let (records, times): (Vec<Value>, Vec<Value>) = company.items::<T>().map(split).unzip();
    (records.into(), times.into())
}

/// Takes the times out of a record, wherever they stand in it, and returns them in their places.
fn take_times(record: &mut Value, names: &[&str]) -> Value {
    match record {
        Value::Object(fields) => {
            let own = names.iter().filter_map(|name| fields.remove_entry(*name));
            let mut times = own.collect::<serde_json::Map<_, _>>();
            for (name, value) in fields {
                let inner = take_times(value, names);
                if !inner.is_null() {
                    times.insert(name.clone(), inner);
                }
            }
            if times.is_empty() { Value::Null } else { Value::Object(times) }
        }
        Value::Array(values) => {
            let times: Vec<Value> = values.iter_mut().map(|value| take_times(value, names)).collect();
            if times.iter().all(Value::is_null) { Value::Null } else { Value::Array(times) }
        }
        _ => Value::Null,
    }
}

fn shown<T: Item>(company: &Company) -> Vec<Shown<'_>> {
    let shown = |item| Shown {
        kind: T::KIND,
        id: T::id(item),
        project: item.project(),
        number: item.number(),
        title: item.title(),
        status: item.status(),
        holders: item.holders(),
    };
    company.items::<T>().map(shown).collect()
}
