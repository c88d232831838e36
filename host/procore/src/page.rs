//! Reading a list to its end.
//!
//! A list that loses rows between two pages would make leavers out of people who are there. So the pages must agree: no
//! row twice, the same `Total` throughout, and as many rows as it says. [`all`] then reads the list once more from the
//! start before it gives up with an error; [`stream`] has given rows away already, so it ends with the error at once. What
//! can't be seen is one row removed and another added between two pages.
//!
//! Most lists are a page of rows each, and pages have numbers. Where the rows stand inside something else, [`all_in`] reads
//! that; where pages have no numbers, [`linked`] goes only where the answer's links lead.
//!
//! The token goes only to URLs of our own making: a `next` link is followed only if it is the same list.

mod link;
mod pages;
mod sizes;
mod walk;

use std::sync::Arc;

use futures_util::stream::{self, Stream, TryStreamExt};
use reqwest::Url;
use reqwest::header::HeaderMap;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::client::Client;
use crate::error::{Error, ErrorKind};

pub(crate) use sizes::Sizes;

use pages::{Broken, Pages};
use walk::Way;
#[cfg(fuzzing)]
use walk::{Turn, Walk};

/// Walks over pages of so many rows each, all with the same headers, and returns where the walk was led. Rows are numbered,
/// so that pages agree.
#[cfg(fuzzing)]
pub(crate) fn walk_over(base: &Url, pages: &[u8], headers: &HeaderMap) -> Vec<Url> {
    let mut walk = Walk::new(base, Some(100), Way::Numbers);
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
#[derive(Clone)]
pub(crate) struct List {
    pub(crate) operation: &'static str,
    /// The list with its filters, without `page` and `per_page`.
    pub(crate) url: Url,
    /// How many rows a page to ask for, or `None` for a list that Procore does not page. Once fewer were granted, that many
    /// are asked for.
    pub(crate) per_page: Option<u32>,
}

/// A page of the second generation of the API, and everything else that it answers with (developers.procore.com, new REST v2
/// version).
#[derive(Deserialize)]
pub(crate) struct Data<T> {
    pub(crate) data: T,
}

impl<Row> From<Data<Self>> for Vec<Row> {
    fn from(page: Data<Self>) -> Self {
        page.data
    }
}

/// Reads all rows of a list. `id` tells one row from another.
pub(crate) async fn all<Row: DeserializeOwned>(
    client: &Client,
    list: &List,
    id: fn(&Row) -> u64,
) -> Result<Vec<Row>, Error> {
    all_in::<Vec<Row>, Row>(client, list, id).await
}

/// Reads all rows of a list whose pages are not just rows.
pub(crate) async fn all_in<Page: DeserializeOwned + Into<Vec<Row>>, Row>(
    client: &Client,
    list: &List,
    id: fn(&Row) -> u64,
) -> Result<Vec<Row>, Error> {
    twice::<Page, Row>(client, list, id, Way::Numbers).await
}

/// Reads all rows of a list whose pages have no numbers: the next one is where a link leads, mostly with a `cursor`.
pub(crate) async fn linked<Page: DeserializeOwned + Into<Vec<Row>>, Row>(
    client: &Client,
    list: &List,
    id: fn(&Row) -> u64,
) -> Result<Vec<Row>, Error> {
    twice::<Page, Row>(client, list, id, Way::Links).await
}

async fn twice<Page: DeserializeOwned + Into<Vec<Row>>, Row>(
    client: &Client,
    list: &List,
    id: fn(&Row) -> u64,
    way: Way,
) -> Result<Vec<Row>, Error> {
    match once(Pages::<Page, Row>::new(client, list.clone(), id, way), client).await {
        Err(Broken::Unsteady(why)) => {
            tracing::debug!(operation = list.operation, why, "list is read again from its start");
        }
        rows => return rows.map_err(|broken| broken.error(list.operation)),
    }
    let pages = Pages::<Page, Row>::new(client, list.clone(), id, way);
    once(pages, client).await.map_err(|broken| broken.error(list.operation))
}

/// Gives the rows of a list, of which no more than a page is held: the next one is read once its rows are taken. `id` tells
/// one row from another. After an error nothing more comes.
pub(crate) fn stream<Row: DeserializeOwned>(
    client: Arc<Client>,
    list: List,
    id: fn(&Row) -> u64,
) -> impl Stream<Item = Result<Row, Error>> {
    let operation = list.operation;
    let pages = Pages::<Vec<Row>, Row>::new(&client, list, id, Way::Numbers);
    stream::try_unfold((client, pages), move |(client, mut pages)| async move {
        match pages.next(&client).await {
            Ok(Some(rows)) => Ok(Some((stream::iter(rows.into_iter().map(Ok)), (client, pages)))),
            Ok(None) => Ok(None),
            Err(Broken::Unsteady(why)) => {
                let why = format!("{why}; the rows before this are not the whole list");
                Err(Error::new(operation, ErrorKind::Unsteady).saying(why))
            }
            Err(broken) => Err(broken.error(operation)),
        }
    })
    .try_flatten()
}

/// Returns how many rows a list has, as the answer's headers say: `Total`, or `X-Total` in the dialect that has that.
pub(crate) fn total(headers: &HeaderMap) -> Option<u64> {
    number(headers, "total").or_else(|| number(headers, "x-total"))
}

fn number(headers: &HeaderMap, name: &str) -> Option<u64> {
    headers.get(name)?.to_str().ok()?.trim().parse().ok()
}

async fn once<Page: DeserializeOwned + Into<Vec<Row>>, Row>(
    mut pages: Pages<Page, Row>,
    client: &Client,
) -> Result<Vec<Row>, Broken> {
    let mut rows = Vec::new();
    while let Some(page) = pages.next(client).await? {
        rows.extend(page);
    }
    Ok(rows)
}
