//! How a file comes from a desktop to the gateway: announced first, then piece by piece, so that a broken line, a desktop or
//! a gateway that is killed costs one piece, not the file.
//!
//! A piece is [`PIECE_BYTES`] long, the last one what is left. Pieces come in order; one that is there already is taken as
//! said. With the last one the gateway puts the file together, checks its hash and looks into it: then the upload is
//! [`Ready`](UploadState::Ready), to be sent with [`OutgoingBody::Media`](crate::api::OutgoingBody::Media), or
//! [`Refused`](UploadState::Refused).

use serde::{Deserialize, Serialize};

use crate::{
    attachment::About,
    id::{AttachmentId, ClientRef, InteractionId},
    message::MediaKind,
};

/// How long a piece is, in bytes.
pub const PIECE_BYTES: u64 = 1024 * 1024;

/// A file has to be smaller than this, in bytes, whatever its kind (100 MB; WhatsApp's own limit for documents).
pub const FILE_BYTES_BELOW: u64 = 100 * 1024 * 1024;

/// `POST`: [`BeginUpload`] → [`Upload`]. The same client reference is taken in once, however often it comes: the answer says
/// how far it got.
#[must_use]
pub fn uploads(interaction: InteractionId) -> String {
    format!("/v1/interactions/{interaction}/uploads")
}

/// `PUT`: the bytes of a piece, as `application/octet-stream` → [`Upload`].
#[must_use]
pub fn piece(upload: AttachmentId, piece: u32) -> String {
    format!("/v1/uploads/{upload}/{piece}")
}

/// `DELETE` → 204: the file is not wanted any more. One that was sent stays.
#[must_use]
pub fn upload(upload: AttachmentId) -> String {
    format!("/v1/uploads/{upload}")
}

/// A file that is about to come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BeginUpload {
    /// The desktop's own name for it.
    pub client_ref: ClientRef,
    /// What it is to be sent as.
    pub kind: MediaKind,
    /// What it is called, with its extension.
    pub file_name: String,
    /// How long it is; at least 1.
    pub size_bytes: u64,
    /// SHA-256 of it, 64 hexadecimal digits.
    pub sha256: String,
}

/// How far a file got.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Upload {
    /// What the gateway calls it.
    pub attachment: AttachmentId,
    /// How it stands.
    #[serde(flatten)]
    pub state: UploadState,
}

/// How an upload stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum UploadState {
    /// More is to come.
    Receiving {
        /// The piece that is wanted next, from 0.
        next_piece: u32,
    },
    /// All of it is there, and may be sent.
    Ready {
        /// What it is.
        about: Box<About>,
    },
    /// It can't be sent.
    Refused {
        /// A sentence that says why, and what to do.
        reason: String,
    },
}
