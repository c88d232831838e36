//! Presets of workflows, and what makes them unfit.

use muster_sim::{Config, HeldAs, Kind, Level, NewPreset, NewUser, Preset, Switches};
use serde_json::{Value, json};

use crate::site::{Answer, Crew, Site, config, crew, keys, template};

struct Presets {
    site: Site,
    crew: Crew,
    /// One of Pat with Leo and then Ana and Leo, and another one of Pat with Ana.
    ids: [u64; 2],
}

fn built() -> (Crew, [u64; 2]) {
    let mut crew = crew();
    let (project, pat, ana, leo) = (crew.project, crew.pat, crew.ana, crew.leo);
    let large =
        NewPreset::new(project, "Large commitments", pat, &[leo]).with_group("Approvers", &[ana, leo]);
    let small = NewPreset::new(project, "Small commitments", pat, &[ana]);
    let ids = [large, small].map(|new| crew.company.add_preset(new).unwrap());
    (crew, ids)
}

async fn presets() -> Presets {
    let (crew, ids) = built();
    let site = Site::of(crew.company.clone()).await;
    Presets { site, crew, ids }
}

impl Presets {
    fn path(&self, rest: &str) -> String {
        format!("/rest/v2.0/companies/{{c}}/projects/{}/workflows/presets{rest}", self.crew.project)
    }

    async fn list(&self, query: &str) -> Answer {
        self.site.get(&self.path(&format!("?{query}"))).await
    }

    async fn assign(&self, id: u64, body: Value) -> Answer {
        self.site.patch(&self.path(&format!("/{id}/assignees")), body).await
    }

    fn get(&self, id: u64) -> Preset {
        self.site.simulator.with_company(|company| company.item::<Preset>(id).unwrap().clone())
    }

    /// Returns a body that names others in a group of a preset.
    fn group(&self, id: u64, group: usize, users: &[u64]) -> Value {
        let logins: Vec<String> = users.iter().map(u64::to_string).collect();
        json!({ "responsible_group_memberships": [{ "uuid": self.get(id).groups[group].uuid, "login_ids": logins }] })
    }

    fn valid(&self) -> Vec<bool> {
        let export = self.site.simulator.export();
        let presets = export["workflow_presets"].as_array().unwrap();
        presets.iter().map(|preset| preset["valid"].as_bool().unwrap()).collect()
    }
}

#[tokio::test]
async fn presets_are_listed_by_the_type_of_the_items_and_name_nobody() {
    let presets = presets().await;
    let ([large, small], leo) = (presets.ids, presets.crew.leo);
    presets.site.simulator.with_company(|company| company.set_active(leo, false)).unwrap();
    let found = async |query: &str| -> Vec<u64> {
        let answer = presets.list(&format!("filters[tool_type]=commitments{query}")).await;
        let rows = answer.body["data"].as_array().unwrap().iter();
        rows.map(|row| row["id"].as_str().unwrap().parse().unwrap()).collect()
    };
    assert_eq!(found("").await, [large, small]);
    assert_eq!(found("&filters[is_default]=true").await, [large]);
    assert_eq!(found("&filters[is_valid]=false").await, [large]);
    assert_eq!(found("&filters[is_valid]=true").await, [small]);
    assert_eq!(found("&per_page=1&page=2").await, [small]);
    let row = &presets.list("filters[tool_type]=commitments").await.body["data"][0];
    assert_eq!(keys(row), ["default", "id", "template", "valid"]);
    assert_eq!((&row["template"]["name"], &row["valid"]), (&json!("Large commitments"), &json!(false)));
    assert_eq!(presets.list("filters[tool_type]=invoices").await.body["data"], json!([]));
    assert_eq!(presets.list("").await.status, 400);
}

#[tokio::test]
async fn one_preset_tells_its_groups_and_its_manager() {
    let presets = presets().await;
    let Crew { pat, ana, leo, .. } = presets.crew;
    let shown = presets.site.get(&presets.path(&format!("/{}", presets.ids[0]))).await.body["data"].clone();
    assert_eq!((&shown["workflow_manager"]["id"], &shown["valid"]), (&json!(pat.to_string()), &json!(true)));
    let group = &shown["responsible_group_memberships"][1];
    assert_eq!(group["responsible_group_uuid"], presets.get(presets.ids[0]).groups[1].uuid);
    assert_eq!(
        (&group["assignees"][0]["id"], &group["assignees"][1]["id"]),
        (&json!(ana.to_string()), &json!(leo.to_string()))
    );
    assert_eq!(keys(&shown["template"]), ["id", "last_published_version_id"], "only the list tells the name");
    assert_eq!(presets.site.get(&presets.path("/1")).await.status, 404);
}

#[tokio::test]
async fn whoever_is_named_holds_it() {
    let presets = presets().await;
    let Crew { pat, leo, .. } = presets.crew;
    let [large, small] = presets.ids;
    let held = |user| -> Vec<(HeldAs, u64)> {
        let held = presets.site.simulator.with_company(|company| company.held_by(user));
        let held = held.into_iter().filter(|held| held.kind == Kind::WorkflowTemplate);
        held.map(|held| (held.role, held.id)).collect()
    };
    assert_eq!(held(leo), [(HeldAs::StepAssignee, large)], "in two groups");
    assert_eq!(held(pat), [(HeldAs::Manager, large), (HeldAs::Manager, small)]);
}

