//! The people of the company and of a project, with a login or without. Those without are made and changed here.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{filter, project};
use crate::company::{Company, Invalid, Person, User};
use crate::server::answer::{Answer, Refusal, Reply};
use crate::server::field::{flag, number, required_text, text};
use crate::server::gate::Scene;
use crate::server::page::paged;
use crate::server::query::Query;
use crate::server::request::Request;
use crate::view;

/// Somebody in a list, with the template on the project.
type Listed<'a> = (Person<'a>, Option<u64>);

/// Serves `GET /rest/v1.0/companies/{company_id}/people`.
pub(crate) fn of_company(scene: &mut Scene<'_>, request: &Request) -> Reply {
    company_list(scene, request, true)
}

/// Serves `GET /rest/v1.0/companies/{company_id}/people/inactive`.
pub(crate) fn inactive_of_company(scene: &mut Scene<'_>, request: &Request) -> Reply {
    company_list(scene, request, false)
}

/// Serves `GET /rest/v1.0/projects/{project_id}/people`.
pub(crate) fn of_project(scene: &mut Scene<'_>, request: &Request) -> Reply {
    project_list(scene, request, true)
}

/// Serves `GET /rest/v1.0/projects/{project_id}/people/inactive`.
pub(crate) fn inactive_of_project(scene: &mut Scene<'_>, request: &Request) -> Reply {
    project_list(scene, request, false)
}

/// Serves `POST /rest/v1.0/companies/{company_id}/people`, which makes a contact.
pub(crate) fn create(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let id = add(scene.company, &request.nested("person")?, true)?;
    Ok(Answer::created(shown(scene.company, id, request)?))
}

/// Serves `POST /rest/v1.0/projects/{project_id}/people`, which makes a contact and puts it on the project.
pub(crate) fn create_on_project(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let project = project(scene.company, request)?.id;
    let id = add(scene.company, &request.nested("person")?, false)?;
    scene.company.add_contact_membership(id, project)?;
    Ok(Answer::created(shown(scene.company, id, request)?))
}

/// Serves `PATCH /rest/v1.0/companies/{company_id}/people/{id}`, which can also deactivate somebody or the opposite.
pub(crate) fn update(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let id = scene.company.person(request.id("id")?).ok_or_else(Refusal::not_found)?.id();
    change(scene.company, id, &request.nested("person")?, true)?;
    Ok(Answer::ok(shown(scene.company, id, request)?))
}

/// Serves `PATCH /rest/v1.0/projects/{project_id}/people/{id}`.
pub(crate) fn update_on_project(scene: &mut Scene<'_>, request: &Request) -> Reply {
    let (project, id) = (project(scene.company, request)?.id, request.id("id")?);
    let found = scene.company.people_of(project).any(|(person, _)| person.id() == id);
    if !found {
        return Err(Refusal::not_found());
    }
    change(scene.company, id, &request.nested("person")?, false)?;
    Ok(Answer::ok(shown(scene.company, id, request)?))
}

fn company_list(scene: &Scene<'_>, request: &Request, active: bool) -> Reply {
    let company = &*scene.company;
    let filter = Filter::read(&request.query)?;
    let people =
        company.people().filter(|person| person.active() == active && filter.keeps(company, *person));
    let people: Vec<Listed<'_>> = people.map(|person| (person, None)).collect();
    list(scene, request, people)
}

