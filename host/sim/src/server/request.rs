//! A request as operations see it: read completely, and not yet understood.

use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use serde_json::{Map, Value};

use super::answer::Refusal;
use super::multipart::{self, type_fields};
use super::operation::Operation;
use super::query::Query;

/// A request.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// The method.
    pub(crate) method: String,
    /// The path without the query.
    pub(crate) path: String,
    /// The path with the query, as it was sent.
    pub(crate) target: String,
    /// The query.
    pub(crate) query: Query,
    /// What became of a list since its first page.
    pub(crate) shift: Option<Shift>,
    ids: Vec<(&'static str, String)>,
    headers: HeaderMap,
    body: Option<Bytes>,
    form: Option<Result<Value, String>>,
}

const FORM: &str = "multipart/form-data";

/// What became of a list while its pages were asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shift {
    /// It has a row more before the page.
    Added,
    /// It has a row less before the page.
    Deleted,
}

impl Request {
    /// Puts a request together. A body that was too large to read is missing.
    pub(crate) fn new(parts: Parts, operation: Option<&Operation>, body: Option<Bytes>) -> Self {
        let path = parts.uri.path().to_owned();
        Self {
            method: parts.method.to_string(),
            target: parts.uri.path_and_query().map_or_else(|| path.clone(), ToString::to_string),
            query: Query::parse(parts.uri.query().unwrap_or_default()),
            ids: operation.map(|operation| operation.ids(&path)).unwrap_or_default(),
            path,
            shift: None,
            headers: parts.headers,
            body,
            form: None,
        }
    }

    /// Reads the body, if it is a form of several parts.
    pub(crate) async fn read_form(mut self) -> Self {
        if let (true, Some(body)) = (self.is(FORM), &self.body) {
            let kind = self.header("content-type").unwrap_or_default();
            self.form = Some(multipart::read(kind, body.clone()).await);
        }
        self
    }

    /// Returns whether the body is a form of several parts.
    pub(crate) fn is_form(&self) -> bool {
        self.form.is_some()
    }

    /// Returns the same request for a list that has changed in the meantime.
    pub(crate) fn shifted(self, shift: Shift) -> Self {
        Self { shift: Some(shift), ..self }
    }

    /// Returns a header, if it is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim)
    }

    /// Returns the token that came with the request.
    pub(crate) fn token(&self) -> Option<&str> {
        let (scheme, token) = self.header("authorization")?.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    }

    /// Returns what the caller calls this server.
    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.header("host").unwrap_or("localhost"))
    }

    /// Returns whether the path has an id of that name.
    pub(crate) fn has_id(&self, name: &str) -> bool {
        self.ids.iter().any(|(found, _)| *found == name)
    }

    /// Returns an id out of the path. What is no number is the id of nothing.
    pub(crate) fn id(&self, name: &str) -> Result<u64, Refusal> {
        let found = self.ids.iter().find(|(found, _)| *found == name);
        found.and_then(|(_, text)| text.parse().ok()).ok_or_else(Refusal::not_found)
    }

    /// Returns an id out of the path that need not be a number.
    pub(crate) fn text_id(&self, name: &str) -> Result<&str, Refusal> {
        let found = self.ids.iter().find(|(found, _)| *found == name);
        found.map(|(_, text)| text.as_str()).ok_or_else(Refusal::not_found)
    }

    /// Returns the body.
    pub(crate) fn body(&self) -> Result<&[u8], Refusal> {
        self.body.as_deref().ok_or_else(Refusal::too_large)
    }

    /// Returns whether the body is said to be of a media type.
    pub(crate) fn is(&self, media_type: &str) -> bool {
        let kind = self.header("content-type").unwrap_or_default();
        kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(media_type)
    }

    /// Returns whether there is no body at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.body.as_ref().is_some_and(Bytes::is_empty)
    }

    /// Returns the body as JSON.
    pub(crate) fn json(&self) -> Result<Value, Refusal> {
        let body = self.body()?;
        if !self.is("application/json") {
            return Err(Refusal::bad_request("The request body must be application/json."));
        }
        serde_json::from_slice(body)
            .map_err(|_| Refusal::bad_request("There was a problem parsing the JSON."))
    }

    /// Returns the body as JSON, or the form that it is in the shape of JSON.
    pub(crate) fn json_or_form(&self) -> Result<Value, Refusal> {
        match &self.form {
            Some(Ok(form)) => Ok(form.clone()),
            Some(Err(why)) => {
                Err(Refusal::bad_request(&format!("There was a problem reading the form: {why}.")))
            }
            None => self.json(),
        }
    }

    /// Returns the project that a body names beside its resource, where neither path nor query do.
    pub(crate) fn project_of_body(&self) -> Result<u64, Refusal> {
        let missing = || Refusal::field("project_id", "is missing");
        if self.is_empty() {
            return Err(missing());
        }
        match self.json_or_form()?.get("project_id") {
            None | Some(Value::Null) => return Err(missing()),
            Some(Value::String(id)) if self.is_form() => id.parse().ok(),
            Some(id) => id.as_u64(),
        }
        .ok_or_else(|| Refusal::field("project_id", "must be an integer"))
    }

    /// Returns the object under the name of its resource, from JSON or from a form whose texts get the types of their
    /// fields: `numbers` and lists of such, and `flags`.
    pub(crate) fn nested_or_form(
        &self,
        name: &str,
        numbers: &[&str],
        flags: &[&str],
    ) -> Result<Map<String, Value>, Refusal> {
        match self.json_or_form()?.get_mut(name).map(Value::take) {
            Some(Value::Object(mut fields)) => {
                if self.is_form() {
                    type_fields(&mut fields, numbers, flags);
                }
                Ok(fields)
            }
            _ => Err(missing(name)),
        }
    }

    /// Returns the object that a body must hold under the name of its resource.
    pub(crate) fn nested(&self, name: &str) -> Result<Map<String, Value>, Refusal> {
        match self.json()?.get_mut(name).map(Value::take) {
            Some(Value::Object(fields)) => Ok(fields),
            _ => Err(missing(name)),
        }
    }
}

fn missing(name: &str) -> Refusal {
    Refusal::bad_request(&format!("param is missing or the value is empty: {name}"))
}
