//! One request with its answer, as they went over the wire.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::form;

/// A request with its answer. The bearer's token is not kept.
#[derive(Debug, Clone, Default)]
pub(crate) struct Exchange {
    /// The method.
    pub(crate) method: String,
    /// The path without the query.
    pub(crate) path: String,
    /// The query, in its order.
    pub(crate) query: Vec<(String, String)>,
    /// The headers of the request, their names in lower case.
    pub(crate) headers: BTreeMap<String, String>,
    /// The body of the request.
    pub(crate) body: Content,
    /// The status of the answer.
    pub(crate) status: u16,
    /// The body of the answer.
    pub(crate) answer: Content,
}

/// A body.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) enum Content {
    /// There is none.
    #[default]
    Nothing,
    /// JSON.
    Json(Value),
    /// A form, in the shape that its names give it: numbers and the like are texts.
    Form(Value),
    /// Anything else.
    Text(String),
}

impl Content {
    /// Reads a body by what its header says that it is. JSON that is none is text, which no schema of an object fits.
    pub(crate) fn read(media: &str, bytes: &[u8]) -> Self {
        if bytes.is_empty() {
            return Self::Nothing;
        }
        let text = String::from_utf8_lossy(bytes).into_owned();
        match media.split(';').next().unwrap_or_default().trim() {
            "application/json" => serde_json::from_str(&text).map_or(Self::Text(text), Self::Json),
            "application/x-www-form-urlencoded" => {
                form::of_pairs(form::pairs(&text)).map_or(Self::Text(text), Self::Form)
            }
            "multipart/form-data" => {
                form::parts(media, &text).and_then(form::of_pairs).map_or(Self::Text(text), Self::Form)
            }
            _ => Self::Text(text),
        }
    }
}
