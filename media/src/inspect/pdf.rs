//! PDF (ISO 32000-1): what stands in its dictionaries, found by one pass over the bytes rather than by following references,
//! which hostile files make lead anywhere.
//!
//! Dictionaries also stand in packed object streams (7.5.7); those are unpacked and passed over as well.

use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};

use flate2::bufread::ZlibDecoder;

use super::{ActiveContent, Found};

/// How many bytes are unpacked of all object streams together.
const UNPACKED: u64 = 64 * 1024 * 1024;
/// How many object streams are unpacked.
const MOST_STREAMS: usize = 10_000;
/// More than the longest name that matters, in bytes.
const TOKEN: usize = 64;
/// How much is read at once, in bytes.
const CHUNK: usize = 64 * 1024;

/// Looks into a PDF.
pub(super) fn look(file: &mut (impl Read + Seek), found: &mut Found) -> io::Result<()> {
    let mut scan = Scan::default();
    file.seek(SeekFrom::Start(0))?;
    scan.read(file)?;
    let streams = std::mem::take(&mut scan.packed_at);
    let mut left = UNPACKED;
    for at in streams {
        file.seek(SeekFrom::Start(at))?;
        let mut reader = BufReader::with_capacity(CHUNK, &mut *file);
        // The keyword ends with a line feed, or with a carriage return before one.
        if reader.fill_buf()?.first() == Some(&b'\n') {
            reader.consume(1);
        }
        let mut packed = Packed { decoder: ZlibDecoder::new(&mut reader), unpacked: 0 };
        scan.forget();
        // Streams of encrypted files can't be unpacked; damaged ones only in part.
        let read = scan.read(&mut packed.by_ref().take(left));
        left -= packed.unpacked.min(left);
        if left == 0 || (read.is_err() && packed.unpacked == 0) {
            scan.note(ActiveContent::HiddenParts);
        }
    }
    found.encrypted = scan.encrypted;
    found.pages = scan.linearized_pages.or(scan.pages);
    // Whatever is encrypted is hidden as well.
    scan.active.retain(|active| !(scan.encrypted && *active == ActiveContent::HiddenParts));
    found.active = scan.active;
    Ok(())
}

/// An object stream being unpacked.
struct Packed<R> {
    decoder: ZlibDecoder<R>,
    unpacked: u64,
}

impl<R: BufRead> Read for Packed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let len = self.decoder.read(buffer)?;
        self.unpacked += len as u64;
        Ok(len)
    }
}

/// What a number belongs to that may follow.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Key {
    Count,
    Number,
}

/// What a dictionary describes, as far as that matters.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Kind {
    #[default]
    Any,
    PageTree,
    Linearized,
    Objects,
}

/// How a stream is packed, from what is read first to what outweighs it.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Packing {
    #[default]
    Plain,
    Named,
    Deflate,
    Otherwise,
}

/// A dictionary as far as it has been read.
#[derive(Default)]
struct Dictionary {
    follows_type: bool,
    kind: Kind,
    packing: Packing,
    key: Option<Key>,
    count: Option<u32>,
    number: Option<u32>,
}

/// A pass over the bytes of a PDF.
#[derive(Default)]
struct Scan {
    at: u64,
    token: Vec<u8>,
    is_name: bool,
    before: u8,
    depth: u32,
    dictionary: Dictionary,
    packed_at: Vec<u64>,
    active: Vec<ActiveContent>,
    encrypted: bool,
    pages: Option<u32>,
    linearized_pages: Option<u32>,
}

impl Scan {
    /// Passes over all that can be read.
    fn read(&mut self, bytes: &mut impl Read) -> io::Result<()> {
        let mut chunk = vec![0; CHUNK];
        loop {
            let len = bytes.read(&mut chunk)?;
            if len == 0 {
                return Ok(());
            }
            chunk[..len].iter().for_each(|byte| self.take(*byte));
        }
    }

    /// Begins anew, in another stream.
    fn forget(&mut self) {
        self.token.clear();
        self.is_name = false;
        self.depth = 0;
        self.dictionary = Dictionary::default();
    }

