//! What callers prove themselves with: credentials of clients, codes, access tokens and refresh tokens.
//!
//! A token that has stopped to work is remembered, so that calls with it still count for the client that they came from.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use jiff::Timestamp;

use crate::dice::Dice;

/// How long a code lives (developers.procore.com, authorization code flow).
const CODE_LIFETIME: Duration = Duration::from_secs(600);

/// What a client proves itself with.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The public half.
    pub client_id: String,
    /// The secret half.
    pub client_secret: String,
}

impl Credentials {
    /// Draws new ones.
    pub(crate) fn draw(dice: &mut Dice) -> Self {
        Self { client_id: dice.hex(64), client_secret: dice.hex(64) }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("client_id", &self.client_id)
            .field("client_secret", &"[redacted]")
            .finish()
    }
}

/// On whose behalf a client calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Holder {
    /// The client.
    pub(crate) client: String,
    /// Who signed in; nobody did for the client's own service account.
    pub(crate) user: Option<u64>,
    /// The one sign-in that all its tokens come from.
    family: u64,
}

/// To whom a token was given, and for how long.
#[derive(Debug, Clone)]
pub(crate) struct Grant {
    /// To whom.
    pub(crate) holder: Holder,
    /// When it was given.
    pub(crate) created: Timestamp,
    /// When it stops to work.
    pub(crate) expires: Timestamp,
    /// Whether it was taken back.
    pub(crate) revoked: bool,
}

/// A code that can be exchanged for tokens, once.
#[derive(Debug)]
struct Code {
    holder: Holder,
    redirect_uri: String,
    expires: Timestamp,
}

/// What was given out.
#[derive(Debug, Default)]
pub(crate) struct Tokens {
    access: BTreeMap<String, Grant>,
    /// Those that still work: they have no end of their own.
    refresh: BTreeMap<String, Holder>,
    /// Those that were used or taken back.
    spent: BTreeMap<String, Holder>,
    codes: BTreeMap<String, Code>,
    families: u64,
}

impl Tokens {
    /// Returns to whom an access token was given, even when it has stopped to work.
    pub(crate) fn find(&self, token: &str) -> Option<&Grant> {
        self.access.get(token)
    }

    /// Lets an access token stop to work.
    pub(crate) fn expire(&mut self, token: &str) {
        if let Some(grant) = self.access.get_mut(token) {
            grant.expires = Timestamp::MIN;
        }
    }

    /// Returns every token that was given, and every code that was not used.
    pub(crate) fn all(&self) -> Vec<String> {
        let tokens = self.access.keys().chain(self.refresh.keys()).chain(self.spent.keys());
        tokens.chain(self.codes.keys()).cloned().collect()
    }

    /// Begins the tokens of one sign-in.
    pub(super) fn holder(&mut self, client: &str, user: Option<u64>) -> Holder {
        self.families += 1;
        Holder { client: client.to_owned(), user, family: self.families }
    }

    /// Gives out an access token.
    pub(super) fn issue(
        &mut self,
        dice: &mut Dice,
        holder: Holder,
        now: Timestamp,
        lifetime: Duration,
    ) -> String {
        let token = dice.hex(64);
        let grant = Grant { holder, created: now, expires: after(now, lifetime), revoked: false };
        self.access.insert(token.clone(), grant);
        token
    }

    /// Gives out a refresh token.
    pub(super) fn issue_refresh(&mut self, dice: &mut Dice, holder: Holder) -> String {
        let token = dice.hex(64);
        self.refresh.insert(token.clone(), holder);
        token
    }

    /// Gives out a code for whoever comes back to an address.
    pub(super) fn issue_code(
        &mut self,
        dice: &mut Dice,
        holder: Holder,
        redirect_uri: &str,
        now: Timestamp,
    ) -> String {
        let code = dice.hex(64);
        let redirect_uri = redirect_uri.to_owned();
        self.codes.insert(code.clone(), Code { holder, redirect_uri, expires: after(now, CODE_LIFETIME) });
        code
    }

    /// Takes a code and returns whose it is, if it belongs to the client, leads to the address and is not too old.
    pub(super) fn take_code(
        &mut self,
        code: &str,
        client: &str,
        redirect_uri: &str,
        now: Timestamp,
    ) -> Option<Holder> {
        let code = self.codes.remove(code)?;
        let good = code.holder.client == client && code.redirect_uri == redirect_uri && now < code.expires;
        good.then_some(code.holder)
    }

    /// Takes a refresh token, which is then spent, and returns whose it is if it belongs to the client.
    pub(super) fn take_refresh(&mut self, token: &str, client: &str) -> Option<Holder> {
        let holder = self.refresh.remove(token)?;
        self.spent.insert(token.to_owned(), holder.clone());
        Some(holder).filter(|holder| holder.client == client)
    }

    /// Takes back all tokens of the sign-in that a token comes from, if it belongs to the client.
    pub(super) fn revoke(&mut self, token: &str, client: &str) {
        let access = self.access.get(token).map(|grant| &grant.holder);
        let holder = access.or_else(|| self.refresh.get(token)).or_else(|| self.spent.get(token));
        let Some(family) = holder.filter(|holder| holder.client == client).map(|holder| holder.family) else {
            return;
        };
        for grant in self.access.values_mut().filter(|grant| grant.holder.family == family) {
            grant.revoked = true;
        }
        let spent = self.refresh.extract_if(.., |_, holder| holder.family == family);
        self.spent.extend(spent);
    }
}

fn after(now: Timestamp, lifetime: Duration) -> Timestamp {
    now.checked_add(lifetime).unwrap_or(Timestamp::MAX)
}
