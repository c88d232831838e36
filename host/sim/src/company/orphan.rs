//! References that outlive what they refer to, as a careless deletion leaves them.

use super::Company;

impl Company {
    /// Brings back what referred to people that were there before and are no more: memberships and lists. Items go on
    /// naming whoever is gone anyhow.
    pub(crate) fn keep_references(&mut self, before: &Self) {
        let gone = |user: &u64| before.users.contains_key(user) && !self.users.contains_key(user);
        let memberships: Vec<_> = before.memberships.iter().filter(|((_, user), _)| gone(user)).collect();
        let named = |ids: &[u64]| ids.iter().any(gone);
        let groups: Vec<_> =
            before.distribution_groups.values().filter(|group| named(&group.users)).collect();
        for group in groups {
            self.distribution_groups.insert(group.id, group.clone());
        }
        for ((project, user), membership) in memberships {
            self.memberships.insert((*project, *user), membership.clone());
            self.projects_by_user.insert((*user, *project));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::company::{NewMembership, NewProject, NewRfi, NewUser};

    #[test]
    fn what_names_somebody_who_is_gone_comes_back_and_nothing_else() {
        let mut company = Company::new("Northgate");
        let project = company.add_project(NewProject::named("Harbor"));
        let [gone, stays] = ["Ana", "Leo"].map(|name| {
            let user = company.add_user(NewUser::named(name, "Diaz")).unwrap();
            company.add_membership(NewMembership::new(user, project)).unwrap();
            user
        });
        let rfi = company.add_rfi(NewRfi::open(project, "Slab", stays, &[gone])).unwrap();
        let before = company.clone();
        company.users.remove(&gone);
        for user in [gone, stays] {
            company.remove_membership(user, project);
        }
        company.keep_references(&before);
        assert_eq!(company.projects_of(gone).collect::<Vec<_>>(), [project]);
        assert!(company.membership(gone, project).is_some() && company.rfi(rfi).is_some());
        assert!(company.membership(stays, project).is_none(), "a removal is no deletion");
    }
}
