//! Who is in the directory: vendors, admins, employees, and everybody else.

use std::collections::BTreeSet;

use crate::company::{Company, NewUser};
use crate::dice::Dice;

use super::words::{self, City, Job};
use super::{days_ago, names};

/// A vendor with the jobs that it has and the place where it sits.
struct Firm {
    vendor: u64,
    jobs: &'static [Job],
    city: City,
}

/// Adds vendors and `count` people to a company.
pub(super) fn add(company: &mut Company, dice: &mut Dice, count: usize) {
    let firms = add_firms(company, dice, count.div_ceil(12));
    let own = Firm { vendor: company.own_vendor(), jobs: words::EMPLOYEES, city: city(dice) };
    let admins = if count < 6 { count } else { (count / 120).clamp(3, 12) };
    let employees = count * 35 / 100;
    for index in 0..count {
        let firm = if index < employees { &own } else { dice.pick(&firms).unwrap_or(&own) };
        let job = dice.pick(if index < admins { words::ADMINS } else { firm.jobs });
        let active = index < admins || dice.percent(85);
        if let Some(job) = job {
            let firm = if index < admins { &own } else { firm };
            add_person(company, dice, firm, job, active);
        }
    }
}

fn add_firms(company: &mut Company, dice: &mut Dice, count: usize) -> Vec<Firm> {
    let mut firms = Vec::new();
    let mut taken = BTreeSet::new();
    for index in 0..count {
        let (jobs, trades) = match index % 10 {
            0 | 5 => (words::DESIGNERS, words::DESIGN_TRADES),
            7 => (words::OWNERS, words::OWNER_TRADES),
            _ => (words::BUILDERS, words::BUILD_TRADES),
        };
        let trade = dice.word(trades);
        let name = if dice.percent(50) { dice.word(words::PLACES) } else { dice.word(names::LAST) };
        let mut full = format!("{name} {trade}");
        if !taken.insert(full.clone()) {
            full = format!("{name} & {} {trade}", dice.word(names::LAST));
        }
        company.set_time(days_ago(dice, 1400));
        firms.push(Firm { vendor: company.add_vendor(&full, Some(trade)), jobs, city: city(dice) });
    }
    firms
}

fn add_person(company: &mut Company, dice: &mut Dice, firm: &Firm, job: &Job, active: bool) {
    let age = dice.between(20, 1300);
    let created = days_ago(dice, age);
    company.set_time(created);
    let new = NewUser {
        job_title: Some(job.title.to_owned()),
        vendor: Some(firm.vendor),
        company_template: template(company, job.company),
        default_template: template(company, job.project),
        inactive: !active,
        ..NewUser::named(dice.word(names::FIRST), dice.word(names::LAST))
    };
    let Some(mut user) = company.add_user(new).ok().and_then(|id| company.user(id)).cloned() else { return };

    let City { name: city, state, zip, area, .. } = firm.city;
    let street = format!("{} {}", dice.between(100, 9800), dice.word(words::STREETS));
    user.address = Some(street).filter(|_| dice.percent(60));
    user.city = Some(city.to_owned());
    user.state_code = Some(state.to_owned());
    user.zip = Some(zip.to_owned());
    user.country_code = Some("US".to_owned());
    // 555-0100 to 555-0199 are numbers that nobody has.
    user.business_phone = Some(format!("({area}) 555-01{:02}", dice.below(100)));
    user.business_phone_extension = Some(dice.between(100, 899)).filter(|_| dice.percent(25));
    user.mobile_phone = Some(format!("({area}) 555-01{:02}", dice.below(100))).filter(|_| dice.percent(70));
    user.origin_id =
        Some(format!("HR-{:06}", dice.below(1_000_000))).filter(|_| user.employee && dice.percent(80));
    let invited = dice.percent(96);
    user.welcome_email_sent_at = Some(created).filter(|_| invited);
    let login = if active { dice.below(45.min(age)) } else { dice.between(age / 2, age) };
    user.last_login_at = Some(days_ago(dice, login).max(created)).filter(|_| invited && dice.percent(88));
    user.last_activated_at = Some(created);

    let changed = dice.below(age);
    company.set_time(days_ago(dice, changed).max(created));
    // The record is the one that was just added, so that nothing in it can be refused.
    let _ = company.put_user(user);
}

fn template(company: &Company, name: &str) -> Option<u64> {
    company.template_by_name(name).map(|template| template.id)
}

fn city(dice: &mut Dice) -> City {
    dice.pick(words::CITIES).copied().unwrap_or(words::HOME)
}
