//! Connections against a server that counts them, over TLS where HTTP/2 is agreed on.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::routing::get;
use axum::serve::Listener;
use muster_core::id::CompanyId;
use reqwest::{Certificate, Method, Version};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use secrecy::SecretString;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::*;

/// A listener that counts whom it lets in.
struct Counting<L> {
    inner: L,
    count: Arc<AtomicUsize>,
}

impl<L: Listener> Listener for Counting<L> {
    type Io = L::Io;
    type Addr = L::Addr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        let accepted = self.inner.accept().await;
        self.count.fetch_add(1, Ordering::Relaxed);
        accepted
    }

    fn local_addr(&self) -> std::io::Result<Self::Addr> {
        self.inner.local_addr()
    }
}

/// A listener that speaks TLS.
struct Tls {
    inner: TcpListener,
    acceptor: TlsAcceptor,
}

impl Listener for Tls {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let (stream, address) = Listener::accept(&mut self.inner).await;
            if let Ok(stream) = self.acceptor.accept(stream).await {
                return (stream, address);
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<Self::Addr> {
        self.inner.local_addr()
    }
}

/// Serves on `listener` and returns how many connections there have been.
fn serve(listener: impl Listener<Addr = SocketAddr>) -> Arc<AtomicUsize> {
    let count = Arc::<AtomicUsize>::default();
    let listener = Counting { inner: listener, count: Arc::clone(&count) };
    let router = Router::new().route("/", get(async || "7"));
    tokio::spawn(async { axum::serve(listener, router).await });
    count
}

/// Serves over TLS, offering `protocols`, and returns an exchange that trusts it, its address and the count.
async fn tls(protocols: &[&str]) -> (Exchange, String, Arc<AtomicUsize>) {
    let signed = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(signed.signing_key.serialize_der()));
    let mut config = rustls::ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![signed.cert.der().clone()], key)
        .unwrap();
    config.alpn_protocols = protocols.iter().map(|protocol| protocol.as_bytes().to_vec()).collect();
    let inner = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://localhost:{}/", inner.local_addr().unwrap().port());
    let count = serve(Tls { inner, acceptor: TlsAcceptor::from(Arc::new(config)) });
    let trusted = Certificate::from_der(signed.cert.der()).unwrap();
    let timeouts = Timeouts::default();
    let http = builder(timeouts).tls_certs_only([trusted]).build().unwrap();
    (Exchange { http, timeouts, max_body: 1000 }, url, count)
}

async fn ask(exchange: &Exchange, url: &str) -> Version {
    let request = Request::new(Method::GET, url.parse().unwrap());
    let response = exchange.send("ask", request).await.unwrap();
    let version = response.version();
    assert_eq!(exchange.read("ask", response).await.unwrap().body, b"7");
    version
}

#[tokio::test]
async fn one_connection_serves_one_request_after_the_other() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url: reqwest::Url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
    let secret = SecretString::from("secret");
    let exchange =
        Exchange::new(&Settings::new(url.clone(), url.clone(), CompanyId::new(1), "id", secret)).unwrap();
    let count = serve(listener);
    for _ in 0..5 {
        assert_eq!(ask(&exchange, url.as_str()).await, Version::HTTP_11);
    }
    assert_eq!(count.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn requests_share_a_connection_where_the_server_offers_http_2() {
    let (exchange, url, count) = tls(&["h2", "http/1.1"]).await;
    assert_eq!(ask(&exchange, &url).await, Version::HTTP_2);
    let mut tasks = JoinSet::new();
    let (exchange, url) = (Arc::new(exchange), Arc::<str>::from(url));
    for _ in 0..20 {
        let (exchange, url) = (Arc::clone(&exchange), Arc::clone(&url));
        tasks.spawn(async move { ask(&exchange, &url).await });
    }
    assert_eq!(tasks.join_all().await, [Version::HTTP_2; 20]);
    assert_eq!(count.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_server_without_http_2_is_spoken_to_all_the_same() {
    for offered in [&["http/1.1"][..], &[]] {
        let (exchange, url, _) = tls(offered).await;
        assert_eq!(ask(&exchange, &url).await, Version::HTTP_11);
    }
}
