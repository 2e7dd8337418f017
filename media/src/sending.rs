//! Whether a file can be sent, and as what: checked before it is uploaded, by WhatsApp's table of supported media.
//!
//! A file that can't go as it is comes with the ways out of it. Whether it can be read at all, and what an administrator
//! limits further, is for whoever asks.

use std::fmt;

use waxwing_protocol::message::MediaKind;

use crate::{
    inspect::{Found, PictureForm},
    kind::{CEILING, FileType, MEGABYTE, Standing, size_limit},
    verdict::{Claim, agreed},
};

/// A file that somebody wants to send.
#[derive(Debug, Clone, Copy)]
pub struct Outgoing<'a> {
    /// What it is.
    pub found: &'a Found,
    /// What it is called.
    pub name: &'a str,
    /// How long it is.
    pub size_bytes: u64,
    /// What it is to be sent as; none for what suits it best.
    pub as_kind: Option<MediaKind>,
    /// Whether a film is in H.264 with AAC or without sound, as WhatsApp wants it; none where nobody has looked.
    pub video_ok: Option<bool>,
}

/// A file that WhatsApp takes. Only [`check`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    kind: MediaKind,
    mime: String,
    convert: bool,
}

impl Accepted {
    /// What it is sent as.
    pub const fn kind(&self) -> MediaKind {
        self.kind
    }

    /// The MIME type it is declared as: of what results, where it has to be converted.
    pub fn mime(&self) -> &str {
        &self.mime
    }

    /// Whether it has to be made into a JPEG or PNG picture first, and checked again.
    pub const fn convert(&self) -> bool {
        self.convert
    }
}

/// What can be done about a file that can't be sent as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WayOut {
    /// Make the picture smaller.
    MakeSmaller,
    /// Send it as a document.
    SendAsDocument,
    /// Make it into a type that WhatsApp takes.
    Convert,
}

/// Why a file can't be sent as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttachmentProblem {
    /// There is nothing in it.
    Empty,
    /// It is as large as no file may be.
    OverCeiling,
    /// It is too large for its kind.
    TooLarge {
        /// The kind.
        kind: MediaKind,
        /// How large it may be, in bytes.
        limit: u64,
    },
    /// WhatsApp has no such kind for this type.
    NotOfKind {
        /// What it is.
        file_type: FileType,
        /// What it was to be sent as.
        kind: MediaKind,
    },
    /// It moves, and WhatsApp shows moving pictures only as films and stickers.
    Animated,
    /// Its film or sound is in a form that WhatsApp does not play.
    Codec {
        /// A film or sound.
        kind: MediaKind,
    },
    /// Waxwing does not send such files.
    Dangerous {
        /// What it is.
        file_type: FileType,
    },
}

impl AttachmentProblem {
    /// What can be done about it, the better way first; nothing where there is no way.
    pub const fn ways_out(&self) -> &'static [WayOut] {
        match self {
            Self::Empty | Self::OverCeiling | Self::Dangerous { .. } => &[],
            Self::TooLarge { kind: MediaKind::Image, .. } => &[WayOut::MakeSmaller, WayOut::SendAsDocument],
            Self::NotOfKind {
                file_type: FileType::Jpeg | FileType::Png | FileType::Gif,
                kind: MediaKind::Sticker,
            } => &[WayOut::Convert, WayOut::SendAsDocument],
            Self::TooLarge { .. } | Self::NotOfKind { .. } | Self::Animated | Self::Codec { .. } => {
                &[WayOut::SendAsDocument]
            }
        }
    }
}

