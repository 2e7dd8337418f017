//! Files of messages, as the gateway keeps them: WhatsApp forgets its own copy after days, so ours is the one that lasts.

use serde::{Deserialize, Serialize};

use crate::id::AttachmentId;

/// How getting our own copy of a file stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum AttachmentState {
    /// The gateway is getting it from WhatsApp.
    Fetching,
    /// It can be had from the gateway.
    Ready {
        /// How long it is.
        size_bytes: u64,
        /// What it really is; none from a gateway that has not looked into it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        about: Option<Box<About>>,
    },
    /// It can't be had.
    Failed {
        /// A sentence that says why, and what to do.
        reason: String,
    },
    /// A state of a newer gateway.
    #[serde(other)]
    Unknown,
}

/// A file that the gateway keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Attachment {
    /// What it is called by.
    pub id: AttachmentId,
    /// How getting it stands.
    #[serde(flatten)]
    pub state: AttachmentState,
}

/// What a file really is, by its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct About {
    /// Its type, such as `image/jpeg`; `application/octet-stream` where nobody knows.
    pub mime: String,
    /// Whether it may be opened.
    pub opening: Opening,
    /// Width and height in pixels, as it is shown: turned as its EXIF orientation says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<[u32; 2]>,
    /// How long it lasts, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<u64>,
    /// How loud sound is over its length, in [`WAVEFORM_BARS`] steps from 0 to 255; empty where there is none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waveform: Vec<u8>,
    /// Whether a film has sound; one without is shown like a GIF.
    #[serde(default)]
    pub has_sound: bool,
    /// How many pages, sheets or slides a document has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pages: Option<u32>,
    /// What it looks like from afar, to be shown while the preview loads: a thumb hash of at most 25 bytes, in base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thumb_hash: Option<String>,
    /// Whether there is a preview of it: see [`attachment_preview`](crate::api::attachment_preview).
    #[serde(default)]
    pub preview: bool,
}

/// How many steps a waveform has.
pub const WAVEFORM_BARS: usize = 64;

/// Whether a file may be opened outside Waxwing. Saving is always possible.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Opening {
    /// It is what it says it is, and of a kind that is harmless to open.
    Allowed,
    /// It may be opened once the agent has read this.
    Warned {
        /// A sentence: what may be wrong with it.
        reason: String,
    },
    /// It can only be saved.
    SaveOnly {
        /// A sentence: why.
        reason: String,
    },
    /// A verdict of a newer gateway; to be taken as the strictest one.
    #[serde(other)]
    Unknown,
}
