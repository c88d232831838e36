//! The simulator over real HTTP: each endpoint, each trap, and what the simulator shows of itself.

#[cfg(test)]
mod accounts;
#[cfg(test)]
mod action_plans;
#[cfg(test)]
mod approvers;
#[cfg(test)]
mod assignments;
#[cfg(test)]
mod bulk;
#[cfg(test)]
mod clock;
#[cfg(test)]
mod contacts;
#[cfg(test)]
mod coordination;
#[cfg(test)]
mod correspondence;
#[cfg(test)]
mod create;
#[cfg(test)]
mod distribution;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod gate;
#[cfg(test)]
mod guide;
#[cfg(test)]
mod inspections;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod meetings;
#[cfg(test)]
mod members;
#[cfg(test)]
mod members_added;
#[cfg(test)]
mod memberships;
#[cfg(test)]
mod oauth;
#[cfg(test)]
mod observations;
#[cfg(test)]
mod overview;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod people;
#[cfg(test)]
mod permissions;
#[cfg(test)]
mod presets;
#[cfg(test)]
mod projects;
#[cfg(test)]
mod punch;
#[cfg(test)]
mod rfis;
#[cfg(test)]
mod rfis_at_once;
#[cfg(test)]
mod rfis_changed;
#[cfg(test)]
mod rights;
#[cfg(test)]
mod sim;
#[cfg(test)]
mod site;
#[cfg(test)]
mod submittals;
#[cfg(test)]
mod switches;
#[cfg(test)]
mod sync;
#[cfg(test)]
mod tasks;
#[cfg(test)]
mod templates;
#[cfg(test)]
mod token;
#[cfg(test)]
mod tools;
#[cfg(test)]
mod users;
#[cfg(test)]
mod vendors;
#[cfg(test)]
mod workflow_templates;
#[cfg(test)]
mod workflows;
