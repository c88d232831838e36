//! A server that answers as told, byte by byte: for everything that a well-behaved one can't do.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use muster_core::id::CompanyId;
use muster_procore::{Connection, SecretString, Settings, Timeouts, Url, connect};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;

/// The secret that must never be seen anywhere.
pub(crate) const SECRET: &str = "canary-secret";

/// One request as it came.
#[derive(Clone)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) target: String,
    /// The head, in lower case.
    pub(crate) head: String,
    pub(crate) body: String,
    pub(crate) at: Instant,
}

impl Request {
    /// Returns the path without the query.
    pub(crate) fn path(&self) -> &str {
        self.target.split('?').next().unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }
}

/// What becomes of a request.
pub(crate) enum Reply {
    /// These bytes, and then the end of the connection.
    Bytes(Vec<u8>),
    /// These bytes, and then nothing more.
    Stall(Vec<u8>),
    /// The first bytes, then the others one by one, each after so long.
    Drip(Vec<u8>, Vec<u8>, Duration),
}

/// Nothing but the end of the connection.
pub(crate) const DROP: Reply = Reply::Bytes(Vec::new());

/// Nothing at all.
pub(crate) const SILENCE: Reply = Reply::Stall(Vec::new());

/// Returns an answer with a JSON body.
pub(crate) fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Reply {
    Reply::Bytes(bytes(status, headers, body))
}

/// Returns the answer 200 with a JSON body.
pub(crate) fn ok(body: &str) -> Reply {
    answer(200, &[], body)
}

pub(crate) fn bytes(status: u16, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    let mut head = format!("HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    format!("{head}\r\n{body}").into_bytes()
}

/// A running server. Requests for a token are kept apart from the others.
pub(crate) struct Server {
    pub(crate) url: Url,
    api: Arc<Mutex<Vec<Request>>>,
    logins: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    /// Starts a server that gives out tokens and answers the nth other request (from 0) as `script` says.
    pub(crate) async fn start(script: impl Fn(&Request, usize) -> Reply + Send + Sync + 'static) -> Self {
        let token = |_: &Request, n: usize| {
            ok(&format!(
                r#"{{"access_token":"canary-token-{n}","token_type":"bearer","expires_in":5400,"created_at":1}}"#
            ))
        };
        Self::with_login(token, script).await
    }

    /// Starts a server whose answers to requests for a token are scripted too.
    pub(crate) async fn with_login(
        login: impl Fn(&Request, usize) -> Reply + Send + Sync + 'static,
        script: impl Fn(&Request, usize) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
        let (api, logins) = (Arc::<Mutex<Vec<Request>>>::default(), Arc::<Mutex<Vec<Request>>>::default());
        let server = Self { url, api: Arc::clone(&api), logins: Arc::clone(&logins) };
        let scripts = Arc::new((login, script));
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (api, logins, scripts) = (Arc::clone(&api), Arc::clone(&logins), Arc::clone(&scripts));
                tokio::spawn(async move {
                    let Some(request) = receive(&mut stream).await else { return };
                    let is_login = request.path() == "/oauth/token";
                    let n = keep(if is_login { &logins } else { &api }, &request);
                    let reply = if is_login { scripts.0(&request, n) } else { scripts.1(&request, n) };
                    send(stream, reply).await;
                });
            }
        });
        server
    }

    pub(crate) fn settings(&self) -> Settings {
        let secret = SecretString::from(SECRET);
        let mut settings =
            Settings::new(self.url.clone(), self.url.clone(), CompanyId::new(1), "client-id", secret);
        // Seconds of the tests' own clock, which runs ahead.
        let long = Duration::from_secs(600);
        settings.timeouts = Timeouts { connect: long, head: long, chunk: long, request: long };
        settings
    }

    pub(crate) fn connect(&self) -> Connection {
        connect(self.settings()).unwrap()
    }

    /// Returns the requests so far, those for a token left out.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.api.lock().unwrap().clone()
    }

    /// Returns the requests for a token.
    pub(crate) fn logins(&self) -> Vec<Request> {
        self.logins.lock().unwrap().clone()
    }
}

fn keep(requests: &Mutex<Vec<Request>>, request: &Request) -> usize {
    let mut requests = requests.lock().unwrap();
    requests.push(request.clone());
    requests.len() - 1
}

async fn receive(stream: &mut TcpStream) -> Option<Request> {
    let mut received = Vec::new();
    let end = loop {
        if let Some(end) = received.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
            break end + 4;
        }
        if stream.read_buf(&mut received).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(received[..end].to_vec()).ok()?;
    let mut line = head.lines().next()?.split(' ').map(str::to_owned);
    let mut request = Request {
        method: line.next()?,
        target: line.next()?,
        head: head.to_lowercase(),
        body: String::new(),
        at: Instant::now(),
    };
    let length: usize = request.header("content-length").map_or(0, |length| length.parse().unwrap());
    while received.len() < end + length {
        stream.read_buf(&mut received).await.ok()?;
    }
    request.body = String::from_utf8(received[end..].to_vec()).ok()?;
    Some(request)
}

async fn send(mut stream: TcpStream, reply: Reply) {
    match reply {
        Reply::Bytes(bytes) => {
            // The other end may have lost interest.
            let _ = stream.write_all(&bytes).await;
            let _ = stream.shutdown().await;
        }
        Reply::Stall(bytes) => {
            let _ = stream.write_all(&bytes).await;
            std::future::pending::<()>().await;
        }
        Reply::Drip(bytes, drops, after) => {
            let _ = stream.write_all(&bytes).await;
            for drop in drops {
                tokio::time::sleep(after).await;
                let _ = stream.write_all(&[drop]).await;
            }
        }
    }
}
