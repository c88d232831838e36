//! Tests of the state without HTTP: the situations that a test can build, and what the state refuses.

use super::*;

fn company() -> (Company, u64, u64) {
    let mut company = Company::new("Northgate Construction");
    let user = company.add_user(NewUser::named("Ana", "Diaz")).unwrap();
    let project = company.add_project(NewProject::named("Harbor Point Tower B"));
    (company, user, project)
}

fn template(company: &Company, name: &str) -> u64 {
    company.template_by_name(name).unwrap().id
}

#[test]
fn a_new_company_has_a_service_account_that_is_an_admin() {
    let company = Company::new("Northgate Construction");
    let service = company.user(company.service_account()).unwrap();
    assert_eq!(service.email, "muster-service@northgate-construction.example");
    assert!(company.is_company_admin(service.id));
    assert_eq!(company.users().count(), 1);
}

#[test]
fn what_makes_a_company_admin_is_the_level_in_the_directory_and_not_the_name() {
    let (mut company, user, _) = company();
    let mut changed = company.user(user).unwrap().clone();
    changed.company_template = Some(template(&company, "Field Staff"));
    company.put_user(changed).unwrap();
    assert!(!company.is_company_admin(user));
    company.set_level(template(&company, "Field Staff"), "directory", Level::Admin).unwrap();
    assert!(company.is_company_admin(user));
    company.set_active(user, false).unwrap();
    assert!(!company.is_company_admin(user), "nobody without a login is an admin");
}

#[test]
fn an_address_belongs_to_one_user_in_whatever_case_it_is_written() {
    let (mut company, ana, _) = company();
    let taken =
        NewUser { email: Some("Ana.Diaz@NORTHGATE-construction.example".into()), ..NewUser::named("A", "D") };
    assert_eq!(company.add_user(taken).unwrap_err().field, "email_address");
    let second = company.add_user(NewUser::named("Ana", "Diaz")).unwrap();
    assert_eq!(company.user(second).unwrap().email, "ana.diaz2@northgate-construction.example");

    let mut renamed = company.user(ana).unwrap().clone();
    renamed.email = "ana@elsewhere.example".into();
    company.put_user(renamed).unwrap();
    assert_eq!(company.user_by_email("ANA@elsewhere.example").unwrap().id, ana);
    assert!(company.user_by_email("ana.diaz@northgate-construction.example").is_none());
}

#[test]
fn a_membership_takes_the_default_template_of_the_user() {
    let (mut company, user, project) = company();
    let mut changed = company.user(user).unwrap().clone();
    changed.default_template = Some(template(&company, "Superintendent"));
    company.put_user(changed).unwrap();
    company.add_membership(NewMembership::new(user, project).with_role("Superintendent")).unwrap();
    let membership = company.membership(user, project).unwrap();
    assert_eq!(membership.template, Some(template(&company, "Superintendent")));
    assert_eq!(company.projects_of(user).collect::<Vec<_>>(), [project]);
    let again = company.add_membership(NewMembership::new(user, project));
    assert_eq!(again.unwrap_err().field, "user_id");
}

#[test]
fn a_membership_refuses_templates_of_the_company_and_of_other_projects() {
    let (mut company, user, project) = company();
    let other = company.add_project(NewProject::named("Mill Creek Plant"));
    let kind = TemplateKind::ProjectSpecific { project: other };
    let elsewhere = company.add_template("Tower Inspectors", kind, Category::External, &[]);
    for unfit in [template(&company, "Company Administrator"), elsewhere] {
        let membership = NewMembership::new(user, project).with_template(unfit);
        assert_eq!(company.add_membership(membership).unwrap_err().field, "permission_template_id");
    }
    company.add_membership(NewMembership::new(user, other).with_template(elsewhere)).unwrap();
}

#[test]
fn an_rfi_can_be_held_by_the_only_member_of_a_project() {
    let (mut company, leaver, project) = company();
    let manager = template(&company, "Project Manager");
    company.add_membership(NewMembership::new(leaver, project).with_template(manager)).unwrap();
    let rfi = company.add_rfi(NewRfi::open(project, "Slab edge at grid C-4", leaver, &[leaver])).unwrap();
    company.set_active(leaver, false).unwrap();
    assert_eq!(company.rfi(rfi).unwrap().ball_in_court(), [leaver], "the item stays where it is");
    assert_eq!(company.potential_assignees(project).count(), 0, "nobody else could take it");
}

#[test]
fn managers_are_fewer_than_assignees() {
    let (mut company, engineer, project) = company();
    let foreman = company.add_user(NewUser::named("Leo", "Cruz")).unwrap();
    let owner = company.add_user(NewUser::named("Kim", "Ito")).unwrap();
    for (user, name) in [(engineer, "Project Engineer"), (foreman, "Subcontractor"), (owner, "Owner")] {
        let membership = NewMembership::new(user, project).with_template(template(&company, name));
        company.add_membership(membership).unwrap();
    }
    let ids = |users: Vec<&User>| users.iter().map(|user| user.id).collect::<BTreeSet<_>>();
    assert_eq!(ids(company.potential_assignees(project).collect()), BTreeSet::from([engineer, foreman]));
    assert_eq!(ids(company.potential_managers(project).collect()), BTreeSet::from([engineer]));
}

#[test]
fn an_export_shows_times_apart_from_the_rest() {
    let (mut company, user, _) = company();
    let before = company.export();
    company.set_time(company.time() + std::time::Duration::from_secs(60));
    company.set_active(user, false).unwrap();
    company.set_active(user, true).unwrap();
    let mut after = company.export();
    assert_ne!(before, after);
    after["times"] = before["times"].clone();
    assert_eq!(before, after);
}
