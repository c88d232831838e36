//! The page for people.

use muster_sim::{Company, NewUser, Seed};
use reqwest::Method;

use crate::site::{Answer, Crew, Site, crew, send};

async fn page(site: &Site, path: &str) -> Answer {
    let page = send(site.bare(Method::GET, path)).await;
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    page
}

fn rows(page: &Answer) -> usize {
    page.text.matches("\n<tr><td>").count()
}

#[tokio::test]
async fn a_person_sees_users_projects_items_and_requests_without_a_token() {
    let Crew { company, ana, .. } = crew();
    let site = Site::of(company).await;
    site.simulator.set_script("drop-before GET /rest/v1.1/projects".parse().unwrap());
    site.get(&format!("/rest/v1.3/companies/{{c}}/users/{ana}")).await;
    assert!(site.request(Method::GET, "/rest/v1.1/projects").send().await.is_err());
    let page = page(&site, "/").await;
    for text in [
        "<title>Northgate Construction</title>",
        &format!("<td>{ana}<td>Ana Diaz<td>"),
        "<td>Harbor Point Tower B<td>",
        "<tr><td>rfi<td>",
        "<td>Slab edge dimension at grid C-4<td>open<td>Ana Diaz (required-assignee), Leo Cruz (assignee), \
         Pat Moore (manager)",
        "<td>POST /oauth/token<td>200",
        "<td>GET /rest/v1.1/projects<td>none (drop-before)",
        "goes wrong: <code>drop-before GET /rest/v1.1/projects</code>",
    ] {
        assert!(page.text.contains(text), "{text} is missing in {}", page.text);
    }
    assert!(!page.text.contains(&site.token) && !page.text.contains("<script"));
    assert!(page.header("content-security-policy").unwrap().starts_with("default-src 'none';"));
    assert_eq!(site.simulator.calls().total(), 3, "looking is no call");
}

#[tokio::test]
async fn one_list_is_searched_and_paged() {
    let site = Site::of(Company::seeded(&Seed { seed: 7, users: 120, projects: 9, rfis: 30 })).await;
    assert_eq!(rows(&page(&site, "/").await), 3 * 8 + 1);
    let [first, third] = [page(&site, "/?users=").await, page(&site, "/?users=&page=3").await];
    assert_eq!((rows(&first), rows(&third)), (50, 21));
    assert!(
        first.text.contains("<a href=\"/?users=&amp;page=2\">more →</a>") && !first.text.contains("before")
    );
    assert!(
        third.text.contains("<a href=\"/?users=&amp;page=2\">← before</a>") && !third.text.contains("more")
    );
    assert!(!first.text.contains("<h2><a href=\"/?projects=\">"));
    let user = site.simulator.with_company(|company| company.users().nth(40).unwrap().clone());
    let search = format!("/?users={}+{}", user.last_name.to_uppercase(), user.id);
    let found = page(&site, &search).await;
    assert_eq!(rows(&found), 1);
    assert!(found.text.contains(&user.email));
    assert_eq!(rows(&page(&site, "/?items=no-such-thing").await), 0);
    assert_eq!(rows(&page(&site, "/?projects=&page=18446744073709551615").await), 0);
    assert_eq!(rows(&page(&site, "/?requests=&page=0").await), 1);
}

#[tokio::test]
async fn what_comes_from_outside_is_text() {
    let Crew { mut company, .. } = crew();
    company.add_user(NewUser::named("<script>alert(1)</script>", "O'Neil & \"Sons\"")).unwrap();
    let site = Site::of(company).await;
    site.get("/rest/v1.0/%3Cb%3E?x=<i>").await;
    for path in ["/", "/?users=%22%3E%3Cscript%3E"] {
        let page = page(&site, path).await;
        assert!(!page.text.contains("<script") && !page.text.contains("<i>"), "{}", page.text);
    }
    let escaped = "&lt;script&gt;alert(1)&lt;/script&gt; O&#39;Neil &amp; &quot;Sons&quot;";
    assert!(page(&site, "/").await.text.contains(escaped));
    assert!(page(&site, "/?users=%22%3E").await.text.contains("value=\"&quot;&gt;\""));
}
