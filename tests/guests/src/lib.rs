//! Policies that tests ask, as components.

pub mod forge;

/// Does what its settings say, misbehaving included. Declares every function that there is.
pub const PUPPET: &[u8] = include_bytes!(env!("PUPPET"));

/// The example of the SDK's documentation: takes a leaver's login away, and declares nothing else.
pub const CUTOFF: &[u8] = include_bytes!(env!("CUTOFF"));

/// Does nothing, and imports nothing of muster.
pub const IDLE: &[u8] = include_bytes!(env!("IDLE"));

/// The policy that is part of the binary.
pub const OFFBOARDING: &[u8] = include_bytes!(env!("OFFBOARDING"));
