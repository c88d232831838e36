//! The functions of `wit/`: each read and each power by name, as declared, granted, withheld and described.
//!
//! One table says everything the host needs to know about a function but how it is carried out. A test of the whole
//! tree compares it with `wit/`.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// One function that a policy may import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the table below says what each one is")]
pub enum Function {
    ClockNow,
    ContactStepsDeactivate,
    ContactStepsReactivate,
    ContactsDetails,
    ContactsList,
    ContactsOfProject,
    ContactsShow,
    ErasureDeleteUser,
    GroupStepsLeave,
    GroupsOfProject,
    GroupsOfUser,
    IdentityStepsChangeEmail,
    ItemStepsAdd,
    ItemStepsClose,
    ItemStepsLeave,
    ItemStepsReassign,
    ItemsCandidates,
    ItemsHeldBy,
    ItemsOfProject,
    ItemsShow,
    MembershipStepsAdd,
    MembershipStepsAddContact,
    MembershipStepsRemove,
    MembershipStepsRemoveContact,
    MembershipStepsSetTemplate,
    MembershipsOfProject,
    MembershipsOfUser,
    MembershipsShow,
    ProjectsActive,
    ProjectsRoles,
    ProjectsShow,
    TemplatesAssignable,
    TemplatesForAnyProject,
    TemplatesForCompany,
    TemplatesForProjects,
    UserStepsCreate,
    UserStepsDeactivate,
    UserStepsInvite,
    UserStepsReactivate,
    UserStepsSetCompanyTemplate,
    UserStepsSetDefaultTemplate,
    UserStepsUpdateProfile,
    UsersFindByEmail,
    UsersInvitation,
    UsersIsLeaving,
    UsersList,
    UsersProfile,
    UsersShow,
    VendorStepsReactivate,
    VendorsList,
    VendorsShow,
}

/// What a function is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// It changes nothing.
    Read,
    /// It adds a step that changes Procore once the plan is carried out.
    Power,
}

/// A name that is no function of `wit/`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name:?} is no function that a policy can be granted; those are {}", FunctionSet::all())]
pub struct UnknownFunction {
    name: String,
}

impl Function {
    /// Every function, in the order of their names.
    pub const ALL: [Self; 51] = [
        Self::ClockNow,
        Self::ContactStepsDeactivate,
        Self::ContactStepsReactivate,
        Self::ContactsDetails,
        Self::ContactsList,
        Self::ContactsOfProject,
        Self::ContactsShow,
        Self::ErasureDeleteUser,
        Self::GroupStepsLeave,
        Self::GroupsOfProject,
        Self::GroupsOfUser,
        Self::IdentityStepsChangeEmail,
        Self::ItemStepsAdd,
        Self::ItemStepsClose,
        Self::ItemStepsLeave,
        Self::ItemStepsReassign,
        Self::ItemsCandidates,
        Self::ItemsHeldBy,
        Self::ItemsOfProject,
        Self::ItemsShow,
        Self::MembershipStepsAdd,
        Self::MembershipStepsAddContact,
        Self::MembershipStepsRemove,
        Self::MembershipStepsRemoveContact,
        Self::MembershipStepsSetTemplate,
        Self::MembershipsOfProject,
        Self::MembershipsOfUser,
        Self::MembershipsShow,
        Self::ProjectsActive,
        Self::ProjectsRoles,
        Self::ProjectsShow,
        Self::TemplatesAssignable,
        Self::TemplatesForAnyProject,
        Self::TemplatesForCompany,
        Self::TemplatesForProjects,
        Self::UserStepsCreate,
        Self::UserStepsDeactivate,
        Self::UserStepsInvite,
        Self::UserStepsReactivate,
        Self::UserStepsSetCompanyTemplate,
        Self::UserStepsSetDefaultTemplate,
        Self::UserStepsUpdateProfile,
        Self::UsersFindByEmail,
        Self::UsersInvitation,
        Self::UsersIsLeaving,
        Self::UsersList,
        Self::UsersProfile,
        Self::UsersShow,
        Self::VendorStepsReactivate,
        Self::VendorsList,
        Self::VendorsShow,
    ];

