//! Procore's environments: where each of them is (developers.procore.com, development environments).

use std::fmt;
use std::str::FromStr;

use reqwest::Url;

/// One of Procore's environments. Tokens and most credentials of one are unknown in the others. An on-demand sandbox is a
/// company of its own in production.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Environment {
    /// Where the work is done.
    Production,
    /// A company of an app's developers, with credentials of its own.
    DeveloperSandbox,
    /// A copy of production, made anew every month, with the credentials of production.
    MonthlySandbox,
}

impl Environment {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Production, Self::DeveloperSandbox, Self::MonthlySandbox];

    /// Returns its name, for example `developer-sandbox`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::DeveloperSandbox => "developer-sandbox",
            Self::MonthlySandbox => "monthly-sandbox",
        }
    }

    /// Returns the base of its API.
    #[must_use]
    pub const fn api(self) -> &'static str {
        match self {
            Self::Production => "https://api.procore.com",
            Self::DeveloperSandbox => "https://sandbox.procore.com",
            Self::MonthlySandbox => "https://api-monthly.procore.com",
        }
    }

    /// Returns the base of its login service.
    #[must_use]
    pub const fn auth(self) -> &'static str {
        match self {
            Self::Production => "https://login.procore.com",
            Self::DeveloperSandbox => "https://login-sandbox.procore.com",
            Self::MonthlySandbox => "https://login-sandbox-monthly.procore.com",
        }
    }

    /// Returns the environment whose API is at `base`, if it is one of Procore's.
    pub(crate) fn of_api(base: &Url) -> Option<Self> {
        Self::ALL.into_iter().find(|environment| is_at(base, environment.api()))
    }

    /// Returns the environment whose login service is at `base`, if it is one of Procore's.
    pub(crate) fn of_auth(base: &Url) -> Option<Self> {
        Self::ALL.into_iter().find(|environment| is_at(base, environment.auth()))
    }
}

fn is_at(base: &Url, place: &str) -> bool {
    place.strip_prefix("https://") == base.host_str()
}

impl fmt::Display for Environment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// A text that names none of Procore's environments.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no environment of Procore: production, developer-sandbox or monthly-sandbox is one")]
pub struct NoEnvironment;

impl FromStr for Environment {
    type Err = NoEnvironment;

    fn from_str(text: &str) -> Result<Self, NoEnvironment> {
        Self::ALL.into_iter().find(|environment| environment.name() == text).ok_or(NoEnvironment)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_environment_is_known_by_its_name_and_by_either_of_its_hosts() {
        for environment in Environment::ALL {
            assert_eq!(environment.to_string().parse(), Ok(environment));
            assert_eq!(Environment::of_api(&environment.api().parse().unwrap()), Some(environment));
            assert_eq!(Environment::of_auth(&environment.auth().parse().unwrap()), Some(environment));
        }
        assert_eq!("sandbox".parse::<Environment>(), Err(NoEnvironment));
        let other: Url = "http://127.0.0.1:8080".parse().unwrap();
        assert_eq!((Environment::of_api(&other), Environment::of_auth(&other)), (None, None));
    }
}
