//! What a file really is and holds, looked up within bounds.
//!
//! This runs in the child process that decodes strangers' files: a panic or a hang costs no more than that. Nothing is
//! extracted, nothing is written.

use std::io::{self, Read, Seek};

use serde::{Deserialize, Serialize};

use crate::{
    kind::FileType,
    sniff::{self, Ends, Sniffed},
};

mod picture;

/// What was found out about a file by its bytes alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// What it is.
    pub file_type: FileType,
    /// What it is at the same time, which no harmless file is.
    pub also: Option<FileType>,
    /// What in it does something when it is opened, each once.
    pub active: Vec<ActiveContent>,
    /// Whether it, or something in it, is encrypted.
    pub encrypted: bool,
    /// Whether it is an archive with programs, scripts or the like in it.
    pub holds_programs: bool,
    /// What is wrong with it.
    pub flaw: Option<Flaw>,
    /// How many pages, sheets or slides it has, where that is cheap to know.
    pub pages: Option<u32>,
    /// How a picture is made.
    pub picture: PictureForm,
    /// How many channels its sound has, where that is cheap to know.
    pub channels: Option<u8>,
}

/// Something in a document that does something when it is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActiveContent {
    /// Macros, in Visual Basic or of Excel 4.
    Macros,
    /// Commands to other programs: DDE.
    Commands,
    /// Parts that are fetched from elsewhere.
    RemoteParts,
    /// Files or objects of other programs.
    EmbeddedFiles,
    /// Scripts of a PDF.
    Scripts,
    /// Parts that are packed in a way that can't be looked into.
    HiddenParts,
}

impl ActiveContent {
    /// What people call it, as in "contains macros".
    pub const fn label(self) -> &'static str {
        match self {
            Self::Macros => "macros",
            Self::Commands => "commands to other programs",
            Self::RemoteParts => "parts that are fetched from elsewhere",
            Self::EmbeddedFiles => "embedded files",
            Self::Scripts => "scripts",
            Self::HiddenParts => "parts that cannot be checked",
        }
    }
}

/// What can be wrong with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flaw {
    /// It can't be read to its end, or contradicts itself.
    Damaged,
    /// It would unpack to more than a reasonable file does.
    TooMuch,
}

/// How a picture is made, as far as sending it is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PictureForm {
    /// Still, in 8-bit red, green and blue; or no picture at all.
    #[default]
    Plain,
    /// It moves.
    Animated,
    /// In colours that WhatsApp does not take: a palette, 16 bits, CMYK.
    OddColours,
}

impl Found {
    /// A file of which nothing but its type is known.
    pub const fn new(file_type: FileType) -> Self {
        Self {
            file_type,
            also: None,
            active: Vec::new(),
            encrypted: false,
            holds_programs: false,
            flaw: None,
            pages: None,
            picture: PictureForm::Plain,
            channels: None,
        }
    }
}

/// Looks into a file. Errors are those of reading it; whatever is in it is an answer.
pub fn look(file: &mut (impl Read + Seek)) -> io::Result<Found> {
    let ends = Ends::read(file)?;
    Ok(match sniff::sniff(file, &ends)? {
        Sniffed::Type(file_type) => Found {
            picture: picture::form(file, file_type, &ends)?,
            channels: (file_type == FileType::OggOpus).then(|| sniff::opus_channels(&ends.head)).flatten(),
            ..Found::new(file_type)
        },
        Sniffed::Zip => Found::new(FileType::Zip),
        Sniffed::Compound => Found::new(FileType::OtherDocument),
    })
}
