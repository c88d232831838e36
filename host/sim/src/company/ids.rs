//! Where ids come from.
//!
//! Each kind of record has numbers of its own, and they say nothing about order. Some users and projects get numbers
//! beyond 32 bits, as accounts of Procore's newer zones do, so that whoever cuts an id short is found out at once.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

const ZONE: u64 = 562_949_953_421_312;

/// A kind of record that has ids of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Space {
    User,
    Contact,
    Party,
    Vendor,
    Template,
    Project,
    Membership,
    Rfi,
    Question,
    Label,
    Group,
    Batch,
    Meeting,
    MeetingCategory,
    MeetingTopic,
    Inspection,
    CorrespondenceType,
    Correspondence,
    ActionPlan,
    PlanItem,
    PlanAssignee,
    Workflow,
    WorkflowItem,
    WorkflowStep,
    WorkflowVersion,
    WorkflowTemplate,
    WorkflowGroup,
    Preset,
    Observation,
    Task,
    CoordinationIssue,
    Reassignment,
    PunchItem,
    PunchAssignment,
    Submittal,
    Approver,
}

/// Gives out ids, each once.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Ids(BTreeMap<Space, u64>);

impl Ids {
    /// Returns the next id of a space.
    pub(super) fn next(&mut self, space: Space) -> u64 {
        let count = self.0.entry(space).or_default();
        let index = *count;
        *count += 1;
        let (base, zoned) = match space {
            Space::User => (8_412_307, index % 3 == 2),
            Space::Contact => (71_205_118, false),
            Space::Party => (93_480_551, false),
            Space::Vendor => (5_604_219, false),
            Space::Template => (3_118_402, false),
            Space::Project => (2_640_157, index % 5 == 3),
            Space::Membership => (412_907_733, false),
            Space::Rfi => (61_377_240, false),
            Space::Question => (64_015_908, false),
            Space::Label => (718_330, false),
            Space::Group => (2_207_911, false),
            Space::Batch => (880_412_069, false),
            Space::Meeting => (7_730_412, false),
            Space::MeetingCategory => (19_604_227, false),
            Space::MeetingTopic => (28_115_093, false),
            Space::Inspection => (14_470_618, false),
            Space::CorrespondenceType => (126_094, false),
            Space::Correspondence => (9_215_377, false),
            Space::ActionPlan => (3_660_481, false),
            Space::PlanItem => (21_947_305, false),
            Space::PlanAssignee => (33_802_716, false),
            Space::Workflow => (5_018_833, false),
            Space::WorkflowItem => (47_326_190, false),
            Space::WorkflowStep => (16_884_029, false),
            Space::WorkflowVersion => (1_204_557, false),
            Space::WorkflowTemplate => (640_921, false),
            Space::WorkflowGroup => (2_771_364, false),
            Space::Preset => (1_930_248, false),
            Space::Observation => (48_226_071, false),
            Space::Task => (39_704_582, false),
            Space::CoordinationIssue => (20_915_336, false),
            Space::Reassignment => (77_130_264, false),
            Space::PunchItem => (52_018_843, false),
            Space::PunchAssignment => (66_409_175, false),
            Space::Submittal => (33_170_928, false),
            Space::Approver => (85_266_310, false),
        };
        // The steps differ, but never by so much that two ids meet.
        base + index * 37 + index * index % 31 + if zoned { ZONE } else { 0 }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn ids_are_given_out_once_and_some_need_more_than_32_bits() {
        let mut ids = Ids::default();
        let users: BTreeSet<u64> = (0..10_000).map(|_| ids.next(Space::User)).collect();
        assert_eq!(users.len(), 10_000);
        assert!(users.iter().any(|id| *id > u64::from(u32::MAX)));
        assert!(users.iter().any(|id| *id < u64::from(u32::MAX)));
    }
}
