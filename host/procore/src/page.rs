//! Reading a list to its end.
//!
//! A list that loses rows between two pages would make leavers out of people who are there. So the pages must agree: no
//! row twice, the same `Total` throughout, and as many rows as it says. Otherwise the list is read once more from the
//! start, and then given up with an error. What can't be seen is one row removed and another added between two pages.
//!
//! The token goes only to URLs of our own making: a `next` link is followed only if it is the same list.

mod link;
mod walk;

use reqwest::Url;
use reqwest::header::HeaderMap;
use serde::de::DeserializeOwned;

use crate::client::Client;
use crate::error::{Error, ErrorKind};

use walk::{Turn, Walk};

/// Walks over pages of so many rows each, all with the same headers, and returns where the walk was led. Rows are numbered,
/// so that pages agree.
#[cfg(fuzzing)]
pub(crate) fn walk_over(base: &Url, pages: &[u8], headers: &HeaderMap) -> Vec<Url> {
    let mut walk = Walk::new(base, Some(100));
    let mut led = Vec::new();
    let mut next = 0;
    for rows in pages {
        let ids: Vec<u64> = (next..next + u64::from(*rows)).collect();
        next += u64::from(*rows);
        if walk.turn(&ids, headers) != Turn::Next {
            break;
        }
        led.push(walk.url().clone());
    }
    led
}

/// A list to be read.
pub(crate) struct List {
    pub(crate) operation: &'static str,
    /// The list with its filters, without `page` and `per_page`.
    pub(crate) url: Url,
    /// How many rows a page to ask for, or `None` for a list that Procore does not page.
    pub(crate) per_page: Option<u32>,
}

/// Reads all rows of a list. `id` tells one row from another.
pub(crate) async fn all<Row: DeserializeOwned>(
    client: &Client,
    list: &List,
    id: fn(&Row) -> u64,
) -> Result<Vec<Row>, Error> {
    let mut why = match once(client, list, id).await? {
        Ok(rows) => return Ok(rows),
        Err(why) => why,
    };
    tracing::debug!(operation = list.operation, why, "list is read again from its start");
    why = match once(client, list, id).await? {
        Ok(rows) => return Ok(rows),
        Err(why) => why,
    };
    Err(Error::new(list.operation, ErrorKind::Unsteady).saying(why))
}

/// Returns how many rows a list has, as the answer's headers say, in either dialect.
pub(crate) fn total(headers: &HeaderMap) -> Option<u64> {
    number(headers, "total").or_else(|| number(headers, "x-total"))
}

fn number(headers: &HeaderMap, name: &str) -> Option<u64> {
    headers.get(name)?.to_str().ok()?.trim().parse().ok()
}

/// Reads the list once. The inner error says why its pages do not agree.
async fn once<Row: DeserializeOwned>(
    client: &Client,
    list: &List,
    id: fn(&Row) -> u64,
) -> Result<Result<Vec<Row>, &'static str>, Error> {
    let mut walk = Walk::new(&list.url, list.per_page);
    let mut rows: Vec<Row> = Vec::new();
    loop {
        let answer = client.read(list.operation, walk.url().clone()).await?;
        let page: Vec<Row> = answer.json(list.operation)?;
        let ids: Vec<u64> = page.iter().map(id).collect();
        match walk.turn(&ids, &answer.headers) {
            Turn::Next => rows.extend(page),
            Turn::Last => {
                rows.extend(page);
                return Ok(Ok(rows));
            }
            Turn::SamePage => return Ok(Ok(rows)),
            Turn::Unsteady(why) => return Ok(Err(why)),
            Turn::Endless => return Err(answer.malformed(list.operation, "a list that does not end")),
        }
    }
}
