//! What is answered: a status, headers, and JSON or text.
//!
//! Procore's error bodies are not uniform. Each kind of refusal here uses one of the shapes that are known of Procore, and
//! another kind another one, so that a client has to read them all.

use std::borrow::Cow;

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Response, StatusCode};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::company::Invalid;
use crate::limits::Standing;
use crate::switches::ErrorForm;

/// What an operation makes of a request.
pub(crate) type Reply = Result<Answer, Refusal>;

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The status.
    pub(crate) status: StatusCode,
    headers: Vec<(&'static str, String)>,
    content: Content,
}

#[derive(Debug)]
enum Content {
    Nothing,
    Json(Value),
    /// Text of a media type.
    Text(&'static str, Cow<'static, str>),
}

const JSON: &str = "application/json; charset=utf-8";
const PLAIN: &str = "text/plain; charset=utf-8";
/// Procore's, for either window.
const THROTTLED: &str = "You have surpassed the max number of requests for an hour. \
                         Please wait until your limit resets.";

impl Answer {
    /// Returns the answer 200 with a body.
    pub(crate) fn ok(body: Value) -> Self {
        Self::json(StatusCode::OK, body)
    }

    /// Returns the answer 201 with a body.
    pub(crate) fn created(body: Value) -> Self {
        Self::json(StatusCode::CREATED, body)
    }

    /// Returns the answer 200 without a body.
    pub(crate) fn empty() -> Self {
        Self { status: StatusCode::OK, ..Self::no_content() }
    }

    /// Returns the answer 202 without a body.
    pub(crate) fn accepted() -> Self {
        Self { status: StatusCode::ACCEPTED, ..Self::no_content() }
    }

    /// Returns the answer 204.
    pub(crate) fn no_content() -> Self {
        Self { status: StatusCode::NO_CONTENT, headers: Vec::new(), content: Content::Nothing }
    }

    /// Returns the answer 302.
    pub(crate) fn found(location: &str) -> Self {
        let mut answer = Self { status: StatusCode::FOUND, ..Self::no_content() };
        answer.header("Location", location);
        answer
    }

    /// Returns an answer with a body.
    pub(crate) fn json(status: StatusCode, body: Value) -> Self {
        Self { status, headers: Vec::new(), content: Content::Json(body) }
    }

    /// Returns an error with a text for a body.
    pub(crate) fn error(status: u16, body: String) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self { status, headers: Vec::new(), content: Content::Text(PLAIN, body.into()) }
    }

    /// Returns a page of HTML.
    pub(crate) fn html(status: u16, page: String) -> Self {
        Self {
            content: Content::Text("text/html; charset=utf-8", page.into()),
            ..Self::error(status, String::new())
        }
    }

    /// Returns the answer of a service in difficulties.
    pub(crate) fn in_difficulties(status: u16) -> Self {
        if status == 429 {
            return Self::error(status, THROTTLED.to_owned());
        }
        let answer = Self::error(status, String::new());
        let message = answer.status.canonical_reason().unwrap_or_default();
        let body = json!({ "error": { "code": status.to_string(), "message": message } });
        Self { content: Content::Json(body), ..answer }
    }

    /// Lets the JSON stop in the middle.
    pub(crate) fn truncate(&mut self) {
        if let Content::Json(value) = &self.content {
            let mut text = value.to_string();
            text.truncate(text.floor_char_boundary(text.len() / 2));
            self.content = Content::Text(JSON, text.into());
        }
    }

    /// Makes the JSON unreadable: an array or object without its first character is none.
    pub(crate) fn garble(&mut self) {
        if let Content::Json(value) = &self.content {
            let text: String = value.to_string().chars().skip(1).collect();
            self.content = Content::Text(JSON, text.into());
        }
    }

    /// Adds a header.
    pub(crate) fn header(&mut self, name: &'static str, value: impl ToString) {
        self.headers.push((name, value.to_string()));
    }

    /// Gives a header another name.
    pub(crate) fn rename_header(&mut self, name: &str, new: &'static str) {
        for (found, _) in self.headers.iter_mut().filter(|(found, _)| *found == name) {
            *found = new;
        }
    }

    /// Returns the answer as HTTP.
    pub(crate) fn into_response(self) -> Response<Body> {
        let (kind, body) = match self.content {
            Content::Nothing => (None, Body::empty()),
            Content::Json(value) => (Some(JSON), Body::from(value.to_string())),
            Content::Text(kind, text) => (Some(kind), Body::from(text.into_owned())),
        };
        let mut response = Response::new(body);
        *response.status_mut() = self.status;
        if let Some(kind) = kind {
            response.headers_mut().insert("content-type", HeaderValue::from_static(kind));
        }
        for (name, value) in self.headers {
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }
}

/// An answer that says no.
#[derive(Debug)]
pub(crate) struct Refusal(Answer);

impl Refusal {
    /// Returns 400 for a request as a whole.
    pub(crate) fn bad_request(message: &str) -> Self {
        Self(Answer::json(StatusCode::BAD_REQUEST, json!({ "errors": [message] })))
    }

