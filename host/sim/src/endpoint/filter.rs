//! Filters and orders that lists of people have in common.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use crate::company::{Company, User};
use crate::server::answer::Refusal;
use crate::server::query::{Query, Range};

/// What the filters of a list of people ask for.
pub(super) struct People {
    created: Option<Range>,
    updated: Option<Range>,
    vendors: Option<BTreeSet<u64>>,
    trades: Option<BTreeSet<u64>>,
    origin: Option<String>,
    words: Words,
}

impl People {
    /// Reads the filters.
    pub(super) fn read(query: &Query) -> Result<Self, Refusal> {
        Ok(Self {
            created: query.filter_range("created_at")?,
            updated: query.filter_range("updated_at")?,
            vendors: query.filter_ids("vendor_id")?,
            trades: query.filter_ids("trade_id")?,
            origin: query.filter("origin_id").map(str::to_owned),
            words: Words::read(query),
        })
    }

    /// Returns whether somebody is asked for.
    pub(super) fn keeps(&self, company: &Company, user: &User) -> bool {
        let vendor = || user.vendor.and_then(|id| company.vendor(id));
        let trade = || company.label_id(vendor()?.trade.as_deref()?);
        self.created.is_none_or(|range| range.holds(user.created_at))
            && self.updated.is_none_or(|range| range.holds(user.updated_at))
            && self.vendors.as_ref().is_none_or(|ids| user.vendor.is_some_and(|id| ids.contains(&id)))
            && self.trades.as_ref().is_none_or(|ids| trade().is_some_and(|id| ids.contains(&id)))
            && (self.origin.is_none() || self.origin == user.origin_id)
            && self.words.find(company, user)
    }
}

/// What `filters[search]` asks for.
pub(super) struct Words(Vec<String>);

impl Words {
    /// Reads the filter; an empty one asks for nothing.
    pub(super) fn read(query: &Query) -> Self {
        Self::of(query.filter("search").unwrap_or_default())
    }

    /// Returns the words of a text.
    pub(super) fn of(text: &str) -> Self {
        Self(text.to_lowercase().split_whitespace().map(str::to_owned).collect())
    }

    /// Returns whether every word stands somewhere in a user or its vendor.
    pub(super) fn find(&self, company: &Company, user: &User) -> bool {
        let vendor = user.vendor.and_then(|id| company.vendor(id)).map_or("", |vendor| &vendor.name);
        let [first, job, notes] =
            [&user.first_name, &user.job_title, &user.notes].map(|text| text.as_deref().unwrap_or(""));
        self.stand_in(&[first, &user.last_name, &user.email, job, notes, vendor])
    }

    /// Returns whether every word stands in one of the texts: as fuzzy as Procore, so that a search for an address finds
    /// others too.
    pub(super) fn stand_in(&self, texts: &[&str]) -> bool {
        let text = if self.0.is_empty() { String::new() } else { texts.join("\n").to_lowercase() };
        self.0.iter().all(|word| text.contains(word))
    }
}

/// Sorts people as the parameter `sort` says; with an unknown attribute they stay as they are.
pub(super) fn sort_people<T>(company: &Company, query: &Query, people: &mut [T], user: impl Fn(&T) -> &User) {
    let Some(sort) = query.value("sort") else { return };
    for attribute in sort.split(',').rev() {
        match attribute.strip_prefix('-') {
            Some(attribute) => people.sort_by_cached_key(|item| Reverse(key(company, user(item), attribute))),
            None => people.sort_by_cached_key(|item| key(company, user(item), attribute)),
        }
    }
}

fn key(company: &Company, user: &User, attribute: &str) -> String {
    match attribute {
        "name" => format!("{} {}", user.last_name, user.first_name.as_deref().unwrap_or("")).to_lowercase(),
        "full_name" => user.name().to_lowercase(),
        "email" => user.email.to_lowercase(),
        "job_title" => user.job_title.clone().unwrap_or_default().to_lowercase(),
        "vendor_name" => user
            .vendor
            .and_then(|id| company.vendor(id))
            .map_or(String::new(), |vendor| vendor.name.to_lowercase()),
        "permission_template" => {
            let template = user.default_template.and_then(|id| company.template(id));
            template.map_or(String::new(), |template| template.name.to_lowercase())
        }
        "projects" => format!("{:08}", company.projects_of(user.id).count()),
        _ => String::new(),
    }
}
