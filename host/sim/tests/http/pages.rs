//! Pages: their size, their headers, and walking through all of them.

use std::collections::BTreeSet;

use muster_sim::{Company, Config, NewProject, NewUser};

use crate::site::{Site, config, send};

const USERS: &str = "/rest/v1.3/companies/{c}/users";

/// Serves a company of 25 active people, the service account among them.
async fn site() -> Site {
    let mut company = Company::new("Northgate Construction");
    for index in 1..25 {
        company.add_user(NewUser::named("Ana", &format!("Diaz {index}"))).unwrap();
    }
    Site::of(company).await
}

fn rels(answer: &crate::site::Answer) -> Vec<&'static str> {
    ["first", "prev", "next", "last"].into_iter().filter(|rel| answer.link(rel).is_some()).collect()
}

#[tokio::test]
async fn the_first_page_has_only_next_and_last() {
    let site = site().await;
    let answer = site.get(&format!("{USERS}?per_page=10")).await;
    assert_eq!((answer.number("total"), answer.number("per-page")), (25, 10));
    assert_eq!(answer.ids().len(), 10);
    assert_eq!(rels(&answer), ["next", "last"]);
}

#[tokio::test]
async fn a_page_in_the_middle_has_all_four_links() {
    let site = site().await;
    let answer = site.get(&format!("{USERS}?per_page=10&page=2")).await;
    assert_eq!(rels(&answer), ["first", "prev", "next", "last"]);
    let order: Vec<_> =
        answer.header("link").unwrap().split(", ").map(|link| &link[link.len() - 7..]).collect();
    assert_eq!(order, ["\"first\"", "=\"prev\"", "=\"last\"", "=\"next\""]);
}

#[tokio::test]
async fn the_last_page_has_no_next() {
    let site = site().await;
    let answer = site.get(&format!("{USERS}?per_page=10&page=3")).await;
    assert_eq!((answer.ids().len(), rels(&answer)), (5, vec!["first", "prev", "last"]));
    let single = site.get(USERS).await;
    assert_eq!((single.ids().len(), rels(&single), single.number("per-page")), (25, vec!["last"], 100));
}

#[tokio::test]
async fn links_keep_the_query() {
    let site = site().await;
    let answer = site.get(&format!("{USERS}?view=normal&filters[search]=diaz 1&page=1&per_page=3")).await;
    let next = answer.link("next").unwrap();
    let expected = format!("{}/rest/v1.3/companies/{}/users?", site.simulator.base_url(), site.id);
    assert!(next.starts_with(&expected), "{next}");
    let query = next.split_once('?').unwrap().1;
    assert_eq!(query, "view=normal&filters%5Bsearch%5D=diaz+1&per_page=3&page=2");
}

#[tokio::test]
async fn following_next_shows_everybody_once() {
    let site = site().await;
    let mut seen = Vec::new();
    let mut answer = site.get(&format!("{USERS}?per_page=4&sort=-name")).await;
    loop {
        seen.extend(answer.ids());
        let Some(next) = answer.link("next") else { break };
        let request = site.client.get(next).bearer_auth(&site.token).header("Procore-Company-Id", site.id);
        answer = send(request).await;
    }
    assert_eq!(seen.len(), 25);
    assert_eq!(seen.into_iter().collect::<BTreeSet<_>>().len(), 25);
}

#[tokio::test]
async fn a_page_behind_the_last_one_is_empty() {
    let site = site().await;
    let answer = site.get(&format!("{USERS}?per_page=10&page=9")).await;
    assert_eq!((answer.status, answer.ids().len(), answer.number("total")), (200, 0, 25));
    assert_eq!(answer.link("next"), None);
}

#[tokio::test]
async fn a_page_larger_than_the_largest_is_cut_and_says_so() {
    let largest = site().await.get(&format!("{USERS}?per_page=5000")).await;
    assert_eq!((largest.status, largest.number("per-page")), (200, 1000));

    let mut company = Company::new("Northgate Construction");
    for index in 0..30 {
        company.add_user(NewUser::named("Ana", &format!("Diaz {index}"))).unwrap();
    }
    let site = Site::with(Config { page_max: 20, ..config() }, company).await;
    for per_page in ["", "?per_page=21", "?per_page=1000"] {
        let answer = site.get(&format!("{USERS}{per_page}")).await;
        assert_eq!((answer.ids().len(), answer.number("per-page")), (20, 20));
    }
}

#[tokio::test]
async fn projects_have_a_largest_page_of_their_own() {
    let mut company = Company::new("Northgate Construction");
    for index in 0..305 {
        company.add_project(NewProject::named(&format!("Mill Creek Lot {index}")));
    }
    let site = Site::of(company).await;
    let page = async |query: &str| site.get(&format!("/rest/v1.1/projects?company_id={{c}}{query}")).await;
    assert_eq!(page("").await.ids().len(), 100);
    let largest = page("&per_page=1000").await;
    assert_eq!((largest.ids().len(), largest.number("per-page")), (300, 300));
    let ids = page("&view=ids&per_page=2").await;
    assert_eq!((ids.body.as_array().unwrap().len(), ids.number("per-page")), (305, 200_000));
    assert!(ids.body[0].is_u64());
}

#[tokio::test]
async fn pages_are_counted_from_one() {
    let site = site().await;
    for query in ["page=0", "per_page=0", "page=-1", "per_page=many"] {
        assert_eq!(site.get(&format!("{USERS}?{query}")).await.status, 400, "{query}");
    }
}
