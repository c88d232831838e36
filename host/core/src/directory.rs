//! Procore's directory as muster sees it: people, memberships, projects, templates and the items that people hold.
//!
//! These are answers, already checked and reduced at the edge (`muster-procore`); nothing here knows how Procore spells
//! them. What Procore leaves out or sends as `null` is an `Option`.

mod candidate;
mod contact;
mod item;
mod project;
mod template;
mod user;

pub use candidate::{Candidate, Candidates, Fit};
pub use contact::{Contact, ContactDetails, Group, Vendor, VendorRef};
pub use item::{Fixed, Handover, HeldAs, Holder, Item, ItemKind, ItemRef, ItemStatus};
pub use project::{Member, Membership, Presence, Project, ProjectRole};
pub use template::{AccessLevel, Template, TemplateKind, TemplateRef};
pub use user::{Activity, Invitation, NewUser, Person, Profile, ProfileField, User};
