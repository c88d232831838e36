//! Correspondence: items of all types, statuses that a company has made up, and who may have to answer.

use muster_sim::{
    Config, Correspondence, HeldAs, Kind, NewCorrespondence, NewUser, StatusType, Switches, Tool,
};
use serde_json::{Value, json};

use crate::site::{Answer, Crew, Site, config, crew, keys};

struct Letters {
    site: Site,
    crew: Crew,
    /// Notices and letters.
    kinds: [u64; 2],
    /// An open notice of Ana and Leo, a letter of Leo that waits for an answer, a draft of Ana, and an answered letter.
    ids: [u64; 4],
}

fn built() -> (Crew, [u64; 2], [u64; 4]) {
    let mut crew = crew();
    let (project, ana, leo) = (crew.project, crew.ana, crew.leo);
    let company = &mut crew.company;
    let notice = company.add_correspondence_type("Notice of Delay", "NOD", &[]);
    let more = [("Awaiting Reply", StatusType::Open), ("Answered", StatusType::Closed)];
    let letter = company.add_correspondence_type("Letter", "LTR", &more);
    let new = |kind, title: &str, status: &str, people: &[u64]| NewCorrespondence {
        status: status.to_owned(),
        ..NewCorrespondence::open(project, kind, title, people)
    };
    let ids = [
        new(notice, "Steel delivery", "Open", &[ana, leo]),
        new(letter, "Storage yard", "Awaiting Reply", &[leo]),
        new(letter, "Working hours", "Draft", &[ana]),
        new(letter, "Parking", "Answered", &[leo]),
    ]
    .map(|new| company.add_correspondence(new).unwrap());
    (crew, [notice, letter], ids)
}

async fn letters() -> Letters {
    let (crew, kinds, ids) = built();
    let site = Site::of(crew.company.clone()).await;
    Letters { site, crew, kinds, ids }
}

fn item_path(project: u64, kind: u64, id: u64) -> String {
    format!("/rest/v1.0/projects/{project}/generic_tools/{kind}/generic_tool_items/{id}")
}

impl Letters {
    async fn list(&self, query: &str) -> Answer {
        let path = format!("/rest/v1.0/projects/{}/correspondence_type_items?{query}", self.crew.project);
        self.site.get(&path).await
    }

    async fn patch(&self, kind: u64, id: u64, fields: Value) -> Answer {
        let body = json!({ "generic_tool_item": fields });
        self.site.patch(&item_path(self.crew.project, kind, id), body).await
    }

    fn get(&self, id: u64) -> Correspondence {
        self.site.simulator.with_company(|company| company.item::<Correspondence>(id).unwrap().clone())
    }
}

#[tokio::test]
async fn items_of_all_types_are_listed_and_filtered() {
    let letters = letters().await;
    let ([open, waits, draft, answered], Crew { pat, ana, leo, .. }) = (letters.ids, &letters.crew);
    let filtered = async |filter: String| letters.list(&filter).await.ids();
    assert_eq!(filtered(String::new()).await, [open, waits, draft, answered]);
    assert_eq!(filtered(format!("filters[login_information_id][]={leo}")).await, [open, waits, answered]);
    assert_eq!(filtered(format!("filters[login_information_id][]={ana}")).await, [open, draft]);
    assert_eq!(filtered(format!("filters[login_information_id][]={pat}")).await, [] as [u64; 0]);
    assert_eq!(filtered(format!("filters[id][]={draft}&filters[id][]={open}")).await, [open, draft]);
    assert_eq!(filtered(format!("filters[generic_tool_id][]={}", letters.kinds[0])).await, [open]);
    assert_eq!(filtered("filters[status][]=Awaiting Reply".to_owned()).await, [waits]);
    assert_eq!(filtered("filters[private]=false".to_owned()).await, [] as [u64; 0]);
    assert_eq!(filtered("sort=-title".to_owned()).await, [draft, waits, open, answered]);
    assert_eq!(filtered("per_page=3&page=2".to_owned()).await, [answered]);
    assert_eq!(letters.list("filters[login_information_id][]=leo").await.status, 400);
}

#[tokio::test]
async fn an_item_names_its_type_and_what_its_status_means() {
    let letters = letters().await;
    let listed = letters.list("").await;
    let row = &listed.body[1];
    assert_eq!((&row["status"], &row["status_type"]), (&json!("Awaiting Reply"), &json!("Open")));
    assert_eq!(listed.all("status_type"), ["Open", "Open", "Draft", "Closed"]);
    assert_eq!(row["generic_tool"]["id"], letters.kinds[1]);
    assert_eq!((&row["generic_tool"]["abbreviation"], &row["position"]), (&json!("LTR"), &json!("1")));
    assert_eq!(keys(&row["assignees"][0]), ["company", "id", "login", "name"]);
    assert_eq!(row["assignees"][0]["company"]["name"], "Halvorsen Steel Erectors");
    assert_eq!((&row["closed_at"], listed.body[3]["closed_at"].is_string()), (&Value::Null, true));
    assert_eq!((&listed.body[2]["issued_at"], row["issued_at"].is_string()), (&Value::Null, true));
}

#[tokio::test]
async fn the_statuses_of_a_type_are_its_own() {
    let letters = letters().await;
    let statuses = async |kind: u64| {
        letters.site.get(&item_path(letters.crew.project, kind, 0).replace("/0", "/available_statuses")).await
    };
    let [notice, letter] = letters.kinds;
    let listed = statuses(letter).await;
    assert_eq!(listed.all("name"), ["Draft", "Open", "Closed", "Awaiting Reply", "Answered"]);
    assert_eq!(keys(&listed.body[0]), ["name"], "what they mean is not told");
    assert_eq!(statuses(notice).await.all("name").len(), 3);
    assert_eq!(statuses(1).await.status, 404);
}

