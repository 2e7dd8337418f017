//! What is known of a file, as it is kept.

use serde::{Deserialize, Serialize};
use waxwing_media::inspect::Found;
use waxwing_protocol::attachment::About;

use super::{StoreError, codec};

/// What was seen in a file that decides whether it can be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// What its bytes say.
    pub found: Found,
    /// Whether a film is made as WhatsApp wants it; none where nobody knows.
    pub video_ok: Option<bool>,
}

/// What is known of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looked {
    /// For agents.
    pub about: About,
    /// For sending it; none if it could not be looked into.
    pub seen: Option<Seen>,
}

impl Looked {
    /// As it is written.
    pub(super) fn columns(&self) -> Result<(String, Option<String>), StoreError> {
        Ok((codec::to_json(&self.about)?, self.seen.as_ref().map(codec::to_json).transpose()?))
    }

    /// What another version has seen and this one can't read was not seen.
    pub(super) fn read(about: &str, seen: Option<&str>) -> Result<Self, StoreError> {
        let seen = seen.and_then(|seen| serde_json::from_str(seen).ok());
        Ok(Self { about: codec::from_json(about, "about")?, seen })
    }
}
