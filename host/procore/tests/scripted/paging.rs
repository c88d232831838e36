//! Lists whose pages, headers or links are not as they should be.

use std::future::ready;
use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt};
use muster_core::directory::{Activity, User};
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
async fn what_was_granted_once_is_asked_for_the_next_time() {
    let server = Server::start(|request, _| {
        let first = (param(request, "page").unwrap() - 1) * 100;
        page(first..(first + 100).min(250), &[("per-page", "100"), ("total", "250")])
    })
    .await;
    let reads = server.connect().reads();
    quickly(async {
        for _ in 0..2 {
            assert_eq!(reads.active_users().await.unwrap().len(), 250);
        }
        assert_eq!(
            reads.stream_users(Activity::All).count().await,
            250,
            "another operation of the same endpoint"
        );
    })
    .await;
    let asked: Vec<_> = server.requests().iter().map(|request| param(request, "per_page").unwrap()).collect();
    assert_eq!(asked, [1000, 100, 100, 100, 100, 100, 100, 100, 100]);
}

#[tokio::test]
async fn a_total_is_read_in_the_spelling_of_either_dialect() {
    let server = Server::start(|request, _| {
        let first = (param(request, "page").unwrap() - 1) * 10;
        page(first..first + 10, &[("x-total", "30")])
    })
    .await;
    assert_eq!(users(&server).await.unwrap().len(), 30);
    assert_eq!(server.requests().len(), 3, "the total says that there is no fourth page");
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
    for (server, why) in
        [(repeats, "row 0 came twice, on page 2 again"), (loses, "10 of its 20 rows never came")]
    {
        let error = users(&server).await.unwrap_err();
        assert_eq!((error.kind(), error.words()), (ErrorKind::Unsteady, Some(why)));
        assert_eq!(server.requests().len(), 4, "read twice, two pages each");
    }
}

#[tokio::test]
async fn a_stream_reads_a_page_only_when_its_rows_are_wanted() {
    let server = Server::start(|request, _| {
        let first = (param(request, "page").unwrap() - 1) * 10;
        page(first..first + 10, &[("total", "30"), ("per-page", "10")])
    })
    .await;
    let mut users = Box::pin(server.connect().reads().stream_users(Activity::Active));
    quickly(async {
        for (row, read) in [(0, 1), (9, 1), (10, 2), (29, 3)] {
            let mut came = users.by_ref().skip_while(|user| ready(user.as_ref().unwrap().id.get() < row));
            assert_eq!(came.next().await.unwrap().unwrap().id.get(), row);
            assert_eq!(server.requests().len(), read, "row {row}");
        }
        assert!(users.next().await.is_none());
    })
    .await;
    assert!(server.requests()[0].target.contains("filters%5Bactive%5D=true"));
}

#[tokio::test]
async fn a_stream_whose_pages_do_not_agree_says_so_and_ends() {
    let repeats = |request: &Request, _| {
        let first = if param(request, "page") == Some(1) { 0 } else { 7 };
        page(first..first + 10, &[("total", "20"), ("per-page", "10")])
    };
    let loses = |request: &Request, n| {
        let first = (param(request, "page").unwrap() - 1) * 10;
        page(first..first + 10, &[("total", if n == 0 { "30" } else { "28" }), ("per-page", "10")])
    };
    let loses = Server::start(loses).await;
    for (server, why) in [
        (Server::start(repeats).await, "row 7 came twice, on page 2 again"),
        (loses, "it had 2 rows fewer at page 2 than before (28, not 30)"),
    ] {
        let users: Vec<_> = quickly(server.connect().reads().stream_users(Activity::All).collect()).await;
        let (last, given) = users.split_last().unwrap();
        assert_eq!(given.iter().filter(|user| user.is_ok()).count(), 10);
        let error = last.as_ref().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsteady);
        let whole = format!("{why}; the rows before this are not the whole list");
        assert_eq!(
            (error.words(), server.requests().len()),
            (Some(whole.as_str()), 2),
            "nothing is read again"
        );
    }
}

#[tokio::test]
async fn a_stream_of_inactive_users_asks_for_all_and_picks_them() {
    let server = Server::start(|_, _| {
        let row = |id| format!(r#"{{"id":{id},"is_active":{},"is_employee":true}}"#, id % 2 == 0);
        answer(200, &[("total", "6")], &format!("[{}]", (0..6).map(row).collect::<Vec<_>>().join(",")))
    })
    .await;
    let users: Vec<_> =
        quickly(server.connect().reads().stream_users(Activity::Inactive).try_collect()).await.unwrap();
    assert_eq!(users.iter().map(|user: &User| user.id.get()).collect::<Vec<_>>(), [1, 3, 5]);
    assert!(!server.requests()[0].target.contains("filters"));
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