#[tokio::test]
async fn an_item_is_given_to_others_and_closed() {
    let letters = letters().await;
    let ([notice, letter], [open, waits, ..], Crew { pat, leo, .. }) =
        (letters.kinds, letters.ids, &letters.crew);
    let held = || -> Vec<(HeldAs, u64)> {
        let held = letters.site.simulator.with_company(|company| company.held_by(*leo));
        let held = held.into_iter().filter(|held| held.kind == Kind::Correspondence);
        held.map(|held| (held.role, held.id)).collect()
    };
    assert_eq!(held(), [(HeldAs::Assignee, open), (HeldAs::Assignee, waits)]);
    let given = letters.patch(notice, open, json!({ "assignee_ids": [pat] })).await;
    assert_eq!((given.status, &given.body["assignees"][0]["id"]), (200, &json!(pat)));
    assert_eq!(letters.get(open).assignees, [*pat]);
    let closed = letters.patch(letter, waits, json!({ "status": "Answered" })).await;
    assert_eq!((&closed.body["status"], &closed.body["status_type"]), (&json!("Answered"), &json!("Closed")));
    assert!(closed.body["closed_at"].is_string() && held().is_empty());
    let opened = letters.patch(letter, waits, json!({ "status": "Open" })).await;
    assert_eq!((&opened.body["closed_at"], held().len()), (&Value::Null, 1));
    let empty = letters.patch(letter, waits, json!({ "assignee_ids": [] })).await;
    assert_eq!((empty.status, letters.get(waits).assignees.len()), (200, 0));
}

#[tokio::test]
async fn everybody_on_the_project_is_listed_with_what_they_may_be() {
    let letters = letters().await;
    let Crew { project, pat, leo, kim, .. } = letters.crew;
    let path = format!("/rest/v1.0/projects/{project}/correspondence_types/users");
    let listed = letters.site.get(&path).await;
    assert_eq!(
        (listed.number("total"), keys(&listed.body[0]).as_slice()),
        (4, &["company", "generic_tools", "id", "name"][..])
    );
    let tools = |user: u64| {
        let rows = listed.body.as_array().unwrap();
        rows.iter().find(|row| row["id"] == user).unwrap()["generic_tools"].clone()
    };
    for (user, may) in [(pat, true), (leo, true), (kim, false)] {
        let tools = tools(user);
        assert_eq!((&tools[0]["id"], &tools[1]["id"]), (&json!(letters.kinds[0]), &json!(letters.kinds[1])));
        assert_eq!(tools[0]["potential_assignee"], may, "{user}");
        assert_eq!(tools[0]["potential_distribution_member"], true);
    }
    letters.site.simulator.with_company(|company| company.set_active(leo, false)).unwrap();
    assert!(!letters.site.get(&path).await.ids().contains(&leo));
}

#[tokio::test]
async fn who_may_not_answer_is_refused_and_so_are_statuses_of_other_types() {
    let (mut crew, [notice, letter], [open, ..]) = built();
    let stranger = crew.company.add_user(NewUser::named("Uma", "Rao")).unwrap();
    let Crew { project, pat, leo, kim, .. } = crew;
    crew.company.set_active(pat, false).unwrap();
    crew.company.set_active(leo, false).unwrap();
    let site = Site::of(crew.company).await;
    let patch = async |kind: u64, fields: Value| {
        site.patch(&item_path(project, kind, open), json!({ "generic_tool_item": fields })).await
    };
    let before = site.simulator.export();
    for (field, value, status) in [
        ("assignee_ids", json!([stranger]), 422),
        ("assignee_ids", json!([kim]), 422),
        ("assignee_ids", json!([leo, pat]), 422),
        ("assignee_ids", json!([1]), 422),
        ("status", json!("Answered"), 422),
        ("title", json!(""), 422),
        ("assignee_ids", json!("all"), 400),
    ] {
        let refused = patch(notice, json!({ "description": "X", field: value })).await;
        assert_eq!(refused.status, status, "{field}: {value}");
        assert!(refused.body["errors"][field][0].is_string(), "{}", refused.text);
    }
    assert_eq!(patch(letter, json!({})).await.status, 404, "it is not of this type");
    assert_eq!(site.simulator.export(), before);
    assert_eq!(patch(notice, json!({ "assignee_ids": [leo] })).await.status, 200);
}

#[tokio::test]
async fn items_of_inactive_people_may_have_to_stay_and_the_tool_may_be_off() {
    let (mut crew, [notice, _], [open, ..]) = built();
    let Crew { project, ana, pat, leo, .. } = crew;
    crew.company.set_active(leo, false).unwrap();
    let switches = Switches { inactive_items_move: false, ..Switches::default() };
    let site = Site::with(Config { switches, ..config() }, crew.company).await;
    let patch = async |people: Value| {
        let body = json!({ "generic_tool_item": { "assignee_ids": people } });
        site.patch(&item_path(project, notice, open), body).await.status
    };
    assert_eq!(patch(json!([ana])).await, 422);
    assert_eq!(patch(json!([leo, pat])).await, 200);
    site.simulator.with_company(|company| company.set_tool(project, Tool::Correspondence, false)).unwrap();
    assert_eq!(patch(json!([leo])).await, 404);
    let list = format!("/rest/v1.0/projects/{project}/correspondence_type_items");
    assert_eq!(site.get(&list).await.status, 404);
}
