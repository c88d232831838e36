//! Who we are ourselves.

use muster_core::id::UserId;
use serde::Deserialize;

use crate::client::Client;
use crate::error::Error;
#[cfg(fuzzing)]
use crate::exchange::Answer;

/// `RestV10MeGet`.
const PATH: &str = "/rest/v1.0/me";

#[derive(Deserialize)]
struct Me {
    id: u64,
}

/// Returns our own user id. The company is named, because without it the answer to a service account is refused
/// (developers.procore.com, show user info).
pub(crate) async fn show(client: &Client) -> Result<UserId, Error> {
    let operation = "show own user";
    let url = client.url(PATH, &[("company_id", &client.company().to_string())]);
    let me: Me = client.read(operation, url).await?.json(operation)?;
    Ok(UserId::new(me.id))
}

/// Reads an answer as the operation does.
#[cfg(fuzzing)]
pub(crate) fn read(answer: &Answer) -> Result<UserId, Error> {
    answer.json("show own user").map(|me: Me| UserId::new(me.id))
}
