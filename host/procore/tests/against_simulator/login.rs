//! Somebody who logs in: the browser is sent back to us, and refresh tokens live once.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use muster_core::id::UserId;
use muster_procore::{ErrorKind, GrantKind, Login, Settings, TokenFile, Url, connect, revoke};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::site::Site;

/// A simulator, and who logs in there.
async fn site() -> (Site, UserId) {
    let site = Site::without_limits().await;
    let app = site.company.service_account();
    let user = site.company.users().find(|user| user.active && user.id != app).unwrap().id;
    site.simulator.sign_in_as(Some(user));
    (site, UserId::new(user))
}

fn settings(site: &Site, folder: &Path) -> Settings {
    let refresh = Arc::new(TokenFile::at(folder.join("login")));
    Settings { grant: GrantKind::AuthorizationCode { refresh }, ..site.settings() }
}

/// Fetches a page as a browser would, and says where it leads.
async fn open(url: &Url) -> (String, Option<Url>) {
    let mut stream = TcpStream::connect(url.socket_addrs(|| None).unwrap()[0]).await.unwrap();
    let target = &format!("{}?{}", url.path(), url.query().unwrap());
    let head = format!("GET {target} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n", url.authority());
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut page = String::new();
    stream.read_to_string(&mut page).await.unwrap();
    let leads = page.lines().find_map(|line| line.strip_prefix("location: ")).map(|url| url.parse().unwrap());
    (page, leads)
}

async fn log_in(settings: &Settings) {
    let login = Login::start(settings, &"http://127.0.0.1:0/back".parse().unwrap()).await.unwrap();
    let url = login.url().clone();
    let browser = async {
        let (page, back) = open(&url).await;
        let (page, _) = open(&back.expect(&page)).await;
        assert!(page.contains("You are logged in."), "{page}");
    };
    let (done, ()) = tokio::join!(login.finish(Duration::from_secs(600)), browser);
    done.unwrap();
}

#[tokio::test]
async fn whoever_logs_in_is_who_reads() {
    let (site, user) = site().await;
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(&site, folder.path());
    let nobody = connect(settings.clone()).unwrap().reads().me().await.unwrap_err();
    assert!(nobody.words().unwrap().contains("log in first"), "{nobody}");
    log_in(&settings).await;
    let kept = || std::fs::read_to_string(folder.path().join("login")).unwrap();
    let mut tokens = BTreeSet::from([kept()]);
    // Each connection stands for a process of its own.
    for _ in 0..3 {
        let me = connect(settings.clone()).unwrap().reads().me().await.unwrap();
        assert_eq!(me, user);
        assert!(tokens.insert(kept()), "a refresh token works once, so there is a new one each time");
    }
    assert!(revoke(&settings).await.unwrap());
    assert!(!folder.path().join("login").exists());
}

#[tokio::test]
async fn a_token_that_was_used_up_elsewhere_asks_for_a_login() {
    let (site, user) = site().await;
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(&site, folder.path());
    log_in(&settings).await;
    let old = std::fs::read(folder.path().join("login")).unwrap();
    connect(settings.clone()).unwrap().reads().me().await.unwrap();
    // As if the process had ended before it could keep the new one.
    std::fs::write(folder.path().join("login"), &old).unwrap();
    let error = connect(settings.clone()).unwrap().reads().me().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotAuthenticated);
    assert!(error.words().unwrap().contains("log in again"), "{error}");
    log_in(&settings).await;
    assert_eq!(connect(settings).unwrap().reads().me().await.unwrap(), user);
}

#[tokio::test]
async fn a_token_that_was_revoked_is_none_any_more() {
    let (site, _) = site().await;
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(&site, folder.path());
    log_in(&settings).await;
    let connection = connect(settings.clone()).unwrap();
    connection.reads().me().await.unwrap();
    assert!(revoke(&settings).await.unwrap());
    let error = connection.reads().me().await.unwrap_err();
    assert!(
        error.words().unwrap().contains("nobody is logged in"),
        "the token that it had is dead, too: {error}"
    );
    assert!(!revoke(&settings).await.unwrap());
}
