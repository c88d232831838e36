//! The companies in the directory. The account's own company is one of them.

use jiff::Timestamp;

use super::Company;
use super::ids::Space;

/// A company in the directory.
#[derive(Debug, Clone, PartialEq, Eq)]
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
            created_at: self.now,
            updated_at: self.now,
        };
        self.vendors.insert(id, vendor);
        id
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
