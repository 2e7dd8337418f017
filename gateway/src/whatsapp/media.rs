//! Files at WhatsApp's: asks where one is, and fetches it. It knows nothing of the store.
//!
//! Looking a file up gives an address that is good for 5 minutes, and an address needs the bearer token like any call (Cloud
//! API, media). Our token goes to hosts of the list alone, and no redirect is followed.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use reqwest::{Client, Response, StatusCode, Url};
use serde::Deserialize;

use super::{
    cloud_api::{CloudApiOptions, Credentials, SendFailure, cause_of, is_loopback, read_answer},
    graph_error::{Behaviour, behaviour_of},
    hosts::Hosts,
};

/// How long nothing may come of a file before the connection counts as dead.
const SILENCE: Duration = Duration::from_secs(30);

/// Why a file could not be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MediaFailure {
    /// It may work another time.
    Passing {
        /// What happened; nothing of the contact's.
        cause: String,
        /// How long Meta asks to wait.
        at_least: Option<Duration>,
    },
    /// WhatsApp does not take the token.
    Token {
        /// What is wrong and what to do, for everybody to read.
        alert: String,
    },
    /// WhatsApp has no such file, or none any more.
    Gone,
    /// The address is not good any more: look the file up again.
    Stale,
    /// WhatsApp said that the file is somewhere where we don't go.
    Elsewhere,
}

/// Where a file is, and what is said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located {
    url: Url,
    /// SHA-256 of it, in base64 or in hexadecimal.
    pub sha256: Option<String>,
    /// How long it is.
    pub size_bytes: Option<u64>,
}

/// Reads a SHA-256 in base64 or hexadecimal: Meta writes both.
#[must_use]
pub fn read_sha256(text: &str) -> Option<[u8; 32]> {
    let text = text.trim();
    if text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        let mut hash = [0; 32];
        for (at, byte) in hash.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[2 * at..2 * at + 2], 16).ok()?;
        }
        return Some(hash);
    }
    STANDARD.decode(text).ok()?.try_into().ok()
}

#[derive(Deserialize)]
struct Node {
    url: String,
    #[serde(default)]
    sha256: Option<String>,
    #[serde(default)]
    file_size: Option<Size>,
}

/// A text in Meta's documentation, a number in the wild.
#[derive(Deserialize)]
#[serde(untagged)]
enum Size {
    Number(u64),
    Text(String),
}

/// The client. Clones share the connections.
#[derive(Debug, Clone)]
pub struct MediaApi {
    graph: Client,
    files: Client,
    base: String,
    hosts: Hosts,
}

impl MediaApi {
    /// Makes a client; nothing is sent yet.
    pub fn new(options: &CloudApiOptions, hosts: Hosts) -> Result<Self, reqwest::Error> {
        let client = || {
            let builder = Client::builder()
                .user_agent(concat!("waxwing-gateway/", env!("CARGO_PKG_VERSION")))
                .connect_timeout(options.connect_timeout)
                .redirect(reqwest::redirect::Policy::none());
            if is_loopback(&options.url) { builder.no_proxy() } else { builder }
        };
        let base = format!("{}/{}", options.url.as_str().trim_end_matches('/'), options.version);
        let files = client().read_timeout(SILENCE).referer(false).dns_resolver(hosts.clone());
        Ok(Self {
            graph: client().timeout(options.request_timeout).build()?,
            files: files.build()?,
            base,
            hosts,
        })
    }

    /// Asks where a file is.
    pub async fn look_up(&self, number: &Credentials, media_id: &str) -> Result<Located, MediaFailure> {
        let mut url = Url::parse(&self.base).map_err(|_invalid| MediaFailure::Elsewhere)?;
        // An id is one part of the path, whatever is in it.
        url.path_segments_mut().map_err(|()| MediaFailure::Elsewhere)?.push(media_id);
        let answer = self
            .graph
            .get(url)
            .query(&[("phone_number_id", &number.phone_number_id)])
            .bearer_auth(&number.token)
            .send()
            .await;
        let node: Node = read_answer(answer).await.map_err(failure_of)?;
        let url = Url::parse(&node.url).map_err(|_invalid| MediaFailure::Elsewhere)?;
        if !self.hosts.allow(&url) {
            return Err(MediaFailure::Elsewhere);
        }
        let size_bytes = node.file_size.and_then(|size| match size {
            Size::Number(size) => Some(size),
            Size::Text(size) => size.trim().parse().ok(),
        });
        Ok(Located { url, sha256: node.sha256, size_bytes })
    }

    /// Begins to fetch a file from where it is.
    pub async fn download(&self, number: &Credentials, located: &Located) -> Result<Download, MediaFailure> {
        let answer = self.files.get(located.url.clone()).bearer_auth(&number.token).send().await;
        let answer = answer.map_err(|error| passing(cause_of(&error)))?;
        match answer.status() {
            StatusCode::OK => Ok(Download(answer)),
            // WhatsApp answers an old address with 404; what a token lacks it says when the file is looked up.
            StatusCode::NOT_FOUND | StatusCode::GONE | StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                Err(MediaFailure::Stale)
            }
            status => Err(passing(status.to_string())),
        }
    }
}

/// A file on its way.
#[derive(Debug)]
pub struct Download(Response);

impl Download {
    /// How long it is going to be, if that was said.
    #[must_use]
    pub fn announced_bytes(&self) -> Option<u64> {
        self.0.content_length()
    }

    /// The next piece; none at the end.
    pub async fn next(&mut self) -> Result<Option<Bytes>, MediaFailure> {
        self.0.chunk().await.map_err(|error| passing(cause_of(&error)))
    }
}

const fn passing(cause: String) -> MediaFailure {
    MediaFailure::Passing { cause, at_least: None }
}

/// Meta's codes for a file that does not exist or may not be had (100), and one that it could not get itself (131052).
const GONE: [u32; 2] = [100, 131_052];
/// Meta's codes for a token that it does not take.
const TOKEN: [u32; 2] = [0, 190];

fn failure_of(failure: SendFailure) -> MediaFailure {
    let error = match failure {
        SendFailure::NotArrived { cause } | SendFailure::Ambiguous { cause } => return passing(cause),
        SendFailure::Refused(error) => error,
    };
    let cause = format!("code {}", error.code);
    match behaviour_of(&error) {
        Behaviour::StopNumber { alert } if TOKEN.contains(&error.code) => MediaFailure::Token { alert },
        _ if GONE.contains(&error.code) => MediaFailure::Gone,
        Behaviour::BackOff { at_least, .. } => MediaFailure::Passing { cause, at_least },
        _ => passing(cause),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_read_in_both_ways_of_writing() {
        let base64 = "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=";
        let hex = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let hash = read_sha256(hex).expect("a hash");
        assert_eq!(hash[..3], [0xba, 0x78, 0x16]);
        assert_eq!(read_sha256(base64), Some(hash));
        assert_eq!(read_sha256(&hex.to_uppercase()), Some(hash));
        for none in ["", "abc", &hex[1..], "ungWv48B", &"ä".repeat(32), &"+1".repeat(32)] {
            assert_eq!(read_sha256(none), None, "{none}");
        }
    }
}
