//! The walk from page to page: where the next one is, and whether all of them agree. Pure.

use std::collections::HashSet;

use reqwest::Url;
use reqwest::header::{HeaderMap, LINK};

use super::{link, number, total};

/// How many pages a list may have. 10,000 pages of the hundred rows that Procore grants nearly everywhere are more than
/// any company has; a server that lies about its next page ends here.
const MOST_PAGES: u32 = 10_000;

/// How the pages of a list are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// By their numbers, and by links where there are any.
    Numbers,
    /// By links alone. A number would be refused beside a cursor, or is not documented.
    Links,
}

/// Where a walk stands.
pub(super) struct Walk {
    base: Url,
    way: Way,
    per_page: Option<u32>,
    /// How many rows the last page was granted and had.
    granted: Option<u32>,
    url: Url,
    page: u32,
    total: Option<u64>,
    seen: HashSet<u64>,
    previous: Vec<u64>,
}

/// What follows from a page.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// Its rows count, and there are more.
    Next,
    /// Its rows count, and there are no more.
    Last,
    /// It is the page before once more: the list is not paged, and all its rows were there.
    SamePage,
    /// The pages do not agree, for this reason.
    Unsteady(String),
    /// There are too many pages.
    Endless,
    /// Its rows count, and there are or may be more, but nothing says where.
    Astray,
}

impl Walk {
    /// Returns a walk that stands before the first page of `base`.
    pub(super) fn new(base: &Url, per_page: Option<u32>, way: Way) -> Self {
        let mut walk = Self {
            base: base.clone(),
            way,
            per_page,
            granted: None,
            url: base.clone(),
            page: 1,
            total: None,
            seen: HashSet::new(),
            previous: Vec::new(),
        };
        if per_page.is_some() {
            walk.url = walk.numbered();
        }
        walk
    }

    /// Returns where the page is that is to be read now.
    pub(super) fn url(&self) -> &Url {
        &self.url
    }

    /// Returns how many rows the last page had, if Procore said in `Per-Page` that it can't have more.
    pub(super) fn granted(&self) -> Option<u32> {
        self.granted
    }

    /// Takes in a page: the ids of its rows, and the answer's headers.
    pub(super) fn turn(&mut self, ids: &[u64], headers: &HeaderMap) -> Turn {
        let total = total(headers);
        let granted = number(headers, "per-page").and_then(|granted| u32::try_from(granted).ok());
        let silent = total.is_none() && granted.is_none() && !headers.contains_key(LINK);
        if silent && self.page > 1 && !ids.is_empty() && ids == self.previous {
            return Turn::SamePage;
        }
        if self.page > 1 && total != self.total {
            return Turn::Unsteady(changed(self.total, total, self.page));
        }
        if let Some(id) = ids.iter().find(|id| !self.seen.insert(**id)) {
            return Turn::Unsteady(format!("row {id} came twice, on page {} again", self.page));
        }
        self.total = total;
        self.granted = granted.filter(|granted| *granted as usize == ids.len());
        if let Some(end) = self.end(ids.len(), granted, headers, silent) {
            return end;
        }
        if self.page >= MOST_PAGES {
            return Turn::Endless;
        }
        let next = link::next(headers, &self.url, &self.base);
        if next.is_none() && self.way == Way::Links {
            return Turn::Astray;
        }
        self.page += 1;
        // Where fewer rows a page are granted than asked for, page numbers count in what is granted.
        self.per_page = granted.filter(|granted| *granted > 0).into_iter().chain(self.per_page).min();
        self.url = next.unwrap_or_else(|| self.numbered());
        self.previous = ids.to_vec();
        Turn::Next
    }

