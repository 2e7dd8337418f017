//! The type of a file, by its bytes: the signatures that the formats' own specifications give, and for those without one
//! what only they look like. Reads a bounded part of the file.
//!
//! Containers are told apart further in [`inspect`](crate::inspect), which looks into them.

use std::io::{self, Read, Seek, SeekFrom};

use crate::kind::FileType;

mod boxes;
mod sound;
mod text;

pub(crate) use sound::opus_channels;

/// How much is read from either end, in bytes: the end record of a ZIP file with its longest comment fits in.
const END: u64 = 66 * 1024;

/// What a file seems to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sniffed {
    /// A file of this type.
    Type(FileType),
    /// A ZIP file: an archive, or a document that is one.
    Zip,
    /// A compound file (MS-CFB): an office document of before 2007, an encrypted one, an installer.
    Compound,
}

/// Both ends of a file.
pub(crate) struct Ends {
    /// Its first bytes.
    pub(crate) head: Vec<u8>,
    /// Its last bytes; in a short file the same as the first.
    pub(crate) tail: Vec<u8>,
    /// How long it is.
    pub(crate) len: u64,
}

impl Ends {
    /// Reads both ends.
    pub(crate) fn read(file: &mut (impl Read + Seek)) -> io::Result<Self> {
        let len = file.seek(SeekFrom::End(0))?;
        let head = read_at(file, 0, END)?;
        let tail = read_at(file, len.saturating_sub(END), END)?;
        Ok(Self { head, tail, len })
    }
}

/// Up to `len` bytes from there on; fewer where the file ends.
pub(crate) fn read_at(file: &mut (impl Read + Seek), at: u64, len: u64) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(at))?;
    let mut bytes = Vec::new();
    file.by_ref().take(len).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// What a file seems to be, by its bytes.
pub(crate) fn sniff(file: &mut (impl Read + Seek), ends: &Ends) -> io::Result<Sniffed> {
    use FileType as T;
    let head = ends.head.as_slice();
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Ok(Sniffed::Zip);
    }
    if head.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return Ok(Sniffed::Compound);
    }
    let found = if let Some(found) = by_signature(head) {
        found
    } else if head.get(4..8) == Some(b"ftyp") {
        boxes::mp4(file, head, ends.len)?
    } else if let Some(found) = sound::sniff(file, head, ends.len)? {
        found
    } else if read_at(file, 0x8001, 5)? == b"CD001" || ends.tail.ends_with_trailer() {
        T::DiskImage
    } else {
        text::sniff(ends).unwrap_or(T::Unknown)
    };
    Ok(Sniffed::Type(found))
}

trait Trailer {
    fn ends_with_trailer(&self) -> bool;
}

impl Trailer for Vec<u8> {
    /// Whether this is the end of an Apple or Virtual PC disk image, which have their signature there.
    fn ends_with_trailer(&self) -> bool {
        let last = self.len().checked_sub(512).and_then(|at| self.get(at..)).unwrap_or_default();
        last.starts_with(b"koly") || last.starts_with(b"conectix")
    }
}

/// The type whose signature stands at the beginning.
fn by_signature(head: &[u8]) -> Option<FileType> {
    let is = |(at, signature, _type): &&(usize, &[u8], FileType)| {
        head.get(*at..).is_some_and(|rest| rest.starts_with(signature))
    };
    let (_at, _signature, file_type) = SIGNATURES.iter().find(is)?;
    match file_type {
        FileType::Webp if !matches!(head.get(12..16), Some(b"VP8 " | b"VP8L" | b"VP8X")) => None,
        FileType::Webp | FileType::Wav if !head.starts_with(b"RIFF") => None,
        // Text may well begin like this; programs have bytes that no text has.
        FileType::Program if head.starts_with(b"MZ") && text::is_text(head) => None,
        FileType::Program if is_flash(head) && text::is_text(head) => None,
        known => Some(*known),
    }
}

fn is_flash(head: &[u8]) -> bool {
    matches!(head.get(..3), Some(b"FWS" | b"CWS" | b"ZWS"))
}

/// Where a signature stands, it, and whose it is.
const SIGNATURES: &[(usize, &[u8], FileType)] = &[
    (0, b"\xff\xd8\xff", FileType::Jpeg),
    (0, b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", FileType::Png),
    (0, b"GIF87a", FileType::Gif),
    (0, b"GIF89a", FileType::Gif),
    (8, b"WEBP", FileType::Webp),
    (8, b"WAVE", FileType::Wav),
    (0, b"fLaC", FileType::Flac),
    (0, b"#!AMR\n", FileType::Amr),
    (0, b"#!AMR-WB\n", FileType::Amr),
    (0, b"%PDF-", FileType::Pdf),
    (0, b"\xef\xbb\xbf%PDF-", FileType::Pdf),
    (0, b"\n%PDF-", FileType::Pdf),
    (0, b"\r\n%PDF-", FileType::Pdf),
    // Archives and packed files.
    (0, b"Rar!\x1a\x07", FileType::Archive),
    (0, b"7z\xbc\xaf\x27\x1c", FileType::Archive),
    (0, b"\x1f\x8b", FileType::Archive),
    (0, b"\x1f\x9d", FileType::Archive),
    (0, b"\x1f\xa0", FileType::Archive),
    (0, b"BZh", FileType::Archive),
    (0, b"\xfd7zXZ\0", FileType::Archive),
    (0, b"\x28\xb5\x2f\xfd", FileType::Archive),
    (0, b"\x04\x22\x4d\x18", FileType::Archive),
    (0, b"LZIP", FileType::Archive),
    (0, b"MSCF", FileType::Archive),
    (0, b"\x60\xea", FileType::Archive),
    (257, b"ustar", FileType::Archive),
    (2, b"-lh", FileType::Archive),
    (7, b"**ACE**", FileType::Archive),
    (0, b"PK\x07\x08", FileType::Archive),
    // Programs.
    (0, b"MZ", FileType::Program),
    (0, b"\x7fELF", FileType::Program),
    (0, b"\xfe\xed\xfa\xce", FileType::Program),
    (0, b"\xfe\xed\xfa\xcf", FileType::Program),
    (0, b"\xce\xfa\xed\xfe", FileType::Program),
    (0, b"\xcf\xfa\xed\xfe", FileType::Program),
    (0, b"\xca\xfe\xba\xbe", FileType::Program),
    (0, b"\xca\xfe\xd0\x0d", FileType::Program),
    (0, b"dex\n", FileType::Program),
    (0, b"\0asm", FileType::Program),
    (0, b"!<arch>\n", FileType::Program),
    (0, b"\xed\xab\xee\xdb", FileType::Program),
    (0, b"xar!", FileType::Program),
    (0, b"Cr24", FileType::Program),
    (0, b"ITSF", FileType::Program),
    (0, b"FWS", FileType::Program),
    (0, b"CWS", FileType::Program),
    (0, b"ZWS", FileType::Program),
    (0, b"L\0\0\0\x01\x14\x02\0", FileType::Shortcut),
    (0, b"book\0\0\0\0mark\0\0\0\0", FileType::Shortcut),
    (0, b"MSWIM\0\0\0", FileType::DiskImage),
    (0, b"vhdxfile", FileType::DiskImage),
    (0, b"conectix", FileType::DiskImage),
    (0, b"QFI\xfb", FileType::DiskImage),
    (0, b"KDMV", FileType::DiskImage),
    // Documents that aren't opened.
    (0, b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d\xae\xb1\x53\x78\xd0\x29\x96\xd3", FileType::OtherDocument),
    (0, b"\xc5\xd0\xd3\xc6", FileType::OtherDocument),
];
