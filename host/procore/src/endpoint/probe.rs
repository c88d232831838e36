//! Which dialect a server speaks, found out by reading alone.

use muster_core::id::CompanyId;
use reqwest::header::HeaderMap;
use serde_json::Value;

use super::users::guides_list;
use crate::client::Client;
use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind};

const OPERATION: &str = "ask for dialect";

/// `RestV13CompaniesCompanyIdUsersGet`.
fn references_list(company: CompanyId) -> String {
    format!("/rest/v1.3/companies/{company}/users")
}

/// A word that is in nobody's record.
const NOBODY: &str = "xq7vkzw0jqnobody";

/// Makes sure that the server speaks `dialect`. The error says what was seen instead.
pub(crate) async fn speaks(client: &Client, dialect: Dialect) -> Result<(), Error> {
    let seen = match dialect {
        Dialect::Reference => against_reference(client).await?,
        Dialect::Guide => against_guide(client).await?,
    };
    if seen.is_empty() {
        return Ok(());
    }
    let why = format!("this server does not speak `{dialect}`: {}", seen.join("; "));
    Err(Error::new(OPERATION, ErrorKind::OtherDialect).saying(why))
}

/// The reference lists users with an `email_address` (developers.procore.com, list company users).
async fn against_reference(client: &Client) -> Result<Vec<String>, Error> {
    let path = references_list(client.company());
    Ok(match rows(client, &path, None).await? {
        None => vec![format!("it has no list {path}")],
        Some((rows, _)) => lacks(&rows, "email_address").into_iter().collect(),
    })
}

/// The guide lists users with a `login` and counts them in `X-Total`; its search finds who matches. Where the search finds
/// somebody for a word that nobody has, it is not understood and everybody is returned, as by Procore's reference.
async fn against_guide(client: &Client) -> Result<Vec<String>, Error> {
    let path = guides_list(client.company());
    let Some((rows_there, headers)) = rows(client, &path, None).await? else {
        return Ok(vec![format!("it has no list {path}")]);
    };
    let mut seen: Vec<String> = lacks(&rows_there, "login").into_iter().collect();
    if !headers.contains_key("x-total") {
        seen.push("its list of users has no header X-Total".to_owned());
    }
    match rows(client, &path, Some(NOBODY)).await? {
        Some((found, _)) if found.is_empty() => {}
        Some(_) => seen.push("a search for a word that nobody has finds somebody".to_owned()),
        None => seen.push("its list of users can't be searched".to_owned()),
    }
    Ok(seen)
}

/// Returns the first row of a list, and the answer's headers; `None` where there is no such list.
async fn rows(
    client: &Client,
    path: &str,
    search: Option<&str>,
) -> Result<Option<(Vec<Value>, HeaderMap)>, Error> {
    let mut url = client.url(path, &[("page", "1"), ("per_page", "1")]);
    url.query_pairs_mut().extend_pairs(search.map(|word| ("search", word)));
    let answer = match client.read(OPERATION, url).await {
        Ok(answer) => answer,
        // A path or a parameter that the server does not know.
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::Invalid) => return Ok(None),
        Err(error) => return Err(error),
    };
    let rows = answer.json(OPERATION)?;
    Ok(Some((rows, answer.headers)))
}

fn lacks(rows: &[Value], field: &str) -> Option<String> {
    let Some(row) = rows.first() else { return Some("its list of users is empty".to_owned()) };
    let there = row.get(field).is_some_and(Value::is_string);
    (!there).then(|| format!("its users have no `{field}`"))
}
