//! How a simulator behaves, apart from what is in the company.

use std::time::Duration;

use crate::account::NewAccount;
use crate::clock::Clock;
use crate::limits::Limits;
use crate::seed::Seed;
use crate::switches::Switches;

/// Which reading of Procore's API is served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dialect {
    /// That of Procore's own reference.
    #[default]
    Reference,
    /// The same but for nine operations, which are as a published guide states them.
    Guide,
}

/// How a simulator behaves.
#[derive(Debug, Clone)]
pub struct Config {
    /// The company that [`Company::seeded`](crate::Company::seeded) makes; the credentials follow from its number too.
    pub seed: Seed,
    /// How many calls one client may make.
    pub limits: Limits,
    /// How long a token lives.
    pub token_lifetime: Duration,
    /// The largest page of most lists; projects have a largest page of their own.
    pub page_max: u32,
    /// Whether an answer 429 carries `Retry-After`. Procore's own pages disagree.
    pub retry_after_on_429: bool,
    /// The service accounts beside the app's own, which is an admin.
    pub accounts: Vec<NewAccount>,
    /// Where time comes from.
    pub clock: Clock,
    /// Which reading of Procore's API is served.
    pub dialect: Dialect,
    /// What nobody knows of Procore.
    pub switches: Switches,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            seed: Seed::default(),
            limits: Limits::default(),
            token_lifetime: Duration::from_secs(5400),
            page_max: 1000,
            retry_after_on_429: true,
            accounts: Vec::new(),
            clock: Clock::Real,
            dialect: Dialect::default(),
            switches: Switches::default(),
        }
    }
}
