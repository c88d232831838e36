//! Pages of lists, with the headers that say how many there are and where the next one is.

use form_urlencoded::Serializer;
use serde_json::Value;

use super::answer::{Answer, Refusal, Reply};
use super::request::{Request, Shift};

/// How much a page holds if nothing is asked for.
const USUAL: u64 = 100;

/// Returns the page of a list that is asked for, never more than `max` at once.
pub(crate) fn paged<T>(request: &Request, max: u32, items: Vec<T>, view: impl Fn(&T) -> Value) -> Reply {
    let asked = positive(request, "per_page")?.unwrap_or(USUAL);
    paged_by(request, asked.min(u64::from(max.max(1))), items, view)
}

/// Returns the page that is asked for of a list in which the size of pages is fixed.
pub(crate) fn paged_by<T>(request: &Request, size: u64, items: Vec<T>, view: impl Fn(&T) -> Value) -> Reply {
    let number = positive(request, "page")?.unwrap_or(1);
    let (total, start) = (items.len() as u64, (number - 1).saturating_mul(size));
    let (total, start) = match request.shift {
        Some(Shift::Added) => (total + 1, start.saturating_sub(1)),
        Some(Shift::Deleted) => (total.saturating_sub(1), start.saturating_add(1)),
        None => (total, start),
    };
    let last = total.div_ceil(size).max(1);
    let start = usize::try_from(start).unwrap_or(usize::MAX);
    let size_here = usize::try_from(size).unwrap_or(usize::MAX);
    let mut answer = Answer::ok(items.iter().skip(start).take(size_here).map(view).collect());
    answer.header("Total", total);
    answer.header("Per-Page", size);
    let mut links = Vec::new();
    if number > 1 {
        links.push(link(request, 1, "first"));
        links.push(link(request, number - 1, "prev"));
    }
    links.push(link(request, last, "last"));
    if number < last {
        links.push(link(request, number + 1, "next"));
    }
    answer.header("Link", links.join(", "));
    Ok(answer)
}

fn positive(request: &Request, name: &str) -> Result<Option<u64>, Refusal> {
    match request.query.number(name)? {
        Some(0) => Err(Refusal::field(name, "must be greater than 0")),
        number => Ok(number),
    }
}

fn link(request: &Request, page: u64, rel: &str) -> String {
    let mut query = Serializer::new(String::new());
    for (name, value) in request.query.pairs().filter(|(name, _)| *name != "page") {
        query.append_pair(name, value);
    }
    query.append_pair("page", &page.to_string());
    format!("<{}{}?{}>; rel=\"{rel}\"", request.origin(), request.path, query.finish())
}
