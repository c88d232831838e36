//! One request with its answer, as they went over the wire.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

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
    /// JSON, or a form read as an object of texts.
    Json(Value),
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
                let url = reqwest::Url::parse(&format!("form:?{text}")).unwrap();
                let pairs = url.query_pairs().map(|(name, value)| (name.into_owned(), value.into()));
                Self::Json(Value::Object(pairs.collect::<Map<_, _>>()))
            }
            _ => Self::Text(text),
        }
    }
}
