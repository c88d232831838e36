//! The page at `/`, for people: what is in the company, and what was asked of it.
//!
//! Without a query it shows the beginning of every list; `/?users=ana&page=2` shows one list, those of its rows in which
//! all words stand somewhere, a page of them.

use form_urlencoded::Serializer;

use super::State;
use super::answer::{Answer, Reply};
use super::html::Html;
use super::query::Query;
use super::request::Request;
use crate::calls::Entry;
use crate::company::{Company, Project, Shown, User};

/// How many rows of each list the page begins with.
const FIRST: usize = 8;
/// How many rows a page of one list has.
const PAGE: usize = 50;
const LISTS: [&str; 4] = ["users", "projects", "items", "requests"];
/// Nothing is loaded from anywhere, nothing runs, and forms lead only here.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; \
                      frame-ancestors 'none'";

/// What of a list is shown.
struct View {
    /// The one list that is shown; all if there is none.
    only: Option<&'static str>,
    /// What was searched for.
    search: String,
    /// From 1.
    page: usize,
}

impl View {
    fn read(query: &Query) -> Self {
        let asked = |list: &'static str| {
            let (_, search) = query.pairs().find(|(name, _)| *name == list)?;
            Some((list, search.to_owned()))
        };
        let (only, search) = LISTS.into_iter().find_map(asked).unzip();
        let page =
            query.value("page").filter(|_| only.is_some()).and_then(|page| page.parse().ok()).unwrap_or(1);
        Self { only, search: search.unwrap_or_default(), page: usize::max(page, 1) }
    }

    /// Returns whether all words of the search stand somewhere in a text.
    fn finds(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        self.search.to_lowercase().split_whitespace().all(|word| text.contains(word))
    }

    /// Adds a list: its name, the search, a page of it, and the ways to the other pages.
    fn list<T, const N: usize>(
        &self,
        html: &mut Html,
        list: &'static str,
        items: impl Iterator<Item = T>,
        text: impl Fn(&T) -> String,
        columns: [&str; N],
        row: impl Fn(&T) -> [String; N],
    ) {
        if self.only.is_some_and(|only| only != list) {
            return;
        }
        let found: Vec<T> = items.filter(|item| self.search.is_empty() || self.finds(&text(item))).collect();
        let size = if self.only.is_some() { PAGE } else { FIRST };
        let start = (self.page - 1).saturating_mul(size);
        html.raw("<h2>").link(&address(list, "", 1), list).raw(" <span class=\"quiet\">");
        html.number(found.len() as u64).raw("</span></h2>\n<form><input type=\"search\" name=\"").text(list);
        html.raw("\" value=\"").text(&self.search).raw("\" placeholder=\"search\" aria-label=\"search ");
        html.text(list).raw("\"></form>\n");
        html.table(columns, found.iter().skip(start).take(size).map(row));
        html.raw("<p>");
        if self.page > 1 {
            html.link(&address(list, &self.search, self.page - 1), "← before").raw(" ");
        }
        if found.len() > start.saturating_add(size) {
            let next = if self.only.is_some() { self.page + 1 } else { 1 };
            html.link(&address(list, &self.search, next), "more →");
        }
        html.raw("</p>\n");
    }
}

