//! The query of a request: parameters, and the filters of list actions.
//!
//! What is not asked for here is never looked at: an unknown parameter or filter changes nothing, as with Procore, where
//! `?search=` returns everybody. A known filter with an unreadable value is refused, though Procore may be more patient.

use std::collections::BTreeSet;
use std::str::FromStr;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan, tz};

use super::answer::Refusal;

/// The parameters of a request in their order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    /// Reads a query string.
    pub(crate) fn parse(text: &str) -> Self {
        Self(form_urlencoded::parse(text.as_bytes()).into_owned().collect())
    }

    /// Returns all parameters.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Returns a parameter, the last one if there are several. An empty one counts as missing.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.pairs()
            .filter(|(found, _)| *found == name)
            .last()
            .map(|(_, value)| value)
            .filter(|value| !value.is_empty())
    }

    /// Returns a parameter that is a number.
    pub(crate) fn number(&self, name: &str) -> Result<Option<u64>, Refusal> {
        self.value(name)
            .map(|value| value.parse().map_err(|_| Refusal::field(name, "must be an integer")))
            .transpose()
    }

    /// Returns a filter with one value.
    pub(crate) fn filter(&self, name: &str) -> Option<&str> {
        self.value(&format!("filters[{name}]"))
    }

    /// Returns a filter with any number of values: all of `filters[name][]`, else the one of `filters[name]`.
    pub(crate) fn filter_values(&self, name: &str) -> Option<Vec<&str>> {
        let list = format!("filters[{name}][]");
        let values: Vec<&str> =
            self.pairs().filter(|(found, _)| *found == list).map(|(_, value)| value).collect();
        if values.is_empty() { self.filter(name).map(|value| vec![value]) } else { Some(values) }
    }

    /// Returns a filter whose values are ids.
    pub(crate) fn filter_ids(&self, name: &str) -> Result<Option<BTreeSet<u64>>, Refusal> {
        let Some(values) = self.filter_values(name) else { return Ok(None) };
        values
            .into_iter()
            .map(|value| parsed(name, value, "must be an integer"))
            .collect::<Result<_, _>>()
            .map(Some)
    }

    /// Returns a filter that is true or false.
    pub(crate) fn filter_flag(&self, name: &str) -> Result<Option<bool>, Refusal> {
        self.filter(name).map(|value| parsed(name, value, "must be true or false")).transpose()
    }

    /// Returns a filter that is a range of time.
    pub(crate) fn filter_range(&self, name: &str) -> Result<Option<Range>, Refusal> {
        self.filter(name).map(|value| parsed(name, value, "must be FROM...TO in ISO 8601")).transpose()
    }
}

/// A range of time, both ends included. Written `FROM...TO`, in quotes or not, each end a date or a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Range {
    from: Timestamp,
    to: Timestamp,
}

impl Range {
    /// Returns whether a time lies in the range.
    pub(crate) fn holds(&self, time: Timestamp) -> bool {
        (self.from..=self.to).contains(&time)
    }
}

impl FromStr for Range {
    type Err = jiff::Error;

    fn from_str(text: &str) -> Result<Self, jiff::Error> {
        let text = text.trim().trim_matches('"');
        let (from, to) = text.split_once("...").unwrap_or((text, ""));
        Ok(Self { from: start(from)?, to: end(to)? })
    }
}

fn start(text: &str) -> Result<Timestamp, jiff::Error> {
    match text.parse::<Timestamp>() {
        Ok(time) => Ok(time),
        Err(_) => Ok(text.parse::<Date>()?.to_zoned(tz::TimeZone::UTC)?.timestamp()),
    }
}

/// A day that ends a range belongs to it as a whole.
fn end(text: &str) -> Result<Timestamp, jiff::Error> {
    match text.parse::<Timestamp>() {
        Ok(time) => Ok(time),
        Err(_) => Ok(text.parse::<Date>()?.checked_add(1.day())?.to_zoned(tz::TimeZone::UTC)?.timestamp()),
    }
}

fn parsed<T: FromStr>(name: &str, value: &str, message: &str) -> Result<T, Refusal> {
    value.parse().map_err(|_| Refusal::field(&format!("filters[{name}]"), message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_repeated_parameters_the_last_counts_and_lists_are_kept_whole() {
        let query = Query::parse(
            "page=1&page=2&filters%5Bid%5D%5B%5D=7&filters[id][]=9&filters[search]=ana+diaz&view=",
        );
        assert_eq!(query.value("page"), Some("2"));
        assert_eq!(query.value("view"), None);
        assert_eq!(query.filter("search"), Some("ana diaz"));
        assert_eq!(query.filter_ids("id").unwrap(), Some(BTreeSet::from([7, 9])));
        assert_eq!(Query::parse("filters[id]=7").filter_ids("id").unwrap(), Some(BTreeSet::from([7])));
        assert!(Query::parse("filters[id]=seven").filter_ids("id").is_err());
    }

    #[test]
    fn a_range_is_of_dates_or_times_with_or_without_quotes() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let range: Range = "\"2016-09-23T16:30:00Z...2016-09-23T17:00:00Z\"".parse().unwrap();
        assert!(range.holds(at("2016-09-23T16:30:00Z")) && range.holds(at("2016-09-23T17:00:00Z")));
        assert!(!range.holds(at("2016-09-23T17:00:01Z")));
        let days: Range = "2016-09-23...2016-09-24".parse().unwrap();
        assert!(days.holds(at("2016-09-24T23:59:59Z")) && !days.holds(at("2016-09-25T00:00:01Z")));
        let offset: Range = "2016-09-23T16:30:00+02:00...2016-09-23".parse().unwrap();
        assert!(offset.holds(at("2016-09-23T14:30:00Z")));
        for text in ["2016-09-23", "yesterday...today", "..."] {
            assert!(text.parse::<Range>().is_err(), "{text}");
        }
    }
}
