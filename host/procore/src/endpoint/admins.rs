//! Who the company admins are.
//!
//! Procore has no such list. Our reading: a company admin is an active user whose company permission template gives the
//! level *admin* on the directory. Who has that level without a template, tool by tool, can't be read with any documented
//! operation and is missing; so a guard that protects the last admin protects too many rather than too few.
//!
//! An empty answer would switch such a guard off, so there is none: what can't be known is an error.

use std::collections::BTreeMap;

use muster_core::directory::User;
use muster_core::id::TemplateId;

use super::{templates, users};
use crate::client::Client;
use crate::error::{Error, ErrorKind};

const OPERATION: &str = "find company admins";

/// Returns the company admins, sorted by id; at least one.
pub(crate) async fn list(client: &Client) -> Result<Vec<User>, Error> {
    let listed = templates::company(client).await?;
    let mut is_admin: BTreeMap<TemplateId, bool> = listed
        .into_iter()
        .filter_map(|template| template.directory_admin.map(|admin| (template.id, admin)))
        .collect();
    let mut admins = Vec::new();
    for active in users::active_rows(client).await? {
        let id = active.user.id;
        if !active.says_company_template {
            return Err(unknown(format!("the list of users does not say which template user {id} has")));
        }
        let Some(template) = active.user.company_template else { continue };
        let admin = match is_admin.get(&template) {
            Some(admin) => *admin,
            // The list of templates did not say, or does not have it; its own details may.
            None => {
                let admin = templates::is_directory_admin(client, template).await?.ok_or_else(|| {
                    unknown(format!(
                        "nothing says what template {template}, which user {id} has, gives on the directory"
                    ))
                })?;
                is_admin.insert(template, admin);
                admin
            }
        };
        if admin {
            admins.push(active.user);
        }
    }
    if admins.is_empty() {
        return Err(unknown("no active user has a template that gives admin on the directory".to_owned()));
    }
    Ok(admins)
}

fn unknown(why: String) -> Error {
    Error::new(OPERATION, ErrorKind::AdminsUnknown).saying(why)
}
