//! Inverses: what would put things back as they were before a step, or why nothing can.
//!
//! Built from the before-values of a plan alone, so that an undo is a plan like any other (invariant 12).

use crate::action::{Action, UserRef};
use crate::directory::{Holder, ItemStatus, ProfileField};
use crate::id::{ProjectId, UserId};
use crate::plan::{Before, Step};

/// Why a template that somebody did not have before stays.
const TEMPLATE: &str = "Procore documents no way to take a permission template away";

/// What puts things back as they were before a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inverse {
    /// This action.
    Action(Action),
    /// A membership with a template that is known by its name only, as Procore lists a user's projects; roles come with it
    /// no more.
    Membership {
        /// Who.
        user: UserId,
        /// Where.
        project: ProjectId,
        /// The name of the template; `None`: there was none.
        template_name: Option<String>,
    },
    /// Nothing, since it was so before: the step changed nothing.
    Nothing,
    /// Nothing can, for this reason.
    Impossible(&'static str),
}

impl Step {
    /// Returns what puts things back as they were before the step, had it been carried out.
    #[must_use]
    pub fn inverse(&self) -> Inverse {
        use Inverse::{Impossible, Nothing};
        let undo = Inverse::Action;
        let unnamed =
            Impossible("the user did not exist when the plan was made, so nothing in it can name them");
        let before = &self.before;
        // By action first, so that a new one can't be forgotten here.
        match &self.action {
            Action::CreateUser { .. } => {
                Impossible("a user who was created is not deleted again, but can be deactivated")
            }
            Action::DeleteUser { .. } => Impossible("a deletion is for good"),
            Action::Invite { .. } => Impossible("a mail can't be called back"),
            Action::UpdateProfile { user, fields } => {
                let Before::Profile { fields: before } = before else { return Nothing };
                let text = |field: &ProfileField| before.get(field).cloned().unwrap_or_default();
                let fields = fields.keys().map(|field| (*field, text(field))).collect();
                undo(Action::UpdateProfile { user: *user, fields })
            }
            Action::ChangeEmail { user, .. } => match before {
                Before::User { email: Some(email), .. } => {
                    undo(Action::ChangeEmail { user: *user, email: email.clone() })
                }
                _ => Impossible("there was no address that could be given back"),
            },
            Action::Deactivate { user } => match before {
                Before::User { active: true, .. } => undo(Action::Reactivate { user: *user }),
                _ => Nothing,
            },
            Action::Reactivate { user } => match before {
                Before::User { active: false, .. } => undo(Action::Deactivate { user: *user }),
                _ => Nothing,
            },
            Action::SetCompanyTemplate { user, .. } => match before {
                Before::Template { template: Some(template) } => {
                    undo(Action::SetCompanyTemplate { user: *user, template: *template })
                }
                Before::ToBeCreated {} => unnamed,
                _ => Impossible(TEMPLATE),
            },
            Action::SetDefaultTemplate { user, .. } => match before {
                Before::Template { template: Some(template) } => {
                    undo(Action::SetDefaultTemplate { user: *user, template: *template })
                }
                Before::ToBeCreated {} => unnamed,
                _ => Impossible(TEMPLATE),
            },
            Action::AddMembership { user, project, .. } => match (user, before) {
                (UserRef::Known(user), Before::NoMembership {}) => {
                    undo(Action::RemoveMembership { user: *user, project: *project })
                }
                (UserRef::Created(_), _) | (_, Before::ToBeCreated {}) => unnamed,
                _ => Nothing,
            },
            Action::RemoveMembership { user, project } => match before {
                Before::Membership { template_name, .. } => Inverse::Membership {
                    user: *user,
                    project: *project,
                    template_name: template_name.clone(),
                },
                _ => Nothing,
            },
            Action::SetMembershipTemplate { user, project, .. } => match before {
                Before::Member { template: Some(template) } => undo(Action::SetMembershipTemplate {
                    user: *user,
                    project: *project,
                    template: template.id,
                }),
                Before::Member { template: None } => Impossible(TEMPLATE),
                _ => Nothing,
            },
            Action::AddContact { contact, project } => match before {
                Before::NoMembership {} => {
                    undo(Action::RemoveContact { contact: *contact, project: *project })
                }
                _ => Nothing,
            },
            Action::RemoveContact { contact, project } => match before {
                Before::ContactOnProject {} => {
                    undo(Action::AddContact { contact: *contact, project: *project })
                }
                _ => Nothing,
            },
            Action::DeactivateContact { contact } => match before {
                Before::Entry { active: true, .. } => undo(Action::ReactivateContact { contact: *contact }),
                _ => Nothing,
            },
            Action::ReactivateContact { contact } => match before {
                Before::Entry { active: false, .. } => undo(Action::DeactivateContact { contact: *contact }),
                _ => Nothing,
            },
            Action::ReactivateVendor { .. } => match before {
                Before::Entry { active: false, .. } => Impossible("no step takes a vendor out of use"),
                _ => Nothing,
            },
            Action::LeaveGroup { .. } => match before {
                Before::Group { member: true, .. } => {
                    Impossible("no step takes anybody into a distribution group")
                }
                _ => Nothing,
            },
            Action::Reassign { item, held_as, holder, to } => {
                let Before::Item { holders, .. } = before else { return Nothing };
                let was_beside =
                    |held: &Holder| held.person.id == *to && held.held_as.shares_list_with(*held_as);
                if holders.iter().any(was_beside) {
                    return Impossible("whoever took it over held it before as well, and would lose that");
                }
                undo(Action::Reassign { item: *item, held_as: *held_as, holder: *to, to: *holder })
            }
            Action::AddHolder { held_as, to, .. } => match before {
                Before::Item { holders, .. }
                    if holders.iter().any(|held| (held.person.id, held.held_as) == (*to, *held_as)) =>
                {
                    Nothing
                }
                _ => Impossible("no step takes somebody off an item without somebody else in their place"),
            },
            Action::CloseItem { .. } => match before {
                Before::Item { status: ItemStatus::Closed, .. } => Nothing,
                _ => Impossible("no step opens an item again"),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::{HeldAs, TemplateRef};
    use crate::id::TemplateId;
    use crate::text::Reason;

    fn inverse(action: Action, before: Before) -> Inverse {
        Step { number: 1, action, reason: Reason::new("because").unwrap(), before }.inverse()
    }

    #[test]
    fn a_hand_over_comes_back_unless_the_other_one_held_the_item_so_before() {
        use HeldAs::{Assignee, Manager, RequiredAssignee};
        let rfi = crate::testing::item(70, 1, vec![]).item;
        let (holder, to) = (UserId::new(5), UserId::new(6));
        let rows = [
            (Assignee, vec![], true),
            (Assignee, vec![Manager], true),
            (Assignee, vec![RequiredAssignee], false),
            (RequiredAssignee, vec![Assignee], false),
            (Manager, vec![Assignee], true),
            (Manager, vec![Manager], false),
        ];
        for (held_as, others, comes_back) in rows {
            let others = others.iter().map(|role| crate::testing::holder(6, *role));
            let holders = others.chain([crate::testing::holder(5, held_as)]).collect();
            let (number, title, status) = ("1".to_owned(), String::new(), ItemStatus::Open);
            let before = Before::Item { number, title, status, holders };
            let undone = inverse(Action::Reassign { item: rfi, held_as, holder, to }, before);
            let back = Inverse::Action(Action::Reassign { item: rfi, held_as, holder: to, to: holder });
            assert_eq!(undone == back, comes_back, "{held_as:?} {undone:?}");
        }
    }

    #[test]
    fn what_was_before_comes_back_and_what_was_so_already_is_left_alone() {
        let (user, project) = (UserId::new(5), ProjectId::new(70));
        let login = |active| Before::User { email: "ana@example.com".parse().ok(), active };
        let entry = Inverse::Action;
        assert_eq!(inverse(Action::Deactivate { user }, login(true)), entry(Action::Reactivate { user }));
        assert_eq!(inverse(Action::Deactivate { user }, login(false)), Inverse::Nothing);
        let profile = |fields: &[(ProfileField, &str)]| -> std::collections::BTreeMap<_, _> {
            fields.iter().map(|(field, text)| (*field, (*text).to_owned())).collect()
        };
        let (city, title) = (ProfileField::City, ProfileField::JobTitle);
        let fields = profile(&[(city, "Reno"), (title, "PM")]);
        let before = Before::Profile { fields: profile(&[(title, "Engineer")]) };
        let fields = (fields, profile(&[(city, ""), (title, "Engineer")]));
        assert_eq!(
            inverse(Action::UpdateProfile { user, fields: fields.0 }, before),
            entry(Action::UpdateProfile { user, fields: fields.1 })
        );
        let template = TemplateRef { id: TemplateId::new(3), name: "Engineer".to_owned() };
        let set = |template| Action::SetMembershipTemplate { user, project, template };
        assert_eq!(
            inverse(set(TemplateId::new(4)), Before::Member { template: Some(template) }),
            entry(set(TemplateId::new(3)))
        );
        let added = Action::AddMembership { user: UserRef::Known(user), project, template: None };
        let removed = Action::RemoveMembership { user, project };
        assert_eq!(inverse(added.clone(), Before::NoMembership {}), entry(removed.clone()));
        assert_eq!(inverse(added, Before::Member { template: None }), Inverse::Nothing);
        let template_name = Some("Engineer".to_owned());
        let was = Before::Membership { template_name: template_name.clone(), roles: vec![] };
        assert_eq!(inverse(removed, was), Inverse::Membership { user, project, template_name });
    }
}
