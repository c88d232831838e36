//! The whole client against the whole simulator: any sequence of changes leaves what it should, and every operation meets
//! every fault.

#![cfg(test)]

mod act;
#[path = "../scripted/clock.rs"]
mod clock;
mod directory;
mod faults;
mod model;
mod play;
mod sequences;
mod site;
