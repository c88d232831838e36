//! Vendors: the companies in the directory.

use std::collections::BTreeMap;

use muster_core::directory::{Activity, Vendor};
use muster_core::id::{CompanyId, Id, VendorId};
use reqwest::Method;
use serde::Deserialize;

use super::about;
use crate::client::Client;
use crate::error::{Error, optional};
#[cfg(fuzzing)]
use crate::exchange::Answer;
use crate::page::{self, List};

/// `RestV10VendorsGet`, and `RestV10VendorsIdGet` for one of them.
const ALL: &str = "/rest/v1.0/vendors";

/// `RestV10CompaniesCompanyIdVendorsInactiveGet`.
fn inactive(company: CompanyId) -> String {
    format!("/rest/v1.0/companies/{company}/vendors/inactive")
}

/// `RestV10CompaniesCompanyIdVendorsInactiveIdPatch`.
fn reactivation(company: CompanyId, vendor: VendorId) -> String {
    format!("/rest/v1.0/companies/{company}/vendors/inactive/{vendor}")
}

/// What was seen to be granted; Procore names no maximum for this list (developers.procore.com, pagination).
const PER_PAGE: u32 = 100;

#[derive(Deserialize)]
struct VendorRow {
    id: u64,
    name: Option<String>,
    is_active: bool,
    primary_contact: Option<PrimaryContactRow>,
}

#[derive(Deserialize)]
struct PrimaryContactRow {
    email_address: Option<String>,
}

impl From<VendorRow> for Vendor {
    fn from(row: VendorRow) -> Self {
        Self {
            id: Id::new(row.id),
            name: row.name.unwrap_or_default(),
            active: row.is_active,
            primary_contact: row.primary_contact.and_then(|contact| contact.email_address?.parse().ok()),
        }
    }
}

/// Returns the vendors of the company, sorted by id.
pub(crate) async fn all(client: &Client, activity: Activity) -> Result<Vec<Vendor>, Error> {
    let mut vendors = BTreeMap::new();
    for is_active in [true, false].into_iter().filter(|is_active| activity.includes(*is_active)) {
        let listed = listed(client, "list vendors", is_active).await?;
        vendors.extend(listed.into_iter().map(|vendor| (vendor.id, vendor)));
    }
    Ok(vendors.into_values().collect())
}

/// Returns one vendor, active or not. Procore does not document whether an inactive one is shown, so who is not shown is
/// looked for among those.
pub(crate) async fn show(client: &Client, vendor: VendorId) -> Result<Option<Vendor>, Error> {
    let operation = "show vendor";
    let url = client.url(&format!("{ALL}/{vendor}"), &[("company_id", &client.company().to_string())]);
    let Some(answer) = optional(client.read(operation, url).await)? else {
        let listed = listed(client, operation, false).await?;
        return Ok(listed.into_iter().find(|listed| listed.id == vendor));
    };
    let row: VendorRow = answer.json(operation)?;
    about(&answer, operation, "vendor", vendor.get(), row.id)?;
    Ok(Some(row.into()))
}

/// Takes a vendor back into use, so that its users can be reactivated.
pub(crate) async fn reactivate(client: &Client, vendor: VendorId) -> Result<(), Error> {
    let url = client.url(&reactivation(client.company(), vendor), &[]);
    client.write("reactivate vendor", Method::PATCH, url, None).await
}

/// Reads one of the two lists. Each row has to say itself whether it is active.
async fn listed(client: &Client, operation: &'static str, is_active: bool) -> Result<Vec<Vendor>, Error> {
    let url = if is_active {
        client.url(ALL, &[("company_id", &client.company().to_string())])
    } else {
        client.url(&inactive(client.company()), &[])
    };
    let list = List { operation, url, per_page: Some(PER_PAGE) };
    let rows = page::all(client, &list, |row: &VendorRow| row.id).await?;
    Ok(rows.into_iter().filter(|row| row.is_active == is_active).map(Vendor::from).collect())
}

/// Reads an answer as the lists do.
#[cfg(fuzzing)]
pub(crate) fn read(answer: &Answer) -> Result<Vec<Vendor>, Error> {
    let rows: Vec<VendorRow> = answer.json("list vendors")?;
    Ok(rows.into_iter().map(Vendor::from).collect())
}
