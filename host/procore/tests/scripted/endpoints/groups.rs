//! Distribution groups.

use muster_core::directory::{HeldAs, ItemKind, ItemStatus};
use muster_core::id::{GroupId, UserId};
use muster_procore::{Dialect, ErrorKind, Settled};
use serde_json::{Value, json};

use super::items::{change, holders, item, named};
use super::{PROJECT, USER};
use crate::clock::quickly;
use crate::routes::{asked, sent, serve};

fn group(id: u64) -> Value {
    json!({"id": id, "name": "Safety", "description": null,
           "users": [{"id": 9, "name": "Cem", "login": "c@d"}, {"id": 7, "name": "Ana", "login": "a@b"}]})
}

#[tokio::test]
async fn members_are_asked_for_and_sorted() {
    let (server, connection) = serve(
        Dialect::Reference,
        [
            ("GET /rest/v1.0/projects/5/distribution_groups?view=extended", 200, json!([group(4), group(3)])),
            ("GET /rest/v1.0/projects/5/distribution_groups/3?view=extended", 200, group(3)),
        ],
    )
    .await;
    let reads = connection.reads();
    quickly(async {
        let groups = reads.groups(PROJECT).await.unwrap();
        assert_eq!(groups.iter().map(|group| group.id.get()).collect::<Vec<_>>(), [3, 4]);
        let shown = reads.group(PROJECT, GroupId::new(3)).await.unwrap().unwrap();
        assert_eq!(shown.members.iter().map(|person| person.id.get()).collect::<Vec<_>>(), [7, 9]);
        assert_eq!(shown, groups[0]);
        assert_eq!(reads.group(PROJECT, GroupId::new(8)).await.unwrap(), None);
    })
    .await;
    assert!(sent(&server).len() >= 3);
}

#[tokio::test]
async fn a_group_without_its_members_is_malformed_since_they_would_be_overwritten() {
    let silent = json!({"id": 3, "name": "Safety"});
    for body in [silent, group(4)] {
        let (_server, connection) = serve(Dialect::Reference, [("GET", 200, body)]).await;
        let error = quickly(connection.reads().group(PROJECT, GroupId::new(3))).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Malformed, "{error}");
    }
}

#[tokio::test]
async fn the_whole_list_is_written() {
    let (server, connection) = serve(Dialect::Reference, [("PATCH", 200, json!({}))]).await;
    let writes = connection.writes();
    quickly(async {
        let members = [USER, UserId::new(9)];
        writes.set_group_members(PROJECT, GroupId::new(3), &members).await.unwrap();
        writes.set_group_members(PROJECT, GroupId::new(3), &[]).await.unwrap();
    })
    .await;
    let path = "PATCH /rest/v1.0/projects/5/distribution_groups/3";
    assert_eq!(
        sent(&server),
        [
            format!(r#"{path} {{"distribution_group":{{"user_ids":[7,9]}}}}"#),
            format!(r#"{path} {{"distribution_group":{{"user_ids":[]}}}}"#),
        ]
    );
}

#[tokio::test]
async fn groups_are_items_that_their_members_hold() {
    let list = "GET /rest/v1.0/projects/5/distribution_groups?view=extended";
    let show = "GET /rest/v1.0/projects/5/distribution_groups/3?view=extended";
    let mut others = group(4);
    others["users"] = json!([{"id": 9, "name": "Cem"}]);
    let routes = [(list, 200, json!([others, group(3)])), (show, 200, group(3))];
    let (server, connection) = serve(Dialect::Reference, routes).await;
    let reads = connection.reads();
    quickly(async {
        let kind = ItemKind::DistributionGroup;
        let items = reads.open_items(PROJECT, kind, Some(USER)).await.unwrap();
        assert_eq!(items.iter().map(|item| item.item).collect::<Vec<_>>(), [named(kind, 3)]);
        assert_eq!(holders(&items[0]), [(7, HeldAs::Member), (9, HeldAs::Member)]);
        assert_eq!((items[0].title.as_str(), items[0].status), ("Safety", ItemStatus::Open));
        assert_eq!(reads.open_items(PROJECT, kind, None).await.unwrap().len(), 2);
        assert_eq!(reads.item(named(kind, 3)).await.unwrap().as_ref(), items.first());
        assert_eq!(reads.item(named(kind, 5)).await.unwrap(), None);
    })
    .await;
    assert_eq!(asked(&server)[..3], [list, list, show]);
}

#[tokio::test]
async fn members_are_read_once_more_and_written_as_a_whole() {
    let one = "/rest/v1.0/projects/5/distribution_groups/9";
    let path = "GET /rest/v1.0/projects/5/distribution_groups/9?view=extended";
    let member = |id| (id, HeldAs::Member);
    for (seen, change, body) in [
        ([7, 9], change(HeldAs::Member, Some(7), 6), Ok("[6,9]")),
        ([7, 9], change(HeldAs::Member, Some(7), 9), Ok("[9]")),
        ([7, 8], change(HeldAs::Member, Some(7), 6), Err(ErrorKind::Stale)),
    ] {
        let routes = [(path, 200, group(9)), ("PATCH", 200, json!({}))];
        let (server, connection) = serve(Dialect::Reference, routes).await;
        let before = item(ItemKind::DistributionGroup, &seen.map(member));
        let found = quickly(connection.writes().hand_over(&before, &[change])).await;
        let written =
            body.ok().map(|body| format!(r#"PATCH {one} {{"distribution_group":{{"user_ids":{body}}}}}"#));
        let expected: Vec<String> = [path.to_owned()].into_iter().chain(written).collect();
        assert_eq!(sent(&server), expected);
        let error = found.err().map(|error| (error.kind(), error.settled()));
        assert_eq!(error, body.err().map(|kind| (kind, Settled::Refused)));
    }
}
