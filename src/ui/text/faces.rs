//! The fonts that text is shaped with: those that ship with the program, and those of the system that have been found.
//!
//! Laying out never touches the disk: this collection knows only fonts that are in memory. Whoever lacks one for a
//! letter asks the [`Finder`](super::finder::Finder), which looks on a thread of its own.

use std::sync::Arc;

use fontique::{
    Blob, Collection, CollectionOptions, FamilyId, FontInfoOverride, FontWeight, GenericFamily, SourceCache,
};
use parley::FontContext;

/// The letters, in the three weights that the design uses.
const LETTERS: [&[u8]; 3] = [
    include_bytes!("../../../assets/fonts/InterTabular-Regular.ttf"),
    include_bytes!("../../../assets/fonts/InterTabular-Medium.ttf"),
    include_bytes!("../../../assets/fonts/InterTabular-SemiBold.ttf"),
];
/// The emoji.
const EMOJI: &[u8] = include_bytes!("../../../assets/fonts/NotoColorEmoji-COLR.ttf");

/// Semibold. The one beyond 600 makes the regular letters of a script without a heavier font thicker: fontique does that
/// from 200 beyond what the font has.
pub(super) const SEMIBOLD: FontWeight = FontWeight::new(601.0);

/// A font of the system, found and in memory.
#[derive(Clone)]
pub(super) struct Face {
    pub(super) data: Blob<u8>,
    /// Which font of the file, if it holds several.
    pub(super) index: u32,
    pub(super) use_for: UseFor,
}

/// What a font was looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum UseFor {
    /// Letters that the shipped fonts lack.
    Missing,
    /// Code.
    Code,
}

/// The collection, for one thread.
pub(super) struct Faces {
    pub(super) context: FontContext,
}

impl Faces {
    pub(super) fn shipped() -> Self {
        let options = CollectionOptions { shared: false, system_fonts: false };
        let mut collection = Collection::new(options);
        let letters: Vec<FamilyId> =
            LETTERS.iter().flat_map(|file| register(&mut collection, file, "Waxwing Letters")).collect();
        let emoji = register(&mut collection, EMOJI, "Waxwing Emoji");
        let all = || letters.iter().take(1).chain(&emoji).copied();
        collection.set_generic_families(GenericFamily::SansSerif, all());
        collection.set_generic_families(GenericFamily::Monospace, all());
        collection.set_generic_families(GenericFamily::Emoji, emoji.iter().copied());
        Self { context: FontContext { collection, source_cache: SourceCache::default() } }
    }

    /// Takes the font of a file in, for what the others lack.
    #[cfg(test)]
    pub(super) fn add_file(&mut self, file: Vec<u8>) {
        self.add(&Face { data: Blob::new(Arc::new(file)), index: 0, use_for: UseFor::Missing });
    }

    /// Takes a font in.
    pub(super) fn add(&mut self, face: &Face) {
        let collection = &mut self.context.collection;
        let families: Vec<FamilyId> = collection
            .register_fonts(face.data.clone(), None)
            .into_iter()
            .filter(|(_family, fonts)| fonts.iter().any(|font| font.index() == face.index))
            .map(|(family, _fonts)| family)
            .collect();
        for generic in [GenericFamily::SansSerif, GenericFamily::Monospace] {
            let known: Vec<FamilyId> = collection.generic_families(generic).collect();
            let new = || families.iter().copied().filter(|family| !known.contains(family));
            match (face.use_for, generic) {
                (UseFor::Missing, _) => collection.append_generic_families(generic, new()),
                (UseFor::Code, GenericFamily::Monospace) => {
                    let all: Vec<FamilyId> = new().chain(known.iter().copied()).collect();
                    collection.set_generic_families(generic, all.into_iter());
                }
                (UseFor::Code, _) => {}
            }
        }
    }
}

fn register(collection: &mut Collection, file: &'static [u8], family: &str) -> Vec<FamilyId> {
    let name = FontInfoOverride { family_name: Some(family), ..FontInfoOverride::default() };
    let added = collection.register_fonts(Blob::new(Arc::new(file)), Some(name));
    added.into_iter().map(|(family, _fonts)| family).collect()
}