    /// Returns how the walk ends, or `None` if it goes on.
    fn end(&self, rows: usize, granted: Option<u32>, headers: &HeaderMap, silent: bool) -> Option<Turn> {
        let count = self.seen.len() as u64;
        if let Some(total) = self.total {
            return match count.cmp(&total) {
                std::cmp::Ordering::Equal => Some(Turn::Last),
                std::cmp::Ordering::Greater => {
                    Some(Turn::Unsteady(format!("{count} rows came of a list of {total}")))
                }
                std::cmp::Ordering::Less if rows == 0 => {
                    let lost = total - count;
                    Some(Turn::Unsteady(format!("{lost} of its {total} rows never came")))
                }
                std::cmp::Ordering::Less => None,
            };
        }
        let linked = headers.contains_key(LINK);
        let more = link::has_next(headers);
        let short = match granted {
            // Who tells the size of a page would tell of a next one.
            Some(_) if self.way == Way::Links => true,
            Some(granted) => rows < granted as usize,
            // Without a word on the size of pages the first one is the measure: it may be less than was asked for. Where
            // that can't be found out by asking for a second one, what was asked for is the measure.
            None if self.way == Way::Links => self.per_page.is_none_or(|asked| rows < asked as usize),
            None => self.page > 1 && rows < self.previous.len(),
        };
        let unpaged = silent && self.per_page.is_none();
        // Behind a cursor may be more although nothing stood before it.
        let empty = rows == 0 && !(more && self.way == Way::Links);
        let over = empty || unpaged || (!more && (linked || short));
        over.then_some(Turn::Last)
    }

    fn numbered(&self) -> Url {
        let mut url = self.base.clone();
        if self.way == Way::Numbers {
            url.query_pairs_mut().append_pair("page", &self.page.to_string());
        }
        if let Some(per_page) = self.per_page {
            url.query_pairs_mut().append_pair("per_page", &per_page.to_string());
        }
        url
    }
}