    /// Returns 400 for one field or parameter.
    pub(crate) fn field(field: &str, message: &str) -> Self {
        Self(Answer::json(StatusCode::BAD_REQUEST, json!({ "errors": { field: [message] } })))
    }

    /// Returns 401 for a token that is missing, unknown or too old.
    pub(crate) fn unauthorized(message: &str, form: ErrorForm) -> Self {
        let Self(mut answer) = Self::formed(StatusCode::UNAUTHORIZED, form, "", message);
        answer.header("WWW-Authenticate", "Bearer realm=\"Procore\", error=\"invalid_token\"");
        Self(answer)
    }

    /// Returns an error in a form, about a field or, if that is empty, about the request as a whole.
    pub(crate) fn formed(status: StatusCode, form: ErrorForm, field: &str, message: &str) -> Self {
        let (code, key) = (status.as_u16(), if field.is_empty() { "base" } else { field });
        let body = match form {
            ErrorForm::Fields => json!({ "errors": { key: [message] } }),
            ErrorForm::List => json!({ "errors": [format!("{field} {message}").trim()] }),
            ErrorForm::Code => json!({ "code": code, "message": message, "fields": field }),
            ErrorForm::Nested => {
                json!({ "error": { "code": code.to_string(), "message": message, "details": [] } })
            }
            ErrorForm::Text => return Self(Answer::error(code, message.to_owned())),
        };
        Self(Answer::json(status, body))
    }

    /// Returns 409 for an e-mail address that somebody has already.
    pub(crate) fn taken(form: ErrorForm) -> Self {
        Self::formed(StatusCode::CONFLICT, form, "email_address", "has already been taken")
    }

    /// Returns 422 for what is understood and breaks a rule.
    pub(crate) fn unprocessable(invalid: &Invalid) -> Self {
        let body = json!({ "errors": { invalid.field: [invalid.message] } });
        Self(Answer::json(StatusCode::UNPROCESSABLE_ENTITY, body))
    }

    /// Returns an error about a field in the form of version 2.
    pub(crate) fn detailed(status: StatusCode, field: &str, message: &str) -> Self {
        let code = status.as_u16().to_string();
        let details = [json!({ "code": "invalid", "message": message, "source": field })];
        let error = json!({ "code": code, "message": format!("{field} {message}"), "details": details });
        Self(Answer::json(status, json!({ "error": error })))
    }

    /// Returns 400 for several fields at once.
    pub(crate) fn fields(invalid: &[Invalid]) -> Self {
        let mut errors = serde_json::Map::new();
        for Invalid { field, message } in invalid {
            errors.insert((*field).to_owned(), json!([message]));
        }
        Self(Answer::json(StatusCode::BAD_REQUEST, json!({ "errors": errors })))
    }

    /// Returns the refusal of a call that does not say which company it is for. Its status is not documented.
    pub(crate) fn missing_company(status: u16, message: &str) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
        Self(Answer::json(status, json!({ "errors": [message] })))
    }

    /// Returns 403 for a company that the app has nothing to do with.
    pub(crate) fn not_connected() -> Self {
        let body = json!({ "errors": ["App is not connected to this company."] });
        Self(Answer::json(StatusCode::FORBIDDEN, body))
    }

    /// Returns 403 for what the caller has no right to.
    pub(crate) fn forbidden(message: &str) -> Self {
        let body = json!({ "error": { "code": "403", "message": message, "details": [] } });
        Self(Answer::json(StatusCode::FORBIDDEN, body))
    }

    /// Returns 404 for what is not there, or not for the caller to see.
    pub(crate) fn not_found() -> Self {
        let body = json!({ "error": { "code": "404", "message": "Not Found", "details": [] } });
        Self(Answer::json(StatusCode::NOT_FOUND, body))
    }

    /// Returns 413 for a body that nobody wants to read.
    pub(crate) fn too_large() -> Self {
        Self(Answer::json(
            StatusCode::PAYLOAD_TOO_LARGE,
            json!({ "errors": ["The request body is too large."] }),
        ))
    }

    /// Returns 429 for a client that has used up a window.
    pub(crate) fn throttled(standing: Standing, now: Timestamp, retry_after: bool) -> Self {
        let mut answer = Answer::in_difficulties(429);
        if retry_after {
            answer.header("Retry-After", whole_second(standing.reset) - now.as_second());
        }
        Self(answer)
    }

    /// Returns an error of the token endpoint, as in RFC 6749.
    pub(crate) fn oauth(status: StatusCode, error: &str, description: &str) -> Self {
        Self(Answer::json(status, json!({ "error": error, "error_description": description })))
    }
}

impl From<Invalid> for Refusal {
    fn from(invalid: Invalid) -> Self {
        Self::field(invalid.field, &invalid.message)
    }
}

impl From<Refusal> for Answer {
    fn from(refusal: Refusal) -> Self {
        refusal.0
    }
}

/// Returns the first whole second that is not before `time`, so that nobody who waits for it comes too early.
pub(crate) fn whole_second(time: Timestamp) -> i64 {
    time.as_second() + i64::from(time.subsec_nanosecond() > 0)
}
