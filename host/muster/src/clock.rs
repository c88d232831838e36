//! The clock: the one place where the time of day comes from. No flag and no setting moves it.

use jiff::Timestamp;

/// Returns the time, to the millisecond: what is written down reads back as it was.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the home of the time of day; everybody else takes it as an argument"
)]
pub(crate) fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
}

/// Returns bytes that nobody can guess.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], getrandom::Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}