impl fmt::Display for AttachmentProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("This file is empty. There is nothing to send."),
            Self::OverCeiling => {
                write!(
                    f,
                    "This file is too large. WhatsApp takes files smaller than {} MB.",
                    CEILING / MEGABYTE
                )
            }
            Self::TooLarge { kind, limit } => {
                let limit = if *limit < MEGABYTE {
                    format!("{} KB", limit / 1024)
                } else {
                    format!("{} MB", limit / MEGABYTE)
                };
                write!(f, "This file is too large to send as {}. WhatsApp takes up to {limit}.", a(*kind))
            }
            Self::NotOfKind { file_type, kind } => {
                write!(f, "This file is a {}. WhatsApp does not take it as {}.", file_type.label(), a(*kind))
            }
            Self::Animated => f.write_str("This picture moves. WhatsApp takes only still pictures."),
            Self::Codec { kind: MediaKind::Video } => f.write_str(
                "This video is in a format that WhatsApp does not play. It plays H.264 with AAC sound.",
            ),
            Self::Codec { .. } => {
                f.write_str("This recording is in stereo. WhatsApp plays Opus sound only in mono.")
            }
            Self::Dangerous { file_type } => {
                write!(
                    f,
                    "This file is a {}. Waxwing does not send these, because they can do harm.",
                    file_type.label()
                )
            }
        }
    }
}

impl std::error::Error for AttachmentProblem {}

const fn a(kind: MediaKind) -> &'static str {
    match kind {
        MediaKind::Image => "a picture",
        MediaKind::Video => "a video",
        MediaKind::Audio => "sound",
        MediaKind::Sticker => "a sticker",
        MediaKind::Document | MediaKind::Unknown => "a document",
    }
}

/// Whether a file can be sent, and as what.
pub fn check(file: &Outgoing<'_>) -> Result<Accepted, AttachmentProblem> {
    let found = file.found;
    let claim = Claim { name: Some(file.name), declared_mime: None };
    let file_type = agreed(found, &claim).unwrap_or(found.file_type);
    if file.size_bytes == 0 {
        return Err(AttachmentProblem::Empty);
    }
    if file.size_bytes >= CEILING {
        return Err(AttachmentProblem::OverCeiling);
    }
    if file_type.standing() == Standing::Dangerous {
        return Err(AttachmentProblem::Dangerous { file_type });
    }
    let convertible = matches!(file_type, FileType::Webp | FileType::Gif);
    let kind = match file.as_kind {
        Some(kind) => kind,
        None if convertible => MediaKind::Image,
        None => file_type.sent_as(),
    };
    let convert = match kind {
        MediaKind::Image => picture(found, file_type)?,
        MediaKind::Audio | MediaKind::Video => recording(file, file_type, kind).map(|()| false)?,
        MediaKind::Sticker if file_type == FileType::Webp => false,
        MediaKind::Sticker => return Err(AttachmentProblem::NotOfKind { file_type, kind }),
        MediaKind::Document | MediaKind::Unknown => false,
    };
    let limit = size_limit(kind, found.picture == PictureForm::Animated);
    // What is converted is checked again for its size.
    if file.size_bytes > limit && !convert {
        return Err(AttachmentProblem::TooLarge { kind, limit });
    }
    let mime = match file_type {
        _ if convert => FileType::Jpeg.mime(),
        // WhatsApp lists one type of text.
        FileType::Csv => FileType::Text.mime(),
        _ => file_type.mime(),
    };
    Ok(Accepted { kind, mime: mime.to_owned(), convert })
}

/// Whether a picture has to be converted to be sent as one.
fn picture(found: &Found, file_type: FileType) -> Result<bool, AttachmentProblem> {
    match (file_type, found.picture) {
        (FileType::Webp | FileType::Gif | FileType::Png, PictureForm::Animated) => {
            Err(AttachmentProblem::Animated)
        }
        (FileType::Webp | FileType::Gif, _) | (FileType::Jpeg | FileType::Png, PictureForm::OddColours) => {
            Ok(true)
        }
        (FileType::Jpeg | FileType::Png, _) => Ok(false),
        _ => Err(AttachmentProblem::NotOfKind { file_type, kind: MediaKind::Image }),
    }
}

fn recording(file: &Outgoing<'_>, file_type: FileType, kind: MediaKind) -> Result<(), AttachmentProblem> {
    if file_type.sent_as() != kind {
        return Err(AttachmentProblem::NotOfKind { file_type, kind });
    }
    let stereo = file_type == FileType::OggOpus && file.found.channels.is_some_and(|channels| channels != 1);
    if stereo || (kind == MediaKind::Video && file.video_ok == Some(false)) {
        return Err(AttachmentProblem::Codec { kind });
    }
    Ok(())
}
