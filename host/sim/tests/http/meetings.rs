//! Meetings and their topics.

use muster_sim::{
    Config, HeldAs, Kind, MeetingTopic, NewMeeting, NewMeetingTopic, NewUser, Switches, Tool, TopicStatus,
};
use serde_json::{Value, json};

use crate::site::{Answer, Crew, Site, config, crew, keys, start};

struct Meetings {
    site: Site,
    crew: Crew,
    /// Two of one series and one of another.
    meetings: [u64; 3],
    /// An open one of Ana and Leo, one of Leo that waits, and a closed one of Kim, in the first two meetings.
    topics: [u64; 3],
}

fn built() -> (Crew, [u64; 3], [u64; 3]) {
    let mut crew = crew();
    let (project, pat, ana, leo, kim) = (crew.project, crew.pat, crew.ana, crew.leo, crew.kim);
    let company = &mut crew.company;
    let meetings = ["Weekly Coordination", "Owner Meeting", "Weekly Coordination"].map(|title| {
        let new = NewMeeting { attendees: vec![pat, ana], ..NewMeeting::named(project, title) };
        company.add_meeting(new).unwrap()
    });
    let open = NewMeetingTopic::open(meetings[0], "Crane pick plan", &[ana, leo]);
    let held = NewMeetingTopic {
        status: TopicStatus::OnHold,
        category: "New Business".to_owned(),
        ..NewMeetingTopic::open(meetings[0], "Night work permit", &[leo])
    };
    let closed = NewMeetingTopic {
        status: TopicStatus::Closed,
        ..NewMeetingTopic::open(meetings[1], "Site access", &[kim])
    };
    let topics = [open, held, closed].map(|new| company.add_meeting_topic(new).unwrap());
    (crew, meetings, topics)
}

async fn meetings() -> Meetings {
    let (crew, meetings, topics) = built();
    let site = Site::of(crew.company.clone()).await;
    Meetings { site, crew, meetings, topics }
}

impl Meetings {
    async fn list(&self, query: &str) -> Answer {
        self.site.get(&format!("/rest/v1.1/projects/{}/meetings?{query}", self.crew.project)).await
    }

    /// Returns the groups of a list: titles with the ids of the meetings.
    async fn groups(&self, query: &str) -> Vec<(String, Vec<u64>)> {
        let answer = self.list(query).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let group = |group: &Value| {
            let ids = group["meetings"].as_array().unwrap().iter();
            let ids = ids.map(|meeting| meeting["id"].as_u64().unwrap()).collect();
            (group["group_title"].as_str().unwrap().to_owned(), ids)
        };
        answer.body.as_array().unwrap().iter().map(group).collect()
    }

    async fn patch(&self, topic: u64, meeting: u64, fields: Value) -> Answer {
        let path = format!("/rest/v1.1/projects/{}/meeting_topics/{topic}", self.crew.project);
        self.site.patch(&path, json!({ "meeting_id": meeting, "meeting_topic": fields })).await
    }

    fn topic(&self, id: u64) -> MeetingTopic {
        self.site.simulator.with_company(|company| company.item::<MeetingTopic>(id).unwrap().clone())
    }
}

#[tokio::test]
async fn meetings_stand_in_groups_by_their_title() {
    let meetings = meetings().await;
    let [first, owner, second] = meetings.meetings;
    let groups = |list: &[(&str, &[u64])]| -> Vec<(String, Vec<u64>)> {
        list.iter().map(|(title, ids)| ((*title).to_owned(), ids.to_vec())).collect()
    };
    let (weekly, owners) = ("Weekly Coordination", "Owner Meeting");
    assert_eq!(meetings.groups("").await, groups(&[(owners, &[owner]), (weekly, &[first, second])]));
    let page = meetings.list("per_page=2&page=1").await;
    assert_eq!((page.number("total"), page.body.as_array().unwrap().len()), (3, 2));
    assert_eq!(meetings.groups("per_page=2&page=2").await, groups(&[(weekly, &[second])]), "goes on");
    assert_eq!(meetings.groups(&format!("filters[id][]={owner}")).await, groups(&[(owners, &[owner])]));
    assert_eq!(meetings.site.get("/rest/v1.1/projects/1/meetings").await.status, 404);
}

