//! From an operation to its answer: token, pace, one exchange, and again where that is safe.
//!
//! Every request passes here, so this is where `Procore-Company-Id` is added and where each try is logged, without its
//! URL, headers or body. Reads and writes differ in what may be repeated (`retry`) and in what an answer must hold.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use muster_core::id::CompanyId;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use reqwest::{Method, Request, StatusCode, Url};
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::time::Instant;

use crate::auth::{Auth, Token};
use crate::dialect::Dialect;
use crate::endpoint::workflow_tools;
use crate::environment::Environment;
use crate::error::{Error, ErrorKind, Settled, request_id};
use crate::exchange::{Answer, Exchange};
use crate::idempotency;
use crate::memo::Memo;
use crate::pace::{Pace, Permit};
use crate::page::Sizes;
use crate::retry::{Attempts, Effect};
use crate::settings::{Settings, below};

/// Required on nearly every request, also where the company is in the path (developers.procore.com, tutorial-mpz).
const COMPANY: &str = "procore-company-id";

/// Everything that requests share.
pub(crate) struct Client {
    api: Url,
    company: CompanyId,
    dialect: Dialect,
    exchange: Arc<Exchange>,
    auth: Auth,
    sent: AtomicU64,
    pub(crate) pace: Arc<Pace>,
    pub(crate) page_sizes: Sizes,
    pub(crate) workflow_tools: Memo<Vec<workflow_tools::Tool>>,
}

/// One operation, ready to be sent.
struct Call {
    operation: &'static str,
    effect: Effect,
    method: Method,
    url: Url,
    body: Option<Body>,
    /// Whether the body of the answer is wanted.
    told: bool,
    /// What names this change, the same for every try.
    token: Option<HeaderValue>,
}

/// What a change says.
pub(crate) enum Body {
    /// As JSON.
    Json(Value),
    /// As `multipart/form-data`: the fields of a form, each of them a text.
    Form(Vec<(String, String)>),
}

/// The answer to a change that Procore made. Whatever is wrong with it, the change may be there.
pub(crate) struct Written(Answer);

impl Written {
    /// Returns the status, which is 2xx.
    pub(crate) fn status(&self) -> StatusCode {
        self.0.status
    }

    /// Parses the body.
    pub(crate) fn json<T: DeserializeOwned>(&self, operation: &'static str) -> Result<T, Error> {
        self.0.json(operation).map_err(Error::with_unknown_effect)
    }

    /// Returns the error for an answer that is not what the operation documents.
    pub(crate) fn malformed(&self, operation: &'static str, why: &str) -> Error {
        self.0.malformed(operation, why).with_unknown_effect()
    }
}

impl Client {
    /// Returns a client. Nothing is sent yet.
    pub(crate) fn new(settings: &Settings) -> Result<Self, Error> {
        settings.check()?;
        let exchange = Arc::new(Exchange::new(settings)?);
        Ok(Self {
            api: settings.api.clone(),
            company: settings.company,
            dialect: settings.dialect,
            auth: Auth::new(settings, Arc::clone(&exchange)),
            exchange,
            sent: AtomicU64::new(0),
            pace: Pace::new(settings.hourly_limit),
            page_sizes: Sizes::default(),
            workflow_tools: Memo::new(workflow_tools::KEPT),
        })
    }

    /// Returns the company that is read and changed.
    pub(crate) fn company(&self) -> CompanyId {
        self.company
    }

