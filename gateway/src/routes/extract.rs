//! What routes take from a request: who calls and from where, a JSON body, ids in the address. Each refuses with a problem.

use std::net::{IpAddr, SocketAddr};

use axum::{
    Json,
    extract::{ConnectInfo, FromRequest, FromRequestParts, Path, Request},
    http::{HeaderMap, header::AUTHORIZATION, request::Parts},
};
use chrono::TimeDelta;
use serde::de::DeserializeOwned;
use waxwing_protocol::{
    id::AgentId,
    problem::{Problem, ProblemCode},
};

use super::problem::ProblemReply;
use crate::{
    app::App,
    auth::TokenHash,
    handling::status,
    store::{StoreError, tokens},
};

/// How old the note of a token's last use may be before it is written again: not every call costs a commit.
const TOUCH_AFTER: TimeDelta = TimeDelta::minutes(1);

/// What a proxy tells of the way here.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// An agent with a valid token.
#[derive(Debug, Clone)]
pub(super) struct Caller {
    /// Who.
    pub(super) agent: AgentId,
    /// By which token.
    pub(super) token: TokenHash,
}

/// The answer to a call without a valid token.
pub(super) fn signed_out() -> ProblemReply {
    Problem::new(ProblemCode::SignedOut, "Sign in again.").into()
}

impl Caller {
    /// Whether the token is valid still.
    pub(super) async fn is_signed_in(&self, app: &App) -> Result<bool, StoreError> {
        let (limits, now) = (app.auth.limits(), app.clock.now());
        Ok(tokens::holder(app.store.read().await?.db(), &self.token, limits, now).await?.is_some())
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = ProblemReply;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ProblemReply> {
        let header = parts.headers.get(AUTHORIZATION).and_then(|header| header.to_str().ok());
        let token = header.and_then(|header| header.strip_prefix("Bearer ")).ok_or_else(signed_out)?;
        let token = TokenHash::of(token);
        let (limits, now) = (app.auth.limits(), app.clock.now());
        let held = tokens::holder(app.store.read().await?.db(), &token, limits, now).await?;
        let (agent, used_at) = held.ok_or_else(signed_out)?;
        if now - used_at >= TOUCH_AFTER {
            let mut change = app.store.begin().await?;
            status::seen(&mut change, agent, &token, now).await?;
            change.commit().await?;
        }
        Ok(Self { agent, token })
    }
}

/// Where a call comes from: the other end of the connection or, if that is a proxy that is trusted, whoever called it.
#[derive(Debug, Clone, Copy)]
pub(super) struct From(pub(super) IpAddr);

impl FromRequestParts<App> for From {
    type Rejection = ProblemReply;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ProblemReply> {
        let ConnectInfo(peer) = ConnectInfo::<SocketAddr>::from_request_parts(parts, app)
            .await
            .map_err(|_missing| Problem::new(ProblemCode::Internal, "The gateway met a fault of its own."))?;
        Ok(Self(caller_of(peer.ip(), &parts.headers, &app.trusted_proxies)))
    }
}

/// The last address of the way here that is not a trusted proxy's. What stands before it anybody may have written.
fn caller_of(peer: IpAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|proxy| proxy.to_canonical() == address);
    let mut caller = peer.to_canonical();
    let lines: Vec<&str> =
        headers.get_all(FORWARDED_FOR).iter().map(|line| line.to_str().unwrap_or_default()).collect();
    let way = lines.iter().flat_map(|line| line.split(','));
    for hop in way.rev() {
        if !is_trusted(caller) {
            break;
        }
        let Some(before) = address_of(hop.trim()) else { break };
        caller = before.to_canonical();
    }
    caller
}

/// An address, with a port or without.
fn address_of(hop: &str) -> Option<IpAddr> {
    let bare = hop.strip_prefix('[').and_then(|hop| hop.strip_suffix(']')).unwrap_or(hop);
    bare.parse().ok().or_else(|| hop.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

/// A JSON body.
#[derive(Debug)]
pub(super) struct Body<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest<App> for Body<T> {
    type Rejection = ProblemReply;

    async fn from_request(request: Request, app: &App) -> Result<Self, ProblemReply> {
        let Json(body) = Json::from_request(request, app).await?;
        Ok(Self(body))
    }
}

/// The ids in the address. What is no id is nothing that could be found.
#[derive(Debug)]
pub(super) struct Ids<T>(pub(super) T);

impl<T: DeserializeOwned + Send> FromRequestParts<App> for Ids<T> {
    type Rejection = ProblemReply;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ProblemReply> {
        match Path::from_request_parts(parts, app).await {
            Ok(Path(ids)) => Ok(Self(ids)),
            Err(_no_id) => {
                Err(Problem::new(ProblemCode::NotFound, "There is nothing at this address.").into())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_that_is_trusted_says_who_calls_and_nobody_else_does() {
        let address = |text: &str| text.parse::<IpAddr>().expect("an address");
        let trusted = [address("10.0.0.1"), address("10.0.0.2")];
        for (peer, lines, expected) in [
            ("10.0.0.1", &[][..], "10.0.0.1"),
            ("10.0.0.1", &["192.0.2.7"], "192.0.2.7"),
            ("::ffff:10.0.0.1", &["192.0.2.7"], "192.0.2.7"),
            ("10.0.0.1", &["1.1.1.1, 192.0.2.7"], "192.0.2.7"),
            ("10.0.0.1", &["1.1.1.1", "192.0.2.7, 10.0.0.2"], "192.0.2.7"),
            ("10.0.0.1", &["192.0.2.7:4711"], "192.0.2.7"),
            ("10.0.0.1", &["[2001:db8::1]:4711"], "2001:db8::1"),
            ("10.0.0.1", &["[2001:db8::1]"], "2001:db8::1"),
            ("10.0.0.1", &["1.1.1.1, unknown"], "10.0.0.1"),
            ("10.0.0.1", &["\u{fffd}"], "10.0.0.1"),
            ("192.0.2.9", &["1.1.1.1"], "192.0.2.9"),
        ] {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(FORWARDED_FOR, axum::http::HeaderValue::from_str(line).expect("a header"));
            }
            assert_eq!(caller_of(address(peer), &headers, &trusted), address(expected), "{peer} {lines:?}");
        }
        let mut headers = HeaderMap::new();
        headers.insert(FORWARDED_FOR, axum::http::HeaderValue::from_static("1.1.1.1"));
        assert_eq!(caller_of(address("10.0.0.1"), &headers, &[]), address("10.0.0.1"), "by default nobody");
    }
}
