//! The `Link` header (RFC 8288), as far as a list needs it. Pure.
//!
//! The header is untrusted: a link is followed only to the same origin and path, with the same filters, so that an answer
//! can neither send our token elsewhere nor swap the list under a walk.

use reqwest::Url;
use reqwest::header::{HeaderMap, LINK};

/// Parameters that may differ from page to page.
const OF_PAGES: [&str; 3] = ["page", "per_page", "cursor"];

/// Returns whether the answer names a next page at all.
pub(super) fn has_next(headers: &HeaderMap) -> bool {
    target(headers).is_some()
}

/// Returns the next page, if the answer at `here` names one that is still the list `base`.
pub(super) fn next(headers: &HeaderMap, here: &Url, base: &Url) -> Option<Url> {
    let mut url = here.join(&target(headers)?).ok()?;
    url.set_fragment(None);
    let anonymous = url.username().is_empty() && url.password().is_none();
    let same_place = url.origin() == base.origin() && url.path() == base.path();
    (anonymous && same_place && url != *here && filters(&url) == filters(base)).then_some(url)
}

/// Returns the query without what differs from page to page, sorted.
fn filters(url: &Url) -> Vec<(String, String)> {
    let mut pairs: Vec<_> =
        url.query_pairs().filter(|(name, _)| !OF_PAGES.contains(&name.as_ref())).map(into_owned).collect();
    pairs.sort();
    pairs
}

fn into_owned((name, value): (std::borrow::Cow<'_, str>, std::borrow::Cow<'_, str>)) -> (String, String) {
    (name.into_owned(), value.into_owned())
}

/// Returns the target of the first link with the relation `next`.
fn target(headers: &HeaderMap) -> Option<String> {
    headers.get_all(LINK).iter().filter_map(|value| value.to_str().ok()).find_map(next_of)
}

fn next_of(mut rest: &str) -> Option<String> {
    loop {
        let (_, after) = rest.split_once('<')?;
        let (target, after) = after.split_once('>')?;
        // A comma inside quotes would end the parameters early; relations have none.
        let (params, after) = after.split_once(',').unwrap_or((after, ""));
        if params.split(';').any(is_next) {
            return Some(target.trim().to_owned());
        }
        rest = after;
    }
}

/// Returns whether a parameter says `rel="next"`; a relation may be one of several, quoted or not.
fn is_next(param: &str) -> bool {
    let Some((name, value)) = param.split_once('=') else { return false };
    let mut relations = value.trim().trim_matches('"').split_ascii_whitespace();
    name.trim().eq_ignore_ascii_case("rel") && relations.any(|relation| relation.eq_ignore_ascii_case("next"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next_in(header: &str) -> Option<String> {
        let base: Url =
            "https://api.procore.com/rest/v1.3/users?company_id=1&filters%5Bactive%5D=true".parse().unwrap();
        let here: Url = format!("{base}&page=1&per_page=100").parse().unwrap();
        let headers = HeaderMap::from_iter([(LINK, header.parse().unwrap())]);
        next(&headers, &here, &base).map(String::from)
    }

    #[test]
    fn the_next_page_of_the_same_list_is_found_in_every_spelling() {
        let plain = "https://api.procore.com/rest/v1.3/users?company_id=1&filters%5Bactive%5D=true&page=2";
        for header in [
            format!("<{plain}>; rel=\"next\""),
            format!("<{plain}>;rel=next"),
            format!("<{plain}>; title=\"x\"; REL=\"last Next\""),
            format!("<{plain}&page=9>; rel=\"last\", <{plain}>; rel=\"next\""),
            "</rest/v1.3/users?company_id=1&filters%5Bactive%5D=true&page=2>; rel=\"next\"".to_owned(),
            "<?company_id=1&filters%5Bactive%5D=true&page=2>; rel=next".to_owned(),
        ] {
            assert_eq!(next_in(&header).as_deref(), Some(plain), "{header}");
        }
        let brackets = "<?filters[active]=true&company_id=1&page=2>; rel=next";
        assert!(next_in(brackets).is_some(), "order and escapes do not matter");
    }

    #[test]
    fn a_link_to_anything_else_is_not_followed() {
        let query = "company_id=1&filters%5Bactive%5D=true&page=2";
        for header in [
            format!("<https://evil.example.com/rest/v1.3/users?{query}>; rel=\"next\""),
            format!("<http://api.procore.com/rest/v1.3/users?{query}>; rel=\"next\""),
            format!("<https://api.procore.com:444/rest/v1.3/users?{query}>; rel=\"next\""),
            format!("<https://user:pass@api.procore.com/rest/v1.3/users?{query}>; rel=\"next\""),
            format!("<//evil.example.com/rest/v1.3/users?{query}>; rel=\"next\""),
            format!("<https://api.procore.com/rest/v1.3/users/1?{query}>; rel=\"next\""),
            "<?company_id=2&filters%5Bactive%5D=true&page=2>; rel=\"next\"".to_owned(),
            "<?company_id=1&page=2>; rel=\"next\"".to_owned(),
            format!("<?{query}&view=ids>; rel=\"next\""),
            format!("<?{query}&company_id=1>; rel=\"next\""),
            "<?company_id=1&filters%5Bactive%5D=true&page=1&per_page=100>; rel=next".to_owned(),
            format!("<?{query}>; rel=\"prev\""),
            format!("<?{query}>; rev=\"next\""),
            format!("?{query}; rel=\"next\""),
            format!("<?{query}; rel=\"next\""),
            "<>".to_owned(),
            String::new(),
        ] {
            assert_eq!(next_in(&header), None, "{header}");
        }
    }
}
