//! The pages of one list, read one after the other.

use std::marker::PhantomData;

use serde::de::DeserializeOwned;

use super::List;
use super::walk::{Turn, Walk, Way};
use crate::client::Client;
use crate::error::{Error, ErrorKind};

/// A list that is being read, whose pages have this shape.
pub(super) struct Pages<Page, Row> {
    list: List,
    id: fn(&Row) -> u64,
    walk: Walk,
    ended: bool,
    shape: PhantomData<fn() -> Page>,
}

/// Why a list was not read to its end.
pub(super) enum Broken {
    /// Its pages do not agree, for this reason.
    Unsteady(String),
    /// A page could not be read.
    Unread(Error),
}

impl Broken {
    /// Returns the error of `operation`, for which this was the last try.
    pub(super) fn error(self, operation: &'static str) -> Error {
        match self {
            Self::Unsteady(why) => Error::new(operation, ErrorKind::Unsteady).saying(why),
            Self::Unread(error) => error,
        }
    }
}

impl<Page: DeserializeOwned + Into<Vec<Row>>, Row> Pages<Page, Row> {
    /// Returns the pages of `list`; none is read yet.
    pub(super) fn new(client: &Client, list: List, id: fn(&Row) -> u64, way: Way) -> Self {
        let walk = Walk::new(&list.url, client.page_sizes.ask(&list), way);
        Self { list, id, walk, ended: false, shape: PhantomData }
    }

    /// Reads the next page and returns its rows, or `None` after the last one.
    pub(super) async fn next(&mut self, client: &Client) -> Result<Option<Vec<Row>>, Broken> {
        if self.ended {
            return Ok(None);
        }
        let operation = self.list.operation;
        let read = client.read(operation, self.walk.url().clone()).await;
        let answer = read.map_err(Broken::Unread)?;
        let page: Vec<Row> = answer.json::<Page>(operation).map_err(Broken::Unread)?.into();
        let ids: Vec<u64> = page.iter().map(self.id).collect();
        match self.walk.turn(&ids, &answer.headers) {
            Turn::Next => client.page_sizes.learn(&self.list, self.walk.granted()),
            Turn::Last => self.ended = true,
            Turn::SamePage => {
                self.ended = true;
                return Ok(None);
            }
            Turn::Unsteady(why) => return Err(Broken::Unsteady(why)),
            Turn::Endless => {
                return Err(Broken::Unread(answer.malformed(operation, "a list that does not end")));
            }
            Turn::Astray => {
                let why = "the list goes on, and no link says where";
                return Err(Broken::Unread(answer.malformed(operation, why)));
            }
        }
        Ok(Some(page))
    }
}
