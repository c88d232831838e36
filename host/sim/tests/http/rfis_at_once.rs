//! Changing several RFIs at once.

use muster_sim::{Config, NewRfi, Rfi, Switches};
use serde_json::{Value, json};

use crate::site::{Answer, Crew, Site, config, crew};

/// The RFI of the crew, and another one of Leo's alone.
struct Batch {
    site: Site,
    crew: Crew,
    other: u64,
}

impl Batch {
    async fn with(switches: Switches) -> Self {
        let mut crew = crew();
        let new = NewRfi::open(crew.project, "Roof drain location", crew.pat, &[crew.leo]);
        let other = crew.company.add_rfi(new).unwrap();
        let site = Site::with(Config { switches, ..config() }, crew.company.clone()).await;
        Self { site, crew, other }
    }

    async fn new() -> Self {
        Self::with(Switches::default()).await
    }

    /// Sends the same values for RFIs.
    async fn change(&self, rfis: &[u64], values: Value) -> Answer {
        let row = |id: &u64| {
            let mut row = values.clone();
            row["id"] = json!(id.to_string());
            row
        };
        self.send(rfis.iter().map(row).collect()).await
    }

    async fn send(&self, rows: Vec<Value>) -> Answer {
        let path = format!("/rest/v1.0/projects/{}/rfis", self.crew.project);
        self.site.patch(&path, json!({ "data": rows })).await
    }

    fn rfi(&self, id: u64) -> Rfi {
        self.site.simulator.with_company(|company| company.rfi(id).unwrap().clone())
    }
}

#[tokio::test]
async fn lists_are_added_to_and_taken_from_in_every_rfi() {
    let batch = Batch::new().await;
    let Crew { rfi, pat, ana, leo, .. } = batch.crew;
    let values = json!({
        "remove_assignee_ids": [leo],
        "add_assignee_ids": [pat],
        "add_required_assignee_ids": [pat],
        "add_distribution_ids": [ana, leo],
        "rfi_manager_id": ana,
    });
    let changed = batch.change(&[rfi, batch.other], values).await;
    assert_eq!((changed.status, changed.text.as_str()), (200, ""));
    assert_eq!((batch.rfi(rfi).assignees, batch.rfi(batch.other).assignees), (vec![ana, pat], vec![pat]));
    assert_eq!(batch.rfi(rfi).required, [ana, pat].into());
    assert_eq!((batch.rfi(rfi).manager, batch.rfi(batch.other).manager), (ana, ana));
    assert_eq!(batch.rfi(rfi).updated_at, crate::site::start());
    let values = json!({ "remove_distribution_ids": [ana, 1], "remove_assignee_ids": [ana] });
    assert_eq!(batch.change(&[rfi], values).await.status, 200, "taking away who is not there does no harm");
    assert_eq!(batch.rfi(rfi).distribution, [leo]);
    assert_eq!((batch.rfi(rfi).assignees, batch.rfi(rfi).required), (vec![pat], [pat].into()));
    let both = json!({ "add_assignee_ids": [pat, leo], "remove_assignee_ids": [pat] });
    assert_eq!(batch.change(&[rfi], both).await.status, 200);
    assert_eq!(batch.rfi(rfi).assignees, [pat, leo]);
}

#[tokio::test]
async fn fields_of_single_changes_are_not_known_here() {
    let batch = Batch::new().await;
    let Crew { rfi, pat, ana, leo, .. } = batch.crew;
    let values = json!({ "assignee_ids": [pat], "accepted": true, "subject": "Slab edge" });
    assert_eq!(batch.change(&[rfi], values).await.status, 200);
    let changed = batch.rfi(rfi);
    assert_eq!((changed.assignees.as_slice(), changed.subject.as_str()), (&[ana, leo][..], "Slab edge"));
    assert!(!changed.status.is_closed());
}

#[tokio::test]
async fn a_batch_with_other_values_or_an_unfit_one_changes_nothing() {
    let batch = Batch::new().await;
    let Crew { rfi, pat, ana, leo, kim, .. } = batch.crew;
    let other = batch.other;
    let before = batch.site.simulator.export();
    let row = |id: Value, to: u64| json!({ "id": id, "add_assignee_ids": [to] });
    for (rows, field) in [
        (vec![row(json!(rfi.to_string()), pat), row(json!(other.to_string()), ana)], "data"),
        (vec![row(json!(rfi), pat)], "id"),
        (vec![row(json!("x"), pat)], "id"),
        (vec![row(json!(rfi.to_string()), pat), row(json!(rfi.to_string()), pat)], "id"),
        (vec![row(json!(rfi.to_string()), kim), row(json!(other.to_string()), kim)], "assignee_ids"),
        (vec![], "data"),
    ] {
        let refused = batch.send(rows).await;
        assert_eq!(refused.status, 400, "{field}");
        assert!(refused.body["errors"][field][0].is_string(), "{}", refused.text);
    }
    // Of the other one, nobody would be left.
    let refused = batch.change(&[rfi, other], json!({ "remove_assignee_ids": [leo] })).await;
    assert_eq!((refused.status, refused.body["errors"]["assignees"][0].is_string()), (400, true));
    let refused = batch.change(&[rfi], json!({ "add_required_assignee_ids": [pat] })).await;
    assert!(refused.body["errors"]["add_required_assignee_ids"][0].is_string(), "{}", refused.text);
    assert_eq!(batch.change(&[rfi, 1], json!({ "rfi_manager_id": ana })).await.status, 404);
    let path = format!("/rest/v1.0/projects/{}/rfis", batch.crew.project);
    assert_eq!(batch.site.patch(&path, json!({ "rfis": [] })).await.status, 400);
    assert_eq!(batch.site.simulator.export(), before);
}

#[tokio::test]
async fn what_somebody_inactive_holds_may_be_stuck_in_a_batch_too() {
    for (inactive_items_move, status) in [(true, 200), (false, 400)] {
        let batch = Batch::with(Switches { inactive_items_move, ..Switches::default() }).await;
        let Crew { rfi, pat, leo, .. } = batch.crew;
        batch.site.simulator.with_company(|company| company.set_active(leo, false)).unwrap();
        let values = json!({ "add_assignee_ids": [pat], "remove_assignee_ids": [leo] });
        assert_eq!(batch.change(&[rfi, batch.other], values).await.status, status);
    }
}
