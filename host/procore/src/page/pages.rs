//! The pages of one list, read one after the other.

use serde::de::DeserializeOwned;

use super::List;
use super::walk::{Turn, Walk};
use crate::client::Client;
use crate::error::{Error, ErrorKind};

/// A list that is being read.
pub(super) struct Pages<Row> {
    list: List,
    id: fn(&Row) -> u64,
    walk: Walk,
    ended: bool,
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

impl<Row: DeserializeOwned> Pages<Row> {
    /// Returns the pages of `list`; none is read yet.
    pub(super) fn new(client: &Client, list: List, id: fn(&Row) -> u64) -> Self {
        let walk = Walk::new(&list.url, client.page_sizes.ask(&list));
        Self { list, id, walk, ended: false }
    }

    /// Reads the next page and returns its rows, or `None` after the last one.
    pub(super) async fn next(&mut self, client: &Client) -> Result<Option<Vec<Row>>, Broken> {
        if self.ended {
            return Ok(None);
        }
        let operation = self.list.operation;
        let read = client.read(operation, self.walk.url().clone()).await;
        let answer = read.map_err(Broken::Unread)?;
        let page: Vec<Row> = answer.json(operation).map_err(Broken::Unread)?;
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
        }
        Ok(Some(page))
    }
}
