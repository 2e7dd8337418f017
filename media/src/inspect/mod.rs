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

mod archive;
mod compound;
mod office;
mod pdf;
mod picture;
mod polyglot;
mod table;

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

    /// Notes that there is such content.
    fn mark(&mut self, active: ActiveContent) {
        if !self.active.contains(&active) {
            self.active.push(active);
        }
    }
}

/// Looks into a file. Errors are those of reading it; whatever is in it is an answer.
pub fn look(file: &mut (impl Read + Seek)) -> io::Result<Found> {
    let ends = Ends::read(file)?;
    let mut found = match sniff::sniff(file, &ends)? {
        Sniffed::Zip => return Ok(archive::look(file, &ends)),
        Sniffed::Compound => {
            let also = polyglot::ends_with_zip(&ends).then_some(FileType::Zip);
            return Ok(Found { also, ..compound::look(file) });
        }
        Sniffed::Type(file_type) => Found::new(file_type),
    };
    match found.file_type {
        FileType::Pdf => pdf::look(file, &mut found)?,
        FileType::Text => table::look(file, &mut found)?,
        FileType::OggOpus => found.channels = sniff::opus_channels(&ends.head),
        _ => found.picture = picture::form(file, found.file_type, &ends)?,
    }
    found.also = polyglot::also(file, found.file_type, &ends)?;
    Ok(found)
}
