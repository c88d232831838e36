//! The binary from end to end, and the tree itself.
//!
//! Every test works in a folder of its own, with a simulator of its own and nothing of the user's environment. What needs
//! no process is tested in the crates.

#[cfg(test)]
mod again;
#[cfg(test)]
mod apply;
#[cfg(test)]
mod departure;
#[cfg(test)]
mod dialect;
#[cfg(test)]
mod directory;
#[cfg(test)]
mod first;
#[cfg(test)]
mod grants;
#[cfg(test)]
mod guard;
#[cfg(test)]
mod items;
#[cfg(test)]
mod login;
#[cfg(test)]
mod mistakes;
#[cfg(test)]
mod policies;
#[cfg(test)]
mod readback;
#[cfg(test)]
mod readme;
#[cfg(test)]
mod replay;
#[cfg(test)]
mod resume;
#[cfg(test)]
mod site;
#[cfg(test)]
#[cfg(unix)]
mod store;
#[cfg(test)]
mod strangers;
#[cfg(test)]
mod tls;
#[cfg(test)]
mod tree;
#[cfg(test)]
mod unknowns;
#[cfg(test)]
mod wit;
