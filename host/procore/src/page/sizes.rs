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

/// What was granted so far, by endpoint.
#[derive(Default)]
pub(crate) struct Sizes {
    granted: Mutex<HashMap<String, u32>>,
}

impl Sizes {
    /// Returns how many rows a page of `list` to ask for.
    pub(super) fn ask(&self, list: &List) -> Option<u32> {
        let most = list.per_page?.min(largest(&list.url));
        Some(self.granted().get(&endpoint(&list.url)).map_or(most, |granted| most.min(*granted)))
    }

    /// Remembers what a full page of `list` was granted.
    pub(super) fn learn(&self, list: &List, granted: Option<u32>) {
        if let Some(granted) = granted.filter(|granted| *granted > 0) {
            self.granted().insert(endpoint(&list.url), granted);
        }
    }

    fn granted(&self) -> MutexGuard<'_, HashMap<String, u32>> {
        // No code panics while it holds the lock.
        self.granted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns what is the same for every list of an endpoint: its path without ids. One operation may read two endpoints.
fn endpoint(url: &Url) -> String {
    let is_id = |segment: &str| segment.bytes().all(|byte| byte.is_ascii_digit());
    let segments = url.path().split('/').map(|segment| if is_id(segment) { "" } else { segment });
    segments.collect::<Vec<_>>().join("/")
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
    }

    #[test]
    fn what_was_granted_is_known_of_one_endpoint_whatever_the_ids_and_the_operation() {
        let sizes = Sizes::default();
        sizes.learn(&list("https://api.procore.com/rest/v1.0/projects/7/users", Some(1000)), Some(100));
        let elsewhere = list("https://api.procore.com/rest/v1.0/projects/8/users?view=compact", Some(1000));
        let other = List { operation: "other", ..elsewhere };
        assert_eq!(sizes.ask(&other), Some(100));
        let people = list("https://api.procore.com/rest/v1.0/projects/7/people", Some(1000));
        assert_eq!(sizes.ask(&people), Some(1000));
    }
}