fn project_list(scene: &Scene<'_>, request: &Request, active: bool) -> Reply {
    let (company, query) = (&*scene.company, &request.query);
    let project = project(company, request)?.id;
    let filter = Filter::read(query)?;
    let templates = query.filter_ids("permission_template_id")?;
    let mut people: Vec<Listed<'_>> = company.people_of(project).collect();
    if query.filter_flag("include_company_people")? == Some(true) {
        let others = company.people().filter(|person| match person {
            Person::User(user) => company.membership(user.id, project).is_none(),
            Person::Contact(contact) => company.contact_membership(contact.id, project).is_none(),
        });
        people.extend(others.map(|person| (person, None)));
    }
    people.retain(|(person, template)| {
        person.active() == active
            && filter.keeps(company, *person)
            && templates.as_ref().is_none_or(|ids| template.is_some_and(|id| ids.contains(&id)))
    });
    match query.value("sort") {
        Some("name") => people.sort_by_cached_key(|(person, _)| person.last_name().to_lowercase()),
        Some("job_title") => {
            people.sort_by_cached_key(|(person, _)| person.job_title().map(str::to_lowercase))
        }
        Some("vendor_name") => people.sort_by_cached_key(|(person, _)| {
            person.vendor().and_then(|id| company.vendor(id)).map(|vendor| vendor.name.to_lowercase())
        }),
        Some("permission_template") => people.sort_by_cached_key(|(_, template)| {
            template.and_then(|id| company.template(id)).map(|template| template.name.to_lowercase())
        }),
        _ => {}
    }
    list(scene, request, people)
}

fn list(scene: &Scene<'_>, request: &Request, people: Vec<Listed<'_>>) -> Reply {
    let view = |(person, template): &Listed<'_>| viewed(scene.company, *person, *template, request);
    paged(request, scene.page_max, people, view)
}

fn viewed(company: &Company, person: Person<'_>, template: Option<u64>, request: &Request) -> Value {
    match request.query.value("view") {
        Some("extended") => view::person::extended(company, person),
        Some("web") if request.has_id("project_id") => view::person::web(company, person, template),
        _ => view::person::normal(person),
    }
}

fn shown(company: &Company, id: u64, request: &Request) -> Result<Value, Refusal> {
    let person = company.person(id).ok_or_else(Refusal::not_found)?;
    Ok(viewed(company, person, None, request))
}

fn add(company: &mut Company, fields: &Map<String, Value>, in_company: bool) -> Result<u64, Invalid> {
    let read = Fields::read(fields, in_company)?;
    let id = company.add_contact("", &read.last_name);
    apply(company, id, read)?;
    Ok(id)
}

fn change(
    company: &mut Company,
    id: u64,
    fields: &Map<String, Value>,
    in_company: bool,
) -> Result<(), Invalid> {
    apply(company, id, Fields::read(fields, in_company)?)
}

/// What a body says of a person, read before anything is made or changed.
struct Fields {
    last_name: String,
    first_name: Option<Option<String>>,
    employee: Option<bool>,
    employee_id: Option<Option<String>>,
    active: Option<bool>,
    origin_id: Option<Option<String>>,
    job_title: Option<Option<String>>,
    work_classification_id: Option<Option<u64>>,
}

impl Fields {
    /// Reads a body. Only those of the company's own operations say whether somebody is active.
    fn read(fields: &Map<String, Value>, in_company: bool) -> Result<Self, Invalid> {
        let words = |field: &'static str| fields.get(field).map(|value| text(field, value)).transpose();
        let flags = |field: &'static str| fields.get(field).map(|value| flag(field, value)).transpose();
        let last_name = required_text("last_name", fields.get("last_name").unwrap_or(&Value::Null))?;
        if last_name.trim().is_empty() {
            return Err(Invalid::new("last_name", "can't be blank"));
        }
        Ok(Self {
            last_name,
            first_name: words("first_name")?,
            employee: flags("is_employee")?,
            employee_id: words("employee_id")?,
            active: if in_company { flags("active")? } else { None },
            origin_id: words("origin_id")?,
            job_title: words("job_title")?,
            work_classification_id: fields
                .get("work_classification_id")
                .map(|value| number("work_classification_id", value))
                .transpose()?,
        })
    }

    fn write(self, record: Record<'_>) {
        *record.last_name = self.last_name;
        set(record.first_name, self.first_name);
        set(record.employee, self.employee);
        set(record.employee_id, self.employee_id);
        set(record.origin_id, self.origin_id);
        set(record.job_title, self.job_title);
        set(record.work_classification_id, self.work_classification_id);
    }
}

/// What a user and a contact have in common, to be written to.
struct Record<'a> {
    last_name: &'a mut String,
    first_name: &'a mut Option<String>,
    employee: &'a mut bool,
    employee_id: &'a mut Option<String>,
    origin_id: &'a mut Option<String>,
    job_title: &'a mut Option<String>,
    work_classification_id: &'a mut Option<u64>,
}

