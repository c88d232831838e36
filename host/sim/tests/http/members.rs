//! The people of a project, and taking somebody off.

use muster_sim::Fault;

use crate::site::{Crew, Site, crew, keys, template};

fn remove(project: u64, user: u64) -> String {
    format!("/rest/v1.0/projects/{project}/users/{user}/actions/remove")
}

#[tokio::test]
async fn a_removed_user_stays_in_the_directory_and_keeps_items() {
    let Crew { company, ana, project, rfi, .. } = crew();
    let site = Site::of(company).await;
    let answer = site.delete(&remove(project, ana)).await;
    assert_eq!((answer.status, answer.text.as_str(), answer.header("content-type")), (204, "", None));
    assert!(site.get("/rest/v1.3/companies/{c}/users").await.ids().contains(&ana));
    assert!(!site.get(&format!("/rest/v1.0/projects/{project}/users")).await.ids().contains(&ana));
    let rfi = site.get(&format!("/rest/v1.0/projects/{project}/rfis/{rfi}")).await;
    assert_eq!(rfi.body["assignees"][0]["id"], ana, "items are not touched");
    assert_eq!(site.delete(&remove(project, ana)).await.status, 404, "she is not on the project any more");
}

#[tokio::test]
async fn nobody_is_removed_who_is_not_there() {
    let Crew { company, ana, project, .. } = crew();
    let service = company.service_account();
    let site = Site::of(company).await;
    for path in [remove(1, ana), remove(project, 1), remove(project, service)] {
        assert_eq!(site.delete(&path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn a_user_without_a_login_can_be_removed() {
    let Crew { mut company, ana, project, .. } = crew();
    company.set_active(ana, false).unwrap();
    let site = Site::of(company).await;
    assert_eq!(site.delete(&remove(project, ana)).await.status, 204);
    assert!(site.simulator.with_company(|company| company.membership(ana, project).is_none()));
}

#[tokio::test]
async fn a_removal_can_be_dropped_silently() {
    let Crew { company, ana, project, .. } = crew();
    let site = Site::of(company).await;
    site.simulator.set_faults([Fault::IgnoreRemoval]);
    let before = site.simulator.export();
    assert_eq!(site.delete(&remove(project, ana)).await.status, 204);
    assert_eq!(site.simulator.export(), before);
    assert_eq!(
        site.delete(&remove(project, 1)).await.status,
        404,
        "what can't be done is refused all the same"
    );
}

#[tokio::test]
async fn the_directory_of_a_project_shows_active_people_and_leaves_out_what_is_null() {
    let Crew { mut company, pat, ana, leo, kim, project, .. } = crew();
    company.set_active(ana, false).unwrap();
    let site = Site::of(company).await;
    let path = format!("/rest/v1.0/projects/{project}/users");
    let answer = site.get(&format!("{path}?sort=name")).await;
    assert_eq!(answer.ids(), [leo, kim, pat]);
    let user = answer.body[0].as_object().unwrap();
    assert_eq!(user["permission_template"]["name"], "Subcontractor");
    assert!(user.values().all(|value| !value.is_null()), "{user:?}");
    assert!(!user.contains_key("company_permission_template") && !user.contains_key("employee_id"));
    let compact = site.get(&format!("{path}?view=compact&sort=name")).await;
    assert_eq!(keys(&compact.body[0]), ["first_name", "id", "initials", "last_name", "name", "vendor"]);
    assert_eq!(site.get("/rest/v1.0/projects/1/users").await.status, 404);
}

#[tokio::test]
async fn the_directory_of_a_project_can_be_narrowed() {
    let Crew { company, pat, ana, leo, kim, project, .. } = crew();
    let (reader, vendor) = (template(&company, "Read Only"), company.user(leo).unwrap().vendor.unwrap());
    let site = Site::of(company).await;
    let narrowed = async |query: &str| {
        site.get(&format!("/rest/v1.0/projects/{project}/users?sort=name&{query}")).await.ids()
    };
    assert_eq!(narrowed(&format!("filters[permission_template]={reader}")).await, [kim]);
    assert_eq!(narrowed(&format!("filters[vendor_id]={vendor}")).await, [leo]);
    assert_eq!(narrowed("filters[employee]=true").await, [ana, kim, pat]);
    assert_eq!(narrowed(&format!("filters[id]={ana}")).await, [ana]);
    assert_eq!(narrowed("filters[search]=detailer").await, [leo]);
}