    /// Takes in one byte (7.2.2, 7.2.3).
    fn take(&mut self, byte: u8) {
        self.at += 1;
        let ends = matches!(
            byte,
            0 | b'\t'
                | b'\n'
                | 0x0c
                | b'\r'
                | b' '
                | b'('
                | b')'
                | b'<'
                | b'>'
                | b'['
                | b']'
                | b'{'
                | b'}'
                | b'/'
                | b'%'
        );
        if !ends {
            if self.token.len() < TOKEN {
                self.token.push(byte);
            }
            self.before = byte;
            return;
        }
        if self.is_name {
            self.name();
        } else if !self.token.is_empty() {
            self.word();
        }
        self.token.clear();
        self.is_name = byte == b'/';
        match (self.before, byte) {
            (b'<', b'<') => self.depth += 1,
            (b'>', b'>') => {
                self.depth = self.depth.saturating_sub(1);
                if self.depth == 0 {
                    self.conclude();
                }
            }
            _ => {
                self.before = byte;
                return;
            }
        }
        self.before = 0;
    }

    /// A name ends.
    fn name(&mut self) {
        let name = unescaped(&self.token);
        let dictionary = &mut self.dictionary;
        let follows_type = std::mem::replace(&mut dictionary.follows_type, name == b"Type");
        dictionary.key = None;
        match name.as_slice() {
            b"Encrypt" => self.encrypted = true,
            b"JavaScript" | b"Rendition" | b"XFA" => self.note(ActiveContent::Scripts),
            b"Launch" => self.note(ActiveContent::Commands),
            b"EmbeddedFile" | b"RichMedia" => self.note(ActiveContent::EmbeddedFiles),
            b"Pages" if follows_type => dictionary.kind = Kind::PageTree,
            b"Linearized" => dictionary.kind = Kind::Linearized,
            b"ObjStm" => dictionary.kind = Kind::Objects,
            b"Count" => dictionary.key = Some(Key::Count),
            b"N" => dictionary.key = Some(Key::Number),
            b"Filter" => dictionary.pack(Packing::Named),
            b"FlateDecode" | b"Fl" => dictionary.pack(Packing::Deflate),
            b"ASCIIHexDecode" | b"ASCII85Decode" | b"LZWDecode" | b"RunLengthDecode" | b"Predictor" => {
                dictionary.pack(Packing::Otherwise);
            }
            _ => {}
        }
    }

    fn note(&mut self, active: ActiveContent) {
        if !self.active.contains(&active) {
            self.active.push(active);
        }
    }

    /// A number or a keyword ends.
    fn word(&mut self) {
        self.dictionary.follows_type = false;
        let key = self.dictionary.key.take();
        match self.token.as_slice() {
            b"obj" | b"endobj" => {
                self.depth = 0;
                self.dictionary = Dictionary::default();
            }
            b"stream" => self.stream(),
            word => {
                let number = std::str::from_utf8(word).ok().and_then(|word| word.parse().ok());
                match key {
                    Some(Key::Count) => self.dictionary.count = number,
                    Some(Key::Number) => self.dictionary.number = number,
                    None => {}
                }
            }
        }
    }

    /// A dictionary ends: it may tell how many pages there are, or belong to the stream that follows.
    fn conclude(&mut self) {
        let Dictionary { kind, count, number, .. } = self.dictionary;
        match kind {
            Kind::Objects => return,
            Kind::PageTree => self.pages = self.pages.max(count),
            Kind::Linearized => self.linearized_pages = self.linearized_pages.or(number),
            Kind::Any => {}
        }
        self.dictionary = Dictionary::default();
    }

    /// The bytes of a stream begin.
    fn stream(&mut self) {
        let Dictionary { kind, packing, .. } = std::mem::take(&mut self.dictionary);
        match packing {
            _ if kind != Kind::Objects => {}
            Packing::Plain => {}
            Packing::Deflate if self.packed_at.len() < MOST_STREAMS => self.packed_at.push(self.at),
            Packing::Named | Packing::Deflate | Packing::Otherwise => self.note(ActiveContent::HiddenParts),
        }
    }
}

impl Dictionary {
    /// Packed in one way is what can be unpacked.
    fn pack(&mut self, packing: Packing) {
        let twice = packing == Packing::Deflate && self.packing == packing;
        self.packing = if twice { Packing::Otherwise } else { self.packing.max(packing) };
    }
}

/// A name with its `#` escapes resolved (7.3.5).
fn unescaped(name: &[u8]) -> Vec<u8> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let (mut out, mut rest) = (Vec::with_capacity(name.len()), name);
    while let [first, after @ ..] = rest {
        let escaped = match after {
            [high, low, ..] if *first == b'#' => digit(high).zip(digit(low)),
            _ => None,
        };
        out.push(escaped.map_or(*first, |(high, low)| high << 4 | low));
        rest = if escaped.is_some() { &after[2..] } else { after };
    }
    out
}
