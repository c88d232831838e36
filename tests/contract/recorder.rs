//! A proxy that keeps every exchange that goes through it.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderName, Response, header};
use reqwest::{Client, Url, redirect};
use serde_json::Value;
use tokio::net::TcpListener;

use crate::exchange::{Content, Exchange};

/// Headers that are between two machines and not between a caller and Procore.
const HOP: [HeaderName; 5] = [
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::CONTENT_ENCODING,
    header::TRANSFER_ENCODING,
    // What is compressed is read here, so it is asked for anew.
    header::ACCEPT_ENCODING,
];

/// A proxy that serves until its runtime ends.
#[derive(Debug, Clone)]
pub(crate) struct Recorder {
    target: String,
    base: String,
    client: Client,
    kept: Arc<Mutex<Vec<Exchange>>>,
    /// A field that callers don't get to see.
    hidden: Arc<Mutex<Option<&'static str>>>,
}

impl Recorder {
    /// Starts a proxy before a server.
    pub(crate) async fn start(target: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let client = Client::builder().redirect(redirect::Policy::none()).no_proxy().build().unwrap();
        let recorder = Self { target, base, client, kept: Arc::default(), hidden: Arc::default() };
        let routes = Router::new().fallback(forward).with_state(recorder.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        recorder
    }

    /// Returns the URL of the proxy, without a slash at its end.
    pub(crate) fn base_url(&self) -> &str {
        &self.base
    }

    /// Leaves a field out of all answers from now on, wherever it stands; what is kept has it. Some requests are sent only
    /// where an answer before them said too little.
    pub(crate) fn hide(&self, field: Option<&'static str>) {
        *self.hidden.lock().unwrap() = field;
    }

    /// Returns what went through since the last time.
    pub(crate) fn take(&self) -> Vec<Exchange> {
        std::mem::take(&mut self.kept.lock().unwrap())
    }
}

/// Forwards a request, with the host that the caller named, so that links in answers lead through here again.
async fn forward(State(recorder): State<Recorder>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 16 << 20).await.unwrap();
    let target = parts.uri.path_and_query().unwrap().as_str();
    let url: Url = format!("{}{target}", recorder.target).parse().unwrap();
    let mut headers = parts.headers.clone();
    for name in HOP {
        headers.remove(name);
    }
    let answer = recorder.client.request(parts.method.clone(), url.clone()).headers(headers);
    let answer = answer.body(body.clone()).send().await.unwrap();
    let (status, mut headers) = (answer.status(), answer.headers().clone());
    let media = |headers: &axum::http::HeaderMap| {
        headers.get(header::CONTENT_TYPE).map_or("", |value| value.to_str().unwrap()).to_owned()
    };
    let content: Bytes = answer.bytes().await.unwrap();
    let shown = |name: &HeaderName, value: &axum::http::HeaderValue| match *name {
        header::AUTHORIZATION => String::new(),
        _ => value.to_str().unwrap().to_owned(),
    };
    let exchange = Exchange {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: url.query_pairs().into_owned().collect(),
        headers: parts.headers.iter().map(|(name, value)| (name.to_string(), shown(name, value))).collect(),
        body: Content::read(&media(&parts.headers), &body),
        status: status.as_u16(),
        answer: Content::read(&media(&headers), &content),
    };
    let hidden = *recorder.hidden.lock().unwrap();
    let content = match (hidden, &exchange.answer) {
        (Some(field), Content::Json(value)) => {
            let mut value = value.clone();
            without(&mut value, field);
            Bytes::from(value.to_string())
        }
        _ => content,
    };
    recorder.kept.lock().unwrap().push(exchange);
    for name in HOP {
        headers.remove(name);
    }
    let mut response = Response::new(Body::from(content));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

fn without(value: &mut Value, field: &str) {
    match value {
        Value::Object(fields) => {
            fields.remove(field);
            fields.values_mut().for_each(|value| without(value, field));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| without(item, field)),
        _ => {}
    }
}
