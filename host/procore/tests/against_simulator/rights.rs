//! Templates that can be given, and what the account itself may do.

use std::collections::BTreeSet;

use muster_core::directory::{AccessLevel, TemplateKind};
use muster_core::id::ProjectId;
use muster_procore::Dialect;
use muster_sim::Level;

use crate::site::Site;

#[tokio::test]
async fn templates_are_told_apart_by_what_they_are_for() {
    let site = Site::speaking(Dialect::Reference, |_| {}).await;
    let reads = site.connect().reads();
    site.run(async {
        let global = reads.global_templates().await.unwrap();
        assert!(!global.is_empty() && global.iter().all(|template| template.kind == TemplateKind::Global));
        for project in site.company.projects() {
            let assignable = reads.assignable_templates(ProjectId::new(project.id)).await.unwrap();
            let found: BTreeSet<u64> = assignable.iter().map(|template| template.id.get()).collect();
            // Our account is an admin, so nothing that fits a project is kept from it.
            assert!(found.is_superset(&global.iter().map(|template| template.id.get()).collect()));
            assert!(found.iter().all(|id| site.company.template(*id).is_some()), "{}", project.id);
            assert!(assignable.iter().all(|template| template.kind != TemplateKind::Company));
        }
    })
    .await;
}

#[tokio::test]
async fn rights_are_those_that_the_accounts_template_gives() {
    let site = Site::speaking(Dialect::Reference, |_| {}).await;
    let reads = site.connect().reads();
    let company = &site.company;
    let own = company.user(company.service_account()).unwrap().company_template.unwrap();
    let own = company.template(own).unwrap();
    site.run(async {
        let rights = reads.company_rights().await.unwrap();
        assert!(rights.tools().count() > 0);
        for (tool, level) in &own.levels {
            let expected = match level {
                Level::None => AccessLevel::None,
                Level::ReadOnly => AccessLevel::ReadOnly,
                Level::Standard => AccessLevel::Standard,
                Level::Admin => AccessLevel::Admin,
            };
            assert_eq!(rights.level(tool), expected, "{tool}");
        }
        let project = ProjectId::new(company.projects().next().unwrap().id);
        let rights = reads.project_rights(project).await.unwrap();
        assert_eq!(rights.level("directory"), AccessLevel::Admin, "an admin of the company's directory");
    })
    .await;
}