    /// The table: name as in `wit/`, class, and what it lets a policy do, in words that end a sentence.
    const fn row(self) -> (&'static str, Class, &'static str) {
        use Class::{Power, Read};
        match self {
            Self::ClockNow => ("clock.now", Read, "read the time of the decision"),
            Self::ContactStepsDeactivate => {
                ("contact-steps.deactivate", Power, "propose to take a contact out of use")
            }
            Self::ContactStepsReactivate => {
                ("contact-steps.reactivate", Power, "propose to take a contact back into use")
            }
            Self::ContactsDetails => {
                ("contacts.details", Read, "read a contact's address, phones and e-mail")
            }
            Self::ContactsList => ("contacts.list", Read, "read the list of contacts"),
            Self::ContactsOfProject => ("contacts.of-project", Read, "read the contacts of a project"),
            Self::ContactsShow => ("contacts.show", Read, "read a contact's name and state"),
            Self::ErasureDeleteUser => ("erasure.delete-user", Power, "propose to delete a user for good"),
            Self::GroupStepsLeave => {
                ("group-steps.leave", Power, "propose to take a user out of a distribution group")
            }
            Self::GroupsOfProject => {
                ("groups.of-project", Read, "read the distribution groups of a project, with who is in them")
            }
            Self::GroupsOfUser => ("groups.of-user", Read, "read the distribution groups that a user is in"),
            Self::IdentityStepsChangeEmail => (
                "identity-steps.change-email",
                Power,
                "propose to change a user's e-mail address, which is the login",
            ),
            Self::ItemStepsAdd => {
                ("item-steps.add", Power, "propose that somebody holds an item beside those who do")
            }
            Self::ItemStepsClose => ("item-steps.close", Power, "propose to close an item for everybody"),
            Self::ItemStepsLeave => ("item-steps.leave", Read, "name an item that stays with its holder"),
            Self::ItemStepsReassign => {
                ("item-steps.reassign", Power, "propose to hand an item over to somebody else")
            }
            Self::ItemsCandidates => ("items.candidates", Read, "read who could take an item over"),
            Self::ItemsHeldBy => {
                ("items.held-by", Read, "read the open items that a user holds, with their titles")
            }
            Self::ItemsOfProject => (
                "items.of-project",
                Read,
                "read everything that is open in a project, with titles and holders",
            ),
            Self::ItemsShow => ("items.show", Read, "read one item, with its title and who holds it"),
            Self::MembershipStepsAdd => {
                ("membership-steps.add", Power, "propose to take a user on a project")
            }
            Self::MembershipStepsAddContact => {
                ("membership-steps.add-contact", Power, "propose to list a contact in a project")
            }
            Self::MembershipStepsRemove => {
                ("membership-steps.remove", Power, "propose to take a user off a project")
            }
            Self::MembershipStepsRemoveContact => {
                ("membership-steps.remove-contact", Power, "propose to take a contact out of a project")
            }
            Self::MembershipStepsSetTemplate => {
                ("membership-steps.set-template", Power, "propose to give a user other rights in a project")
            }
            Self::MembershipsOfProject => ("memberships.of-project", Read, "read who is on a project"),
            Self::MembershipsOfUser => ("memberships.of-user", Read, "read the projects that a user is on"),
            Self::MembershipsShow => ("memberships.show", Read, "read a user's rights in a project"),
            Self::ProjectsActive => ("projects.active", Read, "read the list of active projects"),
            Self::ProjectsRoles => ("projects.roles", Read, "read who has which role in a project"),
            Self::ProjectsShow => ("projects.show", Read, "read a project"),
            Self::TemplatesAssignable => {
                ("templates.assignable", Read, "read the permission templates that can be given in a project")
            }
            Self::TemplatesForAnyProject => {
                ("templates.for-any-project", Read, "read the permission templates that hold in any project")
            }
            Self::TemplatesForCompany => {
                ("templates.for-company", Read, "read the company's permission templates")
            }
            Self::TemplatesForProjects => {
                ("templates.for-projects", Read, "read the permission templates for projects")
            }
            Self::UserStepsCreate => ("user-steps.create", Power, "propose to create a user"),
            Self::UserStepsDeactivate => {
                ("user-steps.deactivate", Power, "propose to take a user's login away")
            }
            Self::UserStepsInvite => ("user-steps.invite", Power, "propose to send a user an invitation"),
            Self::UserStepsReactivate => {
                ("user-steps.reactivate", Power, "propose to give a user the login back")
            }
            Self::UserStepsSetCompanyTemplate => (
                "user-steps.set-company-template",
                Power,
                "propose to give a user other rights in the company",
            ),
            Self::UserStepsSetDefaultTemplate => {
                ("user-steps.set-default-template", Power, "propose what rights a user gets in new projects")
            }
            Self::UserStepsUpdateProfile => {
                ("user-steps.update-profile", Power, "propose to change what is written down of a user")
            }
            Self::UsersFindByEmail => ("users.find-by-email", Read, "find a user by e-mail address"),
            Self::UsersInvitation => {
                ("users.invitation", Read, "read when a user was invited and last logged in")
            }
            Self::UsersIsLeaving => {
                ("users.is-leaving", Read, "read whether a user is about to leave, as far as muster was told")
            }
            Self::UsersList => ("users.list", Read, "read the list of users"),
            Self::UsersProfile => ("users.profile", Read, "read a user's address, phones and initials"),
            Self::UsersShow => ("users.show", Read, "read a user's name, address, job title and state"),
            Self::VendorStepsReactivate => {
                ("vendor-steps.reactivate", Power, "propose to take a vendor back into use")
            }
            Self::VendorsList => ("vendors.list", Read, "read the list of vendors"),
            Self::VendorsShow => ("vendors.show", Read, "read a vendor"),
        }
    }

