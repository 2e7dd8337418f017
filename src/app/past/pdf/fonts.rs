//! Which glyphs a PDF shows: under which code, and which letters each of them stands for.
//!
//! A font is put into the file with the glyphs that are used of it. What has colours of its own, or is in a font that PDF
//! knows nothing of, is drawn: such glyphs stand in fonts of this file's own, 256 in each.

use std::collections::{HashMap, HashSet};

use subsetter::GlyphRemapper;

use crate::ui::text::print::Font;

/// How many drawings a font holds: their codes are bytes.
pub(super) const DRAWINGS: usize = 256;

/// All of them.
#[derive(Default)]
pub(super) struct Fonts {
    pub(super) sources: Vec<Source>,
    known: HashMap<Font, usize>,
    pub(super) drawings: Vec<Drawing>,
    /// Those that can't be put in.
    unfit: HashSet<Font>,
}

/// A font of which something is shown.
pub(super) struct Source {
    pub(super) font: Font,
    is_fit: bool,
    /// From its glyphs to codes.
    pub(super) codes: GlyphRemapper,
    shown: HashMap<u32, Shown>,
    /// Of each code, how wide its glyph is.
    pub(super) widths: Vec<f32>,
    /// Of each code, which glyph it is and what it stands for.
    pub(super) meanings: Vec<(u32, Option<String>)>,
}

/// A glyph that is drawn.
pub(super) struct Drawing {
    /// Of which font.
    pub(super) source: usize,
    pub(super) glyph: u32,
    pub(super) width: f32,
    pub(super) meaning: Option<String>,
}

/// How a glyph is shown.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shown {
    pub(super) holder: Holder,
    pub(super) code: u16,
    /// In thousandths of the size.
    pub(super) width: f32,
}

/// The font of the file in which a glyph is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holder {
    /// A part of a font that there is.
    Font(usize),
    /// Drawings.
    Drawn(usize),
}

impl Holder {
    /// What pages call it.
    pub(super) fn name(self) -> String {
        match self {
            Self::Font(number) => format!("F{number}"),
            Self::Drawn(number) => format!("D{number}"),
        }
    }
}

impl Fonts {
    /// Nothing is shown yet; these fonts can't be put in.
    pub(super) fn without(unfit: HashSet<Font>) -> Self {
        Self { unfit, ..Self::default() }
    }

    /// The number of a font.
    pub(super) fn hold(&mut self, font: &Font) -> usize {
        if let Some(number) = self.known.get(font) {
            return *number;
        }
        let number = self.sources.len();
        self.known.insert(font.clone(), number);
        self.sources.push(Source {
            font: font.clone(),
            is_fit: font.is_plain() && !self.unfit.contains(font),
            codes: GlyphRemapper::new(),
            shown: HashMap::new(),
            // The first code is every font's for letters that it lacks.
            widths: vec![font.width(0)],
            meanings: vec![(0, None)],
        });
        number
    }

    /// How a glyph is shown.
    pub(super) fn show(&mut self, number: usize, glyph: u32) -> Shown {
        let source = &mut self.sources[number];
        if let Some(shown) = source.shown.get(&glyph) {
            return *shown;
        }
        let width = source.font.width(glyph);
        let fit = u16::try_from(glyph).ok().filter(|_| source.is_fit && !source.font.is_coloured(glyph));
        let shown = if let Some(narrow) = fit {
            let code = source.codes.remap(narrow);
            if usize::from(code) == source.widths.len() {
                source.widths.push(width);
                source.meanings.push((glyph, None));
            }
            Shown { holder: Holder::Font(number), code, width }
        } else {
            let (font, place) = (self.drawings.len() / DRAWINGS, self.drawings.len() % DRAWINGS);
            self.drawings.push(Drawing { source: number, glyph, width, meaning: None });
            let code = u16::try_from(place).unwrap_or_default();
            Shown { holder: Holder::Drawn(font), code, width }
        };
        source.shown.insert(glyph, shown);
        shown
    }

    /// Whether a glyph stands for these letters wherever it is: the first that it is seen with are its own.
    pub(super) fn means(&mut self, number: usize, glyph: u32, letters: &str) -> bool {
        // Of what no font has, the picture is the same whatever it stands for.
        if glyph == 0 {
            return false;
        }
        let shown = self.show(number, glyph);
        let code = usize::from(shown.code);
        let meaning = match shown.holder {
            Holder::Font(number) => self.sources[number].meanings.get_mut(code).map(|(_glyph, held)| held),
            Holder::Drawn(font) => {
                self.drawings.get_mut(font * DRAWINGS + code).map(|drawing| &mut drawing.meaning)
            }
        };
        meaning.is_some_and(|held| held.get_or_insert_with(|| letters.to_owned()) == letters)
    }
}
