//! The suite `node`: Procore's own JavaScript SDK, unchanged, against the simulator.
//!
//! Procore's people wrote it, so it shares no misreading of Procore's documents with us. `sdk.mjs` uses it,
//! `package-lock.json` pins it, and `npm ci` fetches it into a folder of the build.

#[cfg(test)]
mod lock;
#[cfg(test)]
mod node;
#[cfg(test)]
mod sdk;
#[cfg(test)]
mod suite;