/// Serves `GET /`.
pub(crate) fn show(state: &mut State, request: &Request) -> Reply {
    let (company, view) = (&state.company, View::read(&request.query));
    let mut html = Html::new(company.name());
    head(&mut html, state);
    let projects = |user: &&User| company.projects_of(user.id).count();
    view.list(
        &mut html,
        "users",
        company.users(),
        |user| {
            format!("{} {} {} {}", user.id, user.name(), user.email, user.job_title.as_deref().unwrap_or(""))
        },
        ["id", "name", "e-mail", "login", "job title", "company template", "projects"],
        |user| {
            [
                user.id.to_string(),
                user.name(),
                user.email.clone(),
                if user.active { "active" } else { "inactive" }.to_owned(),
                user.job_title.clone().unwrap_or_default(),
                template(company, user.company_template),
                projects(user).to_string(),
            ]
        },
    );
    view.list(
        &mut html,
        "projects",
        company.projects(),
        |project| format!("{} {} {}", project.id, project.name, project.number),
        ["id", "name", "number", "state", "members", "open items"],
        |project| row_of_project(company, project),
    );
    view.list(
        &mut html,
        "items",
        company.all_items(),
        |item| {
            let kind = item.kind.name();
            format!("{} {kind} {} {} {}", item.id, item.title, item.status, project(company, item))
        },
        ["kind", "id", "project", "number", "title", "status", "held by"],
        |item| row_of_item(company, item),
    );
    view.list(
        &mut html,
        "requests",
        state.log.entries().iter().rev(),
        |entry| format!("{} {} {}", entry.method, entry.path, status(entry)),
        ["time", "request", "answer"],
        |entry| [entry.time.to_string(), format!("{} {}", entry.method, entry.path), status(entry)],
    );
    let mut answer = Answer::html(200, html.finish());
    answer.header("Content-Security-Policy", POLICY);
    answer.header("X-Content-Type-Options", "nosniff");
    answer.header("Referrer-Policy", "no-referrer");
    Ok(answer)
}

fn head(html: &mut Html, state: &State) {
    let company = &state.company;
    let active = company.users().filter(|user| user.active).count();
    html.raw("<h1>").link("/", company.name()).raw("</h1>\n<p class=\"quiet\">a simulated Procore; it is ");
    html.text(&company.time().to_string()).raw("</p>\n<p>company ").number(company.id()).raw(" · ");
    html.number(active as u64).raw(" active users · ").number(state.calls.total()).raw(" calls, ");
    html.number(state.calls.writes)
        .raw(" of them writes, ")
        .number(state.calls.throttled)
        .raw(" throttled</p>\n<p>");
    for (path, text) in [
        ("/sim/state", "state"),
        ("/sim/company", "fixture"),
        ("/sim/calls", "calls"),
        ("/sim/accounts", "accounts"),
        ("/sim/clock", "clock"),
        ("/sim/faults", "faults"),
    ] {
        html.link(path, text).raw(" ");
    }
    html.raw("</p>\n");
    for rule in state.script.script().rules() {
        html.raw("<p>goes wrong: <code>").text(&rule.to_string()).raw("</code></p>\n");
    }
}

fn row_of_project(company: &Company, project: &Project) -> [String; 6] {
    [
        project.id.to_string(),
        project.name.clone(),
        project.number.clone(),
        if project.active { "active" } else { "inactive" }.to_owned(),
        company.members(project.id).count().to_string(),
        company.open_items(project.id).to_string(),
    ]
}

fn row_of_item(company: &Company, item: &Shown<'_>) -> [String; 7] {
    let held = item.holders.iter().map(|(role, id)| {
        let name = company.user(*id).map_or_else(|| format!("{id}, who is not there"), User::name);
        format!("{name} ({})", role.name())
    });
    [
        item.kind.name().to_owned(),
        item.id.to_string(),
        project(company, item),
        item.number.clone(),
        item.title.to_owned(),
        item.status.to_owned(),
        held.collect::<Vec<_>>().join(", "),
    ]
}

fn project(company: &Company, item: &Shown<'_>) -> String {
    company.project(item.project).map(|project| project.name.clone()).unwrap_or_default()
}

fn template(company: &Company, id: Option<u64>) -> String {
    id.and_then(|id| company.template(id)).map(|template| template.name.clone()).unwrap_or_default()
}

fn status(entry: &Entry) -> String {
    let status = entry.status.map_or_else(|| "none".to_owned(), |status| status.to_string());
    let faults: Vec<String> = entry.faults.iter().map(ToString::to_string).collect();
    if faults.is_empty() { status } else { format!("{status} ({})", faults.join(", ")) }
}

fn address(list: &str, search: &str, page: usize) -> String {
    let mut query = Serializer::new(String::new());
    query.append_pair(list, search);
    if page > 1 {
        query.append_pair("page", &page.to_string());
    }
    format!("/?{}", query.finish())
}