fn set<T>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
}

fn apply(company: &mut Company, id: u64, read: Fields) -> Result<(), Invalid> {
    let person = company.person(id).ok_or_else(|| Invalid::unknown("id", id))?;
    let becomes = read.active.filter(|active| *active != person.active());
    if becomes == Some(true) {
        // Asked before anything is changed.
        company.check_vendor_active(person.vendor())?;
    }
    match person {
        Person::User(user) => {
            let mut user = user.clone();
            read.write(Record {
                last_name: &mut user.last_name,
                first_name: &mut user.first_name,
                employee: &mut user.employee,
                employee_id: &mut user.employee_id,
                origin_id: &mut user.origin_id,
                job_title: &mut user.job_title,
                work_classification_id: &mut user.work_classification_id,
            });
            company.put_user(user)?;
        }
        Person::Contact(contact) => {
            let mut contact = contact.clone();
            read.write(Record {
                last_name: &mut contact.last_name,
                first_name: &mut contact.first_name,
                employee: &mut contact.employee,
                employee_id: &mut contact.employee_id,
                origin_id: &mut contact.origin_id,
                job_title: &mut contact.job_title,
                work_classification_id: &mut contact.work_classification_id,
            });
            company.put_contact(contact)?;
        }
    }
    match becomes {
        Some(active) => company.set_person_active(id, active),
        None => Ok(()),
    }
}

/// What the filters of a list of people ask for.
struct Filter<'a> {
    employee: Option<bool>,
    contacts: bool,
    users: bool,
    connected: Option<bool>,
    words: filter::Words,
    job_title: Option<&'a str>,
    state_code: Option<&'a str>,
    country_code: Option<&'a str>,
    vendors: Option<BTreeSet<u64>>,
    trades: Option<BTreeSet<u64>>,
}

impl<'a> Filter<'a> {
    fn read(query: &'a Query) -> Result<Self, Refusal> {
        Ok(Self {
            employee: query.filter_flag("is_employee")?,
            contacts: query.filter_flag("reference_users_only")? == Some(true),
            users: query.filter_flag("without_reference_users")? == Some(true),
            connected: query.filter_flag("connected")?,
            words: filter::Words::read(query),
            job_title: query.filter("job_title"),
            state_code: query.filter("state_code"),
            country_code: query.filter("country_code"),
            vendors: query.filter_ids("vendor_id")?,
            trades: query.filter_ids("trade_id")?,
        })
    }

    fn keeps(&self, company: &Company, person: Person<'_>) -> bool {
        let user = person.user();
        let is = |asked: Option<&str>, found: Option<&str>| asked.is_none() || asked == found;
        let trade = || company.label_id(company.vendor(person.vendor()?)?.trade.as_deref()?);
        // Nobody here comes from another company that is connected with this one.
        self.connected != Some(true)
            && self.employee.is_none_or(|employee| person.employee() == employee)
            && !(self.contacts && user.is_some())
            && !(self.users && user.is_none())
            && is(self.job_title, person.job_title())
            && is(self.state_code, user.and_then(|user| user.state_code.as_deref()))
            && is(self.country_code, user.and_then(|user| user.country_code.as_deref()))
            && self.vendors.as_ref().is_none_or(|ids| person.vendor().is_some_and(|id| ids.contains(&id)))
            && self.trades.as_ref().is_none_or(|ids| trade().is_some_and(|id| ids.contains(&id)))
            && self.finds(person)
    }

    fn finds(&self, person: Person<'_>) -> bool {
        let phone = |phone: fn(&User) -> &Option<String>| {
            person.user().and_then(|user| phone(user).as_deref()).unwrap_or_default()
        };
        self.words.stand_in(&[
            person.first_name().unwrap_or_default(),
            person.last_name(),
            person.email().unwrap_or_default(),
            person.job_title().unwrap_or_default(),
            phone(|user| &user.mobile_phone),
            phone(|user| &user.business_phone),
            phone(|user| &user.fax_number),
        ])
    }
}