    /// Returns the name: interface and function as in `wit/`, for example `users.show`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.row().0
    }

    /// Returns whether it reads or proposes a change.
    #[must_use]
    pub const fn class(self) -> Class {
        self.row().1
    }

    /// Returns what it lets a policy do, in words that end a sentence beginning with *may*.
    #[must_use]
    pub const fn words(self) -> &'static str {
        self.row().2
    }
}

impl fmt::Display for Function {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for Function {
    type Err = UnknownFunction;

    fn from_str(name: &str) -> Result<Self, UnknownFunction> {
        Self::ALL
            .into_iter()
            .find(|function| function.name() == name)
            .ok_or_else(|| UnknownFunction { name: name.chars().take(80).collect() })
    }
}

impl Serialize for Function {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Function {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

const _: () = assert!(Function::ALL.len() <= 64, "a set of functions is 64 bits");

/// Some of the functions. Asking whether one is among them costs one bit test.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FunctionSet(u64);

impl FunctionSet {
    /// Returns all of them.
    #[must_use]
    pub fn all() -> Self {
        Function::ALL.into_iter().collect()
    }

    /// Returns whether `function` is among them.
    #[must_use]
    pub const fn contains(self, function: Function) -> bool {
        self.0 & Self::bit(function) != 0
    }

    /// Returns those that are not in `other`.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Returns whether there are none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Returns them in the order of their names.
    pub fn iter(self) -> impl Iterator<Item = Function> {
        Function::ALL.into_iter().filter(move |function| self.contains(*function))
    }

    const fn bit(function: Function) -> u64 {
        1 << function as u32
    }
}

impl FromIterator<Function> for FunctionSet {
    fn from_iter<T: IntoIterator<Item = Function>>(functions: T) -> Self {
        Self(functions.into_iter().fold(0, |bits, function| bits | Self::bit(function)))
    }
}

impl fmt::Display for FunctionSet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, function) in self.iter().enumerate() {
            write!(formatter, "{}`{function}`", if place == 0 { "" } else { ", " })?;
        }
        Ok(())
    }
}

impl Serialize for FunctionSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl JsonSchema for FunctionSet {
    fn schema_name() -> Cow<'static, str> {
        "Functions".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let one =
            |function: Function| json_schema!({ "const": function.name(), "description": function.words() });
        let any: Vec<_> = Function::ALL.into_iter().map(one).collect();
        json_schema!({ "type": "array", "uniqueItems": true, "items": { "oneOf": any } })
    }
}

impl<'de> Deserialize<'de> for FunctionSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::<Function>::deserialize(deserializer).map(Self::from_iter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_function_has_a_bit_and_a_name_of_its_own_and_the_list_is_sorted() {
        assert_eq!(FunctionSet::all().iter().count(), Function::ALL.len());
        assert!(Function::ALL.is_sorted_by_key(|function| function.name()));
        for function in Function::ALL {
            assert_eq!(function.name().parse::<Function>().unwrap(), function);
        }
    }

    #[test]
    fn an_unknown_name_is_refused_naming_the_valid_ones() {
        let error =
            serde_json::from_str::<FunctionSet>(r#"["users.show","users.delete"]"#).unwrap_err().to_string();
        assert!(
            error.contains("\"users.delete\" is no function") && error.contains("`item-steps.close`"),
            "{error}"
        );
    }
}
