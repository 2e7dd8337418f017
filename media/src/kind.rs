//! The types of file that Waxwing knows: a closed table.
//!
//! Types outside of it are [`FileType::Unknown`], and those are never opened. The first MIME type and the first extension
//! of a row are the ones we write; all of them are what we accept from others. Sources: the IANA registry of media types
//! with the spellings that phones and browsers use beside it, and the table of supported media of WhatsApp's Cloud API.

use serde::{Deserialize, Serialize};
use waxwing_protocol::message::MediaKind;

mod dangerous;
mod facts;

pub use dangerous::is_dangerous_extension;

/// A megabyte, as WhatsApp's limits count it, in bytes.
pub const MEGABYTE: u64 = 1024 * 1024;

/// Files have to be strictly smaller than this, whatever their kind, in bytes.
pub const CEILING: u64 = 100 * MEGABYTE;

/// What a file is by its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileType {
    /// A JPEG picture.
    Jpeg,
    /// A PNG picture.
    Png,
    /// A WebP picture; a sticker, to WhatsApp.
    Webp,
    /// A GIF picture, still or moving.
    Gif,
    /// An MP4 film.
    Mp4,
    /// A film or sound of older phones.
    ThreeGpp,
    /// AAC sound in an ADTS stream.
    Aac,
    /// Sound in an MP4 file.
    M4a,
    /// Speech as older phones record it.
    Amr,
    /// MPEG sound.
    Mp3,
    /// Vorbis sound in an Ogg file.
    OggVorbis,
    /// Opus sound in an Ogg file, as WhatsApp's voice notes are.
    OggOpus,
    /// Sound as WhatsApp does not take it: WAV.
    Wav,
    /// Sound as WhatsApp does not take it: FLAC.
    Flac,
    /// A PDF document.
    Pdf,
    /// A Word document of before 2007.
    Doc,
    /// A Word document.
    Docx,
    /// A Word document that may hold macros.
    Docm,
    /// An Excel workbook of before 2007.
    Xls,
    /// An Excel workbook.
    Xlsx,
    /// An Excel workbook that may hold macros.
    Xlsm,
    /// A `PowerPoint` presentation of before 2007.
    Ppt,
    /// A `PowerPoint` presentation.
    Pptx,
    /// A `PowerPoint` presentation that may hold macros.
    Pptm,
    /// Plain text.
    Text,
    /// A table as plain text. Bytes don't tell it from [`FileType::Text`]; its name or declared type does.
    Csv,
    /// An office file that is encrypted, so that nobody knows which: Word, Excel or `PowerPoint`.
    EncryptedOffice,
    /// A document that Waxwing does not open: RTF, `OpenDocument`, XML, PostScript, `OneNote`.
    OtherDocument,
    /// A ZIP archive.
    Zip,
    /// Any other archive or packed file.
    Archive,
    /// A program or a package that installs one, for any system.
    Program,
    /// A program as text, for an interpreter.
    Script,
    /// A file that starts something else: `.lnk`, `.url`, `.desktop`.
    Shortcut,
    /// A web page, also one saved as a single file.
    WebPage,
    /// An SVG drawing, which can hold scripts.
    Svg,
    /// An image of a disk, whose files the system trusts like its own.
    DiskImage,
    /// Anything else.
    Unknown,
}

/// How Waxwing treats files of a type, before anything else is known of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// They may be opened.
    Openable,
    /// They may be opened if the policy says so.
    Archive,
    /// They are never opened.
    Dangerous,
    /// They can only be saved: nobody has shown that opening them is harmless.
    Other,
}

const OCTETS: &str = "application/octet-stream";

impl FileType {
    /// Every type.
    pub const ALL: [Self; 37] = [
        Self::Jpeg,
        Self::Png,
        Self::Webp,
        Self::Gif,
        Self::Mp4,
        Self::ThreeGpp,
        Self::Aac,
        Self::M4a,
        Self::Amr,
        Self::Mp3,
        Self::OggVorbis,
        Self::OggOpus,
        Self::Wav,
        Self::Flac,
        Self::Pdf,
        Self::Doc,
        Self::Docx,
        Self::Docm,
        Self::Xls,
        Self::Xlsx,
        Self::Xlsm,
        Self::Ppt,
        Self::Pptx,
        Self::Pptm,
        Self::Text,
        Self::Csv,
        Self::EncryptedOffice,
        Self::OtherDocument,
        Self::Zip,
        Self::Archive,
        Self::Program,
        Self::Script,
        Self::Shortcut,
        Self::WebPage,
        Self::Svg,
        Self::DiskImage,
        Self::Unknown,
    ];

    /// Its canonical MIME type.
    pub fn mime(self) -> &'static str {
        self.mimes().first().copied().unwrap_or(OCTETS)
    }

    /// Every MIME type that is taken for it, without parameters, the canonical one first.
    pub const fn mimes(self) -> &'static [&'static str] {
        self.facts().mimes
    }

    /// The extension its files are saved under, without the dot; `bin` where opening must not be a double click away.
    pub fn extension(self) -> &'static str {
        self.extensions().first().copied().unwrap_or("bin")
    }

    /// Every extension that is taken for it, without the dot, the canonical one first.
    pub const fn extensions(self) -> &'static [&'static str] {
        self.facts().extensions
    }

    /// What people call it: "PDF document".
    pub const fn label(self) -> &'static str {
        self.facts().label
    }

    /// How Waxwing treats files of it.
    pub const fn standing(self) -> Standing {
        self.facts().standing
    }

    /// The kind that WhatsApp takes it as by default; [`MediaKind::Document`] for whatever it has no kind for, such as GIF,
    /// WAV and Ogg Vorbis. A WebP file is a document here as well: it is a sticker only where somebody wants it to be one.
    pub const fn sent_as(self) -> MediaKind {
        self.facts().sent_as
    }

    /// What a file may turn out to be once its name and declared type are known, in the order in which they are tried; empty
    /// where it is only what it is.
    pub const fn readings(self) -> &'static [Self] {
        match self {
            Self::Text => &[Self::Text, Self::Csv],
            Self::EncryptedOffice => &[
                Self::EncryptedOffice,
                Self::Docx,
                Self::Xlsx,
                Self::Pptx,
                Self::Docm,
                Self::Xlsm,
                Self::Pptm,
            ],
            _ => &[],
        }
    }
}

/// How large a file sent as this kind may be at most, in bytes (Cloud API, supported media); on top of that every file is
/// strictly smaller than [`CEILING`].
pub const fn size_limit(kind: MediaKind, animated: bool) -> u64 {
    match kind {
        MediaKind::Image => 5 * MEGABYTE,
        MediaKind::Audio | MediaKind::Video => 16 * MEGABYTE,
        MediaKind::Sticker if animated => 500 * 1024,
        MediaKind::Sticker => 100 * 1024,
        MediaKind::Document | MediaKind::Unknown => CEILING - 1,
    }
}
