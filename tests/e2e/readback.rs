//! Read-back: for every kind of step, a change that Procore drops silently makes the run fail.

use muster_sim::Fault;

use crate::site::{ANA, Small, puppet};

#[test]
fn every_kind_of_step_that_is_dropped_silently_is_noticed() {
    // What is dropped, and the step that then fails.
    let rows = [
        (Fault::IgnoreDeactivation, "<ana.diaz@brightline.example>: active → inactive"),
        (Fault::IgnoreRemoval, "Harbor Point: Project Manager → off the project"),
        (Fault::IgnoreReassignment, "assignee Ana Diaz → Ben Ode"),
    ];
    for (fault, step) in rows {
        let site = Small::new().site();
        site.set_fault(fault);
        let said = site.muster(&["run", "--departed", ANA]).expect(1);
        let failed = said.lines().find(|line| line.trim_start().starts_with("failed")).unwrap_or_default();
        assert!(failed.contains(step), "{fault:?}: {said}");
        assert!(said.contains(": failed\n"), "{said}");
    }
}

#[test]
fn closing_an_item_that_is_dropped_silently_is_noticed() {
    for (fault, code, word) in [(None, 0, "done"), (Some(Fault::IgnoreClosing), 1, "failed")] {
        let small = Small::new();
        let site = small.site();
        site.simulator.set_faults(fault);
        let more = format!(
            "settings = {{ do = \"propose\", only = [\"item-steps.reassign\", \"item-steps.close\", \"membership-steps.remove\", \"user-steps.deactivate\", \"item-steps.leave\"], user = {}, project = {}, item = {}, to = {} }}",
            small.ana, small.shared, small.movable, small.ben
        );
        site.configure("", &[puppet(site.folder.path(), "closer", &more)]);
        let said = site.muster(&["run", "--departed", ANA]).expect(code);
        let closing = said.lines().find(|line| line.contains("open → closed") && !line.contains('~'));
        assert!(closing.unwrap_or_default().trim_start().starts_with(word), "{said}");
    }
}
