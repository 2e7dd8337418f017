//! Who may call: passwords, tokens, and how often somebody may guess.
//!
//! * A password is kept as an Argon2id hash. Hashing is slow on purpose, so it runs on its own threads, two at a time, and
//!   never stands in the way of a webhook. An unknown user name costs the same as a wrong password.
//! * A token is 256 random bits. Only its SHA-256 is kept; no token appears in a log or in `Debug`.

mod limiter;
mod password;

use std::{fmt, net::IpAddr, sync::Arc};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;
use waxwing_protocol::id::AgentId;

pub use self::{
    limiter::{Limiter, MustWait},
    password::{PasswordProblem, acceptable, hash_password},
};
use crate::{
    random,
    store::{Change, Store, StoreError, agents, tokens},
};

/// How many passwords are hashed at the same time.
const HASHING_AT_ONCE: usize = 2;

/// How long a sign-in lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuthLimits {
    /// A token ends this long after it was given, whatever happens.
    pub absolute: TimeDelta,
    /// A token ends when it has not been used for this long.
    pub idle: TimeDelta,
}

impl Default for AuthLimits {
    fn default() -> Self {
        Self { absolute: TimeDelta::hours(12), idle: TimeDelta::minutes(30) }
    }
}

/// A bearer token. It is shown to its owner once.
pub struct Token(String);

impl Token {
    fn draw() -> Self {
        Self(URL_SAFE_NO_PAD.encode(random::bytes::<32>()))
    }

    /// The text that its owner is given.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// What of a token is kept: enough to know it again, not enough to use it.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenHash([u8; 32]);

impl TokenHash {
    /// The hash of a token as presented.
    #[must_use]
    pub fn of(token: &str) -> Self {
        Self(Sha256::digest(token.as_bytes()).into())
    }

    /// The bytes that are kept.
    #[must_use]
    pub const fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// A short name that tells sign-ins apart and says nothing else.
    #[must_use]
    pub fn short(&self) -> String {
        URL_SAFE_NO_PAD.encode(&self.0[..9])
    }
}

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenHash(…)")
    }
}

/// Why somebody may not sign in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Wrong user name, wrong password, or a disabled account: it isn't said which.
    #[error("wrong user name or password")]
    WrongCredentials,
    /// Too many failures.
    #[error("too many attempts")]
    TooMany(MustWait),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A sign-in that was granted.
#[derive(Debug)]
pub struct Granted {
    /// Who.
    pub agent: AgentId,
    /// What they show from now on.
    pub token: Token,
    /// When it ends at the latest.
    pub expires_at: DateTime<Utc>,
}

/// What somebody presents to sign in.
#[derive(Clone, Copy)]
pub struct Credentials<'a> {
    /// Who they say they are.
    pub user_name: &'a str,
    /// Their password.
    pub password: &'a str,
    /// What to call their desktop.
    pub device: &'a str,
    /// Where they call from.
    pub from: IpAddr,
}

impl fmt::Debug for Credentials<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("user_name", &self.user_name).finish_non_exhaustive()
    }
}

/// Grants and checks sign-ins. Clones share the counting of failures.
#[derive(Clone, Debug)]
pub struct Auth {
    limits: AuthLimits,
    limiter: Arc<Limiter>,
    hashing: Arc<Semaphore>,
}

impl Auth {
    /// With these limits, and nobody having failed yet.
    #[must_use]
    pub fn new(limits: AuthLimits) -> Self {
        Self { limits, limiter: Arc::default(), hashing: Arc::new(Semaphore::new(HASHING_AT_ONCE)) }
    }

    /// How long a sign-in lasts.
    #[must_use]
    pub const fn limits(&self) -> AuthLimits {
        self.limits
    }

    /// Checks a password. Counts a failure, forgets the failures of whoever gets it right.
    pub async fn check(
        &self,
        store: &Store,
        who: Credentials<'_>,
        now: DateTime<Utc>,
    ) -> Result<AgentId, SignInError> {
        let account = agents::plain_user_name(who.user_name);
        self.limiter.admit(&account, who.from, now).map_err(SignInError::TooMany)?;
        let known = agents::credentials(store.read().await?.db(), &account).await?;
        let hash = known.as_ref().map(|(_, hash)| hash.clone());
        let right = self.verify(who.password.to_owned(), hash.clone()).await;
        let disabled = match &known {
            Some((id, _)) => {
                agents::get(store.read().await?.db(), *id).await?.is_none_or(|agent| agent.disabled)
            }
            None => true,
        };
        match known {
            Some((id, _)) if right && !disabled => {
                self.limiter.succeeded(&account, who.from);
                if let Some(hash) = hash.filter(|hash| password::is_outdated(hash)) {
                    self.renew_hash(store, id, (hash, who.password.to_owned())).await?;
                }
                Ok(id)
            }
            _ => Err(SignInError::WrongCredentials),
        }
    }

    async fn verify(&self, password: String, hash: Option<String>) -> bool {
        let Ok(_permit) = Arc::clone(&self.hashing).acquire_owned().await else { return false };
        tokio::task::spawn_blocking(move || password::verify(&password, hash.as_deref()))
            .await
            .unwrap_or(false)
    }

    /// Hashes a password that was right as passwords are hashed today.
    async fn renew_hash(
        &self,
        store: &Store,
        agent: AgentId,
        (before, password): (String, String),
    ) -> Result<(), StoreError> {
        let Ok(_permit) = Arc::clone(&self.hashing).acquire_owned().await else { return Ok(()) };
        let Ok(hash) = tokio::task::spawn_blocking(move || hash_password(&password)).await else {
            return Ok(());
        };
        let mut change = store.begin().await?;
        agents::renew_hash(change.db(), agent, (&before, &hash)).await?;
        change.commit().await
    }

    /// Gives a token to an agent whose password was checked.
    pub async fn grant(
        &self,
        change: &mut Change,
        agent: AgentId,
        device: &str,
        now: DateTime<Utc>,
    ) -> Result<Granted, StoreError> {
        let token = Token::draw();
        let expires_at = now + self.limits.absolute;
        tokens::add(change.db(), &TokenHash::of(token.reveal()), agent, device, (now, expires_at)).await?;
        Ok(Granted { agent, token, expires_at })
    }
}
