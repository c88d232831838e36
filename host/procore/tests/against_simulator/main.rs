//! The client against the simulator, which reads Procore's documents for itself.

#![cfg(test)]

mod apart;
mod changes;
#[path = "../scripted/clock.rs"]
mod clock;
mod connection;
mod contacts;
mod items;
mod items_apart;
mod items_apart_together;
mod items_together;
mod login;
mod many;
mod people;
mod reads;
mod rights;
mod roles;
mod scenarios;
mod site;
