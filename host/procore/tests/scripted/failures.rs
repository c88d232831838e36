//! What can go wrong on the wire, and whether a change may have happened then.

use std::time::Duration;

use muster_core::id::{ProjectId, UserId};
use muster_procore::{Error, ErrorKind, Settings, Settled, Timeouts, connect};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket};

use crate::clock::quickly;
use crate::server::{DROP, Reply, SECRET, SILENCE, Server, answer, bytes, ok};

const ME: &str = r#"{"id":7}"#;

async fn read(settings: Settings) -> Result<UserId, Error> {
    quickly(connect(settings).unwrap().reads().me()).await
}

async fn write(settings: Settings) -> Result<(), Error> {
    quickly(connect(settings).unwrap().writes().deactivate_user(UserId::new(7))).await
}

fn cut_off() -> Reply {
    let mut bytes = bytes(200, &[], &" ".repeat(1000));
    bytes.truncate(200);
    Reply::Bytes(bytes)
}

#[tokio::test]
async fn every_request_names_the_company_and_carries_what_it_must() {
    let server = Server::start(|_, _| ok(ME)).await;
    let connection = server.connect();
    quickly(async {
        connection.reads().me().await.unwrap();
        connection.writes().deactivate_user(UserId::new(7)).await.unwrap();
    })
    .await;
    let requests = server.requests();
    for request in &requests {
        assert_eq!(request.header("procore-company-id"), Some("1"));
        assert_eq!(request.header("authorization"), Some("bearer canary-token-0"));
        assert_eq!(request.header("accept"), Some("application/json"));
        assert_eq!(request.header("accept-encoding"), Some("gzip"));
        assert_eq!(request.header("referer"), None);
        assert!(request.header("user-agent").unwrap().starts_with("muster/"));
    }
    assert_eq!(requests[0].header("idempotency-token"), None);
    assert_eq!(requests[1].header("idempotency-token").unwrap().len(), 36);
    assert_eq!(requests[1].header("content-type"), Some("application/json"));
    assert_eq!(requests[1].body, r#"{"user":{"is_active":false}}"#);
}

#[tokio::test]
async fn a_write_without_an_answer_is_unknown_and_never_repeated() {
    let unanswered = [
        (DROP, ErrorKind::NoAnswer),
        (SILENCE, ErrorKind::Timeout),
        (Reply::Bytes(b"nonsense\r\n\r\n".to_vec()), ErrorKind::NoAnswer),
        (Reply::Stall(b"HTTP/1.1 200 OK\r\n".to_vec()), ErrorKind::Timeout),
        (answer(500, &[], "{}"), ErrorKind::Unavailable),
        (answer(503, &[("retry-after", "1")], "{}"), ErrorKind::Unavailable),
        (answer(302, &[("location", "/elsewhere")], "{}"), ErrorKind::Malformed),
        (answer(408, &[], "{}"), ErrorKind::Timeout),
    ];
    for (reply, kind) in unanswered {
        let reply = std::sync::Mutex::new(Some(reply));
        let server =
            Server::start(move |_, _| reply.lock().unwrap().take().unwrap_or_else(|| ok("{}"))).await;
        let error = write(server.settings()).await.unwrap_err();
        assert_eq!((error.kind(), error.settled()), (kind, Settled::Unknown), "{error}");
        assert_eq!((error.operation(), server.requests().len()), ("deactivate user", 1), "{error}");
    }
}

#[tokio::test]
async fn a_change_keeps_its_token_over_all_its_tries_and_the_next_one_has_its_own() {
    let server = Server::start(|_, n| match n {
        0 => answer(429, &[("retry-after", "1")], ""),
        1 => answer(401, &[], "{}"),
        _ => ok("{}"),
    })
    .await;
    let writes = server.connect().writes();
    quickly(async {
        writes.deactivate_user(UserId::new(7)).await.unwrap();
        writes.deactivate_user(UserId::new(7)).await.unwrap();
        writes.remove_from_project(UserId::new(7), ProjectId::new(1)).await.unwrap();
    })
    .await;
    let requests = server.requests();
    let tokens: Vec<_> = requests.iter().map(|request| request.header("idempotency-token")).collect();
    assert_eq!(tokens.len(), 5);
    assert!(tokens[0].is_some() && tokens[0] == tokens[1] && tokens[1] == tokens[2]);
    assert!(tokens[3].is_some() && tokens[3] != tokens[0]);
    assert_eq!(tokens[4], None, "a deletion takes no token");
}

#[tokio::test]
async fn a_refused_write_is_refused_and_never_repeated() {
    for (status, kind) in [
        (400, ErrorKind::Invalid),
        (403, ErrorKind::Forbidden),
        (404, ErrorKind::NotFound),
        (409, ErrorKind::Conflict),
        (422, ErrorKind::Invalid),
    ] {
        let server = Server::start(move |_, _| answer(status, &[("x-request-id", "r-1")], "no")).await;
        let error = write(server.settings()).await.unwrap_err();
        assert_eq!((error.kind(), error.settled()), (kind, Settled::Refused));
        assert_eq!(
            (error.status(), error.words(), error.request_id()),
            (Some(status), Some("no"), Some("r-1"))
        );
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn a_write_that_was_accepted_is_done_whatever_its_body_is() {
    for accepted in [
        ok("<html>not JSON"),
        answer(204, &[], ""),
        answer(202, &[], "later"),
        cut_off(),
        Reply::Stall(bytes(200, &[("transfer-encoding", "chunked")], "")),
        ok(&"x".repeat(100_000)),
    ] {
        let reply = std::sync::Mutex::new(Some(accepted));
        let server = Server::start(move |_, _| reply.lock().unwrap().take().unwrap()).await;
        let mut settings = server.settings();
        settings.max_body = 1000;
        write(settings).await.unwrap();
    }
}

#[tokio::test]
async fn a_write_that_found_no_connection_is_tried_again_and_had_no_effect() {
    let server = Server::start(|_, _| ok("{}")).await;
    // Nobody else can get its port, and until it listens nobody is let in.
    let closed = TcpSocket::new_v4().unwrap();
    closed.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = closed.local_addr().unwrap();
    let mut settings = server.settings();
    settings.api = format!("http://{address}").parse().unwrap();
    let error = write(settings.clone()).await.unwrap_err();
    assert_eq!((error.kind(), error.settled()), (ErrorKind::Connection, Settled::Refused));

    let connection = connect(settings).unwrap();
    quickly(async {
        let late = async {
            tokio::time::sleep(Duration::from_millis(500)).await;
            let listener = closed.listen(1).unwrap();
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = [0; 4096];
            assert!(stream.read(&mut request).await.unwrap() > 0);
            stream.write_all(&bytes(204, &[], "")).await.unwrap();
            stream
        };
        let writes = connection.writes();
        let (done, _stream) = tokio::join!(writes.deactivate_user(UserId::new(7)), late);
        done.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_failed_tls_handshake_is_no_connection() {
    let server = Server::start(|_, _| ok("{}")).await;
    for (reply, kind) in [(&b"no TLS here\r\n"[..], ErrorKind::Connection), (b"", ErrorKind::Timeout)] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut settings = server.settings();
        settings.api = format!("https://{}", listener.local_addr().unwrap()).parse().unwrap();
        settings.timeouts.connect = Duration::from_secs(10);
        tokio::spawn(async move {
            let mut open = Vec::new();
            while let Ok((mut stream, _)) = listener.accept().await {
                stream.write_all(reply).await.unwrap();
                open.push(stream);
            }
        });
        let error = write(settings).await.unwrap_err();
        assert_eq!((error.kind(), error.settled()), (kind, Settled::Refused), "{error:?}");
    }
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn a_read_is_repeated_until_it_is_answered() {
    let server = Server::start(|_, n| match n {
        0 => answer(502, &[("content-type", "text/html")], "<html>Bad Gateway</html>"),
        1 => DROP,
        2 => cut_off(),
        3 => Reply::Stall(bytes(200, &[], "")[..20].to_vec()),
        _ => ok(ME),
    })
    .await;
    assert_eq!(read(server.settings()).await.unwrap(), UserId::new(7));
    assert_eq!(server.requests().len(), 5);
}

#[tokio::test]
async fn a_read_that_is_never_answered_fails_in_the_end() {
    let server = Server::start(|_, _| answer(502, &[], "<html><title>502 Bad Gateway</title>")).await;
    let error = read(server.settings()).await.unwrap_err();
    assert_eq!((error.kind(), error.settled()), (ErrorKind::Unavailable, Settled::Refused));
    assert_eq!(error.to_string(), "show own user: unavailable (502): 502 Bad Gateway");
    assert_eq!(server.requests().len(), 6);
}

/// An answer whose last 20 bytes come one a second.
fn slowly() -> Reply {
    let mut all = bytes(200, &[], &format!("{ME}{}", " ".repeat(20)));
    let rest = all.split_off(all.len() - 20);
    Reply::Drip(all, rest, Duration::from_secs(1))
}

#[tokio::test]
async fn each_phase_of_an_answer_has_its_own_patience() {
    type Answering = fn() -> Reply;
    type Phase = fn(&mut Timeouts) -> &mut Duration;
    let table: [(Answering, Phase, Option<&str>); 4] = [
        (|| SILENCE, |timeouts| &mut timeouts.head, Some("no answer began for 3 s")),
        (
            || Reply::Stall(bytes(200, &[], ME)[..30].to_vec()),
            |timeouts| &mut timeouts.head,
            Some("no answer began for 3 s"),
        ),
        (
            || Reply::Stall(bytes(200, &[], ME).split_last().unwrap().1.to_vec()),
            |timeouts| &mut timeouts.chunk,
            Some("the answer stopped for 3 s"),
        ),
        (slowly, |timeouts| &mut timeouts.request, None),
    ];
    for (reply, phase, words) in table {
        let server = Server::start(move |_, _| reply()).await;
        let mut settings = server.settings();
        *phase(&mut settings.timeouts) = Duration::from_secs(3);
        let error = read(settings).await.unwrap_err();
        assert_eq!((error.kind(), error.words()), (ErrorKind::Timeout, words));
        let at: Vec<_> = server.requests().iter().map(|request| request.at).collect();
        assert!(at.windows(2).all(|two| two[1] - two[0] >= Duration::from_secs(3)), "{words:?}");
    }
}

#[tokio::test]
async fn an_answer_that_keeps_coming_is_waited_for() {
    let server = Server::start(|_, _| slowly()).await;
    let mut settings = server.settings();
    (settings.timeouts.head, settings.timeouts.chunk) = (Duration::from_secs(10), Duration::from_secs(10));
    assert_eq!(read(settings).await.unwrap(), UserId::new(7));
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Server::start(|_, _| ok(ME)).await;
    let location = format!("{}rest/v1.0/me", elsewhere.url);
    let server = Server::start(move |_, _| answer(307, &[("location", &location)], "")).await;
    let error = read(server.settings()).await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::Malformed, Some(307)));
    assert_eq!(write(server.settings()).await.unwrap_err().settled(), Settled::Unknown);
    assert!(elsewhere.requests().is_empty() && elsewhere.logins().is_empty());
}

#[tokio::test]
async fn an_answer_over_the_bound_is_not_read() {
    let server = Server::start(|_, _| ok(&" ".repeat(2000))).await;
    let mut settings = server.settings();
    settings.max_body = 1000;
    let error = read(settings).await.unwrap_err();
    assert_eq!((error.kind(), server.requests().len()), (ErrorKind::TooLarge, 1));
}

#[tokio::test]
async fn the_bound_is_on_what_an_answer_unpacks_to() {
    // 100,002 bytes of JSON that are almost all spaces.
    let mut packed = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xed\xc1\x41\x11\x00\x00\x0c\x02\xa0\x2a\xeb\xe5\xad\x7f\x0d\x6b\xf8\x00\x72".to_vec();
    packed.resize(125, 0);
    packed.extend(b"\xc0\xac\x2f\x9f\x09\x83\x86\xa2\x86\x01\x00");
    let length = packed.len();
    let server = Server::start(move |_, _| {
        let head = format!("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {length}\r\n\r\n");
        Reply::Bytes([head.as_bytes(), &packed].concat())
    })
    .await;
    let mut settings = server.settings();
    settings.max_body = 50_000;
    assert_eq!(read(settings.clone()).await.unwrap_err().kind(), ErrorKind::TooLarge);
    settings.max_body = 200_000;
    let error = read(settings).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Malformed, "it unpacks, and then it is a list: {error}");
    assert!(error.words().unwrap().contains("column 100002"), "{error}");
}

#[tokio::test]
async fn a_refusal_of_any_length_is_told_by_its_status() {
    let server = Server::start(|_, _| answer(403, &[], &"no ".repeat(1_000_000))).await;
    let mut settings = server.settings();
    settings.max_body = 1000;
    let error = write(settings).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Forbidden);
    assert_eq!(error.words().unwrap().chars().count(), 300);
}

#[tokio::test]
async fn a_malformed_answer_names_operation_and_place() {
    for (body, place) in [
        (r#"{"login":"x"}"#, "missing field `id`"),
        (r#"{"id":"7"}"#, "at id: invalid type"),
        (r#"{"id":-7}"#, "at id: invalid value"),
        (r#"{"id":7} {"id":8}"#, "trailing characters"),
        ("<html>login</html>", "expected value"),
        ("", "EOF while parsing"),
    ] {
        let server = Server::start(move |_, _| ok(body)).await;
        let error = read(server.settings()).await.unwrap_err();
        assert_eq!((error.kind(), error.operation()), (ErrorKind::Malformed, "show own user"), "{body}");
        assert!(error.words().unwrap().contains(place), "{error}");
        assert_eq!(server.requests().len(), 1, "{body}");
    }
}

#[tokio::test]
async fn no_error_repeats_a_secret_that_an_answer_repeats() {
    let server = Server::start(|request, _| {
        let token = request.header("authorization").unwrap().to_owned();
        answer(403, &[], &format!(r#"{{"errors":["{token}"],"message":"{token}"}}"#))
    })
    .await;
    let connection = connect(server.settings()).unwrap();
    let error = quickly(connection.writes().remove_from_project(UserId::new(2), ProjectId::new(1)))
        .await
        .unwrap_err();
    let seen = format!("{error} {error:?} {connection:?} {:?} {:?}", connection.reads(), connection.writes());
    assert!(!seen.contains("canary") && !seen.contains(SECRET), "{seen}");
    assert!(seen.contains("[redacted]"), "{seen}");
}
