//! What the simulator can be told to do wrong.
//!
//! Each fault names the operations that it applies to, by the names of the operation table; on every other operation it
//! has no effect. A fault changes what an operation does and never what is recorded of the call.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// A way in which the simulated Procore misbehaves until the fault is taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// Taking a user off a project answers 204 and changes nothing.
    IgnoreRemoval,
    /// Deactivating a user answers 200, shows the user as inactive, and changes nothing.
    IgnoreDeactivation,
    /// Giving an RFI to others answers 200, shows them, and changes nothing.
    IgnoreReassignment,
    /// Closing an RFI, or opening it again, answers 200, shows it so, and changes nothing.
    IgnoreClosing,
}

impl Fault {
    /// Every fault there is.
    pub const ALL: [Self; 4] =
        [Self::IgnoreRemoval, Self::IgnoreDeactivation, Self::IgnoreReassignment, Self::IgnoreClosing];

    /// Returns the operations that the fault applies to.
    pub fn operations(self) -> &'static [&'static str] {
        match self {
            Self::IgnoreRemoval => &["DELETE /rest/v1.0/projects/{project_id}/users/{id}/actions/remove"],
            Self::IgnoreDeactivation => &["PATCH /rest/v1.3/companies/{company_id}/users/{id}"],
            Self::IgnoreReassignment | Self::IgnoreClosing => {
                &["PATCH /rest/v1.0/projects/{project_id}/rfis/{id}"]
            }
        }
    }

    /// Returns those of `faults` that apply to `operation`.
    pub(crate) fn of(faults: &BTreeSet<Self>, operation: &str) -> BTreeSet<Self> {
        faults.iter().copied().filter(|fault| fault.operations().contains(&operation)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_reaches_only_the_operations_that_it_names() {
        let faults = BTreeSet::from(Fault::ALL);
        let removal = "DELETE /rest/v1.0/projects/{project_id}/users/{id}/actions/remove";
        assert_eq!(Fault::of(&faults, removal), BTreeSet::from([Fault::IgnoreRemoval]));
        assert!(Fault::of(&faults, "GET /rest/v1.0/me").is_empty());
    }
}