/// Says what a total that changed before `page` means: rows move up or down by as many as came or went.
fn changed(before: Option<u64>, now: Option<u64>, page: u32) -> String {
    let (Some(before), Some(now)) = (before, now) else {
        return format!("only some of its pages say how many rows it has; page {page} differs");
    };
    let (word, rows) = if now < before { ("fewer", before - now) } else { ("more", now - before) };
    format!("it had {rows} rows {word} at page {page} than before ({now}, not {before})")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base() -> Url {
        "https://api.procore.com/rest/v1.3/users?company_id=1".parse().unwrap()
    }

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    fn pages(at: u64, rows: u64) -> Vec<u64> {
        (at..at + rows).collect()
    }

    #[test]
    fn a_link_leads_on_until_there_is_none() {
        let mut walk = Walk::new(&base(), Some(1000), Way::Numbers);
        assert_eq!(walk.url().query(), Some("company_id=1&page=1&per_page=1000"));
        let next = "<https://api.procore.com/rest/v1.3/users?company_id=1&page=2&per_page=100>; rel=\"next\"";
        assert_eq!(walk.turn(&pages(0, 100), &headers(&[("link", next)])), Turn::Next);
        assert_eq!(walk.url().query(), Some("company_id=1&page=2&per_page=100"));
        let last = "<https://api.procore.com/rest/v1.3/users?company_id=1&page=1>; rel=\"first\"";
        assert_eq!(walk.turn(&pages(100, 100), &headers(&[("link", last)])), Turn::Last);
    }

    #[test]
    fn page_numbers_count_in_what_is_granted() {
        let mut walk = Walk::new(&base(), Some(1000), Way::Numbers);
        let granted = headers(&[("per-page", "100"), ("total", "150")]);
        assert_eq!(walk.turn(&pages(0, 100), &granted), Turn::Next);
        assert_eq!(walk.url().query(), Some("company_id=1&page=2&per_page=100"));
        assert_eq!(walk.turn(&pages(100, 50), &granted), Turn::Last);
    }

    #[test]
    fn a_list_ends_where_its_total_is_reached() {
        let total = headers(&[("total", "4")]);
        let mut walk = Walk::new(&base(), Some(2), Way::Numbers);
        assert_eq!(walk.turn(&[1, 2], &total), Turn::Next);
        assert_eq!(walk.turn(&[3, 4], &total), Turn::Last);
        assert_eq!(
            Walk::new(&base(), Some(2), Way::Numbers).turn(&[], &headers(&[("total", "0")])),
            Turn::Last
        );
    }

    #[test]
    fn without_a_total_a_short_or_empty_page_is_the_last() {
        let granted = headers(&[("per-page", "2")]);
        let mut walk = Walk::new(&base(), Some(2), Way::Numbers);
        assert_eq!(walk.turn(&[1, 2], &granted), Turn::Next);
        assert_eq!(walk.turn(&[3], &granted), Turn::Last);
        let mut walk = Walk::new(&base(), Some(2), Way::Numbers);
        assert_eq!(walk.turn(&[1, 2], &granted), Turn::Next);
        assert_eq!(walk.turn(&[], &granted), Turn::Last);
    }

    #[test]
    fn without_any_word_a_first_page_that_looks_short_is_not_trusted() {
        let silence = HeaderMap::new();
        let mut walk = Walk::new(&base(), Some(1000), Way::Numbers);
        assert_eq!(walk.turn(&pages(0, 100), &silence), Turn::Next);
        assert_eq!(walk.turn(&pages(100, 37), &silence), Turn::Last);
        let mut walk = Walk::new(&base(), Some(1000), Way::Numbers);
        assert_eq!(walk.turn(&[1, 2], &silence), Turn::Next);
        assert_eq!(walk.turn(&[1, 2], &silence), Turn::SamePage, "a list that is not paged");
    }

    #[test]
    fn a_list_that_procore_does_not_page_is_one_answer() {
        let mut walk = Walk::new(&base(), None, Way::Numbers);
        assert_eq!(walk.url(), &base());
        assert_eq!(walk.turn(&[1, 2], &HeaderMap::new()), Turn::Last);
        let mut walk = Walk::new(&base(), None, Way::Numbers);
        assert_eq!(walk.turn(&[1, 2], &headers(&[("total", "3")])), Turn::Next, "it pages after all");
        assert_eq!(walk.url().query(), Some("company_id=1&page=2"));
    }

    #[test]
    fn rows_lost_or_repeated_between_pages_are_noticed() {
        let of = |total| headers(&[("total", total)]);
        let second = |ids: &[u64], headers: &HeaderMap| {
            let mut walk = Walk::new(&base(), Some(2), Way::Numbers);
            assert_eq!(walk.turn(&[1, 2], &of("4")), Turn::Next);
            walk.turn(ids, headers)
        };
        for (ids, headers, said) in [
            (&[2, 3][..], of("4"), "row 2 came twice, on page 2 again"),
            (&[4], of("3"), "it had 1 rows fewer at page 2 than before (3, not 4)"),
            (&[3, 4], of("9"), "it had 5 rows more at page 2 than before (9, not 4)"),
            (&[], of("4"), "2 of its 4 rows never came"),
            (&[3, 4, 5], of("4"), "5 rows came of a list of 4"),
            (&[3, 4], HeaderMap::new(), "only some of its pages say how many rows it has; page 2 differs"),
        ] {
            assert_eq!(second(ids, &headers), Turn::Unsteady(said.to_owned()));
        }
    }

    #[test]
    fn where_pages_have_no_numbers_only_a_link_leads_on() {
        let start = || Walk::new(&base(), Some(2), Way::Links);
        let next =
            "<https://api.procore.com/rest/v1.3/users?company_id=1&cursor=abc&per_page=2>; rel=\"next\"";
        let mut walk = start();
        assert_eq!(walk.url().query(), Some("company_id=1&per_page=2"));
        assert_eq!(walk.turn(&[1, 2], &headers(&[("link", next), ("per-page", "2")])), Turn::Next);
        assert_eq!(walk.url().query(), Some("company_id=1&cursor=abc&per_page=2"));
        assert_eq!(walk.turn(&[3, 4], &headers(&[("link", ""), ("per-page", "2")])), Turn::Last);
        assert_eq!(start().turn(&[1, 2], &headers(&[("per-page", "2")])), Turn::Last);
        assert_eq!(start().turn(&[1], &HeaderMap::new()), Turn::Last);
        assert_eq!(start().turn(&[], &HeaderMap::new()), Turn::Last);
        assert_eq!(start().turn(&[], &headers(&[("link", next)])), Turn::Next, "a link is a link");
        let elsewhere = next.replace("users", "others");
        for said in [
            headers(&[]),
            headers(&[("total", "3")]),
            headers(&[("total", "3"), ("per-page", "2")]),
            headers(&[("link", &elsewhere), ("total", "3")]),
            headers(&[("link", &elsewhere)]),
        ] {
            assert_eq!(start().turn(&[1, 2], &said), Turn::Astray, "{said:?}");
        }
    }

    #[test]
    fn a_list_without_an_end_is_given_up() {
        let mut walk = Walk::new(&base(), Some(1), Way::Numbers);
        let granted = headers(&[("per-page", "1")]);
        let turns = (0..).map(|id| walk.turn(&[id], &granted)).take(20_000);
        let last = turns.take_while(|turn| *turn == Turn::Next).count();
        assert_eq!(last, 9_999);
        assert_eq!(walk.turn(&[1_000_000], &granted), Turn::Endless);
    }
}
