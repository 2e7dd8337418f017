//! All that is said of a file: what it is by its bytes, whether it may be opened, and what can be shown of it.
//!
//! What its bytes say is settled first, so that a file that breaks its decoder loses its preview and nothing else.

use std::fs::File;

use serde::{Deserialize, Serialize};
use waxwing_protocol::{
    attachment::{About, Opening},
    message::MediaKind,
};

use crate::{
    child::Trouble,
    inspect::Found,
    kind::FileType,
    name::extension_of,
    picture::{self, Still},
    verdict::{Claim, Policy, verdict},
    video,
};

/// What is known of a file after a look into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Described {
    /// In words and numbers.
    pub about: About,
    /// What its bytes say.
    pub found: Found,
    /// A small picture of it, as JPEG or PNG: at most [`PREVIEW_SIDE`](waxwing_protocol::api::PREVIEW_SIDE) pixels long.
    pub preview: Option<Vec<u8>>,
    /// Whether a film is made as WhatsApp takes it; none for everything else.
    pub video_ok: Option<bool>,
}

/// What decoding tells of a file, without its preview.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Seen {
    size: Option<[u32; 2]>,
    duration_ms: Option<u64>,
    waveform: Vec<u8>,
    has_sound: bool,
    thumb_hash: Option<String>,
    video_ok: Option<bool>,
}

impl Described {
    /// What can be said without decoding.
    pub(crate) fn by_its_bytes(found: Found, claim: &Claim<'_>, policy: Policy) -> Self {
        let about = About {
            mime: found.file_type.mime().to_owned(),
            opening: verdict(&found, claim, &policy),
            size: None,
            duration_ms: None,
            waveform: Vec::new(),
            has_sound: false,
            pages: found.pages,
            thumb_hash: None,
            preview: false,
        };
        Self { about, found, preview: None, video_ok: None }
    }

    /// Whether there is something to be seen: nothing is shown of what may only be saved.
    pub(crate) const fn may_be_shown(&self) -> bool {
        matches!(self.about.opening, Opening::Allowed | Opening::Warned { .. })
    }

    /// The same with what decoding told.
    pub(crate) fn with(mut self, seen: Seen, preview: Vec<u8>) -> Self {
        self.about.size = seen.size;
        self.about.duration_ms = seen.duration_ms;
        self.about.waveform = seen.waveform;
        self.about.has_sound = seen.has_sound;
        self.about.thumb_hash = seen.thumb_hash;
        self.about.preview = !preview.is_empty();
        self.preview = (!preview.is_empty()).then_some(preview);
        self.video_ok = seen.video_ok;
        self
    }
}

/// Whether a file is said to be sound: if it is and nobody says so, it may not be opened anyway.
pub(crate) fn may_be_sound(claim: &Claim<'_>) -> bool {
    let sounds = FileType::ALL.into_iter().filter(|file_type| file_type.sent_as() == MediaKind::Audio);
    let named = claim.name.and_then(extension_of);
    claim.declared_mime.is_some_and(|mime| mime.trim_start().to_ascii_lowercase().starts_with("audio/"))
        || sounds.flat_map(FileType::extensions).any(|extension| named.as_deref() == Some(extension))
}

/// Decodes as much of a file as is shown of it, and its preview; which is empty if there is none.
pub(crate) fn see(file: &File, file_type: FileType) -> Result<(Seen, Vec<u8>), Trouble> {
    match file_type {
        FileType::Jpeg | FileType::Png | FileType::Webp | FileType::Gif => {
            let still = picture::still(&picture::bytes(file)?, picture::PREVIEW)?;
            shown(&still, Seen { size: Some(still.size), ..Seen::default() })
        }
        FileType::Mp4 | FileType::ThreeGpp => {
            let film = video::Film::read(file)?;
            let seen = Seen {
                size: film.size(),
                duration_ms: film.duration_ms(),
                has_sound: film.has_sound(),
                video_ok: Some(film.is_as_whatsapp_takes_it()),
                ..Seen::default()
            };
            // A poster is a kindness; without it, it is still a film.
            match film.poster(file) {
                Ok(poster) => shown(&poster, seen),
                Err(_no_poster) => Ok((seen, Vec::new())),
            }
        }
        _ => Ok((Seen::default(), Vec::new())),
    }
}

fn shown(still: &Still, seen: Seen) -> Result<(Seen, Vec<u8>), Trouble> {
    let preview = picture::preview(&still.image)?;
    Ok((Seen { thumb_hash: Some(picture::thumb_hash(&still.image)), ..seen }, preview))
}