#[tokio::test]
async fn meetings_are_filtered_by_those_who_have_to_see_to_a_topic() {
    let meetings = meetings().await;
    let Crew { pat, leo, kim, .. } = meetings.crew;
    let found = async |filter: String| -> Vec<u64> {
        meetings.groups(&filter).await.into_iter().flat_map(|(_, ids)| ids).collect()
    };
    assert_eq!(found(format!("filters[assignee_id][]={leo}")).await, meetings.meetings[..1]);
    assert_eq!(found(format!("filters[assignee_id][]={kim}")).await, meetings.meetings[1..2], "closed too");
    let both = format!("filters[assignee_id][]={leo}&filters[assignee_id][]={kim}");
    assert_eq!(found(both).await, [meetings.meetings[1], meetings.meetings[0]]);
    assert_eq!(
        found(format!("filters[assignee_id][]={pat}")).await,
        [] as [u64; 0],
        "attending is not enough"
    );
    assert_eq!(meetings.list("filters[assignee_id][]=pat").await.status, 400);
}

#[tokio::test]
async fn only_a_meeting_that_is_shown_alone_tells_its_topics() {
    let meetings = meetings().await;
    let Crew { project, ana, pat, .. } = meetings.crew;
    let listed = meetings.list("").await;
    let row = &listed.body[1]["meetings"][0];
    assert_eq!((&row["meeting_topics_count"], row.get("meeting_categories")), (&json!(2), None));
    let path = |id: u64| format!("/rest/v1.1/projects/{project}/meetings/{id}");
    let shown = meetings.site.get(&path(meetings.meetings[0])).await.body;
    assert_eq!((&shown["title"], &shown["mode"]), (&json!("Weekly Coordination"), &json!("minutes")));
    assert_eq!(shown["attendees"][0]["login_information"]["id"], pat);
    let categories = &shown["meeting_categories"];
    assert_eq!(
        (&categories[0]["title"], &categories[1]["title"]),
        (&json!("Old Business"), &json!("New Business"))
    );
    let topic = &categories[0]["meeting_topic"][0];
    assert_eq!((&topic["id"], &topic["status"]), (&json!(meetings.topics[0]), &json!("Open")));
    assert_eq!(topic["assignments"][0]["id"], ana);
    assert_eq!(keys(&topic["assignments"][0]), ["id", "login", "name"]);
    assert_eq!(categories[1]["meeting_topic"][0]["status"], "On Hold");
    assert_eq!(
        (&topic["number"], &topic["meeting_category"]["title"]),
        (&json!("1.1"), &json!("Old Business"))
    );
    assert_eq!(meetings.site.get(&path(1)).await.status, 404);
}

#[tokio::test]
async fn the_people_that_are_sent_are_all_that_stay_and_an_empty_list_changes_nothing() {
    let meetings = meetings().await;
    let (topic, meeting) = (meetings.topics[0], meetings.meetings[0]);
    let Crew { pat, ana, leo, .. } = meetings.crew;
    meetings.site.advance(60);
    let answer = meetings.patch(topic, meeting, json!({ "assignment_ids": [leo, pat, leo] })).await;
    assert_eq!((answer.status, &answer.body["assignments"][1]["id"]), (200, &json!(pat)));
    assert_eq!(meetings.topic(topic).assignees, [leo, pat]);
    assert_ne!(meetings.topic(topic).updated_at, start());
    meetings.patch(topic, meeting, json!({ "title": "Crane pick plan, west" })).await;
    meetings.patch(topic, meeting, json!({ "assignment_ids": [] })).await;
    assert_eq!(meetings.topic(topic).assignees, [leo, pat]);
    let none = meetings.patch(topic, meeting, json!({ "assignment_ids": "none" })).await;
    assert_eq!((none.status, &none.body["assignments"]), (200, &json!([])));
    assert!(meetings.topic(topic).assignees.is_empty());
    meetings.patch(topic, meeting, json!({ "assignment_ids": [ana] })).await;
    assert_eq!(meetings.topic(topic).assignees, [ana]);
}

