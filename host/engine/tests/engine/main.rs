//! The sandbox with real components: what loads, what is denied, what a guest gets to see, and how runaways end.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail by panicking, as tests do")]

mod decide;
mod guests;
mod hostile;
mod load;
mod successor;
mod support;
mod time;
