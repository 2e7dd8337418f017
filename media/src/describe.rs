//! All that is said of a file: what it is by its bytes, whether it may be opened, and what can be shown of it.
//!
//! What its bytes say is settled first, so that a file that breaks its decoder loses its preview and nothing else.

use std::{fs::File, io};

use serde::{Deserialize, Serialize};
use waxwing_protocol::{
    attachment::{About, Opening},
    message::MediaKind,
};

use crate::{
    audio::{self, AudioError},
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

/// Tells what was found out, in ever more words, with a preview at last; that is empty as long as there is none.
pub(crate) type Tell<'a> = dyn FnMut(&Seen, &[u8]) -> io::Result<()> + 'a;

/// Decodes as much of a file as is shown of it. What is cheap and safe to know is told first.
pub(crate) fn see(file: File, file_type: FileType, tell: &mut Tell<'_>) -> io::Result<()> {
    match file_type {
        FileType::Jpeg | FileType::Png | FileType::Webp | FileType::Gif => {
            let Ok(still) = picture::bytes(&file).and_then(|bytes| picture::still(&bytes, picture::PREVIEW))
            else {
                return Ok(());
            };
            show(&still, Seen { size: Some(still.size), ..Seen::default() }, tell)
        }
        FileType::Mp4 | FileType::ThreeGpp => {
            let Ok(film) = video::Film::read(&file) else { return Ok(()) };
            let seen = Seen {
                size: film.size(),
                duration_ms: film.duration_ms(),
                has_sound: film.has_sound(),
                video_ok: Some(film.is_as_whatsapp_takes_it()),
                ..Seen::default()
            };
            tell(&seen, b"")?;
            film.poster(&file).map_or(Ok(()), |poster| show(&poster, seen, tell))
        }
        _ if file_type.sent_as() == MediaKind::Audio => {
            let begin = file.try_clone().map_err(AudioError::Read).and_then(audio::head);
            let Ok(head) = begin else { return Ok(()) };
            tell(&Seen { duration_ms: Some(head.duration_ms), ..Seen::default() }, b"")?;
            let Ok(sound) = audio::about(file) else { return Ok(()) };
            let (duration_ms, waveform) = (Some(sound.duration_ms), sound.waveform);
            tell(&Seen { duration_ms, waveform, ..Seen::default() }, b"")
        }
        _ => Ok(()),
    }
}

fn show(still: &Still, seen: Seen, tell: &mut Tell<'_>) -> io::Result<()> {
    let Ok(preview) = picture::preview(&still.image) else { return Ok(()) };
    tell(&Seen { thumb_hash: Some(picture::thumb_hash(&still.image)), ..seen }, &preview)
}
