//! Who may be given an item, and from whom it may be taken.

use crate::company::{Invalid, Level, Tool};
use crate::server::answer::Refusal;
use crate::server::gate::Scene;

/// Checks that whoever is new to a place of an item may hold it, and that nobody leaves it who has to stay. A refusal is
/// answered with 422 and names the field.
pub(super) fn check(
    scene: &Scene<'_>,
    field: &'static str,
    place: (u64, Tool, Level),
    new: &[u64],
    before: &[u64],
) -> Result<(), Refusal> {
    let checked = scene.company.check_holders(field, place, new, before);
    let checked = checked.and_then(|()| check_leaving(scene, field, new, before));
    checked.map_err(|invalid| Refusal::unprocessable(&invalid))
}

/// Checks that nobody leaves a place of an item who has to stay: where items of people without a login don't move.
pub(super) fn check_leaving(
    scene: &Scene<'_>,
    field: &'static str,
    new: &[u64],
    before: &[u64],
) -> Result<(), Invalid> {
    if scene.switches.inactive_items_move {
        return Ok(());
    }
    scene.company.check_none_leaves(field, new, before)
}
