//! Files: on their way to a contact, and kept on this machine.
//!
//! **Why so.** What an agent attaches may be moved or changed a moment later, so the service takes a copy at once, under the
//! name of its reference, and looks into it; it then stands on the *strip* above the composer. *Send* puts it into the
//! outbox, behind the words that go first: there it is uploaded, and then named in a message of its own, under the same
//! reference. The copy stays until the gateway has the message or the agent gives it up.

use std::{path::PathBuf, sync::Arc};

use waxwing_protocol::{
    attachment::About,
    id::{AttachmentId, ClientRef, ResponseId},
    message::MediaKind,
};

/// Where a file comes from that is to be attached.
#[derive(Clone, PartialEq, Eq)]
pub enum FileSource {
    /// It lies on this machine.
    Path(PathBuf),
    /// It was pasted or recorded.
    Bytes {
        /// What to call it, with its extension.
        name: String,
        /// All of it.
        bytes: Arc<[u8]>,
        /// Whether it is a voice note.
        voice: bool,
    },
}

impl FileSource {
    /// What it is called where it comes from.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Path(path) => path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            Self::Bytes { name, .. } => name.clone(),
        }
    }
}

impl std::fmt::Debug for FileSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Path(_) => "Path(…)",
            Self::Bytes { .. } => "Bytes(…)",
        })
    }
}

/// Another way in which a file can be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WayOut {
    /// As a picture of fewer pixels.
    MakeSmaller,
    /// As it is, as a document.
    SendAsDocument,
}

/// A file that may be sent. The service keeps its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadyFile {
    /// What the contact will see it called, with its extension.
    pub name: String,
    /// What it is sent as.
    pub kind: MediaKind,
    /// How long it is.
    pub size_bytes: u64,
    /// What it is.
    pub about: Box<About>,
    /// Whether it is sent as a voice note.
    pub voice: bool,
}

/// How a file on the strip stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StripState {
    /// It is being copied and looked into.
    Checking,
    /// It may be sent.
    Ready(ReadyFile),
    /// It can't be sent as it is.
    Refused {
        /// A sentence: why.
        reason: String,
        /// How it can be sent after all.
        ways_out: Vec<WayOut>,
    },
}

/// Where the bytes of a file on the strip are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StripSource {
    /// On this machine: the service keeps a copy.
    Copy,
    /// At the gateway alone: it belongs to a prepared reply.
    Response {
        /// What the gateway calls it.
        attachment: AttachmentId,
        /// Which reply.
        response: ResponseId,
    },
}

/// A file on the strip above the composer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StripFile {
    /// What it is called by: the same for its copy, its upload and its message.
    pub client_ref: ClientRef,
    /// What its file is called.
    pub name: String,
    /// The words under it.
    pub caption: String,
    /// How it stands.
    pub state: StripState,
    /// Where its bytes are.
    pub source: StripSource,
}

/// Why a file can't be taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRefused {
    /// A sentence: why.
    pub reason: String,
    /// How it can be sent after all.
    pub ways_out: Vec<WayOut>,
}

/// How a contact's file, or one of ours that was sent, stands on this machine.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum FileState {
    /// It is not here.
    #[default]
    NotHere,
    /// It is being got from the gateway.
    Coming {
        /// How many bytes are here.
        got_bytes: u64,
    },
    /// It is here.
    Here,
    /// It could not be got; asking again may help.
    Failed {
        /// A sentence: why.
        why: Arc<str>,
    },
}
