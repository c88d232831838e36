//! Distribution groups.

use muster_core::id::{GroupId, UserId};
use muster_procore::{Dialect, ErrorKind};
use serde_json::{Value, json};

use super::{PROJECT, USER};
use crate::clock::quickly;
use crate::routes::{sent, serve};

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
