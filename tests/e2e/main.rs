//! The binary from end to end.
