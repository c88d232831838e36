//! Pages of lists, with the headers that say how many there are and where the next one is.

use form_urlencoded::Serializer;
use serde_json::{Value, json};

use super::answer::{Answer, Refusal, Reply};
use super::request::{Request, Shift};

/// How much a page holds if nothing is asked for.
const USUAL: u64 = 100;
/// The same of version 2, and the most there (developers.procore.com, new REST v2 version).
const USUAL_V2: u64 = 10;
const MOST_V2: u64 = 100;

/// Returns the page of a list that is asked for, never more than `max` at once.
pub(crate) fn paged<T>(request: &Request, max: u32, items: Vec<T>, view: impl Fn(&T) -> Value) -> Reply {
    paged_by(request, size(request, max)?, items, view)
}

/// Returns how much a page of most lists holds, never more than `max`.
pub(crate) fn size(request: &Request, max: u32) -> Result<u64, Refusal> {
    let asked = positive(request, "per_page")?.unwrap_or(USUAL);
    Ok(asked.min(u64::from(max.max(1))))
}

/// Returns the page that is asked for of a list in which the size of pages is fixed.
pub(crate) fn paged_by<T>(request: &Request, size: u64, items: Vec<T>, view: impl Fn(&T) -> Value) -> Reply {
    enclosed(request, size, items, view, Value::Array)
}

/// Returns the page of a list of version 2 that is asked for.
pub(crate) fn data<T>(request: &Request, items: Vec<T>, view: impl Fn(&T) -> Value) -> Reply {
    enclosed(request, size_v2(request)?, items, view, |rows| json!({ "data": rows }))
}

/// Returns what follows a cursor in a list of version 2 that is sorted by id. How many rows there are is not told, and
/// where the cursor of the next page stands is not documented: here where the other lists have theirs.
pub(crate) fn after_cursor<T>(
    request: &Request,
    items: Vec<T>,
    id: impl Fn(&T) -> u64,
    view: impl Fn(&T) -> Value,
) -> Reply {
    let cursor = |text: &str| u64::from_str_radix(text.strip_prefix("after-")?, 16).ok();
    let unfit = || Refusal::field("cursor", "is not one that was given");
    let cursor = request.query.value("cursor").map(|text| cursor(text).ok_or_else(unfit)).transpose()?;
    let size = size_v2(request)?;
    let mut rest: Vec<T> =
        items.into_iter().filter(|item| cursor.is_none_or(|cursor| id(item) > cursor)).collect();
    let here = usize::try_from(size).unwrap_or(usize::MAX);
    let more = rest.len() > here;
    rest.truncate(here);
    let rows: Vec<Value> = rest.iter().map(view).collect();
    let mut answer = Answer::ok(json!({ "data": rows }));
    answer.header("Per-Page", size);
    if let Some(last) = rest.last().filter(|_| more) {
        answer.header("Link", link(request, ("cursor", &format!("after-{:x}", id(last))), "next"));
    }
    Ok(answer)
}

/// Returns the page that is asked for with something around its rows.
pub(crate) fn enclosed<T>(
    request: &Request,
    size: u64,
    items: Vec<T>,
    view: impl Fn(&T) -> Value,
    enclose: impl FnOnce(Vec<Value>) -> Value,
) -> Reply {
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
    let rows = items.iter().skip(start).take(size_here).map(view).collect();
    let mut answer = Answer::ok(enclose(rows));
    answer.header("Total", total);
    answer.header("Per-Page", size);
    let mut links = Vec::new();
    let to = |number: u64, rel| link(request, ("page", &number.to_string()), rel);
    if number > 1 {
        links.push(to(1, "first"));
        links.push(to(number - 1, "prev"));
    }
    links.push(to(last, "last"));
    if number < last {
        links.push(to(number + 1, "next"));
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

fn size_v2(request: &Request) -> Result<u64, Refusal> {
    Ok(positive(request, "per_page")?.unwrap_or(USUAL_V2).min(MOST_V2))
}

/// Returns the link to the same list at another place.
fn link(request: &Request, (name, value): (&str, &str), rel: &str) -> String {
    let mut query = Serializer::new(String::new());
    for (other, value) in request.query.pairs().filter(|(other, _)| *other != name) {
        query.append_pair(other, value);
    }
    query.append_pair(name, value);
    format!("<{}{}?{}>; rel=\"{rel}\"", request.origin(), request.path, query.finish())
}
