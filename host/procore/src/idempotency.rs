//! The token that names a change, so that Procore can tell a repetition from a new one.
//!
//! It is sent with every `POST` and `PATCH`, as Procore's own SDKs can (`Idempotency-Token`), and stays the same however often
//! that one change is sent. Nearly nowhere does Procore say what it does with it, so it is relied on only where its reference
//! documents that a token that came before is answered with what the first request did; everything else that may have happened
//! is settled by reading (invariant 7).

use reqwest::header::HeaderValue;
use reqwest::{Method, Url};

use crate::error::{Error, ErrorKind};

/// The name of the header.
pub(crate) const HEADER: &str = "idempotency-token";

/// Returns a token that nobody had before, or `None` for a method that takes none.
pub(crate) fn token(operation: &'static str, method: &Method) -> Result<Option<HeaderValue>, Error> {
    if !matches!(*method, Method::POST | Method::PATCH) {
        return Ok(None);
    }
    let mut random = [0; 16];
    let none = || Error::new(operation, ErrorKind::Settings).saying("the system gives no random numbers");
    getrandom::fill(&mut random).map_err(|_| none())?;
    let token = uuid::Builder::from_random_bytes(random).into_uuid().to_string();
    HeaderValue::try_from(token).map(Some).map_err(|_| none())
}

/// Returns whether Procore documents that it carries out a change under one token only once: for the distribution groups of a
/// project (developers.procore.com, create and update project distribution group).
pub(crate) fn is_documented(method: &Method, url: &Url) -> bool {
    let mut segments = url.path().split('/').rev();
    let last = segments.next();
    match *method {
        Method::POST => last == Some("distribution_groups"),
        Method::PATCH => segments.next() == Some("distribution_groups"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_has_a_token_of_its_own_and_anything_else_has_none() {
        let token = |method| token("x", &method).unwrap().map(|token| token.to_str().unwrap().to_owned());
        let (one, other) = (token(Method::POST).unwrap(), token(Method::PATCH).unwrap());
        assert_ne!(one, other);
        assert_eq!(uuid::Uuid::parse_str(&one).unwrap().get_version_num(), 4);
        assert_eq!((token(Method::GET), token(Method::DELETE)), (None, None));
    }

    #[test]
    fn only_distribution_groups_are_documented() {
        for (method, path, documented) in [
            (Method::POST, "/rest/v1.0/projects/7/distribution_groups", true),
            (Method::PATCH, "/rest/v1.0/projects/7/distribution_groups/3", true),
            (Method::DELETE, "/rest/v1.0/projects/7/distribution_groups/3", false),
            (Method::GET, "/rest/v1.0/projects/7/distribution_groups", false),
            (Method::POST, "/rest/v1.3/companies/1/users", false),
            (Method::PATCH, "/rest/v1.3/companies/1/users/7", false),
        ] {
            let url = format!("https://api.procore.com{path}").parse().unwrap();
            assert_eq!(is_documented(&method, &url), documented, "{method} {path}");
        }
    }
}
