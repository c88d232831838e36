//! The companies in the directory. The account's own company is one of them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::ids::Space;
use super::{Company, Invalid};

/// A company in the directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vendor {
    /// The id.
    pub id: u64,
    /// The name.
    pub name: String,
    /// The domain of its people's e-mail addresses.
    pub domain: String,
    /// What it does on site, if it is known.
    pub trade: Option<String>,
    /// Whether it is active.
    pub active: bool,
    /// The user whom others turn to first.
    pub primary_contact: Option<u64>,
    /// What else Procore keeps of it and nothing here depends on, such as address and phone, by Procore's names.
    pub details: BTreeMap<String, Value>,
    /// When the record was made.
    pub created_at: Timestamp,
    /// When the record was last changed.
    pub updated_at: Timestamp,
}

impl Company {
    /// Adds a vendor and returns its id. Its domain is made from its name, under `.example`.
    pub fn add_vendor(&mut self, name: &str, trade: Option<&str>) -> u64 {
        let id = self.ids.next(Space::Vendor);
        if let Some(trade) = trade {
            self.label(trade);
        }
        let vendor = Vendor {
            id,
            name: name.to_owned(),
            domain: domain(name),
            trade: trade.map(str::to_owned),
            active: true,
            primary_contact: None,
            details: BTreeMap::new(),
            created_at: self.now,
            updated_at: self.now,
        };
        self.vendors.insert(id, vendor);
        id
    }

    /// Puts a changed vendor in the place of the one with its id.
    pub fn put_vendor(&mut self, mut vendor: Vendor) -> Result<(), Invalid> {
        if !self.vendors.contains_key(&vendor.id) {
            return Err(Invalid::unknown("id", vendor.id));
        }
        if let Some(id) = vendor.primary_contact.filter(|id| !self.users.contains_key(id)) {
            return Err(Invalid::unknown("primary_contact_id", id));
        }
        if vendor.name.trim().is_empty() {
            return Err(Invalid::new("name", "can't be blank"));
        }
        vendor.updated_at = self.now;
        self.vendors.insert(vendor.id, vendor);
        Ok(())
    }

    /// Makes a vendor active or inactive. Its people stay as they are, but nobody of an inactive vendor can be activated.
    pub fn set_vendor_active(&mut self, vendor: u64, active: bool) -> Result<(), Invalid> {
        let mut changed = self.vendor(vendor).ok_or_else(|| Invalid::unknown("id", vendor))?.clone();
        changed.active = active;
        self.put_vendor(changed)
    }

    /// Returns a vendor.
    pub fn vendor(&self, id: u64) -> Option<&Vendor> {
        self.vendors.get(&id)
    }

    /// Returns all vendors in the order of their ids.
    pub fn vendors(&self) -> impl Iterator<Item = &Vendor> {
        self.vendors.values()
    }
}

fn domain(name: &str) -> String {
    let slug: String = name
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|part| !part.is_empty())
        .map(str::to_ascii_lowercase)
        .collect::<Vec<_>>()
        .join("-");
    format!("{}.example", if slug.is_empty() { "vendor" } else { &slug })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_is_made_from_the_name() {
        assert_eq!(domain("Halvorsen & Reyes Electric, Inc."), "halvorsen-reyes-electric-inc.example");
        assert_eq!(domain("…"), "vendor.example");
    }
}