#[tokio::test]
async fn a_topic_is_closed_and_opened_again() {
    let meetings = meetings().await;
    let (topic, meeting, leo) = (meetings.topics[1], meetings.meetings[0], meetings.crew.leo);
    let held = |meetings: &Meetings| -> Vec<(Kind, HeldAs, u64)> {
        let held = meetings.site.simulator.with_company(|company| company.held_by(leo));
        let held = held.into_iter().filter(|held| held.kind == Kind::MeetingTopic);
        held.map(|held| (held.kind, held.role, held.id)).collect()
    };
    let all = meetings.topics[..2].iter().map(|id| (Kind::MeetingTopic, HeldAs::Assignee, *id));
    assert_eq!(held(&meetings), all.collect::<Vec<_>>());
    let closed = meetings.patch(topic, meeting, json!({ "status": "Closed" })).await;
    assert_eq!((closed.status, &closed.body["status"]), (200, &json!("Closed")));
    assert!(meetings.topic(topic).closed_at.is_some());
    assert_eq!(held(&meetings), [(Kind::MeetingTopic, HeldAs::Assignee, meetings.topics[0])]);
    meetings.patch(topic, meeting, json!({ "status": "On Hold" })).await;
    assert_eq!((meetings.topic(topic).status, meetings.topic(topic).closed_at), (TopicStatus::OnHold, None));
}

#[tokio::test]
async fn who_may_not_hold_a_topic_is_refused_and_who_holds_it_may_stay() {
    let (mut crew, [meeting, ..], [topic, ..]) = built();
    let Crew { pat, ana, leo, project, .. } = crew;
    let stranger = crew.company.add_user(NewUser::named("Uma", "Rao")).unwrap();
    crew.company.set_active(leo, false).unwrap();
    crew.company.set_active(pat, false).unwrap();
    let site = Site::of(crew.company).await;
    let patch = async |meeting: Value, fields: Value| {
        let path = format!("/rest/v1.1/projects/{project}/meeting_topics/{topic}");
        site.patch(&path, json!({ "meeting_id": meeting, "meeting_topic": fields })).await
    };
    let before = site.simulator.export();
    for people in [json!([stranger]), json!([ana, pat]), json!([1])] {
        let refused = patch(json!(meeting), json!({ "assignment_ids": people, "title": "X" })).await;
        assert_eq!(refused.status, 422, "{people}");
        assert!(refused.body["errors"]["assignment_ids"][0].is_string(), "{}", refused.text);
    }
    for (fields, status) in [
        (json!({ "assignment_ids": leo }), 400),
        (json!({ "status": "open" }), 400),
        (json!({ "title": "" }), 422),
        (json!({ "meeting_category_id": 1 }), 422),
    ] {
        assert_eq!(patch(json!(meeting), fields.clone()).await.status, status, "{fields}");
    }
    assert_eq!(patch(json!(null), json!({})).await.status, 400, "the meeting must be named");
    assert_eq!(patch(json!(1), json!({})).await.status, 404);
    assert_eq!(site.simulator.export(), before);
    let kept = patch(json!(meeting), json!({ "assignment_ids": [leo] })).await;
    assert_eq!(kept.status, 200, "{}", kept.text);
}

#[tokio::test]
async fn where_items_of_inactive_people_stay_nobody_takes_a_topic_from_them() {
    let (mut crew, [meeting, ..], [topic, ..]) = built();
    crew.company.set_active(crew.leo, false).unwrap();
    let switches = Switches { inactive_items_move: false, ..Switches::default() };
    let site = Site::with(Config { switches, ..config() }, crew.company).await;
    let path = format!("/rest/v1.1/projects/{}/meeting_topics/{topic}", crew.project);
    let patch = async |people: Value| {
        let fields = json!({ "assignment_ids": people });
        site.patch(&path, json!({ "meeting_id": meeting, "meeting_topic": fields })).await.status
    };
    assert_eq!(patch(json!([crew.ana])).await, 422);
    assert_eq!(patch(json!("none")).await, 422);
    assert_eq!(patch(json!([crew.pat, crew.leo])).await, 200);
}

#[tokio::test]
async fn meetings_that_are_switched_off_are_not_there_and_come_back() {
    let meetings = meetings().await;
    let (topic, meeting, project) = (meetings.topics[0], meetings.meetings[0], meetings.crew.project);
    let switch = |on| {
        meetings
            .site
            .simulator
            .with_company(|company| company.set_tool(project, Tool::Meetings, on))
            .unwrap();
    };
    switch(false);
    assert_eq!(meetings.list("").await.status, 404);
    assert_eq!(meetings.patch(topic, meeting, json!({ "status": "Closed" })).await.status, 404);
    switch(true);
    assert_eq!(meetings.list("").await.status, 200);
    assert_eq!(meetings.topic(topic).status, TopicStatus::Open);
}