    /// Returns how the server spells its operations.
    pub(crate) fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Returns how many requests were sent so far, each try of its own. Those to the login service are not among them: they
    /// are not counted in the rate.
    pub(crate) fn requests(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    /// Returns the URL of a path such as `/rest/v1.0/me`, with a query.
    pub(crate) fn url(&self, path: &str, query: &[(&str, &str)]) -> Url {
        let mut url = below(&self.api, path);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        url
    }

    /// Reads `url` and returns the whole answer.
    pub(crate) async fn read(&self, operation: &'static str, url: Url) -> Result<Answer, Error> {
        let effect = Effect::Read;
        let call = Call { operation, effect, method: Method::GET, url, body: None, told: true, token: None };
        self.settle(&call).await.map_err(Error::without_effect)
    }

    /// Changes something. The answer's status is what counts; its body is not looked at.
    pub(crate) async fn write(
        &self,
        operation: &'static str,
        method: Method,
        url: Url,
        body: Option<Value>,
    ) -> Result<(), Error> {
        self.change(operation, method, url, body.map(Body::Json), false).await.map(|_| ())
    }

    /// Changes something that Procore takes only as `multipart/form-data`, as [`write`](Self::write) does.
    pub(crate) async fn write_form(
        &self,
        operation: &'static str,
        method: Method,
        url: Url,
        fields: Vec<(String, String)>,
    ) -> Result<(), Error> {
        self.change(operation, method, url, Some(Body::Form(fields)), false).await.map(|_| ())
    }

    /// Changes something and returns what Procore says of it. Without a readable answer the change may have been made.
    pub(crate) async fn write_answered(
        &self,
        operation: &'static str,
        method: Method,
        url: Url,
        body: Option<Value>,
    ) -> Result<Written, Error> {
        self.change(operation, method, url, body.map(Body::Json), true).await.map(Written)
    }

    async fn change(
        &self,
        operation: &'static str,
        method: Method,
        url: Url,
        body: Option<Body>,
        told: bool,
    ) -> Result<Answer, Error> {
        let once = idempotency::is_documented(&method, &url);
        let effect = if once { Effect::Once } else { Effect::Write };
        let token = idempotency::token(operation, &method)?;
        let call = Call { operation, effect, method, url, body, told, token };
        self.settle(&call).await
    }

    async fn settle(&self, call: &Call) -> Result<Answer, Error> {
        let mut attempts = Attempts::new(call.effect);
        let mut refused: Option<Token> = None;
        let mut unsure = false;
        let mut number = 0_u32;
        loop {
            // Asked for before the place in the windows too, so that callers who come together share one renewal, and its
            // failure, rather than queue for it one by one.
            let tokenless = |error: Error| if unsure { error.with_unknown_effect() } else { error };
            self.auth.token(refused.as_ref()).await.map_err(tokenless)?;
            let permit = self.pace.permit().await;
            let token = self.auth.token(refused.as_ref()).await.map_err(tokenless)?;
            number += 1;
            let error = match self.attempt(call, &token, permit, number).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            // A 401 changed nothing, so even a write may be sent again with a new token, once.
            if error.kind() == ErrorKind::NotAuthenticated && refused.is_none() {
                refused = Some(token);
                continue;
            }
            let error =
                if error.kind() == ErrorKind::NotAuthenticated { self.with_hint(error) } else { error };
            // A refusal of the last try, or of a token for it, does not tell what became of one that was never answered.
            unsure |= error.settled() == Settled::Unknown;
            match attempts.after(&error) {
                Some(delay) => tokio::time::sleep(delay).await,
                None if unsure => return Err(error.with_unknown_effect()),
                None => return Err(error),
            }
        }
    }

    /// Adds to the refusal of a new token what is behind it most often.
    fn with_hint(&self, error: Error) -> Error {
        let place = Environment::of_api(&self.api).map(|environment| format!(" ({environment})"));
        let place = place.unwrap_or_default();
        error
            .hinting(&format!("does the token come from the login service of this API's environment{place}?"))
    }

    /// Sends `call` once and logs how it went.
    async fn attempt(
        &self,
        call: &Call,
        token: &Token,
        permit: Permit,
        number: u32,
    ) -> Result<Answer, Error> {
        let started = Instant::now();
        let outcome = self.send(call, token, permit).await;
        let (status, kind, id) = match &outcome {
            Ok(answer) => (Some(answer.status.as_u16()), None, request_id(&answer.headers)),
            Err(error) => (error.status(), Some(error.kind()), error.request_id().map(Into::into)),
        };
        tracing::debug!(
            operation = call.operation,
            method = call.method.as_str(),
            attempt = number,
            status,
            failed = kind.map(tracing::field::display),
            duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
            request_id = id.as_deref(),
            "request"
        );
        outcome
    }

    async fn send(&self, call: &Call, token: &Token, permit: Permit) -> Result<Answer, Error> {
        let request = self.request(call, token)?;
        self.sent.fetch_add(1, Ordering::Relaxed);
        let response = self.exchange.send(call.operation, request).await?;
        permit.answered(response.status(), response.headers());
        if !response.status().is_success() {
            return Err(self
                .exchange
                .refusal(call.operation, response, &[token.secret(), self.auth.secret()])
                .await);
        }
        if call.told {
            // Of a write: the change is made, so a body that is broken, slow or endless can't mean that it was refused.
            return self.exchange.read(call.operation, response).await.map_err(Error::with_unknown_effect);
        }
        let (status, headers) = (response.status(), response.headers().clone());
        Ok(Answer { status, headers, body: Vec::new() })
    }

    fn request(&self, call: &Call, token: &Token) -> Result<Request, Error> {
        let mut request = match &call.body {
            Some(Body::Form(fields)) => {
                self.exchange.parts(call.operation, call.method.clone(), call.url.clone(), fields)?
            }
            Some(Body::Json(_)) | None => Request::new(call.method.clone(), call.url.clone()),
        };
        if let Some(Body::Json(body)) = &call.body {
            *request.body_mut() = Some(body.to_string().into());
            let json = HeaderValue::from_static("application/json");
            request.headers_mut().insert(reqwest::header::CONTENT_TYPE, json);
        }
        let headers: &mut HeaderMap = request.headers_mut();
        headers.insert(AUTHORIZATION, token.header()?);
        if let Some(token) = &call.token {
            headers.insert(idempotency::HEADER, token.clone());
        }
        headers.insert(COMPANY, HeaderValue::from(self.company.get()));
        Ok(request)
    }
}

#[cfg(test)]
mod tests;