#[tokio::test]
async fn groups_are_replaced_one_by_one_and_the_manager_apart() {
    let presets = presets().await;
    let Crew { pat, ana, leo, kim, .. } = presets.crew;
    let id = presets.ids[0];
    let answer = presets.assign(id, presets.group(id, 1, &[kim, ana, kim])).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let data = &answer.body["data"];
    assert_eq!(
        data["responsible_group_memberships"][1]["login_ids"],
        json!([kim.to_string(), ana.to_string()])
    );
    assert_eq!(data["workflow_manager_id"], pat.to_string());
    let groups: Vec<Vec<u64>> = presets.get(id).groups.into_iter().map(|group| group.assignees).collect();
    assert_eq!(groups, [vec![leo], vec![kim, ana]], "what is not sent stays");
    let nobody = presets.assign(id, presets.group(id, 0, &[])).await;
    assert_eq!((nobody.status, presets.valid()), (200, vec![false, true]), "somebody has to answer");
    assert_eq!(presets.assign(id, json!({})).await.status, 200);
    presets.assign(id, presets.group(id, 0, &[ana])).await;
    assert_eq!(presets.valid(), [true, true]);
    presets.assign(id, json!({ "workflow_manager_id": null })).await;
    assert_eq!((presets.get(id).manager, presets.valid()), (None, vec![false, true]));
}

#[tokio::test]
async fn a_departure_makes_presets_unfit_until_somebody_else_is_named() {
    type Leave = fn(&mut muster_sim::Company, u64, u64);
    let leaves: [Leave; 4] = [
        |company, user, _| company.set_active(user, false).unwrap(),
        |company, user, project| drop(company.remove_membership(user, project)),
        |company, _, _| {
            company.set_level(template(company, "Subcontractor"), "directory", Level::None).unwrap();
        },
        |company, user, project| {
            company.set_template(user, project, template(company, "Inspector")).unwrap();
        },
    ];
    for leave in leaves {
        let presets = presets().await;
        let Crew { project, ana, leo, .. } = presets.crew;
        let id = presets.ids[0];
        assert_eq!(presets.valid(), [true, true]);
        presets.site.simulator.with_company(|company| leave(company, leo, project));
        assert_eq!(presets.valid(), [false, true], "only what names Leo");
        presets.assign(id, presets.group(id, 0, &[ana])).await;
        assert_eq!(presets.valid(), [false, true], "Leo is in another group yet");
        presets.assign(id, presets.group(id, 1, &[ana])).await;
        assert_eq!(presets.valid(), [true, true]);
    }
}

#[tokio::test]
async fn a_manager_who_leaves_makes_presets_unfit_too_and_no_return_mends_them() {
    let presets = presets().await;
    let Crew { pat, leo, .. } = presets.crew;
    let set = |user, active| {
        presets.site.simulator.with_company(|company| company.set_active(user, active)).unwrap();
        presets.valid()
    };
    assert_eq!(set(pat, false), [false, false]);
    assert_eq!(set(pat, true), [false, false]);
    assert_eq!(set(leo, false), [false, false]);
    presets.assign(presets.ids[1], json!({ "workflow_manager_id": pat.to_string() })).await;
    assert_eq!(presets.valid(), [false, true], "named again");
}

#[tokio::test]
async fn who_may_not_be_named_is_refused() {
    let (mut crew, [id, _]) = built();
    let stranger = crew.company.add_user(NewUser::named("Uma", "Rao")).unwrap();
    let Crew { pat, ana, leo, .. } = crew;
    crew.company.set_active(ana, false).unwrap();
    let site = Site::of(crew.company.clone()).await;
    let presets = Presets { site, crew, ids: [id, id] };
    let before = presets.site.simulator.export();
    for user in [stranger, ana, 1] {
        let refused = presets.assign(id, presets.group(id, 0, &[leo, user])).await;
        let source = &refused.body["error"]["details"][0]["source"];
        assert_eq!((refused.status, source), (422, &json!("responsible_group_memberships")), "{user}");
        let refused = presets.assign(id, json!({ "workflow_manager_id": user.to_string() })).await;
        let source = &refused.body["error"]["details"][0]["source"];
        assert_eq!((refused.status, source), (422, &json!("workflow_manager_id")), "{user}");
    }
    let uuid = presets.get(id).groups[0].uuid.clone();
    let member = |fields: Value| json!({ "responsible_group_memberships": [fields] });
    for (body, status) in [
        (json!({ "workflow_manager_id": leo.to_string() }), 422),
        (json!({ "workflow_manager_id": "pat" }), 422),
        (json!({ "workflow_manager_id": pat }), 400),
        (member(json!({ "uuid": "nobody", "login_ids": [] })), 422),
        (member(json!({ "uuid": uuid, "login_ids": [leo] })), 400),
        (json!({ "responsible_group_memberships": {} }), 400),
    ] {
        assert_eq!(presets.assign(id, body.clone()).await.status, status, "{body}");
    }
    assert_eq!(presets.assign(1, json!({})).await.status, 404);
    assert_eq!(presets.site.simulator.export(), before);
    let kept = presets.assign(id, presets.group(id, 1, &[ana])).await;
    assert_eq!(kept.status, 200, "whoever is named may stay");
}

#[tokio::test]
async fn where_items_of_inactive_people_stay_so_do_their_names() {
    let (mut crew, [id, small]) = built();
    let Crew { pat, ana, leo, .. } = crew;
    crew.company.set_active(leo, false).unwrap();
    let switches = Switches { inactive_items_move: false, ..Switches::default() };
    let site = Site::with(Config { switches, ..config() }, crew.company.clone()).await;
    let presets = Presets { site, crew, ids: [id, small] };
    assert_eq!(presets.assign(id, presets.group(id, 0, &[ana])).await.status, 422);
    assert_eq!(presets.assign(id, presets.group(id, 0, &[leo, ana])).await.status, 200);
    assert_eq!(presets.assign(small, presets.group(small, 0, &[pat])).await.status, 200);
}
