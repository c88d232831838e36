//! The companies in the directory: active ones, inactive ones, and changing one.

use std::cmp::Reverse;

use serde_json::{Map, Value};

use super::need_company;
use crate::company::{Company, Invalid, Vendor};
use crate::server::answer::{Answer, Refusal, Reply};
use crate::server::field::{flag, required_text, text};
use crate::server::gate::Scene;
use crate::server::page::paged;
use crate::server::query::Query;
use crate::server::request::Request;
use crate::view;
use crate::view::vendor::{FLAGS, TEXTS};

/// Serves `GET /rest/v1.0/vendors`, which shows active ones only.
pub(crate) fn list(scene: &mut Scene<'_>, request: &Request) -> Reply {
    need_company(request)?;
    let (company, query) = (&*scene.company, &request.query);
    let words = super::filter::Words::read(query);
    let (ids, trades) = (query.filter_ids("id")?, query.filter_ids("trade_id")?);
    let parents = query.filter_ids("parent_id")?;
    let (created, updated) = (query.filter_range("created_at")?, query.filter_range("updated_at")?);
    let detail = |vendor: &Vendor, name: &str| {
        vendor.details.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let trade = |vendor: &Vendor| vendor.trade.as_deref().and_then(|name| company.label_id(name));
    let mut vendors: Vec<&Vendor> = company
        .vendors()
        .filter(|vendor| vendor.active)
        .filter(|vendor| ids.as_ref().is_none_or(|ids| ids.contains(&vendor.id)))
        .filter(|vendor| trades.as_ref().is_none_or(|ids| trade(vendor).is_some_and(|id| ids.contains(&id))))
        // Nobody here has a parent.
        .filter(|_| parents.is_none())
        .filter(|vendor| created.is_none_or(|range| range.holds(vendor.created_at)))
        .filter(|vendor| updated.is_none_or(|range| range.holds(vendor.updated_at)))
        .filter(|vendor| query.filter("origin_id").is_none_or(|origin| detail(vendor, "origin_id") == origin))
        .filter(|vendor| {
            words.stand_in(&[&vendor.name, &detail(vendor, "notes"), &detail(vendor, "origin_code")])
        })
        .collect();
    sort(query, &mut vendors);
    let view = query.value("view");
    paged(request, scene.page_max, vendors, |vendor| view::vendor::viewed(company, vendor, view))
}

/// Serves `GET /rest/v1.0/vendors/{id}`, for inactive ones too.
pub(crate) fn show(scene: &mut Scene<'_>, request: &Request) -> Reply {
    need_company(request)?;
    shown(scene.company, request.id("id")?, request)
}

/// Serves `PATCH /rest/v1.0/vendors/{id}`. The company is named in the body.
pub(crate) fn update(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let mut vendor = scene.company.vendor(request.id("id")?).ok_or_else(Refusal::not_found)?.clone();
    match request.json()?.get("company_id") {
        Some(id) if id.as_u64() == Some(scene.company.id()) => {}
        Some(_) => return Err(Refusal::not_connected()),
        None => return Err(Refusal::field("company_id", "is missing")),
    }
    apply(&mut vendor, &request.nested("vendor")?)?;
    let id = vendor.id;
    scene.company.put_vendor(vendor)?;
    shown(scene.company, id, request)
}

/// Serves `GET /rest/v1.0/companies/{company_id}/vendors/inactive`, which knows no filters.
pub(crate) fn inactive(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let company = &*scene.company;
    let mut vendors: Vec<&Vendor> = company.vendors().filter(|vendor| !vendor.active).collect();
    sort(&request.query, &mut vendors);
    let (view, origin) = (request.query.value("view"), request.origin());
    paged(request, scene.page_max, vendors, |vendor| view::vendor::inactive(company, vendor, view, &origin))
}

/// Serves `PATCH /rest/v1.0/companies/{company_id}/vendors/inactive/{id}`. Its people stay as they are.
pub(crate) fn reactivate(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let vendor = scene.company.vendor(request.id("id")?).filter(|vendor| !vendor.active);
    let id = vendor.ok_or_else(Refusal::not_found)?.id;
    scene.company.set_vendor_active(id, true)?;
    shown(scene.company, id, request)
}

fn shown(company: &Company, id: u64, request: &Request) -> Reply {
    let vendor = company.vendor(id).ok_or_else(Refusal::not_found)?;
    Ok(Answer::ok(view::vendor::viewed(company, vendor, request.query.value("view"))))
}

fn apply(vendor: &mut Vendor, fields: &Map<String, Value>) -> Result<(), Invalid> {
    if let Some(name) = fields.get("name") {
        vendor.name = required_text("name", name)?;
    }
    if let Some(active) = fields.get("is_active") {
        vendor.active = flag("is_active", active)?;
    }
    for name in TEXTS {
        if let Some(value) = fields.get(name) {
            vendor.details.insert(name.to_owned(), text(name, value)?.into());
        }
    }
    for name in FLAGS {
        if let Some(value) = fields.get(name) {
            vendor.details.insert(name.to_owned(), flag(name, value)?.into());
        }
    }
    Ok(())
}

fn sort(query: &Query, vendors: &mut [&Vendor]) {
    match query.value("sort") {
        Some("name") => vendors.sort_by_cached_key(|vendor| vendor.name.to_lowercase()),
        Some("-name") => vendors.sort_by_cached_key(|vendor| Reverse(vendor.name.to_lowercase())),
        _ => {}
    }
}
