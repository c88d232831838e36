//! Lists whose pages, headers or links are not as they should be.

use std::time::Duration;

use muster_core::id::UserId;
use muster_procore::{Error, ErrorKind};

use crate::clock::quickly;
use crate::server::{Reply, Request, Server, answer};

fn param(request: &Request, name: &str) -> Option<u64> {
    let query = request.target.split_once('?')?.1;
    query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')?.parse().ok())
}

fn page(ids: impl Iterator<Item = u64>, headers: &[(&str, &str)]) -> Reply {
    let row = |id| format!(r#"{{"id":{id},"name":"U{id}","is_active":true,"is_employee":true}}"#);
    answer(200, headers, &format!("[{}]", ids.map(row).collect::<Vec<_>>().join(",")))
}

async fn users(server: &Server) -> Result<Vec<u64>, Error> {
    let users = quickly(server.connect().reads().active_users()).await?;
    Ok(users.iter().map(|user| user.id.get()).collect())
}

#[tokio::test]
async fn a_link_to_another_host_is_not_followed_and_the_list_is_complete_all_the_same() {
    let elsewhere = Server::start(|_, _| page(1..2, &[])).await;
    let link = format!("<{}rest/v1.3/users?page=2>; rel=\"next\"", elsewhere.url);
    let server = Server::start(move |request, _| {
        let first = param(request, "page").unwrap() * 10;
        page(first..(first + 10).min(35), &[("total", "25"), ("per-page", "10"), ("link", &link)])
    })
    .await;
    assert_eq!(users(&server).await.unwrap(), (10..35).collect::<Vec<_>>());
    assert!(elsewhere.requests().is_empty() && elsewhere.logins().is_empty());
}

#[tokio::test]
async fn a_link_to_the_same_list_is_followed() {
    let server = Server::start(|request, n| {
        let next = "</rest/v1.3/users?company_id=1&filters[active]=true&cursor=abc>; rel=\"next\"";
        let headers = [("link", if n == 0 { next } else { "<x>; rel=\"first\"" })];
        assert_eq!(n == 1, request.target.contains("cursor=abc"));
        page(n as u64 * 10..n as u64 * 10 + 10, &headers)
    })
    .await;
    assert_eq!(users(&server).await.unwrap().len(), 20);
}

#[tokio::test]
async fn pages_smaller_than_asked_for_are_honoured() {
    let server = Server::start(|request, _| {
        let first = (param(request, "page").unwrap() - 1) * 100;
        page(first..(first + 100).min(250), &[("per-page", "100"), ("total", "250")])
    })
    .await;
    assert_eq!(users(&server).await.unwrap().len(), 250);
    let asked: Vec<_> = server.requests().iter().map(|request| param(request, "per_page").unwrap()).collect();
    assert_eq!(asked, [1000, 100, 100]);
}

#[tokio::test]
async fn a_server_that_says_nothing_of_its_pages_is_read_to_the_end() {
    let server = Server::start(|request, _| {
        let first = (param(request, "page").unwrap() - 1) * 100;
        page(first..(first + 100).min(200).max(first), &[])
    })
    .await;
    assert_eq!(users(&server).await.unwrap().len(), 200);
}

#[tokio::test]
async fn a_list_that_changed_while_it_was_read_is_read_again() {
    // Somebody on the first page leaves: everybody moves up by one, and 11 would never be seen.
    let server = Server::start(|request, n| {
        let (total, skip) = if n == 0 { (20, 0) } else { (19, 1) };
        let first = (param(request, "page").unwrap() - 1) * 10 + 1 + skip;
        page(first..(first + 10).min(21), &[("total", &total.to_string()), ("per-page", "10")])
    })
    .await;
    assert_eq!(users(&server).await.unwrap(), (2..=20).collect::<Vec<_>>());
    assert_eq!(server.requests().len(), 4);
}

#[tokio::test]
async fn a_list_that_never_agrees_with_itself_is_an_error() {
    let repeats = Server::start(|_, _| page(0..10, &[("total", "20"), ("per-page", "10")])).await;
    let loses = Server::start(|request, _| {
        let rows = if param(request, "page") == Some(1) { 0..10 } else { 0..0 };
        page(rows, &[("total", "20"), ("per-page", "10")])
    })
    .await;
    for (server, why) in [(repeats, "a row came twice"), (loses, "it has fewer rows than its total")] {
        let error = users(&server).await.unwrap_err();
        assert_eq!((error.kind(), error.words()), (ErrorKind::Unsteady, Some(why)));
        assert_eq!(server.requests().len(), 4, "read twice, two pages each");
    }
}

#[tokio::test]
async fn a_filter_that_is_ignored_lets_nobody_in_who_is_inactive() {
    let server = Server::start(|_, _| {
        answer(
            200,
            &[("total", "2")],
            r#"[{"id":1,"is_active":false,"is_employee":true},{"id":2,"is_active":true,"is_employee":true}]"#,
        )
    })
    .await;
    assert_eq!(users(&server).await.unwrap(), [2]);
}

#[tokio::test]
async fn a_page_that_fails_for_a_moment_does_not_lose_the_list() {
    let server = Server::start(|request, n| match n {
        1 => answer(429, &[("retry-after", "3")], ""),
        _ => {
            let first = (param(request, "page").unwrap() - 1) * 10;
            page(first..first + 10, &[("total", "20")])
        }
    })
    .await;
    assert_eq!(users(&server).await.unwrap().len(), 20);
    let requests = server.requests();
    assert!(requests[2].at - requests[1].at >= Duration::from_secs(3));
}

#[tokio::test]
async fn one_bad_row_is_an_error_that_names_it() {
    let server = Server::start(|_, _| {
        let rows =
            r#"[{"id":1,"is_active":true,"is_employee":true},{"id":2,"is_active":"yes","is_employee":true}]"#;
        answer(200, &[], rows)
    })
    .await;
    let error = users(&server).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Malformed);
    assert!(error.words().unwrap().starts_with("at [1].is_active: invalid type"), "{error}");
}

#[tokio::test]
async fn the_count_is_the_total_of_a_page_of_one() {
    let server = Server::start(|_, _| page(7..8, &[("total", "1234")])).await;
    assert_eq!(quickly(server.connect().reads().active_user_count()).await.unwrap(), 1234);
    assert_eq!(param(&server.requests()[0], "per_page"), Some(1));
    for (headers, row) in [(&[][..], true), (&[("total", "1234")][..], false)] {
        let body = format!(r#"[{{"id":7,"is_active":{row},"is_employee":true}}]"#);
        let server = Server::start(move |_, _| answer(200, headers, &body)).await;
        let error = quickly(server.connect().reads().active_user_count()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Malformed);
    }
}

#[tokio::test]
async fn the_users_that_a_search_finds_are_compared_exactly() {
    let server = Server::start(|_, _| {
        let row = |id: u64, email: &str, active: bool| {
            format!(r#"{{"id":{id},"email_address":"{email}","is_active":{active},"is_employee":true}}"#)
        };
        let rows = [
            row(3, "ana@example.com.au", true),
            row(2, "ANA@example.com", false),
            row(1, "x-ana@example.com", true),
        ];
        answer(200, &[("total", "3")], &format!("[{}]", rows.join(",")))
    })
    .await;
    let found =
        quickly(server.connect().reads().users_by_email(&"ana@Example.com".parse().unwrap())).await.unwrap();
    assert_eq!(found.iter().map(|user| user.id).collect::<Vec<_>>(), [UserId::new(2)]);
    assert!(server.requests()[0].target.contains("filters%5Bsearch%5D=ana%40Example.com"));
}
