//! All that is said of a file: what it is by its bytes, whether it may be opened, and what can be shown of it.

use std::fs::File;

use serde::{Deserialize, Serialize};
use waxwing_protocol::attachment::{About, Opening};

/// What is known of a file before anybody looks into it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// What it is called.
    pub name: Option<String>,
    /// The type it is declared to be of.
    pub mime: Option<String>,
}

/// What is known of it afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Described {
    /// In words and numbers.
    pub about: About,
    /// A small picture of it, as JPEG or PNG.
    pub preview: Option<Vec<u8>>,
}

/// What a file is and whether it may be opened, without decoding it.
pub(crate) fn by_its_bytes(_file: &File, _asked: &Asked) -> About {
    About {
        mime: "application/octet-stream".to_owned(),
        opening: Opening::Allowed,
        size: None,
        duration_ms: None,
        waveform: Vec::new(),
        has_sound: false,
        pages: None,
        thumb_hash: None,
        preview: false,
    }
}

/// The same with all that decoding tells.
pub(crate) fn in_full(file: File, about: About) -> Described {
    let seen = crate::picture::bytes(&file)
        .and_then(|bytes| crate::picture::still(&bytes, crate::picture::Fit { side: 640, bytes: u32::MAX }));
    let Ok(seen) = seen else { return Described { about, preview: None } };
    let thumb_hash = Some(crate::picture::thumb_hash(&seen.image));
    let preview = crate::picture::preview(&seen.image).ok();
    Described {
        about: About { size: Some(seen.size), thumb_hash, preview: preview.is_some(), ..about },
        preview,
    }
}
