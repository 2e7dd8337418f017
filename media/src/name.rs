//! Names of files, cleaned: what a stranger called a file is shown and proposed for saving, and obeyed by nobody.
//!
//! The stem is what remains of the sender's name; the extension is that of the type the file really has. File managers obey
//! bidi controls and hide extensions, so what could mislead is taken out of the name itself, not just out of its drawing.

use std::fmt;

use icu_normalizer::ComposingNormalizerBorrowed;
use unicode_segmentation::UnicodeSegmentation as _;

use crate::kind::FileType;

/// How long a stem may be, in bytes: with an extension it stays below the 255 of common file systems, also where a number
/// is added to it.
pub const LONGEST_STEM: usize = 120;

/// What a file is called when neither its sender nor the caller has a name for it.
const NAMELESS: &str = "File";

/// A name that is a single path component on every system, without anything invisible in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CleanName {
    stem: String,
    extension: &'static str,
}

impl CleanName {
    /// Cleans the name of a file of this type; `fallback` is the stem where nothing of the name remains.
    pub fn new(name: Option<&str>, fallback: &str, file_type: FileType) -> Self {
        let stem = name.map(scrub).map(|name| {
            let known = split(&name).filter(|(_stem, extension)| {
                let extension = extension.to_ascii_lowercase();
                extension == file_type.extension() || file_type.extensions().contains(&extension.as_str())
            });
            finish(known.map_or(name.as_str(), |(stem, _extension)| stem))
        });
        let stem = stem.filter(|stem| !stem.is_empty()).unwrap_or_else(|| finish(&scrub(fallback)));
        let stem = if stem.is_empty() { NAMELESS.to_owned() } else { stem };
        Self { stem, extension: file_type.extension() }
    }

    /// The name without its extension, of at most [`LONGEST_STEM`] bytes.
    pub fn stem(&self) -> &str {
        &self.stem
    }

    /// The extension of the file's type, without the dot.
    pub const fn extension(&self) -> &'static str {
        self.extension
    }
}

impl fmt::Display for CleanName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.stem, self.extension)
    }
}

/// The extension that a sender's name claims, in lower case and without the dot; none where what follows the last dot
/// doesn't look like one, as in "Offer of 12.5".
pub fn extension_of(name: &str) -> Option<String> {
    split(&scrub(name)).map(|(_stem, extension)| extension.to_ascii_lowercase())
}

fn split(name: &str) -> Option<(&str, &str)> {
    const LONGEST: usize = 24;
    let (stem, extension) = name.rsplit_once('.')?;
    let spelled = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let looks_like_one = extension.len() <= LONGEST
        && extension.chars().all(spelled)
        && extension.contains(|c: char| c.is_ascii_alphabetic());
    looks_like_one.then_some((stem, extension))
}

/// The last part of a path, without what is invisible or forbidden in names.
fn scrub(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let visible: String = last.chars().filter_map(shown).collect();
    let composed = ComposingNormalizerBorrowed::new_nfc().normalize(&visible);
    let words: Vec<&str> = composed.split_whitespace().collect();
    words.join(" ").trim_end_matches(is_edge).to_owned()
}

/// What a character of a name becomes; none where nothing of it remains.
fn shown(c: char) -> Option<char> {
    match c {
        // Forbidden on Windows; the colon names another stream of the file there.
        '<' | '>' | ':' | '"' | '|' | '?' | '*' => Some('_'),
        _ if is_blank(c) => Some(' '),
        _ if c.is_control() || is_invisible(c) => None,
        _ => Some(c),
    }
}

/// Ends of lines, and letters that are drawn as a space.
const fn is_blank(c: char) -> bool {
    matches!(
        c,
        '\t' | '\n'
            | '\r'
            | '\u{85}'
            | '\u{2028}'
            | '\u{2029}'
            | '\u{115f}'
            | '\u{1160}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{ffa0}'
    )
}

/// Bidi controls (UAX #9) and what is drawn as nothing (Unicode's `Default_Ignorable_Code_Point`, without the variation
/// selectors that emoji are made with).
const fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// What a name neither begins nor ends with: dots hide files, dashes are taken for options, and Windows drops dots and
/// spaces at the end.
fn is_edge(c: char) -> bool {
    c == '.' || c == '-' || c.is_whitespace()
}

/// Cuts a stem to length and keeps it from being the name of a device.
fn finish(stem: &str) -> String {
    let stem = stem.trim_matches(is_edge);
    let mut finished = if is_device(stem) { format!("_{stem}") } else { stem.to_owned() };
    if finished.len() > LONGEST_STEM {
        let graphemes = finished.grapheme_indices(true).map(|(at, _grapheme)| at);
        let fits = graphemes.take_while(|at| *at <= LONGEST_STEM).last().unwrap_or(0);
        // A single letter under a pile of accents may be longer than all of it.
        let fits = if fits == 0 { finished.floor_char_boundary(LONGEST_STEM) } else { fits };
        finished.truncate(fits);
        finished.truncate(finished.trim_end_matches(is_edge).len());
    }
    finished
}

/// Whether Windows takes this for a device, whatever its extension ("Naming Files, Paths, and Namespaces").
fn is_device(stem: &str) -> bool {
    const DEVICES: [&str; 7] = ["AUX", "CLOCK$", "CON", "CONIN$", "CONOUT$", "NUL", "PRN"];
    let first = stem.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    let numbered = |port: &str| {
        let number = first.strip_prefix(port).map(|rest| rest.chars().collect::<Vec<_>>());
        matches!(number.as_deref(), Some([c]) if c.is_ascii_digit() || matches!(c, '¹' | '²' | '³'))
    };
    DEVICES.contains(&first.as_str()) || numbered("COM") || numbered("LPT")
}
