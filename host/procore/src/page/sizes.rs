//! The largest page of each list, learnt from what Procore grants.
//!
//! Procore does not document a largest page for every endpoint, and one that is asked for too much grants less, which its
//! `Per-Page` says (developers.procore.com, pagination). So each list asks for what its endpoint wants, and from then on for
//! what was granted.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use reqwest::Url;

use super::List;

/// What Procore recommends at most (developers.procore.com, pagination).
const LARGEST: u32 = 2000;

/// The largest page in the second generation of the API (developers.procore.com, new REST v2 version).
const LARGEST_OF_V2: u32 = 100;

/// What was granted so far, by operation.
#[derive(Default)]
pub(crate) struct Sizes {
    granted: Mutex<HashMap<&'static str, u32>>,
}

impl Sizes {
    /// Returns how many rows a page of `list` to ask for.
    pub(super) fn ask(&self, list: &List) -> Option<u32> {
        let most = list.per_page?.min(largest(&list.url));
        Some(self.granted().get(list.operation).map_or(most, |granted| most.min(*granted)))
    }

    /// Remembers what a full page of `list` was granted.
    pub(super) fn learn(&self, list: &List, granted: Option<u32>) {
        if let Some(granted) = granted.filter(|granted| *granted > 0) {
            self.granted().insert(list.operation, granted);
        }
    }

    fn granted(&self) -> MutexGuard<'_, HashMap<&'static str, u32>> {
        // No code panics while it holds the lock.
        self.granted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn largest(url: &Url) -> u32 {
    if url.path().contains("/rest/v2.") { LARGEST_OF_V2 } else { LARGEST }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(url: &str, per_page: Option<u32>) -> List {
        List { operation: "list", url: url.parse().unwrap(), per_page }
    }

    #[test]
    fn no_more_is_asked_for_than_procore_recommends() {
        let sizes = Sizes::default();
        for (url, wanted, asked) in [
            ("https://api.procore.com/rest/v1.3/users", Some(1000), Some(1000)),
            ("https://api.procore.com/rest/v1.3/users", Some(10_000), Some(2000)),
            ("https://api.procore.com/rest/v2.0/companies/1/x", Some(1000), Some(100)),
            ("https://api.procore.com/rest/v1.0/x", None, None),
        ] {
            assert_eq!(sizes.ask(&list(url, wanted)), asked, "{url}");
        }
    }

    #[test]
    fn what_was_granted_is_asked_for_from_then_on() {
        let sizes = Sizes::default();
        let users = list("https://api.procore.com/rest/v1.3/users", Some(1000));
        sizes.learn(&users, None);
        sizes.learn(&users, Some(0));
        assert_eq!(sizes.ask(&users), Some(1000));
        sizes.learn(&users, Some(100));
        assert_eq!(sizes.ask(&users), Some(100));
        sizes.learn(&users, Some(5000));
        assert_eq!(sizes.ask(&users), Some(1000), "never more than its endpoint wants");
        let other = List { operation: "other", ..users };
        assert_eq!(sizes.ask(&other), Some(1000));
    }
}
